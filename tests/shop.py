"""A shop that runs: the whole product in one process, with a connected WhatsApp number and Meta's stand-in beside it.

Everything goes over real HTTP: the stand-in signs and posts to the product's hook, the product calls its Graph API.
"""

import asyncio
import contextlib
import dataclasses
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import asyncpg
import httpx
import uvicorn
from starlette.types import ASGIApp
from tests.builders import Client, Office, Person, make_office, session_of

from parley.core.db.urls import role_url
from parley.core.http import OutgoingClient
from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.loaders import framer
from parley.modules.inboxes.actions import connect_inbox
from parley.modules.inboxes.types import CheckResult
from parley.modules.ingest.receiver import Receiver
from parley.modules.realtime.hub import Hub
from parley.simulators.meta import SimulatorConfig
from parley.simulators.meta import create_app as create_simulator
from parley.web import build_app
from parley.wiring import Wiring
from parley.worker import working

NUMBER = "100000000000001"
PATIENCE = 20.0


@dataclasses.dataclass(slots=True)
class Shop:
    """The running product and what tests touch it with."""

    house: Resources
    office: Office
    inbox_id: Any
    agent: Client
    simulator: httpx.AsyncClient
    base_url: str
    receiver: Receiver
    wiring: Wiring
    clients: list[Client] = dataclasses.field(default_factory=list)

    async def writes(self, who: str = "mia", type_: str = "text", **more: Any) -> dict[str, Any]:
        """Let a person write on their phone; returns when the webhook has been tried once."""
        body = {"from": who, "type": type_, "wait": True, **more}
        if type_ == "text" and "text" not in more:
            body["text"] = "Hello, are you open today?"
        return await self.control("inbound", body)

    async def control(self, name: str, body: Any = None) -> dict[str, Any]:
        """Call the stand-in's own controls."""
        response = await self.simulator.post(f"/_sim/{name}", json=body or {})
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    async def outbox(self) -> list[dict[str, Any]]:
        """List what the business has sent, as Meta got it."""
        items: list[dict[str, Any]] = (await self.simulator.get("/_sim/outbox")).json()["data"]
        return items

    async def conversations(self, **query: str) -> list[dict[str, Any]]:
        """List conversations as the agent sees them."""
        response = await self.agent.get("/conversations", params=query)
        assert response.status_code == 200, response.text
        items: list[dict[str, Any]] = response.json()["items"]
        return items

    async def timeline(self, conversation_id: str) -> list[dict[str, Any]]:
        """Read a conversation, oldest first."""
        response = await self.agent.get(f"/conversations/{conversation_id}/timeline", params={"limit": "200"})
        assert response.status_code == 200, response.text
        items: list[dict[str, Any]] = response.json()["items"]
        return items[::-1]

    async def until(self, check: Callable[[], Awaitable[Any]]) -> Any:
        """Wait until `check` gives something true; every event of the workspace makes it look again."""
        after = 0
        async with asyncio.timeout(PATIENCE):
            while True:
                found = await check()
                if found:
                    return found
                events = await self.agent.get("/events", params={"after": str(after), "wait": "1"})
                after = events.json()["seq"]

    async def sends(
        self, conversation_id: str, text: str | None = "Yes, until six!", **more: Any
    ) -> dict[str, Any]:
        """Let the agent send a message; it need not have gone out when this returns."""
        body = {"text": text, "client_id": str(new_id()), **more}
        response = await self.agent.post(f"/conversations/{conversation_id}/messages", body)
        assert response.status_code == 201, response.text
        found: dict[str, Any] = response.json()
        return found

    async def messages(self, conversation_id: str) -> list[dict[str, Any]]:
        """Read a conversation's messages, oldest first."""
        return [item for item in await self.timeline(conversation_id) if item["type"] == "message"]

    async def message(
        self, conversation_id: str, check: Callable[[dict[str, Any]], object] = lambda _: True
    ) -> dict[str, Any]:
        """Wait for a message that passes the check."""

        async def look() -> Any:
            return next((m for m in await self.messages(conversation_id) if check(m)), None)

        found: dict[str, Any] = await self.until(look)
        return found

    async def delivery(self, message: dict[str, Any], *states: str) -> dict[str, Any]:
        """Wait until a message that was sent is in one of these states; gives its delivery."""
        found = await self.message(
            message["conversation_id"],
            lambda m: m["id"] == message["id"] and m["delivery"]["state"] in states,
        )
        delivery: dict[str, Any] = found["delivery"]
        return delivery

    async def knobs(self, **changes: Any) -> None:
        """Turn the stand-in's knobs."""
        await self.control("knobs", changes)

    async def phone(self, who: str = "mia") -> list[dict[str, Any]]:
        """Read the chat as it is on a person's phone, oldest first."""
        response = await self.simulator.get(f"/sim/api/chats/{who}")
        assert response.status_code == 200, response.text
        items: list[dict[str, Any]] = response.json()["messages"]
        return items

    async def sign_in(self, person: Person) -> Client:
        """Open a browser in which this person is signed in."""
        client = Client(self.base_url)
        self.clients.append(client)
        client.cookies["__Host-sid"] = await session_of(self.house, person)
        await client.get("/me")
        return client

    def program(self, token: str) -> Client:
        """Open a program with this token."""
        client = Client(self.base_url, token=token)
        self.clients.append(client)
        return client

    async def fetch(self, url: str) -> httpx.Response:
        """Fetch a file's address as a stranger would: without session or cookie."""
        host = f"localhost:{self.house.settings.port}"
        async with httpx.AsyncClient(base_url=self.base_url, timeout=30, trust_env=False) as stranger:
            return await stranger.get(url, headers={"Host": host})

    async def upload(self, content: bytes, name: str, media_type: str) -> str:
        """Upload a file as the composer does; gives its id."""
        response = await self.agent.request("POST", "/files", files={"file": (name, content, media_type)})
        assert response.status_code == 201, response.text
        return str(response.json()["id"])

    async def processed(self) -> None:
        """Wait until no item waits any more."""

        async def look() -> bool:
            async with self.house.database.workspace_tx(self.office.workspace_id) as tx:
                return not await tx.value(
                    "SELECT 1 FROM ingest.item WHERE workspace_id = $1 AND state = 'waiting' LIMIT 1",
                    self.office.workspace_id,
                )

        await self.until(look)

    async def first_conversation(self) -> dict[str, Any]:
        """Wait for the first conversation."""

        async def look() -> Any:
            return next(iter(await self.conversations()), None)

        found: dict[str, Any] = await self.until(look)
        return found


@contextlib.asynccontextmanager
async def open_shop(house: Resources, *, with_worker: bool = True) -> AsyncIterator[Shop]:
    """Open a shop on this house: simulator, web, worker, a connected inbox, a signed-in agent."""
    async with contextlib.AsyncExitStack() as stack:
        web_socket, simulator_socket = _listener(), _listener()
        simulator_url = f"http://127.0.0.1:{simulator_socket.getsockname()[1]}"
        base_url = f"http://127.0.0.1:{web_socket.getsockname()[1]}"
        settings = dataclasses.replace(
            house.settings, port=web_socket.getsockname()[1], meta_graph_url=simulator_url, public_url=""
        )
        outgoing = OutgoingClient([simulator_url])
        stack.push_async_callback(outgoing.aclose)
        house = dataclasses.replace(house, settings=settings, outgoing=outgoing)
        wiring = Wiring(house)
        pool = await asyncpg.create_pool(
            role_url(settings, "parley_ingest", root_key=house.root_key), min_size=1, max_size=2
        )
        stack.push_async_callback(pool.close)
        receiver = wiring.receiver(pool)
        receiver.start()
        stack.push_async_callback(receiver.stop)
        hub = Hub(house.database, house.bell, framer(wiring.services, wiring.channels))
        hub.start()
        stack.push_async_callback(hub.stop)
        await stack.enter_async_context(_served(build_app(house, wiring, receiver, hub), web_socket))
        await stack.enter_async_context(_simulator(house, simulator_socket, f"{base_url}/hooks/meta"))
        if with_worker:
            await stack.enter_async_context(working(house, wiring))
        office = await make_office(house)
        inbox_id = await connect_whatsapp(house, office, wiring)
        simulator = await stack.enter_async_context(
            httpx.AsyncClient(base_url=simulator_url, timeout=30, trust_env=False)
        )
        agent = Client(base_url)
        shop = Shop(house, office, inbox_id, agent, simulator, base_url, receiver, wiring, [agent])
        try:
            agent.cookies["__Host-sid"] = await session_of(house, office.agent)
            await agent.get("/me")
            yield shop
        finally:
            for client in shop.clients:
                await client.aclose()


async def connect_whatsapp(
    house: Resources, office: Office, wiring: Wiring, number: str = NUMBER, token: str = "parley-demo-token"
) -> Any:
    """Connect a number to an office as an admin would, without asking the vendor."""
    settings = {"phone_number_id": number, "waba_id": "200000000000001", "access_token": token}
    checked = CheckResult(number, {"title": "+1 555 010 0001", "subtitle": "Kaffee Kontor"})
    async with house.database.workspace_tx(office.workspace_id) as tx:
        return await connect_inbox(
            tx,
            office.owner.scope,
            house.sealer,
            channel="whatsapp",
            app=wiring.whatsapp.app,
            name="WhatsApp",
            settings=settings,
            checked=checked,
        )


def _listener() -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.bind(("127.0.0.1", 0))
    listener.listen(256)
    return listener


@contextlib.asynccontextmanager
async def _served(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    server = _Server(
        uvicorn.Config(
            app,
            lifespan="off",
            proxy_headers=False,
            log_config=None,
            ws="wsproto",
            timeout_graceful_shutdown=2,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listener]))
    while not server.started:
        await asyncio.sleep(0)
        assert not task.done(), "the server ended while it started"
    try:
        yield
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def _simulator(house: Resources, listener: socket.socket, hook: str) -> AsyncIterator[None]:
    app = create_simulator(
        SimulatorConfig(
            webhook_url=hook,
            app_id=house.settings.meta_app_id,
            app_secret=house.settings.meta_app_secret,
            verify_token=house.settings.meta_verify_token,
            verify_on_start=False,
            knobs={"status_delay_ms": 0, "retry_base_s": 0.05},
        )
    )
    async with app.router.lifespan_context(app), _served(app, listener):
        yield


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield  # Ctrl-C belongs to pytest
