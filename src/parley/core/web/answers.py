"""What is kept of an answer so that its repetition can be given: the port, and how it fails. No FastAPI here."""

import dataclasses
import uuid
from typing import Protocol

from parley.core.db.tx import Tx
from parley.core.errors import AppError


class IdempotencyConflictError(AppError):
    """The key was used for another request."""

    code = "idempotency_conflict"
    status = 409
    message = (
        "This Idempotency-Key was already used for a different request. Use a new key for a new request."
    )


class IdempotencyInProgressError(AppError):
    """The first request with this key has not ended within the time a repetition waits for it."""

    code = "idempotency_in_progress"
    status = 409
    message = (
        "The first request with this Idempotency-Key is still being worked on. Repeat it in a few seconds."
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What was answered once."""

    status: int
    body: bytes


class AnswerBook(Protocol):
    """Keeps answers for a day, per workspace and actor."""

    async def claim(self, tx: Tx, actor_id: uuid.UUID, key: str, request_hash: bytes) -> Answer | None:
        """Claim the key in this transaction, or find the answer that was given; raises the errors above."""
        ...

    async def keep(self, tx: Tx, actor_id: uuid.UUID, key: str, answer: Answer) -> None:
        """Keep the answer in the transaction of the claim."""
        ...
