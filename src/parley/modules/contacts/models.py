"""Tables of people who write, and of their addresses."""

import datetime as dt
import uuid

from sqlalchemy import Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Moment, TenantRow, key, refers
from parley.core.personal_data import Base, Retention, classified, of_contact, technical

_ROW = technical(Retention.CONTACT)


class Contact(Base, TenantRow):
    """A person who writes. `first_wrote_*` is the evidence of how and when they chose to: null for imports."""

    __tablename__ = "contact"
    __table_args__ = (
        key("id"),
        Index("contact_newest", "workspace_id", "created_at", "id"),
        {"schema": "app"},
    )

    name: Mapped[str | None] = classified(of_contact("user.name", for_ai=True), Text)
    name_source: Mapped[str | None] = classified(_ROW, Text)
    locale: Mapped[str | None] = classified(of_contact("user.preferences", for_ai=True), Text)
    created_source: Mapped[str] = classified(_ROW, Text, nullable=False)
    created_at: Mapped[dt.datetime] = classified(of_contact("user.behavior"), Moment, nullable=False)
    first_wrote_at: Mapped[dt.datetime | None] = classified(of_contact("user.behavior"), Moment)
    first_wrote_inbox_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    first_wrote_channel: Mapped[str | None] = classified(_ROW, Text)
    first_wrote_basis: Mapped[str | None] = classified(_ROW, Text)
    restricted_at: Mapped[dt.datetime | None] = classified(of_contact("user.behavior"), Moment)
    erased_at: Mapped[dt.datetime | None] = classified(_ROW, Moment)


class ContactIdentity(Base, TenantRow):
    """One address of a contact; the first one to write from it owns it."""

    __tablename__ = "contact_identity"
    __table_args__ = (
        key("id"),
        refers("contact_id", "contact", cascade=True),
        UniqueConstraint("workspace_id", "namespace", "external_id"),
        Index("contact_identity_contact", "workspace_id", "contact_id"),
        {"schema": "app"},
    )

    contact_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    namespace: Mapped[str] = classified(_ROW, Text, nullable=False)
    external_id: Mapped[str] = classified(of_contact("user.unique_id"), Text, nullable=False)
    username: Mapped[str | None] = classified(of_contact("user.name"), Text)
    is_verified: Mapped[bool] = classified(_ROW, nullable=False, server_default="false")
    source: Mapped[str] = classified(_ROW, Text, nullable=False)
    created_at: Mapped[dt.datetime] = classified(of_contact("user.behavior"), Moment, nullable=False)
