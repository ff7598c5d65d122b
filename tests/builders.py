"""What tests begin with: workspaces, people of every role, browsers that are signed in, tokens.

Everything is made through the product's own actions, but passwords are hashed once and cheaply.
"""

import dataclasses
import itertools
import json
import uuid
from collections.abc import Mapping
from http.cookies import SimpleCookie
from typing import Any

import httpx

from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.core.scope import Actor, Scope
from parley.core.web.cookies import CSRF, SESSION
from parley.modules.accounts.actions import create_user, start_session
from parley.modules.accounts.passwords import hash_password
from parley.modules.workspaces.actions import add_member, create_workspace, member_scope
from parley.modules.workspaces.actions_tokens import create_token
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.types import Role

PASSWORD = "correct horse battery"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_numbers = itertools.count(1)
_secrets: dict[int, str] = {}


@dataclasses.dataclass(frozen=True, slots=True)
class Person:
    """A user, and the member that they are in one workspace."""

    user_id: uuid.UUID
    email: str
    name: str
    scope: Scope

    @property
    def member_id(self) -> uuid.UUID:
        assert self.scope.member_id is not None
        return self.scope.member_id


@dataclasses.dataclass(frozen=True, slots=True)
class Office:
    """A workspace with one person of every role."""

    workspace_id: uuid.UUID
    name: str
    slug: str
    owner: Person
    admin: Person
    manager: Person
    agent: Person

    def person(self, role: Role | str) -> Person:
        """Give the person of this role."""
        found = getattr(self, str(role))
        assert isinstance(found, Person)
        return found


def scope_as(workspace_id: uuid.UUID, role: Role | str = Role.OWNER) -> Scope:
    """Make a scope with a role's permissions for which there is no row; enough for most actions."""
    return Scope(workspace_id, Actor("member", new_id()), PERMISSIONS_OF[role], new_id(), str(role))


async def make_user(house: Resources, *, name: str = "", email: str = "") -> tuple[uuid.UUID, str, str]:
    """Make a person whose password is `PASSWORD`; gives id, email, name."""
    number = next(_numbers)
    name = name or f"Person {number}"
    email = email or f"person-{number}-{new_id().hex[-6:]}@example.org"
    async with house.database.installation_tx() as tx:
        user_id = await create_user(tx, email=email, name=name, secret=await _secret(house))
    return user_id, email, name


async def make_person(
    house: Resources, workspace_id: uuid.UUID, role: Role | str, *, name: str = "", email: str = ""
) -> Person:
    """Make a new user a member of a workspace."""
    user_id, email, name = await make_user(house, name=name, email=email)
    return await join(house, workspace_id, Person(user_id, email, name, scope_as(workspace_id)), role)


async def join(house: Resources, workspace_id: uuid.UUID, person: Person, role: Role | str) -> Person:
    """Make an existing user a member of a workspace too."""
    async with house.database.workspace_tx(workspace_id) as tx:
        scope = await add_member(tx, user_id=person.user_id, display_name=person.name, role=Role(role))
    return dataclasses.replace(person, scope=scope)


async def make_office(house: Resources, name: str = "") -> Office:
    """Make a workspace with an owner, an admin, a manager and an agent."""
    workspace_id = new_id()
    name = name or f"Office {next(_numbers)}"
    async with house.database.workspace_tx(workspace_id) as tx:
        slug = await create_workspace(tx, name=name)
    people = {role.value: await make_person(house, workspace_id, role) for role in Role}
    return Office(workspace_id, name, slug, **people)


async def make_token(house: Resources, office: Office, role: Role | str = Role.OWNER) -> str:
    """Make an API token with a role's permissions."""
    async with house.database.workspace_tx(office.workspace_id) as tx:
        _, token = await create_token(
            tx, office.owner.scope, name="a program", role=Role(role), lifetime=None
        )
    return token


async def session_of(house: Resources, person: Person) -> str:
    """Start a session and give its cookie's value."""
    async with house.database.workspace_tx(person.scope.workspace_id) as tx:
        return await start_session(tx, person.user_id, person.scope.workspace_id, "Firefox on Linux")


def member_scope_of(person: Person, role: Role | str) -> Scope:
    """Give the scope that this person would have in another role."""
    return member_scope(person.scope.workspace_id, person.member_id, person.user_id, role)


class Client:
    """A browser as far as the API sees one: keeps `__Host-` cookies over http, sends the token against forgery.

    With a `token` it is a program: no cookies, a bearer. Paths may leave out /api/v1.
    """

    def __init__(self, base_url: str, *, token: str | None = None) -> None:
        self.base_url = base_url
        self.cookies: dict[str, str] = {}
        self.token = token
        self._http = httpx.AsyncClient(base_url=base_url, timeout=30, trust_env=False)

    @property
    def session(self) -> str | None:
        """Tell the session cookie's value."""
        return self.cookies.get(SESSION)

    async def request(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        """Send one request as our own page would; `headers` win over everything."""
        is_page = options.pop("is_page", False)
        if not is_page and not path.startswith("/api/"):
            path = f"/api/v1{path}"
        response = await self._http.request(
            method, path, headers={**self._headers(method), **(headers or {})}, **options
        )
        self._keep(response)
        return response

    async def get(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("GET", path, **options)

    async def post(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return await self.request("POST", path, **_with_body(body, options))

    async def put(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return await self.request("PUT", path, **_with_body(body, options))

    async def patch(self, path: str, body: Any = None, **options: Any) -> httpx.Response:
        return await self.request("PATCH", path, **_with_body(body, options))

    async def delete(self, path: str, **options: Any) -> httpx.Response:
        return await self.request("DELETE", path, **options)

    async def page(self, path: str, **options: Any) -> httpx.Response:
        """Ask for a page instead of the API."""
        return await self.request("GET", path, is_page=True, **options)

    async def aclose(self) -> None:
        await self._http.aclose()

    def _headers(self, method: str) -> dict[str, str]:
        if self.token is not None:
            return {"Authorization": f"Bearer {self.token}"}
        headers = {"Sec-Fetch-Site": "same-origin", "User-Agent": FIREFOX}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if method not in {"GET", "HEAD"} and CSRF in self.cookies:
            headers["X-CSRF-Token"] = self.cookies[CSRF]
        return headers

    def _keep(self, response: httpx.Response) -> None:
        for line in response.headers.get_list("set-cookie"):
            for name, morsel in SimpleCookie(line).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def _with_body(body: Any, options: dict[str, Any]) -> dict[str, Any]:
    if "files" in options or "content" in options:
        return options
    content = json.dumps({} if body is None else body, default=str)
    headers = {"Content-Type": "application/json", **(options.pop("headers", None) or {})}
    return {**options, "content": content, "headers": headers}


async def _secret(house: Resources) -> str:
    key = id(house.root_key)
    if key not in _secrets:
        _secrets[key] = await hash_password(house.root_key, PASSWORD, cost=4)
    return _secrets[key]
