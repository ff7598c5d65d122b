"""Tables of what arrived: items of workspaces, and envelopes that could not be given to any."""

import datetime as dt
import uuid

from sqlalchemy import Index, Integer, LargeBinary, SmallInteger, Text, Uuid, text
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Moment, TenantRow, key
from parley.core.personal_data import Base, Retention, classified, of_contact, sealed_content, technical

_ROW = technical(Retention.ITEM)


class Item(Base, TenantRow):
    """One event out of a vendor's call, sealed: under a day key at first, under its contact's key once known."""

    __tablename__ = "item"
    __table_args__ = (
        key("id"),
        Index(
            "item_waiting",
            "workspace_id",
            "shard",
            "id",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "item_quarantined",
            "workspace_id",
            text("id DESC"),
            postgresql_where=text("state = 'quarantined'"),
        ),
        Index(
            "item_parked",
            "workspace_id",
            "inbox_id",
            "parked_on",
            postgresql_where=text("state = 'parked'"),
        ),
        {"schema": "ingest"},
    )

    inbox_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    channel: Mapped[str] = classified(_ROW, Text, nullable=False)
    kind: Mapped[str] = classified(_ROW, Text, nullable=False)
    shard: Mapped[int] = classified(_ROW, SmallInteger, nullable=False)
    payload: Mapped[bytes] = classified(
        sealed_content(Retention.ITEM, for_ai=False), LargeBinary, nullable=False
    )
    key_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    is_day_sealed: Mapped[bool] = classified(_ROW, nullable=False, server_default="true")
    state: Mapped[str] = classified(_ROW, Text, nullable=False, server_default="waiting")
    starts: Mapped[int] = classified(_ROW, Integer, nullable=False, server_default="0")
    parked_on: Mapped[str | None] = classified(
        of_contact("user.unique_id.pseudonymous", retention=Retention.ITEM), Text
    )
    """The vendor's id of the message that this item speaks of and that is not known yet."""
    error_code: Mapped[str | None] = classified(_ROW, Text)
    error_message: Mapped[str | None] = classified(_ROW, Text)
    contact_id: Mapped[uuid.UUID | None] = classified(_ROW, Uuid)
    received_at: Mapped[dt.datetime] = classified(_ROW, Moment, nullable=False)
    processed_at: Mapped[dt.datetime | None] = classified(_ROW, Moment)


class Envelope(Base):
    """A call that could not be split or routed. Sealed under the installation's day key; operators see counts."""

    __tablename__ = "envelope"
    __table_args__ = {"schema": "ingest"}

    id: Mapped[uuid.UUID] = classified(_ROW, Uuid, primary_key=True)
    source: Mapped[str] = classified(_ROW, Text, nullable=False)
    fault: Mapped[str] = classified(_ROW, Text, nullable=False)
    payload: Mapped[bytes] = classified(
        sealed_content(Retention.ITEM, for_ai=False), LargeBinary, nullable=False
    )
    key_id: Mapped[uuid.UUID] = classified(_ROW, Uuid, nullable=False)
    received_at: Mapped[dt.datetime] = classified(_ROW, Moment, nullable=False)
