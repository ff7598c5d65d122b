"""Write a message as the Cloud API wants it, or say why WhatsApp would not take it. Pure; nothing is sent here.

Source: developers.facebook.com/docs/whatsapp/cloud-api/reference/messages.
"""

from typing import Any

from parley.channels.whatsapp.addresses import PHONE, USER
from parley.channels.whatsapp.capabilities import CAPABILITIES, MAX_TEXT
from parley.channels.whatsapp.compose_interactive import compose_interactive
from parley.channels.whatsapp.files import base_type
from parley.modules.conversations.types import MEDIA_KINDS, Failure, MessageKind, Outgoing

_WITH_CAPTION = frozenset({MessageKind.IMAGE, MessageKind.VIDEO, MessageKind.DOCUMENT})
_MAX_NAME = 240
_MAX_TOKEN = 512


def compose(outgoing: Outgoing, media_id: str | None = None) -> dict[str, Any] | Failure:
    """Write the body of `POST /messages`; `media_id` is that of the uploaded file where there is one.

    A message with a file can be composed without `media_id` to learn whether it would be taken.
    """
    to = _recipient(outgoing)
    if to is None:
        return Failure(
            "no_address",
            "This contact has no address on WhatsApp.",
            "Add their number with its country code, or write to them on another channel.",
        )
    content = _content(outgoing, media_id)
    if isinstance(content, Failure):
        return content
    body = {"messaging_product": "whatsapp", "recipient_type": "individual", **to, **content}
    if outgoing.reply_to and outgoing.reaction is None:
        body["context"] = {"message_id": outgoing.reply_to}
    if outgoing.token:
        body["biz_opaque_callback_data"] = outgoing.token[:_MAX_TOKEN]
    return body


def _recipient(outgoing: Outgoing) -> dict[str, str] | None:
    """Choose where to send: a number, always with `+`, for WhatsApp prefixes the business's country without it."""
    for address in outgoing.to:
        if address.namespace == PHONE:
            return {"to": f"+{address.external_id}"}
    for address in outgoing.to:
        if address.namespace == USER:
            return {"recipient": address.external_id}
    return None


def _content(outgoing: Outgoing, media_id: str | None) -> dict[str, Any] | Failure:
    if outgoing.reaction is not None:
        target, emoji = outgoing.reaction
        return {"type": "reaction", "reaction": {"message_id": target, "emoji": emoji or ""}}
    if outgoing.file is not None and outgoing.kind in MEDIA_KINDS:
        return _media(outgoing, media_id)
    if outgoing.interactive is not None:
        content = compose_interactive(outgoing.interactive)
        return content if isinstance(content, Failure) else {"type": "interactive", "interactive": content}
    if outgoing.kind is MessageKind.TEXT:
        return _text(outgoing.text)
    return Failure(
        "kind_not_supported", "WhatsApp cannot carry this kind of message from here.", "Send it as text."
    )


def _text(words: str | None) -> dict[str, Any] | Failure:
    if not words or not words.strip():
        return Failure("text_empty", "There are no words in this message.", "Write something, then send it.")
    if len(words) > MAX_TEXT:
        return Failure(
            "text_too_long",
            f"WhatsApp takes at most {MAX_TEXT} characters in one message.",
            "Send it as several messages.",
        )
    return {"type": "text", "text": {"body": words, "preview_url": "https://" in words}}


def _media(outgoing: Outgoing, media_id: str | None) -> dict[str, Any] | Failure:
    file = outgoing.file
    assert file is not None
    kind = "audio" if outgoing.kind is MessageKind.VOICE else outgoing.kind.value
    media: dict[str, Any] = {"id": media_id or ""}
    if outgoing.text:
        if outgoing.kind not in _WITH_CAPTION:
            return Failure(
                "caption_not_supported",
                "WhatsApp shows no words with voice messages, sounds and stickers.",
                "Send the words as a message of their own.",
            )
        if CAPABILITIES.caption_max is not None and len(outgoing.text) > CAPABILITIES.caption_max:
            return Failure(
                "caption_too_long",
                f"WhatsApp takes at most {CAPABILITIES.caption_max} characters with a file.",
                "Send the words as a message of their own.",
            )
        media["caption"] = outgoing.text
    if outgoing.kind is MessageKind.DOCUMENT:
        media["filename"] = _name(file.name)
    is_voice = outgoing.kind is MessageKind.VOICE or file.is_voice
    if kind == "audio" and is_voice and base_type(file.media_type) == "audio/ogg":
        media["voice"] = True
    return {"type": kind, kind: media}


def _name(name: str) -> str:
    """Keep the name that the contact will see, accents and all; only what breaks paths and lines goes."""
    kept = "".join("_" if each in "/\\" or not each.isprintable() else each for each in name).strip()
    return kept[-_MAX_NAME:] or "document"
