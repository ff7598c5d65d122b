"""Tables of the audit trail."""

import datetime as dt
import uuid

from sqlalchemy import Index, Text, Uuid
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Json, Moment, TenantRow, key
from parley.core.personal_data import Base, Erasure, Retention, classified, of_member, technical

_LOG = technical(Retention.SECURITY_LOG)


class Entry(Base, TenantRow):
    """One deed in a workspace: who, what, on which object. Ids, never content."""

    __tablename__ = "audit_entry"
    __table_args__ = (key("id"), Index("audit_entry_newest", "workspace_id", "at"), {"schema": "app"})

    actor_type: Mapped[str] = classified(_LOG, Text, nullable=False)
    actor_id: Mapped[uuid.UUID | None] = classified(of_member(erasure=Erasure.KEEP), Uuid)
    verb: Mapped[str] = classified(of_member("user.behavior", erasure=Erasure.KEEP), Text, nullable=False)
    object_type: Mapped[str] = classified(_LOG, Text, nullable=False)
    object_id: Mapped[uuid.UUID | None] = classified(_LOG, Uuid)
    data: Mapped[dict[str, object]] = classified(_LOG, Json, nullable=False, server_default="{}")
    at: Mapped[dt.datetime] = classified(_LOG, Moment, nullable=False)


class InstallationEntry(Base):
    """One deed of the operator, in no workspace: upgrades, keys, workspaces made or closed."""

    __tablename__ = "installation_entry"
    __table_args__ = {"schema": "audit"}

    id: Mapped[uuid.UUID] = classified(_LOG, Uuid, primary_key=True)
    verb: Mapped[str] = classified(_LOG, Text, nullable=False)
    data: Mapped[dict[str, object]] = classified(_LOG, Json, nullable=False, server_default="{}")
    at: Mapped[dt.datetime] = classified(_LOG, Moment, nullable=False)
