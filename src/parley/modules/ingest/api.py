"""The routes of items: what came in, what is in quarantine, replay."""

import uuid
from typing import Annotated, Any, Literal

from fastapi import Query
from pydantic import BaseModel
from starlette.responses import Response

from parley.core.web.answer import answer
from parley.core.web.cursor import Page, Paged, page_of
from parley.core.web.routes import api_router
from parley.modules.ingest.actions import replay_item
from parley.modules.ingest.queries import ItemView, get_item, list_items, open_item
from parley.modules.workspaces.deps import Caller, Res, Unit, allowed

router = api_router("items")


class ItemPage(Page[ItemView]):
    """Items, newest first."""


class ItemOut(BaseModel):
    """An item with its payload as the vendor sent it; null once that was erased."""

    item: ItemView
    payload: Any


@router.get("/items", response_model=ItemPage, **allowed("items.read"))
async def get_items(
    scope: Caller,
    tx: Unit,
    paging: Paged,
    state: Annotated[Literal["waiting", "processed", "quarantined", "parked"] | None, Query()] = None,
) -> Response:
    after = paging.after(uuid.UUID)
    rows = await list_items(tx, scope, state=state, limit=paging.limit, after=after[0] if after else None)
    items, following = page_of(rows, paging.limit, lambda row: (row.id,))
    return answer({"items": items, "next_cursor": following})


@router.get("/items/{item_id}", response_model=ItemOut, **allowed("items.read"))
async def get_one_item(item_id: uuid.UUID, scope: Caller, tx: Unit, res: Res) -> Response:
    return answer(await open_item(tx, res.sealer, scope, item_id))


@router.post("/items/{item_id}/replay", response_model=ItemView, **allowed("items.replay"))
async def post_replay(item_id: uuid.UUID, scope: Caller, tx: Unit) -> Response:
    await replay_item(tx, scope, item_id)
    return answer(await get_item(tx, scope, item_id))
