"""Making a workspace, and changing its members and teams."""

import re
import secrets
import unicodedata
import uuid
from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.scope import Actor, Scope
from parley.modules.accounts.actions import end_sessions_here
from parley.modules.audit.actions import record
from parley.modules.workspaces.actions_leaving import take_back
from parley.modules.workspaces.errors import (
    AlreadyMemberError,
    LastOwnerError,
    OwnMembershipError,
    RoleTooHighError,
    SlugTakenError,
    TeamNameTakenError,
)
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.policy import can_change, can_grant
from parley.modules.workspaces.types import Role

_MAX_SLUG = 40


def member_scope(
    workspace_id: uuid.UUID, member_id: uuid.UUID, user_id: uuid.UUID, role: Role | str
) -> Scope:
    """Make the scope of a member: the table of permissions says what the role may do."""
    return Scope(workspace_id, Actor("member", member_id), PERMISSIONS_OF[role], user_id, str(role))


async def note_seen(tx: Tx, workspace_id: uuid.UUID, member_id: uuid.UUID) -> None:
    """Keep that a member is here now; the sessions' own times say when that is due."""
    await tx.run(
        "UPDATE app.member SET seen_at = $3 WHERE workspace_id = $1 AND id = $2",
        workspace_id,
        member_id,
        clock.now(),
    )


async def create_workspace(tx: Tx, *, name: str, slug: str | None = None, region: str = "local") -> str:
    """Create the workspace of this transaction, which was opened with a new id, and give its slug.

    Without a `slug` one is made from the name. Raises `SlugTakenError` for a given one that is taken.
    """
    chosen = slug or await free_slug(tx, name)
    try:
        await tx.run(
            "INSERT INTO app.workspace (id, slug, name, region, created_at) VALUES ($1, $2, $3, $4, $5)",
            tx.workspace_id,
            chosen,
            name.strip(),
            region,
            clock.now(),
        )
    except IntegrityError:
        raise SlugTakenError from None
    return chosen


async def free_slug(tx: Tx, name: str) -> str:
    """Make a short name that no workspace has: `Café Ölüfsen` gives `cafe-olufsen`, then `cafe-olufsen-2`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_MAX_SLUG].strip("-") or "workspace"
    for number in range(1, 20):
        slug = stem if number == 1 else f"{stem}-{number}"
        if await tx.value("SELECT directory.workspace_by_slug($1)", slug) is None:
            return slug
    return f"{stem}-{secrets.token_hex(4)}"


async def add_member(tx: Tx, *, user_id: uuid.UUID, display_name: str, role: Role) -> Scope:
    """Make a person a member, or an inactive member active again with this role. Gives the member's scope.

    Raises `AlreadyMemberError` for an active one.
    """
    row = await tx.first(
        """INSERT INTO app.member AS m (workspace_id, id, user_id, display_name, role, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (workspace_id, user_id) DO UPDATE SET is_active = true, role = excluded.role
        WHERE NOT m.is_active
        RETURNING id""",
        tx.workspace_id,
        new_id(),
        user_id,
        display_name.strip(),
        role.value,
        clock.now(),
    )
    if row is None:
        raise AlreadyMemberError
    scope = member_scope(tx.workspace_id, row.id, user_id, role)
    await record(tx, scope, "member.added", "member", row.id, role=role)
    await tx.emit(("member.added", {"member": row.id}))
    return scope


async def change_member(
    tx: Tx,
    scope: Scope,
    member_id: uuid.UUID,
    *,
    role: Role | None = None,
    is_active: bool | None = None,
) -> None:
    """Give a member another role, or deactivate or reactivate them; deactivating signs them out of this workspace.

    Nobody gives or changes a role above their own, nobody deactivates themselves, and one owner always remains.
    """
    scope.require("members.manage")
    # Every owner's row is locked, in order: two owners who demote each other at once must not both succeed.
    locked = await tx.all(
        """SELECT id, user_id, role, is_active FROM app.member
        WHERE workspace_id = $1 AND (id = $2 OR (role = 'owner' AND is_active)) ORDER BY id FOR UPDATE""",
        tx.workspace_id,
        member_id,
    )
    before = next((row for row in locked if row.id == member_id), None)
    if before is None:
        raise NotFoundError
    new_role = Role(before.role) if role is None else role
    active = before.is_active if is_active is None else is_active
    if not can_change(scope.role, Role(before.role)) or not can_grant(scope.role, new_role):
        raise RoleTooHighError
    if before.user_id == scope.user_id and not active:
        raise OwnMembershipError
    is_owner = before.role == Role.OWNER and before.is_active
    others = any(row.id != member_id for row in locked)
    if is_owner and not others and not (new_role == Role.OWNER and active):
        raise LastOwnerError
    if (new_role, active) == (before.role, before.is_active):
        return
    await tx.run(
        "UPDATE app.member SET role = $3, is_active = $4 WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        member_id,
        new_role.value,
        active,
    )
    if not active:
        await end_sessions_here(tx, before.user_id)
    await take_back(tx, scope, member_id, new_role if active else None)
    was = {"role_before": before.role, "was_active": before.is_active}
    await record(tx, scope, "member.changed", "member", member_id, role=new_role, is_active=active, **was)
    await tx.emit(("member.changed", {"member": member_id}))


async def change_display_name(tx: Tx, scope: Scope, display_name: str) -> None:
    """Change the name under which the acting member is seen here."""
    await tx.run(
        "UPDATE app.member SET display_name = $3 WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        scope.member_id,
        display_name.strip(),
    )
    await tx.emit(("member.changed", {"member": scope.member_id}))


async def create_team(tx: Tx, scope: Scope, name: str) -> uuid.UUID:
    """Make a team without members. Raises `TeamNameTakenError`."""
    scope.require("teams.manage")
    team_id = new_id()
    try:
        await tx.run(
            "INSERT INTO app.team (workspace_id, id, name, created_at) VALUES ($1, $2, $3, $4)",
            tx.workspace_id,
            team_id,
            name.strip(),
            clock.now(),
        )
    except IntegrityError:
        raise TeamNameTakenError from None
    await record(tx, scope, "team.created", "team", team_id)
    await tx.emit(("team.changed", {"team": team_id}))
    return team_id


async def set_team_members(tx: Tx, scope: Scope, team_id: uuid.UUID, member_ids: Sequence[uuid.UUID]) -> None:
    """Say who is in a team. Raises `NotFoundError` for the team, `InvalidError` for members that are not active ones."""
    scope.require("teams.manage")
    await _lock_team(tx, team_id)
    wanted = sorted(set(member_ids))
    known = await tx.value(
        "SELECT count(*) FROM app.member WHERE workspace_id = $1 AND id = ANY($2::uuid[]) AND is_active",
        tx.workspace_id,
        wanted,
    )
    if known != len(wanted):
        raise InvalidError(fields={"member_ids": "Every one must be an active member of this workspace."})
    await tx.run(
        "DELETE FROM app.team_member WHERE workspace_id = $1 AND team_id = $2 AND member_id <> ALL($3::uuid[])",
        tx.workspace_id,
        team_id,
        wanted,
    )
    await tx.run(
        """INSERT INTO app.team_member (workspace_id, team_id, member_id)
        SELECT $1, $2, unnest($3::uuid[]) ON CONFLICT DO NOTHING""",
        tx.workspace_id,
        team_id,
        wanted,
    )
    await record(tx, scope, "team.members_set", "team", team_id, members=len(wanted))
    await tx.emit(("team.changed", {"team": team_id}))


async def delete_team(tx: Tx, scope: Scope, team_id: uuid.UUID) -> None:
    """Dissolve a team. Raises `NotFoundError`."""
    scope.require("teams.manage")
    await _lock_team(tx, team_id)
    await tx.run("DELETE FROM app.team WHERE workspace_id = $1 AND id = $2", tx.workspace_id, team_id)
    await record(tx, scope, "team.deleted", "team", team_id)
    await tx.emit(("team.deleted", {"team": team_id}))


async def _lock_team(tx: Tx, team_id: uuid.UUID) -> None:
    found = await tx.value(
        "SELECT id FROM app.team WHERE workspace_id = $1 AND id = $2 FOR UPDATE", tx.workspace_id, team_id
    )
    if found is None:
        raise NotFoundError
