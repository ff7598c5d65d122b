"""The doctor, against the stand-in for Meta: what is wrong is named, with the field to look at."""

from collections.abc import Mapping
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.channels.whatsapp.conftest import NUMBER, SETTINGS, WABA, Serving, Stage

from parley.modules.conversations.ports import Transport
from parley.modules.inboxes.ports import Connector
from parley.modules.ingest.ports import Intake


async def _problems(stage: Stage, **changes: str) -> list[tuple[str, str | None]]:
    result = await stage.channel.check({**SETTINGS, **changes})
    assert not result.is_ok
    return [(problem.code, problem.field) for problem in result.problems]


async def test_working_number_shows_itself(stage: Stage) -> None:
    result = await stage.channel.check(SETTINGS)
    assert result.is_ok
    assert result.external_id == NUMBER
    assert result.display == {
        "title": "Kaffee Kontor",
        "subtitle": "+1 555 010 0001",
        "quality": "green",
        "subscription": "active",
    }
    assert result.checked_at is not None


async def test_blanks_around_the_values_do_no_harm(stage: Stage) -> None:
    assert (await stage.channel.check({name: f" {value}\n" for name, value in SETTINGS.items()})).is_ok


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({"access_token": "some-other-token"}, [("token_invalid", "access_token")]),
        ({"phone_number_id": "999999999"}, [("number_not_found", "phone_number_id")]),
        ({"waba_id": "999999999"}, [("account_not_found", "waba_id")]),
        ({"phone_number_id": ""}, [("required", "phone_number_id")]),
        ({"phone_number_id": "+49 30 1234567"}, [("malformed", "phone_number_id")]),
        ({"phone_number_id": "../100000000000001"}, [("malformed", "phone_number_id")]),
        (
            {"waba_id": "x", "access_token": "with blank inside"},
            [("malformed", "waba_id"), ("malformed", "access_token")],
        ),
    ],
)
async def test_wrong_value_is_named(
    stage: Stage, changes: dict[str, str], problems: list[tuple[str, str]]
) -> None:
    assert await _problems(stage, **changes) == problems


async def test_expired_token_is_named(stage: Stage) -> None:
    await stage.tell("tokens", token="parley-demo-token", valid=True, expires_at=1)
    assert await _problems(stage) == [("token_expired", "access_token")]


async def test_number_of_another_account_is_named(stage: Stage) -> None:
    await stage.tell("numbers", id="100000000000002", waba_id="200000000000002")
    assert await _problems(stage, waba_id="200000000000002") == [("number_not_in_account", "waba_id")]


async def test_check_subscribes_nothing_and_connect_does(stage: Stage) -> None:
    await stage.channel.disconnect(SETTINGS)
    assert (await stage.channel.check(SETTINGS)).display["subscription"] == "missing"
    assert (await stage.channel.check(SETTINGS)).display["subscription"] == "missing"
    connected = await stage.channel.connect(SETTINGS)
    assert connected.is_ok
    assert connected.display["subscription"] == "active"
    assert (await stage.channel.check(SETTINGS)).display["subscription"] == "active"


async def test_connect_with_problems_subscribes_nothing(stage: Stage) -> None:
    await stage.channel.disconnect(SETTINGS)
    assert not (await stage.channel.connect({**SETTINGS, "phone_number_id": "999999999"})).is_ok
    assert (await stage.channel.check(SETTINGS)).display["subscription"] == "missing"


async def test_connect_says_when_meta_does_not_subscribe(stage: Stage) -> None:
    await stage.tell("knobs", fail_next={"code": 200, "on": "subscribed_apps", "count": 9})
    result = await stage.channel.connect(SETTINGS)
    assert [(problem.code, problem.field) for problem in result.problems] == [
        ("subscription_failed", "waba_id")
    ]


async def test_disconnect_does_not_mind_a_dead_token(stage: Stage) -> None:
    await stage.channel.disconnect({**SETTINGS, "access_token": "some-other-token"})
    await stage.channel.disconnect({})


def _vendor(number: Mapping[str, Any], token: Mapping[str, Any]) -> Starlette:
    async def describe(_: Request) -> Response:
        return JSONResponse({"display_phone_number": "+49 30 5550100", "id": NUMBER, **number})

    async def debug(_: Request) -> Response:
        return JSONResponse({"data": token} if token else {"error": {"code": 100}}, 200 if token else 400)

    async def numbers(_: Request) -> Response:
        return JSONResponse({"data": [{"id": NUMBER}]})

    async def apps(_: Request) -> Response:
        return JSONResponse({"data": [{"whatsapp_business_api_data": {"id": "another-app"}}]})

    return Starlette(
        routes=[
            Route("/v25.0/debug_token", debug),
            Route(f"/v25.0/{NUMBER}", describe),
            Route(f"/v25.0/{WABA}/phone_numbers", numbers),
            Route(f"/v25.0/{WABA}/subscribed_apps", apps),
        ]
    )


BOTH = ["whatsapp_business_messaging", "whatsapp_business_management"]


@pytest.mark.parametrize(
    ("number", "token", "problems"),
    [
        ({}, {}, []),
        ({"status": "CONNECTED", "platform_type": "CLOUD_API"}, {"is_valid": True, "scopes": BOTH}, []),
        ({"status": "BANNED"}, {}, [("account_restricted", "phone_number_id")]),
        ({"status": "DISCONNECTED"}, {}, [("number_not_registered", "phone_number_id")]),
        ({"platform_type": "NOT_APPLICABLE"}, {}, [("number_not_registered", "phone_number_id")]),
        ({}, {"is_valid": False}, [("token_invalid", "access_token")]),
        ({}, {"is_valid": True, "app_id": "another-app"}, [("token_of_another_app", "access_token")]),
        ({}, {"is_valid": True, "scopes": BOTH[:1]}, [("permission_missing", "access_token")]),
    ],
)
async def test_what_meta_says_of_number_and_token_is_understood(
    in_front_of: Serving, number: dict[str, Any], token: dict[str, Any], problems: list[tuple[str, str]]
) -> None:
    async with in_front_of(_vendor(number, token)) as channel:
        result = await channel.check(SETTINGS)
    assert [(problem.code, problem.field) for problem in result.problems] == problems
    assert result.display["title"] == "+49 30 5550100"
    assert result.display["subscription"] == ("unknown" if problems else "missing")


def test_form_and_hook_say_what_to_enter(open_stage: Stage) -> None:
    assert [(field.name, field.kind) for field in open_stage.channel.fields()] == [
        ("phone_number_id", "text"),
        ("waba_id", "text"),
        ("access_token", "secret"),
    ]
    assert open_stage.channel.hook() == {
        "url": "http://localhost:8000/hooks/meta",
        "verify_token": "parley-demo-verify",
    }


def test_adapter_is_all_three_ports(open_stage: Stage) -> None:
    intake: Intake = open_stage.channel
    transport: Transport = open_stage.channel
    connector: Connector = open_stage.channel
    assert {intake.channel, transport.channel, connector.channel} == {"whatsapp"}
    rate, burst = transport.pace()
    assert rate + burst <= 80
