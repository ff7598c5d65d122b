"""Connecting, mending and disconnecting inboxes; and what the pipelines notice about their health."""

import uuid
from collections.abc import Mapping, Sequence

import orjson

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.ids import new_id
from parley.core.keystore import KeyKind
from parley.core.scope import Scope
from parley.core.sealing import Sealer
from parley.modules.audit.actions import record
from parley.modules.inboxes.errors import InboxCheckFailedError, InboxTakenError
from parley.modules.inboxes.queries import settings_place
from parley.modules.inboxes.types import CheckResult


async def connect_inbox(
    tx: Tx,
    scope: Scope,
    sealer: Sealer,
    *,
    channel: str,
    app: str,
    name: str,
    settings: Mapping[str, str],
    checked: CheckResult,
) -> uuid.UUID:
    """Store a connected inbox and its route; `checked` is the vendor's yes to these settings.

    Raises `InboxCheckFailedError` when it was a no, `InboxTakenError` when the number has a route already.
    """
    scope.require("inboxes.manage")
    if not checked.is_ok or checked.external_id is None:
        raise InboxCheckFailedError(
            problems=[{"code": p.code, "message": p.message, "field": p.field} for p in checked.problems]
        )
    taken = await tx.value("SELECT directory.find_route($1, $2, $3)", channel, app, checked.external_id)
    if taken:
        raise InboxTakenError
    inbox_id = new_id()
    sealed = await _seal(tx, sealer, inbox_id, settings)
    await tx.run(
        """INSERT INTO app.inbox (workspace_id, id, channel, app, name, external_id, state, display, settings, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, 'connected', $7::jsonb, $8, $9)""",
        tx.workspace_id,
        inbox_id,
        channel,
        app,
        name,
        checked.external_id,
        orjson.dumps(dict(checked.display)).decode(),
        sealed,
        clock.now(),
    )
    await tx.run("SELECT directory.connect($1, $2, $3, $4)", channel, app, checked.external_id, inbox_id)
    await record(tx, scope, "inbox.connected", "inbox", inbox_id, channel=channel)
    await tx.emit(("inbox.connected", {"inbox": inbox_id}))
    return inbox_id


async def change_inbox(
    tx: Tx,
    scope: Scope,
    sealer: Sealer,
    inbox_id: uuid.UUID,
    *,
    name: str | None = None,
    settings: Mapping[str, str] | None = None,
    checked: CheckResult | None = None,
) -> None:
    """Rename an inbox, or give it new settings that the vendor has accepted."""
    scope.require("inboxes.manage")
    if (
        await tx.value(
            "SELECT 1 FROM app.inbox WHERE workspace_id = $1 AND id = $2 AND disconnected_at IS NULL FOR UPDATE",
            tx.workspace_id,
            inbox_id,
        )
        is None
    ):
        raise NotFoundError
    if name is not None:
        await tx.run(
            "UPDATE app.inbox SET name = $3 WHERE workspace_id = $1 AND id = $2",
            tx.workspace_id,
            inbox_id,
            name,
        )
    if settings is not None:
        sealed = await _seal(tx, sealer, inbox_id, settings)
        await tx.run(
            "UPDATE app.inbox SET settings = $3 WHERE workspace_id = $1 AND id = $2",
            tx.workspace_id,
            inbox_id,
            sealed,
        )
    if checked is not None:
        await note_check(tx, inbox_id, checked)
    await record(tx, scope, "inbox.changed", "inbox", inbox_id)
    await tx.emit(("inbox.changed", {"inbox": inbox_id}))


async def disconnect_inbox(tx: Tx, scope: Scope, inbox_id: uuid.UUID) -> None:
    """Disconnect: the route and the credentials are gone with this transaction; what was said stays."""
    scope.require("inboxes.manage")
    found = await tx.value(
        """UPDATE app.inbox SET disconnected_at = $3, settings = NULL, state = 'disconnected', state_code = NULL,
               state_message = NULL
        WHERE workspace_id = $1 AND id = $2 AND disconnected_at IS NULL RETURNING id""",
        tx.workspace_id,
        inbox_id,
        clock.now(),
    )
    if found is None:
        raise NotFoundError
    await tx.run("SELECT directory.disconnect($1)", inbox_id)
    await record(tx, scope, "inbox.disconnected", "inbox", inbox_id)
    await tx.emit(("inbox.disconnected", {"inbox": inbox_id}))


async def note_check(tx: Tx, inbox_id: uuid.UUID, checked: CheckResult) -> None:
    """Keep what a live check found."""
    problem = checked.problems[0] if checked.problems else None
    changed = await tx.value(
        """UPDATE app.inbox SET state = $3, state_code = $4, state_message = $5,
               display = CASE WHEN $6::jsonb = '{}'::jsonb THEN display ELSE $6::jsonb END
        WHERE workspace_id = $1 AND id = $2 AND state <> 'disconnected' RETURNING id""",
        tx.workspace_id,
        inbox_id,
        "needs_attention" if problem else "connected",
        problem.code if problem else None,
        problem.message if problem else None,
        orjson.dumps(dict(checked.display)).decode(),
    )
    if changed is not None:
        await tx.emit(("inbox.changed", {"inbox": inbox_id}))


async def note_problem(tx: Tx, inbox_id: uuid.UUID, code: str, message: str) -> None:
    """Keep that the channel is broken until somebody mends it; tells the screens once."""
    changed = await tx.value(
        """UPDATE app.inbox SET state = 'needs_attention', state_code = $3, state_message = $4
        WHERE workspace_id = $1 AND id = $2 AND state <> 'disconnected'
          AND (state_code IS DISTINCT FROM $3 OR state <> 'needs_attention') RETURNING id""",
        tx.workspace_id,
        inbox_id,
        code,
        message,
    )
    if changed is not None:
        await tx.emit(("inbox.changed", {"inbox": inbox_id}))


async def note_traffic(tx: Tx, received: Sequence[uuid.UUID] = (), sent: Sequence[uuid.UUID] = ()) -> None:
    """Keep when an inbox last received or sent, to the half minute: health, not accounting."""
    for column, inbox_ids in (("received_at", received), ("sent_at", sent)):
        if inbox_ids:
            await tx.run(
                f"""UPDATE app.inbox SET {column} = $3 WHERE workspace_id = $1 AND id = ANY($2::uuid[])
                AND ({column} IS NULL OR {column} < $3::timestamptz - interval '30 seconds')""",  # noqa: S608 - two fixed words
                tx.workspace_id,
                sorted(set(inbox_ids)),
                clock.now(),
            )


async def _seal(tx: Tx, sealer: Sealer, inbox_id: uuid.UUID, settings: Mapping[str, str]) -> bytes:
    place = settings_place(tx.workspace_id, inbox_id)
    values = [(tx.workspace_id, place, orjson.dumps(dict(settings)))]
    (sealed,) = await sealer.seal_many(tx.workspace_id, KeyKind.WORKSPACE, values)
    return sealed
