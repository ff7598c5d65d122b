import dataclasses
import os
import uuid
from collections.abc import AsyncGenerator, Iterable
from pathlib import Path

import pytest

from parley.core.keystore import Key, KeyKind, open_key_store
from parley.core.sealed_files import (
    HEADER,
    SEALED_SEGMENT,
    SEGMENT,
    FileSealer,
    RangeReader,
    key_id_of_file,
    open_file,
    plain_size,
    sealed_range,
    sealed_size,
)
from parley.core.sealing import Place, Sealer, TamperedError, Unreadable, UnreadableReason

WORKSPACE = uuid.UUID(int=7)
KEY = Key(uuid.UUID(int=1), WORKSPACE, KeyKind.CONTACT, uuid.UUID(int=2), bytes(range(32)))
PLACE = Place(WORKSPACE, "file", "object", uuid.UUID(int=5))
FILE = FileSealer(KEY, PLACE)
SIZES = [0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT, 2 * SEGMENT + 12345]


async def stream(parts: Iterable[bytes]) -> AsyncGenerator[bytes, None]:
    for part in parts:
        yield part


def reader(sealed: bytes, seen: list[tuple[int, int]] | None = None, step: int = 100_003) -> RangeReader:
    def read(start: int, end: int) -> AsyncGenerator[bytes, None]:
        if seen is not None:
            seen.append((start, end))
        piece = sealed[start:end]
        return stream(piece[at : at + step] for at in range(0, len(piece), step))

    return read


async def seal_file(plain: bytes, sealer: FileSealer = FILE, step: int = 70_001) -> bytes:
    parts = (plain[at : at + step] for at in range(0, len(plain), step))
    return b"".join([chunk async for chunk in sealer.seal_stream(stream(parts))])


async def unseal_file(
    sealed: bytes, start: int = 0, end: int | None = None, sealer: FileSealer = FILE
) -> bytes:
    chunks = sealer.unseal_stream(reader(sealed), len(sealed), start, end)
    return b"".join([chunk async for chunk in chunks])


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("step", [SEGMENT, 1_000_000, 70_001])
async def test_what_is_sealed_comes_back(size: int, step: int) -> None:
    plain = os.urandom(size)
    sealed = await seal_file(plain, step=step)
    assert len(sealed) == sealed_size(size)
    assert plain_size(len(sealed)) == size
    assert key_id_of_file(sealed[:HEADER]) == KEY.id
    assert await unseal_file(sealed) == plain


@pytest.mark.parametrize("size", SIZES)
async def test_any_range_can_be_read(size: int) -> None:
    plain = os.urandom(size)
    sealed = await seal_file(plain)
    edges = sorted(
        {0, 1, 5, SEGMENT - 1, SEGMENT, SEGMENT + 1, size - 1, size, size + 9} & set(range(size + 10))
    )
    for start in edges:
        for end in (None, *edges):
            assert await unseal_file(sealed, start, end) == plain[start:end]


async def test_a_range_reads_only_the_segments_it_needs() -> None:
    plain = os.urandom(10 * SEGMENT + 7)
    sealed = await seal_file(plain)
    seen: list[tuple[int, int]] = []
    start, end = 4 * SEGMENT + 10, 5 * SEGMENT + 1
    chunks = FILE.unseal_stream(reader(sealed, seen), len(sealed), start, end)
    assert b"".join([chunk async for chunk in chunks]) == plain[start:end]
    assert seen == [(0, HEADER), (HEADER + 4 * SEALED_SEGMENT, HEADER + 6 * SEALED_SEGMENT)]
    assert sealed_range(start, end, len(plain)) == seen[1]


async def damaged(sealed: bytes) -> None:
    with pytest.raises(TamperedError):
        await unseal_file(sealed)


async def test_cutting_is_detected_wherever_it_is_done() -> None:
    sealed = await seal_file(os.urandom(3 * SEGMENT))
    for size in (
        len(sealed) - 1,
        HEADER + 2 * SEALED_SEGMENT,
        HEADER + SEALED_SEGMENT,
        HEADER + 16,
        HEADER,
        10,
        0,
    ):
        await damaged(sealed[:size])
    await damaged(sealed + b"x" * 20)
    await damaged(sealed + sealed[HEADER : HEADER + SEALED_SEGMENT])


async def test_a_source_that_ends_early_is_detected() -> None:
    sealed = await seal_file(os.urandom(SEGMENT * 2))
    cut = reader(sealed[: HEADER + SEALED_SEGMENT])
    with pytest.raises(TamperedError):
        _ = [chunk async for chunk in FILE.unseal_stream(cut, len(sealed))]


async def test_reordering_and_repeating_are_detected() -> None:
    sealed = await seal_file(os.urandom(4 * SEGMENT))
    header = sealed[:HEADER]
    parts = [sealed[HEADER + n * SEALED_SEGMENT : HEADER + (n + 1) * SEALED_SEGMENT] for n in range(4)]
    for order in ((1, 0, 2, 3), (0, 1, 1, 3), (0, 2, 1, 3), (0, 1, 3, 2)):
        await damaged(header + b"".join(parts[n] for n in order))


async def test_segments_and_headers_of_another_file_are_detected() -> None:
    one, two = await seal_file(os.urandom(2 * SEGMENT)), await seal_file(os.urandom(2 * SEGMENT))
    middle = HEADER + SEALED_SEGMENT
    await damaged(one[:middle] + two[middle:])
    await damaged(two[:HEADER] + one[HEADER:])


async def test_the_same_content_never_looks_the_same() -> None:
    # The nonces are the segments' indexes, so every file must have a key of its own.
    one, two = await seal_file(bytes(1000)), await seal_file(bytes(1000))
    assert one[HEADER : HEADER + 32] != two[HEADER : HEADER + 32]


async def test_a_flipped_bit_is_detected_and_what_came_before_is_genuine() -> None:
    plain = os.urandom(3 * SEGMENT)
    sealed = bytearray(await seal_file(plain))
    sealed[HEADER + SEALED_SEGMENT + 5] ^= 1
    got = b""
    with pytest.raises(TamperedError):  # noqa: PT012 - what came before the failure counts
        async for chunk in FILE.unseal_stream(reader(bytes(sealed)), len(sealed)):
            got += chunk
    assert got == plain[:SEGMENT]
    for at in range(HEADER):
        broken = bytearray(sealed)
        broken[at] ^= 1
        await damaged(bytes(broken))


async def test_a_file_opens_in_its_own_place_only() -> None:
    sealed = await seal_file(b"hello")
    for place in (
        dataclasses.replace(PLACE, row_id=uuid.UUID(int=6)),
        dataclasses.replace(PLACE, workspace_id=uuid.UUID(int=8)),
    ):
        with pytest.raises(TamperedError):
            await unseal_file(sealed, sealer=FileSealer(KEY, place))


@pytest.mark.parametrize(
    "size", [0, HEADER, HEADER + 15, HEADER + SEALED_SEGMENT + 3, HEADER + SEALED_SEGMENT + 16]
)
def test_impossible_sizes_are_refused(size: int) -> None:
    with pytest.raises(TamperedError):
        plain_size(size)


async def test_a_file_of_an_erased_contact_says_so(tmp_path: Path) -> None:
    store = await open_key_store(bytes(range(32)), folder=tmp_path)
    person = uuid.uuid4()
    key = await store.get_or_create(WORKSPACE, KeyKind.CONTACT, person)
    sealed = await seal_file(b"a photo", FileSealer(key, PLACE))
    opened = await open_file(Sealer(store), WORKSPACE, PLACE, reader(sealed))
    assert isinstance(opened, FileSealer)
    assert await unseal_file(sealed, sealer=opened) == b"a photo"
    await store.destroy_subject(WORKSPACE, KeyKind.CONTACT, person)
    opened = await open_file(Sealer(store), WORKSPACE, PLACE, reader(sealed))
    assert opened == Unreadable(UnreadableReason.KEY_DESTROYED)
    foreign = await open_file(Sealer(store), WORKSPACE, PLACE, reader(await seal_file(b"x")))
    assert foreign == Unreadable(UnreadableReason.KEY_MISSING)
    await store.aclose()
