"""Media files of both sides: kept on disk, described in memory, reached through URLs that expire.

What a file may be when it is uploaded is decided in `graph_media`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import mimetypes
import secrets
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from . import ids

URL_LIFE_S = 300
UPLOAD_LIFE_S = 30 * 86400
INBOUND_LIFE_S = 7 * 86400
_MAX_FILES = 400
_MAX_BYTES = 512 * 1024 * 1024


@dataclass(slots=True)
class MediaFile:
    id: str
    mime_type: str
    sha256: str
    """Hex; webhooks carry the same digest in base64."""
    size: int
    filename: str | None
    uploaded_by_business: bool
    expires_at: float
    number_id: str
    defect: str | None = None
    """Why a phone cannot play this although the upload was accepted."""

    @property
    def sha256_base64(self) -> str:
        return base64.b64encode(bytes.fromhex(self.sha256)).decode()

    def as_dict(self) -> dict[str, Any]:
        return {f.name: getattr(self, f.name) for f in fields(self)}


class MediaStore:
    """Keep a bounded number of files; the oldest go first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, MediaFile] = {}
        self._url_key = secrets.token_bytes(16)

    def add(
        self,
        data: bytes,
        mime_type: str,
        *,
        number_id: str,
        now: float,
        filename: str | None = None,
        by_business: bool = False,
        defect: str | None = None,
    ) -> MediaFile:
        media = MediaFile(
            id=ids.media_id(),
            mime_type=mime_type,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            filename=filename,
            uploaded_by_business=by_business,
            expires_at=now + (UPLOAD_LIFE_S if by_business else INBOUND_LIFE_S),
            number_id=number_id,
            defect=defect,
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        self.path(media.id).write_bytes(data)
        self._files[media.id] = media
        self._make_room()
        return media

    def restore(self, media: MediaFile) -> None:
        if self.path(media.id).is_file():
            self._files[media.id] = media

    def get(self, media_id: str, now: float) -> MediaFile | None:
        media = self._files.get(media_id)
        return media if media and media.expires_at > now else None

    def read(self, media: MediaFile) -> bytes:
        return self.path(media.id).read_bytes()

    def delete(self, media_id: str) -> None:
        if self._files.pop(media_id, None):
            self.path(media_id).unlink(missing_ok=True)

    def clear(self) -> None:
        for media_id in list(self._files):
            self.delete(media_id)

    def all(self) -> list[MediaFile]:
        return list(self._files.values())

    def url(self, base: str, media: MediaFile, now: float, source: str) -> str:
        """Return an address of the bytes that works for five minutes and only with the bearer token."""
        expires = int(now) + URL_LIFE_S
        query = {"mid": media.id, "source": source, "ext": expires, "hash": self._seal(media.id, expires)}
        return f"{base}/whatsapp_business/attachments/?{urlencode(query)}"

    def url_is_valid(self, media_id: str, expires: str, seal: str, now: float) -> bool:
        if not expires.isascii() or not expires.isdigit() or int(expires) <= now:
            return False
        return hmac.compare_digest(seal.encode(), self._seal(media_id, int(expires)).encode())

    def _seal(self, media_id: str, expires: int) -> str:
        return hmac.new(self._url_key, f"{media_id}:{expires}".encode(), "sha256").hexdigest()[:32]

    def path(self, media_id: str) -> Path:
        return self._folder / f"{media_id}.bin"

    def _make_room(self) -> None:
        total = sum(media.size for media in self._files.values())
        while len(self._files) > _MAX_FILES or total > _MAX_BYTES:
            oldest = next(iter(self._files.values()))
            total -= oldest.size
            self.delete(oldest.id)


_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (8, b"WEBP", "image/webp"),
    (0, b"OggS", "audio/ogg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (0, b"\xff\xf1", "audio/aac"),
    (0, b"\xff\xf9", "audio/aac"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (4, b"ftyp3g", "video/3gpp"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
)


def sniffed(data: bytes) -> str | None:
    """Tell the type from the first bytes, or None when they say nothing."""
    for offset, magic, mime_type in _SIGNATURES:
        if data[offset : offset + len(magic)] == magic:
            return mime_type
    return None


def kind_of(mime_type: str) -> str:
    """Name the container family, so that an MP4 sound and an MP4 film count as the same thing."""
    mime_type = mime_type.split(";", maxsplit=1)[0].strip().lower()
    return {"audio/mp4": "mp4", "video/mp4": "mp4", "audio/opus": "ogg", "audio/ogg": "ogg"}.get(
        mime_type, mime_type
    )


def playing_defect(data: bytes, mime_type: str, filename: str | None) -> str | None:
    """Say why phones will not play this file although the upload is accepted, or None.

    Meta goes by the file's extension and finds out at delivery (error 131053).
    """
    real = sniffed(data)
    declared = mime_type.split(";", maxsplit=1)[0].strip().lower()
    named = mimetypes.guess_type(filename)[0] if filename else None
    if real and named and kind_of(named) != kind_of(real):
        return f"{filename} is named {named} but holds {real}"
    if declared.startswith(("image/", "audio/", "video/")) and real and kind_of(real) != kind_of(declared):
        return f"declared {declared} but holds {real}"
    if declared.startswith(("image/", "audio/", "video/")) and real is None and declared != "audio/amr":
        return f"declared {declared} but the bytes are of no known type"
    if real == "audio/ogg":
        head = data[:4096].find(b"OpusHead")
        if head < 0:
            return "ogg without opus"
        if data[head + 9] != 1:
            return "opus in ogg must have one channel"
    return None
