"""Inviting people by a link, and taking the offer."""

import uuid

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.errors import NotFoundError
from parley.core.ids import new_id
from parley.core.scope import Scope
from parley.modules.audit.actions import record
from parley.modules.workspaces.actions import add_member
from parley.modules.workspaces.actions_leaving import answers_for
from parley.modules.workspaces.errors import AlreadyMemberError, InvitationExpiredError, RoleTooHighError
from parley.modules.workspaces.links import hash_secret, new_secret, write_link
from parley.modules.workspaces.policy import can_grant
from parley.modules.workspaces.types import INVITATION_LIFETIME, Offer, Role


async def invite(tx: Tx, scope: Scope, *, email: str, role: Role) -> tuple[uuid.UUID, str]:
    """Offer a role to an address for seven days; gives the id and the link's token, which is not kept.

    An earlier open offer to the same address is withdrawn. Raises `RoleTooHighError`, `AlreadyMemberError`.
    """
    scope.require("invitations.manage")
    if not can_grant(scope.role, role):
        raise RoleTooHighError
    address = email.strip().lower()
    is_member = await tx.value(
        """SELECT 1 FROM accounts.people() p JOIN app.member m ON m.workspace_id = $1 AND m.user_id = p.user_id
        WHERE p.email = $2 AND m.is_active""",
        tx.workspace_id,
        address,
    )
    if is_member:
        raise AlreadyMemberError
    await _withdraw_open(tx, address)
    secret, inviter = new_secret(), await answers_for(tx, scope)
    invitation_id = await offer(tx, email=address, role=role, invited_by=inviter, secret=secret)
    await record(tx, scope, "invitation.created", "invitation", invitation_id, role=role)
    return invitation_id, write_link(tx.workspace_id, secret)


async def offer(tx: Tx, *, email: str, role: Role, invited_by: uuid.UUID | None, secret: bytes) -> uuid.UUID:
    """Store an offer to an address, of whose link only the hash is kept."""
    invitation_id, moment = new_id(), clock.now()
    await tx.run(
        """INSERT INTO app.invitation (workspace_id, id, hash, email, role, invited_by, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)""",
        tx.workspace_id,
        invitation_id,
        hash_secret(secret),
        email,
        role.value,
        invited_by,
        moment,
        moment + INVITATION_LIFETIME,
    )
    return invitation_id


async def withdraw(tx: Tx, scope: Scope, invitation_id: uuid.UUID) -> None:
    """Make an open offer void. Raises `NotFoundError`."""
    scope.require("invitations.manage")
    done = await tx.value(
        """UPDATE app.invitation SET withdrawn_at = $3
        WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL RETURNING id""",
        tx.workspace_id,
        invitation_id,
        clock.now(),
    )
    if done is None:
        raise NotFoundError
    await record(tx, scope, "invitation.withdrawn", "invitation", invitation_id)


async def accept(tx: Tx, taken: Offer, *, user_id: uuid.UUID, display_name: str) -> Scope:
    """Take an offer once: the person becomes a member. Raises `InvitationExpiredError` when somebody was faster."""
    done = await tx.value(
        """UPDATE app.invitation SET accepted_at = $3
        WHERE workspace_id = $1 AND id = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL AND expires_at > $3
        RETURNING id""",
        tx.workspace_id,
        taken.id,
        clock.now(),
    )
    if done is None:
        raise InvitationExpiredError
    scope = await add_member(tx, user_id=user_id, display_name=display_name, role=taken.role)
    await record(tx, scope, "invitation.accepted", "invitation", taken.id, role=taken.role)
    return scope


async def _withdraw_open(tx: Tx, address: str) -> None:
    await tx.run(
        """UPDATE app.invitation SET withdrawn_at = $3
        WHERE workspace_id = $1 AND email = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL""",
        tx.workspace_id,
        address,
        clock.now(),
    )
