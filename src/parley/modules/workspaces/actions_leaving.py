"""What a member has handed out goes when the member may no longer hand it out: keys for programs, offers to people.

Otherwise whoever leaves comes back by a token, or by a link, that they made in time.
"""

import uuid

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.scope import Scope
from parley.modules.audit.actions import record
from parley.modules.workspaces.policy import can_grant
from parley.modules.workspaces.types import Role

_TOKENS = """
UPDATE app.api_token SET revoked_at = $4
WHERE workspace_id = $1 AND created_by = $2 AND revoked_at IS NULL AND role = ANY($3::text[]) RETURNING id
"""
_OFFERS = """
UPDATE app.invitation SET withdrawn_at = $4
WHERE workspace_id = $1 AND invited_by = $2 AND accepted_at IS NULL AND withdrawn_at IS NULL
  AND role = ANY($3::text[]) RETURNING id
"""


async def answers_for(tx: Tx, scope: Scope) -> uuid.UUID | None:
    """Tell which member answers for what this scope hands out: for a token, whoever made it."""
    if scope.actor.type != "token":
        return scope.member_id
    maker: uuid.UUID | None = await tx.value(
        "SELECT created_by FROM app.api_token WHERE workspace_id = $1 AND id = $2",
        tx.workspace_id,
        scope.actor.id,
    )
    return maker


async def take_back(tx: Tx, scope: Scope, member_id: uuid.UUID, role: Role | None) -> None:
    """End the tokens and open invitations of a member that go beyond `role`; all of them when it is None.

    `scope` is who changed the member; each ending is kept in the audit trail.
    """
    beyond = [each.value for each in Role if role is None or not can_grant(role, each)]
    moment = clock.now()
    for token in await tx.all(_TOKENS, tx.workspace_id, member_id, beyond, moment):
        await record(tx, scope, "token.revoked", "token", token.id, made_by=member_id)
        await tx.emit(("token.revoked", {"token": token.id}))
    for offer in await tx.all(_OFFERS, tx.workspace_id, member_id, beyond, moment):
        await record(tx, scope, "invitation.withdrawn", "invitation", offer.id, made_by=member_id)
