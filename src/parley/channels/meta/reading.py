"""Careful reading of the JSON that Meta sends: every field may be absent, of another type, or nonsense.

Here: single values. Not here: what the values of one product mean.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

NO_TIME = dt.datetime(9999, 1, 1, tzinfo=dt.UTC)
"""Stands for a time that was not given or cannot be: callers clamp future times to the arrival."""

_MILLISECONDS_FROM = 1_000_000_000_000
_NOTHING: Mapping[str, Any] = {}


def text(value: Any) -> str | None:
    """Read words, or None when there are none; NUL, which no database column holds, is taken out."""
    if isinstance(value, str):
        return (value.replace("\x00", "") if "\x00" in value else value) or None
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return None


def mapping(value: Any) -> Mapping[str, Any]:
    """Read an object; anything else is an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Go over the objects of a list; whatever else lies in it is passed over."""
    if isinstance(value, list):
        for each in value:
            if isinstance(each, dict):
                yield each


def number(value: Any) -> float | None:
    """Read a finite number, also one written as words."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if -1e300 < found < 1e300 else None


def link(value: Any) -> str | None:
    """Read a web address; any other scheme is nothing that a screen should offer to open."""
    found = text(value)
    return found if found and found.lower().startswith(("https://", "http://")) else None


def moment(value: Any) -> dt.datetime:
    """Read a time in seconds, or in milliseconds from 10^12 on, as number or words; `NO_TIME` otherwise."""
    seconds = number(value)
    if seconds is not None and seconds >= _MILLISECONDS_FROM:
        seconds /= 1000
    if seconds is None or not 0 < seconds < NO_TIME.timestamp():
        return NO_TIME
    return dt.datetime.fromtimestamp(seconds, dt.UTC)
