"""Who may do what: one table. A permission is `noun.verb`; a role's permissions are its column."""

from collections.abc import Mapping
from typing import Final

from parley.modules.workspaces.types import Role

_O, _A, _M, _AG = Role.OWNER, Role.ADMIN, Role.MANAGER, Role.AGENT
_ALL = (_O, _A, _M, _AG)

ROLES_OF: Final[Mapping[str, tuple[Role, ...]]] = {
    # answering
    "conversations.read": _ALL,
    "conversations.write": _ALL,
    "conversations.delete": (_O, _A),
    "messages.send": _ALL,
    "notes.write": _ALL,
    "files.read": _ALL,
    "files.write": _ALL,
    "events.read": _ALL,
    # people who write
    "contacts.read": _ALL,
    "contacts.write": _ALL,
    "contacts.delete": (_O, _A),
    "tags.read": _ALL,
    "tags.manage": (_O, _A, _M),
    # colleagues
    "members.read": _ALL,
    "members.manage": (_O, _A),
    "invitations.manage": (_O, _A),
    "teams.read": _ALL,
    "teams.manage": (_O, _A, _M),
    # where customers write
    "inboxes.read": _ALL,
    "inboxes.manage": (_O, _A),
    "items.read": (_O, _A),
    "items.replay": (_O, _A),
    # the house
    "reports.read": (_O, _A, _M),
    "workspace.read": _ALL,
    "workspace.manage": (_O, _A),
    "tokens.manage": (_O, _A),
    "audit.read": (_O, _A),
}

PERMISSIONS_OF: Final[Mapping[str, frozenset[str]]] = {
    role.value: frozenset(permission for permission, roles in ROLES_OF.items() if role in roles)
    for role in Role
}
