"""The doctor of a WhatsApp inbox: does the token work, is it ours, does it see this number in this account?

`check` changes nothing at Meta; `connect` also subscribes our app to the account's events; `disconnect` undoes that.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from parley.channels.meta.graph import Answered, Graph, GraphResult, Refused, Unreached
from parley.channels.meta.reading import mapping, objects, text
from parley.channels.whatsapp.errors import explain
from parley.channels.whatsapp.purposes import CHECK, SUBSCRIBE
from parley.channels.whatsapp.settings import (
    ACCESS_TOKEN,
    PHONE_NUMBER_ID,
    WABA_ID,
    access_token,
    clean,
    find_faults,
)
from parley.core import clock
from parley.modules.inboxes.types import CheckResult, Problem

NUMBER_FIELDS = "display_phone_number,verified_name,quality_rating,code_verification_status,platform_type,name_status,status"
_SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
_BANNED = frozenset({"BANNED", "RESTRICTED", "FLAGGED_FOR_DELETION", "DELETED"})
_UNREGISTERED = frozenset({"DISCONNECTED", "UNVERIFIED", "PENDING"})


async def check(graph: Graph, app_id: str, settings: Mapping[str, str]) -> CheckResult:
    """Ask Meta whether these settings work; problems name the field to look at and the way out.

    `display` has `title`, `subtitle`, `quality` (green, yellow, red or unknown) and `subscription` (`active` when
    Meta sends the account's events to our app, `missing` when it does not, `unknown`).
    """
    settings = clean(settings)
    number_id = settings[PHONE_NUMBER_ID] or None
    if faults := find_faults(settings):
        return CheckResult(number_id, {}, faults, clock.now())
    token = access_token(settings)
    found = await graph.get(
        settings[PHONE_NUMBER_ID], token=token, purpose=CHECK, query={"fields": NUMBER_FIELDS}
    )
    if not isinstance(found, Answered):
        return CheckResult(number_id, {}, (_problem(found, PHONE_NUMBER_ID),), clock.now())
    problems = [*_number_problems(found.body), *await _token_problems(graph, app_id, token)]
    problems += await _account_problems(graph, settings, token)
    display = _display(found.body)
    display["subscription"] = "unknown" if problems else await _subscription(graph, app_id, settings, token)
    return CheckResult(number_id, display, tuple(problems), clock.now())


async def connect(graph: Graph, app_id: str, settings: Mapping[str, str]) -> CheckResult:
    """Check, then subscribe our app to the account's events; doing it again changes nothing."""
    result = await check(graph, app_id, settings)
    if not result.is_ok:
        return result
    settings = clean(settings)
    subscribed = await graph.post(
        settings[WABA_ID], "subscribed_apps", token=access_token(settings), purpose=SUBSCRIBE
    )
    if isinstance(subscribed, Answered) and subscribed.body.get("success") is True:
        return dataclasses.replace(result, display={**result.display, "subscription": "active"})
    problem = Problem(
        "subscription_failed",
        f"Meta did not accept that it sends us this account's events. {_problem(subscribed, WABA_ID).message}",
        WABA_ID,
    )
    return dataclasses.replace(result, problems=(problem,))


async def disconnect(graph: Graph, settings: Mapping[str, str]) -> None:
    """Unsubscribe our app from the account's events, for all its numbers; whatever Meta answers is fine."""
    settings = clean(settings)
    if not find_faults(settings):
        await graph.delete(
            settings[WABA_ID], "subscribed_apps", token=access_token(settings), purpose=SUBSCRIBE
        )


async def sharers(graph: Graph, settings: Mapping[str, str]) -> frozenset[str] | None:
    """List the ids of the account's numbers, which share the subscription; None when Meta does not tell them all."""
    settings = clean(settings)
    if find_faults(settings):
        return None
    found = await _account_numbers(graph, settings, access_token(settings))
    if not isinstance(found, Answered) or mapping(found.body.get("paging")).get("next"):
        return None
    return frozenset(filter(None, (text(each.get("id")) for each in objects(found.body.get("data")))))


async def _account_numbers(graph: Graph, settings: Mapping[str, str], token: str) -> GraphResult:
    return await graph.get(
        settings[WABA_ID], "phone_numbers", token=token, purpose=CHECK, query={"fields": "id", "limit": "200"}
    )


def _display(body: Mapping[str, Any]) -> dict[str, str]:
    shown = text(body.get("display_phone_number")) or ""
    return {
        "title": text(body.get("verified_name")) or shown,
        "subtitle": shown,
        "quality": (text(body.get("quality_rating")) or "unknown").lower(),
    }


def _number_problems(body: Mapping[str, Any]) -> list[Problem]:
    status = (text(body.get("status")) or "").upper()
    platform = (text(body.get("platform_type")) or "CLOUD_API").upper()
    if status in _BANNED:
        return [_as_problem(131031, PHONE_NUMBER_ID)]
    if platform != "CLOUD_API" or status in _UNREGISTERED:
        return [_as_problem(133010, PHONE_NUMBER_ID)]
    return []


async def _token_problems(graph: Graph, app_id: str, token: str) -> list[Problem]:
    """Look into the token as far as Meta lets it look at itself; a refusal to do so is no problem."""
    found = await graph.get("debug_token", token=token, purpose=CHECK, query={"input_token": token})
    data = mapping(found.body.get("data")) if isinstance(found, Answered) else {}
    if not data:
        return []
    if data.get("is_valid") is False:
        return [_as_problem(190, ACCESS_TOKEN)]
    problems = []
    owner = text(data.get("app_id"))
    if app_id and owner and owner != app_id:
        problems.append(
            Problem(
                "token_of_another_app",
                "This token belongs to another Meta app, so its events would not come here. "
                f"Make a token for the app {app_id}.",
                ACCESS_TOKEN,
            )
        )
    scopes = data.get("scopes")
    missing = [scope for scope in _SCOPES if isinstance(scopes, list) and scope not in scopes]
    if missing:
        problems.append(
            Problem(
                "permission_missing",
                f"The token lacks {' and '.join(missing)}. Make one that has it, for the same system user.",
                ACCESS_TOKEN,
            )
        )
    return problems


async def _account_problems(graph: Graph, settings: Mapping[str, str], token: str) -> list[Problem]:
    found = await _account_numbers(graph, settings, token)
    if not isinstance(found, Answered):
        return [_problem(found, WABA_ID)]
    if settings[PHONE_NUMBER_ID] in {text(each.get("id")) for each in objects(found.body.get("data"))}:
        return []
    return [
        Problem(
            "number_not_in_account",
            "This number does not belong to that WhatsApp Business account. Compare both IDs with those Meta shows.",
            WABA_ID,
        )
    ]


async def _subscription(graph: Graph, app_id: str, settings: Mapping[str, str], token: str) -> str:
    found = await graph.get(settings[WABA_ID], "subscribed_apps", token=token, purpose=CHECK)
    if not isinstance(found, Answered):
        return "unknown"
    apps = {
        text(mapping(each.get("whatsapp_business_api_data")).get("id"))
        for each in objects(found.body.get("data"))
    }
    return "active" if (app_id in apps if app_id else apps) else "missing"


def _problem(result: GraphResult, field: str) -> Problem:
    """Turn a refusal into a problem; what the token is to blame for points at the token's field."""
    if isinstance(result, Refused) and result.error:
        failure = explain(result.error).failure
        if failure.code == "number_not_found" and field == WABA_ID:
            return Problem(
                "account_not_found",
                "Meta does not know this WhatsApp Business account, or the token cannot see it. Compare the ID.",
                WABA_ID,
            )
        of_token = failure.code in {"token_invalid", "token_expired", "permission_missing"}
        return Problem(failure.code, f"{failure.message} {failure.hint}", ACCESS_TOKEN if of_token else field)
    if isinstance(result, Unreached) and result.is_forbidden:
        return Problem(
            "vendor_not_allowed",
            "This installation does not let calls go to Meta's address. The operator has to check PARLEY_META_GRAPH_URL.",
        )
    return Problem("vendor_unreachable", "Meta could not be reached. Check the connection, then try again.")


def _as_problem(code: int, field: str) -> Problem:
    failure = explain({"code": code}).failure
    return Problem(failure.code, f"{failure.message} {failure.hint}", field)
