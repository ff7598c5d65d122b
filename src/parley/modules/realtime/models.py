"""Tables of the event log: what happened, first unnumbered, then in the workspace's own order."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Index, Text, Uuid
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Json, Moment, Tenant, TenantRow, key
from parley.core.personal_data import Base, Retention, classified, technical

_LOG = technical(Retention.EVENT_LOG)


class Outbox(Base, TenantRow):
    """A fact, written with the change it tells of; the relay numbers it and takes it away."""

    __tablename__ = "outbox"
    __table_args__ = (key("id"), {"schema": "app"})

    type: Mapped[str] = classified(_LOG, Text, nullable=False)
    ids: Mapped[dict[str, object]] = classified(_LOG, Json, nullable=False)
    at: Mapped[dt.datetime] = classified(_LOG, Moment, nullable=False)


class Event(Base, Tenant):
    """A fact with its number in the workspace; kept for seven days, so that clients can resume."""

    __tablename__ = "event"
    __table_args__ = (key("seq"), Index("event_age", "workspace_id", "at"), {"schema": "app"})

    seq: Mapped[int] = classified(_LOG, BigInteger, nullable=False)
    id: Mapped[uuid.UUID] = classified(_LOG, Uuid, nullable=False)
    type: Mapped[str] = classified(_LOG, Text, nullable=False)
    ids: Mapped[dict[str, object]] = classified(_LOG, Json, nullable=False)
    at: Mapped[dt.datetime] = classified(_LOG, Moment, nullable=False)
