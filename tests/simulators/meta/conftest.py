"""A simulator with a webhook receiver beside it; no sockets unless a test needs one."""

import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from parley.simulators.meta import SimulatorConfig, create_app

NUMBER = "100000000000001"
WABA = "200000000000001"
MIA = "+491713920011"


@dataclass
class Receiver:
    """The business's webhook: keeps what arrives, answers what it is told to answer."""

    received: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: deque[int] = field(default_factory=deque)
    verify_answer: int = 200

    def app(self) -> Starlette:
        async def hook(request: Request) -> Response:
            if request.method == "GET":
                good = request.query_params["hub.verify_token"] == "parley-demo-verify"
                status = self.verify_answer if good else 403
                return PlainTextResponse(request.query_params["hub.challenge"], status)
            self.received.append((dict(request.headers), await request.body()))
            return Response(status_code=self.answers.popleft() if self.answers else 200)

        return Starlette(routes=[Route("/hooks/meta", hook, methods=["GET", "POST"])])

    @property
    def values(self) -> list[dict[str, Any]]:
        bodies = [json.loads(body) for _, body in self.received]
        return [change["value"] for body in bodies for entry in body["entry"] for change in entry["changes"]]

    @property
    def statuses(self) -> list[str]:
        return [status["status"] for value in self.values for status in value.get("statuses", [])]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [message for value in self.values for message in value.get("messages", [])]


@dataclass
class Stage:
    """One simulator, its receiver and the hands of both a business and a tester."""

    client: httpx.AsyncClient
    receiver: Receiver

    async def sim(self, path: str, **body: Any) -> Any:
        answer = await self.client.post(f"/_sim/{path}", json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def inbound(self, **spec: Any) -> dict[str, Any]:
        """Let a customer act; returns when the webhook was told."""
        made: dict[str, Any] = await self.sim("inbound", **spec)
        await self.idle()
        return made

    async def idle(self) -> None:
        assert (await self.client.get("/_sim/idle?timeout=10")).json() == {"idle": True}

    async def post(self, body: dict[str, Any], *, to: str = MIA, number: str = NUMBER) -> httpx.Response:
        full = {"messaging_product": "whatsapp", "to": to, **body}
        return await self.client.post(f"/v25.0/{number}/messages", json=full)

    async def send(self, body: dict[str, Any], *, to: str = MIA) -> str:
        """Send a message that must be accepted; returns its id once everything about it was reported."""
        answer = await self.post(body, to=to)
        assert answer.status_code == 200, answer.text
        await self.idle()
        return str(answer.json()["messages"][0]["id"])

    async def outbox(self) -> list[dict[str, Any]]:
        return list((await self.client.get("/_sim/outbox")).json()["data"])

    async def upload(self, name: str, data: bytes, mime_type: str) -> httpx.Response:
        form = {"messaging_product": "whatsapp", "type": mime_type}
        return await self.client.post(
            f"/v25.0/{NUMBER}/media", data=form, files={"file": (name, data, mime_type)}
        )


@pytest.fixture
def config() -> SimulatorConfig:
    knobs = {"status_delay_ms": 0, "retry_base_s": 0.001}
    return SimulatorConfig(verify_on_start=False, knobs=knobs)


@pytest.fixture
async def stage(config: SimulatorConfig) -> AsyncIterator[Stage]:
    receiver = Receiver()
    app = create_app(config, httpx.ASGITransport(receiver.app()))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        headers = {"Authorization": f"Bearer {config.token}"}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://127.0.0.1:8001", headers=headers
        ) as client:
            yield Stage(client, receiver)
