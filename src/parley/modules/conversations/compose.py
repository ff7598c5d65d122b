"""Checks what a member wants to send against what the channel can carry, before anything is stored. Pure."""

import re
from collections.abc import Mapping
from typing import Any

from parley.modules.conversations.errors import (
    AttachmentRefusedError,
    EmptyMessageError,
    InvalidInteractiveError,
    NotSupportedError,
    TextTooLongError,
)
from parley.modules.conversations.types import MessageKind
from parley.modules.inboxes.types import ButtonRule, Capabilities, ListRule

_KIND_OF_TYPE = {
    "image": MessageKind.IMAGE,
    "video": MessageKind.VIDEO,
    "audio": MessageKind.AUDIO,
}
_EMOJI_LENGTH = 16


def check_text(capabilities: Capabilities, text: str | None, *, is_caption: bool) -> str | None:
    """Give the text as it will be sent, None for none; raises `TextTooLongError` with the limit."""
    cleaned = (text or "").replace("\x00", "").strip()
    if not cleaned:
        return None
    limit = capabilities.caption_max if is_caption else capabilities.max_text
    if limit is None:
        raise NotSupportedError(
            "This channel sends files without words. Write them in a message of their own."
        )
    if len(cleaned) > limit:
        raise TextTooLongError(limit=limit, length=len(cleaned))
    return cleaned


def kind_of_file(
    capabilities: Capabilities, media_type: str, size: int, *, is_voice: bool = False
) -> MessageKind:
    """Decide as what a file travels; raises `AttachmentRefusedError` with the limit that it breaks."""
    media_type = media_type.partition(";")[0].strip().lower()
    wanted = MessageKind.VOICE if is_voice else _KIND_OF_TYPE.get(media_type.partition("/")[0])
    if wanted is MessageKind.IMAGE and media_type == "image/webp" and "sticker" in capabilities.media:
        wanted = MessageKind.STICKER
    for kind in (wanted, MessageKind.DOCUMENT):
        rule = capabilities.media.get(kind.value) if kind is not None else None
        if rule is None or kind is None or (rule.types and media_type not in rule.types):
            continue
        if size > rule.max_bytes:
            if kind is MessageKind.DOCUMENT:
                raise AttachmentRefusedError(
                    reason="file_too_large", limit=rule.max_bytes, media_type=media_type
                )
            continue
        return kind
    raise AttachmentRefusedError(reason="type_refused", media_type=media_type)


def check_interactive(capabilities: Capabilities, offered: Mapping[str, Any]) -> dict[str, Any]:
    """Check buttons or a list against the channel's limits; gives them back as they will be kept and sent."""
    if offered["type"] == "buttons":
        if capabilities.buttons is None:
            raise NotSupportedError
        return _buttons(capabilities.buttons, offered)
    if capabilities.list is None:
        raise NotSupportedError
    return _list(capabilities.list, offered)


def check_emoji(emoji: str | None) -> str | None:
    """Accept one emoji, or None to take a reaction back."""
    if emoji is None or emoji == "":
        return None
    if len(emoji) > _EMOJI_LENGTH or re.search(r"[\w\s]", emoji.replace("\u20e3", "").strip("0123456789#*")):
        raise NotSupportedError("A reaction is one emoji.")
    return emoji


def require_something(text: str | None, count: int, interactive: object) -> None:
    """Refuse to send nothing."""
    if text is None and count == 0 and interactive is None:
        raise EmptyMessageError


def _buttons(rule: ButtonRule, offered: Mapping[str, Any]) -> dict[str, Any]:
    buttons = offered.get("buttons") or []
    _within(offered, "body", rule.body_max)
    if not 1 <= len(buttons) <= rule.max:
        raise InvalidInteractiveError(reason="button_count", limit=rule.max)
    _unique([b["id"] for b in buttons])
    _unique([b["title"] for b in buttons])
    for button in buttons:
        _within(button, "title", rule.title_max)
    return {k: v for k, v in offered.items() if v is not None}


def _list(rule: ListRule, offered: Mapping[str, Any]) -> dict[str, Any]:
    sections = offered.get("sections") or []
    rows = [row for section in sections for row in section.get("rows") or []]
    _within(offered, "body", rule.body_max)
    _within(offered, "button", rule.button_max)
    if not 1 <= len(rows) <= rule.max_rows:
        raise InvalidInteractiveError(reason="row_count", limit=rule.max_rows)
    if len(sections) > 1 and not all(section.get("title") for section in sections):
        raise InvalidInteractiveError(reason="section_title_missing")
    _unique([row["id"] for row in rows])
    for row in rows:
        _within(row, "title", rule.title_max)
        if row.get("description"):
            _within(row, "description", rule.description_max)
    return {k: v for k, v in offered.items() if v is not None}


def _within(holder: Mapping[str, Any], name: str, limit: int) -> None:
    value = str(holder.get(name) or "").strip()
    if not value or len(value) > limit:
        raise InvalidInteractiveError(reason=f"{name}_length", limit=limit)


def _unique(values: list[str]) -> None:
    if len(set(values)) != len(values):
        raise InvalidInteractiveError(reason="not_unique")
