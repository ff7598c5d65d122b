"""What routes are given: the caller, a transaction that commits before anything is sent, and nothing of others."""

import asyncio
import json
from typing import Any

import asyncpg
import pytest
from fastapi import APIRouter, FastAPI
from starlette.types import ASGIApp, Message
from tests.builders import Office, make_token, session_of

from parley.core.errors import NotFoundError
from parley.core.resources import Resources
from parley.core.web.access import Access, RequestCounters
from parley.core.web.app import create_api
from parley.core.web.cookies import SESSION
from parley.core.web.routes import api_router
from parley.modules.workspaces.actions import create_team
from parley.modules.workspaces.deps import Caller, Unit, allowed, scope_of_cookie, scope_of_token
from parley.modules.workspaces.permissions import PERMISSIONS_OF


async def call(app: ASGIApp, path: str, token: str, on_send: Any) -> list[Message]:
    """Send one POST and look at every message the moment it leaves."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    async def send(message: Message) -> None:
        await on_send(message)
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "POST",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 1),
        "headers": [(b"authorization", f"Bearer {token}".encode()), (b"content-type", b"application/json")],
    }
    await app(scope, receive, send)
    return sent


@pytest.fixture
def routes() -> APIRouter:
    router = api_router("test")

    @router.post("/test/good", status_code=201, **allowed("teams.manage"))
    async def good(scope: Caller, tx: Unit) -> dict[str, str]:
        return {"id": str(await create_team(tx, scope, "Good"))}

    @router.post("/test/refused", **allowed("teams.manage"))
    async def refused(scope: Caller, tx: Unit) -> None:
        await create_team(tx, scope, "Refused")
        raise NotFoundError

    @router.post("/test/crashed", **allowed("teams.manage"))
    async def crashed(scope: Caller, tx: Unit) -> None:
        await create_team(tx, scope, "Crashed")
        raise ZeroDivisionError

    @router.post("/test/unspeakable", **allowed("teams.manage"))
    async def unspeakable(scope: Caller, tx: Unit) -> dict[str, int]:
        await create_team(tx, scope, "Unspeakable")
        return {"x": "not a number"}  # type: ignore[dict-item]

    return router


@pytest.fixture
def small_app(house: Resources, routes: APIRouter) -> FastAPI:
    return create_api(house, [routes])


async def test_the_commit_comes_before_the_first_byte(
    small_app: FastAPI, house: Resources, office: Office, superuser: asyncpg.Connection
) -> None:
    seen: list[int] = []

    async def look(message: Message) -> None:
        seen.append(await superuser.fetchval("SELECT count(*) FROM app.team"))

    sent = await call(small_app, "/api/v1/test/good", await make_token(house, office), look)
    assert sent[0]["status"] == 201
    assert seen == [1, 1]


@pytest.mark.parametrize(
    ("path", "answer"),
    [("refused", (404, "not_found")), ("crashed", (500, "internal")), ("unspeakable", (500, "internal"))],
)
async def test_what_did_not_succeed_leaves_nothing(
    small_app: FastAPI,
    house: Resources,
    office: Office,
    superuser: asyncpg.Connection,
    path: str,
    answer: tuple[int, str],
) -> None:
    async def look(message: Message) -> None:
        assert await superuser.fetchval("SELECT count(*) FROM app.team") == 0

    app = Access(small_app, RequestCounters())
    sent = await call(app, f"/api/v1/test/{path}", await make_token(house, office), look)
    assert (sent[0]["status"], json.loads(sent[1]["body"])["code"]) == answer
    assert await superuser.fetchval("SELECT count(*) FROM app.team") == 0


async def test_a_cookie_gives_the_members_scope(house: Resources, office: Office) -> None:
    token = await session_of(house, office.manager)
    scope = await scope_of_cookie(house, f"other=1; {SESSION}={token}")
    assert scope == office.manager.scope
    assert scope.permissions == PERMISSIONS_OF["manager"]
    for cookies in ("", f"{SESSION}=", f"{SESSION}=x{token}", token):
        assert await scope_of_cookie(house, cookies) is None


async def test_a_token_gives_a_scope_without_a_person(house: Resources, office: Office) -> None:
    scope = await scope_of_token(house, await make_token(house, office, "agent"))
    assert scope is not None
    assert (scope.workspace_id, scope.actor.type, scope.user_id, scope.member_id) == (
        office.workspace_id,
        "token",
        None,
        None,
    )
    assert scope.permissions == PERMISSIONS_OF["agent"]


async def test_concurrent_requests_never_see_each_others_workspace(
    house: Resources, office: Office, other_office: Office
) -> None:
    cookies = {
        o.workspace_id: f"{SESSION}={await session_of(house, o.agent)}" for o in (office, other_office)
    }

    async def ask(workspace_id: Any) -> bool:
        scope = await scope_of_cookie(house, cookies[workspace_id])
        return scope is not None and scope.workspace_id == workspace_id

    assert all(await asyncio.gather(*(ask(w) for _ in range(40) for w in cookies)))


def test_a_permission_that_is_not_in_the_table_cannot_be_declared() -> None:
    with pytest.raises(LookupError):
        allowed("everything.please")
