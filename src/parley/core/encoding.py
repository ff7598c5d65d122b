"""JSON as the product writes it: ids and moments as text, moments in UTC with a Z, dataclasses by their fields."""

import uuid
from typing import Any

import orjson

_OPTIONS = orjson.OPT_UTC_Z


def json_bytes(value: Any) -> bytes:
    """Write a value made of dataclasses, dicts, ids and moments."""
    return orjson.dumps(value, default=_foreign, option=_OPTIONS)


def _foreign(value: Any) -> Any:
    # The database driver gives ids of a class of its own, which orjson does not take for ids.
    if isinstance(value, uuid.UUID):
        return str(value)
    raise TypeError(type(value).__name__)
