"""The columns that every tenant table begins with, and composite keys between tenant tables."""

import uuid
from typing import Any

from sqlalchemy import ForeignKeyConstraint, PrimaryKeyConstraint, Uuid
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP
from sqlalchemy.orm import Mapped, MappedColumn

from parley.core.personal_data import classified, technical

Moment = TIMESTAMP(timezone=True)
Json = JSONB(none_as_null=True)


def workspace_column() -> MappedColumn[Any]:
    """Declare the leading column of every tenant table."""
    return classified(technical(), Uuid, nullable=False, sort_order=-2)


class Tenant:
    """Mixed into every table that belongs to a workspace."""

    workspace_id: Mapped[uuid.UUID] = workspace_column()


class TenantRow(Tenant):
    """A tenant table whose rows have an id of their own; the key is (workspace_id, id)."""

    id: Mapped[uuid.UUID] = classified(technical(), Uuid, nullable=False, sort_order=-1)


def key(*columns: str) -> PrimaryKeyConstraint:
    """Make the primary key: the workspace first, then these columns."""
    return PrimaryKeyConstraint("workspace_id", *columns)


def refers(column: str, target: str, *, cascade: bool = False, schema: str = "app") -> ForeignKeyConstraint:
    """Refer to a row of the same workspace; no key of ours can ever reach into another one."""
    return ForeignKeyConstraint(
        ["workspace_id", column],
        [f"{schema}.{target}.workspace_id", f"{schema}.{target}.id"],
        ondelete="CASCADE" if cascade else None,
    )
