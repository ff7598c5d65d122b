"""Phone numbers, business accounts, subscriptions and tokens over the Graph API."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlsplit

from .config import BusinessNumber
from .graph_errors import GraphError, missing, no_such_object
from .simulator import Simulator

JSON = dict[str, Any]
_DEFAULT_FIELDS = ("verified_name", "display_phone_number", "quality_rating", "id")
_SCOPES = ("whatsapp_business_management", "whatsapp_business_messaging")


def number_object(number: BusinessNumber, fields: str | None) -> JSON:
    """Describe a phone number with the asked fields; an unknown one is refused with code 100, as Meta does."""
    known: JSON = {
        "id": number.id,
        "display_phone_number": number.display_phone_number,
        "verified_name": number.verified_name,
        "quality_rating": "GREEN",
        "code_verification_status": "VERIFIED",
        "platform_type": "CLOUD_API",
        "throughput": {"level": "STANDARD"},
        "name_status": "APPROVED",
        "is_on_biz_app": number.coexistence,
        "is_official_business_account": False,
        "account_mode": "LIVE",
        "status": "CONNECTED",
        "whatsapp_business_manager_messaging_limit": "TIER_250",
    }
    asked = [name.strip() for name in fields.split(",") if name.strip()] if fields else list(_DEFAULT_FIELDS)
    for name in asked:
        if name not in known:
            raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({name})")
    return {name: known[name] for name in {**dict.fromkeys(asked), "id": None}}


def list_numbers(sim: Simulator, waba_id: str, fields: str | None) -> JSON:
    data = [number_object(number, fields) for number in sim.numbers.values() if number.waba_id == waba_id]
    return {"data": data, "paging": {"cursors": {"before": "QVFIUjB", "after": "QVFIUjA"}}}


def waba_object(sim: Simulator, waba_id: str) -> JSON:
    name = next(number.verified_name for number in sim.numbers.values() if number.waba_id == waba_id)
    return {
        "id": waba_id,
        "name": name,
        "currency": "EUR",
        "timezone_id": "42",
        "message_template_namespace": "demo",
    }


async def subscribe(sim: Simulator, waba_id: str, body: JSON) -> JSON:
    """Subscribe the app to an account; its own callback URL is verified first (2200 when that fails)."""
    url = body.get("override_callback_uri")
    if url is not None:
        token = body.get("verify_token")
        if not token:
            raise missing("verify_token")
        parts = urlsplit(str(url))
        if parts.hostname not in ("127.0.0.1", "localhost", "::1"):
            raise GraphError(2200, "This stand-in only calls back to this machine.")
        if not await sim.verify_callback(str(url), str(token)):
            said = sim.verification.get("answer")
            raise GraphError(
                2200,
                message=f"(#2200) Callback verification failed with the following errors: {said}; Challenge=...",
            )
    sim.subscribed[waba_id] = str(url) if url else None
    return {"success": True}


def unsubscribe(sim: Simulator, waba_id: str) -> JSON:
    sim.subscribed.pop(waba_id, None)
    return {"success": True}


def subscriptions(sim: Simulator, waba_id: str) -> JSON:
    if waba_id not in sim.subscribed:
        return {"data": []}
    app: JSON = {
        "whatsapp_business_api_data": {
            "id": sim.config.app_id,
            "link": "https://example.com",
            "name": "Parley",
        }
    }
    if sim.subscribed[waba_id]:
        app["override_callback_uri"] = sim.subscribed[waba_id]
    return {"data": [app]}


def debug_token(sim: Simulator, asked: str | None) -> JSON:
    """Tell what a token may do; an unknown one is described as invalid, not refused."""
    if not asked:
        raise GraphError(100, message="(#100) The parameter input_token is required")
    token = sim.tokens.get(asked)
    if token is None or not token_is_good(token):
        error = {"code": 190, "message": "Invalid OAuth access token - Cannot parse access token"}
        return {"data": {"app_id": sim.config.app_id, "is_valid": False, "error": error, "scopes": []}}
    accounts = sorted({number.waba_id for number in sim.numbers.values()})
    return {
        "data": {
            "app_id": sim.config.app_id,
            "type": "SYSTEM_USER",
            "application": "Parley",
            "data_access_expires_at": 0,
            "expires_at": int(token.get("expires_at", 0)),
            "issued_at": 1735689600,
            "is_valid": True,
            "scopes": [*_SCOPES, "public_profile"],
            "granular_scopes": [{"scope": scope, "target_ids": accounts} for scope in _SCOPES],
            "user_id": "122100000000001",
        }
    }


def token_is_good(token: JSON) -> bool:
    expires = float(token.get("expires_at", 0))
    return bool(token.get("valid")) and (not expires or expires > time.time())


def waba_or_refuse(sim: Simulator, waba_id: str, verb: str) -> str:
    if not any(number.waba_id == waba_id for number in sim.numbers.values()):
        raise no_such_object(waba_id, verb)
    return waba_id
