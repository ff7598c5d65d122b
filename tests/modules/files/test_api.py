import asyncio
import io
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from tests.builders import Client, Office
from tests.conftest import MakeProgram, SignIn
from tests.modules.files.conftest import PDF
from tests.modules.files.test_store import content

from parley.core.errors import InvalidError
from parley.core.ids import new_id
from parley.core.keystore import KeyKind
from parley.core.resources import Resources
from parley.core.sealed_files import SEGMENT
from parley.modules.files import api
from parley.modules.files.queries import get_file
from parley.modules.files.store import FileStore, Upload


@pytest.fixture
async def agent(office: Office, sign_in: SignIn) -> Client:
    return await sign_in(office.agent)


def upload(content: bytes, name: str = "offer.pdf", declared: str = "application/pdf") -> dict[str, object]:
    return {"files": {"file": (name, content, declared)}}


def objects(house: Resources, office: Office) -> list[Path]:
    folder = house.settings.data / "files" / str(office.workspace_id)
    return [path for path in folder.rglob("*") if path.is_file()]


async def send(client: Client, content: bytes, name: str = "offer.pdf", **headers: str) -> httpx.Response:
    return await client.post("/files", headers=headers, **upload(content, name))


async def test_an_uploaded_file_is_kept_sealed_under_the_workspaces_key(
    agent: Client, office: Office, house: Resources
) -> None:
    response = await send(agent, content(SEGMENT + 5), "Angebot für Zoë.pdf")
    assert response.status_code == 201
    shown = response.json()
    file_id = uuid.UUID(shown.pop("id"))
    assert shown == {
        "name": "Angebot für Zoë.pdf",
        "media_type": "application/pdf",
        "size": SEGMENT + 5,
        "kind": "document",
    }
    async with house.database.workspace_tx(office.workspace_id) as tx:
        ref, read = await FileStore(house.storage, house.sealer).read(tx, file_id)
        by = await tx.value("SELECT uploaded_by FROM app.file WHERE id = $1", file_id)
    assert read == content(SEGMENT + 5)
    assert by == office.agent.member_id
    key = await house.keystore.get_or_create(office.workspace_id, KeyKind.WORKSPACE, office.workspace_id)
    assert ref.key_id == key.id


async def test_programs_upload_too(program: MakeProgram, office: Office, house: Resources) -> None:
    client = await program("agent")
    response = await send(client, b"\xff\xd8\xff\xe0" + bytes(100), "cat.jpg")
    assert (response.status_code, response.json()["kind"]) == (201, "image")
    async with house.database.workspace_tx(office.workspace_id) as tx:
        ref = await get_file(tx, house.sealer, uuid.UUID(response.json()["id"]))
    assert (ref.name, ref.media_type) == ("cat.jpg", "image/jpeg")


async def test_nobody_uploads_without_signing_in(client: Client, house: Resources) -> None:
    response = await send(client, PDF)
    assert (response.status_code, response.json()["code"]) == (401, "unauthenticated")


async def test_a_large_file_passes_through_without_touching_disk_or_memory_in_the_clear(
    agent: Client, house: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    largest = 0

    async def watched(store: object, _workspace: uuid.UUID, **fields: object) -> object:
        nonlocal largest
        chunks = fields["chunks"]
        assert isinstance(chunks, AsyncIterator)

        async def measured() -> AsyncIterator[bytes]:
            nonlocal largest
            async for chunk in chunks:
                largest = max(largest, len(chunk))
                yield chunk

        return await put(store, _workspace, **{**fields, "chunks": measured()})  # type: ignore[arg-type]

    put = FileStore.put
    monkeypatch.setattr(FileStore, "put", watched)
    monkeypatch.setattr("tempfile.SpooledTemporaryFile.__init__", _no_temporary_files)
    response = await agent.post("/files", files={"file": ("big.bin", _Zeros(30_000_000), "video/mp4")})
    assert (response.status_code, response.json()["size"]) == (201, 30_000_000)
    assert 0 < largest <= 1024 * 1024


def _no_temporary_files(*_args: object, **_options: object) -> None:
    raise AssertionError("a file was put on disk in the clear")


class _Zeros(io.RawIOBase):
    """So many bytes that are never in memory at once."""

    def __init__(self, size: int) -> None:
        self._left = size

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        taken = self._left if size < 0 else min(size, self._left)
        self._left -= taken
        return bytes(taken)


class TestRefusals:
    """What is not taken leaves neither row nor object."""

    @pytest.fixture(autouse=True)
    def _nothing_is_left(self, office: Office, house: Resources) -> Iterator[None]:
        yield
        assert objects(house, office) == []

    async def test_a_program_is_refused(self, agent: Client) -> None:
        response = await send(agent, b"MZ\x90\x00" + bytes(300_000), "holiday.jpg")
        assert (response.status_code, response.json()["code"]) == (422, "file_type_refused")

    async def test_more_than_the_cap_is_refused(self, agent: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(api, "MAX_BYTES", 1_000_000)
        for size in (1_000_001, 12_000_000):
            response = await send(agent, content(size))
            assert (response.status_code, response.json()["code"]) == (413, "file_too_large")
            assert response.json()["limit"] == 1_000_000

    async def test_an_empty_file_is_refused(self, agent: Client) -> None:
        response = await send(agent, b"")
        assert (response.status_code, list(response.json()["fields"])) == (422, ["file"])

    async def test_a_body_without_a_file_is_refused(self, agent: Client) -> None:
        response = await agent.post("/files", files={"photo": ("a.pdf", PDF, "application/pdf")})
        assert (response.status_code, response.json()["code"]) == (422, "invalid")
        response = await agent.post("/files", {"file": "x"})
        assert (response.status_code, response.json()["code"]) == (422, "invalid")

    async def test_an_unusable_idempotency_key_is_refused(self, agent: Client) -> None:
        response = await send(agent, PDF, **{"Idempotency-Key": "short"})
        assert (response.status_code, response.json()["code"]) == (422, "invalid")


async def test_a_repeated_upload_gives_the_same_file(agent: Client, office: Office, house: Resources) -> None:
    once = {"Idempotency-Key": str(new_id())}
    first = await send(agent, content(5000), **once)
    second = await send(agent, content(5000), **once)
    assert (second.status_code, second.json()) == (201, first.json())
    assert second.headers["idempotent-replayed"] == "true"
    assert len(objects(house, office)) == 1
    other = await send(agent, content(5001), **once)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


async def test_an_upload_that_breaks_off_leaves_nothing_and_no_error(
    agent: Client, office: Office, house: Resources, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: asyncio.Queue[type[BaseException]] = asyncio.Queue()
    put = FileStore.put

    async def watched(store: FileStore, workspace_id: uuid.UUID, **fields: Any) -> Upload:
        try:
            return await put(store, workspace_id, **fields)
        except BaseException as error:
            failures.put_nowait(type(error))
            raise

    monkeypatch.setattr(FileStore, "put", watched)
    address = urlsplit(agent.base_url)
    _, writer = await asyncio.open_connection("127.0.0.1", address.port)
    head = (
        f"POST /api/v1/files HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 9000000\r\n"
        'Content-Type: multipart/form-data; boundary="xyz"\r\n'
        + "".join(f"{name}: {value}\r\n" for name, value in agent._headers("POST").items())
    )
    part = '--xyz\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n'
    writer.write(f"{head}\r\n{part}".encode() + content(3_000_000))
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    async with asyncio.timeout(10):
        assert await failures.get() is InvalidError
    assert objects(house, office) == []


async def test_a_field_that_belongs_elsewhere_is_passed_over(agent: Client) -> None:
    response = await agent.post("/files", data={"conversation_id": str(new_id())}, **upload(PDF))
    assert response.status_code == 201
