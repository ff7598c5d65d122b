"""What an operator does from the command line: it works, it leaves traces in the workspace, and it ends as promised."""

import asyncio
import dataclasses
import json
import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable
from pathlib import Path

import asyncpg
import pytest
from tests.builders import Client, Office

from parley import admin
from parley.core import clock
from parley.core.errors import InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.keystore import KeyKind
from parley.core.resources import Resources
from parley.core.sealing import key_id_of
from parley.core.settings import PREFIX, Settings, to_environ
from parley.modules.ingest.receiver import item_place
from parley.modules.workspaces.errors import SlugTakenError
from parley.opening import open_house


@pytest.fixture
def own(settings: Settings, tmp_path: Path) -> Settings:
    """Give settings with the root key of this database and a data folder, so a key store, of their own."""
    shutil.copy(settings.data / "root.key", tmp_path)
    return dataclasses.replace(settings, data=tmp_path)


async def test_a_token_lives_an_hour_and_every_owner_is_told(
    own: Settings, office: Office, superuser: asyncpg.Connection, clients: Callable[..., Client]
) -> None:
    token = await admin.create_token(own, office.slug, "manager")
    program = clients(token=token)
    assert (await program.get("/conversations")).status_code == 200
    assert (await program.get("/audit")).status_code == 403
    row = await superuser.fetchrow("SELECT id, expires_at - created_at AS lives, role FROM app.api_token")
    assert row is not None
    assert (row["lives"], row["role"]) == (admin.TOKEN_LIFETIME, "manager")
    entry = await superuser.fetchrow(
        "SELECT object_id, actor_type, data FROM app.audit_entry WHERE verb = 'token.created_by_operator'"
    )
    assert entry is not None
    assert (entry["object_id"], entry["actor_type"]) == (row["id"], "system")
    told = json.loads(entry["data"])
    assert told == {"role": "manager", "expires_in": 3600, "owners": [str(office.owner.member_id)]}
    emitted = await superuser.fetchval("SELECT ids FROM app.outbox WHERE type = 'token.created_by_operator'")
    assert json.loads(emitted) == {"token": str(row["id"]), "owners": [str(office.owner.member_id)]}
    with clock.frozen(clock.now() + admin.TOKEN_LIFETIME):
        assert (await program.get("/conversations")).status_code == 401


async def test_in_the_demo_a_token_does_not_expire(
    own: Settings, office: Office, superuser: asyncpg.Connection
) -> None:
    await admin.create_token(dataclasses.replace(own, mode="demo"), office.slug, "owner")
    assert await superuser.fetchval("SELECT expires_at FROM app.api_token") is None
    assert await superuser.fetchval("SELECT count(*) FROM app.audit_entry WHERE verb LIKE 'token.%'") == 2


async def test_a_workspace_begins_with_a_link_for_its_first_owner(
    own: Settings, house: Resources, superuser: asyncpg.Connection, client: Client
) -> None:
    link = await admin.create_workspace(own, "quay", "The Quay")
    assert link.startswith(f"{own.base_url}/invitation/")
    offer = await client.get(f"/invitations/{link.rpartition('/')[2]}")
    assert offer.status_code == 200
    assert (offer.json()["workspace_name"], offer.json()["role"]) == ("The Quay", "owner")
    assert await superuser.fetchval("SELECT count(*) FROM app.member") == 0
    verbs = await superuser.fetch("SELECT verb FROM app.audit_entry ORDER BY id")
    assert [row["verb"] for row in verbs] == ["workspace.created", "invitation.created"]
    assert await superuser.fetchval("SELECT verb FROM audit.installation_entry") == "workspace.created"
    with pytest.raises(SlugTakenError):
        await admin.create_workspace(own, "quay", "Another")
    assert await superuser.fetchval("SELECT count(*) FROM app.workspace") == 1


@pytest.mark.parametrize("slug", ["", "Quay", "quay house", "-quay", "quay-", "käse", "a" * 41, "a/b"])
async def test_a_short_name_must_fit_into_addresses(
    own: Settings, house: Resources, superuser: asyncpg.Connection, slug: str
) -> None:
    with pytest.raises(InvalidError):
        await admin.create_workspace(own, slug, "The Quay")
    assert await superuser.fetchval("SELECT count(*) FROM app.workspace") == 0


async def test_items_are_listed_shown_and_replayed(
    own: Settings, office: Office, other_office: Office, superuser: asyncpg.Connection
) -> None:
    item_id = await _quarantined(own, superuser, office.workspace_id)
    elsewhere = await _quarantined(own, superuser, other_office.workspace_id)
    listed = await admin.list_items(own, office.slug, state="quarantined", limit=50)
    assert [item["id"] for item in listed] == [item_id]
    assert "payload" not in listed[0]
    shown = await admin.show_item(own, office.slug, item_id)
    assert shown["payload"] == {"odd": "thing"}
    replayed = await admin.replay_item(own, office.slug, item_id)
    assert (replayed["id"], replayed["state"]) == (item_id, "waiting")
    assert await admin.list_items(own, office.slug, state="quarantined", limit=50) == []
    verbs = await superuser.fetch(
        "SELECT verb FROM app.audit_entry WHERE object_id = $1 ORDER BY id", item_id
    )
    assert [row["verb"] for row in verbs] == ["item.opened", "item.replayed"]
    with pytest.raises(NotFoundError):
        await admin.show_item(own, office.slug, elsewhere)
    with pytest.raises(admin.WorkspaceNotFoundError):
        await admin.list_items(own, "nobody", state="quarantined", limit=50)


async def test_commands_print_alone_what_they_promise_and_end_as_promised(
    own: Settings, office: Office, clients: Callable[..., Client]
) -> None:
    done = await _parley(own, "token", "create", "--workspace", office.slug, "--role", "agent")
    assert (done.returncode, done.stderr) == (0, "")
    (token,) = done.stdout.splitlines()
    assert (await clients(token=token).get("/conversations")).status_code == 200
    done = await _parley(own, "token", "create", "--workspace", "nobody", "--role", "agent")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == admin.WorkspaceNotFoundError.message
    done = await _parley(own, "token", "create", "--workspace", office.slug, "--role", "emperor")
    assert done.returncode == 2
    done = await _parley(own, "workspace", "create", "--slug", "No Slug", "--name", "x")
    assert (done.returncode, done.stdout) == (1, "")
    done = await _parley(own, "items", "list", "--workspace", office.slug)
    assert (done.returncode, done.stdout) == (0, "")


async def _quarantined(own: Settings, superuser: asyncpg.Connection, workspace_id: uuid.UUID) -> uuid.UUID:
    item_id = new_id()
    place = item_place(workspace_id, item_id)
    async with open_house(own) as house:
        values = [(workspace_id, place, b'{"odd": "thing"}')]
        (sealed,) = await house.sealer.seal_many(workspace_id, KeyKind.WORKSPACE, values)
    await superuser.execute(
        """INSERT INTO ingest.item (workspace_id, id, inbox_id, channel, kind, shard, payload, key_id, is_day_sealed,
            state, starts, error_code, received_at)
        VALUES ($1, $2, $3, 'whatsapp', 'message', 0, $4, $5, false, 'quarantined', 1, 'item_unparsable', $6)""",
        workspace_id,
        item_id,
        new_id(),
        sealed,
        key_id_of(sealed),
        clock.now(),
    )
    return item_id


async def _parley(own: Settings, *words: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-m", "parley.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**kept, **to_environ(own)},
    )
