"""Meta's question when a callback address is entered: GET with `hub.mode`, `hub.verify_token`, `hub.challenge`.

Source: developers.facebook.com/docs/graph-api/webhooks/getting-started (Verification Requests).
"""

import hmac
from collections.abc import Iterable, Mapping


def answer_challenge(query: Mapping[str, str], tokens: Iterable[str]) -> str | None:
    """Give the bare challenge to answer with (200, plain text), or None to refuse (403).

    The challenge is given back only when it is a plain number as Meta sends it, so that nothing else can be
    reflected. An empty token never matches.
    """
    challenge = query.get("hub.challenge", "")
    given = query.get("hub.verify_token", "").encode("utf-8", "replace")
    matches = False
    for token in tokens:
        if token:
            matches |= hmac.compare_digest(token.encode(), given)
    if query.get("hub.mode") != "subscribe" or not matches:
        return None
    return challenge if challenge.isascii() and challenge.isalnum() and len(challenge) <= 128 else None
