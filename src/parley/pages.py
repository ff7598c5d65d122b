"""The pages of a web process: the console, and in the demo two ways in, one for members and one to the phones.

`/demo/sign-in/{ticket}` signs in with one click. The ticket is derived from the root key, so that the link which
`bin/run` prints stays good over restarts and is known to nobody who cannot read the data folder. Outside the demo
these paths are pages like any other.
"""

import base64
import hmac
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from parley.core.db.tx import Tx
from parley.core.resources import Resources
from parley.core.rootkey import RootKey
from parley.core.settings import Settings
from parley.core.web.cookies import SESSION, session_cookie
from parley.core.web.pages import Pages
from parley.core.web.policy import EdgePolicy
from parley.modules.accounts.actions import end_session, start_session
from parley.modules.accounts.sessions import describe_device
from parley.modules.accounts.types import LIFETIME
from parley.modules.audit.actions import record
from parley.modules.workspaces.actions import member_scope, note_seen
from parley.modules.workspaces.types import Role

DEMO_SLUG: Final = "demo"
"""The short name of the demo's workspace."""
_SIGN_IN: Final = "/demo/sign-in/"
_PHONES: Final = "/sim"
_HOME: Final = "/inbox"
_FIRST_OF_ROLE: Final = """
SELECT id, user_id, role FROM app.member WHERE workspace_id = $1 AND role = $2 AND is_active
ORDER BY created_at, id LIMIT 1
"""


def sign_in_ticket(root_key: RootKey) -> str:
    """Derive the ticket of the one-click sign-in: 43 characters that stay the same as long as the root key does."""
    return base64.urlsafe_b64encode(root_key.derive("demo sign-in ticket")).decode().rstrip("=")


def sign_in_link(settings: Settings, root_key: RootKey) -> str:
    """Write the address that signs in with one click; `?as=manager` or `?as=agent` chooses somebody else."""
    return f"{settings.base_url}{_SIGN_IN}{sign_in_ticket(root_key)}"


def phones_url(settings: Settings) -> str:
    """Tell where the simulated phones are, for a person's browser."""
    return f"http://localhost:{settings.port + 1}{_PHONES}/"


def demo_pages(resources: Resources, policy: EdgePolicy) -> ASGIApp:
    """Make the application behind every address that is no route of the API."""
    console = Pages(policy)
    settings = resources.settings
    if not settings.is_demo:
        return console
    ticket = sign_in_ticket(resources.root_key)

    async def demo(scope: Scope, receive: Receive, send: Send) -> None:
        answer = await _answer(resources, ticket, Request(scope)) if scope["type"] == "http" else None
        await (answer or console)(scope, receive, send)

    return demo


async def _answer(resources: Resources, ticket: str, request: Request) -> Response | None:
    path = request.scope["path"]
    if path.startswith(_SIGN_IN):
        if request.method != "GET":  # whoever only looks at the link, as previews do, does not sign in
            raise HTTPException(405, headers={"Allow": "GET"})
        given = path.removeprefix(_SIGN_IN)
        if not hmac.compare_digest(given.encode(), ticket.encode()):
            raise HTTPException(404)
        return await _signed_in(resources, request)
    is_phone = path == _PHONES or path.startswith(f"{_PHONES}/")
    if is_phone and resources.settings.simulators and request.method in {"GET", "HEAD"}:
        return _to_the_phones(resources.settings, request)
    return None


def _to_the_phones(settings: Settings, request: Request) -> Response:
    rest = request.scope["path"].removeprefix(_PHONES).lstrip("/")
    query = request.url.query
    return RedirectResponse(f"{phones_url(settings)}{rest}{'?' + query if query else ''}", 307)


async def _signed_in(resources: Resources, request: Request) -> Response:
    async with resources.database.installation_tx() as tx:
        workspace_id = await tx.value("SELECT directory.workspace_by_slug($1)", DEMO_SLUG)
    if workspace_id is None:
        raise HTTPException(404)
    async with resources.database.workspace_tx(workspace_id) as tx:
        token = await _start_session(tx, request)
    return RedirectResponse(
        _HOME,
        303,
        {
            "Set-Cookie": session_cookie(token, max_age=int(LIFETIME.total_seconds())),
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        },
    )


async def _start_session(tx: Tx, request: Request) -> str:
    role = request.query_params.get("as", Role.OWNER)
    member = await tx.first(_FIRST_OF_ROLE, tx.workspace_id, role)
    if member is None:
        raise HTTPException(404)
    old = request.cookies.get(SESSION)
    if old:
        await end_session(tx, old)
    device = describe_device(request.headers.get("user-agent"))
    token = await start_session(tx, member.user_id, tx.workspace_id, device)
    scope = member_scope(tx.workspace_id, member.id, member.user_id, member.role)
    await note_seen(tx, tx.workspace_id, member.id)
    await record(tx, scope, "session.started", "member", member.id, way="demo_link")
    return token
