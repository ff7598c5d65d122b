"""Identifiers made in Python, so that no server version is assumed."""

import os
import time
import uuid

NIL = uuid.UUID(int=0)
_last_millis = 0
_counter = 0


def new_id() -> uuid.UUID:
    """Make a UUIDv7 that sorts after every id this process made before.

    The 12 bits after the milliseconds count up within one millisecond (RFC 9562, section 6.2, method 1);
    62 bits are random. Ids are not secrets.
    """
    global _last_millis, _counter  # noqa: PLW0603 - one generator per process is the point
    millis = time.time_ns() // 1_000_000
    if millis > _last_millis:
        _last_millis, _counter = millis, int.from_bytes(os.urandom(1), "big")
    else:
        _counter += 1
        if _counter > 0xFFF:
            _last_millis, _counter = _last_millis + 1, 0
    value = (_last_millis & 0xFFFF_FFFF_FFFF) << 80 | 0x7 << 76 | _counter << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") & 0x3FFF_FFFF_FFFF_FFFF
    return uuid.UUID(int=value)


def parse_id(text: str) -> uuid.UUID | None:
    """Read an id from outside; None when it is not one."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
