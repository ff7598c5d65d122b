"""The dispatcher and the description of the API."""

import json
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from tests.builders import Client, Office
from tests.conftest import SignIn

from parley.core.resources import Resources
from parley.core.web.app import front


async def hooks(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("hooked")(scope, receive, send)


def browse(app: Any, base_url: str = "http://evil.example") -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base_url)


async def test_hooks_and_health_pass_no_walls(app: FastAPI, house: Resources) -> None:
    async with browse(front(app, house, hooks=hooks)) as client:
        hooked = await client.post("/hooks/meta", content=b"x")
        assert hooked.text == "hooked"
        assert "content-security-policy" not in hooked.headers
        assert (await client.get("/healthz")).status_code == 200
        assert (await client.get("/api/v1/me")).status_code == 421


async def test_ready_asks_every_check_and_says_which_failed(app: FastAPI, house: Resources) -> None:
    async def yes() -> bool:
        return True

    async def no() -> bool:
        raise OSError("the password is hunter2")

    async with browse(front(app, house, checks={"a": yes})) as client:
        good = await client.get("/readyz")
        assert (good.status_code, good.json()) == (200, {"ready": True, "checks": {"a": True}})
    async with browse(front(app, house, checks={"a": yes, "b": no})) as client:
        bad = await client.get("/readyz")
        assert (bad.status_code, bad.json()["checks"]) == (503, {"a": True, "b": False})
        assert "hunter2" not in bad.text


async def test_metrics_count_answers_by_kind(app: FastAPI, house: Resources) -> None:
    dispatch = front(app, house, metrics=lambda: "parley_more 1\n")
    async with browse(dispatch, house.settings.base_url) as client:
        await client.get("/api/v1/config")
        await client.get("/api/v1/me")
        text = (await client.get("/metrics")).text
    assert 'parley_http_requests_total{method="GET",status="2xx"} 1' in text
    assert 'parley_http_requests_total{method="GET",status="4xx"} 1' in text
    assert text.endswith("parley_more 1\n")


async def test_requests_are_logged_by_template_without_values(
    office: Office, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    from parley.core.log import configure_logging

    browser = await sign_in(office.owner)
    capsys.readouterr()
    configure_logging("info")
    try:
        response = await browser.patch(f"/members/{office.agent.member_id}?email=a@b.c", {"role": "manager"})
    finally:
        configure_logging("warning")
    out = capsys.readouterr().out
    line = next(json.loads(line) for line in out.splitlines() if "http.request" in line)
    assert line["route"] == "/api/v1/members/{member_id}"
    assert (line["method"], line["status"]) == ("PATCH", 200)
    assert line["request_id"] == response.headers["x-request-id"]
    assert str(office.agent.member_id) not in out
    assert "a@b.c" not in out


async def test_the_description_names_operations_like_their_functions(client: Client) -> None:
    document = (await client.get("/openapi.json")).json()
    operation = document["paths"]["/api/v1/members"]["get"]
    assert operation["operationId"] == "get_members"
    assert operation["x-permission"] == "members.read"
    ids = [op["operationId"] for path in document["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))
