"""The routes of inboxes: which channels there are, live checks, connecting, mending, disconnecting.

A vendor is asked before the transaction begins, or after it has ended: no lock and no connection is held while
somebody else's server thinks. So what asks is a dependency that stands before `Unit`: they run in their order.
"""

import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from parley.core.errors import InvalidError
from parley.core.resources import Resources
from parley.core.web.answer import answer
from parley.core.web.cursor import Page
from parley.core.web.routes import api_router
from parley.modules.inboxes.actions import change_inbox, connect_inbox, disconnect_inbox, note_check
from parley.modules.inboxes.errors import InboxCheckFailedError, UnknownChannelError
from parley.modules.inboxes.ports import Connector
from parley.modules.inboxes.queries import get_inbox, is_any_connected, list_inboxes, settings_of
from parley.modules.inboxes.schemas import (
    ChannelOut,
    CheckIn,
    CheckOut,
    HookOut,
    InboxChangeIn,
    InboxIn,
    InboxOut,
    check_out,
    inbox_out,
)
from parley.modules.inboxes.types import CheckResult
from parley.modules.workspaces.deps import Caller, Res, Unit, allowed

router = api_router("inboxes")
_READ = allowed("inboxes.read")
_MANAGE = allowed("inboxes.manage")


class ChannelPage(Page[ChannelOut]):
    """The channels that this installation knows."""


class InboxPage(Page[InboxOut]):
    """The workspace's connected inboxes, by name."""


async def _connectors(request: Request) -> Mapping[str, Connector]:
    found: Mapping[str, Connector] = request.app.state.connectors
    return found


Connectors = Annotated[Mapping[str, Connector], Depends(_connectors)]
Asked = tuple[dict[str, str], CheckResult]
"""An inbox's settings, and what the vendor says to them."""


@router.get("/channels", response_model=ChannelPage, **_READ)
async def get_channels(connectors: Connectors) -> Response:
    items = []
    for connector in connectors.values():
        hook = connector.hook()
        items.append(
            ChannelOut(
                connector.channel,
                connector.label,
                connector.fields(),
                None if hook is None else HookOut(hook["url"], hook["verify_token"]),
            )
        )
    return answer({"items": items, "next_cursor": None})


@router.get("/inboxes", response_model=InboxPage, **_READ)
async def get_inboxes(scope: Caller, tx: Unit, connectors: Connectors) -> Response:
    items = [_out(view, connectors) for view in await list_inboxes(tx, scope)]
    return answer({"items": items, "next_cursor": None})


@router.get("/inboxes/{inbox_id}", response_model=InboxOut, **_READ)
async def get_one_inbox(inbox_id: uuid.UUID, scope: Caller, tx: Unit, connectors: Connectors) -> Response:
    return answer(_out(await get_inbox(tx, scope, inbox_id), connectors))


@router.post("/inboxes/check", response_model=CheckOut, **_MANAGE)
async def post_check(form: CheckIn, connectors: Connectors) -> Response:
    connector = _connector(connectors, form.channel)
    return answer(check_out(await connector.check(_complete(connector, form.settings))))


async def _asked_first(form: InboxIn, connectors: Connectors, _scope: Caller) -> CheckResult:
    connector = _connector(connectors, form.channel)
    return await connector.connect(_complete(connector, form.settings))


async def _asked_anew(
    inbox_id: uuid.UUID, form: InboxChangeIn, scope: Caller, res: Res, connectors: Connectors
) -> Asked | None:
    if not form.settings:
        return None
    async with res.database.workspace_tx(scope.workspace_id) as tx:
        channel, external_id, current = await settings_of(tx, res.sealer, inbox_id)
    settings = {**current, **{name: value for name, value in form.settings.items() if value}}
    checked = await _connector(connectors, channel).connect(settings)
    if not checked.is_ok or checked.external_id != external_id:
        raise InboxCheckFailedError(
            problems=[{"code": p.code, "message": p.message, "field": p.field} for p in checked.problems]
        )
    return settings, checked


async def _asked_again(inbox_id: uuid.UUID, scope: Caller, res: Res, connectors: Connectors) -> CheckResult:
    async with res.database.workspace_tx(scope.workspace_id) as tx:
        await get_inbox(tx, scope, inbox_id)
        channel, _, settings = await settings_of(tx, res.sealer, inbox_id)
    return await _connector(connectors, channel).check(settings)


@router.post("/inboxes", status_code=201, response_model=InboxOut, **_MANAGE)
async def post_inbox(
    form: InboxIn,
    scope: Caller,
    res: Res,
    checked: Annotated[CheckResult, Depends(_asked_first)],
    tx: Unit,
    connectors: Connectors,
) -> Response:
    connector = _connector(connectors, form.channel)
    inbox_id = await connect_inbox(
        tx,
        scope,
        res.sealer,
        channel=connector.channel,
        app=connector.app,
        name=form.name,
        settings=_complete(connector, form.settings),
        checked=checked,
    )
    return answer(_out(await get_inbox(tx, scope, inbox_id), connectors), 201)


@router.patch("/inboxes/{inbox_id}", response_model=InboxOut, **_MANAGE)
async def patch_inbox(
    inbox_id: uuid.UUID,
    form: InboxChangeIn,
    scope: Caller,
    res: Res,
    asked: Annotated[Asked | None, Depends(_asked_anew)],
    tx: Unit,
    connectors: Connectors,
) -> Response:
    settings, checked = asked or (None, None)
    await change_inbox(tx, scope, res.sealer, inbox_id, name=form.name, settings=settings, checked=checked)
    return answer(_out(await get_inbox(tx, scope, inbox_id), connectors))


@router.post("/inboxes/{inbox_id}/check", response_model=CheckOut, **_MANAGE)
async def post_inbox_check(
    inbox_id: uuid.UUID, checked: Annotated[CheckResult, Depends(_asked_again)], tx: Unit
) -> Response:
    await note_check(tx, inbox_id, checked)
    return answer(check_out(checked))


@router.delete("/inboxes/{inbox_id}", status_code=204, **_MANAGE)
async def delete_inbox(inbox_id: uuid.UUID, scope: Caller, res: Res, connectors: Connectors) -> None:
    async with res.database.workspace_tx(scope.workspace_id) as tx:
        view = await get_inbox(tx, scope, inbox_id)
        channel, _, settings = await settings_of(tx, res.sealer, inbox_id)
        connector = _connector(connectors, channel)
        await disconnect_inbox(tx, scope, view.id)
    if not await _is_shared(res, connector, settings):
        await connector.disconnect(settings)


async def _is_shared(res: Resources, connector: Connector, settings: Mapping[str, str]) -> bool:
    # Numbers of one account may belong to several workspaces. None may go deaf because another one leaves.
    ids = await connector.sharers(settings)
    if ids is None:
        return True
    async with res.database.installation_tx() as tx:
        return await is_any_connected(tx, connector.channel, connector.app, ids)


def _connector(connectors: Mapping[str, Connector], channel: str) -> Connector:
    if channel not in connectors:
        raise UnknownChannelError
    return connectors[channel]


def _complete(connector: Connector, settings: Mapping[str, str]) -> dict[str, str]:
    known = {field.name: field for field in connector.fields()}
    faults = {name: "This channel has no such field." for name in settings if name not in known}
    faults |= {
        name: f"{field.label} is missing."
        for name, field in known.items()
        if field.is_required and not settings.get(name)
    }
    if faults:
        raise InvalidError(fields=faults)
    return dict(settings)


def _out(view: Any, connectors: Mapping[str, Connector]) -> dict[str, Any]:
    return inbox_out(view, connectors[view.channel].capabilities())
