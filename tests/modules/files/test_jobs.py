import asyncio
import datetime as dt
import os
import sys
import uuid
from collections.abc import AsyncIterator, Callable, Sequence

import asyncpg
import pytest
from tests.modules.files.conftest import Cabinet
from tests.modules.files.test_store import content

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.db.urls import role_url
from parley.core.errors import NotFoundError
from parley.core.ids import new_id
from parley.core.jobs import JobCall
from parley.core.storage import new_key
from parley.modules.files.jobs import FileJobs
from parley.modules.files.queries import get_file
from parley.modules.files.types import FileRef

HOUR = dt.timedelta(hours=1)
_CRASH = """
import asyncio, sys, uuid
from pathlib import Path
from parley.core.db.tx import open_database
from parley.core.keystore import KeyKind, open_key_store
from parley.core.sealing import Sealer
from parley.core.storage import Storage
from parley.modules.files.store import FileStore

async def main():
    url, root_key, folder, workspace = sys.argv[1], bytes.fromhex(sys.argv[2]), Path(sys.argv[3]), uuid.UUID(sys.argv[4])
    store = FileStore(Storage(folder / "files"), Sealer(await open_key_store(root_key, folder=folder)))
    async with open_database(url).workspace_tx(workspace) as tx:
        await store.save(tx, owner_kind=KeyKind.WORKSPACE, owner_id=workspace, chunks=b"x" * 600_000, name="a",
            declared_type=None, uploaded_by=None, max_bytes=10**6)
        print("saved", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


class World:
    """A cabinet whose files are in use as the test says, and the jobs that sweep it."""

    def __init__(self, cabinet: Cabinet) -> None:
        self.cabinet = cabinet
        self.used: set[uuid.UUID] = set()
        self.jobs = FileJobs(cabinet.house.database, cabinet.store, self._in_use)
        self.before_answer: Callable[[], None] = lambda: None

    async def _in_use(self, _tx: Tx, file_ids: Sequence[uuid.UUID]) -> set[uuid.UUID]:
        answer = self.used & set(file_ids)
        self.before_answer()
        return answer

    async def sweep(self) -> None:
        await self.jobs.sweep_files(JobCall(self.cabinet.workspace_id, {}, 0))

    async def discard(self, key: str) -> None:
        await self.jobs.discard_object(JobCall(self.cabinet.workspace_id, {"key": key}, 0))


@pytest.fixture
def world(cabinet: Cabinet) -> World:
    return World(cabinet)


@pytest.fixture
async def later() -> AsyncIterator[Callable[[dt.timedelta], None]]:
    """Give what moves the clock on from now."""
    with clock.frozen(dt.datetime.now(dt.UTC)) as move_on:
        yield move_on


async def test_exactly_what_nobody_refers_to_goes_after_a_day(
    world: World, later: Callable[[dt.timedelta], None]
) -> None:
    used, unused = await world.cabinet.save(content(500)), await world.cabinet.save(content(500))
    world.used = {used.id}
    later(23 * HOUR)
    fresh = await world.cabinet.save(content(500))
    await world.sweep()
    assert await world.cabinet.rows() == {used.id, unused.id, fresh.id}
    later(2 * HOUR)
    await world.sweep()
    assert await world.cabinet.rows() == {used.id, fresh.id}
    assert world.cabinet.objects() == {used.storage_key, fresh.storage_key}
    await world.sweep()
    assert (await world.cabinet.read(used.id))[1] == content(500)
    assert (await world.cabinet.read(fresh.id))[1] == content(500)


async def test_a_sweep_of_many_files_leaves_none_out(
    world: World, later: Callable[[dt.timedelta], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("actions", "jobs"):
        monkeypatch.setattr(f"parley.modules.files.{module}.BATCH", 3)
    refs = [await world.cabinet.save(content(100)) for _ in range(10)]
    world.used = {ref.id for ref in refs[::2]}
    later(25 * HOUR)
    await world.sweep()
    assert await world.cabinet.rows() == world.used
    assert world.cabinet.objects() == {ref.storage_key for ref in refs[::2]}


async def test_another_workspaces_files_are_left_alone(
    world: World, later: Callable[[dt.timedelta], None]
) -> None:
    ref = await world.cabinet.save(content(500))
    later(48 * HOUR)
    await world.jobs.sweep_files(JobCall(new_id(), {}, 0))
    assert (await world.cabinet.read(ref.id))[1] == content(500)


async def test_a_file_that_is_being_attached_is_left_alone(
    world: World, later: Callable[[dt.timedelta], None]
) -> None:
    ref = await world.cabinet.save(content(500))
    later(25 * HOUR)
    async with world.cabinet.house.database.workspace_tx(world.cabinet.workspace_id) as tx:
        await get_file(tx, world.cabinet.house.sealer, ref.id)
        await world.sweep()
    assert await world.cabinet.rows() == {ref.id}
    await world.sweep()
    assert await world.cabinet.rows() == set()
    async with world.cabinet.house.database.workspace_tx(world.cabinet.workspace_id) as tx:
        with pytest.raises(NotFoundError):
            await get_file(tx, world.cabinet.house.sealer, ref.id)


async def test_a_file_attached_while_the_sweep_looks_is_left_alone(
    world: World, later: Callable[[dt.timedelta], None]
) -> None:
    ref = await world.cabinet.save(content(500))
    later(25 * HOUR)
    world.before_answer = lambda: world.used.add(ref.id)  # committed right after the first look
    await world.sweep()
    assert await world.cabinet.rows() == {ref.id}


async def test_an_object_without_a_row_goes_after_an_hour(
    world: World, later: Callable[[dt.timedelta], None]
) -> None:
    kept = await world.cabinet.save(content(500))
    world.used = {kept.id}
    orphan = new_key(world.cabinet.workspace_id)
    await world.cabinet.house.storage.put(orphan, b"sealed")
    later(dt.timedelta(minutes=59))
    await world.sweep()
    assert world.cabinet.objects() == {kept.storage_key, orphan}
    later(dt.timedelta(minutes=2))
    await world.sweep()
    assert world.cabinet.objects() == {kept.storage_key}


async def test_what_a_killed_process_left_half_written_goes(world: World) -> None:
    ref = await world.cabinet.save(content(500))
    old, fresh = (world.cabinet.folder / f"{ref.storage_key}#{number}" for number in (1, 2))
    for path in (old, fresh):
        path.write_bytes(b"half")
    os.utime(old, (0, 0))
    await world.sweep()
    assert world.cabinet.objects() == {ref.storage_key, f"{ref.storage_key}#2"}


async def test_the_old_object_of_an_adopted_file_is_discarded(
    world: World, superuser: asyncpg.Connection
) -> None:
    old = await world.cabinet.save(content(500))
    new = await world.cabinet.adopt(old.id, new_id())
    assert world.cabinet.objects() == {old.storage_key, new.storage_key}
    jobs = await superuser.fetch("SELECT convert_from(payload, 'utf8') FROM jobs.pgqueuer")
    assert [old.storage_key in job[0] for job in jobs] == [True]
    for _ in range(2):
        await world.discard(old.storage_key)
    assert world.cabinet.objects() == {new.storage_key}
    assert (await world.cabinet.read(new.id))[1] == content(500)


async def test_an_object_that_a_row_knows_is_never_discarded(world: World) -> None:
    ref = await world.cabinet.save(content(500))
    await world.discard(ref.storage_key)
    assert (await world.cabinet.read(ref.id))[1] == content(500)


async def test_an_adoption_that_was_rolled_back_discards_nothing(
    world: World, superuser: asyncpg.Connection
) -> None:
    ref = await world.cabinet.save(content(500))
    with pytest.raises(LookupError):
        await _adopt_and_fail(world, ref)
    assert await superuser.fetchval("SELECT count(*) FROM jobs.pgqueuer") == 0
    assert await world.cabinet.read(ref.id) == (ref, content(500))


async def _adopt_and_fail(world: World, ref: FileRef) -> None:
    async with world.cabinet.house.database.workspace_tx(world.cabinet.workspace_id) as tx:
        await world.cabinet.store.adopt(tx, ref.id, new_id())
        raise LookupError


async def test_a_kill_between_object_and_commit_leaves_nothing_for_long(
    world: World, later: Callable[[dt.timedelta], None]
) -> None:
    house, workspace = world.cabinet.house, world.cabinet.workspace_id
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        _CRASH,
        role_url(house.settings, "parley_app", root_key=house.root_key),
        house.root_key.derive("key store").hex(),
        str(house.settings.data),
        str(workspace),
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    async with asyncio.timeout(30):
        assert await process.stdout.readline() == b"saved\n"
        process.kill()
        await process.wait()
    assert await world.cabinet.rows() == set()
    assert len(world.cabinet.objects()) == 1
    later(2 * HOUR)
    await world.sweep()
    assert world.cabinet.objects() == set()
