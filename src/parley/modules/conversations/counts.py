"""How much is where: one statement, capped, so that a large workspace costs no more than a small one shows."""

from parley.core.db.tx import Tx
from parley.core.ids import NIL
from parley.core.scope import Scope
from parley.modules.conversations.policy import VISIBLE
from parley.modules.conversations.views import CountsView, InboxCount, TeamCount

CAP = 100
"""Shown as "99+"."""
_LOOK_AT = 2_000

_UNREAD = "c.arrived_n > greatest(c.answered_n, coalesce(r.last_read_n, 0))"
_OPEN = f"""
WITH looked AS (
    SELECT c.assignee_id, c.inbox_id, c.team_id, {_UNREAD} AS is_unread
    FROM (SELECT * FROM app.conversation c WHERE c.workspace_id = $1 AND c.status = 'open' AND {VISIBLE}
          ORDER BY c.last_message_at DESC, c.id DESC LIMIT {_LOOK_AT}) AS c
    LEFT JOIN app.read_mark r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.member_id = $2)
SELECT 'open' AS place, NULL::uuid AS id, count(*), count(*) FILTER (WHERE is_unread) FROM looked
UNION ALL SELECT 'unassigned', NULL, count(*), count(*) FILTER (WHERE is_unread) FROM looked WHERE assignee_id IS NULL
UNION ALL SELECT 'inbox', inbox_id, count(*), count(*) FILTER (WHERE is_unread) FROM looked GROUP BY inbox_id
UNION ALL SELECT 'team', team_id, count(*), count(*) FILTER (WHERE is_unread) FROM looked
          WHERE team_id IS NOT NULL GROUP BY team_id
UNION ALL (SELECT 'mine', NULL, count(*), count(*) FILTER (WHERE {_UNREAD}) FROM (
    SELECT * FROM app.conversation c WHERE c.workspace_id = $1 AND c.assignee_id = $2 AND c.status = 'open' AND {VISIBLE}
    LIMIT {_LOOK_AT}) AS c
    LEFT JOIN app.read_mark r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.member_id = $2)
UNION ALL SELECT 'pending', NULL, count(*), 0 FROM (SELECT 1 FROM app.conversation c
    WHERE c.workspace_id = $1 AND c.status = 'pending' AND {VISIBLE} LIMIT {CAP}) AS p
UNION ALL SELECT 'snoozed', NULL, count(*), 0 FROM (SELECT 1 FROM app.conversation c
    WHERE c.workspace_id = $1 AND c.status = 'snoozed' AND {VISIBLE} LIMIT {CAP}) AS s
"""  # noqa: S608 - constants of ours


async def count_conversations(tx: Tx, scope: Scope) -> CountsView:
    """Count the built-in places for this viewer; no number is above 100."""
    scope.require("conversations.read")
    rows = await tx.all(_OPEN, tx.workspace_id, scope.member_id or NIL)
    single = {row[0]: (min(row[2], CAP), min(row[3], CAP)) for row in rows if row[1] is None}
    zero = (0, 0)
    return CountsView(
        mine=single.get("mine", zero)[0],
        unassigned=single.get("unassigned", zero)[0],
        open=single.get("open", zero)[0],
        pending=single.get("pending", zero)[0],
        snoozed=single.get("snoozed", zero)[0],
        unread_mine=single.get("mine", zero)[1],
        unread_unassigned=single.get("unassigned", zero)[1],
        unread_open=single.get("open", zero)[1],
        inboxes=tuple(
            InboxCount(r[1], min(r[2], CAP), min(r[3], CAP)) for r in rows if r[0] == "inbox" and r[1]
        ),
        teams=tuple(TeamCount(r[1], min(r[2], CAP), min(r[3], CAP)) for r in rows if r[0] == "team" and r[1]),
    )
