"""How work with conversations fails; each with a sentence and a way out."""

from parley.core.errors import AppError


class WindowClosedError(AppError):
    code = "window_closed"
    status = 409
    message = (
        "The channel does not let you write freely now. Wait for the contact to write, or send a template."
    )


class ContactBlockedError(AppError):
    code = "contact_blocked"
    status = 409
    message = (
        "The channel has blocked this contact, so nothing can be sent. Once an admin has unblocked them there, "
        "try the message again that failed."
    )


class EmptyMessageError(AppError):
    code = "message_empty"
    status = 422
    message = "There is nothing to send. Write something or attach a file."


class TextTooLongError(AppError):
    code = "text_too_long"
    status = 422
    message = "This is longer than the channel allows. Send it in two messages."


class NotSupportedError(AppError):
    code = "not_supported"
    status = 422
    message = "This channel cannot carry that."


class InvalidInteractiveError(AppError):
    code = "interactive_invalid"
    status = 422
    message = "These buttons do not fit the channel's limits. Shorten the titles or offer fewer of them."


class AttachmentRefusedError(AppError):
    code = "attachment_refused"
    status = 422
    message = "The channel does not take this file. Convert it, or send it in another form."


class NotRetryableError(AppError):
    code = "not_retryable"
    status = 409
    message = "Only a message that failed, or whose outcome is unknown, can be sent again."


class SnoozeInPastError(AppError):
    code = "snooze_in_past"
    status = 422
    message = "Choose a moment in the future."
