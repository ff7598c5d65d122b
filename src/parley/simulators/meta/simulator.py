"""One simulated Meta: its configuration, its people, its chats and its queue, held together.

Behaviour lives elsewhere: `phone` (what customers do), `delivery` (what happens to the business's messages),
`graph_*` (the API), `control` (knobs over HTTP).
"""

from __future__ import annotations

import asyncio
import secrets
import tempfile
import time
from collections import deque
from pathlib import Path
from typing import Any

import httpx

from . import ids
from .config import BusinessNumber, Knobs, SimulatorConfig
from .events import Hub
from .media import MediaStore
from .personas import Persona, default_personas, persona_from
from .state import Chats
from .webhooks import Update, WebhookQueue

WINDOW_S = 24 * 3600
_PAIR_BURST = 45
_PAIR_REFILL_S = 6.0
MAX_PERSONAS = 500


class Simulator:
    """The state that every endpoint shares."""

    def __init__(self, config: SimulatorConfig, transport: httpx.AsyncBaseTransport | None = None) -> None:
        self.config = config
        self.hub = Hub()
        self.queue = WebhookQueue(lambda: self.knobs, config.app_secret, self.callback_url, transport)
        self._scratch: tempfile.TemporaryDirectory[str] | None = None
        if config.state_file:
            folder = config.state_file.with_name(config.state_file.name + ".media")
        else:
            self._scratch = tempfile.TemporaryDirectory(prefix="meta-simulator-")
            folder = Path(self._scratch.name)
        self.media = MediaStore(folder)
        self.verification: dict[str, Any] = {"state": "not tried"}
        self.changed = asyncio.Event()
        self._fresh()

    def _fresh(self) -> None:
        self.knobs = Knobs()
        self.knobs.turn(self.config.knobs)
        self.numbers: dict[str, BusinessNumber] = {number.id: number for number in self.config.numbers}
        self.personas: dict[str, Persona] = {persona.id: persona for persona in default_personas()}
        self.chats = Chats()
        self.tokens: dict[str, dict[str, Any]] = {self.config.token: {"valid": True, "expires_at": 0}}
        self.subscribed: dict[str, str | None] = {number.waba_id: None for number in self.config.numbers}
        """WABA id to its own callback URL, or None for the app's; absent: not subscribed."""
        self.held: dict[str, list[str]] = {}
        """Per persona in airplane mode: ids of the business's messages that wait for them."""
        self.unsent: dict[str, list[Update]] = {}
        """Per persona in airplane mode: what they wrote and the network has not seen."""
        self.open_pages: dict[str, int] = {}
        """Per persona: how many pages show the chat right now, so that what arrives is read."""
        self._pair_tokens: dict[tuple[str, str], tuple[float, float]] = {}
        self._sent_at: dict[str, deque[float]] = {}
        self._aged = 0.0

    async def reset(self) -> None:
        """Return to the state of a first start; running deliveries are dropped."""
        await self.queue.forget()
        self.queue.deliveries.clear()
        self.queue.dropped = 0
        self.media.clear()
        self._fresh()
        self.touch()
        self.hub.publish("resync")

    async def close(self) -> None:
        self.hub.closing.set()
        await self.queue.close()
        if self._scratch:
            self._scratch.cleanup()

    def touch(self) -> None:
        """Note that something worth keeping has changed."""
        self.changed.set()

    # Time. Windows, media URLs and rates run on a clock that can be moved; what is reported is real time.

    def clock(self) -> float:
        return time.time() + self._aged

    def move_clock(self, seconds: float) -> None:
        self._aged += seconds

    # Where webhooks go.

    def callback_url(self, waba_id: str) -> str | None:
        if waba_id not in self.subscribed:
            return None
        return self.subscribed[waba_id] or self.config.webhook_url

    def update(self, number: BusinessNumber, value: dict[str, Any], field: str = "messages") -> Update:
        return Update(number.waba_id, value, field)

    async def verify_callback(self, url: str | None = None, token: str | None = None, tries: int = 1) -> bool:
        """Make the verification GET, again each second up to `tries` times; the outcome is kept for tools."""
        target = url or self.config.webhook_url
        for attempt in range(tries):
            challenge = str(secrets.randbelow(2_000_000_000))
            good, said = await self.queue.verify(target, token or self.config.verify_token, challenge)
            self.verification = {"state": "verified" if good else "failed", "url": target, "answer": said}
            self.hub.publish("verification", verification=self.verification)
            if good or attempt == tries - 1:
                return good
            await asyncio.sleep(1.0)
        return False

    # People.

    def first_number(self) -> BusinessNumber:
        return next(iter(self.numbers.values()))

    def add_persona(self, data: dict[str, Any]) -> Persona:
        """Create a persona; raises ValueError when the description is wrong or the phone book is full."""
        if len(self.personas) >= MAX_PERSONAS:
            self._forget_idle_persona()
        persona = persona_from(data, str(data.get("id") or secrets.token_hex(6)))
        self.personas[persona.id] = persona
        self.touch()
        return persona

    def persona_by(self, *, phone: str | None = None, bsuid: str | None = None) -> Persona | None:
        for persona in self.personas.values():
            if (
                phone is not None
                and persona.phone is not None
                and ids.wa_id(persona.phone) == ids.wa_id(phone)
            ):
                return persona
            if bsuid is not None and persona.bsuid == bsuid:
                return persona
        return None

    def _forget_idle_persona(self) -> None:
        starters = {persona.id for persona in default_personas()}
        talking = {chat.persona_id for chat in self.chats.all()[-100:]}
        for persona_id in self.personas:
            if persona_id not in starters | talking:
                del self.personas[persona_id]
                return
        raise ValueError(f"the phone book is full ({MAX_PERSONAS} people); POST /_sim/reset empties it")

    # Rules that Meta keeps per pair and per number.

    def window_is_open(self, persona_id: str, number_id: str) -> bool:
        chat = self.chats.get(persona_id, number_id)
        return bool(chat and chat.window_from is not None and self.clock() - chat.window_from < WINDOW_S)

    def take_pair_token(self, number_id: str, address: str) -> bool:
        """Take one of the 45 messages that may burst to one person; one more grows every 6 seconds."""
        key, now = (number_id, address), self.clock()
        left, since = self._pair_tokens.get(key, (float(_PAIR_BURST), now))
        left = min(float(_PAIR_BURST), left + max(0.0, now - since) / _PAIR_REFILL_S)
        if left < 1:
            self._pair_tokens[key] = (left, now)
            return False
        if len(self._pair_tokens) > 20_000:
            self._pair_tokens.clear()
        self._pair_tokens[key] = (left - 1, now)
        return True

    def take_throughput(self, number_id: str) -> bool:
        """Count one message against the number's messages per second."""
        if not self.knobs.mps:
            return True
        recent, now = self._sent_at.setdefault(number_id, deque()), self.clock()
        while recent and now - recent[0] >= 1:
            recent.popleft()
        if len(recent) >= self.knobs.mps:
            return False
        recent.append(now)
        return True
