"""What WhatsApp's error numbers mean to people: our stable code, a sentence, the way out, whether to try again.

Source: developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes. Titles and HTTP statuses are not to be
relied on: only the number counts, and for number 100 the subcode and details.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any

from parley.channels.meta.reading import mapping, text
from parley.modules.conversations.types import Failure


@dataclasses.dataclass(frozen=True, slots=True)
class Explained:
    """One error, understood. `retry_after` in seconds is the first wait when we may try again by ourselves.

    `breaks_inbox`: nothing can be sent until somebody mends the connection. `needs_attention`: an admin should know.
    """

    failure: Failure
    retry_after: float | None = None
    breaks_inbox: bool = False
    needs_attention: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class _Row:
    code: str
    message: str
    hint: str
    retry: float | None = None
    by_hand: bool = False
    """Whether pressing "send again" can help, perhaps after the hint was followed."""
    breaks: bool = False
    attention: bool = False


_RECONNECT = (
    "An admin has to open Channels, enter a new access token for this number and check the connection."
)
_SUPPORT = "Try again later; if it stays, show the error number to whoever runs this installation."
_TEMPLATE = "Only an approved template can be sent now; free words work again once the contact writes."
_MANAGER = (
    "An admin has to look into the WhatsApp Manager of Meta, where the reason and the next step are shown."
)
_WAIT = "Wait a few minutes, then send it again."

_TOKEN = _Row(
    "token_invalid",
    "WhatsApp no longer accepts the access token of this inbox.",
    _RECONNECT,
    by_hand=True,
    breaks=True,
)
_PERMISSION = _Row(
    "permission_missing",
    "The access token of this inbox is not allowed to do this.",
    "An admin has to give the token whatsapp_business_messaging and whatsapp_business_management, then check again.",
    by_hand=True,
    breaks=True,
)
_OVERLOADED = _Row(
    "vendor_overloaded", "WhatsApp is overloaded or down at the moment.", _WAIT, 5, by_hand=True
)
_APP_RATE = _Row(
    "rate_limited",
    "WhatsApp has taken all the calls that this account may make for now.",
    _WAIT,
    300,
    by_hand=True,
)
_GONE = _Row(
    "number_not_found",
    "WhatsApp does not know this number any more, or the token cannot see it.",
    "An admin has to compare the phone number ID in Channels with the one that Meta shows.",
    by_hand=True,
    breaks=True,
)
_BLOCKED = _Row(
    "account_restricted",
    "Meta has restricted or disabled this WhatsApp account.",
    _MANAGER,
    by_hand=True,
    breaks=True,
)
_INVALID = _Row("invalid_request", "WhatsApp did not accept how this message was put together.", _SUPPORT)
_UNREGISTERED = _Row(
    "number_not_registered",
    "This number is not registered with the WhatsApp Cloud API.",
    "An admin has to register the number at Meta, then check the connection.",
    by_hand=True,
    breaks=True,
)
_MAINTENANCE = _Row(
    "number_in_maintenance", "WhatsApp is working on this number for a few minutes.", _WAIT, 60, by_hand=True
)
_MARKETING = _Row(
    "marketing_limited",
    "WhatsApp did not deliver this marketing message.",
    "Wait at least a day, or write to this contact only after they have written.",
)
_TEMPLATE_INVALID = _Row(
    "template_invalid",
    "The template and the values given for it do not fit together.",
    "Compare the template as approved with the values, and send it again.",
)
_TEMPLATE_UNAVAILABLE = _Row(
    "template_unavailable",
    "This template is not approved, paused or disabled.",
    "Choose another template, or edit this one in the WhatsApp Manager.",
)
_REGISTRATION = _Row(
    "registration_failed",
    "WhatsApp did not register or release this number.",
    "An admin has to check the two-step PIN of the number and try again after some minutes.",
    by_hand=True,
)
_NOT_SUPPORTED = _Row(
    "not_supported", "WhatsApp cannot deliver this kind of message.", "Send it as text or as a file."
)
_MEDIA_REFUSED = _Row(
    "media_type_refused",
    "WhatsApp does not take this kind of file.",
    "Send it as JPEG, PNG, MP4, MP3, OGG or as a document.",
)
_UNKNOWN = _Row(
    "vendor_error",
    "WhatsApp refused the message with an error that is not documented.",
    _SUPPORT,
    by_hand=True,
)
_UNCLEAR = _Row("vendor_failed", "Something went wrong at WhatsApp.", _WAIT, 10, by_hand=True)

_ROWS: Mapping[int, _Row] = {
    0: _TOKEN,
    190: _TOKEN,
    104: _TOKEN,
    3: _PERMISSION,
    10: _PERMISSION,
    131005: _PERMISSION,
    **dict.fromkeys(range(200, 300), _PERMISSION),
    1: _UNCLEAR,
    131000: _UNCLEAR,
    2: _OVERLOADED,
    131016: _OVERLOADED,
    133004: _OVERLOADED,
    4: _APP_RATE,
    80007: _APP_RATE,
    613: _APP_RATE,
    33: _GONE,
    100: _INVALID,
    131008: _INVALID,
    131009: _INVALID,
    135000: _INVALID,
    368: _BLOCKED,
    131031: _BLOCKED,
    130403: _Row(
        "contact_blocked",
        "This contact is blocked on the WhatsApp account, so nothing can be sent.",
        "An admin can unblock the number in the WhatsApp Manager.",
        by_hand=True,
    ),
    130429: _Row(
        "number_rate_limited", "This number sends as fast as WhatsApp allows.", _WAIT, 2, by_hand=True
    ),
    130472: _Row(
        "marketing_experiment",
        "Meta held this marketing message back as part of an experiment.",
        "Write to this contact after they have written; sending it again does not help.",
    ),
    130497: _Row(
        "country_restricted",
        "WhatsApp does not let this account write to people in that country.",
        "Reach this contact on another channel.",
    ),
    131021: _Row(
        "recipient_is_sender",
        "A number cannot write to itself on WhatsApp.",
        "Choose another contact or inbox.",
    ),
    131026: _Row(
        "recipient_not_on_whatsapp",
        "This number cannot be reached on WhatsApp: it has no account, an old app, or has not accepted the terms.",
        "Ask the contact on another way whether the number is right and their WhatsApp is up to date.",
    ),
    131030: _Row(
        "recipient_not_allowed",
        "Meta's test numbers may only write to numbers on their list.",
        "Add the recipient to the list in Meta's app dashboard, or connect a real number.",
        by_hand=True,
    ),
    131037: _Row(
        "display_name_not_approved",
        "The display name of this number is not approved yet.",
        _MANAGER,
        by_hand=True,
        attention=True,
    ),
    131042: _Row(
        "payment_problem",
        "WhatsApp did not deliver this because of a problem with the payment of the account.",
        "An admin has to check the payment method in the WhatsApp Manager; then send it again.",
        by_hand=True,
        attention=True,
    ),
    131044: _Row(
        "payment_problem",
        "WhatsApp did not connect this because of a problem with the payment of the account.",
        "An admin has to check the payment method in the WhatsApp Manager.",
        by_hand=True,
        attention=True,
    ),
    131045: _UNREGISTERED,
    133010: _UNREGISTERED,
    131047: _Row(
        "window_closed", "More than 24 hours have passed since the contact last wrote on WhatsApp.", _TEMPLATE
    ),
    131048: _Row(
        "spam_limited",
        "WhatsApp limits this number because too many people blocked or reported it.",
        _MANAGER,
        by_hand=True,
        attention=True,
    ),
    131049: _MARKETING,
    131050: _Row(
        "marketing_stopped",
        "This contact does not want marketing messages from this business.",
        "Only answer what they ask; they can allow such messages again in their WhatsApp.",
    ),
    131051: _NOT_SUPPORTED,
    131060: _Row(
        "only_on_phone",
        "This message is not available here.",
        "It can still be read in the WhatsApp Business app on the phone.",
    ),
    131052: _Row(
        "media_not_available",
        "WhatsApp could not hand over this file.",
        "Ask the contact to send it again, smaller than 100 MB.",
    ),
    131053: _Row(
        "media_not_taken",
        "WhatsApp could not process this file: its content does not fit its type, or it is damaged.",
        "Save the file in a common format (JPEG, PNG, MP4 with H.264, PDF) and send it again.",
        by_hand=True,
    ),
    131055: _NOT_SUPPORTED,
    134100: _NOT_SUPPORTED,
    134101: _Row("template_syncing", "WhatsApp is still preparing this template.", _WAIT, 600, by_hand=True),
    134102: _TEMPLATE_UNAVAILABLE,
    132018: _TEMPLATE_INVALID,
    131056: _Row(
        "pair_rate_limited",
        "Too many messages went to this contact in a short time.",
        _WAIT,
        1,
        by_hand=True,
    ),
    131057: _MAINTENANCE,
    2494100: _MAINTENANCE,
    131062: _Row(
        "needs_phone_number",
        "This can only be sent to a phone number, and this contact has not shown theirs.",
        "Ask the contact for their number.",
    ),
    131063: _MARKETING,
    131064: _MARKETING,
    132000: _TEMPLATE_INVALID,
    132001: _TEMPLATE_UNAVAILABLE,
    132005: _TEMPLATE_INVALID,
    132007: _TEMPLATE_UNAVAILABLE,
    132008: _TEMPLATE_INVALID,
    132012: _TEMPLATE_INVALID,
    132015: _TEMPLATE_UNAVAILABLE,
    132016: _TEMPLATE_UNAVAILABLE,
    132068: _Row("form_unavailable", "This WhatsApp form is blocked.", _MANAGER),
    132069: _Row(
        "form_throttled",
        "This WhatsApp form has problems, so only ten an hour may be sent.",
        _MANAGER,
        by_hand=True,
    ),
    **dict.fromkeys((133000, 133005, 133006, 133008, 133009, 133015, 133016), _REGISTRATION),
    134011: _Row(
        "payment_terms_open",
        "The terms for payments on WhatsApp are not accepted yet.",
        _MANAGER,
        by_hand=True,
        attention=True,
    ),
}
_EXPIRED = _Row(
    "token_expired", "The access token of this inbox has expired.", _RECONNECT, by_hand=True, breaks=True
)
_EXPIRED_SUBCODE = "463"
_GONE_SUBCODE = "33"
_FILE_WORDS = ("param file must be", "unsupported mime", "file type")

KNOWN_CODES = frozenset(_ROWS)


def explain(error: Mapping[str, Any]) -> Explained:
    """Explain an error object, as answered by the Graph or reported later in a status; never holds Meta's words."""
    given = text(error.get("code"))
    number = int(given) if given and len(given) <= 9 and given.isascii() and given.isdigit() else None
    subcode = text(error.get("error_subcode"))
    row = _UNKNOWN if number is None else _ROWS.get(number, _UNKNOWN)
    if number == 100:
        row = _refine(row, subcode, f"{text(error.get('message'))} {_details(error)}".lower())
    elif row is _TOKEN and subcode == _EXPIRED_SUBCODE:
        row = _EXPIRED
    shown = None if number is None else f"{number}/{subcode}" if subcode else str(number)
    failure = Failure(row.code, row.message, row.hint, row.by_hand, shown)
    return Explained(failure, row.retry, row.breaks, row.breaks or row.attention)


def _refine(row: _Row, subcode: str | None, words: str) -> _Row:
    if subcode == _GONE_SUBCODE:
        return _GONE
    return _MEDIA_REFUSED if any(each in words for each in _FILE_WORDS) else row


def _details(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    return text(data) or text(mapping(data).get("details")) or text(error.get("details")) or ""
