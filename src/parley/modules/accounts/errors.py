"""How signing in and keeping an account fails."""

from parley.core.errors import AppError


class SignInFailedError(AppError):
    """Whether the address or the password was wrong is not said."""

    code = "sign_in_failed"
    status = 401
    message = "This email and password do not go together. Check both, or ask an admin to invite you again."


class SignInSlowDownError(AppError):
    """Too many attempts from this network; `retry_after` in seconds. Never locks a person out elsewhere."""

    code = "sign_in_slow_down"
    status = 429
    message = "Too many attempts from your network. Wait a moment and try again."


class EmailTakenError(AppError):
    code = "email_taken"
    status = 409
    message = "There is an account with this email already. Sign in instead."


class PasswordTooShortError(AppError):
    code = "password_too_short"
    status = 422
    message = "Use at least 8 characters. A few words that only you would put together are best."


class PasswordTooLongError(AppError):
    code = "password_too_long"
    status = 422
    message = "Use at most 256 characters."


class PasswordWrongError(AppError):
    """The current password, asked for again, is not the right one."""

    code = "password_wrong"
    status = 422
    message = "This is not your current password."
