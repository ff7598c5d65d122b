"""How working with a workspace and its people fails."""

from parley.core.errors import AppError


class UnauthenticatedError(AppError):
    code = "unauthenticated"
    status = 401
    message = "You are not signed in, or your session has ended. Sign in again."


class SignUpClosedError(AppError):
    code = "sign_up_closed"
    status = 403
    message = (
        "This installation does not take new workspaces by itself. Ask its operator, or use an invitation."
    )


class NoWorkspaceError(AppError):
    code = "no_workspace"
    status = 403
    message = "You are not an active member of any workspace. Ask an admin to invite you."


class InvitationExpiredError(AppError):
    code = "invitation_expired"
    status = 410
    message = "This invitation was used, withdrawn or is too old. Ask for a new one."


class AlreadyMemberError(AppError):
    code = "already_member"
    status = 409
    message = "This person is a member already. Change the role under Members instead."


class RoleTooHighError(AppError):
    code = "role_too_high"
    status = 403
    message = "You cannot give a role that is above your own, or change somebody whose role is."


class LastOwnerError(AppError):
    code = "last_owner"
    status = 409
    message = "A workspace needs an owner. Make somebody else an owner first."


class OwnMembershipError(AppError):
    code = "own_membership"
    status = 409
    message = "You cannot deactivate yourself. Ask another admin to do it."


class TeamNameTakenError(AppError):
    code = "team_name_taken"
    status = 409
    message = "There is a team of this name already. Choose another name."


class SlugTakenError(AppError):
    code = "slug_taken"
    status = 409
    message = "Another workspace has this short name. Choose another one."
