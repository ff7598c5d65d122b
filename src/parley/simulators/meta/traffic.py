"""Simulated customers who write by themselves now and then and answer when they are answered.

What they say is in `scripts`; that they stop while nobody answers keeps an unattended demo small.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import time
from dataclasses import dataclass
from typing import Any

from . import phone
from .personas import Persona
from .scripts import DIALOGUES, REACTIONS, Dialogue
from .simulator import Simulator

_PAUSE_S = (40.0, 120.0)
_FIRST_S = (6.0, 15.0)
_ANSWER_S = (6.0, 20.0)
_BETWEEN_S = (2.0, 5.0)
_NUDGE_AFTER_S = 600.0
_PLACEHOLDERS = {"[photo]": "photo", "[parcel]": "photo_parcel", "[voice]": "voice"}
_dice = secrets.SystemRandom()


@dataclass(slots=True)
class _Thread:
    """Where one customer is in their matter."""

    dialogue: Dialogue
    step: int = 0
    waiting_since: float | None = None
    nudged: bool = False
    answering: bool = False


class Traffic:
    """Drive the personas that act by themselves."""

    def __init__(self, sim: Simulator, *, between: tuple[float, float] = _BETWEEN_S) -> None:
        self._sim = sim
        self._between = between
        self._threads: dict[str, _Thread] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Write and answer until cancelled."""
        news = self._sim.hub.open()
        writing = asyncio.create_task(self._write())
        try:
            while True:
                item = await news.get()
                if item["kind"] == "message" and item["message"]["by_business"]:
                    self._answer_soon(item["persona"], item["message"])
        finally:
            self._sim.hub.close(news)
            for task in (writing, *self._tasks):
                task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writing

    async def speak(self) -> Persona | None:
        """Let one customer begin a matter or ask again; None when everybody waits for an answer already."""
        people = [persona for persona in self._sim.personas.values() if persona.auto and not persona.airplane]
        _dice.shuffle(people)
        for persona in people:
            thread = self._threads.get(persona.id)
            if thread is None:
                await self._begin(persona)
                return persona
            waiting = thread.waiting_since is not None and time.time() - thread.waiting_since > _NUDGE_AFTER_S
            if waiting and not thread.nudged:
                thread.nudged = True
                self._say(persona, thread.dialogue.nudge)
                return persona
        return None

    async def answer(self, persona: Persona, message: dict[str, Any]) -> None:
        """Let a customer go on after the business said something."""
        thread = self._threads.get(persona.id)
        if thread is None or self._pressed(persona, message):
            return
        thread.waiting_since, thread.nudged = None, False
        if thread.step < len(thread.dialogue.follow_ups):
            self._say(persona, thread.dialogue.follow_ups[thread.step])
            thread.step += 1
            thread.waiting_since = time.time()
            return
        if _dice.random() < 0.5:
            reaction = {"message_id": message["id"], "emoji": _dice.choice(REACTIONS)}
            self._act(persona, {"type": "reaction", "reaction": reaction})
        self._say(persona, thread.dialogue.thanks)
        del self._threads[persona.id]

    async def _begin(self, persona: Persona) -> None:
        choices = DIALOGUES.get(persona.language, DIALOGUES["en"])
        thread = self._threads[persona.id] = _Thread(_dice.choice(choices))
        for number, line in enumerate(thread.dialogue.opening):
            if number:
                await asyncio.sleep(_dice.uniform(*self._between))
            self._say(persona, line)
        thread.waiting_since = time.time()

    async def _write(self) -> None:
        await asyncio.sleep(_dice.uniform(*_FIRST_S))
        while True:
            await self.speak()
            await asyncio.sleep(_dice.uniform(*_PAUSE_S))

    def _answer_soon(self, persona_id: str, message: dict[str, Any]) -> None:
        persona, thread = self._sim.personas.get(persona_id), self._threads.get(persona_id)
        if persona is None or thread is None or thread.answering or not persona.auto:
            return
        thread.answering = True

        async def later() -> None:
            await asyncio.sleep(_dice.uniform(*_ANSWER_S))
            thread.answering = False
            await self.answer(persona, message)

        task = asyncio.create_task(later())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _pressed(self, persona: Persona, message: dict[str, Any]) -> bool:
        """Press a button or pick a row when the business offered some."""
        content = message["content"]
        action = content.get("action", {}) if message["type"] == "interactive" else {}
        if action.get("buttons"):
            reply = _dice.choice(action["buttons"])["reply"]
            self._act(persona, {"type": "button_reply", "button_reply": reply, "context": message["id"]})
            return True
        if action.get("sections"):
            row = _dice.choice(action["sections"][0]["rows"])
            self._act(persona, {"type": "list_reply", "list_reply": row, "context": message["id"]})
            return True
        return False

    def _say(self, persona: Persona, line: str) -> None:
        mark, _, rest = line.partition(" ")
        sample = _PLACEHOLDERS.get(mark)
        if sample is None:
            self._act(persona, {"type": "text", "text": line})
            return
        kind = "audio" if sample == "voice" else "image"
        self._act(persona, {"type": kind, "media": {"sample": sample}, "caption": rest})

    def _act(self, persona: Persona, spec: dict[str, Any]) -> None:
        phone.send(self._sim, persona, phone.act(self._sim, persona, self._sim.first_number(), spec))
