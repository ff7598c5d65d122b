"""What members do with a conversation's state: assign, prioritise, tag, close, snooze, read. The only writer of it."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from parley.core import clock
from parley.core.db.tx import Record, Tx
from parley.core.encoding import json_bytes
from parley.core.errors import InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.jobs import enqueue
from parley.core.scope import SYSTEM, Actor, Scope
from parley.modules.audit.actions import record
from parley.modules.conversations.errors import SnoozeInPastError
from parley.modules.conversations.policy import VISIBLE

PRIORITIES = ("none", "low", "high", "urgent")

_LOCK = f"""
SELECT c.id, c.status, c.assignee_id, c.team_id, c.priority, c.inbox_id, c.contact_id, c.identity_id, c.arrived_n,
       c.thread_key, c.last_inbound_at
FROM app.conversation c WHERE c.workspace_id = $1 AND c.id = $2 AND {VISIBLE} FOR UPDATE
"""  # noqa: S608 - the policy is a constant of ours
_ACTIVITY = """
INSERT INTO app.activity (workspace_id, id, conversation_id, author_type, author_id, verb, data, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)
"""
_LATER_OPEN = """
SELECT 1 FROM app.conversation WHERE workspace_id = $1 AND inbox_id = $2 AND thread_key = $3 AND status <> 'closed'
"""


async def lock_conversation(tx: Tx, scope: Scope, conversation_id: uuid.UUID) -> Record:
    """Lock a conversation that the scope may change, or raise `NotFoundError`."""
    row = await tx.first(_LOCK, tx.workspace_id, conversation_id)
    if row is None or not scope.may("conversations.read"):
        raise NotFoundError
    return row


async def assign(tx: Tx, scope: Scope, conversation_id: uuid.UUID, member_id: uuid.UUID | None) -> None:
    """Give the next step to a member, or to nobody. Doing it twice changes nothing."""
    scope.require("conversations.write")
    row = await lock_conversation(tx, scope, conversation_id)
    if row.assignee_id == member_id:
        return
    if member_id is not None and not await tx.value(
        "SELECT 1 FROM app.member WHERE workspace_id = $1 AND id = $2 AND is_active",
        tx.workspace_id,
        member_id,
    ):
        raise InvalidError(fields={"member_id": "This member does not exist or is deactivated."})
    await _set(tx, conversation_id, "assignee_id", member_id)
    verb = "unassigned" if member_id is None else "assigned"
    await _note(tx, scope.actor, conversation_id, verb, {"member_id": member_id or row.assignee_id})
    await tx.emit(
        (
            f"conversation.{verb}",
            {"conversation": conversation_id, "member": member_id, "previous": row.assignee_id},
        )
    )


async def set_team(tx: Tx, scope: Scope, conversation_id: uuid.UUID, team_id: uuid.UUID | None) -> None:
    """Put a conversation into a team's queue, or into none."""
    scope.require("conversations.write")
    row = await lock_conversation(tx, scope, conversation_id)
    if row.team_id == team_id:
        return
    if team_id is not None and not await tx.value(
        "SELECT 1 FROM app.team WHERE workspace_id = $1 AND id = $2", tx.workspace_id, team_id
    ):
        raise InvalidError(fields={"team_id": "This team does not exist."})
    await _set(tx, conversation_id, "team_id", team_id)
    await _note(tx, scope.actor, conversation_id, "team_set", {"team_id": team_id})
    await _changed(tx, conversation_id)


async def set_priority(tx: Tx, scope: Scope, conversation_id: uuid.UUID, priority: str) -> None:
    """Say how urgent a conversation is."""
    scope.require("conversations.write")
    row = await lock_conversation(tx, scope, conversation_id)
    if row.priority == priority:
        return
    if priority not in PRIORITIES:
        raise InvalidError(fields={"priority": "Use none, low, high or urgent."})
    await _set(tx, conversation_id, "priority", priority)
    await _note(tx, scope.actor, conversation_id, "priority_set", {"priority": priority})
    await _changed(tx, conversation_id)


async def set_tags(tx: Tx, scope: Scope, conversation_id: uuid.UUID, tag_ids: Sequence[uuid.UUID]) -> None:
    """Make these exactly the conversation's tags."""
    scope.require("conversations.write")
    await lock_conversation(tx, scope, conversation_id)
    wanted = sorted(set(tag_ids))
    known = await tx.value(
        "SELECT count(*) FROM app.tag WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        tx.workspace_id,
        wanted,
    )
    if known != len(wanted):
        raise InvalidError(fields={"tag_ids": "One of these tags does not exist."})
    removed = await tx.run(
        """DELETE FROM app.conversation_tag
        WHERE workspace_id = $1 AND conversation_id = $2 AND tag_id <> ALL($3::uuid[])""",
        tx.workspace_id,
        conversation_id,
        wanted,
    )
    added = await tx.run(
        """INSERT INTO app.conversation_tag (workspace_id, conversation_id, tag_id)
        SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING""",
        tx.workspace_id,
        conversation_id,
        wanted,
    )
    if removed.rowcount or added.rowcount:
        await _note(tx, scope.actor, conversation_id, "tags_set", {"tag_ids": wanted})
        await _changed(tx, conversation_id)


async def close(tx: Tx, scope: Scope, conversation_id: uuid.UUID) -> None:
    """Close: nobody waits any more. A new message within seven days opens it again."""
    scope.require("conversations.write")
    row = await lock_conversation(tx, scope, conversation_id)
    if row.status == "closed":
        return
    await tx.run(
        """UPDATE app.conversation SET status = 'closed', closed_at = $3, waiting_since = NULL, snoozed_until = NULL,
               answered_n = arrived_n WHERE workspace_id = $1 AND id = $2""",
        tx.workspace_id,
        conversation_id,
        clock.now(),
    )
    await _note(tx, scope.actor, conversation_id, "closed", {})
    await tx.emit(("conversation.closed", {"conversation": conversation_id}))


async def reopen(tx: Tx, scope: Scope, conversation_id: uuid.UUID) -> None:
    """Open a closed, snoozed or pending conversation again. A thread that went on elsewhere keeps its newer one."""
    scope.require("conversations.write")
    row = await lock_conversation(tx, scope, conversation_id)
    if row.status == "open":
        return
    keeps_thread = True
    if row.status == "closed" and row.thread_key is not None:
        keeps_thread = not await tx.value(_LATER_OPEN, tx.workspace_id, row.inbox_id, row.thread_key)
    await tx.run(
        """UPDATE app.conversation SET status = 'open', closed_at = NULL, snoozed_until = NULL,
               thread_key = CASE WHEN $3 THEN thread_key END WHERE workspace_id = $1 AND id = $2""",
        tx.workspace_id,
        conversation_id,
        keeps_thread,
    )
    await _note(tx, scope.actor, conversation_id, "reopened", {})
    await tx.emit(("conversation.reopened", {"conversation": conversation_id}))


async def snooze(tx: Tx, scope: Scope, conversation_id: uuid.UUID, until: dt.datetime) -> None:
    """Put aside until a moment, or until the contact writes. Raises `SnoozeInPastError`."""
    scope.require("conversations.write")
    row = await lock_conversation(tx, scope, conversation_id)
    if until <= clock.now():
        raise SnoozeInPastError
    if row.status == "closed":
        raise InvalidError("A closed conversation cannot be snoozed. Reopen it first.")
    await tx.run(
        "UPDATE app.conversation SET status = 'snoozed', snoozed_until = $3 WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        conversation_id,
        until,
    )
    await _note(tx, scope.actor, conversation_id, "snoozed", {"until": until.isoformat()})
    await tx.emit(("conversation.snoozed", {"conversation": conversation_id}))
    delay = (until - clock.now()).total_seconds()
    await enqueue(tx, "wake_conversation", delay=delay, conversation=conversation_id)


async def wake(tx: Tx, conversation_id: uuid.UUID) -> None:
    """Bring back a conversation whose snooze has ended; does nothing before that or when somebody was faster."""
    woken = await tx.value(
        """UPDATE app.conversation SET status = 'open', snoozed_until = NULL
        WHERE workspace_id = $1 AND id = $2 AND status = 'snoozed' AND snoozed_until <= $3 RETURNING id""",
        tx.workspace_id,
        conversation_id,
        clock.now(),
    )
    if woken is not None:
        await _note(tx, SYSTEM, conversation_id, "woke", {})
        await tx.emit(("conversation.woke", {"conversation": conversation_id}))


async def mark_read(tx: Tx, scope: Scope, conversation_id: uuid.UUID, *, is_read: bool = True) -> None:
    """Move the member's read mark to the end, or back by one message; tells the contact once where the channel can."""
    row = await lock_conversation(tx, scope, conversation_id)
    if scope.member_id is None:
        return
    upto = row.arrived_n if is_read else max(0, row.arrived_n - 1)
    changed = await tx.value(
        """INSERT INTO app.read_mark AS r (workspace_id, conversation_id, member_id, last_read_n)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (workspace_id, conversation_id, member_id) DO UPDATE SET last_read_n = excluded.last_read_n
        WHERE r.last_read_n <> excluded.last_read_n RETURNING last_read_n""",
        tx.workspace_id,
        conversation_id,
        scope.member_id,
        upto,
    )
    if not is_read:
        await tx.run(
            "UPDATE app.conversation SET answered_n = least(answered_n, $3) WHERE workspace_id = $1 AND id = $2",
            tx.workspace_id,
            conversation_id,
            upto,
        )
    if changed is not None or not is_read:
        await _changed(tx, conversation_id)
    if changed is not None and is_read:
        await enqueue(tx, "mark_read", dedupe=f"read:{conversation_id}:{upto}", conversation=conversation_id)


async def delete_conversation(tx: Tx, scope: Scope, conversation_id: uuid.UUID) -> None:
    """Delete a conversation with everything said in it, for ever."""
    scope.require("conversations.delete")
    await lock_conversation(tx, scope, conversation_id)
    await enqueue(tx, "sweep_files")
    await tx.run(
        "DELETE FROM app.conversation WHERE workspace_id = $1 AND id = $2", tx.workspace_id, conversation_id
    )
    await record(tx, scope, "conversation.deleted", "conversation", conversation_id)
    await tx.emit(("conversation.deleted", {"conversation": conversation_id}))


async def _set(tx: Tx, conversation_id: uuid.UUID, column: str, value: Any) -> None:
    await tx.run(
        f"UPDATE app.conversation SET {column} = $3 WHERE workspace_id = $1 AND id = $2",  # noqa: S608
        tx.workspace_id,
        conversation_id,
        value,
    )


async def _note(tx: Tx, actor: Actor, conversation_id: uuid.UUID, verb: str, data: Mapping[str, Any]) -> None:
    activity_id = new_id()
    await tx.run(
        _ACTIVITY,
        tx.workspace_id,
        activity_id,
        conversation_id,
        actor.type,
        actor.id,
        verb,
        json_bytes(dict(data)).decode(),
        clock.now(),
    )
    await tx.emit(("activity.added", {"activity": activity_id, "conversation": conversation_id}))


async def _changed(tx: Tx, conversation_id: uuid.UUID) -> None:
    await tx.emit(("conversation.changed", {"conversation": conversation_id}))
