"""Reads conversations whole, by their ids, for one viewer."""

import uuid
from collections import defaultdict
from collections.abc import Sequence

from parley.core import clock
from parley.core.db.tx import Record, Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope
from parley.modules.conversations.authors import name_authors
from parley.modules.conversations.load_messages import open_bodies, preview_of
from parley.modules.conversations.policy import VISIBLE
from parley.modules.conversations.services import Services
from parley.modules.conversations.types import Window, WindowRule
from parley.modules.conversations.views import ContactName, ConversationView, LastMessage, Named, TagView

_ROWS = f"""
SELECT c.id, c.number, c.status, c.snoozed_until, c.inbox_id, c.contact_id, c.assignee_id, c.team_id, c.priority,
       c.arrived_n, c.answered_n, c.last_message_at, c.last_inbound_at, c.waiting_since, c.last_message_id,
       c.created_at, c.closed_at, c.previous_id, i.channel, i.state AS inbox_state, p.name AS contact_name,
       p.restricted_at, a.display_name AS assignee_name, t.name AS team_name, r.last_read_n,
       m.direction, m.kind, m.author_type, m.author_id, m.body, m.revoked_at, d.state AS delivery_state
FROM app.conversation c
JOIN app.inbox i ON i.workspace_id = $1 AND i.id = c.inbox_id
JOIN app.contact p ON p.workspace_id = $1 AND p.id = c.contact_id
LEFT JOIN app.member a ON a.workspace_id = $1 AND a.id = c.assignee_id
LEFT JOIN app.team t ON t.workspace_id = $1 AND t.id = c.team_id
LEFT JOIN app.read_mark r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.member_id = $3
LEFT JOIN app.message m ON m.workspace_id = $1 AND m.id = c.last_message_id
LEFT JOIN app.delivery d ON d.workspace_id = $1 AND d.message_id = c.last_message_id
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[]) AND {VISIBLE}
"""  # noqa: S608 - the policy is a constant of ours
_TAGS = """
SELECT ct.conversation_id, t.id, t.name, t.color FROM app.conversation_tag ct
JOIN app.tag t ON t.workspace_id = $1 AND t.id = ct.tag_id
WHERE ct.workspace_id = $1 AND ct.conversation_id = ANY($2::uuid[]) ORDER BY t.name
"""
_NIL = uuid.UUID(int=0)
DISCONNECTED = Window(
    is_open=False,
    closes_at=None,
    allowed=WindowRule.NOTHING,
    code="inbox_disconnected",
    message="This inbox is disconnected, so nothing can be sent. An admin can connect it again under Channels.",
)


async def load_conversations(
    tx: Tx, services: Services, scope: Scope, ids: Sequence[uuid.UUID]
) -> dict[uuid.UUID, ConversationView]:
    """Read these conversations as far as the viewer may see them; the others are not in the answer."""
    scope.require("conversations.read")
    if not ids:
        return {}
    rows = await tx.all(_ROWS, tx.workspace_id, list(ids), scope.member_id or _NIL)
    tags: defaultdict[uuid.UUID, list[TagView]] = defaultdict(list)
    for row in await tx.all(_TAGS, tx.workspace_id, list(ids)):
        tags[row[0]].append(TagView(row[1], row[2], row[3]))
    bodies = await open_bodies(tx, services, [(r.last_message_id, r.body) for r in rows if r.last_message_id])
    authors = await name_authors(tx, {(r.author_type, r.author_id) for r in rows if r.author_type})

    def last(row: Record) -> LastMessage | None:
        if row.last_message_id is None or row.direction is None:
            return None
        preview = None if row.revoked_at else preview_of(bodies[row.last_message_id])
        author = authors[(row.author_type, row.author_id)]
        return LastMessage(row.last_message_id, row.direction, row.kind, author, preview, row.delivery_state)

    return {row.id: _view(row, services, tuple(tags[row.id]), last(row)) for row in rows}


async def get_conversation(
    tx: Tx, services: Services, scope: Scope, conversation_id: uuid.UUID
) -> ConversationView:
    """Read one conversation, or raise `NotFoundError`."""
    found = await load_conversations(tx, services, scope, [conversation_id])
    if conversation_id not in found:
        raise NotFoundError
    return found[conversation_id]


def unread(arrived_n: int, answered_n: int, last_read_n: int | None) -> int:
    """Count what arrived after the viewer's own read mark and after the team's last answer."""
    return max(0, arrived_n - max(answered_n, last_read_n or 0))


def _view(
    row: Record, services: Services, tags: tuple[TagView, ...], last: LastMessage | None
) -> ConversationView:
    transport = services.transports.get(row.channel)
    window = DISCONNECTED
    if transport is not None and row.inbox_state != "disconnected":
        window = transport.window(row.last_inbound_at, clock.now())
    return ConversationView(
        id=row.id,
        number=row.number,
        status=row.status,
        snoozed_until=row.snoozed_until,
        inbox_id=row.inbox_id,
        channel=row.channel,
        contact=ContactName(row.contact_id, row.contact_name),
        assignee=None if row.assignee_id is None else Named(row.assignee_id, row.assignee_name or ""),
        team=None if row.team_id is None else Named(row.team_id, row.team_name or ""),
        tags=tags,
        priority=row.priority,
        unread_count=unread(row.arrived_n, row.answered_n, row.last_read_n),
        arrived_count=row.arrived_n,
        last_message_at=row.last_message_at,
        waiting_since=row.waiting_since,
        last_message=last,
        window=window,
        is_restricted=row.restricted_at is not None,
        created_at=row.created_at,
        closed_at=row.closed_at,
        previous_id=row.previous_id,
    )
