"""Who may call from where, and what every answer carries."""

import dataclasses
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.types import Receive, Scope, Send

from parley.core.settings import Settings
from parley.core.web.policy import EdgePolicy, edge_policy, page_csp
from parley.core.web.security import Security, is_same_origin

DEMO = edge_policy(Settings(mode="demo", port=8000))
PUBLIC = edge_policy(
    Settings(
        mode="production",
        public_url="https://talk.example.org",
        files_url="https://files.example.org",
        trusted_proxies="10.0.0.0/8, 127.0.0.1",
    )
)


async def tell(scope: Scope, receive: Receive, send: Send) -> None:
    """An application that says who it thinks is calling."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.accept"})
        return
    await JSONResponse({"client": scope["client"][0], "scheme": scope["scheme"]})(scope, receive, send)


@pytest.fixture
async def ask() -> AsyncIterator[Callable[..., Any]]:
    opened: list[httpx.AsyncClient] = []

    async def request(
        policy: EdgePolicy, url: str, peer: str = "127.0.0.1", **options: Any
    ) -> httpx.Response:
        transport = httpx.ASGITransport(Security(tell, policy), client=(peer, 1))
        opened.append(client := httpx.AsyncClient(transport=transport))
        return await client.request(options.pop("method", "GET"), url, **options)

    yield request
    for client in opened:
        await client.aclose()


@pytest.mark.parametrize("host", ["localhost:8000", "LOCALHOST:8000", "127.0.0.1:8000", "[::1]:8000"])
async def test_the_demo_answers_this_machine(ask: Callable[..., Any], host: str) -> None:
    response = await ask(DEMO, "http://x/api/v1/me", headers={"Host": host})
    assert response.status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost", "localhost:8001", ""])
async def test_the_demo_refuses_every_other_name(ask: Callable[..., Any], host: str) -> None:
    response = await ask(DEMO, "http://x/api/v1/me", headers={"Host": host})
    assert (response.status_code, response.json()["code"]) == (421, "host_refused")


@pytest.mark.parametrize("name", ["Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto"])
async def test_the_demo_refuses_proxies(ask: Callable[..., Any], name: str) -> None:
    response = await ask(DEMO, "http://localhost:8000/api/v1/me", headers={name: "for=192.0.2.1"})
    assert (response.status_code, response.json()["code"]) == (403, "forwarding_refused")


async def test_sockets_are_asked_for_their_host_too() -> None:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "websocket.connect"}

    scope = {"type": "websocket", "path": "/api/v1/stream", "headers": [(b"host", b"evil.example")]}
    await Security(tell, DEMO)(scope, receive, send)
    assert sent == [{"type": "websocket.close", "code": 4403}]


async def test_pages_move_to_localhost_and_the_api_does_not(ask: Callable[..., Any]) -> None:
    page = await ask(DEMO, "http://127.0.0.1:8000/inbox/caf%C3%A9?x=1%20")
    assert page.status_code == 307
    assert page.headers["location"] == "http://localhost:8000/inbox/caf%C3%A9?x=1%20"
    assert (await ask(DEMO, "http://127.0.0.1:8000/api/v1/me")).status_code == 200


async def test_a_redirect_never_leaves_the_house(ask: Callable[..., Any]) -> None:
    page = await ask(DEMO, "http://127.0.0.1:8000//evil.example/x")
    assert page.headers["location"].startswith("http://localhost:8000/")


async def test_production_answers_its_public_name_alone(ask: Callable[..., Any]) -> None:
    good = await ask(PUBLIC, "https://talk.example.org/api/v1/me")
    assert good.status_code == 200
    assert good.headers["strict-transport-security"].startswith("max-age=63072000")
    assert (await ask(PUBLIC, "https://files.example.org/files/x")).status_code == 200
    for host in ("localhost:8000", "10.0.0.5", "talk.example.org.evil.example"):
        assert (await ask(PUBLIC, "https://x/", headers={"Host": host})).status_code == 421


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.1.1.1", "203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("10.1.1.1", "203.0.113.9, 10.2.2.2", "203.0.113.9"),
        ("10.1.1.1", "nonsense", "10.1.1.1"),
        ("10.1.1.1", "", "10.1.1.1"),
        ("203.0.113.1", "198.51.100.1", "203.0.113.1"),
    ],
)
async def test_only_trusted_proxies_say_who_calls(
    ask: Callable[..., Any], peer: str, forwarded: str, client: str
) -> None:
    headers = {"X-Forwarded-For": forwarded, "X-Forwarded-Proto": "https"}
    response = await ask(PUBLIC, "http://talk.example.org/api/v1/me", peer=peer, headers=headers)
    told = response.json()
    assert told["client"] == client
    assert told["scheme"] == ("https" if peer.startswith("10.") else "http")


async def test_every_answer_carries_the_security_headers(ask: Callable[..., Any]) -> None:
    for response in (
        await ask(DEMO, "http://localhost:8000/api/v1/me"),
        await ask(DEMO, "http://evil.example/api/v1/me"),
    ):
        headers = response.headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "no-store"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "strict-transport-security" not in headers


async def test_a_route_may_set_a_stricter_policy_of_its_own() -> None:
    async def own(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse("x", headers={"Content-Security-Policy": "sandbox"})(scope, receive, send)

    transport = httpx.ASGITransport(Security(own, DEMO))
    async with httpx.AsyncClient(transport=transport) as client:
        response = await client.get("http://localhost:8000/api/x")
    assert response.headers.get_list("content-security-policy") == ["sandbox"]


def test_the_page_policy_allows_no_inline_script_and_one_host() -> None:
    directives = dict(
        part.strip().partition(" ")[::2]
        for part in page_csp("N0", "localhost:8000", "https://files.example.org").split(";")
    )
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["style-src"] == "'self' 'nonce-N0'"
    assert directives["connect-src"] == "'self' ws://localhost:8000 wss://localhost:8000"
    assert directives["img-src"] == "'self' blob: data: https://files.example.org"
    assert directives["frame-ancestors"] == "'none'"
    assert directives["base-uri"] == "'none'"
    assert directives["trusted-types"] == "parley default"
    assert directives["require-trusted-types-for"] == "'script'"


@pytest.mark.parametrize(
    ("origin", "is_ours"),
    [("http://localhost:8000", True), ("http://localhost:8001", False), ("null", False), (None, False)],
)
def test_a_socket_belongs_to_a_page_of_the_same_host(origin: str | None, is_ours: bool) -> None:
    headers = {"host": "localhost:8000"} | ({"origin": origin} if origin else {})
    assert is_same_origin(Headers(headers)) is is_ours


def test_limits_are_larger_where_files_come_in() -> None:
    policy = dataclasses.replace(DEMO)
    assert policy.limit_of("/api/v1/teams") == 1024 * 1024
    assert policy.limit_of("/api/v1/files") == 110 * 1024 * 1024


async def test_a_line_of_the_caller_before_the_proxys_own_is_not_believed(ask: Callable[..., Any]) -> None:
    headers = [("X-Forwarded-For", "198.51.100.1"), ("X-Forwarded-For", "203.0.113.9")]
    response = await ask(PUBLIC, "http://talk.example.org/api/v1/me", peer="10.1.1.1", headers=headers)
    assert response.json()["client"] == "203.0.113.9"
