"""The memory of a simulator: chats as the phones show them, and what the business sent. Bounded, no behaviour."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field, fields
from typing import Any

MAX_MESSAGES_PER_CHAT = 300
MAX_CHATS = 400
MAX_OUTBOX = 5000


@dataclass(slots=True)
class ChatMessage:
    """One message as both sides of a chat know it."""

    id: str
    persona_id: str
    number_id: str
    by_business: bool
    type: str
    content: dict[str, Any]
    """The vendor's object of that type, e.g. `{"body": "..."}` for text."""
    at: float
    context_id: str | None = None
    forwarded: bool = False
    state: str = "waiting"
    """waiting | sent | delivered | read | failed; a phone shows the business's messages from `delivered` on."""
    reactions: dict[str, str] = field(default_factory=dict)
    """By `customer` and `business`."""
    edited: bool = False
    revoked: bool = False

    def as_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


@dataclass(slots=True)
class Chat:
    """The thread between one persona and one business number."""

    persona_id: str
    number_id: str
    messages: OrderedDict[str, ChatMessage] = field(default_factory=OrderedDict)
    window_from: float | None = None
    """When the customer last wrote, on the simulator's clock: the 24 hours start here."""
    unread: int = 0

    def add(self, message: ChatMessage) -> None:
        self.messages[message.id] = message
        while len(self.messages) > MAX_MESSAGES_PER_CHAT:
            self.messages.popitem(last=False)


@dataclass(slots=True)
class SentMessage:
    """One message that the business sent through the API, with everything reported about it."""

    id: str
    number_id: str
    persona_id: str | None
    to: str
    request: dict[str, Any]
    at: float
    wa_id: str | None = None
    statuses: list[dict[str, Any]] = field(default_factory=list)

    @property
    def type(self) -> str:
        return str(self.request.get("type", "text"))

    def as_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


class Chats:
    """Find chats and messages; the chat touched longest ago makes room when there are too many."""

    def __init__(self) -> None:
        self._chats: OrderedDict[tuple[str, str], Chat] = OrderedDict()
        self.outbox: deque[SentMessage] = deque(maxlen=MAX_OUTBOX)

    def get(self, persona_id: str, number_id: str) -> Chat | None:
        return self._chats.get((persona_id, number_id))

    def open(self, persona_id: str, number_id: str) -> Chat:
        key = (persona_id, number_id)
        chat = self._chats.get(key) or self._chats.setdefault(key, Chat(persona_id, number_id))
        self._chats.move_to_end(key)
        while len(self._chats) > MAX_CHATS:
            self._chats.popitem(last=False)
        return chat

    def all(self) -> list[Chat]:
        return list(self._chats.values())

    def of_number(self, number_id: str) -> list[Chat]:
        return [chat for chat in self._chats.values() if chat.number_id == number_id]

    def find(self, number_id: str, message_id: str) -> ChatMessage | None:
        """Find a message of any chat of this number, newest chats first."""
        for chat in reversed(self._chats.values()):
            if chat.number_id == number_id and message_id in chat.messages:
                return chat.messages[message_id]
        return None

    def sent(self, message_id: str) -> SentMessage | None:
        return next((sent for sent in reversed(self.outbox) if sent.id == message_id), None)
