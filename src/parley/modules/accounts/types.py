"""What crosses the border of accounts."""

import dataclasses
import datetime as dt
import uuid

IDLE = dt.timedelta(hours=12)
"""A session that is not used for so long is over."""
LIFETIME = dt.timedelta(days=14)
"""No session lives longer, however much it is used."""


@dataclasses.dataclass(frozen=True, slots=True)
class Profile:
    """A person who signs in."""

    id: uuid.UUID
    email: str
    name: str
    locale: str
    time_zone: str


@dataclasses.dataclass(frozen=True, slots=True)
class Login:
    """What is needed to check a password: the keyed and hashed secret, None when the person has none."""

    user_id: uuid.UUID
    secret: str | None
    is_active: bool


@dataclasses.dataclass(frozen=True, slots=True)
class Resumed:
    """A session that goes on: the person, and the active member in the session's workspace if there is one."""

    profile: Profile
    workspace_id: uuid.UUID | None
    member_id: uuid.UUID | None
    role: str | None
    is_due: bool
    """Whether this was one of the moments, once a minute at most, in which seen times are written."""


@dataclasses.dataclass(frozen=True, slots=True)
class Membership:
    """A workspace in which a person is an active member."""

    workspace_id: uuid.UUID
    slug: str
    name: str
    role: str
