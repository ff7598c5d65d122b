"""Who may open a stream: a browser that is signed in and on our own page, an API token, or the bearer of a ticket."""

from collections.abc import Set as AbstractSet

from starlette.requests import HTTPConnection

from parley.core import clock
from parley.core.errors import AppError, NotFoundError
from parley.core.resources import Resources
from parley.core.scope import Actor, Scope
from parley.core.settings import Settings
from parley.modules.realtime.tickets import Ticket, Tickets
from parley.modules.realtime.viewers import Revalidate
from parley.modules.workspaces.actions import member_scope
from parley.modules.workspaces.deps import find_scope
from parley.modules.workspaces.errors import UnauthenticatedError
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.queries import get_member, get_token

PERMISSION = "events.read"


class OriginError(AppError):
    """The page that opens the stream is not ours, so the browser's cookie counts for nothing."""

    code = "origin_refused"
    status = 403
    message = "Streams can only be opened from Parley's own pages, or with a ticket or an API token."


def origins_of(settings: Settings) -> AbstractSet[str]:
    """List the values of Origin that are our own pages; outside production that is any name of this machine."""
    if settings.mode == "production":
        return frozenset({settings.base_url})
    names = ("localhost", "127.0.0.1", "[::1]")
    return frozenset({settings.base_url, *(f"http://{name}:{settings.port}" for name in names)})


async def admit(
    connection: HTTPConnection, resources: Resources, ticket: str | None
) -> tuple[Scope, Revalidate]:
    """Find on whose behalf a stream is opened, and how to look that up again later.

    A ticket counts alone. A cookie counts only from our own page, since browsers send it along from any page and no
    other wall holds for sockets (RFC 6455, section 10.2). Raises `UnauthenticatedError`, `TicketError`,
    `OriginError` or `ForbiddenError`.
    """
    if ticket is not None:
        bearer = Tickets(resources.root_key).read(ticket)

        async def look() -> Scope | None:
            return _able(await _scope_of(resources, bearer))
    else:
        is_own = connection.headers.get("origin", "") in origins_of(resources.settings)
        if not is_own and "authorization" not in connection.headers:
            raise OriginError

        async def look() -> Scope | None:
            return _able(await find_scope(connection, resources, is_seen=False))

    scope = await look()
    if scope is None:
        raise UnauthenticatedError
    return scope, look


def _able(scope: Scope | None) -> Scope | None:
    return scope if scope is not None and scope.may(PERMISSION) else None


async def _scope_of(resources: Resources, ticket: Ticket) -> Scope | None:
    assert ticket.actor.id is not None
    looking = Scope(ticket.workspace_id, Actor("system"), frozenset({"members.read", "tokens.manage"}))
    async with resources.database.workspace_tx(ticket.workspace_id) as tx:
        try:
            if ticket.actor.type == "member":
                member = await get_member(tx, looking, ticket.actor.id)
                if not member.is_active:
                    return None
                return member_scope(ticket.workspace_id, member.id, member.user_id, member.role)
            token = await get_token(tx, looking, ticket.actor.id)
        except NotFoundError:
            return None
    if token.expires_at is not None and token.expires_at <= clock.now():
        return None
    return Scope(ticket.workspace_id, ticket.actor, PERMISSIONS_OF[token.role], None, str(token.role))
