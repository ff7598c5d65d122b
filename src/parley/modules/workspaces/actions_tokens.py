"""API tokens: making, using and revoking keys for programs."""

import datetime as dt
import uuid

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.ids import new_id
from parley.core.scope import Actor, Scope
from parley.modules.audit.actions import record
from parley.modules.workspaces.actions_leaving import answers_for
from parley.modules.workspaces.errors import RoleTooHighError
from parley.modules.workspaces.links import hash_secret, new_secret, shown_prefix, write_api_token
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.policy import can_grant
from parley.modules.workspaces.types import MEMBER_SEEN_EVERY, Role


async def create_token(
    tx: Tx, scope: Scope, *, name: str, role: Role, lifetime: dt.timedelta | None
) -> tuple[uuid.UUID, str]:
    """Make a token with a role's permissions, at most the maker's own; gives its id and itself, which is not kept."""
    scope.require("tokens.manage")
    if not can_grant(scope.role, role):
        raise RoleTooHighError
    secret, token_id, moment = new_secret(), new_id(), clock.now()
    token = write_api_token(tx.workspace_id, secret)
    await tx.run(
        """INSERT INTO app.api_token (workspace_id, id, hash, name, prefix, role, created_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        tx.workspace_id,
        token_id,
        hash_secret(secret),
        name.strip(),
        shown_prefix(token),
        role.value,
        await answers_for(tx, scope),
        moment,
        None if lifetime is None else moment + lifetime,
    )
    await record(tx, scope, "token.created", "token", token_id, role=role)
    await tx.emit(("token.created", {"token": token_id}))
    return token_id, token


async def revoke_token(tx: Tx, scope: Scope, token_id: uuid.UUID) -> None:
    """End a token at once. Raises `NotFoundError`."""
    scope.require("tokens.manage")
    done = await tx.value(
        """UPDATE app.api_token SET revoked_at = $3
        WHERE workspace_id = $1 AND id = $2 AND revoked_at IS NULL RETURNING id""",
        tx.workspace_id,
        token_id,
        clock.now(),
    )
    if done is None:
        raise NotFoundError
    await record(tx, scope, "token.revoked", "token", token_id)
    await tx.emit(("token.revoked", {"token": token_id}))


async def use_token(tx: Tx, secret: bytes) -> Scope | None:
    """Give the scope of a token that is good now; notes the use once a minute at most."""
    moment = clock.now()
    row = await tx.first(
        """SELECT id, role, used_at FROM app.api_token
        WHERE workspace_id = $1 AND hash = $2 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $3)""",
        tx.workspace_id,
        hash_secret(secret),
        moment,
    )
    if row is None:
        return None
    if row.used_at is None or row.used_at < moment - MEMBER_SEEN_EVERY:
        await tx.run(
            "UPDATE app.api_token SET used_at = $3 WHERE workspace_id = $1 AND id = $2",
            tx.workspace_id,
            row.id,
            moment,
        )
    return Scope(tx.workspace_id, Actor("token", row.id), PERMISSIONS_OF[row.role], None, row.role)
