"""The shape in which a file crosses the wire."""

import uuid

from pydantic import BaseModel

from parley.modules.files.types import FileKind, FileRef


class FileOut(BaseModel):
    """A stored file, to be attached to a message by its id."""

    id: uuid.UUID
    name: str | None
    media_type: str
    size: int
    kind: FileKind


def file_out(ref: FileRef) -> FileOut:
    """Show what an uploader may know of a file."""
    return FileOut(id=ref.id, name=ref.name, media_type=ref.media_type, size=ref.size, kind=ref.kind)
