"""What the Cloud API accepts as a message: required parameters, types and the documented limits.

Interactive messages have a file of their own. Whether a recipient, a media id or a template exists is asked in
`graph_messages`.
"""

from __future__ import annotations

from typing import Any

from .graph_errors import missing, not_valid, param
from .graph_interactive import check_interactive

JSON = dict[str, Any]
MEDIA_TYPES = ("image", "video", "document", "audio", "sticker")
_WITH_CAPTION = ("image", "video", "document")
MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_CONTACTS = 257
MAX_CALLBACK_DATA = 512


def check_message(body: JSON) -> str:
    """Refuse what Meta refuses; returns the type of the message."""
    if body.get("messaging_product") != "whatsapp":
        raise param("The parameter messaging_product is required and must be 'whatsapp'.")
    if body.get("recipient_type", "individual") not in ("individual", "group"):
        raise param("Param recipient_type must be one of {INDIVIDUAL, GROUP}")
    if not body.get("to") and not body.get("recipient"):
        raise param("The parameter to is required.")
    for name in ("to", "recipient"):
        if body.get(name) is not None and not isinstance(body[name], str):
            raise param(f"Param {name} must be a string")
    _check_extras(body)
    kind = body.get("type", "text")
    check = _CHECKS.get(kind) if isinstance(kind, str) else None
    if check is None:
        raise param(f"Param type must be one of {{{', '.join(name.upper() for name in _CHECKS)}}}")
    content = body.get(kind)
    if content is None:
        raise missing(kind)
    check(kind, content)
    return str(kind)


def _check_extras(body: JSON) -> None:
    callback = body.get("biz_opaque_callback_data")
    if callback is not None and (not isinstance(callback, str) or len(callback) > MAX_CALLBACK_DATA):
        raise param(f"Param biz_opaque_callback_data must be at most {MAX_CALLBACK_DATA} characters long.")
    context = body.get("context")
    if context is not None and (
        not isinstance(context, dict) or not isinstance(context.get("message_id"), str)
    ):
        raise missing("context['message_id']")


def _object(kind: str, content: Any) -> JSON:
    if not isinstance(content, dict):
        raise param(f"Param {kind} must be a JSON object")
    return content


def _check_text(kind: str, content: Any) -> None:
    body = _object(kind, content).get("body")
    if body is None or body == "":
        raise missing("text['body']")
    if not isinstance(body, str) or len(body) > MAX_TEXT:
        raise param(f"Param text['body'] must be at most {MAX_TEXT} characters long.")
    if not isinstance(content.get("preview_url", False), bool):
        raise param("Param text['preview_url'] must be a boolean")


def _check_media(kind: str, content: Any) -> None:
    media = _object(kind, content)
    given = [name for name in ("id", "link") if media.get(name)]
    if not given:
        raise missing(f"{kind}['id'] or {kind}['link']")
    if len(given) == 2:
        raise param(f"Only one of {kind}['id'] and {kind}['link'] may be given.")
    if not isinstance(media[given[0]], str):
        raise param(f"Param {kind}['{given[0]}'] must be a string")
    if given == ["link"] and not media["link"].startswith(("http://", "https://")):
        raise not_valid(f"Param {kind}['link'] is not a valid URL.")
    caption = media.get("caption")
    if caption is not None and kind not in _WITH_CAPTION:
        raise param(f'Unexpected key "caption" on param "{kind}".')
    if caption is not None and (not isinstance(caption, str) or len(caption) > MAX_CAPTION):
        raise param(f"Param {kind}['caption'] must be at most {MAX_CAPTION} characters long.")
    if media.get("filename") is not None and kind != "document":
        raise param(f'Unexpected key "filename" on param "{kind}".')


def _check_location(kind: str, content: Any) -> None:
    place = _object(kind, content)
    for name, bound in (("latitude", 90), ("longitude", 180)):
        if place.get(name) is None:
            raise missing(f"location['{name}']")
        try:
            value = float(place[name])
        except (TypeError, ValueError):
            raise not_valid(f"Param location['{name}'] must be a number.") from None
        if not -bound <= value <= bound:
            raise not_valid(f"Param location['{name}'] must be between -{bound} and {bound}.")


def _check_contacts(_kind: str, content: Any) -> None:
    if not isinstance(content, list) or not content:
        raise missing("contacts")
    if len(content) > MAX_CONTACTS:
        raise not_valid(f"Param contacts must have at most {MAX_CONTACTS} entries.")
    for card in content:
        name = card.get("name") if isinstance(card, dict) else None
        if not isinstance(name, dict) or not name.get("formatted_name"):
            raise missing("contacts['name']['formatted_name']")
        if not any(name.get(part) for part in ("first_name", "last_name", "middle_name", "suffix", "prefix")):
            raise not_valid(
                "At least one of the optional name parameters must be included along with formatted_name."
            )


def _check_reaction(kind: str, content: Any) -> None:
    reaction = _object(kind, content)
    if not reaction.get("message_id"):
        raise missing("reaction['message_id']")
    emoji = reaction.get("emoji", "")
    if not isinstance(emoji, str) or len(emoji.encode("utf-16-le")) // 2 > 20 or (emoji.isascii() and emoji):
        raise not_valid("Param reaction['emoji'] must be one emoji or an empty string.")


def _check_interactive(kind: str, content: Any) -> None:
    check_interactive(_object(kind, content))


def _check_template(kind: str, content: Any) -> None:
    template = _object(kind, content)
    if not template.get("name"):
        raise missing("template['name']")
    language = template.get("language")
    if not isinstance(language, dict) or not language.get("code"):
        raise missing("template['language']['code']")
    components = template.get("components", [])
    if not isinstance(components, list) or not all(isinstance(part, dict) for part in components):
        raise param("Param template['components'] must be an array")


_CHECKS = {
    "text": _check_text,
    **dict.fromkeys(MEDIA_TYPES, _check_media),
    "location": _check_location,
    "contacts": _check_contacts,
    "reaction": _check_reaction,
    "interactive": _check_interactive,
    "template": _check_template,
}
