"""Tables of the tenant itself: its profile, members, teams, invitations, tokens, counters."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, PrimaryKeyConstraint, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Json, Moment, Tenant, TenantRow, key, refers
from parley.core.personal_data import Base, Retention, classified, of_member, of_user, of_workspace, technical


class Workspace(Base):
    """The tenant. The profile's fields are what a business tells about itself (name, website, billing)."""

    __tablename__ = "workspace"
    __table_args__ = {"schema": "app"}

    id: Mapped[uuid.UUID] = classified(technical(), Uuid, primary_key=True)
    slug: Mapped[str] = classified(of_workspace(), Text, nullable=False, unique=True)
    name: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    region: Mapped[str] = classified(technical(), Text, nullable=False)
    website: Mapped[str | None] = classified(of_workspace(), Text)
    industry: Mapped[str | None] = classified(of_workspace(), Text)
    team_size: Mapped[str | None] = classified(of_workspace(), Text)
    country: Mapped[str | None] = classified(of_workspace(), Text)
    billing_address: Mapped[str | None] = classified(of_workspace("user.contact.address"), Text)
    tax_id: Mapped[str | None] = classified(of_workspace("user.government_id"), Text)
    settings: Mapped[dict[str, object]] = classified(
        of_workspace(), Json, nullable=False, server_default="{}"
    )
    created_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)


class Counter(Base, Tenant):
    """A number that only grows: conversation numbers, event numbers."""

    __tablename__ = "counter"
    __table_args__ = (key("name"), {"schema": "app"})

    name: Mapped[str] = classified(technical(), Text, nullable=False)
    value: Mapped[int] = classified(technical(), BigInteger, nullable=False)


class Member(Base, TenantRow):
    """A user in a workspace, with a role."""

    __tablename__ = "member"
    __table_args__ = (key("id"), UniqueConstraint("workspace_id", "user_id"), {"schema": "app"})

    user_id: Mapped[uuid.UUID] = classified(
        of_member("user.unique_id"), Uuid, ForeignKey("accounts.user.id"), nullable=False
    )
    display_name: Mapped[str] = classified(of_member("user.name"), Text, nullable=False)
    role: Mapped[str] = classified(of_member("user.workplace"), Text, nullable=False)
    is_active: Mapped[bool] = classified(technical(Retention.MEMBER), nullable=False, server_default="true")
    created_at: Mapped[dt.datetime] = classified(of_member("user.behavior"), Moment, nullable=False)
    seen_at: Mapped[dt.datetime | None] = classified(of_member("user.behavior"), Moment)


class Team(Base, TenantRow):
    """A named group of members."""

    __tablename__ = "team"
    __table_args__ = (key("id"), UniqueConstraint("workspace_id", "name"), {"schema": "app"})

    name: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    created_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)


class TeamMember(Base, Tenant):
    """Who is in a team."""

    __tablename__ = "team_member"
    __table_args__ = (
        key("team_id", "member_id"),
        refers("team_id", "team", cascade=True),
        refers("member_id", "member", cascade=True),
        {"schema": "app"},
    )

    team_id: Mapped[uuid.UUID] = classified(technical(), Uuid, nullable=False)
    member_id: Mapped[uuid.UUID] = classified(of_member(), Uuid, nullable=False)


class Invitation(Base, TenantRow):
    """An offer to join, by a link of which only the hash is kept."""

    __tablename__ = "invitation"
    __table_args__ = (key("id"), UniqueConstraint("workspace_id", "hash"), {"schema": "app"})

    hash: Mapped[bytes] = classified(technical(), LargeBinary, nullable=False)
    email: Mapped[str] = classified(of_user("user.contact.email"), Text, nullable=False)
    role: Mapped[str] = classified(technical(), Text, nullable=False)
    invited_by: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    created_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)
    expires_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)
    accepted_at: Mapped[dt.datetime | None] = classified(technical(), Moment)
    withdrawn_at: Mapped[dt.datetime | None] = classified(technical(), Moment)


class ApiToken(Base, TenantRow):
    """A key for programs; only its hash is kept, and a prefix by which people recognise it."""

    __tablename__ = "api_token"
    __table_args__ = (key("id"), UniqueConstraint("workspace_id", "hash"), {"schema": "app"})

    hash: Mapped[bytes] = classified(technical(), LargeBinary, nullable=False)
    name: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    prefix: Mapped[str] = classified(technical(), Text, nullable=False)
    role: Mapped[str] = classified(technical(), Text, nullable=False)
    created_by: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    created_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)
    expires_at: Mapped[dt.datetime | None] = classified(technical(), Moment)
    used_at: Mapped[dt.datetime | None] = classified(technical(), Moment)
    revoked_at: Mapped[dt.datetime | None] = classified(technical(), Moment)


class IdempotencyKey(Base, Tenant):
    """The answer once given to a POST that creates, so that its repetition gets the same one. Sealed."""

    __tablename__ = "idempotency_key"
    __table_args__ = (
        PrimaryKeyConstraint("workspace_id", "actor_id", "key"),
        {"schema": "app"},
    )

    actor_id: Mapped[uuid.UUID] = classified(technical(Retention.IDEMPOTENCY), Uuid, nullable=False)
    key: Mapped[str] = classified(technical(Retention.IDEMPOTENCY), Text, nullable=False)
    request_hash: Mapped[bytes] = classified(technical(Retention.IDEMPOTENCY), LargeBinary, nullable=False)
    status: Mapped[int | None] = classified(technical(Retention.IDEMPOTENCY))
    answer: Mapped[bytes | None] = classified(of_workspace("user.content.private", sealed=True), LargeBinary)
    created_at: Mapped[dt.datetime] = classified(technical(Retention.IDEMPOTENCY), Moment, nullable=False)
