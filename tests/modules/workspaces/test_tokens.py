"""API tokens: shown once, stored as a hash, good for a role in one workspace until they end."""

import datetime as dt
import hashlib
from collections.abc import Callable

import asyncpg
import pytest
from tests.builders import Client, Office
from tests.conftest import MakeProgram, SignIn

from parley.core import clock
from parley.modules.workspaces.links import read_api_token, write_api_token
from parley.modules.workspaces.permissions import PERMISSIONS_OF


@pytest.fixture
async def owner(office: Office, sign_in: SignIn) -> Client:
    return await sign_in(office.owner)


async def make(browser: Client, **form: object) -> dict[str, str]:
    response = await browser.post("/api-tokens", {"name": "Shop", **form})
    assert response.status_code == 201, response.text
    made: dict[str, str] = response.json()
    return made


async def test_a_token_is_shown_once_and_only_its_hash_is_stored(
    owner: Client, office: Office, superuser: asyncpg.Connection
) -> None:
    made = await make(owner)
    found = read_api_token(made["secret"])
    assert found is not None
    assert found[0] == office.workspace_id
    row = await superuser.fetchrow("SELECT * FROM app.api_token")
    assert row is not None
    assert row["hash"] == hashlib.sha256(found[1]).digest()
    assert made["secret"].startswith(row["prefix"])
    assert len(row["prefix"]) < 40
    assert made["secret"] not in str(dict(row))
    (listed,) = (await owner.get("/api-tokens")).json()["items"]
    assert listed == {name: value for name, value in made.items() if name != "secret"}
    assert listed["scopes"] == sorted(PERMISSIONS_OF["agent"])


async def test_a_token_acts_with_its_role_in_its_workspace(
    owner: Client, office: Office, other_office: Office, clients: Callable[..., Client]
) -> None:
    program = clients(token=(await make(owner, role="manager"))["secret"])
    members = (await program.get("/members")).json()["items"]
    assert {member["id"] for member in members} == {
        str(office.person(role).member_id) for role in ("owner", "admin", "manager", "agent")
    }
    assert (await program.post("/teams", {"name": "Sales"})).status_code == 201
    assert (await program.patch(f"/members/{office.agent.member_id}", {"role": "agent"})).status_code == 403
    assert (await program.get("/me")).status_code == 401


async def test_a_token_that_ended_opens_nothing(
    owner: Client, clients: Callable[..., Client], other_office: Office, sign_in: SignIn
) -> None:
    made = await make(owner, expires_in_days=1)
    program = clients(token=made["secret"])
    assert (await program.get("/teams")).status_code == 200
    with clock.frozen(clock.now() + dt.timedelta(days=1, seconds=1)):
        assert (await program.get("/teams")).status_code == 401
    stranger = await sign_in(other_office.owner)
    assert (await stranger.delete(f"/api-tokens/{made['id']}")).status_code == 404
    assert (await owner.delete(f"/api-tokens/{made['id']}")).status_code == 204
    assert (await owner.delete(f"/api-tokens/{made['id']}")).status_code == 404
    assert (await program.get("/teams")).status_code == 401
    assert (await owner.get("/api-tokens")).json()["items"] == []


async def test_a_token_moved_to_another_workspace_opens_nothing(
    owner: Client, other_office: Office, clients: Callable[..., Client]
) -> None:
    found = read_api_token((await make(owner))["secret"])
    assert found is not None
    for token in (
        write_api_token(other_office.workspace_id, found[1]),
        "parley_x",
        "x",
    ):
        assert (await clients(token=token).get("/teams")).status_code == 401


async def test_uses_are_noted_once_a_minute_at_most(owner: Client, clients: Callable[..., Client]) -> None:
    async def used() -> str | None:
        (item,) = (await owner.get("/api-tokens")).json()["items"]
        return item["last_used_at"]  # type: ignore[no-any-return]

    program = clients(token=(await make(owner))["secret"])
    with clock.frozen(clock.now()) as advance:
        assert await used() is None
        await program.get("/teams")
        first = await used()
        assert first is not None
        advance(dt.timedelta(seconds=50))
        await program.get("/teams")
        assert await used() == first
        advance(dt.timedelta(seconds=20))
        await program.get("/teams")
        assert await used() != first


async def test_nobody_makes_a_token_above_their_own_role(
    office: Office, sign_in: SignIn, program: MakeProgram
) -> None:
    admin = await sign_in(office.admin)
    response = await admin.post("/api-tokens", {"name": "x", "role": "owner"})
    assert (response.status_code, response.json()["code"]) == (403, "role_too_high")
    machine = await program("admin")
    assert (await machine.post("/api-tokens", {"name": "x", "role": "owner"})).status_code == 403
    assert (await machine.post("/api-tokens", {"name": "x", "role": "admin"})).status_code == 201
    manager = await sign_in(office.manager)
    assert (await manager.post("/api-tokens", {"name": "x"})).status_code == 403


async def test_a_token_lives_a_year_unless_it_says_otherwise(owner: Client) -> None:
    made = await make(owner)
    lifetime = dt.datetime.fromisoformat(made["expires_at"]) - dt.datetime.fromisoformat(made["created_at"])
    assert lifetime == dt.timedelta(days=365)
    assert (await make(owner, expires_in_days=None))["expires_at"] is None
    refused = await owner.post("/api-tokens", {"name": "x", "expires_in_days": 0})
    assert refused.status_code == 422


async def test_what_leavers_handed_out_leaves_with_them(
    office: Office, sign_in: SignIn, owner: Client, clients: Callable[..., Client]
) -> None:
    admin = await sign_in(office.admin)
    first = clients(token=(await make(admin, role="admin"))["secret"])
    second = clients(token=(await make(first, role="agent"))["secret"])
    kept = clients(token=(await make(owner))["secret"])
    offer = await admin.post("/members/invitations", {"email": "friend@example.org", "role": "admin"})
    link = offer.json()["url"].rpartition("/")[2]
    assert (await second.get("/teams")).status_code == 200
    await owner.patch(f"/members/{office.admin.member_id}", {"is_active": False})
    assert [(await program.get("/teams")).status_code for program in (first, second, kept)] == [401, 401, 200]
    assert (await owner.get(f"/invitations/{link}")).status_code == 410
    verbs = [entry["verb"] for entry in (await owner.get("/audit")).json()["items"]]
    assert verbs.count("token.revoked") == 2
    assert verbs.count("invitation.withdrawn") == 1


async def test_a_lesser_role_ends_only_what_goes_beyond_it(
    office: Office, sign_in: SignIn, owner: Client, clients: Callable[..., Client]
) -> None:
    admin = await sign_in(office.admin)
    high = clients(token=(await make(admin, role="admin"))["secret"])
    low = clients(token=(await make(admin, role="agent"))["secret"])
    await owner.patch(f"/members/{office.admin.member_id}", {"role": "manager"})
    assert [(await program.get("/teams")).status_code for program in (high, low)] == [401, 200]
