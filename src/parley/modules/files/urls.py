"""Short signed addresses of files. Whoever holds one may fetch that file until it expires; no session is read."""

import base64
import dataclasses
import datetime as dt
import hashlib
import hmac
import struct
import uuid

from parley.core import clock
from parley.core.errors import NotFoundError

LIFETIME = dt.timedelta(minutes=30)
_STEP = 600  # addresses change every ten minutes only, so that browsers can keep what they fetched
_FORMAT = ">16s16sIB"
_TAG = 16


@dataclasses.dataclass(frozen=True, slots=True)
class FileGrant:
    """What a valid address allows: this file of this workspace, shown in the page or saved only."""

    workspace_id: uuid.UUID
    file_id: uuid.UUID
    is_inline: bool


class FileUrls:
    """Signs and reads addresses. `secret` is derived from the root key; `base` is the files' own host if there is one."""

    def __init__(self, secret: bytes, base: str = "") -> None:
        self._secret = secret
        self._base = base

    @property
    def has_own_host(self) -> bool:
        """Tell whether files are served from a host of their own."""
        return bool(self._base)

    def sign(self, workspace_id: uuid.UUID, file_id: uuid.UUID, *, is_inline: bool = True) -> str:
        """Make the address under which this file can be fetched for the next half hour."""
        now = int(clock.now().timestamp())
        expires = now - now % _STEP + _STEP + int(LIFETIME.total_seconds())
        body = struct.pack(_FORMAT, workspace_id.bytes, file_id.bytes, expires, is_inline)
        token = base64.urlsafe_b64encode(body + self._tag(body)).rstrip(b"=").decode()
        return f"{self._base}/files/{token}"

    def read(self, token: str) -> FileGrant:
        """Check an address's token; raises `NotFoundError` for a forged or expired one alike."""
        try:
            raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
            body, tag = raw[:-_TAG], raw[-_TAG:]
            workspace, file_id, expires, is_inline = struct.unpack(_FORMAT, body)
        except (ValueError, struct.error):
            raise NotFoundError from None
        if not hmac.compare_digest(tag, self._tag(body)) or expires < clock.now().timestamp():
            raise NotFoundError
        return FileGrant(uuid.UUID(bytes=workspace), uuid.UUID(bytes=file_id), bool(is_inline))

    def _tag(self, body: bytes) -> bytes:
        return hmac.digest(self._secret, body, hashlib.sha256)[:_TAG]
