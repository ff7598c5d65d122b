"""What other modules know of files: their names, types and sizes. Never their bytes."""

import dataclasses
import enum
import uuid


class FileKind(enum.StrEnum):
    """As what a file is shown."""

    IMAGE = "image"
    VIDEO = "video"
    AUDIO = "audio"
    DOCUMENT = "document"


@dataclasses.dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file. `size` is that of the content in bytes; `name` is None when it has none or it was erased."""

    id: uuid.UUID
    media_type: str
    size: int
    name: str | None = dataclasses.field(repr=False)
    storage_key: str
    key_id: uuid.UUID

    @property
    def kind(self) -> FileKind:
        """Tell as what it is shown."""
        return kind_of(self.media_type)


def kind_of(media_type: str) -> FileKind:
    """Tell as what a file of this type is shown."""
    main = media_type.partition("/")[0]
    return FileKind(main) if is_inline_safe(media_type) and main != "application" else FileKind.DOCUMENT


def is_inline_safe(media_type: str) -> bool:
    """Tell whether a browser may show this type in place: pictures, sound, film and PDF, never markup."""
    if media_type == "application/pdf":
        return True
    return media_type.startswith(("image/", "audio/", "video/")) and "xml" not in media_type
