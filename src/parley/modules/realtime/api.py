"""The routes of the event log: a stream, a long poll, and tickets for those who cannot send a cookie."""

import asyncio
import contextlib
from typing import Annotated

from fastapi import Depends, Query, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from parley.core.errors import AppError
from parley.core.scope import Scope
from parley.core.web.routes import api_router
from parley.modules.realtime.admission import PERMISSION, OriginError, admit
from parley.modules.realtime.errors import EventsExpiredError
from parley.modules.realtime.hub import Hub, Told
from parley.modules.realtime.schemas import EventsOut, TicketOut
from parley.modules.realtime.sockets import serve
from parley.modules.realtime.tickets import Tickets
from parley.modules.realtime.viewers import rights_of
from parley.modules.workspaces.deps import Caller, Res, allowed, find_scope
from parley.modules.workspaces.errors import UnauthenticatedError

LONGEST_WAIT = 30
_LOOK_AGAIN_SECONDS = 2.0
_LARGEST = 2**63 - 1
_BAD_QUERY, _NOT_SIGNED_IN, _BAD_ORIGIN = 4400, 4401, 4403

router = api_router("Events")


async def _hub(connection: HTTPConnection) -> Hub:
    found: Hub = connection.app.state.hub
    return found


TheHub = Annotated[Hub, Depends(_hub)]
After = Annotated[int | None, Query(ge=0, le=_LARGEST)]
Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT)]
Limit = Annotated[int, Query(ge=1, le=200)]


@router.post("/stream-tickets", status_code=201, **allowed(PERMISSION))
async def post_stream_ticket(scope: Caller, resources: Res) -> TicketOut:
    ticket, ends = Tickets(resources.root_key).write(scope)
    return TicketOut(ticket=ticket, expires_at=ends)


@router.get("/events", response_model=EventsOut, **allowed(PERMISSION))
async def get_events(
    request: Request,
    scope: Caller,
    resources: Res,
    hub: TheHub,
    after: After = None,
    wait: Wait = 25,
    limit: Limit = 100,
) -> Response:
    """Give what happened after a number, waiting up to `wait` seconds until something has.

    Without `after` it answers at once with the newest number: where a program begins that has just read the lists.
    """
    if after is None:
        newest = await hub.newest(scope.workspace_id)
        return Response(f'{{"frames":[],"seq":{newest}}}', media_type="application/json")
    ends = asyncio.get_running_loop().time() + wait
    with hub.listening(scope.workspace_id) as rung:
        told = await _visible(hub, scope, after, limit, after)
        while not told.texts and not hub.is_stopped:
            left = ends - asyncio.get_running_loop().time()
            if left <= 0:
                break
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, _LOOK_AGAIN_SECONDS)):
                    await rung.wait()
            rung.clear()
            _require_same(scope, await find_scope(request, resources))
            told = await _visible(hub, scope, told.seq, limit, after)
    body = f'{{"frames":[{",".join(told.texts)}],"seq":{told.seq}}}'
    return Response(body, media_type="application/json")


@router.websocket("/stream")
async def stream(
    websocket: WebSocket, resources: Res, hub: TheHub, after: str | None = None, ticket: str | None = None
) -> None:
    """Tell what happened after a number, or from now on, as it happens."""
    await websocket.accept()  # only then the browser can read why it is sent away
    try:
        scope, look = await admit(websocket, resources, ticket)
    except AppError as error:
        await websocket.close(_BAD_ORIGIN if isinstance(error, OriginError) else _NOT_SIGNED_IN)
        return
    newest = await hub.newest(scope.workspace_id)
    start = newest if after is None else _number(after)
    if start is None:
        await websocket.close(_BAD_QUERY)
        return
    await serve(websocket, hub, hub.join(scope, look, after=start), newest=newest)


stream.permission = PERMISSION  # type: ignore[attr-defined]  # where the list of routes looks for it; `admit` enforces it


async def _visible(hub: Hub, scope: Scope, after: int, limit: int, told: int) -> Told:
    while True:
        page = await hub.page(scope, after, limit, told=told)
        if page.texts or page.seq >= page.newest:
            return page
        after = page.seq


def _require_same(before: Scope, now: Scope | None) -> None:
    if now is None or not now.may(PERMISSION):
        raise UnauthenticatedError
    if rights_of(now) != rights_of(before):
        raise EventsExpiredError  # what was told under other rights is no base for what comes


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(_LARGEST))
    return int(text) if is_number and int(text) <= _LARGEST else None
