"""What happens to the business's messages after the API accepted them: the way to the phone, and its statuses."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from . import inbound
from .config import BusinessNumber
from .graph_errors import async_error
from .personas import Persona
from .simulator import Simulator
from .state import ChatMessage, SentMessage


async def carry(sim: Simulator, sent: SentMessage, persona: Persona | None) -> None:
    """Bring one accepted message to its phone, reporting each step to the webhook."""
    number = sim.numbers[sent.number_id]
    error = _refusal(sim, sent, persona)
    await _pause(sim)
    if error:
        report(sim, sent, "failed", persona=persona, error=error)
        return
    person = persona or sim.add_persona({"phone": sent.wa_id, "name": f"+{sent.wa_id}"})
    sent.persona_id = person.id
    if sim.knobs.status_order is not None:
        _show(sim, sent, number, person)
        for status in sim.knobs.status_order:
            report(sim, sent, status, persona=person)
        return
    report(sim, sent, "sent", persona=person)
    if person.airplane:
        sim.held.setdefault(person.id, []).append(sent.id)
        return
    await arrive(sim, sent, person)


async def arrive(sim: Simulator, sent: SentMessage, persona: Persona) -> None:
    """Show the message on the phone and report it delivered, then read if somebody looks."""
    await _pause(sim)
    message = _show(sim, sent, sim.numbers[sent.number_id], persona)
    if not sim.knobs.skip_delivered:
        report(sim, sent, "delivered", persona=persona)
    looks = sim.knobs.auto_read or persona.auto or sim.open_pages.get(persona.id, 0) > 0
    if message is not None and looks:
        await _pause(sim)
        read(sim, persona, sent.number_id)


def read(sim: Simulator, persona: Persona, number_id: str) -> None:
    """Mark everything of the business in this chat as seen; reported only with read receipts on."""
    chat = sim.chats.get(persona.id, number_id)
    if chat is None:
        return
    chat.unread = 0
    if persona.airplane:
        return
    for message in chat.messages.values():
        if message.by_business and message.state == "delivered":
            message.state = "read"
            sent = sim.chats.sent(message.id)
            if sent and persona.read_receipts:
                report(sim, sent, "read", persona=persona)
    sim.touch()
    sim.hub.publish("chat", persona=persona.id, number=number_id)


async def land(sim: Simulator, persona: Persona) -> None:
    """Deliver what waited while the phone was in airplane mode."""
    for message_id in sim.held.pop(persona.id, []):
        sent = sim.chats.sent(message_id)
        if sent:
            await arrive(sim, sent, persona)
    if sim.open_pages.get(persona.id, 0) > 0:
        for number_id in sim.numbers:
            read(sim, persona, number_id)


def report(
    sim: Simulator,
    sent: SentMessage,
    status: str,
    *,
    persona: Persona | None,
    error: dict[str, Any] | None = None,
) -> None:
    """Queue one status webhook and note it with the sent message."""
    number = sim.numbers[sent.number_id]
    item = inbound.status_item(
        sent.id,
        status,
        recipient=inbound.status_recipient(
            None if status == "failed" and sent.wa_id else persona, sent.wa_id
        ),
        callback_data=sent.request.get("biz_opaque_callback_data"),
        window_open=bool(persona and sim.window_is_open(persona.id, number.id)),
        error=error,
    )
    sent.statuses.append({"status": status, "at": time.time(), "errors": item.get("errors", [])})
    cards = [inbound.contact_card(persona)] if persona and status != "failed" else []
    sim.queue.add(sim.update(number, inbound.envelope_value(number, contacts=cards, statuses=[item])))
    sim.touch()


def _refusal(sim: Simulator, sent: SentMessage, persona: Persona | None) -> dict[str, Any] | None:
    """Decide whether an accepted message fails on its way, and with which error."""
    forced = sim.knobs.fail_async
    if forced and forced.get("count", 1) > 0:
        forced["count"] = forced.get("count", 1) - 1
        return async_error(int(forced["code"]), forced.get("details"))
    targets = {sent.to, sent.wa_id, persona.bsuid if persona else None} - {None}
    if any(target in targets or f"+{target}" in targets for target in _plain(sim.knobs.unreachable)):
        return async_error(131026)
    media = sent.request.get(sent.type)
    if isinstance(media, dict) and isinstance(media.get("id"), str):
        stored = sim.media.get(media["id"], sim.clock())
        if stored and stored.defect:
            return async_error(131053, f"Media upload error: {stored.defect}.")
    if sent.type == "template" or not sim.knobs.enforce_window:
        return None
    if persona is None or not sim.window_is_open(persona.id, sent.number_id):
        return async_error(131047)
    return None


def _plain(numbers: list[str]) -> list[str]:
    return [number.lstrip("+") for number in numbers]


def _show(sim: Simulator, sent: SentMessage, number: BusinessNumber, persona: Persona) -> ChatMessage | None:
    """Put the message into the chat, or apply it when it is a reaction."""
    chat = sim.chats.open(persona.id, number.id)
    content = sent.request.get(sent.type) or {}
    sim.touch()
    if sent.type == "reaction":
        target = chat.messages.get(str(content.get("message_id")))
        if target:
            target.reactions.pop("business", None)
            if content.get("emoji"):
                target.reactions["business"] = content["emoji"]
            sim.hub.publish("message", persona=persona.id, number=number.id, message=target.as_dict())
        return None
    context = sent.request.get("context") or {}
    message = ChatMessage(
        sent.id, persona.id, number.id, True, sent.type, content, time.time(), context.get("message_id"),
        state="delivered",
    )  # fmt: skip
    chat.add(message)
    chat.unread += 1
    sim.hub.publish("message", persona=persona.id, number=number.id, message=message.as_dict())
    sim.hub.publish("typing", persona=persona.id, number=number.id, on=False)
    return message


async def _pause(sim: Simulator) -> None:
    if sim.knobs.status_delay_ms:
        await asyncio.sleep(sim.knobs.status_delay_ms / 1000)
