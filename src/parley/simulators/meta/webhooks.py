"""Delivery of webhooks: packed, signed, posted, repeated until the receiver answers 200.

What the payloads say is made in `inbound` and `delivery`.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx

from .config import GRAPH_VERSION, Knobs
from .signing import signature_headers, wire_json

_MAX_WAITING = 20_000
_MAX_KEPT = 1000


@dataclass(slots=True)
class Update:
    """One change of one account."""

    entry_id: str
    value: dict[str, Any]
    field: str = "messages"
    on_accepted: Callable[[], None] | None = None


@dataclass(slots=True)
class Delivery:
    """One POST and all the attempts to bring it home."""

    id: int
    body: bytes
    updates: list[Update]
    signature: str = "good"
    """`good`, `bad`, `missing` or `sha1_only`."""
    retry: bool = True
    attempts: list[dict[str, Any]] = field(default_factory=list)
    state: str = "waiting"

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "state": self.state,
            "attempts": list(self.attempts),
            "updates": len(self.updates),
            "body": self.body.decode("ascii", "replace"),
        }


class WebhookQueue:
    """Post updates in order unless a knob says otherwise; at least once, as Meta does."""

    def __init__(self, knobs: Callable[[], Knobs], secret: str, url: Callable[[str], str | None],
                 transport: httpx.AsyncBaseTransport | None = None) -> None:  # fmt: skip
        self._knobs = knobs
        self._secret = secret
        self._url = url
        self._client = httpx.AsyncClient(transport=transport, trust_env=False, follow_redirects=False)
        self._pending: deque[Update] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._pump: asyncio.Task[None] | None = None
        self._numbers = itertools.count(1)
        self.deliveries: deque[Delivery] = deque(maxlen=_MAX_KEPT)
        self.dropped = 0

    def add(self, update: Update) -> None:
        """Queue one update; dropped when the account has no subscription."""
        if self._url(update.entry_id) is None or len(self._pending) >= _MAX_WAITING:
            self.dropped += 1
            return
        self._pending.append(update)
        if self._pump is None or self._pump.done():
            self._pump = self.spawn(self._drain())

    def spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run `work` beside the rest; `idle` waits for it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def idle(self) -> None:
        """Return once nothing waits, nothing is under way and no retry is due."""
        current = asyncio.current_task()
        while others := [task for task in self._tasks if task is not current]:
            await asyncio.wait(others)

    async def flushed(self) -> None:
        """Return once everything queued was attempted at least once; retries are not waited for."""
        while self._pump is not None and not self._pump.done():
            await asyncio.wait([self._pump])

    async def close(self) -> None:
        await self.forget()
        await self._client.aclose()

    async def forget(self) -> None:
        """Drop everything that waits or retries."""
        self._pending.clear()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks.clear()
        self._pump = None

    async def post_now(self, updates: list[Update]) -> Delivery:
        """Deliver these updates in one POST of their own; returns after the first attempt."""
        return await self.post_body(self._pack(updates), updates[0].entry_id, updates=updates)

    async def post_body(self, body: bytes, entry_id: str, *, signature: str = "good", retry: bool = True,
                        updates: list[Update] | None = None) -> Delivery:  # fmt: skip
        """Deliver exactly these bytes; returns after the first attempt."""
        delivery = Delivery(next(self._numbers), body, updates or [], signature, retry)
        self.deliveries.append(delivery)
        await self._deliver(delivery, entry_id)
        return delivery

    async def verify(self, url: str, verify_token: str, challenge: str) -> tuple[bool, str]:
        """Make the verification GET; returns whether the receiver echoed the challenge, and what it said."""
        query = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
        try:
            answer = await self._client.get(url, params=query, headers=_HEADERS, timeout=5.0)
        except (httpx.HTTPError, OSError) as error:
            return False, type(error).__name__
        good = answer.status_code == 200 and answer.text == challenge
        return good, f"HTTP {answer.status_code}"

    async def _drain(self) -> None:
        gate = asyncio.Semaphore(max(1, self._knobs().concurrency))
        while self._pending:
            knobs = self._knobs()
            if knobs.delay_ms or knobs.reorder:
                await asyncio.sleep(max(knobs.delay_ms, 20 if knobs.reorder else 0) / 1000)
            if knobs.reorder:
                self._pending.reverse()
            batch = self._next_batch(max(1, knobs.batch_max))
            if not batch:
                continue
            delivery = Delivery(next(self._numbers), self._pack(batch), batch)
            self.deliveries.append(delivery)
            if knobs.concurrency <= 1:
                await self._deliver(delivery, batch[0].entry_id)
            else:
                await gate.acquire()
                task = self.spawn(self._deliver(delivery, batch[0].entry_id))
                task.add_done_callback(lambda _: gate.release())

    def _next_batch(self, size: int) -> list[Update]:
        batch: list[Update] = []
        target: str | None = None
        while self._pending and len(batch) < size:
            url = self._url(self._pending[0].entry_id)
            if url is None:
                self._pending.popleft()
                self.dropped += 1
                continue
            if target is not None and url != target:
                break
            target = url
            batch.append(self._pending.popleft())
        return batch

    async def _deliver(self, delivery: Delivery, entry_id: str) -> None:
        if await self._attempt(delivery, entry_id):
            for _ in range(self._knobs().duplicate):
                await self._attempt(delivery, entry_id)
        elif delivery.retry:
            self.spawn(self._retry(delivery, entry_id))
        else:
            delivery.state = "refused"

    async def _retry(self, delivery: Delivery, entry_id: str) -> None:
        waited = 0.0
        for turn in itertools.count():
            knobs = self._knobs()
            pause = min(knobs.retry_base_s * 2 ** min(turn, 30), knobs.retry_max_s)
            if waited + pause > knobs.retry_for_s:
                break
            await asyncio.sleep(pause)
            waited += pause
            if await self._attempt(delivery, entry_id):
                return
        delivery.state = "given_up"

    async def _attempt(self, delivery: Delivery, entry_id: str) -> bool:
        url = self._url(entry_id)
        if url is None:
            delivery.attempts.append({"at": time.time(), "status": None, "error": "not subscribed"})
            return False
        started = time.monotonic()
        note: dict[str, Any] = {"at": time.time(), "status": None, "error": None}
        try:
            answer = await self._client.post(
                url,
                content=delivery.body,
                headers=self._headers(delivery),
                timeout=self._knobs().webhook_timeout_s,
            )
            note["status"] = answer.status_code
        except (httpx.HTTPError, OSError) as error:
            note["error"] = type(error).__name__
        note["ms"] = round((time.monotonic() - started) * 1000, 1)
        delivery.attempts = [*delivery.attempts[-49:], note]
        if note["status"] != 200:
            return False
        if delivery.state != "accepted":
            delivery.state = "accepted"
            for update in delivery.updates:
                if update.on_accepted:
                    update.on_accepted()
        return True

    def _headers(self, delivery: Delivery) -> dict[str, str]:
        signed = signature_headers(self._secret, delivery.body)
        if delivery.signature == "bad":
            signed = signature_headers(self._secret + "?", delivery.body)
        elif delivery.signature == "missing":
            signed = {}
        elif delivery.signature == "sha1_only":
            signed.pop("X-Hub-Signature-256")
        return {**_HEADERS, "Content-Type": "application/json", **signed}

    def _pack(self, updates: list[Update]) -> bytes:
        shape = self._knobs().batch_shape
        if shape == "items":
            updates = merged(updates)
        entries: list[dict[str, Any]] = []
        for update in updates:
            change = {"value": update.value, "field": update.field}
            if shape != "entries" and entries and entries[-1]["id"] == update.entry_id:
                entries[-1]["changes"].append(change)
            else:
                entries.append({"id": update.entry_id, "changes": [change]})
        return wire_json({"object": "whatsapp_business_account", "entry": entries})


_HEADERS = {
    "User-Agent": "facebookexternalua",
    "Accept": "*/*",
    "Accept-Encoding": "deflate, gzip",
    "Facebook-API-Version": GRAPH_VERSION,
}


def merged(updates: list[Update]) -> list[Update]:
    """Fold neighbouring updates of the same number into one value with several messages and statuses."""
    folded: list[Update] = []
    for update in updates:
        last = folded[-1] if folded else None
        same = (
            last is not None
            and (last.entry_id, last.field) == (update.entry_id, update.field)
            and last.value.get("metadata") == update.value.get("metadata")
        )
        if last is None or not same:
            folded.append(Update(update.entry_id, dict(update.value), update.field))
            continue
        for key in ("contacts", "messages", "statuses", "errors"):
            extra = [item for item in update.value.get(key, []) if item not in last.value.get(key, [])]
            if extra:
                last.value[key] = [*last.value.get(key, []), *extra]
    return folded
