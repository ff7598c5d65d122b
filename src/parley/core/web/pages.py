"""Serves the built console: one page for every address of it, its files for ever, and what to do when it is not built."""

import dataclasses
import datetime as dt
import gzip
import html
import mimetypes
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from parley.core import clock
from parley.core.web.policy import API, EdgePolicy, page_csp

CONSOLE: Final = Path(__file__).resolve().parents[4] / "frontend" / "console" / "dist"
_PLACEHOLDER: Final = "__CSP_NONCE__"
_FOR_EVER: Final = "public, max-age=31536000, immutable"
_BRIEFLY: Final = "public, max-age=300"
_COMPRESSIBLE: Final = (
    "text/",
    "application/javascript",
    "application/json",
    "image/svg+xml",
    "application/manifest",
)
_LEAST: Final = 1024
_TYPES: Final[Mapping[str, str]] = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".woff2": "font/woff2",
    ".webmanifest": "application/manifest+json",
    ".txt": "text/plain; charset=utf-8",
}
_NOT_BUILT: Final = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Parley</title>
<style nonce="__CSP_NONCE__">body{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:4rem auto;padding:0 1rem}
code{background:#eee;padding:.1rem .3rem;border-radius:.2rem}</style></head>
<body><h1>The console is not built yet</h1>
<p>Parley runs, and its API answers under <code>/api/v1</code>. The pages for people are missing because the front
end has not been built on this machine.</p>
<p>Start Parley with <code>bin/run</code>, which builds it, and reload this page.</p>
<p>Looked in <code>__FOLDER__</code></p></body></html>
"""


@dataclasses.dataclass(frozen=True, slots=True)
class _File:
    media_type: str
    plain: bytes
    packed: Mapping[str, bytes]


class Pages:
    """The console of one build, read into memory at start; what does not exist there is the console's own page."""

    def __init__(self, policy: EdgePolicy, *, folder: Path = CONSOLE, contact: str = "") -> None:
        """Read the build in `folder`. `contact` is where to report weaknesses, for security.txt."""
        self._policy = policy
        self._files = _read(folder) if folder.is_dir() else {}
        index = folder / "index.html"
        self.is_built = index.is_file()
        self._index = (
            index.read_text(encoding="utf-8")
            if self.is_built
            else _NOT_BUILT.replace("__FOLDER__", html.escape(str(folder)))
        )
        self._contact = contact

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer whatever no route of the API matched."""
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 4404})
            return
        path: str = scope["path"]
        if path.startswith(API):
            raise HTTPException(404)
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        await self._answer(Request(scope), path)(scope, receive, send)

    def _answer(self, request: Request, path: str) -> Response:
        if path == "/.well-known/security.txt":
            return PlainTextResponse(_security_txt(self._contact, request))
        found = self._files.get(path)
        if found is not None:
            return _file_response(found, request, path)
        if path.startswith(
            "/assets/"
        ):  # an old build's file; a page in its place would only confuse the browser
            raise HTTPException(404)
        return self._page(request)

    def _page(self, request: Request) -> Response:
        nonce = secrets.token_urlsafe(18)
        csp = page_csp(nonce, request.headers.get("host", ""), self._policy.files_origin)
        return Response(
            self._index.replace(_PLACEHOLDER, nonce),
            200 if self.is_built else 503,
            {"Content-Security-Policy": csp, "Cache-Control": "no-store"},
            "text/html; charset=utf-8",
        )


def _file_response(found: _File, request: Request, path: str) -> Response:
    headers = {
        "Cache-Control": _FOR_EVER if path.startswith("/assets/") else _BRIEFLY,
        "Vary": "Accept-Encoding",
    }
    accepted = {
        part.partition(";")[0].strip() for part in request.headers.get("accept-encoding", "").split(",")
    }
    for encoding, body in found.packed.items():
        if encoding in accepted:
            return Response(body, 200, {**headers, "Content-Encoding": encoding}, found.media_type)
    return Response(found.plain, 200, headers, found.media_type)


def _read(folder: Path) -> dict[str, _File]:
    found: dict[str, _File] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        is_hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not path.is_file() or is_hidden or path.suffix in {".br", ".gz", ".map"} or name == "index.html":
            continue
        media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        plain = path.read_bytes()
        found[f"/{name}"] = _File(media_type, plain, _packed(path, media_type, plain))
    return found


def _packed(path: Path, media_type: str, plain: bytes) -> dict[str, bytes]:
    packed: dict[str, bytes] = {}
    brotli, zipped = path.with_name(path.name + ".br"), path.with_name(path.name + ".gz")
    if brotli.is_file():
        packed["br"] = brotli.read_bytes()
    if zipped.is_file():
        packed["gzip"] = zipped.read_bytes()
    elif len(plain) >= _LEAST and media_type.startswith(_COMPRESSIBLE):
        packed["gzip"] = gzip.compress(plain, 6, mtime=0)
    return packed


def _security_txt(contact: str, request: Request) -> str:
    # RFC 9116: a contact and an end of validity are a must. Who runs an installation answers at its address.
    where = contact or f"{request.url.scheme}://{request.headers.get('host', '')}/"
    expires = (clock.now() + dt.timedelta(days=180)).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"Contact: {where}\nExpires: {expires}\nPreferred-Languages: en\n"
