"""How a route is declared: under /api/v1, by a name of its own, with the permission that it takes.

One line per route says who may call it, and the same line enforces it. A test walks over all routes and fails for
one that says nothing.
"""

from collections.abc import Callable, Iterator
from typing import Any

from fastapi import APIRouter, Depends
from fastapi.routing import APIRoute, APIWebSocketRoute
from starlette.routing import BaseRoute

from parley.core.web.idempotency import OnceRoute

PREFIX = "/api/v1"
PERMISSION = "x-permission"
PUBLIC = "public"
"""Anybody may call it, signed in or not."""
SIGNED_IN = "signed_in"
"""Every member and token may call it: it concerns the caller alone."""


def api_router(tag: str) -> APIRouter:
    """Make a module's router: paths begin after /api/v1, operations are named like their functions."""
    return APIRouter(
        prefix=PREFIX,
        tags=[tag],
        route_class=OnceRoute,
        generate_unique_id_function=lambda route: route.name,
    )


def declared(permission: str, *guards: Callable[..., Any]) -> dict[str, Any]:
    """Give the arguments of a route decorator that say and enforce who may call it."""
    return {
        "dependencies": [Depends(guard) for guard in guards],
        "openapi_extra": {PERMISSION: permission},
    }


def public() -> dict[str, Any]:
    """Declare that anybody may call the route: `@router.post("/auth/sign-in", **public())`."""
    return declared(PUBLIC)


def permissions_of(routes: list[BaseRoute]) -> Iterator[tuple[str, str, str | None]]:
    """Walk over the routes as `(method, path, permission)`; the permission is None where none is declared."""
    for route in routes:
        if isinstance(route, APIRoute):
            permission = (route.openapi_extra or {}).get(PERMISSION)
            for method in sorted(route.methods or ()):
                yield method, route.path, permission
        elif isinstance(route, APIWebSocketRoute):
            yield "WS", route.path, getattr(route.endpoint, "permission", None)
