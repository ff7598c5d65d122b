"""What only the file can promise: other processes, nothing left on disk, and a durable commit before the answer."""

import asyncio
import signal
import sqlite3
import subprocess
import sys
import textwrap
import uuid
from pathlib import Path

import pytest

from parley.core.keystore import KeyKind, KeyStoreDamagedError, open_key_store

ROOT = bytes(range(32))
OTHER_PROCESS = textwrap.dedent("""
    import asyncio, sys, uuid
    from pathlib import Path
    from parley.core.keystore import KeyKind, open_key_store
    from parley.core.sealing import Place, Sealer, Unreadable

    async def main(folder, workspace, person):
        store = await open_key_store(bytes(range(32)), folder=Path(folder))
        sealer, place = Sealer(store), Place(workspace, "message", "body", person)
        key = await store.get_or_create(workspace, KeyKind.CONTACT, person)
        [blob] = await sealer.seal_many(workspace, KeyKind.CONTACT, [(person, place, b"hello")])
        print(key.id, flush=True)
        for line in sys.stdin:
            [out] = await sealer.unseal_many(workspace, [(place, blob)])
            print(out.reason if isinstance(out, Unreadable) else out.decode(), flush=True)
        await store.aclose()

    asyncio.run(main(sys.argv[1], *map(uuid.UUID, sys.argv[2:])))
""")


def start(folder: Path, workspace: uuid.UUID, person: uuid.UUID) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_PROCESS, str(folder), str(workspace), str(person)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


async def test_another_process_with_a_warm_cache_loses_the_key_at_once(tmp_path: Path) -> None:
    workspace, person = uuid.uuid4(), uuid.uuid4()
    store = await open_key_store(ROOT, folder=tmp_path)
    mine = await store.get_or_create(workspace, KeyKind.CONTACT, person)
    with start(tmp_path, workspace, person) as other:
        assert other.stdin is not None
        assert other.stdout is not None

        def ask() -> str:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdin.write("again\n")
            other.stdin.flush()
            return other.stdout.readline().strip()

        assert await asyncio.to_thread(other.stdout.readline) == f"{mine.id}\n"
        assert [await asyncio.to_thread(ask) for _ in range(2)] == ["hello", "hello"]
        assert await store.destroy_subject(workspace, KeyKind.CONTACT, person) == [mine.id]
        assert await asyncio.to_thread(ask) == "key_destroyed"
        other.stdin.close()
    assert other.returncode == 0
    await store.aclose()


async def test_a_key_that_was_returned_outlives_kill_9(tmp_path: Path) -> None:
    workspace, person = uuid.uuid4(), uuid.uuid4()
    with start(tmp_path, workspace, person) as other:
        assert other.stdout is not None
        key_id = uuid.UUID((await asyncio.to_thread(other.stdout.readline)).strip())
        other.send_signal(signal.SIGKILL)
    store = await open_key_store(ROOT, folder=tmp_path)
    assert list(await store.find_many(workspace, [key_id])) == [key_id]
    await store.aclose()


def wrapped_keys(folder: Path) -> dict[uuid.UUID, bytes]:
    with sqlite3.connect(folder / "keys.sqlite") as connection:
        rows = connection.execute("SELECT id, wrapped FROM keys").fetchall()
    connection.close()
    return {uuid.UUID(bytes=key_id): wrapped for key_id, wrapped in rows}


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_nothing_of_a_destroyed_key_stays_on_disk(tmp_path: Path) -> None:
    workspace = uuid.uuid4()
    people = [uuid.uuid4() for _ in range(400)]
    store = await open_key_store(ROOT, folder=tmp_path)
    for start_at in range(0, 400, 40):
        keys = await store.ensure_many(workspace, KeyKind.CONTACT, people[start_at : start_at + 40])
    keys = await store.ensure_many(workspace, KeyKind.CONTACT, people)
    before = wrapped_keys(tmp_path)
    doomed = people[::7]
    for person in doomed:
        await store.destroy_subject(workspace, KeyKind.CONTACT, person)
    disk = on_disk(tmp_path)
    assert not [person for person in doomed if before[keys[person].id] in disk]
    spared = set(people) - set(doomed)
    assert all(before[keys[person].id] in disk for person in spared)
    await store.aclose()


async def test_no_secret_lies_open_in_the_files(tmp_path: Path) -> None:
    store = await open_key_store(ROOT, folder=tmp_path)
    key = await store.get_or_create(uuid.uuid4(), KeyKind.CONTACT, uuid.uuid4())
    disk = on_disk(tmp_path)
    assert key._secret not in disk
    assert ROOT not in disk
    await store.aclose()


async def test_swapped_rows_are_refused(tmp_path: Path) -> None:
    workspace = uuid.uuid4()
    store = await open_key_store(ROOT, folder=tmp_path)
    a = await store.get_or_create(workspace, KeyKind.CONTACT, uuid.uuid4())
    b = await store.get_or_create(workspace, KeyKind.CONTACT, uuid.uuid4())
    await store.aclose()
    wrapped = wrapped_keys(tmp_path)
    connection = sqlite3.connect(tmp_path / "keys.sqlite")
    for to, source in ((a, b), (b, a)):
        connection.execute("UPDATE keys SET wrapped = ? WHERE id = ?", (wrapped[source.id], to.id.bytes))
    connection.commit()
    connection.close()
    store = await open_key_store(ROOT, folder=tmp_path)
    with pytest.raises(KeyStoreDamagedError):
        await store.find_many(workspace, [a.id])
    await store.aclose()


async def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    store = await open_key_store(ROOT, folder=tmp_path / "keys")
    await store.get_or_create(uuid.uuid4(), KeyKind.CONTACT, uuid.uuid4())
    assert oct((tmp_path / "keys").stat().st_mode & 0o777) == "0o700"
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()}
    assert modes == {0o600}
    await store.aclose()


async def test_the_generation_is_read_while_another_process_writes(tmp_path: Path) -> None:
    store = await open_key_store(ROOT, folder=tmp_path)
    before = await store.generation()
    writer = sqlite3.connect(tmp_path / "keys.sqlite", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE state SET generation = generation + 1")
    assert await store.generation() == before  # not yet committed, and not waited for
    writer.execute("COMMIT")
    assert await store.generation() == before + 1
    writer.close()
    await store.aclose()


async def test_every_commit_reaches_the_disk(tmp_path: Path) -> None:
    store = await open_key_store(ROOT, folder=tmp_path)
    rows = store._rows
    connection = getattr(rows, "_writer")  # noqa: B009 - private on purpose
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "secure_delete")
    }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}
    await store.aclose()
    # The last one that leaves folds the log in.
    assert names(tmp_path) == ["keys.sqlite"]
