"""Tables of conversations and what is said in them. Notes have a table of their own: no query for contacts can meet them."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Index, Integer, LargeBinary, Text, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Json, Moment, Tenant, TenantRow, key, refers
from parley.core.personal_data import (
    Base,
    Retention,
    classified,
    of_contact,
    of_member,
    of_workspace,
    sealed_content,
    technical,
)

_ROW = technical(Retention.CONTENT)
_WHEN = of_contact("user.behavior", retention=Retention.CONTENT)
_WHO = of_contact("user.unique_id.pseudonymous", retention=Retention.CONTENT)


class Conversation(Base, TenantRow):
    """One exchange with a contact. `answered_n` is `arrived_n` at the team's last answer: read for everybody."""

    __tablename__ = "conversation"
    __table_args__ = (
        key("id"),
        refers("contact_id", "contact"),
        refers("inbox_id", "inbox"),
        UniqueConstraint("workspace_id", "number"),
        Index(
            "conversation_one_open_per_thread",
            "workspace_id",
            "inbox_id",
            "thread_key",
            unique=True,
            postgresql_where=text("status <> 'closed' AND thread_key IS NOT NULL"),
        ),
        Index("conversation_newest", "workspace_id", "status", text("last_message_at DESC"), text("id DESC")),
        Index(
            "conversation_assigned",
            "workspace_id",
            "assignee_id",
            "status",
            text("last_message_at DESC"),
            text("id DESC"),
        ),
        Index("conversation_contact", "workspace_id", "contact_id", text("last_message_at DESC")),
        Index("conversation_waiting", "workspace_id", "status", "waiting_since", "id"),
        Index(
            "conversation_snoozed",
            "workspace_id",
            "snoozed_until",
            postgresql_where=text("status = 'snoozed'"),
        ),
        {"schema": "app"},
    )

    number: Mapped[int] = classified(_ROW, BigInteger, nullable=False)
    inbox_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    contact_id: Mapped[uuid.UUID] = classified(_WHO, Uuid, nullable=False)
    identity_id: Mapped[uuid.UUID | None] = classified(_WHO, Uuid)
    thread_key: Mapped[str | None] = classified(_WHO, Text)
    previous_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    status: Mapped[str] = classified(_ROW, Text, nullable=False)
    priority: Mapped[str] = classified(_ROW, Text, nullable=False, server_default="none")
    assignee_id: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    team_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    snoozed_until: Mapped[dt.datetime | None] = classified(_ROW, Moment)
    due_at: Mapped[dt.datetime | None] = classified(_ROW, Moment)
    arrived_n: Mapped[int] = classified(_ROW, Integer, nullable=False, server_default="0")
    answered_n: Mapped[int] = classified(_ROW, Integer, nullable=False, server_default="0")
    last_message_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    last_message_at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)
    last_inbound_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)
    waiting_since: Mapped[dt.datetime | None] = classified(_WHEN, Moment)
    created_at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)
    closed_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)


class Message(Base, TenantRow):
    """Inbound or outbound words or media. `body` is sealed JSON: text, content, referral."""

    __tablename__ = "message"
    __table_args__ = (
        key("id"),
        refers("conversation_id", "conversation", cascade=True),
        UniqueConstraint("workspace_id", "inbox_id", "external_id"),
        UniqueConstraint("workspace_id", "conversation_id", "client_id"),
        Index("message_timeline", "workspace_id", "conversation_id", text("sent_at DESC"), text("id DESC")),
        {"schema": "app"},
    )

    conversation_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    inbox_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    contact_id: Mapped[uuid.UUID] = classified(_WHO, Uuid, nullable=False)
    identity_id: Mapped[uuid.UUID | None] = classified(_WHO, Uuid)
    direction: Mapped[str] = classified(_ROW, Text, nullable=False)
    kind: Mapped[str] = classified(_ROW, Text, nullable=False)
    author_type: Mapped[str] = classified(_ROW, Text, nullable=False)
    author_id: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    external_id: Mapped[str | None] = classified(_WHO, Text)
    client_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    body: Mapped[bytes | None] = classified(sealed_content(), LargeBinary)
    reply_to_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    reply_to_external: Mapped[str | None] = classified(_WHO, Text)
    is_forwarded: Mapped[bool] = classified(_ROW, nullable=False, server_default="false")
    item_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    sent_at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)
    created_at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)
    edited_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)
    revoked_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)


class MessageEdit(Base, TenantRow):
    """One version of a message that the contact changed; `external_id` names the edit, null for the first version."""

    __tablename__ = "message_edit"
    __table_args__ = (
        key("id"),
        refers("message_id", "message", cascade=True),
        Index("message_edit_message", "workspace_id", "message_id"),
        {"schema": "app"},
    )

    message_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    body: Mapped[bytes | None] = classified(sealed_content(), LargeBinary)
    external_id: Mapped[str | None] = classified(_WHO, Text)
    edited_at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)


class Reaction(Base, Tenant):
    """One author's reaction to a message; a newer one replaces it. `at` decides which is newer."""

    __tablename__ = "reaction"
    __table_args__ = (
        key("message_id", "author_type", "author_id"),
        refers("message_id", "message", cascade=True),
        {"schema": "app"},
    )

    message_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    author_type: Mapped[str] = classified(_ROW, Text, nullable=False)
    author_id: Mapped[uuid.UUID] = classified(_WHO, Uuid, nullable=False)
    emoji: Mapped[bytes | None] = classified(sealed_content(), LargeBinary)
    at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)


class Attachment(Base, TenantRow):
    """A file of a message. Inbound ones wait for their bytes: `reference` is how the channel fetches them."""

    __tablename__ = "attachment"
    __table_args__ = (
        key("id"),
        refers("message_id", "message", cascade=True),
        Index("attachment_message", "workspace_id", "message_id"),
        Index("attachment_file", "workspace_id", "file_id", postgresql_where=text("file_id IS NOT NULL")),
        {"schema": "app"},
    )

    message_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    position: Mapped[int] = classified(_ROW, Integer, nullable=False)
    kind: Mapped[str] = classified(_ROW, Text, nullable=False)
    state: Mapped[str] = classified(_ROW, Text, nullable=False)
    reason: Mapped[str | None] = classified(_ROW, Text)
    detail: Mapped[bytes | None] = classified(sealed_content(), LargeBinary)
    """Sealed JSON: name, reference, declared type, checksum."""
    file_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    media_type: Mapped[str | None] = classified(_ROW, Text)
    size: Mapped[int | None] = classified(_ROW, BigInteger)
    is_voice: Mapped[bool] = classified(_ROW, nullable=False, server_default="false")


class Delivery(Base, Tenant):
    """One outbound message's way out. `rank` only grows; `failed` ends it until somebody sends again."""

    __tablename__ = "delivery"
    __table_args__ = (
        key("message_id"),
        refers("message_id", "message", cascade=True),
        Index(
            "delivery_under_way",
            "workspace_id",
            "updated_at",
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
        {"schema": "app"},
    )

    message_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    inbox_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    identity_id: Mapped[uuid.UUID | None] = classified(_WHO, Uuid)
    state: Mapped[str] = classified(_ROW, Text, nullable=False)
    rank: Mapped[int] = classified(_ROW, Integer, nullable=False)
    attempts: Mapped[int] = classified(_ROW, Integer, nullable=False, server_default="0")
    failure: Mapped[dict[str, object] | None] = classified(_ROW, Json)
    updated_at: Mapped[dt.datetime] = classified(_WHEN, Moment, nullable=False)
    sent_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)
    delivered_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)
    read_at: Mapped[dt.datetime | None] = classified(_WHEN, Moment)


class Attempt(Base, TenantRow):
    """One call to the vendor for a delivery; the row is there before the call is made."""

    __tablename__ = "attempt"
    __table_args__ = (
        key("id"),
        refers("message_id", "message", cascade=True),
        Index("attempt_message", "workspace_id", "message_id"),
        {"schema": "app"},
    )

    message_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    n: Mapped[int] = classified(_ROW, Integer, nullable=False)
    started_at: Mapped[dt.datetime] = classified(_ROW, Moment, nullable=False)
    finished_at: Mapped[dt.datetime | None] = classified(_ROW, Moment)
    outcome: Mapped[str | None] = classified(_ROW, Text)
    code: Mapped[str | None] = classified(_ROW, Text)
    vendor_code: Mapped[str | None] = classified(_ROW, Text)


class ReadMark(Base, Tenant):
    """How far a member has read: `arrived_n` at that time."""

    __tablename__ = "read_mark"
    __table_args__ = (
        key("conversation_id", "member_id"),
        refers("conversation_id", "conversation", cascade=True),
        {"schema": "app"},
    )

    conversation_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    member_id: Mapped[uuid.UUID] = classified(of_member(), Uuid, nullable=False)
    last_read_n: Mapped[int] = classified(of_member("user.behavior"), Integer, nullable=False)


class Note(Base, TenantRow):
    """Words that only members see."""

    __tablename__ = "note"
    __table_args__ = (
        key("id"),
        refers("conversation_id", "conversation", cascade=True),
        UniqueConstraint("workspace_id", "conversation_id", "client_id"),
        Index("note_timeline", "workspace_id", "conversation_id", text("created_at DESC"), text("id DESC")),
        {"schema": "app"},
    )

    conversation_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    author_type: Mapped[str] = classified(_ROW, Text, nullable=False)
    author_id: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    client_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    body: Mapped[bytes | None] = classified(sealed_content(), LargeBinary)
    mentions: Mapped[list[object]] = classified(of_member(), Json, nullable=False, server_default="[]")
    created_at: Mapped[dt.datetime] = classified(of_member("user.behavior"), Moment, nullable=False)


class Activity(Base, TenantRow):
    """A recorded fact in the timeline. `data` holds ids and stable words, never content."""

    __tablename__ = "activity"
    __table_args__ = (
        key("id"),
        refers("conversation_id", "conversation", cascade=True),
        Index(
            "activity_timeline", "workspace_id", "conversation_id", text("created_at DESC"), text("id DESC")
        ),
        {"schema": "app"},
    )

    conversation_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    author_type: Mapped[str] = classified(_ROW, Text, nullable=False)
    author_id: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    verb: Mapped[str] = classified(of_member("user.behavior"), Text, nullable=False)
    data: Mapped[dict[str, object]] = classified(_ROW, Json, nullable=False, server_default="{}")
    created_at: Mapped[dt.datetime] = classified(_ROW, Moment, nullable=False)


class Tag(Base, TenantRow):
    """A word by which a workspace sorts its conversations."""

    __tablename__ = "tag"
    __table_args__ = (key("id"), UniqueConstraint("workspace_id", "name"), {"schema": "app"})

    name: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    color: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    created_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)


class ConversationTag(Base, Tenant):
    """A tag on a conversation."""

    __tablename__ = "conversation_tag"
    __table_args__ = (
        key("conversation_id", "tag_id"),
        refers("conversation_id", "conversation", cascade=True),
        refers("tag_id", "tag", cascade=True),
        Index("conversation_tag_tag", "workspace_id", "tag_id"),
        {"schema": "app"},
    )

    conversation_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    tag_id: Mapped[uuid.UUID] = classified(_WHO, Uuid, nullable=False)
