"""The optional state file: a restarted simulator remembers its people, chats and files.

One small JSON file, replaced in one step; queued webhooks and knobs are not kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from pathlib import Path
from typing import Any

import orjson

from .media import MediaFile
from .personas import Persona
from .simulator import Simulator
from .state import Chat, ChatMessage, SentMessage

_VERSION = 1
_CHATS, _MESSAGES, _SENT = 100, 100, 500
_PAUSE_S = 1.0


def load(sim: Simulator, file: Path) -> bool:
    """Restore what was kept; a missing or unreadable file leaves the simulator as it is."""
    try:
        kept = orjson.loads(file.read_bytes())
        if kept["version"] != _VERSION:
            return False
        people = [Persona(**data) for data in kept["personas"]]
        chats = [_chat(data) for data in kept["chats"]]
        outbox = [SentMessage(**data) for data in kept["outbox"]]
        files = [MediaFile(**data) for data in kept["media"]]
    except (OSError, ValueError, TypeError, KeyError):
        return False
    sim.personas.update({persona.id: persona for persona in people})
    for chat in chats:
        opened = sim.chats.open(chat.persona_id, chat.number_id)
        opened.messages, opened.window_from, opened.unread = chat.messages, chat.window_from, chat.unread
    sim.chats.outbox.extend(outbox)
    for media in files:
        sim.media.restore(media)
    sim.held = {persona_id: list(held) for persona_id, held in kept.get("held", {}).items()}
    return True


def save(sim: Simulator, file: Path) -> None:
    """Write what is worth keeping."""
    kept: dict[str, Any] = {
        "version": _VERSION,
        "personas": [persona.as_dict() for persona in sim.personas.values()],
        "chats": [_kept(chat) for chat in sim.chats.all()[-_CHATS:]],
        "outbox": [sent.as_dict() for sent in list(sim.chats.outbox)[-_SENT:]],
        "media": [media.as_dict() for media in sim.media.all()],
        "held": sim.held,
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(file.name + ".new")
    fresh.write_bytes(orjson.dumps(kept))
    fresh.replace(file)


async def keep(sim: Simulator, file: Path) -> None:
    """Save soon after each change, at most once a second, until cancelled; then once more."""
    try:
        while True:
            await sim.changed.wait()
            sim.changed.clear()
            save(sim, file)
            await asyncio.sleep(_PAUSE_S)
    finally:
        save(sim, file)


def _kept(chat: Chat) -> dict[str, Any]:
    return {
        "persona_id": chat.persona_id,
        "number_id": chat.number_id,
        "window_from": chat.window_from,
        "unread": chat.unread,
        "messages": [message.as_dict() for message in list(chat.messages.values())[-_MESSAGES:]],
    }


def _chat(data: dict[str, Any]) -> Chat:
    messages = OrderedDict((item["id"], ChatMessage(**item)) for item in data["messages"])
    return Chat(data["persona_id"], data["number_id"], messages, data["window_from"], data["unread"])
