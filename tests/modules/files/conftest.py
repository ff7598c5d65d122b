"""A store of files on the open house, and a workspace that has nothing yet."""

import dataclasses
import uuid
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

import httpx
import pytest

from parley.core.ids import new_id
from parley.core.keystore import KeyKind
from parley.core.resources import Resources
from parley.modules.files.serving import FileServing
from parley.modules.files.store import FileStore
from parley.modules.files.types import FileRef
from parley.modules.files.urls import FileUrls

PDF = b"%PDF-1.7\n"
LIMIT = 100 * 1024 * 1024


async def pieces(content: bytes, step: int = 70_001) -> AsyncGenerator[bytes, None]:
    for start in range(0, len(content), step):
        yield content[start : start + step]


@dataclasses.dataclass(frozen=True)
class Cabinet:
    """One workspace's files."""

    house: Resources
    store: FileStore
    urls: FileUrls
    workspace_id: uuid.UUID

    @property
    def folder(self) -> Path:
        """Where the sealed objects lie."""
        return self.house.settings.data / "files"

    def path(self, ref: FileRef) -> Path:
        return self.folder / ref.storage_key

    def objects(self) -> set[str]:
        """Name everything in the workspace's folder, half-written objects included."""
        found = (self.folder / str(self.workspace_id)).rglob("*")
        return {str(path.relative_to(self.folder)) for path in found if path.is_file()}

    async def save(
        self,
        content: bytes,
        name: str | None = "offer.pdf",
        *,
        contact: uuid.UUID | None = None,
        declared: str | None = None,
        max_bytes: int = LIMIT,
    ) -> FileRef:
        """Save a file of the workspace's own, or of a contact."""
        async with self.house.database.workspace_tx(self.workspace_id) as tx:
            return await self.store.save(
                tx,
                owner_kind=KeyKind.WORKSPACE if contact is None else KeyKind.CONTACT,
                owner_id=contact or self.workspace_id,
                chunks=pieces(content),
                name=name,
                declared_type=declared,
                uploaded_by=None,
                max_bytes=max_bytes,
            )

    async def read(self, file_id: uuid.UUID) -> tuple[FileRef, bytes]:
        async with self.house.database.workspace_tx(self.workspace_id) as tx:
            return await self.store.read(tx, file_id)

    async def adopt(self, file_id: uuid.UUID, contact_id: uuid.UUID) -> FileRef:
        async with self.house.database.workspace_tx(self.workspace_id) as tx:
            return await self.store.adopt(tx, file_id, contact_id)

    async def erase(self, contact_id: uuid.UUID) -> None:
        """Destroy a contact's key."""
        await self.house.keystore.destroy_subject(self.workspace_id, KeyKind.CONTACT, contact_id)

    async def rows(self) -> set[uuid.UUID]:
        async with self.house.database.workspace_tx(self.workspace_id) as tx:
            found = await tx.all("SELECT id FROM app.file WHERE workspace_id = $1", self.workspace_id)
        return {row.id for row in found}

    def sign(self, ref: FileRef, *, is_inline: bool = True) -> str:
        return self.urls.sign(self.workspace_id, ref.id, is_inline=is_inline)


@pytest.fixture
def cabinet(house: Resources) -> Cabinet:
    """Give an empty workspace with its store of files."""
    store = FileStore(house.storage, house.sealer)
    return Cabinet(house, store, FileUrls(b"s" * 32), new_id())


@pytest.fixture
async def browser(cabinet: Cabinet) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of the files' application alone."""
    serving = FileServing(cabinet.house.database, cabinet.store, cabinet.urls)
    transport = httpx.ASGITransport(app=serving, raise_app_exceptions=True)
    async with httpx.AsyncClient(transport=transport, base_url="http://files.test") as client:
        yield client
