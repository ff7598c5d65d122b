"""Every router of the API, in one list. Part of the wiring; apart, because only the web process needs it."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.openapi.utils import get_openapi

from parley.modules.contacts import api as contacts_api
from parley.modules.conversations import api as conversations_api
from parley.modules.conversations import api_messages
from parley.modules.files import api as files_api
from parley.modules.inboxes import api as inboxes_api
from parley.modules.ingest import api as ingest_api
from parley.modules.realtime import api as realtime_api
from parley.modules.workspaces import api as workspaces_api

ROUTERS: Sequence[APIRouter] = (
    workspaces_api.router,
    inboxes_api.router,
    conversations_api.router,
    api_messages.router,
    contacts_api.router,
    ingest_api.router,
    files_api.router,
    realtime_api.router,
)


def api_document() -> dict[str, Any]:
    """Write the OpenAPI document of all routes, as the running API gives it out."""
    routes = [route for router in ROUTERS for route in router.routes]
    return get_openapi(title="Parley", version="1", routes=routes)
