"""Read what Meta says about the account or the number itself: restrictions, quality, names, reviews, errors."""

import dataclasses
import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from parley.channels.meta.reading import NO_TIME, mapping, moment, text
from parley.channels.whatsapp.errors import explain
from parley.modules.conversations.types import ChannelNotice, Ignored

_MANAGER = "The WhatsApp Manager of Meta shows the reason and the next step."


@dataclasses.dataclass(frozen=True, slots=True)
class _Words:
    code: str
    message: str
    is_problem: bool = True


_ACCOUNT_EVENTS: Mapping[str, _Words] = {
    "ACCOUNT_DELETED": _Words("account_deleted", "The WhatsApp Business account was deleted at Meta."),
    "ACCOUNT_RESTRICTION": _Words(
        "account_restricted", f"Meta has restricted this WhatsApp Business account. {_MANAGER}"
    ),
    "ACCOUNT_VIOLATION": _Words(
        "account_violation", f"Meta says that this account broke its policies. {_MANAGER}"
    ),
    "DISABLED_UPDATE": _Words(
        "account_restricted", f"Meta has disabled this WhatsApp Business account, or is about to. {_MANAGER}"
    ),
    "REINSTATED": _Words("account_reinstated", "This WhatsApp Business account works again.", False),
    "ACCOUNT_OFFBOARDED": _Words(
        "account_offboarded",
        "This number was disconnected from the Cloud API in its phone app. Connect it again.",
    ),
    "PARTNER_REMOVED": _Words(
        "app_removed", "Our app was removed from this WhatsApp Business account. Connect the inbox again."
    ),
    "PARTNER_APP_UNINSTALLED": _Words(
        "app_removed", "Our app was removed from this WhatsApp Business account. Connect the inbox again."
    ),
    "ACCOUNT_RECONNECTED": _Words(
        "account_reconnected", "This number is connected to the Cloud API again.", False
    ),
    "PARTNER_ADDED": _Words("app_added", "Our app was added to this WhatsApp Business account.", False),
    "PARTNER_APP_INSTALLED": _Words(
        "app_added", "Our app was added to this WhatsApp Business account.", False
    ),
}
_QUALITY_EVENTS: Mapping[str, _Words] = {
    "FLAGGED": _Words("quality_flagged", f"Meta rates the quality of this number as low. {_MANAGER}"),
    "DOWNGRADE": _Words(
        "limit_lowered", f"Meta has lowered how many people this number may write to. {_MANAGER}"
    ),
    "UNFLAGGED": _Words("quality_recovered", "The quality of this number is good again.", False),
    "UPGRADE": _Words("limit_raised", "This number may now write to more people.", False),
    "ONBOARDING": _Words("number_onboarded", "This number is set up at Meta.", False),
    "THROUGHPUT_UPGRADE": _Words("throughput_raised", "This number may now send faster.", False),
}
_NAME_DECISIONS: Mapping[str, _Words] = {
    "APPROVED": _Words("name_approved", "Meta has approved the display name of this number.", False),
    "REJECTED": _Words("name_rejected", f"Meta has rejected the display name of this number. {_MANAGER}"),
}
_REVIEW_DECISIONS: Mapping[str, _Words] = {
    "APPROVED": _Words("account_approved", "Meta has approved this WhatsApp Business account.", False),
    "REJECTED": _Words("account_rejected", f"Meta has rejected this WhatsApp Business account. {_MANAGER}"),
    "DISABLED": _Words("account_restricted", f"Meta has disabled this WhatsApp Business account. {_MANAGER}"),
}
_SECURITY_EVENTS: Mapping[str, _Words] = {
    "PIN_CHANGED": _Words("pin_changed", "The two-step PIN of this number was changed at Meta.", False),
    "PIN_RESET_REQUEST": _Words(
        "pin_reset_requested",
        "Somebody asked Meta to switch off the two-step PIN of this number. Was it you?",
    ),
    "PIN_RESET_SUCCESS": _Words("pin_reset", "The two-step PIN of this number was switched off at Meta."),
}
_NOTHING_TO_DO: Mapping[str, str] = {
    "messages": "empty",
    "account_settings_update": "account_settings",
    "automatic_events": "automatic_event",
    "business_capability_update": "capability",
    "calls": "call",
    "flows": "form_update",
    "group_lifecycle_update": "group",
    "group_participants_update": "group",
    "group_settings_update": "group",
    "group_status_update": "group",
    "history": "history",
    "message_template_components_update": "template_update",
    "message_template_quality_update": "template_update",
    "message_template_status_update": "template_update",
    "partner_solutions": "partner_solution",
    "payment_configuration_update": "payment_configuration",
    "smb_app_state_sync": "address_book",
    "smb_message_echoes": "empty",
    "standby": "standby",
    "template_category_update": "template_update",
    "user_preferences": "user_preference",
}


def read_error(error: Mapping[str, Any]) -> ChannelNotice:
    """Read an error that Meta reports about the account or the app rather than about one message."""
    found = explain(error)
    passes_by_itself = found.retry_after is not None
    message = found.failure.message if passes_by_itself else f"{found.failure.message} {found.failure.hint}"
    return ChannelNotice(found.failure.code, message, is_problem=not passes_by_itself)


def read_field(field: str, value: Mapping[str, Any]) -> ChannelNotice | Ignored:
    """Read a change of a field that is not about one person; reasons for doing nothing are stable words."""
    if reason := _NOTHING_TO_DO.get(field):
        return Ignored(reason)
    reader = _READERS.get(field)
    if reader is None:
        return Ignored("unknown_field")
    return reader(value) or Ignored(f"{field}_unknown")


def _by(name: str, table: Mapping[str, _Words]) -> Callable[[Mapping[str, Any]], ChannelNotice | None]:
    def read(value: Mapping[str, Any]) -> ChannelNotice | None:
        words = table.get((text(value.get(name)) or "").upper())
        return ChannelNotice(words.code, words.message, words.is_problem, _at(value)) if words else None

    return read


def _read_account(value: Mapping[str, Any]) -> ChannelNotice | None:
    """Read an account's event; one of them says the opposite of its name when the ban is lifted."""
    if (text(mapping(value.get("ban_info")).get("waba_ban_state")) or "").upper() == "REINSTATE":
        value = {**value, "event": "REINSTATED"}
    return _by("event", _ACCOUNT_EVENTS)(value)


def _read_alert(value: Mapping[str, Any]) -> ChannelNotice | None:
    alert = mapping(value.get("alert_info")) or value
    severity = (text(alert.get("alert_severity")) or "").upper()
    if not severity:
        return None
    return ChannelNotice(
        "account_alert", f"Meta has an alert for this account. {_MANAGER}", severity == "CRITICAL"
    )


def _at(value: Mapping[str, Any]) -> dt.datetime | None:
    found = moment(value.get("timestamp"))
    return None if found == NO_TIME else found


_READERS: Mapping[str, Callable[[Mapping[str, Any]], ChannelNotice | None]] = {
    "account_alerts": _read_alert,
    "account_review_update": _by("decision", _REVIEW_DECISIONS),
    "account_update": _read_account,
    "phone_number_name_update": _by("decision", _NAME_DECISIONS),
    "phone_number_quality_update": _by("event", _QUALITY_EVENTS),
    "security": _by("event", _SECURITY_EVENTS),
}
