"""Lists, timelines and counts of conversations: keyset pages, explicit columns, a fixed number of statements."""

import dataclasses
import datetime as dt
import re
import uuid
from collections.abc import Sequence
from typing import Any, Literal

from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope
from parley.modules.conversations.load_conversations import load_conversations
from parley.modules.conversations.load_messages import load_messages
from parley.modules.conversations.load_timeline import load_activities, load_notes
from parley.modules.conversations.policy import VISIBLE
from parley.modules.conversations.services import Services
from parley.modules.conversations.views import ConversationView, MessageView, TimelineItem

STATUSES = ("open", "pending", "snoozed", "closed")
Cursor = tuple[dt.datetime | None, uuid.UUID]


@dataclasses.dataclass(frozen=True, slots=True)
class Filter:
    """What a list shows. `assignee` is a member's id, `none`, or None for any."""

    statuses: tuple[str, ...] = STATUSES
    assignee: uuid.UUID | Literal["none"] | None = None
    team_id: uuid.UUID | None = None
    inbox_id: uuid.UUID | None = None
    tag_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    text: str | None = None
    sort: Literal["newest", "waiting"] = "newest"


@dataclasses.dataclass(frozen=True, slots=True)
class ConversationPage:
    items: tuple[ConversationView, ...]
    next: Cursor | None


@dataclasses.dataclass(frozen=True, slots=True)
class TimelinePage:
    items: tuple[TimelineItem, ...]
    next: tuple[dt.datetime, uuid.UUID] | None


async def list_conversations(
    tx: Tx, services: Services, scope: Scope, chosen: Filter, *, limit: int, after: Cursor | None
) -> ConversationPage:
    """List conversations that the viewer may see, newest or longest waiting first, `limit` at most."""
    scope.require("conversations.read")
    sql, args = _page_sql(tx.workspace_id, chosen, limit, after)
    rows = await tx.all(sql, *args)
    page = rows[:limit]
    views = await load_conversations(tx, services, scope, [row[0] for row in page])
    following = (page[-1][1], page[-1][0]) if len(rows) > limit else None
    return ConversationPage(tuple(views[row[0]] for row in page if row[0] in views), following)


def _page_sql(
    workspace_id: uuid.UUID, chosen: Filter, limit: int, after: Cursor | None
) -> tuple[str, list[Any]]:
    args: list[Any] = [workspace_id, list(chosen.statuses), limit + 1]

    def arg(value: Any) -> str:
        args.append(value)
        return f"${len(args)}"

    where = ["c.workspace_id = $1", "c.status = wanted.status", VISIBLE]
    if chosen.assignee == "none":
        where.append("c.assignee_id IS NULL")
    elif chosen.assignee is not None:
        where.append(f"c.assignee_id = {arg(chosen.assignee)}")
    for column, value in (
        ("team_id", chosen.team_id),
        ("inbox_id", chosen.inbox_id),
        ("contact_id", chosen.contact_id),
    ):
        if value is not None:
            where.append(f"c.{column} = {arg(value)}")
    if chosen.tag_id is not None:
        where.append(
            "EXISTS (SELECT 1 FROM app.conversation_tag ct WHERE ct.workspace_id = $1 "  # noqa: S608
            f"AND ct.conversation_id = c.id AND ct.tag_id = {arg(chosen.tag_id)})"
        )
    if chosen.text:
        where.append(_text_condition(chosen.text, arg))
    column, direction, compare = ("last_message_at", "DESC", "<")
    if chosen.sort == "waiting":
        column, direction, compare = ("waiting_since", "ASC", ">")
    if after is not None:
        where.append(_after_condition(column, compare, after, arg))
    order = f"{column} {direction}, id {direction}"
    # One short index scan for each status, merged: a list over several statuses never sorts them all.
    sql = f"""
    SELECT page.id, page.{column} FROM unnest($2::text[]) AS wanted (status)
    CROSS JOIN LATERAL (
        SELECT c.id, c.{column} FROM app.conversation c WHERE {" AND ".join(where)} ORDER BY c.{order.replace(" id", " c.id")}
        LIMIT $3) AS page
    ORDER BY page.{order.replace(" id", " page.id")} LIMIT $3
    """  # noqa: S608 - fixed words and $n only
    return sql, args


def _after_condition(column: str, compare: str, after: Cursor, arg: Any) -> str:
    moment, last_id = after
    if moment is None:
        return f"c.{column} IS NULL AND c.id > {arg(last_id)}"
    condition = f"(c.{column}, c.id) {compare} ({arg(moment)}, {arg(last_id)})"
    return condition if compare == "<" else f"({condition} OR c.{column} IS NULL)"


def _text_condition(text: str, arg: Any) -> str:
    # Names, addresses and tags lie in the open and can be looked through; what was said is sealed and cannot.
    stripped = text.strip().lstrip("#")
    if stripped.isdecimal() and len(stripped) < 7:
        return f"c.number = {arg(int(stripped))}"
    pattern = arg(_pattern(text.strip()))
    address = arg(_pattern(re.sub(r"[\s()+./-]", "", text) or text.strip()))
    return (
        "(EXISTS (SELECT 1 FROM app.contact p WHERE p.workspace_id = $1 AND p.id = c.contact_id "  # noqa: S608
        f"AND p.name ILIKE {pattern}) "
        "OR EXISTS (SELECT 1 FROM app.contact_identity i WHERE i.workspace_id = $1 AND i.contact_id = c.contact_id "
        f"AND (i.external_id ILIKE {address} OR i.username ILIKE {pattern})) "
        "OR EXISTS (SELECT 1 FROM app.conversation_tag ct JOIN app.tag t ON t.workspace_id = $1 AND t.id = ct.tag_id "
        f"WHERE ct.workspace_id = $1 AND ct.conversation_id = c.id AND t.name ILIKE {pattern}))"
    )


def _pattern(text: str) -> str:
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


_TIMELINE = f"""
SELECT kind, id, at FROM (
    (SELECT 'message' AS kind, m.id, m.sent_at AS at FROM app.message m
     WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND (m.sent_at, m.id) < ($3, $4)
     ORDER BY m.sent_at DESC, m.id DESC LIMIT $5)
    UNION ALL
    (SELECT 'note', n.id, n.created_at FROM app.note n
     WHERE n.workspace_id = $1 AND n.conversation_id = $2 AND (n.created_at, n.id) < ($3, $4)
     ORDER BY n.created_at DESC, n.id DESC LIMIT $5)
    UNION ALL
    (SELECT 'activity', a.id, a.created_at FROM app.activity a
     WHERE a.workspace_id = $1 AND a.conversation_id = $2 AND (a.created_at, a.id) < ($3, $4)
     ORDER BY a.created_at DESC, a.id DESC LIMIT $5)
) AS page
WHERE EXISTS (SELECT 1 FROM app.conversation c WHERE c.workspace_id = $1 AND c.id = $2 AND {VISIBLE})
ORDER BY at DESC, id DESC LIMIT $5
"""  # noqa: S608 - the policy is a constant of ours
_MESSAGES = f"""
SELECT m.id, m.sent_at FROM app.message m
WHERE m.workspace_id = $1 AND m.conversation_id = $2 AND (m.sent_at, m.id) < ($3, $4)
  AND EXISTS (SELECT 1 FROM app.conversation c WHERE c.workspace_id = $1 AND c.id = $2 AND {VISIBLE})
ORDER BY m.sent_at DESC, m.id DESC LIMIT $5
"""  # noqa: S608 - the policy is a constant of ours
_EXISTS = f"SELECT 1 FROM app.conversation c WHERE c.workspace_id = $1 AND c.id = $2 AND {VISIBLE}"  # noqa: S608
_END = (dt.datetime(9999, 1, 1, tzinfo=dt.UTC), uuid.UUID(int=2**128 - 1))


async def get_timeline(
    tx: Tx,
    services: Services,
    scope: Scope,
    conversation_id: uuid.UUID,
    *,
    limit: int,
    before: tuple[dt.datetime, uuid.UUID] | None,
) -> TimelinePage:
    """Read a page of messages, notes and activities, newest first. Raises `NotFoundError`."""
    await require_visible(tx, scope, conversation_id)
    moment, last_id = before or _END
    rows = await tx.all(_TIMELINE, tx.workspace_id, conversation_id, moment, last_id, limit + 1)
    page = rows[:limit]
    loaded: dict[uuid.UUID, TimelineItem] = {}
    loaded.update(await load_messages(tx, services, [r[1] for r in page if r[0] == "message"]))
    loaded.update(await load_notes(tx, services, [r[1] for r in page if r[0] == "note"]))
    loaded.update(await load_activities(tx, [r[1] for r in page if r[0] == "activity"]))
    following = (page[-1][2], page[-1][1]) if len(rows) > limit else None
    return TimelinePage(tuple(loaded[row[1]] for row in page if row[1] in loaded), following)


async def list_messages(
    tx: Tx,
    services: Services,
    scope: Scope,
    conversation_id: uuid.UUID,
    *,
    limit: int,
    before: tuple[dt.datetime, uuid.UUID] | None,
) -> tuple[Sequence[MessageView], tuple[dt.datetime, uuid.UUID] | None]:
    """Read what the contact wrote and was sent, newest first: never notes."""
    await require_visible(tx, scope, conversation_id)
    moment, last_id = before or _END
    rows = await tx.all(_MESSAGES, tx.workspace_id, conversation_id, moment, last_id, limit + 1)
    page = rows[:limit]
    loaded = await load_messages(tx, services, [row[0] for row in page])
    following = (page[-1][1], page[-1][0]) if len(rows) > limit else None
    return [loaded[row[0]] for row in page if row[0] in loaded], following


async def require_visible(tx: Tx, scope: Scope, conversation_id: uuid.UUID) -> None:
    """Raise `NotFoundError` unless the viewer may see this conversation."""
    scope.require("conversations.read")
    if await tx.value(_EXISTS, tx.workspace_id, conversation_id) is None:
        raise NotFoundError
