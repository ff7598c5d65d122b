"""The wall against requests that somebody else's page makes a signed-in browser send.

Three checks, all of which must hold for anything that is not a plain read and carries no token of its own: the
browser says that the request comes from our own page (`Sec-Fetch-Site`, or `Origin` from older ones), the readable
cookie comes back as a header (double submit; `__Host-` keeps neighbours from planting it), and the body is of a
kind that no form of another site can send.
"""

import hmac
import re
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parley.core.errors import AppError
from parley.core.web.cookies import CSRF, add_cookie, csrf_cookie, read_cookies
from parley.core.web.policy import API
from parley.core.web.problem import problem_of
from parley.core.web.security import is_same_origin

HEADER = "x-csrf-token"
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_OWN_PAGE = frozenset({"same-origin", "none"})


class CsrfError(AppError):
    """The request cannot be told from one that another site made the browser send."""

    code = "csrf_failed"
    status = 403
    message = "Your browser's session changed meanwhile. Reload the page and try again."


class Csrf:
    """Refuses forged requests and hands out the token: with pages, and at the paths of `issues_at`."""

    def __init__(self, app: ASGIApp, *, issues_at: frozenset[str]) -> None:
        self.app = app
        self.issues_at = issues_at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        token = read_cookies(scope["headers"]).get(CSRF, "")
        if scope["method"] not in _READS and not _is_programs(headers) and is_forged(headers, token):
            await problem_of(CsrfError())(scope, receive, send)
            return
        if scope["method"] != "GET" or _TOKEN.fullmatch(token):
            await self.app(scope, receive, send)
            return

        async def send_with_token(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                is_page = not scope["path"].startswith(API) and answer.get("content-type", "").startswith(
                    "text/html"
                )
                if is_page or scope["path"] in self.issues_at:
                    add_cookie(answer, csrf_cookie(secrets.token_urlsafe(32)))
            await send(message)

        await self.app(scope, receive, send_with_token)


def is_forged(headers: Headers, cookie: str) -> bool:
    """Tell whether a changing request lacks any of the three proofs that a page of ours sent it."""
    site = headers.get("sec-fetch-site")
    if site is not None and site not in _OWN_PAGE:
        return True
    if "origin" in headers and not is_same_origin(headers):
        return True
    if not _TOKEN.fullmatch(cookie) or not hmac.compare_digest(
        cookie.encode(), headers.get(HEADER, "").encode()
    ):
        return True
    return not _is_unusual_body(headers)


def _is_programs(headers: Headers) -> bool:
    # Only a bearer is proof: browsers add the name and password of a proxy's sign-in to other sites' requests too.
    return headers.get("authorization", "").lower().startswith("bearer ")


def _is_unusual_body(headers: Headers) -> bool:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in {"application/json", "multipart/form-data"}:
        return True
    return not kind and headers.get("content-length", "0") == "0" and "transfer-encoding" not in headers
