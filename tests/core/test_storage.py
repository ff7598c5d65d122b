import os
import signal
import subprocess
import sys
import textwrap
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import pytest

from parley.core.keystore import Key, KeyKind
from parley.core.sealed_files import FileSealer
from parley.core.sealing import Place
from parley.core.storage import FileMissingError, Storage, is_key, new_key

WORKSPACE = uuid.UUID(int=7)
A_KEY = new_key(WORKSPACE, uuid.UUID(int=0xAB))


async def chunks(*parts: bytes) -> AsyncIterator[bytes]:
    for part in parts:
        yield part


async def everything(storage: Storage, key: str, start: int = 0, end: int | None = None) -> bytes:
    return b"".join([chunk async for chunk in storage.read(key, start, end)])


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage(tmp_path / "files")


@pytest.mark.parametrize("size", [0, 1, 300_000, 20_000_000])
async def test_what_is_put_comes_back(storage: Storage, tmp_path: Path, size: int) -> None:
    content, key = os.urandom(size), new_key(WORKSPACE)
    assert await storage.put(key, chunks(content[:100], content[100:])) == size
    assert await storage.size(key) == size
    assert await everything(storage, key) == content
    assert files_below(tmp_path / "files") == [key]
    assert await storage.put(other := new_key(WORKSPACE), content) == size
    assert await everything(storage, other) == content


async def test_ranges_are_cut_to_the_file(storage: Storage) -> None:
    content, key = os.urandom(700_000), new_key(WORKSPACE)
    await storage.put(key, content)
    for start, end in (
        (0, 10),
        (5, 5),
        (699_999, 800_000),
        (300_000, None),
        (700_000, None),
        (900_000, 900_001),
    ):
        assert await everything(storage, key, start, end) == content[start:end]
    empty = new_key(WORKSPACE)
    await storage.put(empty, b"")
    assert await everything(storage, empty, 0, 10) == b""


async def test_what_is_missing_says_so_and_deletes_twice(storage: Storage) -> None:
    key = new_key(WORKSPACE)
    with pytest.raises(FileMissingError):
        await everything(storage, key)
    with pytest.raises(FileMissingError):
        await storage.size(key)
    await storage.delete(key)
    await storage.put(key, b"x")
    await storage.delete(key)
    await storage.delete(key)
    with pytest.raises(FileMissingError):
        await storage.size(key)


@pytest.mark.parametrize("failure", [RuntimeError("boom"), OSError("boom")])
async def test_a_source_that_fails_leaves_nothing(
    storage: Storage, tmp_path: Path, failure: Exception
) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"x" * 9_000_000
        raise failure

    key = new_key(WORKSPACE)
    with pytest.raises(type(failure), match="boom"):
        await storage.put(key, broken())
    with pytest.raises(FileMissingError):
        await storage.size(key)
    assert files_below(tmp_path / "files") == []


async def test_content_and_every_folder_are_synced_before_it_returns(
    storage: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    real = os.fsync

    def note(descriptor: int) -> None:
        synced.append(Path(f"/proc/self/fd/{descriptor}").readlink())
        real(descriptor)

    monkeypatch.setattr(os, "fsync", note)
    key = new_key(WORKSPACE)
    await storage.put(key, b"x")
    path = tmp_path / "files" / key
    assert synced == [path, path.parent, path.parent.parent, tmp_path / "files"]


KILLED = textwrap.dedent("""
    import asyncio, os, signal, sys
    from pathlib import Path
    from parley.core.storage import Storage

    async def endless():
        yield b"x" * 20_000_000
        yield b"x" * 20_000_000
        os.kill(os.getpid(), signal.SIGKILL)

    asyncio.run(Storage(Path(sys.argv[1])).put(sys.argv[2], endless()))
""")


async def test_what_a_kill_leaves_is_swept_up_and_nothing_else(storage: Storage, tmp_path: Path) -> None:
    folder, kept, killed = tmp_path / "files", new_key(WORKSPACE), new_key(WORKSPACE)
    await storage.put(kept, b"kept")
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), killed], check=False)  # noqa: ASYNC221
    assert ended.returncode == -signal.SIGKILL
    assert files_below(folder) == sorted([kept, f"{killed}#1"])
    with pytest.raises(FileMissingError):
        await storage.size(killed)
    assert [key async for key in storage.list_keys(WORKSPACE)] == [kept]
    assert await storage.sweep() == 0  # somebody may still be writing it
    an_hour_ago = time.time() - 3601
    os.utime(folder / f"{killed}#1", (an_hour_ago, an_hour_ago))
    os.utime(folder / kept, (an_hour_ago, an_hour_ago))
    assert await storage.sweep() == 1
    assert files_below(folder) == [kept]


async def test_a_workspace_can_be_emptied(storage: Storage) -> None:
    other = uuid.uuid4()
    mine = [new_key(WORKSPACE) for _ in range(5)]
    for key in (*mine, theirs := new_key(other)):
        await storage.put(key, b"x")
    assert sorted([key async for key in storage.list_keys(WORKSPACE)]) == sorted(mine)
    assert await storage.delete_all(WORKSPACE) == 5
    assert [key async for key in storage.list_keys(other)] == [theirs]


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a",
        "../../etc/passwd",
        f"{WORKSPACE}/00/../../../etc/passwd",
        f"{WORKSPACE}/{WORKSPACE}",
        f"{WORKSPACE}/zz/{WORKSPACE}",
        f"{WORKSPACE}/00/00000000-0000-0000-0000-0000000000ff",
        f"{A_KEY}#1",
        f"{A_KEY}\n",
        f"/{A_KEY}",
    ],
)
async def test_only_keys_of_ours_are_touched(storage: Storage, key: str) -> None:
    assert not is_key(key)
    for call in (storage.put(key, b"x"), storage.size(key), storage.delete(key), everything(storage, key)):
        with pytest.raises(ValueError, match="not a key"):
            await call


async def test_sealed_files_stream_through(storage: Storage) -> None:
    key = Key(uuid.uuid4(), WORKSPACE, KeyKind.CONTACT, uuid.uuid4(), os.urandom(32))
    file_id, plain = uuid.uuid4(), os.urandom(1_000_000)
    sealer = FileSealer(key, Place(WORKSPACE, "file", "object", file_id))
    name = new_key(WORKSPACE, file_id)
    size = await storage.put(name, sealer.seal_stream(chunks(plain[:400_000], plain[400_000:])))

    def source(start: int, end: int) -> AsyncGenerator[bytes, None]:
        return storage.read(name, start, end)

    found = b"".join([part async for part in sealer.unseal_stream(source, size, 300_000, 800_001)])
    assert found == plain[300_000:800_001]
