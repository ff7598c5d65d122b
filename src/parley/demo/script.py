"""The words in which the demo's stories are told: who, when, what. Data only; what they mean the player knows.

A customer's deeds are described as the simulated phone takes them, so that they reach the product as Meta's own
calls would. A step that others speak of has a `name`; `about` points to it.
"""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class Workday:
    """A time of day, so many working days before today."""

    back: int
    at: str


@dataclasses.dataclass(frozen=True, slots=True)
class Ago:
    """So many hours before now."""

    hours: float


@dataclasses.dataclass(frozen=True, slots=True)
class Ahead:
    """A time of day, so many days from today."""

    days: int
    at: str


When = float | Workday | Ago
"""Minutes after the step before, or a moment of its own."""


@dataclasses.dataclass(frozen=True, slots=True)
class Customer:
    """A person with a phone. WhatsApp shows the number, or a business-scoped user id, or both."""

    id: str
    name: str
    phone: str
    language: str
    user_id: str | None = None
    username: str | None = None
    hides_phone: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Act:
    """Something a customer does on their phone; `spec` is what the simulator's phone takes."""

    after: When
    spec: Mapping[str, Any]
    about: str = ""
    name: str = ""


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """Something a member sends. `fate` is how far it gets: sent, delivered, read, or Meta's error number."""

    who: str
    after: When
    text: str | None = None
    sample: str | None = None
    offered: Mapping[str, Any] | None = None
    about: str = ""
    name: str = ""
    fate: str | int = "read"


@dataclasses.dataclass(frozen=True, slots=True)
class Deed:
    """Something a member does that the customer does not see, but for a reaction."""

    who: str
    after: When
    verb: str
    value: Any = None
    about: str = ""


Step = Act | Answer | Deed


@dataclasses.dataclass(frozen=True, slots=True)
class Story:
    """One conversation from its first message on."""

    customer: Customer
    begins: Workday | Ago
    steps: tuple[Step, ...]


def says(
    text: str,
    after: When = 1.0,
    *,
    about: str = "",
    name: str = "",
    forwarded: bool = False,
    referral: Mapping[str, Any] | None = None,
) -> Act:
    """The customer writes."""
    spec: dict[str, Any] = {"type": "text", "text": text, "forwarded": forwarded}
    if referral is not None:
        spec["referral"] = dict(referral)
    return Act(after, spec, about, name)


def shows(sample: str, caption: str = "", after: When = 1.0, *, name: str = "") -> Act:
    """The customer sends one of the simulator's samples: photo, photo_parcel, voice, sticker, document, video."""
    kind = {"photo": "image", "photo_parcel": "image", "voice": "audio"}.get(sample, sample)
    return Act(after, {"type": kind, "media": {"sample": sample}, "caption": caption}, name=name)


def stands_at(latitude: float, longitude: float, title: str, address: str, after: When = 1.0) -> Act:
    """The customer shares a place."""
    place = {"latitude": latitude, "longitude": longitude, "name": title, "address": address}
    return Act(after, {"type": "location", "location": place})


def hands_card(first: str, last: str, phone: str, organisation: str, after: When = 1.0) -> Act:
    """The customer passes on somebody's contact card."""
    card = {
        "name": {"formatted_name": f"{first} {last}", "first_name": first, "last_name": last},
        "phones": [{"phone": phone, "type": "WORK"}],
        "org": {"company": organisation},
    }
    return Act(after, {"type": "contacts", "contacts": [card]})


def orders(text: str, *items: tuple[str, int, float], after: When = 1.0) -> Act:
    """The customer sends a filled basket of the catalogue: product, quantity, price in euros."""
    products = [
        {"product_retailer_id": product, "quantity": quantity, "item_price": price, "currency": "EUR"}
        for product, quantity, price in items
    ]
    order = {"catalog_id": "30000000000001", "text": text, "product_items": products}
    return Act(after, {"type": "order", "order": order})


def presses(chosen: str, title: str, after: When, *, about: str) -> Act:
    """The customer presses one of the offered buttons."""
    return Act(after, {"type": "button_reply", "button_reply": {"id": chosen, "title": title}}, about)


def chooses(chosen: str, title: str, description: str, after: When, *, about: str) -> Act:
    """The customer picks a row of the offered list."""
    row = {"id": chosen, "title": title, "description": description}
    return Act(after, {"type": "list_reply", "list_reply": row}, about)


def reacts(emoji: str, about: str, after: When = 1.0) -> Act:
    """The customer reacts to a message."""
    return Act(after, {"type": "reaction", "reaction": {"emoji": emoji}}, about)


def edits(text: str, about: str, after: When = 1.0) -> Act:
    """The customer changes what they wrote."""
    return Act(after, {"type": "edit", "edit": {"text": text}}, about)


def takes_back(about: str, after: When = 1.0) -> Act:
    """The customer deletes what they wrote."""
    return Act(after, {"type": "revoke", "revoke": {}}, about)


def sends_poll(after: When = 1.0) -> Act:
    """The customer sends something that Meta does not pass on."""
    return Act(after, {"type": "unsupported", "what": "poll_creation"})


def buttons(body: str, *titles: tuple[str, str], footer: str | None = None) -> Mapping[str, Any]:
    """Describe buttons, each of an id and a title."""
    offered = [{"id": id_, "title": title} for id_, title in titles]
    return {"type": "buttons", "body": body, "footer": footer, "buttons": offered}


def choices(body: str, button: str, *rows: tuple[str, str, str]) -> Mapping[str, Any]:
    """Describe a list, each row of an id, a title and a description."""
    offered = [{"id": id_, "title": title, "description": about} for id_, title, about in rows]
    return {"type": "list", "body": body, "button": button, "sections": [{"rows": offered}]}


@dataclasses.dataclass(frozen=True, slots=True)
class Member:
    """One of the shop; what they do becomes a step."""

    role: str
    name: str
    email: str

    def says(
        self, text: str, after: When = 4.0, *, about: str = "", name: str = "", fate: str | int = "read"
    ) -> Answer:
        return Answer(self.role, after, text, about=about, name=name, fate=fate)

    def shows(self, sample: str, caption: str | None = None, after: When = 2.0, *, name: str = "") -> Answer:
        return Answer(self.role, after, caption, sample, name=name)

    def offers(self, offered: Mapping[str, Any], after: When = 3.0, *, name: str) -> Answer:
        return Answer(self.role, after, offered=offered, name=name)

    def reacts(self, emoji: str, about: str, after: When = 1.0) -> Deed:
        return Deed(self.role, after, "react", emoji, about)

    def notes(self, text: str, after: When = 1.0, *, to: "Sequence[Member]" = ()) -> Deed:
        return Deed(self.role, after, "note", (text, tuple(member.role for member in to)))

    def takes(self, after: When = 1.0) -> Deed:
        return Deed(self.role, after, "assign", self.role)

    def gives(self, to: "Member | None", after: When = 1.0) -> Deed:
        return Deed(self.role, after, "assign", None if to is None else to.role)

    def queues(self, after: When = 0.3) -> Deed:
        return Deed(self.role, after, "team")

    def tags(self, *names: str, after: When = 0.3) -> Deed:
        return Deed(self.role, after, "tags", names)

    def ranks(self, priority: str, after: When = 0.3) -> Deed:
        return Deed(self.role, after, "priority", priority)

    def reads(self, after: When = 1.0) -> Deed:
        return Deed(self.role, after, "read")

    def snoozes(self, until: Ahead, after: When = 1.0) -> Deed:
        return Deed(self.role, after, "snooze", until)

    def closes(self, after: When = 2.0) -> Deed:
        return Deed(self.role, after, "close")
