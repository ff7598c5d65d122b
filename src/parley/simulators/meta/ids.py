"""Identifiers shaped like Meta's, and the rewriting of phone numbers. Pure functions only."""

from __future__ import annotations

import base64
import re
import secrets

_BRAZIL_NEW = re.compile(r"55(3[1-9]|[4-9]\d)9(\d{8})")
_MEXICO_PLAIN = re.compile(r"52(\d{10})")
_SEPARATORS = str.maketrans("", "", "+-() .")


def wamid(wa_id: str) -> str:
    """Make a message id that, as Meta's do, carries the other party in base64."""
    peer = wa_id.encode()[:60]
    serial = secrets.token_hex(10).upper().encode()
    raw = b"\x1d\x18" + bytes([len(peer)]) + peer + b"\x15\x02\x00\x12\x18\x14" + serial + b"\x00"
    return "wamid." + base64.b64encode(raw).decode()


def media_id() -> str:
    return str(10**14 + secrets.randbelow(9 * 10**14))


def bsuid(country: str = "US") -> str:
    """Make a business-scoped user id: ISO country, a dot, digits."""
    return f"{country}.{secrets.randbelow(9 * 10**18) + 10**18}"


def fbtrace_id() -> str:
    return "A" + secrets.token_urlsafe(16)


def digits(text: str) -> str:
    """Strip the separators Meta tolerates (`+ - ( ) .` and spaces)."""
    return text.translate(_SEPARATORS)


def dialled(to: str, country_code: str) -> str | None:
    """Return the digits Meta would dial, or None when it is no phone number.

    Without a plus the business number's country code is put in front, as Meta does.
    """
    number = digits(to)
    if not number.isascii() or not number.isdigit():
        return None
    if not to.strip().startswith("+") and not number.startswith(country_code):
        number = country_code + number
    return number if 7 <= len(number) <= 15 else None


def wa_id(number: str) -> str:
    """Rewrite as the Cloud API does: Brazilian mobiles lose the ninth digit, Mexican ones gain a 1."""
    if match := _BRAZIL_NEW.fullmatch(number):
        return "55" + match[1] + match[2]
    if match := _MEXICO_PLAIN.fullmatch(number):
        return "521" + match[1]
    return number
