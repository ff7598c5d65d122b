"""Every route says who may call it, and means it."""

from fastapi import FastAPI
from tests.builders import Client, Office
from tests.conftest import SignIn

from parley.core.web.routes import PUBLIC, SIGNED_IN, permissions_of
from parley.modules.workspaces.permissions import PERMISSIONS_OF, ROLES_OF
from parley.modules.workspaces.types import Role

NOBODYS = "01900000-0000-7000-8000-000000000000"


def declared(app: FastAPI) -> list[tuple[str, str, str | None]]:
    return [
        entry
        for entry in permissions_of(app.routes)
        if not entry[1].endswith("/openapi.json") and entry[0] != "HEAD"
    ]


async def test_every_route_declares_a_permission_of_the_table(app: FastAPI) -> None:
    found = declared(app)
    assert len(found) > 20
    for method, path, permission in found:
        assert permission in {*ROLES_OF, PUBLIC, SIGNED_IN}, f"{method} {path} says {permission}"


async def test_nobody_who_is_not_signed_in_gets_past_a_declared_permission(
    app: FastAPI, client: Client
) -> None:
    for method, path, permission in declared(app):
        if permission == PUBLIC or method == "WS":
            continue
        response = await client.request(method, fill(path), json={} if method != "GET" else None)
        assert response.status_code == 401, f"{method} {path}: {response.status_code}"


async def test_no_role_gets_past_a_permission_that_it_lacks(
    app: FastAPI, office: Office, sign_in: SignIn
) -> None:
    for role in Role:
        browser = await sign_in(office.person(role))
        for method, path, permission in declared(app):
            if permission in {PUBLIC, SIGNED_IN, *PERMISSIONS_OF[role]} or method == "WS":
                continue
            response = await browser.request(method, fill(path), json={} if method != "GET" else None)
            assert response.status_code == 403, f"{role} {method} {path}: {response.status_code}"
            assert response.json()["code"] == "forbidden"


def fill(path: str) -> str:
    parts = path.split("/")
    return "/".join(NOBODYS if part.startswith("{") else part for part in parts)
