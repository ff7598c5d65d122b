"""The routes of contacts."""

import datetime as dt
import uuid
from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, ConfigDict, StringConstraints
from starlette.responses import Response

from parley.core.web.answer import answer
from parley.core.web.cursor import Page, Paged, page_of
from parley.core.web.routes import api_router
from parley.modules.contacts.actions import rename_contact
from parley.modules.contacts.queries import get_contact, list_contacts
from parley.modules.contacts.types import ContactView, IdentityView
from parley.modules.workspaces.deps import Caller, Unit, allowed

router = api_router("contacts")


class ContactPage(Page[ContactView]):
    """Contacts, newest first."""


class IdentityPage(Page[IdentityView]):
    """A contact's addresses, oldest first."""


class ContactIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


@router.get("/contacts", response_model=ContactPage, **allowed("contacts.read"))
async def get_contacts(
    scope: Caller, tx: Unit, paging: Paged, q: Annotated[str | None, Query(max_length=120)] = None
) -> Response:
    after = paging.after(dt.datetime, uuid.UUID)
    cursor = None if after is None or None in after else (after[0], after[1])
    rows = await list_contacts(tx, scope, text=q, limit=paging.limit, after=cursor)
    items, following = page_of(rows, paging.limit, lambda row: (row.created_at, row.id))
    return answer({"items": items, "next_cursor": following})


@router.get("/contacts/{contact_id}", response_model=ContactView, **allowed("contacts.read"))
async def get_one_contact(contact_id: uuid.UUID, scope: Caller, tx: Unit) -> Response:
    return answer(await get_contact(tx, scope, contact_id))


@router.patch("/contacts/{contact_id}", response_model=ContactView, **allowed("contacts.write"))
async def patch_contact(contact_id: uuid.UUID, form: ContactIn, scope: Caller, tx: Unit) -> Response:
    await rename_contact(tx, scope, contact_id, form.name)
    return answer(await get_contact(tx, scope, contact_id))


@router.get("/contacts/{contact_id}/identities", response_model=IdentityPage, **allowed("contacts.read"))
async def get_identities(contact_id: uuid.UUID, scope: Caller, tx: Unit) -> Response:
    found = await get_contact(tx, scope, contact_id)
    return answer({"items": found.identities, "next_cursor": None})
