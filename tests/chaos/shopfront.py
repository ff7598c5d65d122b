"""A workspace on the fleet: its customers, who write as Meta posts, and its agent, who answers and follows live."""

import asyncio
import contextlib
import dataclasses
import itertools
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
from tests.builders import Client, Office, make_office, make_token
from tests.chaos.fleet import Fleet, until
from tests.modules.realtime.dial import Socket
from tests.shop import connect_whatsapp

from parley.core.resources import Resources
from parley.simulators.meta.signing import signature_headers, wire_json
from parley.wiring import Wiring

_REPEAT_SECONDS = 0.1
_numbers = itertools.count(100_000_000_001)


@dataclasses.dataclass(slots=True)
class Ledger:
    """What was promised to whom: the base of every later comparison."""

    acknowledged: defaultdict[str, list[str]] = dataclasses.field(default_factory=lambda: defaultdict(list))
    """Per customer, in their order: the ids of the messages that got a 200."""
    answered: dict[str, list[str]] = dataclasses.field(default_factory=dict)
    """Per conversation, in their order: the ids of the messages that the API took from the agent."""
    said: dict[str, str] = dataclasses.field(default_factory=dict)
    """The ids of those messages by their texts, of which no two are alike."""
    hook_answers: Counter[str] = dataclasses.field(default_factory=Counter)
    api_answers: Counter[str] = dataclasses.field(default_factory=Counter)

    @property
    def total(self) -> int:
        return sum(len(ids) for ids in self.acknowledged.values())

    @property
    def sent(self) -> list[str]:
        return [id_ for ids in self.answered.values() for id_ in ids]


class Shopfront:
    """One connected number with customers and an agent."""

    def __init__(self, fleet: Fleet, house: Resources, office: Office, number: str, token: str) -> None:
        self.fleet = fleet
        self.house = house
        self.office = office
        self.number = number
        self.ledger = Ledger()
        self.agent = Client(fleet.url, token=token)
        self._meta = httpx.AsyncClient(
            trust_env=False, timeout=5, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def aclose(self) -> None:
        await self.agent.aclose()
        await self._meta.aclose()

    async def customer_writes(
        self, phone: str, count: int, *, again: Callable[[], bool] | None = None
    ) -> None:
        """Let one customer write `count` messages, each once the one before was acknowledged, repeated until then.

        With `again` they go on as long as it says so.
        """
        for number in itertools.count():
            if number >= count and not (again and again()):
                return
            external_id = f"wamid.{phone}.{len(self.ledger.acknowledged[phone])}"
            await self._post_until_taken(self._body(phone, external_id, number))
            self.ledger.acknowledged[phone].append(external_id)

    async def crowd_writes(
        self, customers: int, each: int, *, again: Callable[[], bool] | None = None
    ) -> None:
        """Let many customers write at once."""
        async with asyncio.TaskGroup() as group:
            for n in range(customers):
                group.create_task(self.customer_writes(phone_of(n), each, again=again))

    async def agent_answers(self, conversation_id: str, count: int) -> None:
        """Let the agent say `count` things in a conversation, each until the API has taken it."""
        for number in range(count):
            client_id = str(uuid.uuid4())
            form = {"text": f"Answer {number} {client_id}", "client_id": client_id}
            path = f"/conversations/{conversation_id}/messages"
            message = await self._post_until_created(path, form)
            self.ledger.answered.setdefault(conversation_id, []).append(message["id"])
            self.ledger.said[form["text"]] = message["id"]

    async def agent_answers_all(self, conversations: list[str], each: int) -> None:
        """Let the agent answer in many conversations at once."""
        async with asyncio.TaskGroup() as group:
            for conversation_id in conversations:
                group.create_task(self.agent_answers(conversation_id, each))

    async def conversations(self, count: int) -> list[str]:
        """Wait until the agent sees this many conversations."""

        async def look() -> list[str]:
            try:
                response = await self.agent.get("/conversations", params={"limit": "100"})
            except httpx.HTTPError:
                return []
            items = response.json()["items"] if response.status_code == 200 else []
            return [item["id"] for item in items] if len(items) == count else []

        return await until(look, what=f"the agent sees {count} conversations")

    async def states(self) -> dict[str, str]:
        """Tell the state of every message that the agent sent, as the agent sees it."""
        rows = await self.fleet.query(
            "SELECT message_id, state FROM app.delivery WHERE workspace_id = $1", self.office.workspace_id
        )
        return {str(row[0]): row[1] for row in rows}

    async def arrived_at_meta(self) -> Counter[str]:
        """Count how often Meta got each of our messages, by its id, or by its text if nobody said it."""
        found = (await self.fleet.simulator.get("/_sim/outbox")).json()["data"]
        texts = [sent["request"]["text"]["body"] for sent in found if sent["number_id"] == self.number]
        return Counter(self.ledger.said.get(text, text) for text in texts)

    async def _post_until_taken(self, body: bytes) -> None:
        headers = {
            "Content-Type": "application/json",
            **signature_headers(self.fleet.settings.meta_app_secret, body),
        }
        while True:
            try:
                response = await self._meta.post(self.fleet.hook, content=body, headers=headers)
            except httpx.HTTPError as error:
                self.ledger.hook_answers[type(error).__name__] += 1
            else:
                self.ledger.hook_answers[str(response.status_code)] += 1
                if response.status_code == 200:
                    return
            await asyncio.sleep(_REPEAT_SECONDS)

    async def _post_until_created(self, path: str, form: dict[str, str]) -> dict[str, Any]:
        while True:
            try:
                response = await self.agent.post(path, form)
            except httpx.HTTPError as error:
                self.ledger.api_answers[type(error).__name__] += 1
            else:
                self.ledger.api_answers[str(response.status_code)] += 1
                if response.status_code == 201:
                    return dict(response.json())
            await asyncio.sleep(_REPEAT_SECONDS)

    def _body(self, phone: str, external_id: str, number: int) -> bytes:
        value = {
            "messaging_product": "whatsapp",
            "metadata": {"display_phone_number": "15550100001", "phone_number_id": self.number},
            "contacts": [{"profile": {"name": f"Customer {phone[-3:]}"}, "wa_id": phone}],
            "messages": [
                {
                    "from": phone,
                    "id": external_id,
                    "timestamp": str(int(time.time())),
                    "type": "text",
                    "text": {"body": f"Message {number} of {phone}, grüße"},
                }
            ],
        }
        change = {"value": value, "field": "messages"}
        entry = {"id": "200000000000001", "changes": [change]}
        return wire_json({"object": "whatsapp_business_account", "entry": [entry]})


class Follower:
    """Somebody who follows the workspace and comes back after every break, knowing where they were."""

    def __init__(self, shop: Shopfront) -> None:
        self.told: Counter[str] = Counter()
        """How often each received message was told."""
        self.seq = 0
        self.breaks = 0
        self._shop = shop

    def _hear(self, frame: dict[str, Any]) -> None:
        assert frame["prev"] == self.seq, "a frame does not follow the one before"
        assert frame["seq"] > self.seq
        self.seq = frame["seq"]
        if frame["type"] == "message.received":
            self.told[frame["ids"]["message"]] += 1

    async def poll(self) -> None:
        """Follow by long poll until cancelled."""
        position = 0
        while True:
            try:
                query = {"after": str(position), "wait": "5"}
                response = await self._shop.agent.get("/events", params=query)
                assert response.status_code in {200, 503}, response.text
            except httpx.HTTPError:
                response = None
            if response is None or response.status_code != 200:
                self.breaks += 1
                await asyncio.sleep(_REPEAT_SECONDS)
                continue
            body = response.json()
            if body["frames"]:
                self.seq = position  # what lies between was nothing for us
            for frame in body["frames"]:
                self._hear(frame)
            position = body["seq"]

    async def listen(self) -> None:
        """Follow by socket until cancelled."""
        headers = {"Authorization": f"Bearer {self._shop.agent.token}"}
        while True:
            with contextlib.suppress(EOFError, OSError, TimeoutError):
                socket = await Socket.open(self._shop.fleet.url, f"/api/v1/stream?after={self.seq}", headers)
                try:
                    while True:
                        frame = await socket.receive()
                        if "seq" in frame and "prev" in frame:
                            self._hear(frame)
                finally:
                    await socket.aclose()
            self.breaks += 1
            await asyncio.sleep(_REPEAT_SECONDS)


def phone_of(n: int) -> str:
    """Make a customer's number."""
    return f"49151{n:07d}"


@contextlib.asynccontextmanager
async def open_shopfront(fleet: Fleet, house: Resources) -> AsyncIterator[Shopfront]:
    """Open a workspace with a connected number and an agent's token."""
    number = str(next(_numbers))
    await fleet.control("numbers", {"id": number})
    await house.database.engine.dispose()  # the test before may have ended the database under it
    office = await make_office(house)
    await connect_whatsapp(house, office, Wiring(house), number)
    shop = Shopfront(fleet, house, office, number, await make_token(house, office))
    try:
        yield shop
    finally:
        await shop.aclose()


@contextlib.asynccontextmanager
async def following(shop: Shopfront) -> AsyncIterator[list[Follower]]:
    """Have a long poll and a socket follow the workspace meanwhile; at the end both must have heard everything once."""
    poller, listener = Follower(shop), Follower(shop)
    tasks = [asyncio.create_task(poller.poll()), asyncio.create_task(listener.listen())]
    try:
        yield [poller, listener]

        async def all_heard() -> bool:
            for task in tasks:
                if task.done():
                    task.result()
            return all(len(follower.told) == shop.ledger.total for follower in (poller, listener))

        await until(all_heard, what="both followers have heard of every message")
        assert set(poller.told.values()) | set(listener.told.values()) == {1}
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
