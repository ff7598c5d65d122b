"""The route of the audit trail. It is here because the trail itself lies below everything that knows who calls."""

import datetime as dt
import uuid
from typing import Any

from pydantic import BaseModel

from parley.core.web.cursor import Page, Paged, page_of
from parley.core.web.routes import api_router
from parley.modules.audit.queries import list_entries
from parley.modules.workspaces.deps import Caller, Unit, allowed

router = api_router("audit")


class AuditEntryOut(BaseModel):
    id: uuid.UUID
    actor_type: str
    actor_id: uuid.UUID | None
    verb: str
    object_type: str
    object_id: uuid.UUID | None
    data: dict[str, Any]
    at: dt.datetime


@router.get("/audit", response_model=Page[AuditEntryOut], **allowed("audit.read"))
async def get_audit(scope: Caller, tx: Unit, paging: Paged, object_id: uuid.UUID | None = None) -> Any:
    before = paging.after(dt.datetime, uuid.UUID)
    rows = await list_entries(tx, scope, limit=paging.limit + 1, before=before, object_id=object_id)
    items, next_cursor = page_of(rows, paging.limit, lambda entry: (entry.at, entry.id))
    return {"items": items, "next_cursor": next_cursor}
