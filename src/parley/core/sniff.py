"""What a file is, told by its first bytes, not by what somebody says about it.

Here: the types that channels carry, and whether a browser may show them in place. Not here: what a channel accepts.
Sources: the magic numbers of each format's specification; WHATWG MIME Sniffing for text and markup.
"""

import dataclasses
import re
from collections.abc import Callable

SAMPLE = 64 * 1024
"""So many first bytes decide; fewer are fine when the file is shorter."""

OCTETS = "application/octet-stream"

_INLINE = frozenset(
    {
        "image/jpeg",
        "image/png",
        "image/gif",
        "image/webp",
        "video/mp4",
        "video/3gpp",
        "video/webm",
        "audio/ogg",
        "audio/amr",
        "audio/aac",
        "audio/mpeg",
        "audio/mp4",
        "audio/wav",
        "audio/webm",
        "application/pdf",
        "text/plain",
    }
)
_SAME = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/opus": "audio/ogg",
    "application/ogg": "audio/ogg",
    "audio/aacp": "audio/aac",
    "audio/x-aac": "audio/aac",
    "audio/3gpp": "video/3gpp",
    "audio/webm": "video/webm",
    "application/x-zip-compressed": "application/zip",
    "application/x-pdf": "application/pdf",
    "application/xhtml+xml": "text/html",
    "application/xml": "text/xml",
}
_OFFICE = {
    b"word/": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"xl/": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    b"ppt/": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}
_BRANDS = {
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"M4P ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"msf1": "image/heic",
    b"avif": "image/avif",
}
_MARKUP = frozenset({"text/html", "image/svg+xml", "text/xml"})
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
# Tags that make a browser take text for HTML, wherever in the beginning they stand.
_HTML = re.compile(
    r"<(!doctype\s+html|html|head|body|script|iframe|style|title|table|div|form|meta|link|object|embed|img|a\s|a>|br|p>"
    r"|p\s|h1|font|b>|!--)",
    re.IGNORECASE,
)


@dataclasses.dataclass(frozen=True, slots=True)
class Sniffed:
    """What a file is."""

    media_type: str
    """Without parameters; `application/octet-stream` when it is nothing that is known here."""
    is_inline_safe: bool
    """May be shown in place; everything else is a download from a separate origin."""
    is_animated: bool = False
    """Only told for WebP, where a sticker may move."""


def sniff(sample: bytes) -> Sniffed:
    """Tell what a file is from its first `SAMPLE` bytes. Markup is never inline-safe, however it is dressed."""
    sample = sample[:SAMPLE]
    media_type = next((found for test in _TESTS if (found := test(sample))), OCTETS)
    is_animated = media_type == "image/webp" and _is_animated_webp(sample)
    return Sniffed(media_type, media_type in _INLINE, is_animated)


def is_as_declared(declared: str, sniffed: Sniffed) -> bool:
    """Tell whether a declared media type fits what was found.

    Parameters, letter case and the usual second names do not matter. Text may be declared as any harmless kind of
    text, a zip as any zip-based document, and what is not known here as anything that is not known here.
    """
    name = declared.partition(";")[0].strip().lower()
    name = _SAME.get(name, name)
    found = _SAME.get(sniffed.media_type, sniffed.media_type)
    if name == found:
        return True
    if found == "text/plain":
        is_text = name.startswith("text/") or name in {
            "application/json",
            "application/csv",
            "message/rfc822",
        }
        return is_text and name not in _MARKUP
    if found == "application/zip":
        return name.startswith(("application/vnd.", "application/epub", "application/java-archive"))
    if found == "video/mp4":
        return name in {"video/3gpp", "video/quicktime", "audio/mp4"}
    return found == OCTETS and name not in _INLINE and name not in _MARKUP


def _signature(sample: bytes) -> str | None:
    for magic, media_type in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"OggS\x00", "audio/ogg"),
        (b"#!AMR\n", "audio/amr"),
        (b"#!AMR-WB\n", "audio/amr"),
        (b"\x1a\x45\xdf\xa3", "video/webm"),
        (b"%PDF-", "application/pdf"),
        (b"ID3", "audio/mpeg"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"{\\rtf", "application/rtf"),
    ):
        if sample.startswith(magic):
            return media_type
    return None


def _riff(sample: bytes) -> str | None:
    if sample[:4] != b"RIFF":
        return None
    return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(sample[8:12])


def _iso_media(sample: bytes) -> str | None:
    """Read the brand of an ISO base media file (ISO/IEC 14496-12, 4.3)."""
    if sample[4:8] != b"ftyp" or len(sample) < 12:
        return None
    brand = sample[8:12]
    if brand in _BRANDS:
        return _BRANDS[brand]
    if brand.startswith((b"3gp", b"3g2", b"3ge", b"3gg", b"3gs")):
        return "video/3gpp"
    # Recorders write sound alone under the general brands as well: then no video track is declared.
    has_sound_only = b"hdlr" in sample and b"soun" in sample and b"vide" not in sample
    return "audio/mp4" if has_sound_only else "video/mp4"


def _mpeg_audio(sample: bytes) -> str | None:
    """Tell an MPEG audio frame (ISO/IEC 11172-3, 2.4.2.3) from an ADTS frame of AAC (ISO/IEC 13818-7, 6.2)."""
    if len(sample) < 4 or sample[0] != 0xFF or sample[1] & 0xE0 != 0xE0:
        return None
    layer = sample[1] >> 1 & 3
    if sample[1] & 0xF0 == 0xF0 and layer == 0:
        return "audio/aac" if sample[2] >> 2 & 0xF < 13 else None
    # Layer I is out of use, and its frames start like text in UTF-16.
    is_frame = (
        layer in {1, 2} and sample[1] >> 3 & 3 != 1 and sample[2] >> 4 != 0xF and sample[2] >> 2 & 3 != 3
    )
    return "audio/mpeg" if is_frame else None


def _zip(sample: bytes) -> str | None:
    if not sample.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    if b"[Content_Types].xml" in sample or b"_rels/.rels" in sample:
        for folder, media_type in _OFFICE.items():
            if b"PK\x03\x04" in sample and folder in sample:
                return media_type
    return "application/zip"


def _text(sample: bytes) -> str | None:
    text = _decode(sample)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n\f\0")
    head = start[:4096].lower()
    if "<svg" in head:
        return "image/svg+xml"
    if start.startswith("<?xml") or head.startswith("<!doctype") or "xmlns" in head.partition(">")[0]:
        return "text/html" if _HTML.search(start[:4096]) else "text/xml"
    if _HTML.search(start):
        return "text/html"
    return "text/plain"


def _decode(sample: bytes) -> str | None:
    if not sample:
        return None
    for bom, encoding in _BOMS:
        if sample.startswith(bom):
            # Read both ways: a false mark must not hide markup from us that somebody else would find.
            return sample.decode(encoding, errors="replace") + "\n" + sample.decode("latin-1")
    # Text has no control characters but these (MIME Sniffing 3.2); zeros would hide markup from the search below.
    if _BINARY.search(sample):
        return _hidden_markup(sample)
    return sample.decode("utf-8", errors="replace")


def _hidden_markup(sample: bytes) -> str | None:
    # Binary for us, but a browser that guesses might still find a page in it.
    text = sample[:4096].replace(b"\0", b"").decode("latin-1")
    start = text.lstrip()
    return start if start.startswith("<") and ("<svg" in start.lower() or _HTML.match(start)) else None


def _is_animated_webp(sample: bytes) -> bool:
    """Read the animation flag of the extended header (RFC 9649, 2.7.1)."""
    return sample[12:16] == b"VP8X" and len(sample) > 20 and bool(sample[20] & 0x02)


_TESTS: tuple[Callable[[bytes], str | None], ...] = (_signature, _riff, _iso_media, _zip, _mpeg_audio, _text)
