"""The door for work: starts one worker process, which takes items in, numbers events, runs jobs. Holds no logic."""

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Coroutine
from typing import Any

import structlog
import uvloop

from parley.core.db.tx import is_disconnect
from parley.core.db.urls import role_url
from parley.core.jobs import JobRunner, enqueue
from parley.core.log import configure_logging
from parley.core.resources import Resources
from parley.core.settings import Settings
from parley.modules.ingest.day_keys import retire_day_keys
from parley.modules.ingest.dispatch import Dispatcher
from parley.modules.ingest.processing import Processor
from parley.modules.realtime.relay import Relay
from parley.opening import open_house
from parley.wiring import Wiring, workspaces

_TIDY_SECONDS = 3600.0

log = structlog.get_logger()


def main(settings: Settings) -> None:
    """Work until told to stop; what is under way then is finished or taken up by the next worker."""
    configure_logging(settings.log_level, strict=settings.mode != "production")
    uvloop.run(_work(settings))


async def _work(settings: Settings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    async with open_house(settings, name="worker") as resources:
        async with working(resources, Wiring(resources)) as ended:
            log.info("worker.ready")
            waits = [asyncio.create_task(event.wait()) for event in (stop, ended)]
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            for wait in waits:
                wait.cancel()
        if not stop.is_set():
            raise SystemExit(1)  # whoever supervises starts another


@contextlib.asynccontextmanager
async def working(resources: Resources, wiring: Wiring) -> AsyncIterator[asyncio.Event]:
    """Do all of a worker's work in the background while the context is open.

    Gives what is set when a part of the work ends by itself: then the process is of no use any more.
    """
    settings, key = resources.settings, resources.root_key
    processor = Processor(resources.database, resources.sealer, wiring.channels)
    runner = JobRunner(role_url(settings, "parley_dispatch", root_key=key), wiring.jobs())
    loops: list[Coroutine[Any, Any, None]] = [
        Dispatcher(role_url(settings, "parley_ingest", root_key=key), processor, resources.bell).run(),
        Relay(
            role_url(settings, "parley_dispatch", root_key=key),
            resources.database,
            resources.bell,
            wiring.handlers(),
        ).run(),
        runner.run(),
        _tidy_for_ever(resources, role_url(settings, "parley_ingest", root_key=key)),
    ]
    tasks = [asyncio.create_task(loop) for loop in loops]
    ended = asyncio.Event()

    def notice(task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            log.error("worker.part_ended", error=type(task.exception()).__name__)
        ended.set()

    for task in tasks:
        task.add_done_callback(notice)
    try:
        yield ended
    finally:
        for task in tasks:
            task.remove_done_callback(notice)
        await runner.stop()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _tidy_for_ever(resources: Resources, ingest_url: str) -> None:
    # Once an hour each workspace gets its tidying job; several workers enqueue it once between them.
    while True:
        try:
            for workspace_id in await workspaces(resources):
                async with resources.database.workspace_tx(workspace_id) as tx:
                    await enqueue(tx, "tidy", dedupe=f"tidy:{workspace_id}")
            await retire_day_keys(ingest_url, resources.keystore)
        except Exception as error:
            if not is_disconnect(error):
                log.exception("tidy.failed", error=type(error).__name__)
        await asyncio.sleep(_TIDY_SECONDS)
