"""What customers do with their phones: write, react, edit, delete, change their number, go offline.

Each act changes the chat as the phone shows it and makes the webhook that Meta would send.
"""

from __future__ import annotations

import base64
import binascii
import copy
import time
from dataclasses import dataclass
from typing import Any

from . import ids, inbound
from .config import BusinessNumber
from .delivery import land
from .personas import Persona, persona_from
from .samples import SAMPLES
from .simulator import Simulator
from .state import ChatMessage
from .webhooks import Update

JSON = dict[str, Any]
MEDIA_KINDS = ("image", "video", "document", "audio", "sticker")
_INTERACTIVE = ("button_reply", "list_reply", "call_permission_reply")
_UNANSWERABLE = ("system", "edit", "revoke")


@dataclass(slots=True)
class Act:
    """One thing a customer did, and the webhook update about it (None when Meta sends none)."""

    message_id: str
    update: Update | None


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an act happens: whose phone, which business number, under which message id."""

    sim: Simulator
    persona: Persona
    number: BusinessNumber
    message_id: str


def act(sim: Simulator, persona: Persona, number: BusinessNumber, spec: JSON) -> Act:
    """Do what `spec` describes without delivering it yet; raises ValueError when that makes no sense."""
    kind = str(spec.get("type") or "text")
    message_id = str(spec.get("id") or ids.wamid(persona.address))
    if kind == "system":
        return _change_identity(sim, persona, number, message_id, spec)
    item = _item(_Place(sim, persona, number, message_id), kind, spec)
    chat = sim.chats.open(persona.id, number.id)
    if kind not in _UNANSWERABLE:
        chat.window_from = sim.clock()
    sim.touch()
    if item is None:
        return Act(message_id, None)
    for name in ("errors", "group_id"):
        if spec.get(name):
            item[name] = spec[name]
    if spec.get("referral"):
        item["referral"] = inbound.ad_referral() if spec["referral"] is True else spec["referral"]
    item.update(spec.get("extra") or {})
    value = inbound.envelope_value(number, contacts=[inbound.contact_card(persona)], messages=[item])
    update = sim.update(number, value)
    update.on_accepted = lambda: _accepted(sim, persona, number, message_id)
    return Act(message_id, update)


def send(sim: Simulator, persona: Persona, done: Act) -> None:
    """Hand the act to the network, or keep it on the phone while that is in airplane mode."""
    if done.update is None:
        return
    if persona.airplane:
        sim.unsent.setdefault(persona.id, []).append(done.update)
        return
    sim.queue.add(done.update)


def set_airplane(sim: Simulator, persona: Persona, on: bool) -> None:
    """Switch airplane mode; back online, what waited goes out and what was held comes in."""
    persona.airplane = on
    sim.touch()
    sim.hub.publish("persona", persona=persona.as_dict())
    if on:
        return
    for update in sim.unsent.pop(persona.id, []):
        for item in update.value.get("messages", []):
            message = sim.chats.find(update.value["metadata"]["phone_number_id"], item["id"])
            if message:
                message.state = "sent"
                _publish(sim, message)
        sim.queue.add(update)
    sim.queue.spawn(land(sim, persona))


def _item(at: _Place, kind: str, spec: JSON) -> JSON | None:
    if kind == "reaction":
        return _react(at, spec)
    if kind in ("edit", "revoke"):
        return _amend(at, kind, spec)
    when = float(spec["timestamp"]) if spec.get("timestamp") else None
    if kind == "unsupported":
        code = int(spec.get("code") or 131051)
        item = inbound.unsupported_item(
            at.persona, at.message_id, str(spec.get("what") or "poll_creation"), code
        )
        _keep(at, kind, item["unsupported"], spec)
        return item
    kind, content = _content(at.sim, at.number, kind, spec)
    item = inbound.message_item(at.persona, at.message_id, kind, content, at=when)
    context = inbound.reply_context(at.number, _context_id(spec), spec.get("forwarded"))
    if context:
        item["context"] = context
    _keep(at, kind, content, spec)
    return item


def _content(sim: Simulator, number: BusinessNumber, kind: str, spec: JSON) -> tuple[str, Any]:
    """Return the vendor's type and its content for a description, with shorthands filled in."""
    given = spec.get(kind)
    if kind == "text":
        body = given.get("body") if isinstance(given, dict) else given
        if not isinstance(body, str) or not body:
            raise ValueError("a text message needs a text")
        return kind, {"body": body[:4096]}
    if kind in _INTERACTIVE:
        reply = given or {key: spec[key] for key in ("title", "description") if spec.get(key)}
        if given is None:
            reply["id"] = spec.get("reply_id") or spec.get("title")
        return "interactive", {"type": kind, kind: reply}
    if kind == "flow_reply":
        return "interactive", inbound.flow_reply(spec.get("answers", {}))
    if kind in MEDIA_KINDS and not (isinstance(given, dict) and given.get("id")):
        if spec.get("errors"):
            return kind, None
        return kind, _media(sim, number, kind, spec)
    if given is None:
        raise ValueError(f"a {kind} message needs {kind!r}")
    return kind, given


def _media(sim: Simulator, number: BusinessNumber, kind: str, spec: JSON) -> JSON:
    described: JSON = spec.get("media") or {}
    stored = sim.media.get(str(described.get("id")), sim.clock())
    if stored is None:
        data, mime_type, filename = _bytes(kind, described)
        stored = sim.media.add(data, mime_type, number_id=number.id, now=sim.clock(), filename=filename)
    content: JSON = {
        "id": stored.id,
        "mime_type": stored.mime_type,
        "sha256": stored.sha256_base64,
        "url": sim.media.url(sim.config.public_url, stored, sim.clock(), "webhook"),
    }
    if spec.get("caption") and kind in ("image", "video", "document"):
        content["caption"] = str(spec["caption"])
    if kind == "document":
        content["filename"] = stored.filename or "document"
    elif kind == "audio":
        content["voice"] = bool(spec.get("voice", True))
    elif kind == "sticker":
        content["animated"] = bool(spec.get("animated", False))
    return content


def _bytes(kind: str, described: JSON) -> tuple[bytes, str, str | None]:
    if described.get("base64"):
        try:
            data = base64.b64decode(str(described["base64"]), validate=True)
        except binascii.Error:
            raise ValueError("media.base64 is not base64") from None
        return data, str(described.get("mime_type") or "application/octet-stream"), described.get("filename")
    default = {"image": "photo", "audio": "voice"}.get(kind, kind)
    sample = SAMPLES.get(str(described.get("sample") or default))
    if sample is None:
        raise ValueError(f"there is no sample {described.get('sample')!r}; samples are {', '.join(SAMPLES)}")
    filename = described.get("filename") or sample.filename
    return sample.read(), str(described.get("mime_type") or sample.mime_type), filename


def _keep(at: _Place, kind: str, content: Any, spec: JSON) -> None:
    message = ChatMessage(
        id=at.message_id,
        persona_id=at.persona.id,
        number_id=at.number.id,
        by_business=False,
        type=kind,
        content=content if isinstance(content, dict) else {kind: content},
        at=time.time(),
        context_id=_context_id(spec),
        forwarded=bool(spec.get("forwarded")),
        state="waiting" if at.persona.airplane else "sent",
    )
    at.sim.chats.open(at.persona.id, at.number.id).add(message)
    _publish(at.sim, message)


def _context_id(spec: JSON) -> str | None:
    context = spec.get("context")
    found = context.get("id") if isinstance(context, dict) else context
    return str(found) if found else None


def _react(at: _Place, spec: JSON) -> JSON:
    reaction = spec.get("reaction") or {}
    target_id, emoji = reaction.get("message_id"), reaction.get("emoji")
    if not target_id:
        raise ValueError("a reaction needs the message_id it is about")
    target = at.sim.chats.open(at.persona.id, at.number.id).messages.get(str(target_id))
    if target:
        target.reactions.pop("customer", None)
        if emoji:
            target.reactions["customer"] = str(emoji)
        _publish(at.sim, target)
    content: JSON = {"message_id": str(target_id)}
    if emoji is not None:
        content["emoji"] = str(emoji)
    return inbound.message_item(at.persona, at.message_id, "reaction", content)


def _amend(at: _Place, kind: str, spec: JSON) -> JSON | None:
    """Edit or delete an own message; a number that is not in coexistence hears less, as with Meta."""
    described = spec.get(kind) or {}
    original_id = str(described.get("original_message_id") or described.get("message_id") or "")
    original = at.sim.chats.open(at.persona.id, at.number.id).messages.get(original_id)
    if not original_id or (original is not None and original.by_business):
        raise ValueError(f"{kind} needs the original_message_id of a message of this customer")
    if kind == "revoke":
        if original:
            original.revoked, original.content = True, {}
            _publish(at.sim, original)
        return inbound.revoke_item(at.persona, at.message_id, original_id) if at.number.coexistence else None
    text = str(described.get("text") or "")
    if not text:
        raise ValueError("an edit needs a text")
    changed = copy.deepcopy(original.content) if original and original.type != "text" else {}
    changed["caption" if changed else "body"] = text
    if original:
        original.content, original.edited = changed, True
        _publish(at.sim, original)
    if not at.number.coexistence:
        return inbound.unsupported_item(at.persona, at.message_id, "edit")
    return inbound.edit_item(
        at.persona, at.message_id, original_id, original.type if original else "text", changed
    )


def _change_identity(
    sim: Simulator, persona: Persona, number: BusinessNumber, message_id: str, spec: JSON
) -> Act:
    """Give the persona a new number, and with it a new user id; tell the webhook."""
    change = spec.get("system") or {}
    old = copy.copy(persona)
    if not change.get("phone") and not change.get("bsuid"):
        raise ValueError("a system message needs system.phone or system.bsuid: what the customer changes to")
    fresh = persona_from(
        {**persona.as_dict(), **{k: v for k, v in change.items() if k in ("phone", "bsuid")}}, persona.id
    )
    if change.get("phone") and not change.get("bsuid") and persona.bsuid:
        fresh.bsuid = ids.bsuid(persona.bsuid[:2])
    persona.phone, persona.bsuid = fresh.phone, fresh.bsuid
    item = inbound.number_changed_item(persona, message_id, old)
    sim.touch()
    sim.hub.publish("persona", persona=persona.as_dict())
    return Act(message_id, sim.update(number, inbound.envelope_value(number, messages=[item])))


def _accepted(sim: Simulator, persona: Persona, number: BusinessNumber, message_id: str) -> None:
    chat = sim.chats.get(persona.id, number.id)
    message = chat.messages.get(message_id) if chat else None
    if message and message.state in ("waiting", "sent"):
        message.state = "delivered"
        sim.touch()
        _publish(sim, message)


def _publish(sim: Simulator, message: ChatMessage) -> None:
    sim.hub.publish(
        "message", persona=message.persona_id, number=message.number_id, message=message.as_dict()
    )
