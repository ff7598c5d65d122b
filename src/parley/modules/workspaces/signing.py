"""Signing up, in, over and out: what begins before a workspace is known, so these open their transactions themselves.

Passwords are hashed and checked outside of transactions, because that takes a quarter of a second.
"""

import dataclasses
import uuid

import structlog

from parley.core.db.tx import Tx
from parley.core.errors import InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.core.scope import Scope
from parley.modules.accounts.actions import (
    change_password,
    create_user,
    end_session,
    start_session,
    switch_session,
)
from parley.modules.accounts.errors import EmailTakenError, PasswordWrongError, SignInFailedError
from parley.modules.accounts.passwords import check_new_password, hash_password, verify_password
from parley.modules.accounts.queries import find_login, get_profile, list_memberships, password_of
from parley.modules.accounts.throttle import Throttle
from parley.modules.accounts.types import Login, Membership
from parley.modules.audit.actions import record
from parley.modules.workspaces.actions import add_member, create_workspace, member_scope, note_seen
from parley.modules.workspaces.actions_invitations import accept
from parley.modules.workspaces.errors import NoWorkspaceError, SignUpClosedError
from parley.modules.workspaces.links import read_link
from parley.modules.workspaces.policy import can_sign_up
from parley.modules.workspaces.queries import get_offer
from parley.modules.workspaces.types import Offer, Role

log = structlog.get_logger()


@dataclasses.dataclass(frozen=True, slots=True)
class Browser:
    """Where a person sits: the network address, a few words about the device, the session it had until now."""

    address: str
    device: str
    old_token: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Signed:
    """A browser that is signed in now: the token for its cookie, and on whose behalf it acts."""

    token: str
    scope: Scope


async def sign_up(
    res: Resources,
    throttle: Throttle,
    browser: Browser,
    *,
    name: str,
    email: str,
    password: str,
    workspace_name: str,
) -> Signed:
    """Make a person, a workspace and its owner, all or nothing, and sign the person in.

    Raises `SignUpClosedError`, `EmailTakenError`, and what a new password is refused with.
    """
    if not can_sign_up(res.settings):
        raise SignUpClosedError
    check_new_password(password)
    await throttle.sign_up(browser.address)
    async with res.database.installation_tx() as tx:
        if await find_login(tx, email) is not None:
            raise EmailTakenError
    secret = await hash_password(res.root_key, password)
    async with res.database.workspace_tx(new_id()) as tx:
        user_id = await create_user(tx, email=email, name=name, secret=secret)
        await create_workspace(tx, name=workspace_name)
        scope = await add_member(tx, user_id=user_id, display_name=name, role=Role.OWNER)
        await record(tx, scope, "workspace.created", "workspace", tx.workspace_id)
        return await _start(tx, scope, browser)


async def sign_in(
    res: Resources, throttle: Throttle, browser: Browser, *, email: str, password: str
) -> Signed:
    """Sign a person in to their first workspace by name.

    Raises `SignInFailedError` without saying what was wrong, `SignInSlowDownError`, `NoWorkspaceError`.
    """
    login = await _check_password(res, throttle, browser, email, password)
    async with res.database.installation_tx() as tx:
        found = await list_memberships(tx, login.user_id)
    if not found:
        raise NoWorkspaceError
    return await _enter(res, browser, login.user_id, found[0])


async def accept_invitation(
    res: Resources,
    throttle: Throttle,
    browser: Browser,
    link: str,
    *,
    email: str | None,
    name: str | None,
    password: str,
) -> Signed:
    """Take an offer and sign in: with the password of the account that has its address, or with a new account.

    `email` counts only where the offer names no address. Raises `NotFoundError`, `InvitationExpiredError`,
    `SignInFailedError`, and what a new password is refused with.
    """
    offer = await read_offer(res, link)
    address = offer.email or (email or "").strip()
    if not address:
        raise InvalidError(fields={"email": "Your email address is needed: you sign in with it."})
    async with res.database.installation_tx() as tx:
        has_account = await find_login(tx, address) is not None
    if has_account:
        user_id = (await _check_password(res, throttle, browser, address, password)).user_id
        secret = None
    else:
        if not (name or "").strip():
            raise InvalidError(fields={"name": "Your name is needed, so that your colleagues know you."})
        check_new_password(password)
        await throttle.sign_up(browser.address)
        secret = await hash_password(res.root_key, password)
    async with res.database.workspace_tx(offer.workspace_id) as tx:
        if secret is not None:
            user_id = await create_user(tx, email=address, name=name or "", secret=secret)
        shown = (name or "").strip() or (await get_profile(tx, user_id)).name
        scope = await accept(tx, offer, user_id=user_id, display_name=shown)
        return await _start(tx, scope, browser)


async def read_offer(res: Resources, link: str) -> Offer:
    """Read the invitation of a link. Raises `NotFoundError`, `InvitationExpiredError`."""
    found = read_link(link)
    if found is None:
        raise NotFoundError
    workspace_id, secret = found
    async with res.database.workspace_tx(workspace_id) as tx:
        return await get_offer(tx, secret)


async def switch_workspace(res: Resources, token: str, user_id: uuid.UUID, workspace_id: uuid.UUID) -> Scope:
    """Move a session to another of the person's workspaces. Raises `NotFoundError`."""
    async with res.database.workspace_tx(workspace_id) as tx:
        member = await tx.first(
            "SELECT id, role FROM app.member WHERE workspace_id = $1 AND user_id = $2 AND is_active",
            workspace_id,
            user_id,
        )
        if member is None or not await switch_session(tx, token, workspace_id):
            raise NotFoundError
        scope = member_scope(workspace_id, member.id, user_id, member.role)
        await record(tx, scope, "session.switched", "member", member.id)
        return scope


async def sign_out(res: Resources, token: str, scope: Scope | None) -> None:
    """End the session of this token, whether or not it was still good."""
    async with res.database.workspace_tx(scope.workspace_id if scope else new_id()) as tx:
        await end_session(tx, token)
        if scope is not None:
            await record(tx, scope, "session.ended", "member", scope.member_id)


async def replace_password(
    res: Resources, throttle: Throttle, browser: Browser, scope: Scope, *, current: str, new: str
) -> None:
    """Change the acting person's password and end their other sessions. Raises `PasswordWrongError`."""
    assert scope.user_id is not None
    check_new_password(new)
    await throttle.attempt(str(scope.user_id), browser.address)
    async with res.database.installation_tx() as tx:
        stored = await password_of(tx, scope.user_id)
    if not await verify_password(res.root_key, current, stored):
        await throttle.failed(str(scope.user_id), browser.address)
        raise PasswordWrongError
    secret = await hash_password(res.root_key, new)
    async with res.database.workspace_tx(scope.workspace_id) as tx:
        await change_password(tx, scope.user_id, secret, keep=browser.old_token)
        await record(tx, scope, "password.changed", "member", scope.member_id)


async def _check_password(
    res: Resources, throttle: Throttle, browser: Browser, email: str, password: str
) -> Login:
    await throttle.attempt(email, browser.address)
    async with res.database.installation_tx() as tx:
        login = await find_login(tx, email)
    is_right = await verify_password(res.root_key, password, login.secret if login else None)
    if login is None or not is_right or not login.is_active:
        log.warning("sign_in.failed")
        await throttle.failed(email, browser.address)
        raise SignInFailedError
    return login


async def _enter(res: Resources, browser: Browser, user_id: uuid.UUID, where: Membership) -> Signed:
    async with res.database.workspace_tx(where.workspace_id) as tx:
        member = await tx.first(
            "SELECT id, role FROM app.member WHERE workspace_id = $1 AND user_id = $2 AND is_active",
            where.workspace_id,
            user_id,
        )
        if member is None:
            raise NoWorkspaceError
        return await _start(tx, member_scope(where.workspace_id, member.id, user_id, member.role), browser)


async def _start(tx: Tx, scope: Scope, browser: Browser) -> Signed:
    # A browser never keeps the session that it came with: whoever planted that one would be signed in too.
    assert scope.user_id is not None
    if browser.old_token:
        await end_session(tx, browser.old_token)
    token = await start_session(tx, scope.user_id, scope.workspace_id, browser.device)
    if scope.member_id is not None:
        await note_seen(tx, scope.workspace_id, scope.member_id)
    await record(tx, scope, "session.started", "member", scope.member_id)
    return Signed(token, scope)
