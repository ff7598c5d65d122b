"""Read what a message says, kind by kind, into the shapes of the API. Who wrote it and when is read in `parse`."""

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import orjson

from parley.channels.meta.reading import link, mapping, number, objects, text
from parley.channels.whatsapp.unsupported import describe_error, describe_unknown, describe_unsupported
from parley.modules.conversations.types import InboundMedia, MessageKind

_MEDIA: Mapping[str, MessageKind] = {
    "image": MessageKind.IMAGE,
    "video": MessageKind.VIDEO,
    "document": MessageKind.DOCUMENT,
    "audio": MessageKind.AUDIO,
    "voice": MessageKind.VOICE,
    "sticker": MessageKind.STICKER,
}
_REFERRAL_WORDS = ("source_type", "source_id", "headline", "body", "media_type", "ctwa_clid")
_REFERRAL_LINKS = ("source_url", "image_url", "video_url", "thumbnail_url")


@dataclasses.dataclass(frozen=True, slots=True)
class Reading:
    """What a message says: its kind, its words, what only this kind has, its files."""

    kind: MessageKind
    text: str | None = None
    content: Mapping[str, Any] | None = None
    media: tuple[InboundMedia, ...] = ()


def read_words(kind: str, message: Mapping[str, Any]) -> Reading | None:
    """Read a message of this type; None when a known type does not hold what it must.

    An unknown type, and one that WhatsApp says it cannot pass on, becomes `unsupported` with plain words.
    """
    if kind == "unsupported":
        return Reading(MessageKind.UNSUPPORTED, content=describe_unsupported(message))
    body = message.get(kind)
    reader = _READERS.get(kind)
    found = reader(body) if reader and isinstance(body, list if kind == "contacts" else dict) else None
    if found is None and (error := next(objects(message.get("errors")), None)) is not None:
        return Reading(MessageKind.UNSUPPORTED, caption_or_text(message), describe_error(error))
    if found is None and reader is None:
        return Reading(MessageKind.UNSUPPORTED, content=describe_unknown(kind))
    return found


def caption_or_text(message: Mapping[str, Any]) -> str | None:
    """Read the words of a message whatever its type: a text's body or a file's caption."""
    body = mapping(message.get(text(message.get("type")) or ""))
    if not body:
        body = mapping(message.get("text"))
    return text(body.get("body")) or text(body.get("caption"))


def read_referral(referral: Mapping[str, Any], product: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Read which advertisement or product made the person write; None when nothing did."""
    found: dict[str, Any] = {name: words for name in _REFERRAL_WORDS if (words := text(referral.get(name)))}
    found |= {name: address for name in _REFERRAL_LINKS if (address := link(referral.get(name)))}
    if welcome := text(mapping(referral.get("welcome_message")).get("text")):
        found["welcome_text"] = welcome
    if product_id := text(product.get("product_retailer_id")):
        found.setdefault("source_type", "product")
        found |= {"catalog_id": text(product.get("catalog_id")), "product_id": product_id}
    return found or None


def _read_text(body: Mapping[str, Any]) -> Reading | None:
    words = text(body.get("body"))
    return Reading(MessageKind.TEXT, words) if words else None


def _media_reader(kind: MessageKind) -> Callable[[Mapping[str, Any]], Reading | None]:
    def read(body: Mapping[str, Any]) -> Reading | None:
        reference = text(body.get("id"))
        if reference is None:
            return None
        is_voice = kind is MessageKind.VOICE or (kind is MessageKind.AUDIO and body.get("voice") is True)
        found = MessageKind.VOICE if is_voice else kind
        media = InboundMedia(
            kind=found,
            reference=reference,
            name=text(body.get("filename")),
            declared_type=text(body.get("mime_type")),
            sha256=text(body.get("sha256")),
            is_voice=is_voice,
        )
        return Reading(found, text(body.get("caption")), media=(media,))

    return read


def _read_location(body: Mapping[str, Any]) -> Reading | None:
    latitude, longitude = number(body.get("latitude")), number(body.get("longitude"))
    if latitude is None or longitude is None or not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        return None
    place = {
        "latitude": latitude,
        "longitude": longitude,
        "name": text(body.get("name")),
        "address": text(body.get("address")),
        "url": link(body.get("url")),
    }
    return Reading(MessageKind.LOCATION, content=place)


def _read_contacts(body: list[Any]) -> Reading | None:
    cards = [_read_card(card) for card in objects(body)]
    return Reading(MessageKind.CONTACTS, content={"contacts": cards}) if cards else None


def _read_card(card: Mapping[str, Any]) -> Mapping[str, Any]:
    name = mapping(card.get("name"))
    parts = [text(name.get(part)) for part in ("first_name", "middle_name", "last_name")]
    return {
        "name": text(name.get("formatted_name")) or " ".join(part for part in parts if part) or None,
        "phones": [
            {"phone": found, "type": text(each.get("type"))}
            for each in objects(card.get("phones"))
            if (found := text(each.get("phone")) or text(each.get("wa_id")))
        ],
        "emails": [
            {"email": found, "type": text(each.get("type"))}
            for each in objects(card.get("emails"))
            if (found := text(each.get("email")))
        ],
        "organization": text(mapping(card.get("org")).get("company")),
    }


def _read_interactive(body: Mapping[str, Any]) -> Reading | None:
    kind = text(body.get("type")) or ""
    answer = mapping(body.get(kind))
    if kind in {"button_reply", "list_reply"}:
        return _choice(
            "button" if kind == "button_reply" else "list",
            text(answer.get("id")),
            text(answer.get("title")),
            text(answer.get("description")),
        )
    if kind == "nfm_reply":
        return _read_form(answer)
    if kind == "call_permission_reply":
        return _read_call_permission(answer)
    return (
        Reading(MessageKind.UNSUPPORTED, content=describe_unknown(f"interactive {kind}".strip()))
        if kind
        else None
    )


def _read_button(body: Mapping[str, Any]) -> Reading | None:
    return _choice("template", text(body.get("payload")), text(body.get("text")), None)


def _choice(source: str, chosen: str | None, title: str | None, description: str | None) -> Reading | None:
    if chosen is None and title is None:
        return None
    words = title or chosen
    content = {"id": chosen or title, "title": words, "description": description, "source": source}
    return Reading(MessageKind.CHOICE, words, content)


def _read_form(answer: Mapping[str, Any]) -> Reading:
    """Read a filled-in form. Its answers are a JSON text that may be anything: then it is one answer, `response`."""
    raw = answer.get("response_json")
    answers: dict[str, Any] = {}
    if isinstance(raw, dict):
        answers = dict(raw)
    elif isinstance(raw, str):
        try:
            found = orjson.loads(raw)
        except orjson.JSONDecodeError:
            found = raw
        answers = found if isinstance(found, dict) else {} if found in (None, "") else {"response": found}
    token = text(answers.pop("flow_token", None))
    content = {"name": text(answer.get("name")) or "flow", "answers": answers, "token": token}
    return Reading(MessageKind.FORM, text(answer.get("body")), content)


def _read_call_permission(answer: Mapping[str, Any]) -> Reading | None:
    response = text(answer.get("response"))
    if response not in {"accept", "reject"}:
        return None
    code = "call_permission_given" if response == "accept" else "call_permission_refused"
    words = "The contact allows calls." if response == "accept" else "The contact does not want to be called."
    return Reading(MessageKind.SYSTEM, words, {"code": code, "text": words})


def _read_order(body: Mapping[str, Any]) -> Reading:
    words = text(body.get("text"))
    items = [
        {
            "product_id": text(item.get("product_retailer_id")),
            "quantity": number(item.get("quantity")),
            "price": number(item.get("item_price")),
            "currency": text(item.get("currency")),
        }
        for item in objects(body.get("product_items"))
    ]
    content = {"catalog_id": text(body.get("catalog_id")), "text": words, "items": items}
    return Reading(MessageKind.ORDER, words, content)


_READERS: Mapping[str, Callable[[Any], Reading | None]] = {
    "text": _read_text,
    "location": _read_location,
    "contacts": _read_contacts,
    "interactive": _read_interactive,
    "button": _read_button,
    "order": _read_order,
    **{name: _media_reader(kind) for name, kind in _MEDIA.items()},
}
