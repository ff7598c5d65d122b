"""How work with inboxes fails."""

from parley.core.errors import AppError


class InboxTakenError(AppError):
    code = "inbox_taken"
    status = 409
    message = "This number is connected already, here or in another workspace. Disconnect it there first."


class InboxCheckFailedError(AppError):
    code = "inbox_check_failed"
    status = 422
    message = "The channel does not accept these settings. Look at the problems named and correct them."


class InboxDisconnectedError(AppError):
    code = "inbox_disconnected"
    status = 409
    message = (
        "This inbox is disconnected, so nothing can be sent. An admin can connect it again under Channels."
    )


class UnknownChannelError(AppError):
    code = "channel_unknown"
    status = 422
    message = "Parley does not know this channel."
