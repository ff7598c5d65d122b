"""The shapes in which people and their workspace cross the wire."""

import datetime as dt
import uuid
from typing import Annotated, Any
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from parley.modules.workspaces.types import Me, Role

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Password = Annotated[str, StringConstraints(max_length=1024)]


def _email(value: str) -> str:
    local, at, domain = value.rpartition("@")
    if not at or not local or "." not in domain.strip(".") or any(c.isspace() for c in value):
        raise ValueError("This is not an email address.")
    return value.lower()


def _time_zone(value: str) -> str:
    if value not in available_timezones():
        raise ValueError("This is not a time zone such as Europe/Berlin.")
    return value


Email = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=3, max_length=254), AfterValidator(_email)
]
Locale = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class SignUpIn(_In):
    name: Name
    email: Email
    password: Password
    workspace_name: Name


class SignInIn(_In):
    email: Annotated[str, StringConstraints(max_length=254)]
    password: Password


class AcceptIn(_In):
    """`email` is asked for only where the invitation names none; `name` only of new people."""

    email: Email | None = None
    name: Name | None = None
    password: Password


class SwitchIn(_In):
    workspace_id: uuid.UUID


class ProfileIn(_In):
    name: Name | None = None
    display_name: Name | None = None
    locale: Locale | None = None
    time_zone: TimeZone | None = None


class PasswordIn(_In):
    current_password: Password
    new_password: Password


class MemberIn(_In):
    role: Role | None = None
    is_active: bool | None = None


class InvitationIn(_In):
    email: Email
    role: Role = Role.AGENT


class TeamIn(_In):
    name: Name


class TeamMembersIn(_In):
    member_ids: Annotated[list[uuid.UUID], Field(max_length=1000)]


class TokenIn(_In):
    """`expires_in_days` null makes a token that lives until it is revoked."""

    name: Name
    role: Role = Role.AGENT
    expires_in_days: Annotated[int, Field(ge=1, le=3650)] | None = 365


class UserOut(BaseModel):
    id: uuid.UUID
    name: str
    email: str
    locale: str
    time_zone: str


class MemberRef(BaseModel):
    id: uuid.UUID
    display_name: str
    role: Role


class WorkspaceOut(BaseModel):
    id: uuid.UUID
    slug: str
    name: str
    region: str


class WorkspaceRef(BaseModel):
    id: uuid.UUID
    slug: str
    name: str


class MeOut(BaseModel):
    user: UserOut
    member: MemberRef
    permissions: list[str]
    workspace: WorkspaceOut
    workspaces: list[WorkspaceRef]
    event_seq: int
    is_demo: bool


class ConfigOut(BaseModel):
    sign_up_open: bool
    is_demo: bool
    version: str


class MemberOut(BaseModel):
    id: uuid.UUID
    user_id: uuid.UUID
    name: str
    display_name: str
    email: str
    role: Role
    is_active: bool
    last_seen_at: dt.datetime | None
    created_at: dt.datetime


class TeamOut(BaseModel):
    id: uuid.UUID
    name: str
    member_ids: list[uuid.UUID]


class RoleOut(BaseModel):
    role: Role
    permissions: list[str]


class InvitationOut(BaseModel):
    """`url` is there only in the answer that made it."""

    id: uuid.UUID
    email: str
    role: Role
    inviter_name: str | None
    created_at: dt.datetime
    expires_at: dt.datetime
    url: str | None = None


class OfferOut(BaseModel):
    """`email` is null in the operator's invitation of a first owner, who may choose."""

    workspace_name: str
    email: str | None
    role: Role
    inviter_name: str | None
    has_account: bool
    expires_at: dt.datetime


class TokenOut(BaseModel):
    id: uuid.UUID
    name: str
    prefix: str
    scopes: list[str]
    role: Role
    created_at: dt.datetime
    last_used_at: dt.datetime | None
    expires_at: dt.datetime | None


class NewTokenOut(TokenOut):
    """`secret` is the token itself; it is shown this once."""

    secret: str


def me_out(me: Me, *, is_demo: bool) -> MeOut:
    """Write what a screen begins with."""
    return MeOut(
        user=UserOut.model_validate(me.user, from_attributes=True),
        member=MemberRef(id=me.member_id, display_name=me.display_name, role=me.role),
        permissions=list(me.permissions),
        workspace=WorkspaceOut.model_validate(me.workspace, from_attributes=True),
        workspaces=[WorkspaceRef(id=w.workspace_id, slug=w.slug, name=w.name) for w in me.workspaces],
        event_seq=me.event_seq,
        is_demo=is_demo,
    )


def fields_of(view: Any) -> dict[str, Any]:
    """Give a view's fields by name, to be completed into a schema."""
    return {name: getattr(view, name) for name in view.__dataclass_fields__}
