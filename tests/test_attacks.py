"""Attacks from another workspace, made from the catalogue: every table, every verb. And one made from the API's document.

The rows are made by the product itself: a shop in which everything has happened once.
"""

import uuid
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError
from tests.shop import Shop, open_shop
from tests.test_catalogue import INSTALLATION

from parley.core.ids import NIL, new_id
from parley.core.resources import Resources

TENANT_SQL = """
SELECT n.nspname || '.' || c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND n.nspname IN ('app', 'ingest') ORDER BY 1
"""
COLUMNS_SQL = """
SELECT a.attname FROM pg_attribute a WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped
ORDER BY a.attnum
"""


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        yield opened


async def test_nobody_reaches_the_rows_of_another_workspace(
    shop: Shop, other_office: Any, superuser: asyncpg.Connection
) -> None:
    await live_a_little(shop)
    mine, theirs = other_office.workspace_id, shop.office.workspace_id
    tables = [r["name"] for r in await superuser.fetch(TENANT_SQL) if r["name"] not in INSTALLATION]
    empty = [t for t in tables if not await _count(superuser, t, theirs)]
    # Everything that the product writes by now must have a row here, or the attack below attacks nothing.
    assert set(empty) <= {"app.outbox", "app.idempotency_key", "app.message_edit"}, empty
    for table in tables:
        columns = [r["attname"] for r in await superuser.fetch(COLUMNS_SQL, table)]
        for workspace in (mine, NIL):
            assert await _sees(
                shop.house, workspace, f"SELECT count(*) FROM {table} WHERE workspace_id = $1", theirs
            ) in {0, None}, table
        before = await _count(superuser, table, theirs)
        await _attack(shop.house, mine, f"UPDATE {table} SET workspace_id = $1", mine)
        await _attack(shop.house, mine, f"DELETE FROM {table} WHERE workspace_id = $1", theirs)
        names = ", ".join(f'"{c}"' for c in columns)
        copied = await superuser.fetchval(
            f"SELECT to_jsonb(t) FROM {table} t WHERE workspace_id = $1 LIMIT 1", theirs
        )
        if copied is not None:
            inserted = await _attack(
                shop.house,
                mine,
                f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, $1::jsonb)",
                copied,
            )
            assert inserted is not None, f"{table}: a row of another workspace could be inserted"
        assert await _count(superuser, table, theirs) == before, table


async def test_a_child_cannot_hang_on_a_parent_of_another_workspace(shop: Shop, other_office: Any) -> None:
    await live_a_little(shop)
    (conversation, *_) = await shop.conversations()
    refused = await _attack(
        shop.house,
        other_office.workspace_id,
        """INSERT INTO app.activity (workspace_id, id, conversation_id, author_type, verb, created_at)
        VALUES ($1, $2, $3, 'system', 'closed', now())""",
        other_office.workspace_id,
        new_id(),
        uuid.UUID(conversation["id"]),
    )
    assert refused == "23503"


async def live_a_little(shop: Shop) -> None:
    """Let everything happen once: messages, files, answers, notes, tags, teams, invitations, tokens, quarantine."""
    owner = shop.office.owner.scope
    written = await shop.writes("mia", text="Hello")
    conversation = await shop.first_conversation()
    base = f"/conversations/{conversation['id']}"
    await shop.writes("mia", "image", media={"sample": "photo"})
    await shop.writes("mia", "reaction", reaction={"message_id": written["id"], "emoji": "👍"})
    await shop.control("raw", {"value": _nonsense(shop)})
    for path, body in (
        (f"{base}/messages", {"text": "Hi!", "client_id": str(new_id())}),
        (f"{base}/notes", {"text": "A regular.", "client_id": str(new_id())}),
        (f"{base}/read", {}),
    ):
        response = await shop.agent.post(path, body)
        assert response.status_code in {200, 201}, response.text
    await shop.agent.put(f"{base}/assignee", {"member_id": str(shop.office.agent.member_id)})
    from parley.modules.conversations.actions import set_tags
    from parley.modules.conversations.tags import create_tag
    from parley.modules.workspaces.actions import create_team, set_team_members
    from parley.modules.workspaces.actions_invitations import invite
    from parley.modules.workspaces.actions_tokens import create_token
    from parley.modules.workspaces.types import Role

    async with shop.house.database.workspace_tx(shop.office.workspace_id) as tx:
        tag = await create_tag(tx, owner, "order", "blue")
        await set_tags(tx, owner, uuid.UUID(conversation["id"]), [tag.id])
        team = await create_team(tx, owner, "Shop")
        await set_team_members(tx, owner, team, [shop.office.agent.member_id])
        await invite(tx, owner, email="new@example.org", role=Role.AGENT)
        await create_token(tx, owner, name="till", role=Role.AGENT, lifetime=None)

    async def is_settled() -> bool:
        items = await shop.timeline(conversation["id"])
        messages = [i for i in items if i["type"] == "message"]
        has_file = any(a["state"] == "stored" for m in messages for a in m["attachments"])
        return has_file and any(m["reactions"] for m in messages) and any(m["delivery"] for m in messages)

    await shop.until(is_settled)


def _nonsense(shop: Shop) -> dict[str, Any]:
    return {
        "messaging_product": "whatsapp",
        "metadata": {"phone_number_id": "100000000000001", "display_phone_number": "15550100001"},
        "messages": [{"from": "491713920011", "timestamp": "1", "type": "text", "text": "not an object"}],
    }


async def _count(superuser: asyncpg.Connection, table: str, workspace_id: uuid.UUID) -> int:
    return int(
        await superuser.fetchval(f"SELECT count(*) FROM {table} WHERE workspace_id = $1", workspace_id)
    )


async def _sees(house: Resources, workspace_id: uuid.UUID, sql: str, *args: Any) -> int | None:
    try:
        async with house.database.workspace_tx(workspace_id) as tx:
            return int(await tx.value(sql, *args))
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) != "42501":  # no grant at all is as good
            raise
        return None


async def _attack(house: Resources, workspace_id: uuid.UUID, sql: str, *args: Any) -> str | None:
    """Run a statement as the app in a workspace and give the SQLSTATE with which it was refused, None if it was not."""
    try:
        async with house.database.workspace_tx(workspace_id) as tx:
            await tx.run(sql, *args)
    except DBAPIError as error:
        return str(getattr(error.orig, "sqlstate", "?"))
    return None
