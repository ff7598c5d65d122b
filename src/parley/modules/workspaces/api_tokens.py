"""The routes of API tokens."""

import datetime as dt
import uuid
from typing import Any

from parley.core.web.cursor import Page
from parley.core.web.routes import api_router
from parley.modules.workspaces.actions_tokens import create_token, revoke_token
from parley.modules.workspaces.deps import Caller, Unit, allowed
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.queries import get_token, list_tokens
from parley.modules.workspaces.schemas import NewTokenOut, TokenIn, TokenOut, fields_of
from parley.modules.workspaces.types import TokenView

router = api_router("API tokens")


@router.get("/api-tokens", **allowed("tokens.manage"))
async def get_tokens(scope: Caller, tx: Unit) -> Page[TokenOut]:
    return Page(items=[TokenOut(**_fields(token)) for token in await list_tokens(tx, scope)])


@router.post("/api-tokens", status_code=201, **allowed("tokens.manage"))
async def post_token(form: TokenIn, scope: Caller, tx: Unit) -> NewTokenOut:
    lifetime = None if form.expires_in_days is None else dt.timedelta(days=form.expires_in_days)
    token_id, secret = await create_token(tx, scope, name=form.name, role=form.role, lifetime=lifetime)
    return NewTokenOut(**_fields(await get_token(tx, scope, token_id)), secret=secret)


@router.delete("/api-tokens/{token_id}", status_code=204, **allowed("tokens.manage"))
async def delete_token(token_id: uuid.UUID, scope: Caller, tx: Unit) -> None:
    await revoke_token(tx, scope, token_id)


def _fields(token: TokenView) -> dict[str, Any]:
    return {**fields_of(token), "scopes": sorted(PERMISSIONS_OF[token.role])}
