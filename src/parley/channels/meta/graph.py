"""One small client of Meta's Graph API. It tells apart what was answered, refused, never sent, and left open.

What an error number means to people is decided by each product. No address, token or content is ever logged here.
"""

import dataclasses
from collections.abc import Mapping
from typing import Any
from urllib.parse import SplitResult, quote, urlencode, urlsplit

import orjson

from parley.channels.meta.reading import mapping, text
from parley.core.http import (
    OutgoingClient,
    OutgoingConnectError,
    OutgoingError,
    OutgoingRefusedError,
    OutgoingTooLargeError,
    Purpose,
    Response,
)

_MAX_ANSWER = 1024 * 1024
_TIMEOUT = 20.0
_DOWNLOAD_TIMEOUT = 120.0


@dataclasses.dataclass(frozen=True, slots=True)
class Answered:
    """The Graph did it; `body` is its JSON object."""

    body: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Refused:
    """The Graph said no; `error` is its error object, empty when something in front of it said no."""

    status: int
    error: Mapping[str, Any]


@dataclasses.dataclass(frozen=True, slots=True)
class Unreached:
    """Nothing was sent. `is_forbidden` when our own guard does not let us go there."""

    is_forbidden: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Unanswered:
    """The request left us and nothing usable came back: it may have been done."""

    status: int | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class TooLarge:
    """The file is larger than the caller takes."""


GraphResult = Answered | Refused | Unreached | Unanswered


class Graph:
    """The Graph API of one version at one address; every call names its purpose and brings its own token."""

    def __init__(self, client: OutgoingClient, url: str, version: str) -> None:
        self._client = client
        self._url = url.rstrip("/")
        self._version = version

    async def get(
        self, *path: str, token: str, purpose: Purpose, query: Mapping[str, str] | None = None
    ) -> GraphResult:
        """Read an object; never raises for what Meta or the network does."""
        return await self._call("GET", path, token, purpose, query=query)

    async def post(
        self, *path: str, token: str, purpose: Purpose, json: Mapping[str, Any] | None = None
    ) -> GraphResult:
        """Do something once; never raises for what Meta or the network does."""
        return await self._call("POST", path, token, purpose, json=json)

    async def upload(
        self,
        *path: str,
        token: str,
        purpose: Purpose,
        data: Mapping[str, str],
        file: tuple[str, bytes, str],
    ) -> GraphResult:
        """Post a form with one file (name, bytes, media type); never raises for what Meta or the network does."""
        files = {"file": file}
        return await self._call(
            "POST", path, token, purpose, data=data, files=files, timeout=_DOWNLOAD_TIMEOUT
        )

    async def delete(self, *path: str, token: str, purpose: Purpose) -> GraphResult:
        """Take something away; never raises for what Meta or the network does."""
        return await self._call("DELETE", path, token, purpose)

    async def download(
        self, url: str, *, token: str, purpose: Purpose, max_bytes: int
    ) -> Response | Unreached | Unanswered | TooLarge:
        """Read a file from an address that Meta gave; the caller has checked that the token may go there."""
        try:
            return await self._client.request(
                "GET",
                url,
                purpose=purpose,
                headers=_headers(token),
                max_bytes=max_bytes,
                timeout=_DOWNLOAD_TIMEOUT,
            )
        except OutgoingTooLargeError:
            return TooLarge()
        except OutgoingError as error:
            return _failed(error)

    def is_own(self, address: SplitResult) -> bool:
        """Tell whether an address lies at the very scheme, host and port that the operator has set."""
        own = urlsplit(self._url)
        return (address.scheme, address.netloc) == (own.scheme, own.netloc)

    async def _call(
        self,
        method: str,
        path: tuple[str, ...],
        token: str,
        purpose: Purpose,
        *,
        query: Mapping[str, str] | None = None,
        timeout: float = _TIMEOUT,  # noqa: ASYNC109 - handed on to the client, which keeps it
        **body: Any,
    ) -> GraphResult:
        if not is_token(token):
            return Refused(401, {"code": 190})
        parts = "/".join(quote(part, safe="") for part in (self._version, *path))
        url = f"{self._url}/{parts}" + (f"?{urlencode(query)}" if query else "")
        try:
            response = await self._client.request(
                method,
                url,
                purpose=purpose,
                headers=_headers(token),
                max_bytes=_MAX_ANSWER,
                timeout=timeout,
                **body,
            )
        except OutgoingError as error:
            return _failed(error)
        return _understand(response.status, response.content)


def is_token(token: str) -> bool:
    """Tell whether this can stand in a header at all."""
    return bool(token) and token.isascii() and token.isprintable() and " " not in token


def _headers(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _failed(error: OutgoingError) -> Unreached | Unanswered:
    if isinstance(error, OutgoingRefusedError | OutgoingConnectError):
        return Unreached(is_forbidden=isinstance(error, OutgoingRefusedError))
    return Unanswered(error.data.get("answer_status"))


def _understand(status: int, content: bytes) -> GraphResult:
    try:
        body = mapping(orjson.loads(content))
    except orjson.JSONDecodeError:
        body = {}
    error = mapping(body.get("error"))
    if error and text(error.get("code")) is not None:
        return Refused(status, error)
    if 200 <= status < 300 and body:
        return Answered(body)
    if 300 <= status < 500:
        return Refused(status, {})
    return Unanswered(status)
