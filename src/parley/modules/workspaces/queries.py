"""Reads of a workspace, its members, teams, invitations and tokens."""

import uuid
from collections.abc import Mapping, Sequence

from parley.core import clock
from parley.core.db.tx import Record, Tx
from parley.core.errors import NotFoundError
from parley.core.scope import Scope
from parley.modules.accounts.queries import get_profile, list_memberships
from parley.modules.workspaces.errors import InvitationExpiredError, UnauthenticatedError
from parley.modules.workspaces.links import hash_secret
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.types import (
    InvitationView,
    Me,
    MemberView,
    Offer,
    Role,
    TeamView,
    TokenView,
    WorkspaceView,
)

_MEMBER = """SELECT m.id, m.user_id, coalesce(p.name, m.display_name) AS name, m.display_name,
    coalesce(p.email, '') AS email, m.role, m.is_active, m.seen_at, m.created_at
FROM app.member m LEFT JOIN accounts.people() p ON p.user_id = m.user_id
WHERE m.workspace_id = $1"""
_TEAM = """SELECT t.id, t.name, array_remove(array_agg(tm.member_id ORDER BY tm.member_id), NULL) AS member_ids
FROM app.team t LEFT JOIN app.team_member tm ON tm.workspace_id = t.workspace_id AND tm.team_id = t.id
WHERE t.workspace_id = $1"""
_INVITATION = """SELECT i.id, i.email, i.role, m.display_name AS inviter_name, i.created_at, i.expires_at
FROM app.invitation i LEFT JOIN app.member m ON m.workspace_id = i.workspace_id AND m.id = i.invited_by
WHERE i.workspace_id = $1"""
_API_KEY = """SELECT id, name, prefix, role, created_at, used_at, expires_at FROM app.api_token
WHERE workspace_id = $1 AND revoked_at IS NULL"""


async def get_workspace(tx: Tx, scope: Scope) -> WorkspaceView:
    """Read the workspace of this scope."""
    row = await tx.first("SELECT id, slug, name, region FROM app.workspace WHERE id = $1", scope.workspace_id)
    if row is None:
        raise NotFoundError
    return WorkspaceView(row.id, row.slug, row.name, row.region)


async def get_me(tx: Tx, scope: Scope) -> Me:
    """Read everything that a screen needs to begin with. For members only."""
    if scope.user_id is None or scope.member_id is None:
        raise UnauthenticatedError
    # The number first: what happens while the rest is read comes again as an event.
    event_seq = await newest_event(tx, scope)
    row = await tx.first(
        "SELECT display_name, role FROM app.member WHERE workspace_id = $1 AND id = $2",
        scope.workspace_id,
        scope.member_id,
    )
    if row is None:
        raise UnauthenticatedError
    return Me(
        user=await get_profile(tx, scope.user_id),
        member_id=scope.member_id,
        display_name=row.display_name,
        role=Role(row.role),
        permissions=tuple(sorted(PERMISSIONS_OF[row.role])),
        workspace=await get_workspace(tx, scope),
        workspaces=tuple(await list_memberships(tx, scope.user_id)),
        event_seq=event_seq,
    )


async def newest_event(tx: Tx, scope: Scope) -> int:
    """Tell the number of the newest numbered event; whoever listens from here on misses nothing."""
    found = await tx.value(
        "SELECT value FROM app.counter WHERE workspace_id = $1 AND name = 'event'", scope.workspace_id
    )
    return int(found or 0)


async def list_members(tx: Tx, scope: Scope) -> list[MemberView]:
    """List everybody, active members first, by name."""
    scope.require("members.read")
    rows = await tx.all(
        f"{_MEMBER} ORDER BY m.is_active DESC, lower(m.display_name), m.id", scope.workspace_id
    )
    return [_member(row) for row in rows]


async def get_member(tx: Tx, scope: Scope, member_id: uuid.UUID) -> MemberView:
    """Read one member. Raises `NotFoundError`."""
    row = await tx.first(f"{_MEMBER} AND m.id = $2", scope.workspace_id, member_id)
    if row is None:
        raise NotFoundError
    return _member(row)


async def member_names(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Look up display names of members, deactivated ones too; unknown ids are left out."""
    rows = await tx.all(
        "SELECT id, display_name FROM app.member WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        scope.workspace_id,
        list(ids),
    )
    return {row.id: row.display_name for row in rows}


async def team_names(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Look up names of teams; unknown ids are left out."""
    rows = await tx.all(
        "SELECT id, name FROM app.team WHERE workspace_id = $1 AND id = ANY($2::uuid[])",
        scope.workspace_id,
        list(ids),
    )
    return {row.id: row.name for row in rows}


async def list_teams(tx: Tx, scope: Scope) -> list[TeamView]:
    """List every team by name."""
    scope.require("teams.read")
    rows = await tx.all(f"{_TEAM} GROUP BY t.id, t.name ORDER BY lower(t.name), t.id", scope.workspace_id)
    return [_team(row) for row in rows]


async def get_team(tx: Tx, scope: Scope, team_id: uuid.UUID) -> TeamView:
    """Read one team. Raises `NotFoundError`."""
    row = await tx.first(f"{_TEAM} AND t.id = $2 GROUP BY t.id, t.name", scope.workspace_id, team_id)
    if row is None:
        raise NotFoundError
    return _team(row)


async def list_invitations(tx: Tx, scope: Scope) -> list[InvitationView]:
    """List the open invitations, newest first."""
    scope.require("invitations.manage")
    rows = await tx.all(
        f"{_INVITATION} AND i.accepted_at IS NULL AND i.withdrawn_at IS NULL AND i.expires_at > $2"
        " ORDER BY i.created_at DESC, i.id DESC",
        scope.workspace_id,
        clock.now(),
    )
    return [_invitation(row) for row in rows]


async def get_invitation(tx: Tx, scope: Scope, invitation_id: uuid.UUID) -> InvitationView:
    """Read one invitation. Raises `NotFoundError`."""
    row = await tx.first(f"{_INVITATION} AND i.id = $2", scope.workspace_id, invitation_id)
    if row is None:
        raise NotFoundError
    return _invitation(row)


async def get_offer(tx: Tx, secret: bytes) -> Offer:
    """Read the invitation of this link in the transaction's workspace. The secret is the authorisation.

    Raises `NotFoundError` for a link that never was, `InvitationExpiredError` for one that is no longer good.
    """
    row = await tx.first(
        """SELECT i.id, i.email, i.role, i.expires_at, i.accepted_at, i.withdrawn_at, w.name AS workspace_name,
            m.display_name AS inviter_name,
            EXISTS (SELECT 1 FROM accounts.find_by_email(i.email)) AS has_account
        FROM app.invitation i JOIN app.workspace w ON w.id = i.workspace_id
        LEFT JOIN app.member m ON m.workspace_id = i.workspace_id AND m.id = i.invited_by
        WHERE i.workspace_id = $1 AND i.hash = $2""",
        tx.workspace_id,
        hash_secret(secret),
    )
    if row is None:
        raise NotFoundError
    if row.accepted_at or row.withdrawn_at or row.expires_at <= clock.now():
        raise InvitationExpiredError
    return Offer(
        row.id,
        tx.workspace_id,
        row.workspace_name,
        row.email or None,
        Role(row.role),
        row.inviter_name,
        row.has_account,
        row.expires_at,
    )


async def list_tokens(tx: Tx, scope: Scope) -> list[TokenView]:
    """List the API tokens that were not revoked, newest first."""
    scope.require("tokens.manage")
    rows = await tx.all(f"{_API_KEY} ORDER BY created_at DESC, id DESC", scope.workspace_id)
    return [_token(row) for row in rows]


async def get_token(tx: Tx, scope: Scope, token_id: uuid.UUID) -> TokenView:
    """Read one API token. Raises `NotFoundError`."""
    scope.require("tokens.manage")
    row = await tx.first(f"{_API_KEY} AND id = $2", scope.workspace_id, token_id)
    if row is None:
        raise NotFoundError
    return _token(row)


def _member(row: Record) -> MemberView:
    return MemberView(
        row.id,
        row.user_id,
        row.name,
        row.display_name,
        row.email,
        Role(row.role),
        row.is_active,
        row.seen_at,
        row.created_at,
    )


def _team(row: Record) -> TeamView:
    return TeamView(row.id, row.name, tuple(row.member_ids))


def _invitation(row: Record) -> InvitationView:
    return InvitationView(row.id, row.email, Role(row.role), row.inviter_name, row.created_at, row.expires_at)


def _token(row: Record) -> TokenView:
    return TokenView(
        row.id, row.name, row.prefix, Role(row.role), row.created_at, row.used_at, row.expires_at
    )
