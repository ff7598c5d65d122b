"""Small files of our own making for photos, voice notes, stickers and the like; each really is what it claims."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

_FOLDER = Path(__file__).parent / "samples"


@dataclass(frozen=True, slots=True)
class Sample:
    file: str
    kind: str
    mime_type: str
    filename: str | None = None

    def read(self) -> bytes:
        return (_FOLDER / self.file).read_bytes()


SAMPLES: dict[str, Sample] = {
    "photo": Sample("photo.jpg", "image", "image/jpeg"),
    "photo_parcel": Sample("parcel.jpg", "image", "image/jpeg"),
    "voice": Sample("voice.ogg", "audio", "audio/ogg; codecs=opus"),
    "sticker": Sample("sticker.webp", "sticker", "image/webp"),
    "document": Sample("receipt.pdf", "document", "application/pdf", "Quittung März.pdf"),
    "video": Sample("clip.mp4", "video", "video/mp4"),
}
