"""Gives files to browsers under their signed addresses. The address alone is the permission: no session is read.

A file comes with its sniffed type and is shown in place only where that is safe; everything else is a download. What
customers sent is given as they sent it, metadata included: it is only shown to members, who got the original.
"""

import re
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from urllib.parse import quote

import structlog
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from parley.core.db.tx import Database
from parley.core.errors import AppError, NotFoundError
from parley.core.sniff import OCTETS
from parley.core.web.problem import MethodNotAllowedError, problem_of
from parley.modules.files.errors import RangeRefusedError
from parley.modules.files.queries import find_files
from parley.modules.files.store import FileStore
from parley.modules.files.types import FileKind, FileRef, is_inline_safe
from parley.modules.files.urls import FileGrant, FileUrls

# What follows `default-src` is for the page that a browser builds around a picture or film opened alone.
_CSP = "sandbox{allowed}; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
# Such a page fetches its film from its own origin, which a bare sandbox takes away. Scripts stay forbidden.
_PLAYED = " allow-same-origin"
_CACHE = "private, max-age=1800, immutable"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")

log = structlog.get_logger()


class FileServing:
    """The application behind `/files/*`: answers GET and HEAD with single byte ranges (RFC 9110, section 14)."""

    def __init__(self, database: Database, files: FileStore, urls: FileUrls) -> None:
        self._database = database
        self._files = files
        self._urls = urls
        self._route = Route("/files/{token}", self.answer, methods=["GET"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request for an address under `/files/`."""
        match, found = self._route.matches(scope)
        if match is Match.NONE:
            await _refused(NotFoundError())(scope, receive, send)
        elif match is Match.PARTIAL:
            await _refused(MethodNotAllowedError(), Allow="GET, HEAD")(scope, receive, send)
        else:
            scope.update(found)
            scope["route"] = self._route  # so that logs name the template: the token is a secret
            await self._route.handle(scope, receive, send)

    async def answer(self, request: Request) -> Response:
        """Answer for the address of the request."""
        try:
            return await self._answer(request, self._urls.read(request.path_params["token"]))
        except RangeRefusedError as error:
            return _refused(error, **{"Content-Range": f"bytes */{error.data['size']}"})
        except AppError as error:
            return _refused(error)

    async def _answer(self, request: Request, grant: FileGrant) -> Response:
        async with self._database.workspace_tx(grant.workspace_id) as tx:
            ref = (await find_files(tx, self._files.sealer, [grant.file_id])).get(grant.file_id)
        if ref is None:
            raise NotFoundError
        headers = _headers(ref, is_inline=grant.is_inline, has_own_host=self._urls.has_own_host)
        is_known = _is_known(request.headers.get("if-none-match", ""), headers["ETag"])
        part = None if is_known else _wanted(request, ref.size, headers["ETag"])
        start, end = part or (0, ref.size)
        # Opened also when no byte is asked for: an erased file is gone for HEAD and for caches that ask again.
        content = await self._files.open_range(grant.workspace_id, ref, start, end)
        if is_known:
            await content.aclose()
            return Response(status_code=304, headers=headers)
        headers["Content-Length"] = str(end - start)
        if part is not None:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{ref.size}"
        status = 200 if part is None else 206
        if request.method == "HEAD":
            await content.aclose()
            return Response(status_code=status, headers=headers)
        # The first segment is proven before anything is answered; a fault after it breaks the connection, so that
        # the announced length is never reached.
        first = await anext(content, b"")
        return StreamingResponse(_body(first, content), status, headers)


def _refused(error: AppError, **headers: str) -> Response:
    if error.status >= 500:
        log.error("file.not_served", code=error.code)
    return problem_of(error, headers={"Cache-Control": "no-store", **headers})


async def _body(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    async with aclosing(rest):
        yield first
        async for chunk in rest:
            yield chunk


def _headers(ref: FileRef, *, is_inline: bool, has_own_host: bool) -> dict[str, str]:
    is_shown = is_inline and is_inline_safe(ref.media_type)
    is_played = ref.kind in {FileKind.AUDIO, FileKind.VIDEO}
    return {
        "Content-Type": ref.media_type if is_inline_safe(ref.media_type) else OCTETS,
        "Content-Disposition": content_disposition("inline" if is_shown else "attachment", ref.name),
        "Content-Security-Policy": _CSP.format(allowed=_PLAYED if is_played and is_shown else ""),
        "X-Content-Type-Options": "nosniff",
        # On a host of their own files are another origin's; knowing the address is what counts.
        "Cross-Origin-Resource-Policy": "cross-origin" if has_own_host else "same-origin",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": _CACHE,
        "Accept-Ranges": "bytes",
        # The content under an id never changes, also when it is sealed anew.
        "ETag": f'"{ref.id.hex}"',
    }


def content_disposition(kind: str, name: str | None) -> str:
    """Write the header with a plain name for old programs and the exact one (RFC 6266, RFC 8187)."""
    if name is None:
        return kind
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", name)
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _wanted(request: Request, size: int, etag: str) -> tuple[int, int] | None:
    header = request.headers.get("range")
    if header is None or request.headers.get("if-range", etag) != etag:
        return None
    return parse_range(header, size)


def parse_range(header: str, size: int) -> tuple[int, int] | None:
    """Read a Range header as `start, end` (exclusive); None when the whole file is to be given.

    Several ranges, other units and malformed headers are ignored, as RFC 9110, section 14.2 lets a server do.
    Raises `RangeRefusedError` for a range that begins after the end.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or not (match[1] or match[2]):
        return None
    if not match[1]:
        start, end = max(size - int(match[2]), 0), size
    else:
        start = int(match[1])
        end = min(int(match[2]) + 1, size) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= end:
        raise RangeRefusedError(size=size)
    return start, end


def _is_known(header: str, etag: str) -> bool:
    return etag in {part.strip().removeprefix("W/") for part in header.split(",")} or header.strip() == "*"
