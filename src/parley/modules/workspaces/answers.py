"""The book of answers given to requests with an Idempotency-Key: sealed under the workspace's key, kept for a day."""

import dataclasses
import datetime as dt
import uuid

from sqlalchemy.exc import DBAPIError

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.keystore import KeyKind
from parley.core.sealing import Place, Sealer, Unreadable
from parley.core.web.answers import Answer, IdempotencyConflictError, IdempotencyInProgressError

KEPT = dt.timedelta(days=1)
_PATIENCE = "8s"
_LOCK_NOT_AVAILABLE = "55P03"


@dataclasses.dataclass(frozen=True, slots=True)
class Answers:
    """Keeps answers in the workspace that they belong to."""

    sealer: Sealer

    async def claim(self, tx: Tx, actor_id: uuid.UUID, key: str, request_hash: bytes) -> Answer | None:
        """Claim the key, or find the answer; a claim that another request holds is waited for."""
        moment = clock.now()
        await tx.run(
            "DELETE FROM app.idempotency_key WHERE workspace_id = $1 AND actor_id = $2 AND created_at < $3",
            tx.workspace_id,
            actor_id,
            moment - KEPT,
        )
        await tx.run(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        try:
            claimed = await tx.value(
                """INSERT INTO app.idempotency_key (workspace_id, actor_id, key, request_hash, created_at)
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING RETURNING true""",
                tx.workspace_id,
                actor_id,
                key,
                request_hash,
                moment,
            )
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise IdempotencyInProgressError(retry_after=3) from None
            raise
        await tx.run("SET LOCAL lock_timeout = DEFAULT")
        return None if claimed else await self._find(tx, actor_id, key, request_hash)

    async def keep(self, tx: Tx, actor_id: uuid.UUID, key: str, answer: Answer) -> None:
        """Seal the answer and keep it beside the claim."""
        place = _place(tx, actor_id, key)
        sealed = await self.sealer.seal_many(
            tx.workspace_id, KeyKind.WORKSPACE, [(tx.workspace_id, place, answer.body)]
        )
        await tx.run(
            """UPDATE app.idempotency_key SET status = $4, answer = $5
            WHERE workspace_id = $1 AND actor_id = $2 AND key = $3""",
            tx.workspace_id,
            actor_id,
            key,
            answer.status,
            sealed[0],
        )

    async def _find(self, tx: Tx, actor_id: uuid.UUID, key: str, request_hash: bytes) -> Answer:
        row = await tx.first(
            """SELECT request_hash, status, answer FROM app.idempotency_key
            WHERE workspace_id = $1 AND actor_id = $2 AND key = $3""",
            tx.workspace_id,
            actor_id,
            key,
        )
        if row is None:
            raise IdempotencyInProgressError(retry_after=1)
        if row.request_hash != request_hash:
            raise IdempotencyConflictError
        opened = await self.sealer.unseal_many(tx.workspace_id, [(_place(tx, actor_id, key), row.answer)])
        if isinstance(opened[0], Unreadable):
            raise IdempotencyConflictError
        return Answer(row.status, opened[0])


def _place(tx: Tx, actor_id: uuid.UUID, key: str) -> Place:
    return Place(tx.workspace_id, "app.idempotency_key", "answer", f"{actor_id}/{key}")
