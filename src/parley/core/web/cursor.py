"""Lists in pages: opaque cursors that name the last row's sort key, and the shape of a page.

A cursor is base64url of a JSON list; it holds nothing that the page itself did not show, and the query it goes into
is bound to the caller's workspace anyway, so it is not signed.
"""

import base64
import binascii
import dataclasses
import datetime as dt
import uuid
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Depends, Query
from pydantic import BaseModel

from parley.core.errors import InvalidError

T = TypeVar("T")
MAX_LIMIT = 200
_MAX_CURSOR = 500
_FAULT = "This is not a cursor of this list. Leave it out to begin with the first page."


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` leads to the next one and is null on the last."""

    items: list[T]
    next_cursor: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Paging:
    """What the caller asked for: at most `limit` rows after `cursor`."""

    limit: int
    cursor: str | None = None

    def after(self, *kinds: type) -> tuple[Any, ...] | None:
        """Read the cursor as values of these kinds; None on the first page. Raises `InvalidError`."""
        return None if self.cursor is None else decode_cursor(self.cursor, *kinds)


def _paging(
    limit: Annotated[int, Query(ge=1, le=MAX_LIMIT)] = 50,
    cursor: Annotated[str | None, Query(max_length=_MAX_CURSOR)] = None,
) -> Paging:
    return Paging(limit, cursor)


Paged = Annotated[Paging, Depends(_paging)]
"""For the signature of a route that lists."""


def encode_cursor(*values: dt.datetime | uuid.UUID | str | int | None) -> str:
    """Write the sort key of a page's last row."""
    raw = orjson.dumps(values, default=str)  # the driver's own UUIDs are a subclass that orjson does not know
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def decode_cursor(text: str, *kinds: type) -> tuple[Any, ...]:
    """Read a cursor as values of these kinds (datetime, UUID, str, int; each may be None). Raises `InvalidError`."""
    try:
        values = orjson.loads(base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True))
        if not isinstance(values, list) or len(values) != len(kinds):
            raise ValueError  # noqa: TRY301 - one way out for every fault
        return tuple(_read(value, kind) for value, kind in zip(values, kinds, strict=True))
    except (ValueError, TypeError, OverflowError, binascii.Error):
        raise InvalidError(fields={"cursor": _FAULT}) from None


def page_of(rows: list[T], limit: int, key: Any) -> tuple[list[T], str | None]:
    """Cut rows that were read with `limit + 1` into a page and its next cursor; `key(row)` gives the sort key's values."""
    if len(rows) <= limit:
        return rows, None
    kept = rows[:limit]
    return kept, encode_cursor(*key(kept[-1]))


def _read(value: Any, kind: type) -> Any:
    if value is None:
        return None
    if kind is dt.datetime:
        moment = dt.datetime.fromisoformat(value)
        if moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(dt.UTC)  # what lies outside of time in UTC, no database takes
    if kind is uuid.UUID and isinstance(value, str):
        return uuid.UUID(value)
    if type(value) is not kind:
        raise ValueError
    return value
