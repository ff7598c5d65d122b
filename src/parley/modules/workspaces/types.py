"""What crosses the border of workspaces."""

import dataclasses
import datetime as dt
import enum
import uuid

from parley.modules.accounts.types import Membership, Profile

INVITATION_LIFETIME = dt.timedelta(days=7)
MEMBER_SEEN_EVERY = dt.timedelta(minutes=1)


class Role(enum.StrEnum):
    """From the strongest to the weakest."""

    OWNER = "owner"
    ADMIN = "admin"
    MANAGER = "manager"
    AGENT = "agent"


@dataclasses.dataclass(frozen=True, slots=True)
class WorkspaceView:
    """A tenant, as its members see it."""

    id: uuid.UUID
    slug: str
    name: str
    region: str


@dataclasses.dataclass(frozen=True, slots=True)
class MemberView:
    """A user in a workspace. `display_name` is the one colleagues and customers see."""

    id: uuid.UUID
    user_id: uuid.UUID
    name: str
    display_name: str
    email: str
    role: Role
    is_active: bool
    last_seen_at: dt.datetime | None
    created_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class TeamView:
    """A named group of members."""

    id: uuid.UUID
    name: str
    member_ids: tuple[uuid.UUID, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class InvitationView:
    """An offer to join that nobody took yet."""

    id: uuid.UUID
    email: str
    role: Role
    inviter_name: str | None
    created_at: dt.datetime
    expires_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class Offer:
    """An invitation as seen by whoever holds its link. Without an address it is for whoever that is."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    workspace_name: str
    email: str | None
    role: Role
    inviter_name: str | None
    has_account: bool
    expires_at: dt.datetime


@dataclasses.dataclass(frozen=True, slots=True)
class TokenView:
    """A key for programs, without its secret."""

    id: uuid.UUID
    name: str
    prefix: str
    role: Role
    created_at: dt.datetime
    last_used_at: dt.datetime | None
    expires_at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class Me:
    """Who is signed in, where, and what they may do. `event_seq` is where listening begins."""

    user: Profile
    member_id: uuid.UUID
    display_name: str
    role: Role
    permissions: tuple[str, ...]
    workspace: WorkspaceView
    workspaces: tuple[Membership, ...]
    event_seq: int
