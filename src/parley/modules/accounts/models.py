"""People who sign in. Owned by a role of its own; the app reaches these tables only through narrow functions."""

import datetime as dt
import uuid

from sqlalchemy import ForeignKey, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Moment
from parley.core.personal_data import Base, Retention, classified, of_user, technical


class User(Base):
    """One person, in any number of workspaces."""

    __tablename__ = "user"
    __table_args__ = {"schema": "accounts"}

    id: Mapped[uuid.UUID] = classified(of_user("user.unique_id"), Uuid, primary_key=True)
    email: Mapped[str] = classified(of_user("user.contact.email"), Text, nullable=False, unique=True)
    name: Mapped[str] = classified(of_user("user.name"), Text, nullable=False)
    locale: Mapped[str] = classified(of_user("user.preferences"), Text, nullable=False, server_default="en")
    time_zone: Mapped[str] = classified(of_user("user.location"), Text, nullable=False, server_default="UTC")
    is_active: Mapped[bool] = classified(technical(Retention.ACCOUNT), nullable=False, server_default="true")
    created_at: Mapped[dt.datetime] = classified(of_user("user.behavior"), Moment, nullable=False)
    signed_in_at: Mapped[dt.datetime | None] = classified(of_user("user.behavior"), Moment)


class Credential(Base):
    """A way to prove who one is; for a password: bcrypt over a keyed hash, never the password."""

    __tablename__ = "credential"
    __table_args__ = {"schema": "accounts"}

    user_id: Mapped[uuid.UUID] = classified(
        of_user("user.unique_id"), Uuid, ForeignKey("accounts.user.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = classified(technical(Retention.ACCOUNT), Text, primary_key=True)
    secret: Mapped[str] = classified(of_user("user.authorization.credentials"), Text, nullable=False)
    changed_at: Mapped[dt.datetime] = classified(technical(Retention.ACCOUNT), Moment, nullable=False)


class Session(Base):
    """A browser that is signed in; only the hash of its cookie is kept."""

    __tablename__ = "session"
    __table_args__ = {"schema": "accounts"}

    hash: Mapped[bytes] = classified(of_user("user.authorization.credentials"), LargeBinary, primary_key=True)
    user_id: Mapped[uuid.UUID] = classified(
        of_user("user.unique_id"),
        Uuid,
        ForeignKey("accounts.user.id", ondelete="CASCADE"),
        nullable=False,
        index=True,
    )
    workspace_id: Mapped[uuid.UUID | None] = classified(technical(Retention.ACCOUNT), Uuid)
    created_at: Mapped[dt.datetime] = classified(of_user("user.behavior"), Moment, nullable=False)
    seen_at: Mapped[dt.datetime] = classified(of_user("user.behavior"), Moment, nullable=False)
    expires_at: Mapped[dt.datetime] = classified(technical(Retention.ACCOUNT), Moment, nullable=False)
    device: Mapped[str | None] = classified(of_user("user.device", retention=Retention.SECURITY_LOG), Text)
