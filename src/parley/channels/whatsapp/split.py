"""Take a call from WhatsApp apart into items, each readable by itself. The hot path: nothing is interpreted here.

An item's payload is JSON with `field`, `waba`, `metadata` and exactly one of `message`, `echo` (both with the
`contact` that belongs to it), `status`, `error`, or `value` for what is not about one person.
"""

import json
from typing import Any, NoReturn

import orjson

from parley.channels.whatsapp.addresses import phone, user_id
from parley.modules.ingest.types import Split, SplitItem

CHANNEL = "whatsapp"
ACCOUNT_ROUTE = "waba:"
"""Before the account's id: the route of what concerns a whole WhatsApp Business account, not one of its numbers."""

MALFORMED_JSON = "malformed_json"
MALFORMED_ENVELOPE = "malformed_envelope"
OBJECT_NOT_CONNECTED = "object_not_connected"
UNKNOWN_OBJECT = "unknown_object"
TOO_MANY_ITEMS = "too_many_items"
NO_ROUTE = "no_route"

_OTHER_PRODUCTS = ("page", "instagram")
_OF_A_NUMBER = ("messages", "smb_message_echoes")
_MAX_WORD = 64
_MAX_ITEMS = 20_000
_MAX_GROWTH = 16
"""Each item repeats what the call says once; a call that grows more than this is not one of Meta's."""


def split(body: bytes) -> Split:
    """Take the body apart; never raises. What could not be taken apart is named by `fault`, the rest still comes."""
    try:
        envelope = orjson.loads(body)
    except orjson.JSONDecodeError:
        envelope = _load_leniently(body)
    if not isinstance(envelope, dict):
        return Split((), MALFORMED_JSON if envelope is None else MALFORMED_ENVELOPE)
    kind = envelope.get("object")
    if kind != "whatsapp_business_account":
        return Split((), OBJECT_NOT_CONNECTED if kind in _OTHER_PRODUCTS else UNKNOWN_OBJECT)
    splitting = _Splitting(_MAX_GROWTH * max(len(body), 1_000))
    for entry in splitting.each(envelope, "entry"):
        for change in splitting.each(entry, "changes"):
            splitting.change(entry.get("id"), change)
            if splitting.is_too_much:  # kept whole, as what could not be taken apart
                return Split((), TOO_MANY_ITEMS)
    if not splitting.items and splitting.fault is None:
        splitting.fault = MALFORMED_ENVELOPE
    return Split(tuple(splitting.items), splitting.fault)


class _Splitting:
    """One call being taken apart: the items found so far, and the last reason why one could not be."""

    __slots__ = ("fault", "head", "items", "room", "route")

    def __init__(self, room: int) -> None:
        self.room = room
        self.items: list[SplitItem] = []
        self.fault: str | None = None
        self.route = ""
        self.head: dict[str, Any] = {}

    @property
    def is_too_much(self) -> bool:
        return self.room < 0 or len(self.items) > _MAX_ITEMS

    def each(self, value: dict[str, Any], name: str) -> list[dict[str, Any]]:
        """List the objects under a name; anything else there is a fault, and none at all is not."""
        found = value.get(name)
        if found is None:
            return []
        if isinstance(found, list):
            if all([isinstance(one, dict) for one in found]):  # noqa: C419 - a list is faster here
                return found
            found = [one for one in found if isinstance(one, dict)]
        else:
            found = [found] if isinstance(found, dict) else []
        self.fault = MALFORMED_ENVELOPE
        return found

    def change(self, waba: Any, change: dict[str, Any]) -> None:
        value = change.get("value")
        if not isinstance(value, dict):
            self.fault = MALFORMED_ENVELOPE
            return
        field = change.get("field", "messages")
        metadata = value.get("metadata")
        route = _route(metadata.get("phone_number_id")) if isinstance(metadata, dict) else None
        if route is None:
            account = _route(waba)
            if account is None or field in _OF_A_NUMBER:
                self.fault = NO_ROUTE
                return
            route = ACCOUNT_ROUTE + account
        self.route = route
        self.head = {"field": field, "waba": waba, "metadata": metadata}
        before = len(self.items)
        if field == "messages":
            self.people(value, "messages", "message", "from", "from_user_id")
            self.statuses(value)
        elif field == "smb_message_echoes":
            self.people(value, "message_echoes", "echo", "to", "to_user_id")
        if len(self.items) == before:
            known = (
                isinstance(field, str) and field.isascii() and field.isprintable() and len(field) <= _MAX_WORD
            )
            self.add(field if known else "unknown", None, "value", value)

    def people(self, value: dict[str, Any], name: str, kind: str, by_number: str, by_user: str) -> None:
        messages = self.each(value, name)
        if not messages:
            return
        contacts = self.each(value, "contacts")
        is_alone = len(messages) == 1 and len(contacts) == 1
        places = {} if is_alone else _places(contacts)
        for message in messages:
            number, user = message.get(by_number), message.get(by_user)
            place = 0 if is_alone else _place(places, number, user)
            contact = None if place is None else contacts[place]
            key = _key(number, user)
            if key is None and contact is not None:
                key = _key(contact.get("wa_id"), contact.get("user_id"))
            self.add(kind, key, kind, message, contact)

    def statuses(self, value: dict[str, Any]) -> None:
        for status in self.each(value, "statuses"):
            self.add(
                "status", _key(status.get("recipient_id"), status.get("recipient_user_id")), "status", status
            )
        for error in self.each(value, "errors"):
            self.add("error", None, "error", error)

    def add(self, kind: str, key: str | None, name: str, what: Any, contact: Any = None) -> None:
        if self.is_too_much:
            return
        payload = {**self.head, "contact": contact, name: what} if contact else {**self.head, name: what}
        try:
            dumped = orjson.dumps(payload)
        except orjson.JSONEncodeError:  # nested deeper than any message is
            self.fault = MALFORMED_ENVELOPE
            return
        self.room -= len(dumped)
        self.items.append(SplitItem(CHANNEL, self.route, key or self.route, kind, dumped))


def _places(contacts: list[dict[str, Any]]) -> dict[tuple[str, str], int]:
    """Note where each person first stands: a search for each message would cost the square of their number."""
    places: dict[tuple[str, str], int] = {}
    for place, contact in enumerate(contacts):
        for name in ("wa_id", "user_id"):
            value = contact.get(name)
            if isinstance(value, str):
                places.setdefault((name, value), place)
    return places


def _place(places: dict[tuple[str, str], int], number: Any, user: Any) -> int | None:
    named = (("wa_id", number), ("user_id", user))
    found = [
        places[name, value] for name, value in named if isinstance(value, str) and (name, value) in places
    ]
    return min(found, default=None)


def _route(value: Any) -> str | None:
    found = str(value) if type(value) is int else value
    if isinstance(found, str) and found.isascii() and found.isalnum() and len(found) <= _MAX_WORD:
        return found
    return None


def _key(number: Any, user: Any) -> str | None:
    """Name the person: the number where there is one, since later statuses carry it; else the user id."""
    if isinstance(number, str) and len(number) < 20 and number.isascii() and number.isdigit():
        return number
    return phone(number) or user_id(number) or user_id(user)


def _load_leniently(body: bytes) -> Any:
    """Read JSON that orjson refuses though Meta may send it: a byte order mark, half of a surrogate pair.

    A name cut in the middle of an emoji must not cost the message; the half is replaced by U+FFFD.
    """
    try:
        found = json.loads(body.decode("utf-8-sig", "replace"), parse_constant=_refuse)
        text = json.dumps(found, ensure_ascii=False)
        return orjson.loads(text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))
    except (ValueError, RecursionError):
        return None


def _refuse(_: str) -> NoReturn:
    raise ValueError
