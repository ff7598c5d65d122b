"""Secrets that carry their workspace: invitation links and API tokens.

Both are base64url of the workspace's 16 bytes and 32 random ones, because they must be looked up before the
workspace is known; only the SHA-256 of the random part is stored.
"""

import base64
import binascii
import hashlib
import secrets
import uuid

TOKEN_PREFIX = "parley_"  # noqa: S105 - what every token begins with is no secret
_SIZE = 48
_SHOWN = len(TOKEN_PREFIX) + 22 + 4  # the id's digits are no secret; four more tell two tokens apart


def new_secret() -> bytes:
    """Make the random part."""
    return secrets.token_bytes(32)


def hash_secret(secret: bytes) -> bytes:
    """Give what is stored of a random part. It has 256 bits, so a plain hash cannot be searched."""
    return hashlib.sha256(secret).digest()


def write_link(workspace_id: uuid.UUID, secret: bytes) -> str:
    """Write workspace and secret as 64 characters."""
    return base64.urlsafe_b64encode(workspace_id.bytes + secret).decode()


def read_link(text: str) -> tuple[uuid.UUID, bytes] | None:
    """Read what `write_link` wrote; None for anything else."""
    if len(text) != 64 or not text.isascii():
        return None
    try:
        raw = base64.b64decode(text, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    return (uuid.UUID(bytes=raw[:16]), raw[16:]) if len(raw) == _SIZE else None


def write_api_token(workspace_id: uuid.UUID, secret: bytes) -> str:
    """Write an API token."""
    return TOKEN_PREFIX + write_link(workspace_id, secret)


def read_api_token(text: str) -> tuple[uuid.UUID, bytes] | None:
    """Read an API token; None for anything else."""
    return read_link(text.removeprefix(TOKEN_PREFIX)) if text.startswith(TOKEN_PREFIX) else None


def shown_prefix(token: str) -> str:
    """Give the part of an API token by which people recognise it."""
    return token[:_SHOWN]
