"""Signing up, in and over: what is made, what is refused, what is never stored."""

import asyncpg
import httpx
import pytest
from fastapi import FastAPI
from tests.builders import PASSWORD, Client, Office, join, make_office, make_user
from tests.conftest import SignIn, with_settings

from parley.core.resources import Resources
from parley.core.web.app import create_api
from parley.routes import ROUTERS

FORM = {
    "name": "Ana Öz",
    "email": "Ana@Example.org",
    "password": "my grandmother's hat",
    "workspace_name": "Café Ölüfsen & Söhne",
}


async def test_signing_up_makes_a_person_a_workspace_and_its_owner(client: Client) -> None:
    response = await client.post("/auth/sign-up", FORM)
    assert response.status_code == 201, response.text
    me = response.json()
    assert me["user"] | {"id": 0} == {
        "id": 0,
        "name": "Ana Öz",
        "email": "ana@example.org",
        "locale": "en",
        "time_zone": "UTC",
    }
    assert me["member"] | {"id": 0} == {"id": 0, "display_name": "Ana Öz", "role": "owner"}
    assert me["workspace"] | {"id": 0} == {
        "id": 0,
        "slug": "cafe-olufsen-sohne",
        "name": "Café Ölüfsen & Söhne",
        "region": "local",
    }
    assert me["workspaces"] == [{k: me["workspace"][k] for k in ("id", "slug", "name")}]
    assert "members.manage" in me["permissions"]
    assert (await client.get("/me")).json() == me


async def test_the_password_is_stored_nowhere(client: Client, superuser: asyncpg.Connection) -> None:
    assert (await client.post("/auth/sign-up", FORM)).status_code == 201
    tables = await superuser.fetch(
        "SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables"
        " WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    )
    everything = ""
    for table in tables:
        rows = await superuser.fetch(f"SELECT t::text AS row FROM {table['name']} t")
        everything += "\n".join(row["row"] for row in rows)
    assert "ana@example.org" in everything
    assert "grandmother" not in everything
    assert str(client.session) not in everything


async def test_two_workspaces_of_one_name_get_two_slugs(client: Client) -> None:
    first = await client.post("/auth/sign-up", FORM)
    second = await client.post("/auth/sign-up", {**FORM, "email": "ben@example.org"})
    slugs = [answer.json()["workspace"]["slug"] for answer in (first, second)]
    assert slugs == ["cafe-olufsen-sohne", "cafe-olufsen-sohne-2"]


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"password": "1234567"}, 422, "password_too_short"),
        ({"password": "x" * 300}, 422, "password_too_long"),
        ({"email": "not an address"}, 422, "invalid"),
        ({"name": "  "}, 422, "invalid"),
        ({"role": "owner"}, 422, "invalid"),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_left_behind(
    client: Client, superuser: asyncpg.Connection, change: dict[str, str], status: int, code: str
) -> None:
    response = await client.post("/auth/sign-up", {**FORM, **change})
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert await superuser.fetchval('SELECT count(*) FROM accounts."user"') == 0
    assert await superuser.fetchval("SELECT count(*) FROM app.workspace") == 0


async def test_an_address_has_one_account(client: Client, office: Office) -> None:
    response = await client.post("/auth/sign-up", {**FORM, "email": office.agent.email.upper()})
    assert (response.status_code, response.json()["code"]) == (409, "email_taken")


async def test_in_production_nobody_signs_up_by_themselves(house: Resources, app: FastAPI) -> None:
    closed = create_api(with_settings(house, mode="production", public_url="https://x.example"), ROUTERS)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(closed), base_url="http://x") as client:
        assert (await client.get("/api/v1/config")).json()["sign_up_open"] is False
        response = await client.post("/api/v1/auth/sign-up", json=FORM)
    assert (response.status_code, response.json()["code"]) == (403, "sign_up_closed")


async def test_config_is_public(client: Client) -> None:
    config = (await client.get("/config")).json()
    assert config["sign_up_open"] is True
    assert config["is_demo"] is False
    assert config["version"]


async def test_signing_in_needs_the_right_password(client: Client, office: Office) -> None:
    form = {"email": office.agent.email.upper(), "password": PASSWORD}
    assert (await client.post("/auth/sign-in", {**form, "password": "no"})).json()["code"] == "sign_in_failed"
    assert client.session is None
    response = await client.post("/auth/sign-in", form)
    assert response.status_code == 200
    assert response.json()["user"]["email"] == office.agent.email


async def test_a_deactivated_account_cannot_sign_in(
    client: Client, office: Office, superuser: asyncpg.Connection
) -> None:
    await superuser.execute(
        'UPDATE accounts."user" SET is_active = false WHERE id = $1', office.agent.user_id
    )
    response = await client.post("/auth/sign-in", {"email": office.agent.email, "password": PASSWORD})
    assert response.json()["code"] == "sign_in_failed"


async def test_who_is_a_member_of_nothing_is_told_so(client: Client, house: Resources) -> None:
    _, email, _ = await make_user(house)
    response = await client.post("/auth/sign-in", {"email": email, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (403, "no_workspace")


async def test_switching_moves_the_session_to_ones_own_workspaces_only(
    house: Resources, office: Office, other_office: Office, sign_in: SignIn
) -> None:
    third = await make_office(house)
    await join(house, other_office.workspace_id, office.agent, "admin")
    browser = await sign_in(office.agent)
    me = (await browser.get("/me")).json()
    assert {w["id"] for w in me["workspaces"]} == {str(office.workspace_id), str(other_office.workspace_id)}

    moved = await browser.post("/auth/workspace", {"workspace_id": other_office.workspace_id})
    assert moved.status_code == 200
    assert moved.json()["workspace"]["id"] == str(other_office.workspace_id)
    assert moved.json()["member"]["role"] == "admin"
    members = (await browser.get("/members")).json()["items"]
    assert str(other_office.owner.member_id) in {member["id"] for member in members}

    refused = await browser.post("/auth/workspace", {"workspace_id": third.workspace_id})
    assert (refused.status_code, refused.json()["code"]) == (404, "not_found")
    assert (await browser.get("/me")).json()["workspace"]["id"] == str(other_office.workspace_id)


async def test_the_profile_changes_what_is_given(office: Office, sign_in: SignIn) -> None:
    browser = await sign_in(office.agent)
    changed = await browser.patch(
        "/me", {"display_name": "Benny", "time_zone": "Europe/Berlin", "locale": "de"}
    )
    me = changed.json()
    assert (me["member"]["display_name"], me["user"]["name"]) == ("Benny", office.agent.name)
    assert (me["user"]["time_zone"], me["user"]["locale"]) == ("Europe/Berlin", "de")
    assert (await browser.patch("/me", {"time_zone": "Mars/Base"})).json()["fields"].keys() == {"time_zone"}
    assert (await browser.patch("/me", {"role": "owner"})).status_code == 422


async def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(
    client: Client, office: Office, sign_in: SignIn
) -> None:
    here, elsewhere = await sign_in(office.agent), await sign_in(office.agent)
    colleague = await sign_in(office.admin)
    form = {"current_password": PASSWORD, "new_password": "an entirely new one"}
    wrong = await here.post("/me/password", {**form, "current_password": "no"})
    assert (wrong.status_code, wrong.json()["code"]) == (422, "password_wrong")
    short = await here.post("/me/password", {**form, "new_password": "short"})
    assert short.json()["code"] == "password_too_short"
    assert (await here.post("/me/password", form)).status_code == 204
    assert (await here.get("/me")).status_code == 200
    assert (await colleague.get("/me")).status_code == 200
    assert (await elsewhere.get("/me")).status_code == 401
    old = await client.post("/auth/sign-in", {"email": office.agent.email, "password": PASSWORD})
    assert old.status_code == 401
    new = await client.post("/auth/sign-in", {"email": office.agent.email, "password": form["new_password"]})
    assert new.status_code == 200
