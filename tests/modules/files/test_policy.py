import pytest

from parley.modules.files.errors import FileTypeRefusedError
from parley.modules.files.policy import MAX_NAME, accepted_type, clean_name
from parley.modules.files.types import FileKind, is_inline_safe, kind_of

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
MP4 = b"\x00\x00\x00\x18ftypisom" + bytes(100)
WEBM = b"\x1a\x45\xdf\xa3" + bytes(100)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100)
ZIP = b"PK\x03\x04" + bytes(100)
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'/>"
HTML = b"<!doctype html><title>x</title>"
OCTETS = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize(
    ("sample", "declared", "name", "expected"),
    [
        (JPEG, "image/jpeg", "cat.jpg", "image/jpeg"),
        (JPEG, "image/png", "cat.png", "image/jpeg"),
        (PNG, None, None, "image/png"),
        (PNG, "application/pdf", "offer.pdf", "image/png"),
        (MP4, "video/mp4", "film.mp4", "video/mp4"),
        (MP4, "audio/mp4; codecs=opus", None, "audio/mp4"),
        (WEBM, "audio/webm;codecs=opus", "voice.webm", "audio/webm"),
        (WEBM, "video/webm", None, "video/webm"),
        (b"a,b\n1,2\n", "text/csv", "list.csv", "text/csv"),
        (b"a,b\n1,2\n", "application/vnd.ms-excel", "list.csv", "text/csv"),
        (b"a,b\n1,2\n", None, None, "text/plain"),
        (b"let x = 1", "text/javascript", "notes.txt", "text/plain"),
        (OLE, "application/msword", "letter.doc", "application/msword"),
        (OLE, OCTETS, "letter.DOC", "application/msword"),
        (OLE, None, None, OCTETS),
        (ZIP, DOCX, "letter.docx", DOCX),
        (ZIP, OCTETS, "all.zip", "application/zip"),
        (bytes(100), "image/tiff", "scan.tiff", OCTETS),
        (bytes(100), "image/png", "cat.png", OCTETS),
        (bytes(100), "nonsense", None, OCTETS),
        (HTML, "text/html", "page.html", OCTETS),
        (SVG, "image/svg+xml", "logo.svg", OCTETS),
        (b"<?xml version='1.0'?><invoice/>", "application/xml", "invoice.xml", OCTETS),
        (
            b"MZ is how this text begins, and it goes on and on without any zero byte in it.",
            None,
            None,
            "text/plain",
        ),
        (b"", None, None, OCTETS),
    ],
)
def test_the_bytes_decide_and_the_claims_choose(
    sample: bytes, declared: str | None, name: str | None, expected: str
) -> None:
    assert accepted_type(sample, declared, name) == expected


@pytest.mark.parametrize(
    ("sample", "declared", "name"),
    [
        (b"MZ\x90\x00" + bytes(200), "image/jpeg", "cat.jpg"),
        (b"MZ\x90\x00" + bytes(200), None, None),
        (b"\x7fELF" + bytes(200), None, "tool"),
        (b"\xcf\xfa\xed\xfe" + bytes(200), None, "tool"),
        (b"#!/bin/sh\nrm -rf /\n", "text/plain", "notes.txt"),
        (b"L\x00\x00\x00\x01\x14\x02\x00" + bytes(60), None, "offer.pdf.lnk"),
        (ZIP, "application/java-archive", None),
        (ZIP, None, "game.apk"),
        (b"del *.*", "text/plain", "offer.pdf.BAT"),
        (b"del *.*", "text/plain", "offer.cmd "),
        (HTML, "image/png", "cat.png"),
        (HTML, OCTETS, "cat.png"),
        (HTML, "application/pdf", "offer.pdf"),
        (SVG, "image/png", "logo.png"),
        (SVG, "video/mp4", None),
        (b"\x00\x00<svg onload=alert(1)>", "image/jpeg", None),
    ],
)
def test_programs_and_disguises_are_refused(sample: bytes, declared: str | None, name: str | None) -> None:
    with pytest.raises(FileTypeRefusedError) as caught:
        accepted_type(sample, declared, name)
    assert (caught.value.code, caught.value.status) == ("file_type_refused", 422)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("offer.pdf", "offer.pdf"),
        ("C:\\Users\\ann\\offer.pdf", "offer.pdf"),
        ("../../etc/passwd", "passwd"),
        ("..", None),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x\x00.pdf", "aSet-Cookie: x.pdf"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  größe 写真.jpg ", "größe 写真.jpg"),
        ("", None),
        ("\u200b", None),
        (None, None),
        ("x" * 500 + ".pdf", "x" * (MAX_NAME - 4) + ".pdf"),
        ("x" * 500, "x" * MAX_NAME),
    ],
)
def test_a_name_leads_nowhere(name: str | None, expected: str | None) -> None:
    assert clean_name(name) == expected


@pytest.mark.parametrize(
    ("media_type", "is_safe", "kind"),
    [
        ("image/png", True, FileKind.IMAGE),
        ("video/mp4", True, FileKind.VIDEO),
        ("audio/ogg", True, FileKind.AUDIO),
        ("application/pdf", True, FileKind.DOCUMENT),
        ("image/svg+xml", False, FileKind.DOCUMENT),
        ("text/html", False, FileKind.DOCUMENT),
        ("text/plain", False, FileKind.DOCUMENT),
        (OCTETS, False, FileKind.DOCUMENT),
    ],
)
def test_what_may_be_shown_in_place(media_type: str, is_safe: bool, kind: FileKind) -> None:
    assert is_inline_safe(media_type) is is_safe
    assert kind_of(media_type) is kind
