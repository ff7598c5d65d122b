"""The routes of members, invitations, roles and teams."""

import uuid
from typing import Any

from parley.core.resources import Resources
from parley.core.web.cursor import Page
from parley.core.web.routes import api_router
from parley.modules.workspaces.actions import change_member, create_team, delete_team, set_team_members
from parley.modules.workspaces.actions_invitations import invite, withdraw
from parley.modules.workspaces.deps import Caller, Res, Unit, allowed
from parley.modules.workspaces.permissions import PERMISSIONS_OF
from parley.modules.workspaces.queries import (
    get_invitation,
    get_member,
    get_team,
    list_invitations,
    list_members,
    list_teams,
)
from parley.modules.workspaces.schemas import (
    InvitationIn,
    InvitationOut,
    MemberIn,
    MemberOut,
    RoleOut,
    TeamIn,
    TeamMembersIn,
    TeamOut,
    fields_of,
)
from parley.modules.workspaces.types import Role

router = api_router("people")


@router.get("/members", response_model=Page[MemberOut], **allowed("members.read"))
async def get_members(scope: Caller, tx: Unit) -> Any:
    return {"items": await list_members(tx, scope)}


@router.patch("/members/{member_id}", response_model=MemberOut, **allowed("members.manage"))
async def patch_member(member_id: uuid.UUID, form: MemberIn, scope: Caller, tx: Unit) -> Any:
    await change_member(tx, scope, member_id, role=form.role, is_active=form.is_active)
    return await get_member(tx, scope, member_id)


@router.get("/members/invitations", response_model=Page[InvitationOut], **allowed("invitations.manage"))
async def get_invitations(scope: Caller, tx: Unit) -> Any:
    return {"items": await list_invitations(tx, scope)}


@router.post("/members/invitations", status_code=201, **allowed("invitations.manage"))
async def post_invitation(form: InvitationIn, scope: Caller, tx: Unit, res: Res) -> InvitationOut:
    invitation_id, link = await invite(tx, scope, email=form.email, role=form.role)
    made = await get_invitation(tx, scope, invitation_id)
    return InvitationOut(**fields_of(made), url=_invitation_url(res, link))


@router.delete("/members/invitations/{invitation_id}", status_code=204, **allowed("invitations.manage"))
async def delete_invitation(invitation_id: uuid.UUID, scope: Caller, tx: Unit) -> None:
    await withdraw(tx, scope, invitation_id)


@router.get("/roles", **allowed("members.read"))
async def get_roles() -> Page[RoleOut]:
    return Page(items=[RoleOut(role=role, permissions=sorted(PERMISSIONS_OF[role])) for role in Role])


@router.get("/teams", response_model=Page[TeamOut], **allowed("teams.read"))
async def get_teams(scope: Caller, tx: Unit) -> Any:
    return {"items": await list_teams(tx, scope)}


@router.post("/teams", status_code=201, response_model=TeamOut, **allowed("teams.manage"))
async def post_team(form: TeamIn, scope: Caller, tx: Unit) -> Any:
    return await get_team(tx, scope, await create_team(tx, scope, form.name))


@router.put("/teams/{team_id}/members", response_model=TeamOut, **allowed("teams.manage"))
async def put_team_members(team_id: uuid.UUID, form: TeamMembersIn, scope: Caller, tx: Unit) -> Any:
    await set_team_members(tx, scope, team_id, form.member_ids)
    return await get_team(tx, scope, team_id)


@router.delete("/teams/{team_id}", status_code=204, **allowed("teams.manage"))
async def remove_team(team_id: uuid.UUID, scope: Caller, tx: Unit) -> None:
    await delete_team(tx, scope, team_id)


def _invitation_url(res: Resources, link: str) -> str:
    return f"{res.settings.base_url}/invitation/{link}"
