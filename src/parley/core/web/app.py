"""Puts the edge together: the API as one FastAPI application behind its walls, and the dispatcher in front of all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, FastAPI
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from parley.core.resources import Resources
from parley.core.web.access import Access, RequestCounters
from parley.core.web.body_cap import BodyCap
from parley.core.web.csrf import Csrf
from parley.core.web.pages import Pages
from parley.core.web.policy import EdgePolicy, edge_policy
from parley.core.web.problem import install_problems
from parley.core.web.routes import PREFIX
from parley.core.web.security import Security

Check = Callable[[], Awaitable[bool]]

log = structlog.get_logger()


def create_api(
    resources: Resources,
    routers: Sequence[APIRouter],
    *,
    version: str = "",
    pages: ASGIApp | None = None,
    state: Mapping[str, Any] | None = None,
) -> FastAPI:
    """Make the application of all routers, still without its walls.

    Handlers find the open house as `request.app.state.resources`; `state` are more names there. What no route
    matches goes to `pages`, by default the built console.
    """
    app = FastAPI(
        title="Parley",
        version=version or "1",
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
    )
    app.state.resources = resources
    for name, value in (state or {}).items():
        setattr(app.state, name, value)
    for router in routers:
        # Flat, because then matching is one walk and `route.path` is the whole template.
        app.router.routes.extend(router.routes)
    app.router.default = pages or Pages(edge_policy(resources.settings))
    install_problems(app)
    return app


def wall_in(app: ASGIApp, policy: EdgePolicy, counters: RequestCounters) -> ASGIApp:
    """Put the walls around an application, outermost: log, host and headers, forgery, size."""
    inner = BodyCap(app, policy)
    guarded = Csrf(inner, issues_at=frozenset({f"{PREFIX}/me"}))
    return Access(Security(guarded, policy), counters)


def front(
    api: ASGIApp,
    resources: Resources,
    *,
    hooks: ASGIApp | None = None,
    checks: Mapping[str, Check] | None = None,
    metrics: Callable[[], str] | None = None,
    counters: RequestCounters | None = None,
) -> ASGIApp:
    """Dispatch: `/hooks/*` to a lean application without walls, health and metrics here, all else to the API.

    `checks` are what `/readyz` asks: each answers whether one thing that the process needs is there; an exception is
    a no. `metrics` adds lines to this process's own in Prometheus' text format. Lifespan events go to the API.
    """
    counted = counters or RequestCounters()
    walled = wall_in(api, edge_policy(resources.settings), counted)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        if scope["type"] != "http":
            await (api if scope["type"] == "lifespan" else walled)(scope, receive, send)
        elif hooks is not None and path.startswith("/hooks/"):
            await hooks(scope, receive, send)
        elif path == "/healthz":
            await PlainTextResponse("ok\n")(scope, receive, send)
        elif path == "/readyz":
            await (await _ready(checks or {}))(scope, receive, send)
        elif path == "/metrics":
            text = counted.render() + (metrics() if metrics else "")
            await PlainTextResponse(text, media_type="text/plain; version=0.0.4")(scope, receive, send)
        else:
            await walled(scope, receive, send)

    return dispatch


async def _ready(checks: Mapping[str, Check]) -> Response:
    found: dict[str, bool] = {}
    for name, check in checks.items():
        try:
            found[name] = await check()
        except Exception as error:
            log.warning("web.not_ready", check=name, error=type(error).__name__)
            found[name] = False
    is_ready = all(found.values())
    body = orjson.dumps({"ready": is_ready, "checks": found})
    return Response(body, 200 if is_ready else 503, media_type="application/json")
