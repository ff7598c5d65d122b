"""Failures leave as problem+json with a stable code, and tell nothing that they should not."""

import json
import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI
from pydantic import BaseModel, Field
from tests.builders import Client, Office
from tests.conftest import SignIn

from parley.core.errors import AppError, ForbiddenError, InvalidError
from parley.core.web.access import Access, RequestCounters
from parley.core.web.problem import install_problems, problem_of

SECRET = "the customer wrote this"


class Form(BaseModel):
    name: str = Field(max_length=5)
    inner: dict[str, int] = {}


@pytest.fixture
async def broken() -> AsyncIterator[httpx.AsyncClient]:
    """An application in which everything goes wrong, behind the outermost wall."""
    app = FastAPI()
    install_problems(app)

    @app.get("/slow")
    async def slow() -> None:
        raise AppError("Wait.", retry_after=7.2, other=uuid.UUID(int=1))

    @app.get("/forbidden")
    async def forbidden() -> None:
        raise ForbiddenError(permission="x.y")

    @app.get("/crash/{name}")
    async def crash(name: str) -> None:
        raise ValueError(SECRET)

    @app.get("/away")
    async def away() -> None:
        raise ConnectionError(SECRET)

    @app.post("/form/{number}")
    async def form(number: int, form: Form) -> None:
        pass

    transport = httpx.ASGITransport(Access(app, RequestCounters()))
    async with httpx.AsyncClient(transport=transport, base_url="http://x") as client:
        yield client


async def test_an_error_of_ours_becomes_a_problem_with_its_data(broken: httpx.AsyncClient) -> None:
    response = await broken.get("/slow")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["retry-after"] == "7"
    assert response.json() == {
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "code": "failed",
        "detail": "Wait.",
        "retry_after": 7.2,
        "other": str(uuid.UUID(int=1)),
    }
    assert (await broken.get("/forbidden")).json()["code"] == "forbidden"


async def test_a_crash_tells_a_number_and_nothing_else(
    broken: httpx.AsyncClient, capsys: pytest.CaptureFixture[str]
) -> None:
    response = await broken.get("/crash/anna")
    body = response.json()
    assert (response.status_code, body["code"]) == (500, "internal")
    assert uuid.UUID(body["error_id"]).version == 7
    assert SECRET not in response.text
    logged = "".join(capsys.readouterr())
    assert body["error_id"] in logged
    assert "ValueError" in logged
    assert "/crash/{name}" in logged
    assert SECRET not in logged
    assert "anna" not in logged


async def test_a_database_that_is_away_is_no_fault_of_ours(broken: httpx.AsyncClient) -> None:
    response = await broken.get("/away")
    assert (response.status_code, response.json()["code"]) == (503, "unavailable")
    assert response.headers["retry-after"] == "3"


async def test_invalid_input_names_fields_and_does_not_repeat_values(broken: httpx.AsyncClient) -> None:
    response = await broken.post("/form/1", json={"name": SECRET, "inner": {"a": SECRET}})
    body = response.json()
    assert (response.status_code, body["code"]) == (422, "invalid")
    assert set(body["fields"]) == {"name", "inner.a"}
    assert SECRET not in response.text


async def test_an_id_that_cannot_exist_is_not_found(broken: httpx.AsyncClient) -> None:
    response = await broken.post("/form/abc", json={"name": "x"})
    assert (response.status_code, response.json()["code"]) == (404, "not_found")


async def test_bodies_that_are_no_json_are_invalid(broken: httpx.AsyncClient) -> None:
    response = await broken.post("/form/1", content=b"{", headers={"Content-Type": "application/json"})
    assert (response.status_code, response.json()["code"]) == (422, "invalid")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing-here", 404, "not_found"),
        ("GET", "/api/v2/me", 404, "not_found"),
        ("GET", "/api/v1/me/", 404, "not_found"),
        ("GET", "/api/v1/auth/sign-in", 405, "method_not_allowed"),
        ("DELETE", "/api/v1/roles", 405, "method_not_allowed"),
        ("POST", "/inbox", 405, "method_not_allowed"),
        ("GET", "/api/v1/members", 401, "unauthenticated"),
    ],
)
async def test_wrong_addresses_are_problems_too(
    client: Client, method: str, path: str, status: int, code: str
) -> None:
    response = await client.request(method, path, is_page=True)
    assert (response.status_code, response.json().get("code")) == (status, code)
    assert response.headers["content-type"] == "application/problem+json"


async def test_unknown_fields_are_refused(office: Office, sign_in: SignIn) -> None:
    browser = await sign_in(office.owner)
    response = await browser.post("/teams", {"name": "x", "workspace_id": str(office.workspace_id)})
    assert response.json()["fields"] == {"workspace_id": "Extra inputs are not permitted"}


def test_half_a_surrogate_in_a_fields_name_is_named_back() -> None:
    response = problem_of(InvalidError(fields={"\ud800": "There is no such field."}))
    assert json.loads(bytes(response.body))["fields"] == {"\ud800": "There is no such field."}


async def test_the_character_that_no_column_holds_is_refused(
    office: Office, sign_in: SignIn, capsys: pytest.CaptureFixture[str]
) -> None:
    browser = await sign_in(office.owner)
    answers = [
        await browser.post("/teams", {"name": "a\0b"}),
        await browser.post("/members/invitations", {"email": "a\0@example.org"}),
        await browser.post("/auth/sign-in", {"email": "a\0@example.org", "password": "12345678"}),
    ]
    assert [(a.status_code, a.json().get("code")) for a in answers] == [(422, "invalid")] * 3
    assert "web.failed" not in "".join(capsys.readouterr())
