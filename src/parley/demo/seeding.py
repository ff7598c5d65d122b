"""Makes the demo's workspace: a small shop with its people, its WhatsApp number and two weeks of conversations."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any, Final

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.ids import new_id
from parley.core.jobs import enqueue
from parley.core.resources import Resources
from parley.core.rootkey import RootKey
from parley.core.scope import Scope
from parley.demo import cast
from parley.demo.moments import moment
from parley.demo.phones import Phones
from parley.demo.player import House, Player
from parley.demo.script import Workday
from parley.demo.stage import StageDatabase, StageTransport, StageTx
from parley.demo.stories import STORIES
from parley.modules.accounts.actions import create_user
from parley.modules.accounts.passwords import hash_password
from parley.modules.audit.actions import record
from parley.modules.conversations.tags import create_tag
from parley.modules.inboxes.actions import connect_inbox
from parley.modules.inboxes.queries import refs
from parley.modules.inboxes.types import CheckResult
from parley.modules.workspaces.actions import add_member, create_team, create_workspace, set_team_members
from parley.modules.workspaces.links import hash_secret, shown_prefix, write_api_token
from parley.modules.workspaces.types import Role
from parley.pages import DEMO_SLUG, phones_url, sign_in_link
from parley.wiring import Wiring

INBOX: Final = "Kaffee Kontor WhatsApp"
_OPENED: Final = Workday(11, "08:30")
_PROFILE: Final[Mapping[str, str]] = {
    "website": "https://kaffee-kontor.example",
    "industry": "Food and drink",
    "team_size": "2-10",
    "country": "DE",
    "billing_address": "Kaffee Kontor, Speicherweg 12, 20457 Hamburg",
    "tax_id": "DE000000000",
}


async def seed_house(house: Resources) -> dict[str, Any]:
    """Fill an empty house with the demo, all or nothing, and tell how to come in; a filled one stays as it is."""
    async with house.database.installation_tx() as tx:
        workspace_id = await tx.value("SELECT directory.workspace_by_slug($1)", DEMO_SLUG)
    if workspace_id is None:
        workspace_id = await _fill(house)
    return {
        "sign_in_link": sign_in_link(house.settings, house.root_key),
        "members": [
            {"role": member.role, "name": member.name, "email": member.email, "password": cast.PASSWORD}
            for member in cast.MEMBERS
        ],
        "token": write_api_token(workspace_id, _token_secret(house.root_key)),
        "phone": phones_url(house.settings),
    }


async def _fill(house: Resources) -> uuid.UUID:
    workspace_id, now = new_id(), clock.now()
    secret = await hash_password(house.root_key, cast.PASSWORD)
    phones = Phones(house.settings.data / "simulator.json")
    is_told = False
    try:
        async with house.database.workspace_tx(workspace_id) as tx:
            wiring = Wiring(house)
            with clock.frozen(moment(_OPENED, now, now)):
                shop = await _open_shop(tx, house, wiring, phones, secret)
            await _tell(tx, house, wiring, phones, shop, now)
            await _promise_waking(tx, now)
        is_told = True
    finally:
        await phones.close(keep=is_told)
    return workspace_id


async def _open_shop(tx: Tx, house: Resources, wiring: Wiring, phones: Phones, secret: str) -> House:
    await create_workspace(tx, name=cast.SHOP, slug=DEMO_SLUG)
    await _write_profile(tx)
    members: dict[str, Scope] = {}
    for member in cast.MEMBERS:
        user_id = await create_user(
            tx, email=member.email, name=member.name, secret=secret, time_zone="Europe/Berlin"
        )
        members[member.role] = await add_member(
            tx, user_id=user_id, display_name=member.name, role=Role(member.role)
        )
    owner = members[Role.OWNER]
    await record(tx, owner, "workspace.created", "workspace", tx.workspace_id)
    team_id = await create_team(tx, owner, cast.TEAM)
    member_ids = [scope.member_id for scope in members.values() if scope.member_id is not None]
    await set_team_members(tx, owner, team_id, member_ids)
    tags = {name: (await create_tag(tx, owner, name, color)).id for name, color in cast.TAGS}
    await _keep_token(tx, owner, _token_secret(house.root_key))
    number = phones.number
    inbox_id = await connect_inbox(
        tx,
        owner,
        house.sealer,
        channel=wiring.whatsapp.channel,
        app=house.settings.meta_app_id,
        name=INBOX,
        settings={
            "phone_number_id": number["id"],
            "waba_id": number["waba_id"],
            "access_token": number["token"],
        },
        checked=_yes(number),
    )
    inbox = (await refs(tx, [inbox_id]))[inbox_id]
    return House(members, team_id, tags, inbox)


async def _tell(
    tx: Tx, house: Resources, wiring: Wiring, phones: Phones, shop: House, now: dt.datetime
) -> None:
    stage = StageTx(tx)
    transport = StageTransport(wiring.whatsapp, phones)
    services = dataclasses.replace(wiring.services, transports={transport.channel: transport})
    player = Player(stage, StageDatabase(house.database, stage), services, wiring.whatsapp, phones)
    await player.play(STORIES, shop, now)
    for bell in stage.bells:
        tx.ring(bell)


async def _promise_waking(tx: Tx, now: dt.datetime) -> None:
    # The stories' own jobs were counted from the stories' moments; these are counted from the present one.
    rows = await tx.all(
        "SELECT id, snoozed_until FROM app.conversation WHERE workspace_id = $1 AND status = 'snoozed'",
        tx.workspace_id,
    )
    for row in rows:
        delay = (row.snoozed_until - now).total_seconds()
        await enqueue(tx, "wake_conversation", delay=delay, conversation=row.id)


async def _write_profile(tx: Tx) -> None:
    await tx.run(
        """UPDATE app.workspace SET website = $2, industry = $3, team_size = $4, country = $5, billing_address = $6,
        tax_id = $7 WHERE id = $1""",
        tx.workspace_id,
        *_PROFILE.values(),
    )


def _yes(number: Mapping[str, str]) -> CheckResult:
    # What Meta's stand-in will answer once it runs; nothing serves it while the demo is being made.
    display = {
        "title": number["name"],
        "subtitle": number["display"],
        "quality": "green",
        "subscription": "active",
    }
    return CheckResult(number["id"], display, (), clock.now())


def _token_secret(root_key: RootKey) -> bytes:
    return root_key.derive("demo api token")


async def _keep_token(tx: Tx, owner: Scope, secret: bytes) -> None:
    # Not by `create_token`, whose tokens are random and shown once: this one is printed at every start.
    token = write_api_token(tx.workspace_id, secret)
    token_id = new_id()
    await tx.run(
        """INSERT INTO app.api_token (workspace_id, id, hash, name, prefix, role, created_by, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        tx.workspace_id,
        token_id,
        hash_secret(secret),
        "Demo",
        shown_prefix(token),
        Role.OWNER.value,
        owner.member_id,
        clock.now(),
    )
    await record(tx, owner, "token.created", "token", token_id, role=Role.OWNER)
