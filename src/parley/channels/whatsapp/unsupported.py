"""Plain words for what WhatsApp does not pass on: what the contact sent, why it is not here, what to do."""

from collections.abc import Mapping
from typing import Any

from parley.channels.meta.reading import mapping, objects, text

_THINGS: Mapping[str, str] = {
    "button": "an answer to a button",
    "edit": "a change to an earlier message",
    "gif": "an animated picture",
    "group_invite": "an invitation to a group",
    "hsm": "a template message",
    "image": "a picture that can be opened once",
    "interactive": "a message with buttons",
    "keep_in_chat": "a wish to keep a vanishing message",
    "link_preview": "a link with a preview",
    "list": "a list",
    "location": "a live location",
    "media_placeholder": "a file that is not available yet",
    "order": "an order",
    "pin": "a pinned message",
    "poll_creation": "a poll",
    "poll_update": "a vote in a poll",
    "product": "a product",
    "reaction": "a reaction",
}
_ONLY_ON_PHONE = "131060"
_MEDIA_GONE = "131052"


def describe_unsupported(message: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say what a message of type `unsupported` was: `code`, `title`, `details`, the shape of the API."""
    error = next(objects(message.get("errors")), {})
    if text(error.get("code")) in {_ONLY_ON_PHONE, _MEDIA_GONE}:
        return describe_error(error)
    thing = _THINGS.get(text(mapping(message.get("unsupported")).get("type")) or "")
    title = f"The contact sent {thing}." if thing else "The contact sent something that cannot be shown here."
    return {
        "code": "not_supported",
        "title": title,
        "details": "WhatsApp does not pass this kind of message on to businesses. Ask the contact to write it as text.",
    }


def describe_error(error: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say why a message came without what it should hold."""
    code = text(error.get("code"))
    if code == _ONLY_ON_PHONE:
        return {
            "code": "only_on_phone",
            "title": "This message is not available here.",
            "details": "It can still be read in the WhatsApp Business app on the phone, or ask the contact to repeat it.",
        }
    if code == _MEDIA_GONE:
        return {
            "code": "media_not_available",
            "title": "The contact sent a file that WhatsApp could not hand over.",
            "details": "It may be larger than 100 MB. Ask the contact to send a smaller one.",
        }
    return {
        "code": "not_supported",
        "title": "The contact sent something that cannot be shown here.",
        "details": f"WhatsApp reported error {code}."
        if code
        else "WhatsApp reported an error without a code.",
    }


def describe_unknown(kind: str) -> Mapping[str, Any]:
    """Say that a message is of a type which this version does not know yet."""
    shown = kind if kind.isascii() and kind.isprintable() and 0 < len(kind) <= 40 else "without a name"
    return {
        "code": "unknown_type",
        "title": "The contact sent something that this version cannot show.",
        "details": f"WhatsApp calls it: {shown}. The original is kept and can be read again after an update.",
    }
