"""Invitations: a link that works once, for the address and role it was made for."""

import asyncio
import datetime as dt
import hashlib
import uuid

import asyncpg
import pytest
from tests.builders import PASSWORD, Client, Office, make_user
from tests.conftest import SignIn

from parley.core import clock
from parley.core.resources import Resources
from parley.modules.workspaces.actions_invitations import accept, offer
from parley.modules.workspaces.errors import InvitationExpiredError
from parley.modules.workspaces.links import new_secret, read_link, write_link
from parley.modules.workspaces.queries import get_offer
from parley.modules.workspaces.types import Role

NEW = "new@example.org"


async def invite(browser: Client, email: str = NEW, role: str = "agent") -> tuple[dict[str, str], str]:
    response = await browser.post("/members/invitations", {"email": email, "role": role})
    assert response.status_code == 201, response.text
    made = response.json()
    return made, made["url"].rpartition("/")[2]


@pytest.fixture
async def owner(office: Office, sign_in: SignIn) -> Client:
    return await sign_in(office.owner)


async def test_a_link_leads_in_and_only_its_hash_is_stored(
    owner: Client, client: Client, office: Office, superuser: asyncpg.Connection
) -> None:
    made, link = await invite(owner, role="manager")
    assert made["url"] == f"{owner.base_url}/invitation/{link}"
    found = read_link(link)
    assert found is not None
    assert found[0] == office.workspace_id
    row = await superuser.fetchrow("SELECT * FROM app.invitation")
    assert row is not None
    assert row["hash"] == hashlib.sha256(found[1]).digest()
    assert found[1] not in bytes(str(dict(row)), "latin-1", "replace")

    shown = (await client.get(f"/invitations/{link}")).json()
    assert shown == {
        "workspace_name": office.name,
        "email": NEW,
        "role": "manager",
        "inviter_name": office.owner.name,
        "has_account": False,
        "expires_at": made["expires_at"],
    }
    me = await client.post(f"/invitations/{link}/accept", {"name": "Nina", "password": "some new password"})
    assert me.status_code == 200, me.text
    assert me.json()["member"]["role"] == "manager"
    assert me.json()["user"]["email"] == NEW
    assert me.json()["workspace"]["id"] == str(office.workspace_id)
    assert (await client.get("/members")).status_code == 200


async def test_an_invitation_without_an_address_is_for_whoever_holds_it(
    client: Client, office: Office, house: Resources
) -> None:
    secret = new_secret()
    async with house.database.workspace_tx(office.workspace_id) as tx:
        await offer(tx, email="", role=Role.OWNER, invited_by=None, secret=secret)
    link = write_link(office.workspace_id, secret)
    shown = (await client.get(f"/invitations/{link}")).json()
    assert (shown["email"], shown["has_account"], shown["inviter_name"]) == (None, False, None)
    form = {"name": "Nina", "password": "some new password"}
    missing = await client.post(f"/invitations/{link}/accept", form)
    assert set(missing.json()["fields"]) == {"email"}
    known = await client.post(f"/invitations/{link}/accept", {**form, "email": office.agent.email})
    assert known.json()["code"] == "sign_in_failed"
    me = await client.post(f"/invitations/{link}/accept", {**form, "email": NEW})
    assert (me.json()["user"]["email"], me.json()["member"]["role"]) == (NEW, "owner")


async def test_an_address_in_the_invitation_cannot_be_replaced(owner: Client, client: Client) -> None:
    _, link = await invite(owner)
    form = {"name": "Nina", "password": "some new password", "email": "thief@example.org"}
    me = await client.post(f"/invitations/{link}/accept", form)
    assert me.json()["user"]["email"] == NEW


async def test_a_link_works_once(owner: Client, client: Client) -> None:
    _, link = await invite(owner)
    form = {"name": "Nina", "password": "some new password"}
    assert (await client.post(f"/invitations/{link}/accept", form)).status_code == 200
    for response in (
        await client.post(f"/invitations/{link}/accept", form),
        await client.get(f"/invitations/{link}"),
    ):
        assert (response.status_code, response.json()["code"]) == (410, "invitation_expired")


async def test_two_people_with_one_link_do_not_both_get_in(house: Resources, office: Office) -> None:
    secret = new_secret()
    async with house.database.workspace_tx(office.workspace_id) as tx:
        await offer(tx, email="", role=Role.OWNER, invited_by=None, secret=secret)
        taken = await get_offer(tx, secret)
    people = [await make_user(house) for _ in range(2)]

    async def take(user_id: uuid.UUID, name: str) -> bool:
        try:
            async with house.database.workspace_tx(office.workspace_id) as tx:
                await accept(tx, taken, user_id=user_id, display_name=name)
        except InvitationExpiredError:
            return False
        return True

    assert sorted(await asyncio.gather(*(take(person[0], person[2]) for person in people))) == [False, True]


async def test_who_has_an_account_needs_its_password(owner: Client, client: Client, house: Resources) -> None:
    user_id, email, name = await make_user(house)
    _, link = await invite(owner, email=email.upper())
    assert (await client.get(f"/invitations/{link}")).json()["has_account"] is True
    wrong = await client.post(f"/invitations/{link}/accept", {"name": "Thief", "password": "a new password"})
    assert (wrong.status_code, wrong.json()["code"]) == (401, "sign_in_failed")
    assert client.session is None
    me = await client.post(f"/invitations/{link}/accept", {"password": PASSWORD})
    assert me.status_code == 200
    assert me.json()["user"]["id"] == str(user_id)
    assert me.json()["member"]["display_name"] == name


async def test_a_new_account_needs_a_name_and_a_good_password(
    owner: Client, client: Client, superuser: asyncpg.Connection
) -> None:
    _, link = await invite(owner)
    nameless = await client.post(f"/invitations/{link}/accept", {"password": "a new password"})
    assert set(nameless.json()["fields"]) == {"name"}
    short = await client.post(f"/invitations/{link}/accept", {"name": "Nina", "password": "short"})
    assert short.json()["code"] == "password_too_short"
    assert await superuser.fetchval('SELECT count(*) FROM accounts."user" WHERE email = $1', NEW) == 0
    assert (await client.get(f"/invitations/{link}")).status_code == 200


async def test_withdrawn_replaced_and_old_links_are_no_longer_good(owner: Client, client: Client) -> None:
    withdrawn, first = await invite(owner)
    assert (await owner.delete(f"/members/invitations/{withdrawn['id']}")).status_code == 204
    assert (await owner.delete(f"/members/invitations/{withdrawn['id']}")).status_code == 404
    _, second = await invite(owner)
    newest, third = await invite(owner)
    for link, status in ((first, 410), (second, 410), (third, 200)):
        assert (await client.get(f"/invitations/{link}")).status_code == status
    assert [item["id"] for item in (await owner.get("/members/invitations")).json()["items"]] == [
        newest["id"]
    ]
    with clock.frozen(clock.now() + dt.timedelta(days=7, seconds=1)):
        assert (await client.get(f"/invitations/{third}")).status_code == 410


async def test_the_list_shows_no_links(owner: Client) -> None:
    await invite(owner)
    (item,) = (await owner.get("/members/invitations")).json()["items"]
    assert item["url"] is None


async def test_a_forged_link_is_not_found(owner: Client, client: Client, other_office: Office) -> None:
    _, link = await invite(owner)
    found = read_link(link)
    assert found is not None
    for bad in (
        write_link(other_office.workspace_id, found[1]),
        write_link(uuid.uuid4(), found[1]),
        write_link(found[0], bytes(32)),
        "x" * 64,
        "x",
    ):
        assert (await client.get(f"/invitations/{bad}")).status_code == 404


@pytest.mark.parametrize(
    ("actor", "role", "status"), [("admin", "owner", 403), ("admin", "admin", 201), ("owner", "owner", 201)]
)
async def test_nobody_invites_above_their_own_role(
    office: Office, sign_in: SignIn, actor: str, role: str, status: int
) -> None:
    browser = await sign_in(office.person(actor))
    response = await browser.post("/members/invitations", {"email": NEW, "role": role})
    assert response.status_code == status


async def test_members_are_not_invited_and_former_ones_come_back(
    owner: Client, client: Client, office: Office, sign_in: SignIn
) -> None:
    taken = await owner.post("/members/invitations", {"email": office.agent.email, "role": "agent"})
    assert (taken.status_code, taken.json()["code"]) == (409, "already_member")
    await owner.patch(f"/members/{office.agent.member_id}", {"is_active": False})
    _, link = await invite(owner, email=office.agent.email, role="manager")
    me = await client.post(f"/invitations/{link}/accept", {"password": PASSWORD})
    assert me.json()["member"] == {
        "id": str(office.agent.member_id),
        "display_name": office.agent.name,
        "role": "manager",
    }


async def test_invitations_of_other_workspaces_do_not_exist(
    owner: Client, other_office: Office, sign_in: SignIn
) -> None:
    made, _ = await invite(owner)
    stranger = await sign_in(other_office.owner)
    assert (await stranger.delete(f"/members/invitations/{made['id']}")).status_code == 404
    assert (await stranger.get("/members/invitations")).json()["items"] == []
