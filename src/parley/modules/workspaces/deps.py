"""What every route of the house asks for: who calls, what they may, a transaction, the open resources.

    @router.get("/tags", **allowed("tags.read"))
    async def list_tags(scope: Caller, tx: Unit) -> ...

`allowed` is the one place where a route says its permission. `Unit` commits before the answer leaves, also the
answer that an Idempotency-Key repeats.
"""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.requests import HTTPConnection, cookie_parser

from parley.core.db.tx import Tx
from parley.core.ids import NIL
from parley.core.limits import RateLimits
from parley.core.resources import Resources
from parley.core.scope import Scope
from parley.core.web.cookies import SESSION
from parley.core.web.idempotency import claim_once
from parley.core.web.routes import SIGNED_IN, declared
from parley.modules.accounts.queries import resume
from parley.modules.accounts.sessions import describe_device
from parley.modules.accounts.throttle import Throttle
from parley.modules.workspaces.actions import member_scope, note_seen
from parley.modules.workspaces.actions_tokens import use_token
from parley.modules.workspaces.answers import Answers
from parley.modules.workspaces.errors import UnauthenticatedError
from parley.modules.workspaces.links import read_api_token
from parley.modules.workspaces.permissions import ROLES_OF
from parley.modules.workspaces.signing import Browser

_BEARER = "bearer "


async def scope_of_cookie(resources: Resources, cookie_header: str, *, is_seen: bool = True) -> Scope | None:
    """Find on whose behalf a request with this Cookie header acts; None when it is not signed in.

    `is_seen` False does not count as a sign of life of the person.
    """
    token = cookie_parser(cookie_header).get(SESSION)
    return await _scope_of_session(resources, token, is_seen=is_seen) if token else None


async def scope_of_token(resources: Resources, token: str) -> Scope | None:
    """Find what a request with this API token may do; None when the token is not good."""
    found = read_api_token(token)
    if found is None:
        return None
    workspace_id, secret = found
    async with resources.database.workspace_tx(workspace_id) as tx:
        return await use_token(tx, secret)


async def find_scope(request: HTTPConnection, resources: Resources, *, is_seen: bool = True) -> Scope | None:
    """Find who calls. A request with an Authorization header is that token's alone: its cookies are not looked at."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        return await scope_of_cookie(resources, request.headers.get("cookie", ""), is_seen=is_seen)
    if not authorization.lower().startswith(_BEARER):
        return None
    return await scope_of_token(resources, authorization[len(_BEARER) :].strip())


async def _resources(request: HTTPConnection) -> Resources:
    found: Resources = request.app.state.resources
    return found


Res = Annotated[Resources, Depends(_resources)]
"""The open house of this process."""


async def _caller(request: HTTPConnection, resources: Res) -> Scope:
    scope = await find_scope(request, resources)
    if scope is None:
        raise UnauthenticatedError
    return scope


Caller = Annotated[Scope, Depends(_caller)]
"""Who calls; 401 when nobody does."""


async def _unit(request: Request, scope: Caller, resources: Res) -> AsyncIterator[Tx]:
    async with resources.database.workspace_tx(scope.workspace_id) as tx:
        await claim_once(request, Answers(resources.sealer), tx, scope.actor.id or NIL)
        yield tx


Unit = Annotated[Tx, Depends(_unit, scope="function")]
"""A transaction of the caller's workspace; commits when the function has returned and before anything is sent."""


def allowed(permission: str) -> dict[str, Any]:
    """Say and enforce that a route takes this permission: `@router.get("/tags", **allowed("tags.read"))`."""
    if permission not in ROLES_OF:
        raise LookupError(f"{permission} is not in the table of permissions")

    async def guard(scope: Caller) -> None:
        scope.require(permission)

    return declared(permission, guard)


def signed_in() -> dict[str, Any]:
    """Say and enforce that a route is for everybody who is signed in, because it concerns them alone."""
    return declared(SIGNED_IN, _caller)


async def _browser(request: Request) -> Browser:
    return Browser(
        address=request.client.host if request.client else "",
        device=describe_device(request.headers.get("user-agent")),
        old_token=request.cookies.get(SESSION),
    )


CallerBrowser = Annotated[Browser, Depends(_browser)]
"""Where the caller sits: network address, device, present session."""


async def _throttle(request: Request, resources: Res) -> Throttle:
    state = request.app.state
    if not hasattr(state, "throttle"):
        state.throttle = Throttle(RateLimits(resources.settings.redis_url))
    found: Throttle = state.throttle
    return found


SignInThrottle = Annotated[Throttle, Depends(_throttle)]


async def _scope_of_session(resources: Resources, token: str, *, is_seen: bool) -> Scope | None:
    async with resources.database.installation_tx() as tx:
        found = await resume(tx, token, is_seen=is_seen)
        if found is None or found.workspace_id is None or found.member_id is None or found.role is None:
            return None
        if found.is_due:
            await note_seen(tx, found.workspace_id, found.member_id)
        return member_scope(found.workspace_id, found.member_id, found.profile.id, found.role)
