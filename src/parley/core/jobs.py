"""Work that must happen, outside the request: enqueued in the transaction of the fact, run by a worker with retries.

The queue is PGQueuer in its own schema. Payloads carry a workspace's id and ids of rows, never content. What is
noted of a failure is the kind of error, never its text.
"""

import asyncio
import dataclasses
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import asyncpg
import orjson
import structlog
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context, Job
from pgqueuer.domain.settings import DBSettings

from parley.core.bell import JOBS
from parley.core.db.tx import Tx
from parley.core.errors import AppError

SETTINGS = DBSettings(db_schema="jobs")
_ENQUEUE = QueryQueueBuilder(SETTINGS).build_enqueue_query(on_conflict="skip")
_HEARTBEAT = dt.timedelta(seconds=6)
_DEQUEUE = dt.timedelta(seconds=2)
_BATCH = 10
_CONCURRENT = 40

log = structlog.get_logger()

Handler = Callable[["JobCall"], Awaitable[None]]


@dataclasses.dataclass(frozen=True, slots=True)
class JobCall:
    """One run of a job: the workspace, its arguments (ids), and how many runs failed before."""

    workspace_id: uuid.UUID
    args: Mapping[str, Any]
    failures: int

    def id(self, name: str) -> uuid.UUID:
        """Read an argument that is an id."""
        return uuid.UUID(self.args[name])


@dataclasses.dataclass(frozen=True, slots=True)
class JobKind:
    """A kind of job: its name, what runs it, how many run at once, how often it is tried before it is held."""

    name: str
    handler: Handler
    concurrency: int = 0
    max_attempts: int = 8


class JobLaterError(Exception):
    """Raised by a handler that wants to be run again after `seconds`; not a failure."""

    def __init__(self, seconds: float) -> None:
        super().__init__("later")
        self.seconds = seconds


class JobFailedError(AppError):
    """What the queue notes of a failed run: the kind of error alone, so that no content reaches its log."""

    code = "job_failed"
    status = 500


async def enqueue(
    tx: Tx,
    name: str,
    /,
    *,
    delay: float = 0.0,
    priority: int = 0,
    dedupe: str | None = None,
    **args: Any,
) -> None:
    """Enqueue a job in this transaction: it exists exactly if the transaction commits.

    `delay` in seconds; `dedupe` keeps a second one out while a first with the same word is waiting or running.
    """
    await enqueue_many(tx, name, [args], delay=delay, priority=priority, dedupe=dedupe)


async def enqueue_many(
    tx: Tx,
    name: str,
    calls: Sequence[Mapping[str, Any]],
    *,
    delay: float = 0.0,
    priority: int = 0,
    dedupe: str | None = None,
) -> None:
    """Enqueue one job for each of these arguments, in one statement."""
    if not calls:
        return
    n = len(calls)
    await tx.run(
        _ENQUEUE,
        [priority] * n,
        [name] * n,
        [
            orjson.dumps({"workspace": str(tx.workspace_id), "args": dict(args)}, default=str)
            for args in calls
        ],
        [dt.timedelta(seconds=delay)] * n,
        [dedupe] * n,
        [None] * n,
    )
    tx.ring(JOBS)


class JobRunner:
    """Runs jobs of the known kinds until stopped. Meant to live in a worker process that is supervised."""

    def __init__(self, url: str, kinds: Mapping[str, JobKind]) -> None:
        self._url = url
        self._kinds = kinds
        self._manager: QueueManager | None = None

    async def run(self) -> None:
        """Run until `stop`; starts again by itself when the database comes back."""
        delay = 0.2
        while True:
            try:
                await self._run_once()
            except (
                OSError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                RuntimeError,
                TimeoutError,
            ) as error:
                log.warning("jobs.interrupted", error=type(error).__name__)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 5.0)
            else:
                return

    def stop(self) -> None:
        """Take no more jobs and let the running ones end."""
        if self._manager is not None:
            self._manager.shutdown.set()

    async def _run_once(self) -> None:
        connection = await asyncpg.connect(self._url, server_settings={"application_name": "jobs"})
        try:
            driver = AsyncpgDriver(connection)
            manager = QueueManager(_queries(driver))
            for kind in self._kinds.values():
                manager.register_executor(kind.name, _executor(kind))
            self._manager = manager
            await manager.run(
                dequeue_timeout=_DEQUEUE,
                batch_size=_BATCH,
                max_concurrent_tasks=_CONCURRENT,
                heartbeat_timeout=_HEARTBEAT,
                shutdown_on_listener_failure=True,
            )
        finally:
            await connection.close(timeout=2)


def _queries(driver: AsyncpgDriver) -> Queries:
    return Queries(
        driver,
        QueryBuilderEnvironment(SETTINGS),
        QueryQueueBuilder(SETTINGS),
        QuerySchedulerBuilder(SETTINGS),
    )


def _executor(kind: JobKind) -> DatabaseRetryEntrypointExecutor:
    async def run(job: Job, _context: Context) -> None:
        data = orjson.loads(job.payload or b"{}")
        call = JobCall(uuid.UUID(data["workspace"]), data["args"], job.attempts)
        try:
            await kind.handler(call)
        except JobLaterError as later:
            raise RetryRequested(delay=dt.timedelta(seconds=later.seconds), reason="later") from None
        except Exception as error:
            log.warning(
                "job.failed",
                kind=kind.name,
                failures=job.attempts + 1,
                error=type(error).__name__,
                code=getattr(error, "code", None),
            )
            raise JobFailedError(type(error).__name__) from None

    return DatabaseRetryEntrypointExecutor(
        parameters=EntrypointExecutorParameters(
            func=run, concurrency_limit=kind.concurrency, accepts_context=True, on_failure="hold"
        ),
        max_attempts=kind.max_attempts,
        initial_delay=dt.timedelta(seconds=1),
        max_delay=dt.timedelta(minutes=5),
    )
