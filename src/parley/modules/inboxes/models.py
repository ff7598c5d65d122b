"""Tables of inboxes and of the directory that routes what vendors send."""

import datetime as dt
import uuid

from sqlalchemy import Index, LargeBinary, PrimaryKeyConstraint, Text, Uuid, text
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Json, Moment, TenantRow, key
from parley.core.personal_data import Base, classified, of_workspace, technical


class Inbox(Base, TenantRow):
    """A workspace's configured instance of a channel. Its settings are sealed under the workspace's key."""

    __tablename__ = "inbox"
    __table_args__ = (
        key("id"),
        Index(
            "inbox_one_connection",
            "workspace_id",
            "channel",
            "external_id",
            unique=True,
            postgresql_where=text("disconnected_at IS NULL"),
        ),
        {"schema": "app"},
    )

    channel: Mapped[str] = classified(technical(), Text, nullable=False)
    app: Mapped[str] = classified(technical(), Text, nullable=False)
    name: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    external_id: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    state: Mapped[str] = classified(technical(), Text, nullable=False)
    state_code: Mapped[str | None] = classified(technical(), Text)
    state_message: Mapped[str | None] = classified(technical(), Text)
    display: Mapped[dict[str, str]] = classified(of_workspace(), Json, nullable=False, server_default="{}")
    settings: Mapped[bytes | None] = classified(
        of_workspace("user.authorization.credentials", sealed=True), LargeBinary
    )
    created_at: Mapped[dt.datetime] = classified(technical(), Moment, nullable=False)
    received_at: Mapped[dt.datetime | None] = classified(technical(), Moment)
    sent_at: Mapped[dt.datetime | None] = classified(technical(), Moment)
    disconnected_at: Mapped[dt.datetime | None] = classified(technical(), Moment)


class Route(Base):
    """Which workspace's inbox a vendor's number belongs to; read before any workspace is known."""

    __tablename__ = "route"
    __table_args__ = (PrimaryKeyConstraint("channel", "app", "external_id"), {"schema": "directory"})

    channel: Mapped[str] = classified(technical(), Text, nullable=False)
    app: Mapped[str] = classified(technical(), Text, nullable=False)
    external_id: Mapped[str] = classified(of_workspace(), Text, nullable=False)
    workspace_id: Mapped[uuid.UUID] = classified(technical(), Uuid, nullable=False)
    inbox_id: Mapped[uuid.UUID] = classified(technical(), Uuid, nullable=False)
