"""The errors of the Graph API: codes, words, HTTP statuses. Who raises them is decided elsewhere."""

from __future__ import annotations

from typing import Any

from . import ids

_TITLES: dict[int, tuple[str, int]] = {
    1: ("API Unknown", 500),
    2: ("API Service", 503),
    4: ("API Too Many Calls", 400),
    10: ("Application does not have permission for this action", 403),
    33: ("Parameter value is not valid", 400),
    100: ("Invalid parameter", 400),
    104: ("An access token is required to request this resource.", 401),
    190: ("Invalid OAuth access token", 401),
    200: ("API Permission", 403),
    368: ("Temporarily blocked for policies violations", 403),
    613: ("Calls to this api have exceeded the rate limit.", 429),
    2200: ("Callback verification failed", 400),
    2500: ("Unknown path components", 400),
    80007: ("Rate limit issues", 400),
    130403: ("Business blocked this user", 400),
    130429: ("Rate limit hit", 429),
    130472: ("User's number is part of an experiment", 400),
    130497: ("Business account is restricted from messaging users in this country.", 403),
    131000: ("Something went wrong", 500),
    131005: ("Access denied", 403),
    131008: ("Required parameter is missing", 400),
    131009: ("Parameter value is not valid", 400),
    131016: ("Service unavailable", 503),
    131021: ("Recipient cannot be sender", 400),
    131026: ("Message undeliverable", 400),
    131030: ("Recipient phone number not in allowed list", 400),
    131031: ("Account has been locked", 403),
    131042: ("Business eligibility payment issue", 400),
    131045: ("Incorrect certificate", 500),
    131047: ("Re-engagement message", 400),
    131048: ("Spam rate limit hit", 400),
    131049: ("This message was not delivered to maintain healthy ecosystem engagement.", 400),
    131050: ("User has stopped marketing messages", 400),
    131051: ("Unsupported message type", 400),
    131052: ("Media download error", 400),
    131053: ("Media upload error", 400),
    131056: ("(Business Account, Consumer Account) pair rate limit hit", 403),
    131057: ("Account in maintenance mode", 500),
    131062: ("Business-scoped user id is not supported for this message", 400),
    132000: ("Number of parameters does not match the expected number of params", 400),
    132001: ("Template name does not exist in the translation", 404),
    132012: ("Parameter format does not match format in the created template", 400),
    132015: ("Template is Paused", 400),
    132016: ("Template is Disabled", 400),
    133010: ("Phone number not registered", 400),
    135000: ("Generic user error", 400),
}

ASYNC_DETAILS: dict[int, str] = {
    131026: "Message Undeliverable.",
    131047: "Message failed to send because more than 24 hours have passed since the customer last replied to this number.",
    131049: "In order to maintain a healthy ecosystem engagement, the message failed to be delivered.",
    131053: "Media upload error.",
}


def title(code: int) -> str:
    return _TITLES.get(code, ("Something went wrong", 400))[0]


class GraphError(Exception):
    """A refused call; `response` gives the body Meta would send."""

    def __init__(self, code: int, details: str | None = None, *, message: str | None = None,
                 http_status: int | None = None, subcode: int | None = None) -> None:  # fmt: skip
        self.code = code
        self.http_status = http_status or _TITLES.get(code, ("", 400))[1]
        self.message = message or f"(#{code}) {title(code)}"
        self.details = details
        self.subcode = subcode
        super().__init__(f"{self.message}: {details}")

    def body(self) -> dict[str, Any]:
        error: dict[str, Any] = {"message": self.message, "type": "OAuthException", "code": self.code}
        if self.subcode is not None:
            error["error_subcode"] = self.subcode
        if self.details is not None:
            error["error_data"] = {"messaging_product": "whatsapp", "details": self.details}
        error["fbtrace_id"] = ids.fbtrace_id()
        return {"error": error}


def missing(parameter: str) -> GraphError:
    return GraphError(131008, f"Parameter '{parameter}' is required.")


def not_valid(details: str) -> GraphError:
    return GraphError(131009, details)


def param(details: str) -> GraphError:
    """The plain code 100: a parameter of the wrong type, name or length."""
    return GraphError(100, details, message=f"(#100) {details}")


def no_such_object(object_id: str, verb: str = "post") -> GraphError:
    words = (
        f"Unsupported {verb} request. Object with ID '{object_id}' does not exist, cannot be loaded due to missing "
        "permissions, or does not support this operation."
    )
    return GraphError(100, message=words, subcode=33)


def async_error(code: int, details: str | None = None) -> dict[str, Any]:
    """Build the entry of `errors[]` in a failed status."""
    name = title(code)
    return {
        "code": code,
        "title": name,
        "message": name,
        "error_data": {"details": details or ASYNC_DETAILS.get(code, name)},
        "href": "https://developers.facebook.com/documentation/business-messaging/whatsapp/support/error-codes",
    }
