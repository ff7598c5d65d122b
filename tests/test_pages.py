"""The demo's two extra pages: signing in with one click, and the way to the phones. Elsewhere they do not exist."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx
import pytest
from tests.builders import make_user
from tests.conftest import with_settings

from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.core.web.app import create_api, front
from parley.core.web.cookies import SESSION
from parley.core.web.policy import edge_policy
from parley.modules.workspaces import api
from parley.modules.workspaces.actions import add_member, create_workspace
from parley.modules.workspaces.types import Role
from parley.pages import DEMO_SLUG, demo_pages, sign_in_ticket


@asynccontextmanager
async def browser(house: Resources) -> AsyncIterator[httpx.AsyncClient]:
    """Give a browser of the whole application, with its walls, as these settings make it."""
    policy = edge_policy(house.settings)
    app = front(create_api(house, [api.router], pages=demo_pages(house, policy)), house)
    base = house.settings.public_url or f"http://localhost:{house.settings.port}"
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=base) as client:
        yield client


@pytest.fixture
async def demo(house: Resources, tmp_path: Path) -> Resources:
    """Give the demo with one person of three roles, as its seeding leaves it."""
    await _make(house)
    return with_settings(house, mode="demo", data=tmp_path)


async def _make(house: Resources) -> None:
    workspace_id = new_id()
    users = {
        role: await make_user(house, name=role.title()) for role in (Role.OWNER, Role.MANAGER, Role.AGENT)
    }
    async with house.database.workspace_tx(workspace_id) as tx:
        await create_workspace(tx, name="Shop", slug=DEMO_SLUG)
        for role, (user_id, _, name) in users.items():
            await add_member(tx, user_id=user_id, display_name=name, role=role)


@pytest.mark.parametrize(
    ("query", "role"), [("", "owner"), ("?as=manager", "manager"), ("?as=agent", "agent")]
)
async def test_the_link_signs_in(demo: Resources, query: str, role: str) -> None:
    async with browser(demo) as client:
        answer = await client.get(f"/demo/sign-in/{sign_in_ticket(demo.root_key)}{query}")
        assert (answer.status_code, answer.headers["location"]) == (303, "/inbox")
        assert answer.headers["cache-control"] == "no-store"
        cookie = answer.headers["set-cookie"]
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        signed = {"Cookie": cookie.partition(";")[0]}
        assert (await client.get("/api/v1/me", headers=signed)).json()["member"]["role"] == role
        again = await client.get(f"/demo/sign-in/{sign_in_ticket(demo.root_key)}", headers=signed)
        assert again.status_code == 303
        assert (await client.get("/api/v1/me", headers=signed)).status_code == 401


@pytest.mark.parametrize("ticket", ["", "wrong", "A" * 43, "é", "%00"])
async def test_a_wrong_ticket_does_not_exist(
    demo: Resources, superuser: asyncpg.Connection, ticket: str
) -> None:
    async with browser(demo) as client:
        answer = await client.get(f"/demo/sign-in/{ticket}")
    assert answer.status_code == 404
    assert SESSION not in answer.headers.get("set-cookie", "")
    assert await superuser.fetchval("SELECT count(*) FROM accounts.session") == 0


async def test_looking_at_the_link_does_not_sign_in(demo: Resources, superuser: asyncpg.Connection) -> None:
    link = f"/demo/sign-in/{sign_in_ticket(demo.root_key)}"
    async with browser(demo) as client:
        assert (await client.head(link)).status_code == 405
        assert (await client.get(f"{link}?as=admin")).status_code == 404
        assert (await client.get(f"{link}x")).status_code == 404
    assert await superuser.fetchval("SELECT count(*) FROM accounts.session") == 0


async def test_the_way_to_the_phones(demo: Resources) -> None:
    phones = f"http://localhost:{demo.settings.port + 1}/sim/"
    async with browser(demo) as client:
        for path, target in (
            ("/sim", phones),
            ("/sim/", phones),
            ("/sim/?who=mia", f"{phones}?who=mia"),
            ("/sim/js/main.js", f"{phones}js/main.js"),
        ):
            answer = await client.get(path)
            assert (answer.status_code, answer.headers["location"]) == (307, target)
        assert (await client.get("/similar")).headers.get("location") is None
        away = await client.get("/sim//elsewhere.example/")
        assert away.headers["location"].startswith(phones)


async def test_outside_the_demo_there_is_no_such_page(demo: Resources, superuser: asyncpg.Connection) -> None:
    other = with_settings(demo, mode="production", public_url="https://talk.example.org")
    async with browser(other) as client:
        answer = await client.get(f"/demo/sign-in/{sign_in_ticket(other.root_key)}")
        assert answer.headers["content-type"].startswith("text/html")
        assert SESSION not in answer.headers.get("set-cookie", "")
        assert (await client.get("/sim/")).headers.get("location") is None
    assert await superuser.fetchval("SELECT count(*) FROM accounts.session") == 0


async def test_before_the_demo_is_made_the_link_does_not_exist(house: Resources) -> None:
    empty = with_settings(house, mode="demo")
    async with browser(empty) as client:
        assert (await client.get(f"/demo/sign-in/{sign_in_ticket(empty.root_key)}")).status_code == 404
