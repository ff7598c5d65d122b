"""The routes of signing in and of one's own account. People, tokens and the audit trail are in `api_*`."""

import importlib.metadata
from typing import Any

from fastapi import Response

from parley.core.resources import Resources
from parley.core.scope import Scope
from parley.core.web.cookies import SESSION, add_cookie, end_session_cookie, session_cookie
from parley.core.web.routes import api_router, public
from parley.modules.accounts.actions import change_profile
from parley.modules.accounts.types import LIFETIME
from parley.modules.audit.actions import record
from parley.modules.workspaces.actions import change_display_name
from parley.modules.workspaces.api_audit import router as audit
from parley.modules.workspaces.api_people import router as people
from parley.modules.workspaces.api_tokens import router as tokens
from parley.modules.workspaces.deps import (
    Caller,
    CallerBrowser,
    Res,
    SignInThrottle,
    Unit,
    scope_of_cookie,
    signed_in,
)
from parley.modules.workspaces.errors import UnauthenticatedError
from parley.modules.workspaces.policy import can_sign_up
from parley.modules.workspaces.queries import get_me
from parley.modules.workspaces.schemas import (
    AcceptIn,
    ConfigOut,
    MeOut,
    OfferOut,
    PasswordIn,
    ProfileIn,
    SignInIn,
    SignUpIn,
    SwitchIn,
    me_out,
)
from parley.modules.workspaces.signing import (
    Signed,
    accept_invitation,
    read_offer,
    replace_password,
    sign_in,
    sign_out,
    sign_up,
    switch_workspace,
)

router = api_router("signing in")


@router.get("/config", response_model=ConfigOut, **public())
async def get_config(res: Res) -> dict[str, Any]:
    version = importlib.metadata.version("parley")
    return {
        "sign_up_open": can_sign_up(res.settings),
        "is_demo": res.settings.is_demo,
        "version": version,
    }


@router.post("/auth/sign-up", status_code=201, **public())
async def post_sign_up(
    form: SignUpIn, res: Res, throttle: SignInThrottle, browser: CallerBrowser, response: Response
) -> MeOut:
    signed = await sign_up(
        res,
        throttle,
        browser,
        name=form.name,
        email=form.email,
        password=form.password,
        workspace_name=form.workspace_name,
    )
    return await _welcome(res, signed, response)


@router.post("/auth/sign-in", **public())
async def post_sign_in(
    form: SignInIn, res: Res, throttle: SignInThrottle, browser: CallerBrowser, response: Response
) -> MeOut:
    signed = await sign_in(res, throttle, browser, email=form.email, password=form.password)
    return await _welcome(res, signed, response)


@router.post("/auth/sign-out", status_code=204, **public())
async def post_sign_out(res: Res, browser: CallerBrowser, response: Response) -> None:
    if browser.old_token:
        scope = await scope_of_cookie(res, f"{SESSION}={browser.old_token}")
        await sign_out(res, browser.old_token, scope)
    add_cookie(response.headers, end_session_cookie())


@router.post("/auth/workspace", **signed_in())
async def post_workspace(form: SwitchIn, scope: Caller, res: Res, browser: CallerBrowser) -> MeOut:
    if scope.user_id is None or browser.old_token is None:
        raise UnauthenticatedError
    moved = await switch_workspace(res, browser.old_token, scope.user_id, form.workspace_id)
    return await _me(res, moved)


@router.get("/invitations/{token}", response_model=OfferOut, **public())
async def get_invitation_offer(token: str, res: Res) -> Any:
    return await read_offer(res, token)


@router.post("/invitations/{token}/accept", **public())
async def post_invitation_accept(
    token: str, form: AcceptIn, res: Res, throttle: SignInThrottle, browser: CallerBrowser, response: Response
) -> MeOut:
    signed = await accept_invitation(
        res, throttle, browser, token, email=form.email, name=form.name, password=form.password
    )
    return await _welcome(res, signed, response)


@router.get("/me", **signed_in())
async def read_me(scope: Caller, res: Res) -> MeOut:
    return await _me(res, scope)


@router.patch("/me", **signed_in())
async def patch_me(form: ProfileIn, scope: Caller, tx: Unit, res: Res) -> MeOut:
    if scope.user_id is None:
        raise UnauthenticatedError
    await change_profile(tx, scope.user_id, name=form.name, locale=form.locale, time_zone=form.time_zone)
    if form.display_name is not None:
        await change_display_name(tx, scope, form.display_name)
    await record(tx, scope, "profile.changed", "member", scope.member_id)
    return me_out(await get_me(tx, scope), is_demo=res.settings.is_demo)


@router.post("/me/password", status_code=204, **signed_in())
async def post_password(
    form: PasswordIn, scope: Caller, res: Res, throttle: SignInThrottle, browser: CallerBrowser
) -> None:
    if scope.user_id is None:
        raise UnauthenticatedError
    await replace_password(
        res, throttle, browser, scope, current=form.current_password, new=form.new_password
    )


async def _welcome(res: Resources, signed: Signed, response: Response) -> MeOut:
    seconds = int(LIFETIME.total_seconds())
    add_cookie(response.headers, session_cookie(signed.token, max_age=seconds))
    return await _me(res, signed.scope)


async def _me(res: Resources, scope: Scope) -> MeOut:
    async with res.database.workspace_tx(scope.workspace_id) as tx:
        return me_out(await get_me(tx, scope), is_demo=res.settings.is_demo)


router.routes.extend([*people.routes, *tokens.routes, *audit.routes])
