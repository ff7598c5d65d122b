import random
import shutil
from collections.abc import AsyncGenerator

import asyncpg
import pytest
from tests.modules.files.conftest import PDF, Cabinet, pieces

from parley.core.errors import NotFoundError
from parley.core.ids import new_id
from parley.core.keystore import KeyDestroyedError, KeyKind
from parley.core.sealed_files import SEALED_SEGMENT, SEGMENT
from parley.core.sealing import TamperedError
from parley.core.settings import Settings
from parley.core.storage import FileMissingError
from parley.modules.files.errors import FileErasedError, FileTooLargeError, FileTypeRefusedError
from parley.modules.files.queries import find_files
from parley.modules.files.types import FileRef

SIZES = [len(PDF), SEGMENT - 1, SEGMENT, SEGMENT + 1, 3 * SEGMENT + 17]


def content(size: int, seed: int = 1) -> bytes:
    return PDF + random.Random(seed).randbytes(size - len(PDF))


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_saved_comes_back_with_its_name(cabinet: Cabinet, size: int) -> None:
    saved = await cabinet.save(content(size), "Angebot für Zoë.pdf")
    ref, read = await cabinet.read(saved.id)
    assert read == content(size)
    assert (ref.name, ref.media_type, ref.size) == ("Angebot für Zoë.pdf", "application/pdf", size)
    assert ref == saved


async def test_an_empty_file_without_a_name_is_a_file_too(cabinet: Cabinet) -> None:
    saved = await cabinet.save(b"", None)
    ref, read = await cabinet.read(saved.id)
    assert (ref.name, ref.media_type, ref.size, read) == (None, "application/octet-stream", 0, b"")


async def test_neither_the_storage_nor_the_database_holds_content_or_name(
    cabinet: Cabinet, settings: Settings, superuser: asyncpg.Connection
) -> None:
    secret, name = b"The patient's diagnosis is a secret. " * 20_000, "diagnosis-of-mrs-ito.txt"
    ref = await cabinet.save(secret, name)
    stored = b"".join(path.read_bytes() for path in cabinet.folder.rglob("*") if path.is_file())
    assert len(stored) > len(secret)
    for rows in ("SELECT * FROM app.file", "SELECT * FROM app.outbox", "SELECT * FROM jobs.pgqueuer"):
        stored += repr(await superuser.fetch(rows)).encode()
    dump = await _dump(superuser)
    assert str(ref.id).encode() in dump
    for marker in (b"diagnosis", b"secret. The patient", b"mrs-ito"):
        assert marker not in stored
        assert marker not in dump
        assert marker.hex().encode() not in dump


async def _dump(superuser: asyncpg.Connection) -> bytes:
    tables = await superuser.fetch(
        "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog')"
    )
    parts = [await superuser.fetch(f"SELECT t::text FROM {table[0]} t") for table in tables]
    return repr(parts).encode()


async def test_objects_that_were_swapped_are_refused(cabinet: Cabinet) -> None:
    one = await cabinet.save(content(SEGMENT + 9, 1))
    two = await cabinet.save(content(SEGMENT + 9, 2))
    first, second = cabinet.path(one).read_bytes(), cabinet.path(two).read_bytes()
    cabinet.path(one).write_bytes(second)
    cabinet.path(two).write_bytes(first)
    for ref in (one, two):
        with pytest.raises(TamperedError):
            await cabinet.read(ref.id)


async def test_an_older_object_of_the_same_file_is_refused(cabinet: Cabinet) -> None:
    old = await cabinet.save(content(5000))
    new = await cabinet.adopt(old.id, new_id())
    shutil.copy(cabinet.path(old), cabinet.path(new))
    with pytest.raises(TamperedError):
        await cabinet.store.open_range(cabinet.workspace_id, new)


@pytest.mark.parametrize("left", [0, 1, 40, 50, 50 + SEALED_SEGMENT, 50 + 2 * SEALED_SEGMENT, -1])
async def test_a_truncated_object_is_refused_before_its_first_byte(cabinet: Cabinet, left: int) -> None:
    ref = await cabinet.save(content(3 * SEGMENT))
    whole = cabinet.path(ref).read_bytes()
    cabinet.path(ref).write_bytes(whole[:left])
    with pytest.raises(TamperedError):
        await cabinet.store.open_range(cabinet.workspace_id, ref)


async def test_a_row_that_tells_another_size_is_refused(
    cabinet: Cabinet, superuser: asyncpg.Connection
) -> None:
    ref = await cabinet.save(content(5000))
    await superuser.execute("UPDATE app.file SET size = 4999")
    with pytest.raises(TamperedError):
        await cabinet.read(ref.id)


async def test_a_missing_object_is_not_found(cabinet: Cabinet) -> None:
    ref = await cabinet.save(content(500))
    cabinet.path(ref).unlink()
    with pytest.raises(FileMissingError):
        await cabinet.read(ref.id)


async def test_another_workspace_does_not_see_the_file(cabinet: Cabinet) -> None:
    ref = await cabinet.save(content(500))
    async with cabinet.house.database.workspace_tx(new_id()) as tx:
        assert await find_files(tx, cabinet.house.sealer, [ref.id]) == {}
        with pytest.raises(NotFoundError):
            await cabinet.store.read(tx, ref.id)


async def test_more_bytes_than_allowed_leave_nothing(cabinet: Cabinet) -> None:
    assert (await cabinet.save(content(1_000_000), max_bytes=1_000_000)).size == 1_000_000
    before = cabinet.objects()
    for size in (1_000_001, 30_000_000):
        with pytest.raises(FileTooLargeError) as caught:
            await cabinet.save(content(size), max_bytes=1_000_000)
        assert (caught.value.code, caught.value.status) == ("file_too_large", 413)
    assert cabinet.objects() == before
    assert len(await cabinet.rows()) == 1


async def test_the_cap_ends_the_reading_of_the_source(cabinet: Cabinet) -> None:
    taken = 0

    async def endless() -> AsyncGenerator[bytes, None]:
        nonlocal taken
        while True:
            taken += 50_000
            yield PDF + bytes(49_991)

    with pytest.raises(FileTooLargeError):
        await _put(cabinet, endless(), max_bytes=1_000_000)
    assert taken <= 1_050_000


async def test_a_source_that_breaks_off_leaves_nothing(cabinet: Cabinet) -> None:
    async def broken() -> AsyncGenerator[bytes, None]:
        yield content(20_000_000)
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await _put(cabinet, broken())
    assert cabinet.objects() == set()


async def _put(cabinet: Cabinet, chunks: AsyncGenerator[bytes, None], max_bytes: int = 10**8) -> None:
    await cabinet.store.put(
        cabinet.workspace_id,
        owner_kind=KeyKind.WORKSPACE,
        owner_id=cabinet.workspace_id,
        chunks=chunks,
        name=None,
        declared_type=None,
        uploaded_by=None,
        max_bytes=max_bytes,
    )


async def test_a_refused_type_leaves_nothing(cabinet: Cabinet) -> None:
    with pytest.raises(FileTypeRefusedError):
        await cabinet.save(b"\x7fELF" + bytes(100_000), "holiday.jpg", declared="image/jpeg")
    assert cabinet.objects() == set()
    assert await cabinet.rows() == set()


async def test_a_rolled_back_transaction_leaves_an_object_and_no_row(cabinet: Cabinet) -> None:
    with pytest.raises(LookupError):
        await _save_and_fail(cabinet)
    assert await cabinet.rows() == set()
    assert len(cabinet.objects()) == 1


async def _save_and_fail(cabinet: Cabinet) -> None:
    async with cabinet.house.database.workspace_tx(cabinet.workspace_id) as tx:
        await cabinet.store.save(
            tx,
            owner_kind=KeyKind.WORKSPACE,
            owner_id=cabinet.workspace_id,
            chunks=pieces(content(5000)),
            name=None,
            declared_type=None,
            uploaded_by=None,
            max_bytes=10_000,
        )
        raise LookupError


async def test_an_upload_is_added_in_its_own_workspace_alone(cabinet: Cabinet) -> None:
    upload = await cabinet.store.put(
        cabinet.workspace_id,
        owner_kind=KeyKind.WORKSPACE,
        owner_id=cabinet.workspace_id,
        chunks=PDF,
        name=None,
        declared_type=None,
        uploaded_by=None,
        max_bytes=100,
    )
    async with cabinet.house.database.workspace_tx(new_id()) as tx:
        with pytest.raises(ValueError, match="workspace"):
            await cabinet.store.add(tx, upload)


class TestErasure:
    async def test_a_contacts_files_die_with_its_key_and_no_others(self, cabinet: Cabinet) -> None:
        ann, ben = new_id(), new_id()
        hers = await cabinet.save(content(SEGMENT + 1), "hers.pdf", contact=ann)
        his = await cabinet.save(content(SEGMENT + 1), "his.pdf", contact=ben)
        await cabinet.erase(ann)
        with pytest.raises(FileErasedError):
            await cabinet.read(hers.id)
        assert await self._name(cabinet, hers) is None
        ref, read = await cabinet.read(his.id)
        assert (ref.name, read) == ("his.pdf", content(SEGMENT + 1))

    async def test_nothing_is_saved_for_an_erased_contact(self, cabinet: Cabinet) -> None:
        ann = new_id()
        await cabinet.erase(ann)
        with pytest.raises(KeyDestroyedError):
            await cabinet.save(content(500), contact=ann)
        assert cabinet.objects() == set()

    async def test_an_adopted_file_dies_with_the_contacts_key(self, cabinet: Cabinet) -> None:
        ann = new_id()
        upload = await cabinet.save(content(2 * SEGMENT), "offer.pdf")
        other = await cabinet.save(content(700), "kept.pdf")
        adopted = await cabinet.adopt(upload.id, ann)
        assert (adopted.id, adopted.name, adopted.size) == (upload.id, "offer.pdf", upload.size)
        assert adopted.storage_key != upload.storage_key
        ref, read = await cabinet.read(upload.id)
        assert (ref, read) == (adopted, content(2 * SEGMENT))
        await cabinet.erase(ann)
        with pytest.raises(FileErasedError):
            await cabinet.read(upload.id)
        assert await self._name(cabinet, upload) is None
        assert (await cabinet.read(other.id))[1] == content(700)

    async def test_adopting_twice_changes_nothing(self, cabinet: Cabinet) -> None:
        ann = new_id()
        upload = await cabinet.save(content(700))
        adopted = await cabinet.adopt(upload.id, ann)
        assert await cabinet.adopt(upload.id, ann) == adopted
        assert await cabinet.rows() == {upload.id}

    async def test_a_file_sent_to_a_second_contact_is_copied_so_that_each_can_be_erased(
        self, cabinet: Cabinet
    ) -> None:
        ann, ben = new_id(), new_id()
        upload = await cabinet.save(content(700), "offer.pdf")
        hers = await cabinet.adopt(upload.id, ann)
        his = await cabinet.adopt(upload.id, ben)
        assert his.id != hers.id
        assert await cabinet.read(his.id) == (his, content(700))
        await cabinet.erase(ben)
        with pytest.raises(FileErasedError):
            await cabinet.read(his.id)
        assert await cabinet.read(hers.id) == (hers, content(700))

    async def test_an_erased_file_cannot_be_adopted(self, cabinet: Cabinet) -> None:
        ann = new_id()
        hers = await cabinet.save(content(700), contact=ann)
        await cabinet.erase(ann)
        with pytest.raises(FileErasedError):
            await cabinet.adopt(hers.id, new_id())

    async def test_nobody_adopts_another_workspaces_file(self, cabinet: Cabinet) -> None:
        upload = await cabinet.save(content(700))
        async with cabinet.house.database.workspace_tx(new_id()) as tx:
            with pytest.raises(NotFoundError):
                await cabinet.store.adopt(tx, upload.id, new_id())

    @staticmethod
    async def _name(cabinet: Cabinet, ref: FileRef) -> str | None:
        async with cabinet.house.database.workspace_tx(cabinet.workspace_id) as tx:
            return (await find_files(tx, cabinet.house.sealer, [ref.id]))[ref.id].name
