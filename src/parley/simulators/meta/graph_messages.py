"""`POST /{phone_number_id}/messages`: sending, marking as read, the typing indicator."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from . import ids
from .config import BusinessNumber
from .delivery import carry
from .graph_errors import GraphError, missing, not_valid, param
from .graph_templates import check_template
from .graph_validation import MEDIA_TYPES, check_message
from .personas import Persona
from .simulator import Simulator
from .state import SentMessage

JSON = dict[str, Any]
_MEDIA_CLASS = {
    "image": ("image/jpeg", "image/png"),
    "sticker": ("image/webp",),
    "video": ("video/",),
    "audio": ("audio/",),
    "document": ("",),
}


class NoAnswer(Response):
    """Cut the connection without a byte of answer, as a network that fails at the worst moment."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(receive, "__self__", None), "transport", None)
        if transport is None:
            raise ConnectionResetError("the simulator dropped the response")
        transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


async def post_message(sim: Simulator, number: BusinessNumber, body: JSON) -> JSON | Response:
    """Send one message or mark one as read; returns what the API answers."""
    if "status" in body:
        return _mark_read(sim, number, body)
    kind = check_message(body)
    if not sim.take_throughput(number.id):
        raise GraphError(130429, "Cloud API message throughput has been reached.")
    persona, wa_id = _recipient(sim, number, body)
    request = _checked_content(sim, number, kind, body, persona)
    if not sim.knobs.pair_limit or sim.take_pair_token(number.id, wa_id or str(body.get("recipient"))):
        return await _accept(sim, number, request, persona, wa_id)
    raise GraphError(
        131056,
        "Message failed to send because there were too many messages sent from this phone number to the same phone "
        "number in a short period of time.",
    )


async def _accept(
    sim: Simulator, number: BusinessNumber, request: JSON, persona: Persona | None, wa_id: str | None
) -> JSON | Response:
    address = str(request.get("to") or request.get("recipient"))
    message_id = ids.wamid(wa_id or address)
    sent = SentMessage(
        message_id, number.id, persona.id if persona else None, address, request, time.time(), wa_id
    )
    sim.chats.outbox.append(sent)
    sim.touch()
    contact: JSON = {"input": address}
    if wa_id:
        contact["wa_id"] = wa_id
    if persona and persona.shows_bsuid:
        contact["user_id"] = persona.bsuid
    answer = {"messaging_product": "whatsapp", "contacts": [contact], "messages": [{"id": message_id}]}
    if sim.knobs.status_before_response:
        await carry(sim, sent, persona)
        await sim.queue.flushed()
    else:
        sim.queue.spawn(carry(sim, sent, persona))
    if sim.knobs.response_delay_ms:
        await asyncio.sleep(sim.knobs.response_delay_ms / 1000)
    if sim.knobs.drop_response:
        sim.knobs.drop_response -= 1
        return NoAnswer()
    return answer


def _recipient(sim: Simulator, number: BusinessNumber, body: JSON) -> tuple[Persona | None, str | None]:
    """Find whom `to` or `recipient` means; a phone number wins over a BSUID."""
    if not body.get("to"):
        persona = sim.persona_by(bsuid=body["recipient"])
        if persona is None:
            raise not_valid("Business-scoped user id is not valid for this business portfolio.")
        return persona, persona.phone if persona.shows_phone else None
    dialled = ids.dialled(body["to"], number.country_code)
    if dialled is None:
        raise not_valid(f"Recipient phone number '{body['to']}' is not a valid phone number.")
    allowed = sim.knobs.allow_list
    if allowed is not None and dialled not in {ids.digits(entry) for entry in allowed}:
        raise GraphError(
            131030,
            "Recipient phone number not in allowed list: Add recipient phone number to recipient list.",
        )
    if dialled == number.digits:
        raise GraphError(131021, "Sender and recipient phone number is the same.")
    persona = sim.persona_by(phone=dialled)
    return persona, (persona.phone if persona and persona.phone else ids.wa_id(dialled))


def _checked_content(
    sim: Simulator, number: BusinessNumber, kind: str, body: JSON, persona: Persona | None
) -> JSON:
    """Check what refers to something stored: media ids, templates, the message that is answered."""
    if kind in MEDIA_TYPES and body[kind].get("id"):
        _check_media(sim, kind, body[kind]["id"])
    if kind == "interactive":
        header = body[kind].get("header") or {}
        form = header.get("type")
        if form in MEDIA_TYPES and header[form].get("id"):
            _check_media(sim, form, header[form]["id"])
    if kind == "reaction":
        target = sim.chats.find(number.id, str(body[kind]["message_id"]))
        if target is None or target.revoked or (persona and target.persona_id != persona.id):
            raise not_valid("Param reaction['message_id'] does not refer to a message of this chat.")
    if kind == "template":
        return {**body, "type": kind, kind: check_template(body[kind])}
    return {**body, "type": kind}


def _check_media(sim: Simulator, kind: str, media_id: str) -> None:
    media = sim.media.get(media_id, sim.clock())
    if media is None:
        raise param(f"Param {kind}['id'] is not a valid whatsapp business account media attachment ID")
    if not media.mime_type.startswith(_MEDIA_CLASS[kind]):
        raise not_valid(f"Media of type {media.mime_type} cannot be sent as {kind}.")


def _mark_read(sim: Simulator, number: BusinessNumber, body: JSON) -> JSON:
    if body.get("messaging_product") != "whatsapp":
        raise param("The parameter messaging_product is required and must be 'whatsapp'.")
    if body["status"] != "read":
        raise param("Param status must be one of {read}")
    message_id = body.get("message_id")
    if not isinstance(message_id, str) or not message_id:
        raise missing("message_id")
    typing = body.get("typing_indicator")
    if typing is not None and (not isinstance(typing, dict) or typing.get("type") != "text"):
        raise not_valid("Param typing_indicator['type'] must be text")
    message = sim.chats.find(number.id, message_id)
    if message is None or message.by_business:
        raise not_valid("Param message_id does not refer to a message that this number received.")
    chat = sim.chats.open(message.persona_id, number.id)
    for other in chat.messages.values():
        if not other.by_business and other.state in ("sent", "delivered") and other.at <= message.at:
            other.state = "read"
    sim.touch()
    sim.hub.publish("chat", persona=message.persona_id, number=number.id)
    if typing is not None:
        sim.hub.publish("typing", persona=message.persona_id, number=number.id, on=True)
    return {"success": True}
