"""The bytes Meta puts on the wire and the signatures over them. No delivery, no HTTP."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any


def wire_json(value: Any) -> bytes:
    """Encode as Meta does: ASCII only, `\\uXXXX` in lowercase hex, slashes escaped, no spaces.

    A receiver that verifies anything but the raw bytes notices at the first accent or URL.
    """
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode("ascii")


def signature_headers(secret: str, body: bytes) -> dict[str, str]:
    """Return both signature headers (SHA-256 and the legacy SHA-1), keyed with the app's secret."""
    key = secret.encode()
    return {
        "X-Hub-Signature": "sha1=" + hmac.new(key, body, hashlib.sha1).hexdigest(),
        "X-Hub-Signature-256": "sha256=" + hmac.new(key, body, hashlib.sha256).hexdigest(),
    }
