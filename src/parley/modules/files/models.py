"""Tables of sealed objects."""

import datetime as dt
import uuid

from sqlalchemy import BigInteger, Index, LargeBinary, Text, Uuid
from sqlalchemy.orm import Mapped

from parley.core.db.columns import Moment, TenantRow, key
from parley.core.personal_data import Base, Retention, classified, of_member, sealed_content, technical

_CONTENT = technical(Retention.CONTENT)


class File(Base, TenantRow):
    """One sealed object in the storage. `key_id` names the key; the bytes are never in the database."""

    __tablename__ = "file"
    __table_args__ = (
        key("id"),
        Index("file_object", "workspace_id", "storage_key"),
        {"schema": "app"},
    )

    storage_key: Mapped[str] = classified(_CONTENT, Text, nullable=False)
    key_id: Mapped[uuid.UUID] = classified(_CONTENT, Uuid, nullable=False)
    name: Mapped[bytes | None] = classified(sealed_content(), LargeBinary)
    media_type: Mapped[str] = classified(_CONTENT, Text, nullable=False)
    size: Mapped[int] = classified(_CONTENT, BigInteger, nullable=False)
    uploaded_by: Mapped[uuid.UUID | None] = classified(of_member(), Uuid)
    created_at: Mapped[dt.datetime] = classified(_CONTENT, Moment, nullable=False)
