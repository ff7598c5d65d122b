"""The two cookies of ours, and nothing else: the session (unreadable to scripts) and the token against forged requests."""

from collections.abc import Iterable

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser

SESSION = "__Host-sid"
CSRF = "__Host-csrf"


def read_cookies(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Read the cookies of a request's raw headers."""
    found: dict[str, str] = {}
    for name, value in headers:
        if name == b"cookie":
            found |= cookie_parser(value.decode("latin-1"))
    return found


def session_cookie(token: str, *, max_age: int) -> str:
    """Write the Set-Cookie value that signs a browser in for `max_age` seconds."""
    return f"{SESSION}={token}; Path=/; Max-Age={max_age}; Secure; HttpOnly; SameSite=Lax"


def end_session_cookie() -> str:
    """Write the Set-Cookie value that signs a browser out."""
    return f"{SESSION}=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"


def csrf_cookie(token: str) -> str:
    """Write the Set-Cookie value of the token that scripts of ours read and send back as a header."""
    return f"{CSRF}={token}; Path=/; Secure; SameSite=Lax"


def add_cookie(headers: MutableHeaders, value: str) -> None:
    """Add a cookie to a response without replacing others."""
    headers.append("set-cookie", value)
