"""The trail of deeds: written with them, read newest first, never changed."""

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from tests.builders import PASSWORD, Client, Office
from tests.conftest import SignIn

from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.modules.audit.actions import record, record_installation


async def test_deeds_come_newest_first_in_pages(office: Office, house: Resources, sign_in: SignIn) -> None:
    thing = new_id()
    async with house.database.workspace_tx(office.workspace_id) as tx:
        for number in range(5):
            await record(tx, office.agent.scope, "thing.done", "thing", thing, number=number, role="x")
    browser = await sign_in(office.admin)
    numbers, cursor = [], ""
    while True:
        page = (await browser.get(f"/audit?limit=2&object_id={thing}{cursor}")).json()
        numbers += [item["data"]["number"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert numbers == [4, 3, 2, 1, 0]
    assert page["items"][0] | {"id": 0, "at": 0} == {
        "id": 0,
        "actor_type": "member",
        "actor_id": str(office.agent.member_id),
        "verb": "thing.done",
        "object_type": "thing",
        "object_id": str(thing),
        "data": {"number": 0, "role": "x"},
        "at": 0,
    }


async def test_signing_in_and_out_is_a_deed(client: Client, office: Office, sign_in: SignIn) -> None:
    await client.post("/auth/sign-in", {"email": office.agent.email, "password": PASSWORD})
    await client.post("/auth/sign-out")
    browser = await sign_in(office.owner)
    items = (await browser.get(f"/audit?object_id={office.agent.member_id}")).json()["items"]
    assert [item["verb"] for item in items] == ["session.ended", "session.started", "member.added"]


async def test_each_workspace_sees_its_own_deeds(
    office: Office, other_office: Office, sign_in: SignIn
) -> None:
    browser = await sign_in(office.owner)
    actors = {item["actor_id"] for item in (await browser.get("/audit")).json()["items"]}
    assert str(office.owner.member_id) in actors
    assert str(other_office.owner.member_id) not in actors


@pytest.mark.parametrize(
    ("role", "status"), [("owner", 200), ("admin", 200), ("manager", 403), ("agent", 403)]
)
async def test_owners_and_admins_read_it(office: Office, sign_in: SignIn, role: str, status: int) -> None:
    assert (await (await sign_in(office.person(role))).get("/audit")).status_code == status


@pytest.mark.parametrize("deed", ["UPDATE app.audit_entry SET verb = 'x'", "DELETE FROM app.audit_entry"])
async def test_the_product_cannot_change_what_is_written(house: Resources, office: Office, deed: str) -> None:
    async with house.database.engine.connect() as connection:
        with pytest.raises(DBAPIError, match="permission denied"):
            await connection.exec_driver_sql(deed)


async def test_the_operators_deeds_are_written_apart(house: Resources, superuser: asyncpg.Connection) -> None:
    async with house.database.installation_tx() as tx:
        await record_installation(tx, "database.upgraded", head="0001")
    rows = await superuser.fetch("SELECT verb, data FROM audit.installation_entry")
    assert [tuple(row) for row in rows] == [("database.upgraded", '{"head": "0001"}')]
