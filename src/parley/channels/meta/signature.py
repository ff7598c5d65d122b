"""Whether a call really comes from Meta: `X-Hub-Signature-256` over the raw bytes. Nothing is parsed here.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started (Validating Payloads). Meta signs the bytes
as sent, with non-ASCII escaped as `\\uXXXX`; a body that was parsed and written again does not verify.
"""

import hashlib
import hmac
from collections.abc import Iterable

_PREFIX = "sha256="


def sign(body: bytes, secret: str) -> str:
    """Make the header's value for these bytes, as Meta does: `sha256=` and 64 lowercase hex digits."""
    return _PREFIX + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def is_signed(body: bytes, header: str | None, secrets: Iterable[str]) -> bool:
    """Tell whether one of the secrets signed exactly these bytes, in constant time.

    Several secrets are accepted while one replaces another; an empty secret never verifies anything.
    """
    given = (header or "").encode("utf-8", "replace")
    found = False
    for secret in secrets:
        if secret:
            found |= hmac.compare_digest(sign(body, secret).encode(), given)
    return found
