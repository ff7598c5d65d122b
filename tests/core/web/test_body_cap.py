"""Bodies that are too large are refused whether they say so or not, without being kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from pydantic import BaseModel
from tests.builders import Client

from parley.core.web.body_cap import BodyCap
from parley.core.web.policy import EdgePolicy
from parley.core.web.problem import install_problems

ENOUGH = 64 * 1024 * 1024
POLICY = EdgePolicy(hosts=frozenset(), body_limit=1000, body_limits={"/files": 5000})


class Form(BaseModel):
    text: str


def make_app() -> tuple[BodyCap, list[int]]:
    app = FastAPI()
    install_problems(app)
    seen: list[int] = []

    @app.post("/json")
    async def take_json(form: Form) -> int:
        seen.append(len(form.text))
        return len(form.text)

    @app.post("/files")
    @app.post("/raw")
    async def take_stream(request: Request) -> int:
        total = 0
        async for chunk in request.stream():
            total += len(chunk)
        seen.append(total)
        return total

    return BodyCap(app, POLICY), seen


async def pieces(count: int, size: int = 100) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


@pytest.mark.parametrize(
    ("path", "count", "status"),
    [("/raw", 10, 200), ("/raw", 11, 413), ("/files", 50, 200), ("/files", 51, 413)],
)
async def test_streams_are_counted_as_they_come(path: str, count: int, status: int) -> None:
    app, seen = make_app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        response = await client.post(path, content=pieces(count))
    assert "content-length" not in response.request.headers
    assert response.status_code == status
    assert seen == ([count * 100] if status == 200 else [])
    if status == 413:
        assert response.json()["code"] == "body_too_large"
        assert response.headers["content-type"] == "application/problem+json"


async def test_an_announced_size_is_refused_before_anything_is_read() -> None:
    app, seen = make_app()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        response = await client.post("/json", json={"text": "x" * 2000})
    assert (response.status_code, response.json()["limit"]) == (413, 1000)
    assert seen == []


async def test_a_json_body_that_lies_about_nothing_but_streams_too_much_is_refused() -> None:
    app, seen = make_app()

    async def body() -> AsyncIterator[bytes]:
        yield b'{"text": "'
        async for piece in pieces(20):
            yield piece
        yield b'"}'

    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        response = await client.post("/json", content=body(), headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (413, "body_too_large")
    assert seen == []


async def test_the_running_server_cuts_off_a_long_stream(client: Client) -> None:
    sent = 0

    async def long() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < ENOUGH:
            sent += 65536
            yield b"x" * 65536
            await asyncio.sleep(0)

    try:
        response = await client.request(
            "POST", "/auth/sign-in", content=long(), headers={"Content-Type": "application/json"}
        )
        assert response.status_code == 413
    except (httpx.WriteError, httpx.ReadError):
        pass  # the server had closed the connection while we were still writing
    assert sent < ENOUGH


@pytest.mark.parametrize(("path", "status"), [("/json", 408), ("/raw", 408), ("/files", 200)])
async def test_a_body_that_does_not_end_is_not_waited_for(
    path: str, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.core.web.body_cap.SLOWEST", 0.0)
    app, _ = make_app()
    goes_on = asyncio.Event()

    async def slowly() -> AsyncIterator[bytes]:
        yield b"x"
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await goes_on.wait()

    headers = {"Content-Type": "application/json"}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://x") as client:
        response = await client.post(path, content=slowly(), headers=headers)
    assert response.status_code == status
