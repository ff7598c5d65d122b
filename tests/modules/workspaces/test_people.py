"""Members, roles and teams: who may change whom, and what can never happen."""

import asyncio
import uuid

import asyncpg
import pytest
from tests.builders import Client, Office, Person, make_person
from tests.conftest import SignIn

from parley.core.errors import ForbiddenError
from parley.core.resources import Resources
from parley.modules.workspaces.actions import change_member
from parley.modules.workspaces.errors import LastOwnerError
from parley.modules.workspaces.types import Role


async def change(browser: Client, member_id: uuid.UUID, **form: object) -> tuple[int, str]:
    response = await browser.patch(f"/members/{member_id}", form)
    return response.status_code, response.json().get("code", response.json().get("role", ""))


async def test_everybody_sees_who_works_here_and_nobody_else(
    office: Office, other_office: Office, sign_in: SignIn
) -> None:
    browser = await sign_in(office.agent)
    members = (await browser.get("/members")).json()["items"]
    assert {member["email"] for member in members} == {office.person(role).email for role in Role}
    assert set(members[0]) == {
        "id",
        "user_id",
        "name",
        "display_name",
        "email",
        "role",
        "is_active",
        "last_seen_at",
        "created_at",
    }


async def test_roles_are_told_from_the_table(office: Office, sign_in: SignIn) -> None:
    items = (await (await sign_in(office.agent)).get("/roles")).json()["items"]
    assert [item["role"] for item in items] == ["owner", "admin", "manager", "agent"]
    permissions = [set(item["permissions"]) for item in items]
    assert permissions[0] >= permissions[1] >= permissions[2] >= permissions[3]


@pytest.mark.parametrize(
    ("actor", "target", "role", "outcome"),
    [
        ("owner", "agent", "owner", (200, "owner")),
        ("owner", "admin", "agent", (200, "agent")),
        ("admin", "agent", "admin", (200, "admin")),
        ("admin", "manager", "agent", (200, "agent")),
        ("admin", "admin", "agent", (200, "agent")),
        ("admin", "agent", "owner", (403, "role_too_high")),
        ("admin", "admin", "owner", (403, "role_too_high")),
        ("admin", "owner", "agent", (403, "role_too_high")),
        ("manager", "agent", "manager", (403, "forbidden")),
        ("manager", "manager", "admin", (403, "forbidden")),
        ("agent", "agent", "owner", (403, "forbidden")),
        ("owner", "owner", "admin", (409, "last_owner")),
    ],
)
async def test_nobody_grants_or_changes_above_their_own_role(
    office: Office, sign_in: SignIn, actor: str, target: str, role: str, outcome: tuple[int, str]
) -> None:
    browser = await sign_in(office.person(actor))
    assert await change(browser, office.person(target).member_id, role=role) == outcome


async def test_the_last_owner_stays(house: Resources, office: Office, sign_in: SignIn) -> None:
    browser = await sign_in(office.owner)
    assert await change(browser, office.owner.member_id, role="agent") == (409, "last_owner")
    second = await make_person(house, office.workspace_id, "owner")
    assert await change(browser, second.member_id, is_active=False) == (200, "owner")
    assert await change(browser, office.owner.member_id, role="agent") == (409, "last_owner")
    assert await change(browser, second.member_id, is_active=True) == (200, "owner")
    assert await change(browser, office.owner.member_id, role="agent") == (200, "agent")


async def test_two_owners_who_demote_each_other_leave_one(house: Resources, office: Office) -> None:
    second = await make_person(house, office.workspace_id, "owner")
    both = asyncio.Barrier(2)

    async def demote(actor: Person, target: uuid.UUID) -> bool:
        try:
            async with house.database.workspace_tx(office.workspace_id) as tx:
                await tx.value("SELECT 1")
                await both.wait()
                await change_member(tx, actor.scope, target, role=Role.AGENT)
        except LastOwnerError:
            return False
        return True

    done = await asyncio.gather(
        demote(office.owner, second.member_id), demote(second, office.owner.member_id)
    )
    assert sorted(done) == [False, True]


async def test_nobody_deactivates_themselves(office: Office, sign_in: SignIn) -> None:
    browser = await sign_in(office.admin)
    assert await change(browser, office.admin.member_id, is_active=False) == (409, "own_membership")


async def test_deactivating_ends_the_sessions_in_this_workspace_at_once(
    office: Office, sign_in: SignIn, superuser: asyncpg.Connection
) -> None:
    agent, admin = await sign_in(office.agent), await sign_in(office.admin)
    assert await change(admin, office.agent.member_id, is_active=False) == (200, "agent")
    assert (await agent.get("/me")).status_code == 401
    sessions = "SELECT count(*) FROM accounts.session WHERE user_id = $1"
    assert await superuser.fetchval(sessions, office.agent.user_id) == 0
    assert await superuser.fetchval(sessions, office.admin.user_id) == 1


async def test_a_session_of_a_deactivated_member_opens_nothing_even_if_it_is_still_there(
    office: Office, sign_in: SignIn, superuser: asyncpg.Connection
) -> None:
    browser = await sign_in(office.agent)
    await superuser.execute("UPDATE app.member SET is_active = false WHERE id = $1", office.agent.member_id)
    assert (await browser.get("/members")).status_code == 401


async def test_members_of_other_workspaces_do_not_exist(
    office: Office, other_office: Office, sign_in: SignIn
) -> None:
    browser = await sign_in(office.owner)
    assert await change(browser, other_office.agent.member_id, role="owner") == (404, "not_found")
    assert await change(browser, uuid.uuid4(), role="owner") == (404, "not_found")


async def test_the_action_itself_asks_for_the_permission(house: Resources, office: Office) -> None:
    async with house.database.workspace_tx(office.workspace_id) as tx:
        with pytest.raises(ForbiddenError):
            await change_member(tx, office.agent.scope, office.agent.member_id, role=Role.OWNER)


async def test_changes_are_told_and_audited_with_ids_alone(
    office: Office, sign_in: SignIn, superuser: asyncpg.Connection
) -> None:
    await superuser.execute("TRUNCATE app.outbox, app.audit_entry")
    browser = await sign_in(office.owner)
    await change(browser, office.agent.member_id, role="manager")
    await change(browser, office.agent.member_id, role="manager")  # changes nothing, tells nothing
    facts = await superuser.fetch("SELECT type, ids FROM app.outbox")
    assert [(fact["type"], fact["ids"]) for fact in facts] == [
        ("member.changed", f'{{"member": "{office.agent.member_id}"}}')
    ]
    (entry,) = await superuser.fetch("SELECT * FROM app.audit_entry")
    assert (entry["verb"], entry["object_id"]) == ("member.changed", office.agent.member_id)
    assert (entry["actor_type"], entry["actor_id"]) == ("member", office.owner.member_id)


async def test_teams_are_made_filled_and_dissolved(office: Office, sign_in: SignIn) -> None:
    browser = await sign_in(office.manager)
    made = (await browser.post("/teams", {"name": " Sales "})).json()
    assert made == {"id": made["id"], "name": "Sales", "member_ids": []}
    again = await browser.post("/teams", {"name": "Sales"})
    assert (again.status_code, again.json()["code"]) == (409, "team_name_taken")
    ids = sorted([str(office.agent.member_id), str(office.admin.member_id)])
    filled = await browser.put(f"/teams/{made['id']}/members", {"member_ids": [*ids, ids[0]]})
    assert sorted(filled.json()["member_ids"]) == ids
    fewer = await browser.put(f"/teams/{made['id']}/members", {"member_ids": ids[:1]})
    assert fewer.json()["member_ids"] == ids[:1]
    assert (await browser.get("/teams")).json()["items"] == [fewer.json()]
    assert (await browser.delete(f"/teams/{made['id']}")).status_code == 204
    assert (await browser.delete(f"/teams/{made['id']}")).status_code == 404


async def test_teams_and_their_members_stay_inside_the_workspace(
    office: Office, other_office: Office, sign_in: SignIn
) -> None:
    browser, stranger = await sign_in(office.owner), await sign_in(other_office.owner)
    team = (await browser.post("/teams", {"name": "Sales"})).json()
    mixed = await browser.put(f"/teams/{team['id']}/members", {"member_ids": [other_office.agent.member_id]})
    assert (mixed.status_code, set(mixed.json()["fields"])) == (422, {"member_ids"})
    assert (await stranger.put(f"/teams/{team['id']}/members", {"member_ids": []})).status_code == 404
    assert (await stranger.delete(f"/teams/{team['id']}")).status_code == 404
    assert (await stranger.get("/teams")).json()["items"] == []
