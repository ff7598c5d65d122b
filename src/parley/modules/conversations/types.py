"""The data of conversations that crosses modules: what arrives from channels and what goes out to them."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping
from typing import Any


class MessageKind(enum.StrEnum):
    TEXT = "text"
    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    VOICE = "voice"
    DOCUMENT = "document"
    STICKER = "sticker"
    LOCATION = "location"
    CONTACTS = "contacts"
    CHOICE = "choice"
    """The contact pressed a button or picked a row."""
    FORM = "form"
    ORDER = "order"
    INTERACTIVE = "interactive"
    """We offered buttons or a list."""
    SYSTEM = "system"
    UNSUPPORTED = "unsupported"


MEDIA_KINDS = frozenset(
    {
        MessageKind.IMAGE,
        MessageKind.VIDEO,
        MessageKind.AUDIO,
        MessageKind.VOICE,
        MessageKind.DOCUMENT,
        MessageKind.STICKER,
    }
)


class DeliveryState(enum.StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    PLAYED = "played"
    FAILED = "failed"
    UNCONFIRMED = "unconfirmed"


STATUS_RANK: Mapping[DeliveryState, int] = {
    DeliveryState.QUEUED: 0,
    DeliveryState.SENDING: 1,
    DeliveryState.UNCONFIRMED: 2,
    DeliveryState.SENT: 3,
    DeliveryState.DELIVERED: 4,
    DeliveryState.READ: 5,
    DeliveryState.PLAYED: 6,
    DeliveryState.FAILED: 9,
}
"""A delivery only ever moves to a higher rank; `failed` is final until somebody sends again."""


@dataclasses.dataclass(frozen=True, slots=True)
class Address:
    """One address of a person on a channel, e.g. `("whatsapp", "4915112345678")`."""

    namespace: str
    external_id: str


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """Who wrote, as the channel tells it. `addresses` is never empty; the first is where answers go."""

    addresses: tuple[Address, ...]
    name: str | None = None
    username: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class InboundMedia:
    """A file that the vendor holds for us; `reference` is all that the channel needs to fetch it."""

    kind: MessageKind
    reference: str
    name: str | None = None
    declared_type: str | None = None
    sha256: str | None = None
    is_voice: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Failure:
    """Why something did not go out: a stable code, a sentence, what to do about it."""

    code: str
    message: str
    hint: str
    can_retry: bool = False
    vendor_code: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class MessageArrived:
    """Words or media from a contact. `external_id` is unique within the inbox for ever.

    `content` holds what only this kind has, in the shapes of the API; `media` is fetched later.
    `echo` is true for what the business itself wrote elsewhere (its phone app).
    """

    external_id: str
    person: Person
    sent_at: dt.datetime
    kind: MessageKind
    text: str | None = None
    content: Mapping[str, Any] | None = None
    media: tuple[InboundMedia, ...] = ()
    reply_to: str | None = None
    is_forwarded: bool = False
    referral: Mapping[str, Any] | None = None
    is_echo: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class StatusReported:
    """What the vendor says about one of our deliveries; in any order, any number of times.

    `token` is the one we sent along, where the vendor gives it back: it finds a delivery whose answer got lost.
    """

    external_id: str
    state: DeliveryState
    at: dt.datetime
    failure: Failure | None = None
    recipient: Address | None = None
    token: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class ReactionSet:
    """A contact's reaction to a message of ours or theirs; `emoji` None takes it back.

    `is_echo` is true where the business itself reacted elsewhere (its phone app).
    """

    external_id: str
    target: str
    person: Person
    emoji: str | None
    at: dt.datetime
    is_echo: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class MessageEdited:
    external_id: str
    target: str
    person: Person
    text: str | None
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class MessageRevoked:
    external_id: str
    target: str
    person: Person
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class AddressChanged:
    """A person has moved to other addresses (a new phone number); old ones stay theirs in our memory."""

    external_id: str
    old: tuple[Address, ...]
    new: tuple[Address, ...]
    text: str | None
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class ChannelNotice:
    """The vendor speaks about the inbox itself, not about a person. `is_problem` asks for attention."""

    code: str
    message: str
    is_problem: bool
    at: dt.datetime | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Ignored:
    """Understood, and nothing for us to do; `reason` is a stable word for the operator's counts."""

    reason: str


Inbound = (
    MessageArrived
    | StatusReported
    | ReactionSet
    | MessageEdited
    | MessageRevoked
    | AddressChanged
    | ChannelNotice
    | Ignored
)


@dataclasses.dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file to send. `read` gives the plaintext; it is called at most once per attempt."""

    kind: MessageKind
    name: str
    media_type: str
    size: int
    content: bytes = dataclasses.field(repr=False, default=b"")
    is_voice: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as a channel sends it; `token` comes back in the vendor's statuses where it can."""

    token: str
    to: tuple[Address, ...]
    kind: MessageKind
    text: str | None = dataclasses.field(repr=False, default=None)
    file: OutgoingFile | None = None
    interactive: Mapping[str, Any] | None = dataclasses.field(repr=False, default=None)
    reply_to: str | None = None
    reaction: tuple[str, str | None] | None = dataclasses.field(repr=False, default=None)
    """(external id of the target, emoji or None to take it back)."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """The vendor took it: its id, and the address it says it will use."""

    external_id: str
    address: Address | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class NotSent:
    """Surely not sent. `retry_after` in seconds when trying again by ourselves may help; else it failed for good.

    `breaks_inbox` says that nothing can be sent until somebody mends the connection.
    """

    failure: Failure
    retry_after: float | None = None
    breaks_inbox: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Unknown:
    """The request went out and no answer came: it may have been sent. Never repeated by ourselves."""

    failure: Failure


SendResult = Sent | NotSent | Unknown


class WindowRule(enum.StrEnum):
    ANYTHING = "anything"
    TEMPLATES = "templates"
    NOTHING = "nothing"


@dataclasses.dataclass(frozen=True, slots=True)
class Window:
    """Whether a channel lets us write now, until when, and what is allowed after."""

    is_open: bool
    closes_at: dt.datetime | None
    allowed: WindowRule
    code: str | None = None
    message: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class FetchedMedia:
    media_type: str
    content: bytes = dataclasses.field(repr=False)
    name: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class MediaNotFetched:
    """`retry_after` None means never: the vendor no longer has it or refuses."""

    failure: Failure
    retry_after: float | None = None
    breaks_inbox: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Credentials:
    """The unsealed settings of one inbox, for the length of one call to the vendor."""

    inbox_id: uuid.UUID
    external_id: str
    settings: Mapping[str, str] = dataclasses.field(repr=False)
