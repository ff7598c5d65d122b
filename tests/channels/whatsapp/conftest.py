"""The stand-in for Meta on a real loopback port, the channel in front of it, and an ear for its hooks."""

import asyncio
import contextlib
import dataclasses
import socket
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from parley.channels.whatsapp.adapter import WhatsApp
from parley.core.http import OutgoingClient
from parley.modules.conversations.types import Address, Credentials, Inbound, MessageKind, Outgoing
from parley.simulators.meta import SimulatorConfig, create_app

NUMBER = "100000000000001"
WABA = "200000000000001"
TOKEN = "parley-demo-token"
MIA = "491713920011"
LUCIA = "ES.4402981177350026718"
SETTINGS = {"phone_number_id": NUMBER, "waba_id": WABA, "access_token": TOKEN}


class _Server(uvicorn.Server):
    ready: asyncio.Event

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()


@contextlib.asynccontextmanager
async def serve(app: ASGIApp) -> AsyncIterator[str]:
    """Serve an application on a free loopback port; gives its origin."""
    # asyncio switches Nagle's delay off only where the protocol is named.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            app, log_level="critical", lifespan="on", ws="none", timeout_graceful_shutdown=1
        )
        server = _Server(config)
        server.ready = asyncio.Event()
        task = asyncio.create_task(server.serve([listening]))
        try:
            await asyncio.wait_for(server.ready.wait(), 10)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await task


@dataclasses.dataclass
class Stage:
    """The channel, the vendor it talks to, and everything that the vendor has told us."""

    channel: WhatsApp
    tester: httpx.AsyncClient
    hooks: list[bytes]

    @property
    def credentials(self) -> Credentials:
        return Credentials(uuid.UUID(int=1), NUMBER, SETTINGS)

    async def tell(self, path: str, **body: Any) -> Any:
        answer = await self.tester.post(f"/_sim/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def outbox(self) -> list[dict[str, Any]]:
        return [each["request"] for each in (await self.tester.get("/_sim/outbox")).json()["data"]]

    async def idle(self) -> None:
        assert (await self.tester.get("/_sim/idle?timeout=10")).json() == {"idle": True}

    async def inbound(self, **spec: Any) -> list[Inbound]:
        """Let a customer act; gives what the channel reads of it."""
        await self.idle()
        self.hooks.clear()
        await self.tell("inbound", **spec)
        await self.idle()
        return self.read()

    def read(self) -> list[Inbound]:
        """Read all that the vendor told since the last act."""
        splits = [self.channel.split(body) for body in self.hooks]
        assert [found.fault for found in splits] == [None] * len(splits)
        return [one for found in splits for item in found.items for one in self.channel.parse(item.payload)]


@pytest.fixture(scope="session")
async def open_stage() -> AsyncIterator[Stage]:
    hooks: list[bytes] = []

    async def hook(request: Request) -> Response:
        hooks.append(await request.body())
        return Response()

    ear = Starlette(routes=[Route("/hooks/meta", hook, methods=["POST"])])
    config = SimulatorConfig(verify_on_start=False, knobs={"status_delay_ms": 0, "pair_limit": False})
    async with serve(create_app(config, httpx.ASGITransport(ear))) as origin:
        client = OutgoingClient([origin])
        async with httpx.AsyncClient(base_url=origin) as tester:
            yield Stage(make_channel(client, origin), tester, hooks)
        await client.aclose()


@pytest.fixture
async def stage(open_stage: Stage) -> Stage:
    """Give the stage as it was at first."""
    await open_stage.tell("reset")
    open_stage.hooks.clear()
    return open_stage


def make_channel(client: OutgoingClient, origin: str) -> WhatsApp:
    return WhatsApp(
        client,
        graph_url=origin,
        graph_version="v25.0",
        app_id="parley-demo-app",
        hook_url="http://localhost:8000/hooks/meta",
        verify_token="parley-demo-verify",
    )


Serving = Callable[[ASGIApp], AbstractAsyncContextManager[WhatsApp]]


@pytest.fixture
def in_front_of() -> Serving:
    """Put the channel in front of a vendor that behaves as the test says."""

    @contextlib.asynccontextmanager
    async def put(app: ASGIApp) -> AsyncIterator[WhatsApp]:
        async with serve(app) as origin:
            client = OutgoingClient([origin])
            try:
                yield make_channel(client, origin)
            finally:
                await client.aclose()

    return put


def outgoing(kind: MessageKind = MessageKind.TEXT, to: str = MIA, **more: Any) -> Outgoing:
    """Make a message to Mia, or to whoever the address means."""
    namespace = "whatsapp" if to.isdigit() else "whatsapp.user"
    values: dict[str, Any] = {"token": "token-1", "to": (Address(namespace, to),), **more}
    if kind is MessageKind.TEXT and not more:
        values["text"] = "Hello from the shop"
    return Outgoing(kind=kind, **values)
