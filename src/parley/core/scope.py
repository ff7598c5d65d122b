"""On whose behalf something happens. No function takes a bare id without one: the lookup is the authorisation."""

import dataclasses
import uuid

from parley.core.errors import ForbiddenError


@dataclasses.dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: `member`, `token`, `contact`, `bot` or `system`, with the id of that row if there is one."""

    type: str
    id: uuid.UUID | None = None


SYSTEM = Actor("system")


@dataclasses.dataclass(frozen=True, slots=True)
class Scope:
    """A workspace, an actor in it, and what this actor may do."""

    workspace_id: uuid.UUID
    actor: Actor
    permissions: frozenset[str]
    user_id: uuid.UUID | None = None
    role: str | None = None

    @property
    def member_id(self) -> uuid.UUID | None:
        """Tell the member who acts; None for tokens and the system."""
        return self.actor.id if self.actor.type == "member" else None

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Refuse with `ForbiddenError` unless the actor holds this permission."""
        if permission not in self.permissions:
            raise ForbiddenError(permission=permission)
