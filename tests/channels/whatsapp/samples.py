"""The documented samples beside the channel, read for tests, and short words for what they become."""

import datetime as dt
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from parley.channels.whatsapp.parse import parse
from parley.channels.whatsapp.split import split
from parley.modules.conversations.types import (
    Address,
    Inbound,
    InboundMedia,
    MessageArrived,
    MessageKind,
    Person,
)

NUMBER = "100000000000001"
ACCOUNT = "waba:200000000000001"
SENT_AT = dt.datetime(2026, 9, 21, 14, 13, 20, tzinfo=dt.UTC)
PHONE = Address("whatsapp", "4915550100123")
USER = Address("whatsapp.user", "DE.13491208655302741918")
LENA = Person((PHONE,), "Lena Hofmann")
NAMELESS = Person((PHONE,))
SHA256 = "q0Xy3nnbwWJLCnEuoXc2lxm3pqW3RpmYUUAcBDGeU3w="


def names() -> list[str]:
    """List the samples there are."""
    found = [each.name.removesuffix(".json") for each in _folder().iterdir() if each.name.endswith(".json")]
    return sorted(found)


def body(name: str) -> bytes:
    """Read one sample's bytes."""
    return (_folder() / f"{name}.json").read_bytes()


def read(name: str) -> tuple[Inbound, ...]:
    """Take one sample apart and read every item of it."""
    return tuple(_read(body(name)))


def arrived(name: str, kind: MessageKind, text: str | None = None, **more: Any) -> MessageArrived:
    """Name a message of Lena's as the sample of that name becomes one."""
    values: dict[str, Any] = {"person": LENA, "sent_at": SENT_AT, **more}
    return MessageArrived(external_id=f"wamid.{name}", kind=kind, text=text, **values)


def media(
    kind: MessageKind, number: int, media_type: str, name: str | None = None
) -> tuple[InboundMedia, ...]:
    """Name the one file of a sample."""
    is_voice = kind is MessageKind.VOICE
    return (InboundMedia(kind, f"50000000000000{number}", name, media_type, SHA256, is_voice),)


def _read(raw: bytes) -> Iterator[Inbound]:
    for item in split(raw).items:
        yield from parse(item.payload)


def _folder() -> Traversable:
    return files("parley.channels.whatsapp") / "payloads"
