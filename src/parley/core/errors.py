"""How something fails on purpose. One subclass per way to fail, kept beside the code that raises it.

`code` is API: stable, snake_case, translated by the screens. `message` is a sentence with a way out.
"""

from typing import Any, ClassVar


class AppError(Exception):
    """A failure that a caller can act on; it leaves the house as problem+json (RFC 9457)."""

    code: ClassVar[str] = "failed"
    status: ClassVar[int] = 400
    message: ClassVar[str] = "That did not work. Please try again."

    def __init__(self, message: str | None = None, /, **data: Any) -> None:
        self.detail = message or self.message
        self.data = data
        super().__init__(self.detail)


class NotFoundError(AppError):
    """Missing and forbidden look the same from outside."""

    code = "not_found"
    status = 404
    message = "This does not exist, or it is not yours to see."


class ForbiddenError(AppError):
    """The caller may see the thing but not do this to it; only for acts that are visible on the screen anyway."""

    code = "forbidden"
    status = 403
    message = "Your role does not allow this. Ask an admin of your workspace."


class InvalidError(AppError):
    """Input that is well-formed but not acceptable; `data["fields"]` maps a field to its fault."""

    code = "invalid"
    status = 422
    message = "Some of the values cannot be accepted."


class ConflictError(AppError):
    """The thing has changed meanwhile, or exists already."""

    code = "conflict"
    status = 409
    message = "Somebody was faster. Look again and retry."
