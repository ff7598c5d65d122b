"""Limits of buttons, lists and files, each a step inside and a step outside."""

from typing import Any

import pytest
from tests.channels.whatsapp.conftest import outgoing

from parley.channels.whatsapp.capabilities import CAPABILITIES, EXTENSIONS, SENT_AS
from parley.channels.whatsapp.compose import compose
from parley.channels.whatsapp.compose_interactive import compose_interactive
from parley.channels.whatsapp.files import Upload, prepare_upload
from parley.modules.conversations.types import Failure, MessageKind, OutgoingFile
from parley.simulators.meta.samples import SAMPLES

K = MessageKind


def _buttons(*buttons: Any, **more: Any) -> dict[str, Any]:
    return {"type": "buttons", "body": "Well?", "buttons": list(buttons), **more}


def _list(*sections: Any, **more: Any) -> dict[str, Any]:
    return {"type": "list", "body": "Well?", "button": "Choose", "sections": list(sections), **more}


def _button(n: int, **more: Any) -> dict[str, Any]:
    return {"id": f"b{n}", "title": f"Button {n}", **more}


def _section(*rows: Any, title: str | None = "Title") -> dict[str, Any]:
    return {"title": title, "rows": list(rows)}


def _row(n: int, **more: Any) -> dict[str, Any]:
    return {"id": f"r{n}", "title": f"Row {n}", **more}


@pytest.mark.parametrize(
    "interactive",
    [
        {},
        {"type": "carousel"},
        {"type": ["list"]},
        _buttons(),
        _buttons(*[_button(n) for n in range(4)]),
        _buttons(_button(1, title="x" * 21)),
        _buttons(_button(1, title="  ")),
        _buttons(_button(1, id="x" * 257)),
        _buttons(_button(1, id=None)),
        _buttons(_button(1), _button(1, title="Other")),
        _buttons(_button(1), _button(2, title="Button 1")),
        _buttons(_button(1), body="x" * 1025),
        _buttons(_button(1), body=""),
        _buttons(_button(1), header="x" * 61),
        _buttons(_button(1), footer="x" * 61),
        _list(),
        _list(_section()),
        _list(*[_section(_row(n)) for n in range(11)]),
        _list(_section(*[_row(n) for n in range(11)])),
        _list(_section(*[_row(n) for n in range(6)]), _section(*[_row(n) for n in range(6, 11)])),
        _list(_section(_row(1)), _section(_row(2), title=None)),
        _list(_section(_row(1), title="x" * 25)),
        _list(_section(_row(1, title="x" * 25))),
        _list(_section(_row(1, id="x" * 201))),
        _list(_section(_row(1, description="x" * 73))),
        _list(_section(_row(1), _row(1))),
        _list(_section(_row(1)), button="x" * 21),
        _list(_section(_row(1)), button=None),
        _list(_section(_row(1)), body="x" * 4097),
    ],
)
def test_what_is_outside_a_limit_is_refused_with_a_sentence(interactive: dict[str, Any]) -> None:
    found = compose_interactive(interactive)
    assert isinstance(found, Failure)
    assert found.code == "invalid_interactive"
    assert found.message.endswith(".")


@pytest.mark.parametrize(
    "interactive",
    [
        _buttons(*[_button(n) for n in range(3)]),
        _list(_section(_row(1), title=None)),
        _list(_section(_row(1), title="")),
        _list(*[_section(_row(n)) for n in range(10)]),
        _list(_section(_row(1, description="")), footer="", header=None),
    ],
)
def test_what_is_inside_is_written(interactive: dict[str, Any]) -> None:
    assert not isinstance(compose_interactive(interactive), Failure)


def _file(media_type: str, content: bytes = b"x", size: int | None = None) -> OutgoingFile:
    return OutgoingFile(K.DOCUMENT, "a", media_type, len(content) if size is None else size, content)


OPUS = SAMPLES["voice"].read()
STEREO = OPUS[:37] + b"\x02" + OPUS[38:]
ANIMATED = b"RIFF\x00\x00\x00\x00WEBPVP8X" + b"\x00" * 14 + b"ANIM" + b"x" * 200 * 1024


@pytest.mark.parametrize(
    ("kind", "file", "code"),
    [
        (K.IMAGE, _file("image/gif"), "media_type_refused"),
        (K.IMAGE, _file("image/webp"), "media_type_refused"),
        (K.IMAGE, _file(""), "media_type_refused"),
        (K.IMAGE, _file("image/jpeg", size=5 * 1024 * 1024 + 1), "media_too_large"),
        (K.IMAGE, _file("image/jpeg", b""), "media_empty"),
        (K.VOICE, _file("audio/webm; codecs=opus"), "media_type_refused"),
        (K.VOICE, _file("audio/ogg", b"OggS vorbis"), "media_type_refused"),
        (K.VOICE, _file("audio/ogg", STEREO), "media_type_refused"),
        (K.AUDIO, _file("audio/ogg; codecs=opus", STEREO), "media_type_refused"),
        (K.STICKER, _file("image/webp", b"RIFF" + b"x" * 100 * 1024), "media_too_large"),
        (K.DOCUMENT, _file("application/x-msdownload"), "media_type_refused"),
        (K.TEXT, _file("text/plain"), "media_type_refused"),
    ],
)
def test_file_that_whatsapp_would_refuse_is_not_uploaded(
    kind: MessageKind, file: OutgoingFile, code: str
) -> None:
    found = prepare_upload(kind, file)
    assert isinstance(found, Failure)
    assert found.code == code


@pytest.mark.parametrize(
    ("kind", "file", "upload"),
    [
        (K.VOICE, _file("audio/ogg; codecs=opus", OPUS), Upload("file.ogg", "audio/ogg")),
        (K.VOICE, _file("audio/mp4"), Upload("file.m4a", "audio/mp4")),
        (K.AUDIO, _file("Audio/MPEG"), Upload("file.mp3", "audio/mpeg")),
        (K.IMAGE, _file("image/jpeg", size=5 * 1024 * 1024), Upload("file.jpg", "image/jpeg")),
        (K.STICKER, _file("image/webp", ANIMATED), Upload("file.webp", "image/webp")),
        (K.DOCUMENT, _file("text/csv"), Upload("file.txt", "text/plain")),
        (K.DOCUMENT, _file("image/png"), Upload("file.png", "image/png")),
        (K.DOCUMENT, _file("audio/ogg", b"OggS vorbis"), Upload("file.ogg", "audio/ogg")),
    ],
)
def test_upload_is_named_by_its_type(kind: MessageKind, file: OutgoingFile, upload: Upload) -> None:
    assert prepare_upload(kind, file) == upload


def test_every_type_that_is_offered_can_be_uploaded() -> None:
    for rule in CAPABILITIES.media.values():
        assert all(SENT_AS.get(each, each) in EXTENSIONS for each in rule.types)


def test_sample_of_a_stereo_voice_is_one() -> None:
    assert OPUS[28:36] == b"OpusHead"
    assert (OPUS[37], STEREO[37]) == (1, 2)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Rückgabe Nr. 7.pdf", "Rückgabe Nr. 7.pdf"),
        ("../../etc/passwd", ".._.._etc_passwd"),
        ("a\r\nb.pdf", "a__b.pdf"),
        ("", "document"),
        ("x" * 300 + ".pdf", "x" * 236 + ".pdf"),
    ],
)
def test_name_of_a_document_is_kept_but_for_what_breaks_paths(name: str, shown: str) -> None:
    file = OutgoingFile(K.DOCUMENT, name, "application/pdf", 1, b"x")
    found = compose(outgoing(K.DOCUMENT, file=file), "1")
    assert isinstance(found, dict)
    assert found["document"] == {"id": "1", "filename": shown}


def test_voice_that_is_not_ogg_is_sent_as_sound() -> None:
    file = OutgoingFile(K.VOICE, "v.m4a", "audio/mp4", 1, b"x", is_voice=True)
    found = compose(outgoing(K.VOICE, file=file), "1")
    assert isinstance(found, dict)
    assert (found["type"], found["audio"]) == ("audio", {"id": "1"})
