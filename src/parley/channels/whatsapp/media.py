"""Fetch what a contact sent: ask for the file's address, then read it there, both with the token.

Source: developers.facebook.com/docs/whatsapp/cloud-api/reference/media. The address works for five minutes, the id
for seven days. Meta's word is not enough for where our token may go: only its own hosts get it.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from parley.channels.meta.graph import Answered, Graph, GraphResult, Refused, TooLarge, Unanswered, Unreached
from parley.channels.meta.reading import number, text
from parley.channels.whatsapp.errors import explain
from parley.channels.whatsapp.purposes import FETCH_MEDIA
from parley.channels.whatsapp.settings import access_token
from parley.core.http import Response
from parley.modules.conversations.types import (
    Credentials,
    Failure,
    FetchedMedia,
    InboundMedia,
    MediaNotFetched,
)

_HOSTS = ("lookaside.fbsbx.com",)
_DOMAINS = (".whatsapp.net",)
_SOON = 30.0
_WHEN_MENDED = 3600.0

_GONE = Failure("media_gone", "WhatsApp no longer has this file.", "Ask the contact to send it again.")
_NOT_REACHED = Failure(
    "media_not_reached",
    "The file could not be fetched from WhatsApp.",
    "Ask the contact to send it again if it does not appear soon.",
    can_retry=True,
)
_DAMAGED = Failure(
    "media_damaged",
    "The file arrived damaged from WhatsApp.",
    "Ask the contact to send it again if it does not appear soon.",
    can_retry=True,
)
_ELSEWHERE = Failure(
    "media_elsewhere",
    "WhatsApp keeps this file at an address that is not one of Meta's.",
    "Ask the contact to send it again; tell the operator if it happens often.",
)


async def fetch_media(
    graph: Graph, credentials: Credentials, media: InboundMedia, max_bytes: int
) -> FetchedMedia | MediaNotFetched:
    """Fetch a file's bytes, at most `max_bytes`. An address that has expired meanwhile is asked for once more."""
    token = access_token(credentials.settings)
    for is_last in (False, True):
        described = await graph.get(
            media.reference,
            token=token,
            purpose=FETCH_MEDIA,
            query={"phone_number_id": credentials.external_id},
        )
        if not isinstance(described, Answered):
            return _not_described(described)
        url = text(described.body.get("url"))
        if url is None or not may_carry_token(graph, url):
            return MediaNotFetched(_ELSEWHERE)
        size = number(described.body.get("file_size"))
        if size is not None and size > max_bytes:
            return _too_large(max_bytes)
        answer = await graph.download(url, token=token, purpose=FETCH_MEDIA, max_bytes=max_bytes)
        if isinstance(answer, Response) and answer.status == 404 and not is_last:
            continue
        return _fetched(answer, described.body, media, max_bytes)
    raise AssertionError("the second turn always returns")


def may_carry_token(graph: Graph, url: str) -> bool:
    """Tell whether the token may be sent to this address: https at Meta's media hosts, or the Graph's own origin."""
    if not (url.isascii() and url.isprintable()) or "\\" in url:
        return False
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").lower(), parts.port
    except ValueError:
        return False
    if graph.is_own(parts):
        return True
    is_metas = host in _HOSTS or host.endswith(_DOMAINS)
    return parts.scheme == "https" and port in {None, 443} and is_metas and "@" not in parts.netloc


def is_same_file(content: bytes, digest: str | None) -> bool:
    """Compare with a SHA-256 digest, written in base64 (webhooks) or hex (media); an unreadable one says nothing."""
    expected = _digest(digest)
    return expected is None or hmac.compare_digest(hashlib.sha256(content).digest(), expected)


def _digest(written: str | None) -> bytes | None:
    if not written:
        return None
    try:
        found = bytes.fromhex(written) if len(written) == 64 else base64.b64decode(written, validate=True)
    except (ValueError, binascii.Error):
        return None
    return found if len(found) == 32 else None


def _fetched(
    answer: Response | Unreached | Unanswered | TooLarge,
    described: Mapping[str, Any],
    media: InboundMedia,
    max_bytes: int,
) -> FetchedMedia | MediaNotFetched:
    if isinstance(answer, TooLarge):
        return _too_large(max_bytes)
    if not isinstance(answer, Response):
        is_forbidden = isinstance(answer, Unreached) and answer.is_forbidden
        return MediaNotFetched(_ELSEWHERE) if is_forbidden else MediaNotFetched(_NOT_REACHED, _SOON)
    if not answer.is_success:
        return _no_file(answer.status)
    if not is_same_file(answer.content, text(described.get("sha256")) or media.sha256):
        return MediaNotFetched(_DAMAGED, _SOON)
    declared = text(described.get("mime_type")) or media.declared_type or answer.headers.get("content-type")
    return FetchedMedia(declared or "application/octet-stream", answer.content, media.name)


def _no_file(status: int) -> MediaNotFetched:
    if status in {401, 403}:
        return _token_refused(status)
    return MediaNotFetched(_GONE) if status in {404, 410} else MediaNotFetched(_NOT_REACHED, _SOON)


def _not_described(result: GraphResult) -> MediaNotFetched:
    if isinstance(result, Refused):
        if text(result.error.get("code")) in {"100", "33"} or (result.status == 404 and not result.error):
            return MediaNotFetched(_GONE)
        if not result.error and result.status in {401, 403}:
            return _token_refused(result.status)
        found = explain(result.error)
        if found.breaks_inbox:
            return MediaNotFetched(found.failure, _WHEN_MENDED, breaks_inbox=True)
        return MediaNotFetched(found.failure, found.retry_after)
    if isinstance(result, Unreached) and result.is_forbidden:
        return MediaNotFetched(_NOT_REACHED, _WHEN_MENDED)
    return MediaNotFetched(_NOT_REACHED, _SOON)


def _token_refused(status: int) -> MediaNotFetched:
    failure = explain({"code": 190 if status == 401 else 10}).failure
    return MediaNotFetched(failure, _WHEN_MENDED, breaks_inbox=True)


def _too_large(max_bytes: int) -> MediaNotFetched:
    return MediaNotFetched(
        Failure(
            "media_too_large",
            f"This file is larger than the {max_bytes / 1024 / 1024:.0f} MB that are stored here.",
            "Ask the contact to send a smaller one.",
        )
    )
