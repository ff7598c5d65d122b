import io
import wave
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.sniff import OCTETS, Sniffed, is_as_declared, sniff


def archive(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as packed:
        for name in names:
            packed.writestr(name, "x")
    return buffer.getvalue()


def wav() -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(100))
    return buffer.getvalue()


def iso(brand: bytes, more: bytes = b"") -> bytes:
    return b"\0\0\0\x18ftyp" + brand + b"\0\0\0\0" + brand + b"isom" + more


WEBP = b"RIFF\x24\0\0\0WEBPVP8X\x0a\0\0\0"
OOXML = "application/vnd.openxmlformats-officedocument."
SAFE = {
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
    "gif87": (b"GIF87a\1\0", "image/gif"),
    "gif89": (b"GIF89a\1\0", "image/gif"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
    "mp4": (iso(b"isom", b"hdlr vide hdlr soun"), "video/mp4"),
    "mp4 v2": (iso(b"mp42"), "video/mp4"),
    "3gp": (iso(b"3gp4"), "video/3gpp"),
    "m4a": (iso(b"M4A "), "audio/mp4"),
    "m4a under a general brand": (iso(b"mp42", b"....hdlr....soun"), "audio/mp4"),
    "opus": (b"OggS\0\2" + bytes(20) + b"\1\x13OpusHead", "audio/ogg"),
    "amr": (b"#!AMR\n\x3c", "audio/amr"),
    "aac": (b"\xff\xf1\x50\x80\x02\x1f\xfc", "audio/aac"),
    "mp3 with id3": (b"ID3\4\0\0\0\0\0\0", "audio/mpeg"),
    "mp3 frame": (b"\xff\xfb\x90\x64\0\0", "audio/mpeg"),
    "wav": (wav(), "audio/wav"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3", "application/pdf"),
    "text": ("Grüße, 你好\n".encode(), "text/plain"),
    "text with a comparison": (b"if a < b and c > d", "text/plain"),
    "utf-16 text": ("hello".encode("utf-16"), "text/plain"),
}
UNSAFE = {
    "docx": (archive("[Content_Types].xml", "word/document.xml"), OOXML + "wordprocessingml.document"),
    "xlsx": (archive("[Content_Types].xml", "xl/workbook.xml"), OOXML + "spreadsheetml.sheet"),
    "pptx": (archive("[Content_Types].xml", "ppt/presentation.xml"), OOXML + "presentationml.presentation"),
    "zip": (archive("word/readme.txt"), "application/zip"),
    "empty zip": (archive(), "application/zip"),
    "old word": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    "svg": (b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>', "image/svg+xml"),
    "svg after xml": (b'<?xml version="1.0"?>\n<!-- hi -->\n<svg>', "image/svg+xml"),
    "svg in utf-16": ("<svg onload=x>".encode("utf-16"), "image/svg+xml"),
    "svg with a mark": (b"\xef\xbb\xbf  <SVG>", "image/svg+xml"),
    "html": (b"<!DOCTYPE html><html>", "text/html"),
    "html after spaces": (b"\r\n\t <HTML><body>", "text/html"),
    "html after words": (b"hello <script>alert(1)</script>", "text/html"),
    "html behind a false mark": (b"\xfe\xff<script>x</script>", "text/html"),
    "html with zeros": (b"<\0s\0c\0r\0i\0p\0t\0>alert(1)", "text/html"),
    "xhtml": (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">', "text/html"),
    "xml": (b'<?xml version="1.0"?><note/>', "text/xml"),
    "heic": (iso(b"heic"), "image/heic"),
    "program": (b"\x7fELF\2\1\1\0\0", OCTETS),
    "windows program": (b"MZ\x90\0\3\0\0\0", OCTETS),
    "nothing": (b"", OCTETS),
    "zeros": (bytes(100), OCTETS),
}


@pytest.mark.parametrize(("sample", "media_type"), SAFE.values(), ids=SAFE)
def test_what_channels_carry_is_known_and_may_be_shown(sample: bytes, media_type: str) -> None:
    assert sniff(sample) == Sniffed(media_type, is_inline_safe=True)


@pytest.mark.parametrize(("sample", "media_type"), UNSAFE.values(), ids=UNSAFE)
def test_what_could_do_harm_is_only_downloaded(sample: bytes, media_type: str) -> None:
    assert sniff(sample) == Sniffed(media_type, is_inline_safe=False)


def test_a_moving_sticker_is_told_from_a_still_one() -> None:
    assert sniff(WEBP + b"\x02\0\0\0" + bytes(6)).is_animated
    assert not sniff(WEBP + b"\x10\0\0\0" + bytes(6)).is_animated
    assert not sniff(b"RIFF\x24\0\0\0WEBPVP8L" + bytes(20)).is_animated


@given(
    st.binary(max_size=200),
    st.sampled_from([b"<script>x</script>", b"<svg onload=x>", b"<html><body>", b"<iframe>"]),
)
def test_text_with_markup_in_it_is_never_shown_as_text(noise: bytes, markup: bytes) -> None:
    found = sniff(noise.translate(None, bytes(range(32))) + markup)
    assert found.media_type != "text/plain"


@given(st.binary(max_size=300))
def test_any_bytes_have_an_answer(sample: bytes) -> None:
    found = sniff(sample)
    assert "/" in found.media_type


JPEG = sniff(SAFE["jpeg"][0])


@pytest.mark.parametrize(
    ("declared", "sample", "fits"),
    [
        ("image/jpeg", SAFE["jpeg"][0], True),
        ("IMAGE/JPG", SAFE["jpeg"][0], True),
        ("image/png", SAFE["jpeg"][0], False),
        ("audio/ogg; codecs=opus", SAFE["opus"][0], True),
        ("audio/opus", SAFE["opus"][0], True),
        ("audio/x-m4a", SAFE["m4a"][0], True),
        ("audio/mp4", SAFE["mp4"][0], True),
        ("video/mp4", SAFE["jpeg"][0], False),
        ("text/csv", SAFE["text"][0], True),
        ("application/json", b'{"a": 1}', True),
        ("image/jpeg", SAFE["text"][0], False),
        ("text/plain", UNSAFE["html after words"][0], False),
        ("text/html", SAFE["text"][0], False),
        ("image/png", UNSAFE["svg"][0], False),
        ("image/svg+xml", UNSAFE["svg"][0], True),
        ("application/pdf", UNSAFE["program"][0], False),
        ("application/octet-stream", UNSAFE["program"][0], True),
        ("application/x-something", UNSAFE["program"][0], True),
        ("application/octet-stream", SAFE["jpeg"][0], False),
        ("application/vnd.oasis.opendocument.text", archive("mimetype"), True),
        (OOXML + "wordprocessingml.document", UNSAFE["docx"][0], True),
        (OOXML + "wordprocessingml.document", UNSAFE["xlsx"][0], False),
        ("", SAFE["jpeg"][0], False),
    ],
)
def test_a_false_declaration_is_noticed(declared: str, sample: bytes, fits: bool) -> None:
    assert is_as_declared(declared, sniff(sample)) is fits
