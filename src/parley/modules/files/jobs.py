"""The jobs that keep the storage free of what nobody needs; both may run at any time, any number of times."""

import uuid

import structlog

from parley.core.db.tx import Database
from parley.core.ids import NIL
from parley.core.jobs import JobCall, JobKind
from parley.core.storage import is_key
from parley.modules.files.actions import BATCH, InUse, find_orphans, sweep
from parley.modules.files.store import DISCARD, FileStore

SWEEP = "sweep_files"

log = structlog.get_logger()


class FileJobs:
    """Runs `sweep_files`, to be enqueued for each workspace now and then, and `discard_object`."""

    def __init__(self, database: Database, files: FileStore, in_use: InUse) -> None:
        self._database = database
        self._files = files
        self._in_use = in_use

    def kinds(self) -> tuple[JobKind, ...]:
        """Name the jobs and what runs them."""
        return (
            JobKind(SWEEP, self.sweep_files, concurrency=1),
            JobKind(DISCARD, self.discard_object, concurrency=2),
        )

    async def sweep_files(self, call: JobCall) -> None:
        """Delete a workspace's files that nothing refers to, its objects without a row, and what a crash left behind."""
        removed = 0
        after: uuid.UUID | None = NIL
        while after is not None:
            async with self._database.workspace_tx(call.workspace_id) as tx:
                count, after = await sweep(tx, self._in_use, after)
            removed += count
        keys = [key async for key in self._files.storage.list_keys(call.workspace_id) if is_key(key)]
        orphans = 0
        for start in range(0, len(keys), BATCH):
            orphans += await self._delete_orphans(call.workspace_id, keys[start : start + BATCH])
        await self._files.storage.sweep()
        if removed or orphans:
            log.info("files.swept", workspace=str(call.workspace_id), files=removed, objects=orphans)

    async def discard_object(self, call: JobCall) -> None:
        """Delete one object that a row has let go of."""
        await self._delete_orphans(call.workspace_id, [call.args["key"]], is_old=True)

    async def _delete_orphans(self, workspace_id: uuid.UUID, keys: list[str], *, is_old: bool = False) -> int:
        async with self._database.workspace_tx(workspace_id) as tx:
            orphans = await find_orphans(tx, keys, is_old=is_old)
        for key in orphans:
            await self._files.storage.delete(key)
        return len(orphans)
