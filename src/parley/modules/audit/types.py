"""What crosses the border of the audit trail."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping
from typing import Any


@dataclasses.dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed: who did what to which object, and when."""

    id: uuid.UUID
    actor_type: str
    actor_id: uuid.UUID | None
    verb: str
    object_type: str
    object_id: uuid.UUID | None
    data: Mapping[str, Any]
    at: dt.datetime
