"""Read one item: who, when, and what it is to us. The kinds of words and media are read in `parse_messages`."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import orjson

from parley.channels.meta.reading import mapping, moment, objects, text
from parley.channels.whatsapp.addresses import addresses, phone, user_id
from parley.channels.whatsapp.errors import explain
from parley.channels.whatsapp.parse_messages import Reading, caption_or_text, read_referral, read_words
from parley.channels.whatsapp.parse_notices import read_error, read_field
from parley.modules.conversations.types import (
    AddressChanged,
    ChannelNotice,
    DeliveryState,
    Ignored,
    Inbound,
    MessageArrived,
    MessageEdited,
    MessageKind,
    MessageRevoked,
    Person,
    ReactionSet,
    StatusReported,
)
from parley.modules.ingest.ports import UnparsableError

_STATES: Mapping[str, DeliveryState] = {
    "sent": DeliveryState.SENT,
    "delivered": DeliveryState.DELIVERED,
    "read": DeliveryState.READ,
    "played": DeliveryState.PLAYED,
    "failed": DeliveryState.FAILED,
}
_OLD_STATES = frozenset({"deleted", "warning"})
_ABOUT_ANOTHER = frozenset({"reaction", "edit", "revoke"})
_MOVES = frozenset({"user_changed_number", "customer_changed_number", "user_changed_user_id"})


def parse(payload: bytes) -> tuple[Inbound, ...]:
    """Read one item as `split` wrote it; raises `UnparsableError` (with a `reason`, never content) for it alone.

    Times that are missing or absurd come as `channels.meta.reading.NO_TIME`, far in the future: clamp to the arrival.
    """
    try:
        item = orjson.loads(payload)
    except orjson.JSONDecodeError:
        raise unparsable("not_json") from None
    if not isinstance(item, dict):
        raise unparsable("not_an_object")
    if isinstance(item.get("message"), dict):
        return (_read_message(item["message"], mapping(item.get("contact")), is_echo=False),)
    if isinstance(item.get("echo"), dict):
        return (_read_message(item["echo"], mapping(item.get("contact")), is_echo=True),)
    if isinstance(item.get("status"), dict):
        return _read_status(item["status"])
    if isinstance(item.get("error"), dict):
        return (read_error(item["error"]),)
    if isinstance(item.get("value"), dict):
        return (read_field(text(item.get("field")) or "", item["value"]),)
    raise unparsable("nothing_in_it")


def unparsable(reason: str) -> UnparsableError:
    """Make the error that sends one item to quarantine; `reason` is a stable word, never content."""
    return UnparsableError(f"This event from WhatsApp cannot be read ({reason}).", reason=reason)


def _read_message(message: Mapping[str, Any], contact: Mapping[str, Any], *, is_echo: bool) -> Inbound:
    external_id = text(message.get("id"))
    if external_id is None:
        raise unparsable("no_id")
    kind = text(message.get("type")) or ""
    if message.get("group_id") or kind == "request_welcome":
        return Ignored("group_message" if message.get("group_id") else kind)
    at = moment(message.get("timestamp"))
    if kind == "system" and (move := _read_move(external_id, message, at)):
        return move
    person = _person(message, contact, is_echo=is_echo)
    if kind in _ABOUT_ANOTHER:
        return _read_about_another(kind, external_id, person, message, at, is_echo=is_echo)
    reading = _read_system(message) if kind == "system" else read_words(kind, message)
    if reading is None:
        raise unparsable("malformed_body")
    return _arrived(external_id, person, message, reading, at, is_echo=is_echo)


def _read_about_another(
    kind: str, external_id: str, person: Person, message: Mapping[str, Any], at: dt.datetime, *, is_echo: bool
) -> Inbound:
    body = mapping(message.get(kind))
    target = text(body.get("message_id" if kind == "reaction" else "original_message_id"))
    if target is None:
        raise unparsable("no_target")
    if kind == "reaction":
        return ReactionSet(external_id, target, person, text(body.get("emoji")), at, is_echo=is_echo)
    if kind == "edit":
        return MessageEdited(external_id, target, person, caption_or_text(mapping(body.get("message"))), at)
    return MessageRevoked(external_id, target, person, at)


def _arrived(
    external_id: str,
    person: Person,
    message: Mapping[str, Any],
    reading: Reading,
    at: dt.datetime,
    *,
    is_echo: bool,
) -> MessageArrived:
    context = mapping(message.get("context"))
    return MessageArrived(
        external_id=external_id,
        person=person,
        sent_at=at,
        kind=reading.kind,
        text=reading.text,
        content=reading.content,
        media=reading.media,
        reply_to=text(context.get("id")),
        is_forwarded=bool(context.get("forwarded") or context.get("frequently_forwarded")),
        referral=read_referral(mapping(message.get("referral")), mapping(context.get("referred_product"))),
        is_echo=is_echo,
    )


def _person(message: Mapping[str, Any], contact: Mapping[str, Any], *, is_echo: bool) -> Person:
    """Tell who the other side is: what the message says, filled up by a contact entry that does not contradict it."""
    given, given_user = ("to", "to_user_id") if is_echo else ("from", "from_user_id")
    number = phone(message.get(given))
    user = user_id(message.get(given_user)) or user_id(message.get(given))
    their_number = phone(contact.get("wa_id"))
    their_user = user_id(contact.get("user_id")) or user_id(contact.get("wa_id"))
    if _differ(number, their_number) or _differ(user, their_user):
        contact, their_number, their_user = {}, None, None
    found = addresses(number or their_number, user or their_user)
    if not found:
        raise unparsable("no_sender")
    profile = mapping(contact.get("profile"))
    username = (text(profile.get("username")) or "").strip().removeprefix("@")
    name = (text(profile.get("name")) or "").strip()
    return Person(found, name or None, username or None)


def _differ(one: str | None, other: str | None) -> bool:
    return one is not None and other is not None and one != other


def _read_move(external_id: str, message: Mapping[str, Any], at: dt.datetime) -> AddressChanged | None:
    """Read that a person now has another number or user id; None when it is not told from what to what."""
    system = mapping(message.get("system"))
    if text(system.get("type")) not in _MOVES:
        return None
    new = addresses(system.get("wa_id"), system.get("new_wa_id"), system.get("user_id"))
    old = addresses(
        message.get("from"),
        system.get("customer"),
        system.get("previous_user_id"),
        message.get("from_user_id"),
    )
    old = tuple(address for address in old if address not in new)
    return AddressChanged(external_id, old, new, text(system.get("body")), at) if old and new else None


def _read_system(message: Mapping[str, Any]) -> Reading:
    system = mapping(message.get("system"))
    is_identity = "identity" in message or system.get("type") == "customer_identity_changed"
    words = text(system.get("body"))
    if words is None and is_identity:
        words = "The security code of this contact has changed; they may have a new phone."
    return Reading(
        MessageKind.SYSTEM, words, {"code": "identity_changed" if is_identity else "system", "text": words}
    )


def _read_status(status: Mapping[str, Any]) -> tuple[Inbound, ...]:
    external_id = text(status.get("id"))
    if external_id is None:
        raise unparsable("no_id")
    if status.get("recipient_type") == "group":
        return (Ignored("group_status"),)
    name = text(status.get("status")) or ""
    state = _STATES.get(name)
    if state is None:
        return (Ignored(f"status_{name}" if name in _OLD_STATES else "status_unknown"),)
    at = moment(status.get("timestamp"))
    recipient = addresses(status.get("recipient_id"), status.get("recipient_user_id"))
    error = explain(next(objects(status.get("errors")), {})) if state is DeliveryState.FAILED else None
    reported = StatusReported(
        external_id=external_id,
        state=state,
        at=at,
        failure=error.failure if error else None,
        recipient=recipient[0] if recipient else None,
        token=text(status.get("biz_opaque_callback_data")),
    )
    if error and error.needs_attention:
        return (reported, ChannelNotice(error.failure.code, error.failure.message, is_problem=True, at=at))
    return (reported,)
