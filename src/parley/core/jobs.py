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
from pgqueuer.adapters.persistence.composer import ComposedQuery
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.executors import DatabaseRetryEntrypointExecutor, EntrypointExecutorParameters
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Context, Job, TracebackRecord
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
_CONNECT_SECONDS = 10.0
_FIRST_DELAY = 0.1
_LONGEST_DELAY = 5.0
_STEADY_SECONDS = 10.0
_DEATHS_FORGIVEN = 4
"""Workers may be killed for reasons of their own: so often more than it may fail, a job may end with its worker."""
_CANCELS = 20
_WAITED = "waited"
_CLAIM = "SET status = 'picked',"
_AGAIN = """
UPDATE jobs.pgqueuer SET status = 'queued', execute_after = now() + $2::interval, updated = now(),
       queue_manager_id = NULL, attempts = greatest(attempts - $3::int, 0) WHERE id = $1::bigint
"""

log = structlog.get_logger()

Handler = Callable[["JobCall"], Awaitable[None]]


@dataclasses.dataclass(frozen=True, slots=True)
class JobCall:
    """One run of a job: the workspace, its arguments (ids), and how many runs failed or never came to an end before."""

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
    """Raised by a handler that wants to be run again after `seconds`; not a failure.

    With `counts` the run is one of the `failures` that the next one is told of; without, it only waited.
    """

    def __init__(self, seconds: float, *, counts: bool = True) -> None:
        super().__init__("later")
        self.seconds = seconds
        self.counts = counts


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
        self._turns: set[_Turn] = set()
        self._stopped = asyncio.Event()

    async def run(self) -> None:
        """Run until `stop`; when its connection is lost it goes on with another at once, and the running jobs end."""
        delay = _FIRST_DELAY
        loop = asyncio.get_running_loop()
        while not self._stopped.is_set():
            began = loop.time()
            try:
                turn = await self._open()
                await turn.over()
            except Exception as error:  # whatever it was: without this loop nothing is ever sent
                log.warning("jobs.interrupted", error=type(error).__name__)
            if self._stopped.is_set():
                return
            delay = _FIRST_DELAY if loop.time() - began > _STEADY_SECONDS else min(delay * 2, _LONGEST_DELAY)
            await asyncio.sleep(delay)

    async def stop(self, patience: float = 5.0) -> None:
        """Take no more jobs, let the running ones end for `patience` seconds, and leave the rest to another worker."""
        self._stopped.set()
        turns = list(self._turns)
        for turn in turns:
            turn.manager.shutdown.set()
        if turns:
            await asyncio.wait([turn.task for turn in turns], timeout=patience)
        for turn in turns:
            # A job that is broken off has to stay in the queue, so from here on nothing may be noted there.
            turn.connection.terminate()
        for _ in range(
            _CANCELS
        ):  # the first one may only end the wait for jobs, the next one reaches those that run
            if not (left := [turn.task for turn in turns if not turn.task.done()]):
                return
            for task in left:
                task.cancel()
            await asyncio.wait(left, timeout=0.2)

    async def _open(self) -> "_Turn":
        connection = await asyncpg.connect(
            self._url, timeout=_CONNECT_SECONDS, server_settings={"application_name": "jobs"}
        )
        manager = QueueManager(_queries(AsyncpgDriver(connection)))
        for kind in self._kinds.values():
            manager.register_executor(kind.name, _executor(kind))
        turn = _Turn(connection, manager)
        if self._stopped.is_set():
            manager.shutdown.set()
        self._turns.add(turn)
        turn.task.add_done_callback(lambda _: self._turns.discard(turn))
        return turn


class _Turn:
    """One connection's time of running jobs. Its jobs may outlive the connection, and end in the background then."""

    def __init__(self, connection: "asyncpg.Connection[asyncpg.Record]", manager: QueueManager) -> None:
        self.connection = connection
        self.manager = manager
        self._lost = asyncio.Event()
        connection.add_termination_listener(lambda _: self._lost.set())
        self.task = asyncio.create_task(self._run(), name="jobs")

    async def over(self) -> None:
        """Return when it ended or its connection is lost; raises what ended it."""
        lost = asyncio.create_task(self._lost.wait())
        try:
            await asyncio.wait({self.task, lost}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            lost.cancel()
        if self.task.done():
            self.task.result()
        else:
            self.manager.shutdown.set()
            log.warning("jobs.connection_lost")

    async def _run(self) -> None:
        try:
            await self.manager.run(
                dequeue_timeout=_DEQUEUE,
                batch_size=_BATCH,
                max_concurrent_tasks=_CONCURRENT,
                heartbeat_timeout=_HEARTBEAT,
                shutdown_on_listener_failure=True,
            )
        except Exception:
            if not self._lost.is_set():
                raise
        finally:
            self.connection.terminate()


class _CountingQueue(QueryQueueBuilder):
    """Counts a run when it starts: what ends its worker never gets as far as being counted afterwards."""

    def build_dequeue_query(self, **options: Any) -> ComposedQuery:
        composed = super().build_dequeue_query(**options)
        if composed.sql.count(_CLAIM) != 1:
            raise RuntimeError("PGQueuer claims jobs in another way than this was written for.")
        return ComposedQuery(
            composed.sql.replace(_CLAIM, f"{_CLAIM} attempts = attempts + 1,"), composed.args
        )


class _Queries(Queries):
    async def retry_job(
        self, job: Job, delay: dt.timedelta, traceback_record: TracebackRecord | None
    ) -> None:
        """Put a job back. Its run is counted already; one that only waited is uncounted again."""
        context = (traceback_record and traceback_record.additional_context) or {}
        await self.driver.execute(_AGAIN, job.id, delay, int(context.get("reason") == _WAITED))


def _queries(driver: AsyncpgDriver) -> Queries:
    return _Queries(
        driver,
        QueryBuilderEnvironment(SETTINGS),
        _CountingQueue(SETTINGS),
        QuerySchedulerBuilder(SETTINGS),
    )


def _executor(kind: JobKind) -> DatabaseRetryEntrypointExecutor:
    async def run(job: Job, _context: Context) -> None:
        if job.attempts > kind.max_attempts + _DEATHS_FORGIVEN:
            log.error("job.kills_workers", kind=kind.name, starts=job.attempts)
            raise JobFailedError("started too often")
        data = orjson.loads(job.payload or b"{}")
        call = JobCall(uuid.UUID(data["workspace"]), data["args"], job.attempts - 1)
        try:
            await kind.handler(call)
        except JobLaterError as later:
            reason = "later" if later.counts else _WAITED
            raise RetryRequested(delay=dt.timedelta(seconds=later.seconds), reason=reason) from None
        except Exception as error:
            log.warning(
                "job.failed",
                kind=kind.name,
                failures=job.attempts,
                error=type(error).__name__,
                code=getattr(error, "code", None),
            )
            raise JobFailedError(type(error).__name__) from None

    return DatabaseRetryEntrypointExecutor(
        parameters=EntrypointExecutorParameters(
            func=run, concurrency_limit=kind.concurrency, accepts_context=True, on_failure="hold"
        ),
        max_attempts=kind.max_attempts,
        initial_delay=dt.timedelta(seconds=0.5),
        max_delay=dt.timedelta(minutes=5),
    )
