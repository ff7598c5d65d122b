"""Whether WhatsApp takes a file, and under which type and name it has to be uploaded. Pure; no bytes travel here."""

import dataclasses

from parley.channels.whatsapp.capabilities import CAPABILITIES, EXTENSIONS, MAX_STILL_STICKER, SENT_AS
from parley.modules.conversations.types import Failure, MessageKind, OutgoingFile

_OPUS_HEAD = b"OpusHead"
_HEAD = 512


@dataclasses.dataclass(frozen=True, slots=True)
class Upload:
    """How a file is uploaded: Meta goes by the extension of its name more than by the type."""

    name: str
    media_type: str


def base_type(media_type: str) -> str:
    """Read a media type without its parameters: `audio/ogg; codecs=opus` is `audio/ogg`."""
    return media_type.partition(";")[0].strip().lower()


def prepare_upload(kind: MessageKind, file: OutgoingFile) -> Upload | Failure:
    """Decide how to upload the file as this kind of message, or why WhatsApp would refuse it."""
    given = base_type(file.media_type)
    rule = CAPABILITIES.media.get(kind.value)
    allowed = rule.types if rule else ()
    if kind is MessageKind.VOICE:
        allowed = (*allowed, *CAPABILITIES.media["audio"].types)
    if rule is None or given not in allowed:
        return _refused(f"WhatsApp does not take files of the type {given or 'unknown'} as {kind.value}.")
    size = max(file.size, len(file.content))
    most = rule.max_bytes
    if kind is MessageKind.STICKER and b"ANIM" not in file.content[:_HEAD]:
        most = MAX_STILL_STICKER
    if size > most:
        return Failure(
            "media_too_large",
            f"WhatsApp takes at most {_shown(most)} as {kind.value}; this file has {_shown(size)}.",
            "Make it smaller, or send it as a document (up to 100 MB).",
        )
    if size == 0:
        return Failure("media_empty", "This file is empty.", "Choose the file again.")
    if given == "audio/ogg" and kind is not MessageKind.DOCUMENT and (fault := _ogg_fault(file.content)):
        return _refused(fault)
    sent_as = SENT_AS.get(given, given)
    return Upload(f"file.{EXTENSIONS[sent_as]}", sent_as)


def _ogg_fault(content: bytes) -> str | None:
    """WhatsApp accepts any Ogg at upload and refuses all but Opus with one channel at delivery (131053)."""
    place = content.find(_OPUS_HEAD, 0, _HEAD)
    if place < 0 or len(content) < place + 10:
        return "WhatsApp plays Ogg sounds only with the Opus codec."
    return None if content[place + 9] == 1 else "WhatsApp plays Ogg sounds only with one channel (mono)."


def _refused(message: str) -> Failure:
    return Failure("media_type_refused", message, "Send it as JPEG, PNG, MP4, MP3, or as a PDF document.")


def _shown(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{size / 1024:.0f} KB"
