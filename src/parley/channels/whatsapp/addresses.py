"""How WhatsApp names people: a phone number (`wa_id`, digits), or since 2026 a business-scoped user id, or both.

A business-scoped user id looks like `US.13491208655302741918`; it is all there is of a person who has adopted a
username and not shown us the number. Source: developers.facebook.com/docs/whatsapp, Business-scoped user IDs.
"""

import re
from typing import Any

from parley.channels.meta.reading import text
from parley.modules.conversations.types import Address

PHONE = "whatsapp"
USER = "whatsapp.user"

_USER_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9][A-Za-z0-9.]{0,150}")
_DECORATION = str.maketrans("", "", "+-() ./\u00a0")
_MAX_DIGITS = 20


def phone(value: Any) -> str | None:
    """Read a phone number as WhatsApp writes it: digits alone, country code first, never changed otherwise."""
    found = text(value)
    if found is None:
        return None
    digits = found.translate(_DECORATION)
    return digits if digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS else None


def user_id(value: Any) -> str | None:
    """Read a business-scoped user id, recognised by its shape; Meta has put them into fields for numbers too."""
    found = text(value)
    return found if found and _USER_ID.fullmatch(found) else None


def addresses(*values: Any) -> tuple[Address, ...]:
    """Sort what was given into addresses without repeating any: numbers first, for answers go there."""
    numbers = [Address(PHONE, found) for value in values if (found := phone(value))]
    users = [Address(USER, found) for value in values if (found := user_id(value))]
    return tuple(dict.fromkeys([*numbers, *users]))
