"""Makers of webhook payloads: what Meta's `value` objects look like for each kind of event.

Pure: they describe, they do not deliver and they change no chat.
"""

from __future__ import annotations

import json
import time
from typing import Any

from .config import BusinessNumber
from .personas import Persona

JSON = dict[str, Any]


def envelope_value(number: BusinessNumber, **parts: list[JSON]) -> JSON:
    """Wrap lists such as `contacts`, `messages` or `statuses` into the value of one number."""
    metadata = {"display_phone_number": number.digits, "phone_number_id": number.id}
    return {
        "messaging_product": "whatsapp",
        "metadata": metadata,
        **{key: part for key, part in parts.items() if part},
    }


def contact_card(persona: Persona) -> JSON:
    """Describe the sender as `contacts[]` does, showing only what their identity mode reveals."""
    profile = {"name": persona.name}
    if persona.username and persona.shows_bsuid:
        profile["username"] = persona.username
    card: JSON = {"profile": profile}
    if persona.shows_phone:
        card["wa_id"] = persona.phone
    if persona.identity == "bsuid_in_from":
        card["wa_id"] = persona.bsuid
    elif persona.shows_bsuid:
        card["user_id"] = persona.bsuid
    return card


def sender_fields(persona: Persona) -> JSON:
    """Return `from` and `from_user_id` of a message, as far as they are revealed."""
    fields: JSON = {}
    if persona.shows_phone:
        fields["from"] = persona.phone
    if persona.identity == "bsuid_in_from":
        fields["from"] = persona.bsuid
    elif persona.shows_bsuid:
        fields["from_user_id"] = persona.bsuid
    return fields


def message_item(
    persona: Persona, message_id: str, kind: str, content: Any, *, at: float | None = None
) -> JSON:
    """Build one `messages[]` item; `content` sits under the name of its type."""
    item: JSON = {**sender_fields(persona), "id": message_id, "timestamp": stamp(at), "type": kind}
    if content is not None:
        item[kind] = content
    return item


def reply_context(number: BusinessNumber, message_id: str | None, forwarded: object = False) -> JSON | None:
    """Build the `context` of an answer or of something forwarded; None when it is neither."""
    if forwarded:
        return {"frequently_forwarded": True} if forwarded == "frequently" else {"forwarded": True}
    if message_id:
        return {"from": number.digits, "id": message_id}
    return None


def unsupported_item(
    persona: Persona, message_id: str, what: str = "poll_creation", code: int = 131051
) -> JSON:
    """Build the notice about a message that the API cannot carry."""
    known = {
        131051: ("Message type unknown", "Message type is currently not supported."),
        131060: ("This message is currently unavailable.", "This message is currently unavailable."),
    }
    title, details = known.get(code, known[131051])
    item = message_item(persona, message_id, "unsupported", {"type": what})
    item["errors"] = [{"code": code, "title": title, "message": title, "error_data": {"details": details}}]
    return item


def number_changed_item(persona: Persona, message_id: str, old: Persona) -> JSON:
    """Build the system message about a new number (or only a new user id); its `from` is the old identity."""
    by_phone = bool(persona.phone != old.phone and persona.shows_phone)
    kind = "user_changed_number" if by_phone else "user_changed_user_id"
    new = persona.phone if by_phone else persona.bsuid
    system: JSON = {"body": f"{old.name} changed from {old.address} to {new}", "type": kind}
    if by_phone:
        system["wa_id"] = persona.phone
    if persona.shows_bsuid:
        system["user_id"] = persona.bsuid
        if old.bsuid and old.bsuid != persona.bsuid:
            system["previous_user_id"] = old.bsuid
    return {
        **sender_fields(old),
        "id": message_id,
        "timestamp": stamp(None),
        "type": "system",
        "system": system,
    }


def edit_item(persona: Persona, message_id: str, original_id: str, kind: str, content: Any) -> JSON:
    """Build the notice that a customer changed the text or caption of an earlier message."""
    changed = {"context": {"id": original_id}, "type": kind, kind: content}
    return message_item(persona, message_id, "edit", {"original_message_id": original_id, "message": changed})


def revoke_item(persona: Persona, message_id: str, original_id: str) -> JSON:
    """Build the notice that a customer deleted an earlier message for everyone."""
    return message_item(persona, message_id, "revoke", {"original_message_id": original_id})


def flow_reply(answers: JSON | str, name: str = "flow") -> JSON:
    """Build the `interactive` content of a finished flow; the answers travel as a JSON string."""
    text = answers if isinstance(answers, str) else json.dumps(answers)
    return {"type": "nfm_reply", "nfm_reply": {"name": name, "body": "Sent", "response_json": text}}


def ad_referral(headline: str = "Fresh roast, delivered") -> JSON:
    """Build the referral that Meta attaches to a first message from an ad."""
    return {
        "source_url": "https://fb.me/2kQh8Zl1d",
        "source_id": "120214598230110",
        "source_type": "ad",
        "headline": headline,
        "body": "Order today, brewed tomorrow.",
        "media_type": "image",
        "image_url": "https://scontent.example/ads/fresh-roast.jpg",
        "ctwa_clid": "ARAkLkA8rmlFeiCktEJQ-QTwRiyYHAFDLMNDBH0CD3qpjd0HR4irJ6LEkR7JwLF4",
    }


def status_item(
    message_id: str,
    status: str,
    *,
    recipient: JSON,
    callback_data: str | None,
    window_open: bool,
    error: JSON | None = None,
    at: float | None = None,
) -> JSON:
    """Build one `statuses[]` item; pricing comes with `sent` and `delivered`, errors with `failed`."""
    item: JSON = {"id": message_id, "status": status, "timestamp": stamp(at), **recipient}
    if callback_data is not None:
        item["biz_opaque_callback_data"] = callback_data
    if status in ("sent", "delivered"):
        kind, category = ("free_customer_service", "service") if window_open else ("regular", "utility")
        item["pricing"] = {
            "billable": not window_open,
            "pricing_model": "PMP",
            "type": kind,
            "category": category,
        }
    if error:
        item["errors"] = [error]
    return item


def status_recipient(persona: Persona | None, wa_id: str | None) -> JSON:
    """Name the recipient of a status: the number that was written to, and the user id where it is known."""
    fields: JSON = {}
    if wa_id:
        fields["recipient_id"] = wa_id
    if persona and persona.shows_bsuid:
        fields["recipient_user_id"] = persona.bsuid
    return fields


def stamp(at: float | None) -> str:
    """Give a moment as Meta does on WhatsApp: unix seconds in a string."""
    return str(int(at if at is not None else time.time()))
