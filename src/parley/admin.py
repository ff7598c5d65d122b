"""What an operator does from the command line: tokens, workspaces, items. Each opens the house for itself.

An operator stands above every workspace, so each deed that reaches into one is written into its audit trail, where
its owners read it. What the commands print is the matter of `parley.commands`.
"""

import contextlib
import datetime as dt
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any, Final

from parley.core.db.tx import Tx
from parley.core.errors import InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.core.scope import SYSTEM, Scope
from parley.core.settings import Settings
from parley.modules.audit.actions import record, record_installation
from parley.modules.ingest import actions as ingest_actions
from parley.modules.ingest.queries import ItemView, get_item, open_item
from parley.modules.ingest.queries import list_items as list_of_items
from parley.modules.workspaces import actions, actions_tokens
from parley.modules.workspaces.actions_invitations import offer
from parley.modules.workspaces.links import new_secret, write_link
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.types import Role
from parley.opening import open_house

TOKEN_LIFETIME: Final = dt.timedelta(hours=1)
_MAX_ITEMS: Final = 1_000
_SLUG: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
_OWNERS: Final = """
SELECT id FROM app.member WHERE workspace_id = $1 AND role = 'owner' AND is_active ORDER BY id
"""


class WorkspaceNotFoundError(NotFoundError):
    code = "workspace_not_found"
    message = "There is no workspace with this short name. In the demo it is called demo."


async def create_token(settings: Settings, slug: str, role: str) -> str:
    """Make an API token with a role's permissions in a workspace, and give it; it is not kept.

    Outside the demo it lives an hour, and the workspace's audit trail and its event log tell every owner of it.
    Raises `WorkspaceNotFoundError`.
    """
    lifetime = None if settings.is_demo else TOKEN_LIFETIME
    async with open_house(settings, pool_size=1, name="token create") as house, _inside(house, slug) as tx:
        scope = _operator(tx.workspace_id)
        token_id, token = await actions_tokens.create_token(
            tx, scope, name="Command line", role=Role(role), lifetime=lifetime
        )
        owners = [str(row.id) for row in await tx.all(_OWNERS, tx.workspace_id)]
        told = {"role": role, "expires_in": None if lifetime is None else int(lifetime.total_seconds())}
        await record(tx, scope, "token.created_by_operator", "token", token_id, **told, owners=owners)
        await tx.emit(("token.created_by_operator", {"token": token_id, "owners": owners}))
        return token


async def create_workspace(settings: Settings, slug: str, name: str) -> str:
    """Make a workspace without members, and give the link with which its first owner joins, once, within seven days.

    Raises `SlugTakenError`, and `InvalidError` for a short name that does not fit into addresses.
    """
    if _SLUG.fullmatch(slug) is None:
        raise InvalidError(
            "The short name may have small letters, digits and hyphens, 40 characters at most; a hyphen neither first "
            "nor last.",
            fields={"slug": "Small letters, digits and hyphens."},
        )
    if not name.strip():
        raise InvalidError("The workspace needs a name.", fields={"name": "Write a name."})
    async with (
        open_house(settings, pool_size=1, name="workspace create") as house,
        house.database.workspace_tx(new_id()) as tx,
    ):
        await actions.create_workspace(tx, name=name, slug=slug)
        secret = new_secret()
        invitation_id = await offer(tx, email="", role=Role.OWNER, invited_by=None, secret=secret)
        scope = _operator(tx.workspace_id)
        await record(tx, scope, "workspace.created", "workspace", tx.workspace_id)
        await record(tx, scope, "invitation.created", "invitation", invitation_id, role=Role.OWNER)
        await record_installation(tx, "workspace.created", workspace=tx.workspace_id)
        return f"{settings.base_url}/invitation/{write_link(tx.workspace_id, secret)}"


async def list_items(settings: Settings, slug: str, *, state: str, limit: int) -> list[dict[str, Any]]:
    """List a workspace's items of one state, newest first, without what they say."""
    wanted = max(1, min(limit, _MAX_ITEMS))
    async with open_house(settings, pool_size=1, name="items list") as house, _inside(house, slug) as tx:
        found = await list_of_items(tx, _operator(tx.workspace_id), state=state, limit=wanted, after=None)
        return [_as_dict(item) for item in found[:wanted]]


async def show_item(settings: Settings, slug: str, item_id: uuid.UUID) -> dict[str, Any]:
    """Read one item with its payload; that somebody looked stands in the workspace's audit trail."""
    async with open_house(settings, pool_size=1, name="items show") as house, _inside(house, slug) as tx:
        opened = await open_item(tx, house.sealer, _operator(tx.workspace_id), item_id)
        return {**_as_dict(opened.item), "payload": opened.payload}


async def replay_item(settings: Settings, slug: str, item_id: uuid.UUID) -> dict[str, Any]:
    """Hand one item to the workers again, and give it as it is now: waiting."""
    async with open_house(settings, pool_size=1, name="items replay") as house, _inside(house, slug) as tx:
        scope = _operator(tx.workspace_id)
        await ingest_actions.replay_item(tx, scope, item_id)
        return _as_dict(await get_item(tx, scope, item_id))


@contextlib.asynccontextmanager
async def _inside(house: Resources, slug: str) -> AsyncIterator[Tx]:
    async with house.database.installation_tx() as tx:
        workspace_id = await tx.value("SELECT directory.workspace_by_slug($1)", slug)
    if workspace_id is None:
        raise WorkspaceNotFoundError
    async with house.database.workspace_tx(workspace_id) as tx:
        yield tx


def _operator(workspace_id: uuid.UUID) -> Scope:
    return Scope(workspace_id, SYSTEM, PERMISSIONS_OF[Role.OWNER], None, Role.OWNER)


def _as_dict(item: ItemView) -> dict[str, Any]:
    return {name: getattr(item, name) for name in ItemView.__dataclass_fields__}
