"""What is taken as a file, and as what: decided from the bytes first, from what is said about them last. Pure."""

import mimetypes
import re
import unicodedata

from parley.core.sniff import OCTETS, Sniffed, is_as_declared, sniff
from parley.modules.files.errors import FileTypeRefusedError

MAX_NAME = 200

_MARKUP = frozenset({"text/html", "image/svg+xml", "text/xml"})
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,62}/[a-z0-9][a-z0-9!#$&^_.+-]{0,90}")
_OLE = "application/x-ole-storage"
_OLE_TYPES = frozenset({"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"})
_TEXT_TYPES = frozenset(
    {"text/plain", "text/csv", "text/calendar", "text/vcard", "text/x-vcard", "application/json"}
)
_PROGRAM_TYPES = frozenset(
    {
        "application/java-archive",
        "application/vnd.android.package-archive",
        "application/vnd.microsoft.portable-executable",
        "application/x-msdownload",
        "application/x-msdos-program",
    }
)
# What a double click runs.
_PROGRAM_NAMES = frozenset(
    "apk bat cmd com cpl dll exe hta jar js jse lnk msi msp pif ps1 reg scr vbe vbs wsf wsh".split()  # noqa: SIM905
)
_PROGRAM_STARTS = (
    b"\x7fELF",
    b"\xfe\xed\xfa\xce",
    b"\xfe\xed\xfa\xcf",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"dex\n",
    b"L\x00\x00\x00\x01\x14\x02\x00",
    b"#!/",
    b"#! /",
)
_TYPES = mimetypes.MimeTypes()  # the built-in table alone: the same on every machine


def accepted_type(sample: bytes, declared: str | None, name: str | None) -> str:
    """Decide as what media type a file is kept, from its first `sniff.SAMPLE` bytes, or raise `FileTypeRefusedError`.

    What is said about it (the declared type, then the name) only chooses among types that the bytes allow. What is
    not known, and all markup, is kept as `application/octet-stream`: to be saved, never shown.
    """
    found = sniff(sample)
    claims = _claims(declared, name)
    if _is_program(sample, claims, name):
        raise FileTypeRefusedError(media_type="application/x-executable")
    if found.media_type in _MARKUP:
        if any(_is_media(claim) for claim in claims):
            raise FileTypeRefusedError(media_type=found.media_type)
        return OCTETS
    fitting = [claim for claim in claims if is_as_declared(claim, found)]
    if found.media_type == _OLE:
        return next((claim for claim in claims if claim in _OLE_TYPES), OCTETS)
    if found.media_type == "text/plain":
        return next((claim for claim in fitting if claim in _TEXT_TYPES), "text/plain")
    if found.media_type == "application/zip":
        return next((claim for claim in fitting if claim.startswith("application/vnd.")), "application/zip")
    if found.media_type.startswith("video/") and _is_sound(declared, found):
        # The same containers carry sound alone; a voice note recorded by a browser is one.
        return "audio/" + found.media_type.partition("/")[2]
    return found.media_type


def clean_name(name: str | None) -> str | None:
    """Make a file name that cannot lead anywhere: no folders, no control or direction marks, at most `MAX_NAME`."""
    if name is None:
        return None
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(char for char in last if unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"})
    kept = kept.strip().lstrip(".")
    if len(kept) > MAX_NAME:
        stem, dot, ending = kept.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        kept = (stem if ending else kept)[: MAX_NAME - len(ending)] + ending
    return kept or None


def _claims(declared: str | None, name: str | None) -> list[str]:
    guessed = _TYPES.guess_type(f"file{_ending(name)}")[0] if name else None
    claims = [(claim or "").partition(";")[0].strip().lower() for claim in (declared, guessed)]
    return [claim for claim in claims if _TYPE.fullmatch(claim)]


def _is_program(sample: bytes, claims: list[str], name: str | None) -> bool:
    if sample.startswith(_PROGRAM_STARTS) or (sample.startswith(b"MZ") and b"\0" in sample[:64]):
        return True
    return _ending(name).removeprefix(".") in _PROGRAM_NAMES or not _PROGRAM_TYPES.isdisjoint(claims)


def _is_media(claim: str) -> bool:
    is_media = claim.startswith(("image/", "audio/", "video/")) or claim == "application/pdf"
    return is_media and claim != "image/svg+xml"


def _is_sound(declared: str | None, found: Sniffed) -> bool:
    return any(
        claim.startswith("audio/") and is_as_declared(claim, found) for claim in _claims(declared, None)
    )


def _ending(name: str | None) -> str:
    stem, dot, ending = (name or "").rpartition(".")
    return dot + ending.strip().lower() if stem else ""
