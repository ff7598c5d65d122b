"""Who may change whom. Pure."""

from collections.abc import Mapping
from typing import Final

from parley.core.settings import Settings
from parley.modules.workspaces.types import Role

_STRENGTH: Final[Mapping[Role, int]] = {Role.AGENT: 0, Role.MANAGER: 1, Role.ADMIN: 2, Role.OWNER: 3}


def can_grant(own: str | None, role: Role) -> bool:
    """Tell whether somebody with the role `own` may give this role: never one above it."""
    return own is not None and _STRENGTH[Role(own)] >= _STRENGTH[role]


def can_change(own: str | None, theirs: Role) -> bool:
    """Tell whether somebody with the role `own` may change a member of this role: never one above it."""
    return can_grant(own, theirs)


def can_sign_up(settings: Settings) -> bool:
    """Tell whether anybody may make a workspace: in production the operator does."""
    return settings.mode != "production"
