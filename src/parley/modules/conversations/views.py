"""Conversations as members see them. These shapes are the API's answers and the frames' objects, field by field."""

import dataclasses
import datetime as dt
import uuid
from typing import Any, Literal

from parley.modules.conversations.types import Window


@dataclasses.dataclass(frozen=True, slots=True)
class Named:
    id: uuid.UUID
    name: str


@dataclasses.dataclass(frozen=True, slots=True)
class ContactName:
    id: uuid.UUID
    name: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class AuthorView:
    """Who wrote: `contact`, `member`, `token`, `bot` or `system`."""

    type: str
    id: uuid.UUID | None
    name: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class TagView:
    id: uuid.UUID
    name: str
    color: str


@dataclasses.dataclass(frozen=True, slots=True)
class LastMessage:
    """The row under the name in a list; `preview` is cut to 160 characters."""

    id: uuid.UUID
    direction: str
    kind: str
    author: AuthorView
    preview: str | None
    delivery_state: str | None


@dataclasses.dataclass(frozen=True, slots=True)
class ConversationView:
    """One conversation for one viewer: `unread_count` is theirs."""

    id: uuid.UUID
    number: int
    status: str
    snoozed_until: dt.datetime | None
    inbox_id: uuid.UUID
    channel: str
    contact: ContactName
    assignee: Named | None
    team: Named | None
    tags: tuple[TagView, ...]
    priority: str
    unread_count: int
    arrived_count: int
    last_message_at: dt.datetime
    waiting_since: dt.datetime | None
    last_message: LastMessage | None
    window: Window
    is_restricted: bool
    created_at: dt.datetime
    closed_at: dt.datetime | None
    previous_id: uuid.UUID | None


@dataclasses.dataclass(frozen=True, slots=True)
class ReasonView:
    """Why a delivery failed, and what to do."""

    code: str
    message: str
    hint: str
    can_retry: bool


@dataclasses.dataclass(frozen=True, slots=True)
class DeliveryView:
    state: str
    reason: ReasonView | None
    at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class AttachmentView:
    """A file of a message. `url` is short-lived; there is none while the file is pending or was refused."""

    id: uuid.UUID
    kind: str
    name: str | None
    media_type: str | None
    size: int | None
    state: str
    reason: str | None
    url: str | None
    is_voice: bool


@dataclasses.dataclass(frozen=True, slots=True)
class ReplyView:
    id: uuid.UUID
    author_name: str | None
    preview: str | None
    kind: str


@dataclasses.dataclass(frozen=True, slots=True)
class ReactionView:
    emoji: str
    author: AuthorView


@dataclasses.dataclass(frozen=True, slots=True)
class MessageView:
    """A message with everything that belongs to it. `is_readable` is false once its key is destroyed.

    `text_before` is what an edited message said before its last change.
    """

    id: uuid.UUID
    conversation_id: uuid.UUID
    direction: str
    kind: str
    author: AuthorView
    text: str | None
    attachments: tuple[AttachmentView, ...]
    reply_to: ReplyView | None
    content: dict[str, Any] | None
    reactions: tuple[ReactionView, ...]
    external_id: str | None
    client_id: uuid.UUID | None
    sent_at: dt.datetime
    created_at: dt.datetime
    edited_at: dt.datetime | None
    revoked_at: dt.datetime | None
    is_readable: bool
    is_forwarded: bool
    referral: dict[str, Any] | None
    delivery: DeliveryView | None
    text_before: str | None = None
    type: Literal["message"] = "message"


@dataclasses.dataclass(frozen=True, slots=True)
class NoteView:
    """Words that only members see."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    author: AuthorView
    text: str | None
    mentions: tuple[uuid.UUID, ...]
    client_id: uuid.UUID | None
    created_at: dt.datetime
    is_readable: bool
    type: Literal["note"] = "note"


@dataclasses.dataclass(frozen=True, slots=True)
class ActivityView:
    """A recorded fact; `data` names what it was about."""

    id: uuid.UUID
    conversation_id: uuid.UUID
    author: AuthorView
    verb: str
    data: dict[str, Any]
    created_at: dt.datetime
    type: Literal["activity"] = "activity"


TimelineItem = MessageView | NoteView | ActivityView


@dataclasses.dataclass(frozen=True, slots=True)
class InboxCount:
    inbox_id: uuid.UUID
    open: int
    unread: int


@dataclasses.dataclass(frozen=True, slots=True)
class TeamCount:
    team_id: uuid.UUID
    open: int
    unread: int


@dataclasses.dataclass(frozen=True, slots=True)
class CountsView:
    """How much is in each built-in place; 100 means "more than 99"."""

    mine: int
    unassigned: int
    open: int
    pending: int
    snoozed: int
    unread_mine: int
    unread_unassigned: int
    unread_open: int
    inboxes: tuple[InboxCount, ...]
    teams: tuple[TeamCount, ...]
