"""Reads of what is known about files. Their bytes are read through `store.FileStore`."""

import uuid
from collections.abc import Sequence

from parley.core.db.tx import Record, Tx
from parley.core.errors import NotFoundError
from parley.core.sealing import Place, Sealer, Unreadable
from parley.modules.files.types import FileRef

__all__ = ["FileRef", "find_files", "get_file", "name_place"]

_COLUMNS = "id, media_type, size, name, storage_key, key_id"


async def get_file(tx: Tx, sealer: Sealer, file_id: uuid.UUID) -> FileRef:
    """Read what is known about a file, or raise `NotFoundError`.

    Until the transaction ends the sweep leaves this file alone: whoever attaches it, attaches something.
    """
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM app.file WHERE workspace_id = $1 AND id = $2 FOR KEY SHARE",  # noqa: S608
        tx.workspace_id,
        file_id,
    )
    found = await _refs(tx.workspace_id, sealer, rows)
    if not found:
        raise NotFoundError
    return found[0]


async def find_files(tx: Tx, sealer: Sealer, file_ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, FileRef]:
    """Read what is known about these files; those that do not exist are left out."""
    rows = await tx.all(
        f"SELECT {_COLUMNS} FROM app.file WHERE workspace_id = $1 AND id = ANY($2::uuid[])",  # noqa: S608
        tx.workspace_id,
        list(file_ids),
    )
    return {ref.id: ref for ref in await _refs(tx.workspace_id, sealer, rows)}


def name_place(workspace_id: uuid.UUID, file_id: uuid.UUID) -> Place:
    """Name the place where a file's name is sealed."""
    return Place(workspace_id, "app.file", "name", file_id)


async def _refs(workspace_id: uuid.UUID, sealer: Sealer, rows: Sequence[Record]) -> list[FileRef]:
    named = [(name_place(workspace_id, row.id), row.name) for row in rows if row.name is not None]
    names = iter(await sealer.unseal_many(workspace_id, named))
    refs: list[FileRef] = []
    for row in rows:
        name = None if row.name is None else next(names)
        plain = None if name is None or isinstance(name, Unreadable) else name.decode()
        refs.append(FileRef(row.id, row.media_type, row.size, plain, row.storage_key, row.key_id))
    return refs
