"""Every route of the API: it says its permission, every role gets what the table says, and other workspaces get nothing.

`CALLS` has a row for each route with an id or a body; a new route without a row fails the test.
"""

import dataclasses
import re
import uuid
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.builders import Client, make_token
from tests.shop import Shop, open_shop
from tests.test_attacks import live_a_little

from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.core.web.routes import PREFIX, PUBLIC, SIGNED_IN, permissions_of
from parley.modules.workspaces.permissions import ROLES_OF
from parley.modules.workspaces.types import Role
from parley.routes import ROUTERS

ROUTES = [route for router in ROUTERS for route in permissions_of(router.routes)]
NOBODY = "00000000-0000-7000-8000-00000000dead"

CALLS: dict[str, Any] = {
    "PATCH /members/{member_id}": {"role": "agent"},
    "POST /members/invitations": {"email": "someone@example.org", "role": "agent"},
    "DELETE /members/invitations/{invitation_id}": None,
    "POST /teams": {"name": "Night shift"},
    "PUT /teams/{team_id}/members": {"member_ids": []},
    "DELETE /teams/{team_id}": None,
    "POST /api-tokens": {"name": "till", "role": "agent"},
    "DELETE /api-tokens/{token_id}": None,
    "GET /inboxes/{inbox_id}": None,
    "POST /inboxes/check": {"channel": "none", "settings": {}},
    "POST /inboxes": {"channel": "none", "name": "x", "settings": {}},
    "PATCH /inboxes/{inbox_id}": {"name": "Renamed"},
    "POST /inboxes/{inbox_id}/check": {},
    "DELETE /inboxes/{inbox_id}": None,
    "GET /conversations/{conversation_id}": None,
    "GET /conversations/{conversation_id}/timeline": None,
    "GET /conversations/{conversation_id}/messages": None,
    "PUT /conversations/{conversation_id}/assignee": {"member_id": None},
    "PUT /conversations/{conversation_id}/team": {"team_id": None},
    "PUT /conversations/{conversation_id}/priority": {"priority": "high"},
    "PUT /conversations/{conversation_id}/tags": {"tag_ids": []},
    "POST /conversations/{conversation_id}/close": {},
    "POST /conversations/{conversation_id}/reopen": {},
    "POST /conversations/{conversation_id}/snooze": {"until": "2099-01-01T00:00:00Z"},
    "POST /conversations/{conversation_id}/read": {},
    "POST /conversations/{conversation_id}/unread": {},
    "POST /conversations/{conversation_id}/typing": {},
    "DELETE /conversations/{conversation_id}": None,
    "POST /conversations/{conversation_id}/messages": {"text": "Hi", "client_id": NOBODY},
    "POST /conversations/{conversation_id}/notes": {"text": "Hm", "client_id": NOBODY},
    "PUT /messages/{message_id}/reaction": {"emoji": "👍"},
    "POST /messages/{message_id}/retry": {},
    "GET /messages/{message_id}/life": None,
    "POST /tags": {"name": "vip", "color": "blue"},
    "GET /contacts/{contact_id}": None,
    "PATCH /contacts/{contact_id}": {"name": "Renamed"},
    "GET /contacts/{contact_id}/identities": None,
    "GET /items/{item_id}": None,
    "POST /items/{item_id}/replay": {},
    "POST /files": None,
    "POST /stream-tickets": {},
}


@dataclasses.dataclass(slots=True)
class Ids:
    """One id of everything in the shop."""

    by_name: dict[str, str]

    def path(self, template: str, *, of_nobody: bool = False) -> str:
        return re.sub(r"\{(\w+)\}", lambda m: NOBODY if of_nobody else self.by_name[m[1]], template)


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house) as opened:
        await live_a_little(opened)
        yield opened


def test_every_route_says_who_may_call_it() -> None:
    assert [(method, path) for method, path, permission in ROUTES if permission is None] == []
    assert {p for *_, p in ROUTES} <= {PUBLIC, SIGNED_IN, *ROLES_OF}


def test_every_route_with_an_id_or_a_body_is_attacked() -> None:
    wanted = {
        f"{method} {path.removeprefix(PREFIX)}"
        for method, path, permission in ROUTES
        if permission not in {PUBLIC, SIGNED_IN} and (method not in {"GET", "WS"} or "{" in path)
    }
    assert wanted - set(CALLS) == set()
    assert set(CALLS) - wanted == set()


async def test_another_workspace_gets_for_real_ids_what_it_gets_for_made_up_ones(
    shop: Shop, other_office: Any, house: Resources
) -> None:
    ids = await _ids(shop)
    stranger = Client(shop.base_url, token=await make_token(house, other_office, Role.OWNER))
    for call, body in CALLS.items():
        method, template = call.split(" ")
        if "{" not in template:
            continue
        real = await _call(stranger, method, ids.path(template), body)
        made_up = await _call(stranger, method, ids.path(template, of_nobody=True), body)
        assert real.status_code == 404, f"{call}: {real.status_code} {real.text}"
        assert _without_ids(real.text) == _without_ids(made_up.text), call
    await stranger.aclose()


@pytest.mark.parametrize("role", list(Role))
async def test_each_role_may_do_what_the_table_says(shop: Shop, house: Resources, role: Role) -> None:
    ids = await _ids(shop)
    program = Client(shop.base_url, token=await make_token(house, shop.office, role))
    for method, path, permission in ROUTES:
        if permission in {PUBLIC, SIGNED_IN} or method == "WS":
            continue
        template = path.removeprefix(PREFIX)
        is_allowed = role in ROLES_OF[str(permission)]
        # Made-up ids, so that what is allowed changes nothing for the next call.
        response = await _call(
            program, method, ids.path(template, of_nobody=True), CALLS.get(f"{method} {template}")
        )
        refused = response.status_code == 403 and response.json()["code"] == "forbidden"
        assert refused is not is_allowed, (
            f"{role} {method} {template}: {response.status_code} {response.text[:200]}"
        )
    await program.aclose()


async def test_nobody_signed_in_gets_nothing(shop: Shop) -> None:
    nobody = Client(shop.base_url, token="parley_not-a-token")
    for method, path, permission in ROUTES:
        if permission == PUBLIC or method == "WS":
            continue
        template = path.removeprefix(PREFIX)
        made_up = re.sub(r"\{\w+\}", NOBODY, template)
        response = await _call(nobody, method, made_up, CALLS.get(f"{method} {template}", {}))
        assert response.status_code == 401, f"{method} {template}: {response.status_code}"
    await nobody.aclose()


async def _call(client: Client, method: str, path: str, body: Any) -> Any:
    if path == "/files":
        return await client.request(method, path, files={"file": ("a.txt", b"hello", "text/plain")})
    if method in {"GET", "DELETE"}:
        # The long poll would wait for an event that nobody causes.
        return await client.request(method, path, params={"wait": "0"} if path == "/events" else None)
    fresh = {**(body or {})}
    if "client_id" in fresh:
        fresh["client_id"] = str(new_id())
    return await {"POST": client.post, "PUT": client.put, "PATCH": client.patch}[method](path, fresh)


async def _ids(shop: Shop) -> Ids:
    async with shop.house.database.workspace_tx(shop.office.workspace_id) as tx:
        found = {
            "conversation_id": await tx.value(
                "SELECT id FROM app.conversation WHERE workspace_id = $1", tx.workspace_id
            ),
            "message_id": await tx.value(
                "SELECT id FROM app.message WHERE workspace_id = $1 AND direction = 'out'", tx.workspace_id
            ),
            "contact_id": await tx.value(
                "SELECT id FROM app.contact WHERE workspace_id = $1", tx.workspace_id
            ),
            "inbox_id": shop.inbox_id,
            "member_id": shop.office.agent.member_id,
            "team_id": await tx.value("SELECT id FROM app.team WHERE workspace_id = $1", tx.workspace_id),
            "invitation_id": await tx.value(
                "SELECT id FROM app.invitation WHERE workspace_id = $1", tx.workspace_id
            ),
            "token_id": await tx.value(
                "SELECT id FROM app.api_token WHERE workspace_id = $1", tx.workspace_id
            ),
            "item_id": await tx.value("SELECT id FROM ingest.item WHERE workspace_id = $1", tx.workspace_id),
        }
    assert all(isinstance(value, uuid.UUID) for value in found.values()), found
    return Ids({name: str(value) for name, value in found.items()})


def _without_ids(text: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", text)
