"""Cursors come back as what they were, and nothing else is taken for one."""

import base64
import datetime as dt
import uuid

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.errors import InvalidError
from parley.core.web.cursor import decode_cursor, encode_cursor, page_of

ROW = uuid.UUID(int=7)
MOMENT = dt.datetime(2026, 3, 1, 12, 0, 0, 123456, dt.UTC)


@given(
    st.datetimes(timezones=st.just(dt.UTC), min_value=dt.datetime(1900, 1, 1)),  # noqa: DTZ001 - the strategy adds it
    st.uuids(),
    st.text(max_size=40),
    st.integers(-(2**60), 2**60),
    st.none() | st.just(MOMENT),
)
def test_what_is_written_is_read(
    moment: dt.datetime, row: uuid.UUID, text: str, number: int, maybe: dt.datetime | None
) -> None:
    text = text.encode("utf-8", "ignore").decode()
    cursor = encode_cursor(moment, row, text, number, maybe)
    kinds = (dt.datetime, uuid.UUID, str, int, dt.datetime)
    assert decode_cursor(cursor, *kinds) == (moment, row, text, number, maybe)
    assert cursor.replace("-", "").replace("_", "").isalnum()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "!",
        "ä",
        "AAAA",
        encode_cursor(MOMENT),
        encode_cursor(MOMENT, ROW, 1),
        encode_cursor("yesterday", ROW),
        encode_cursor(MOMENT, "not-an-id"),
        encode_cursor(1, ROW),
        encode_cursor(MOMENT, 5),
        base64.urlsafe_b64encode(orjson.dumps([MOMENT.isoformat(), True])).decode(),
        base64.urlsafe_b64encode(orjson.dumps([MOMENT.isoformat(), []])).decode(),
        encode_cursor("0001-01-01T00:00:00+14:00", ROW),
        encode_cursor("9999-12-31T23:59:59-14:00", ROW),
        base64.urlsafe_b64encode(orjson.dumps(["2026-01-01T00:00:00", str(ROW)])).decode(),
        base64.urlsafe_b64encode(orjson.dumps({"a": 1})).decode(),
    ],
)
def test_anything_else_is_invalid(text: str) -> None:
    with pytest.raises(InvalidError) as caught:
        decode_cursor(text, dt.datetime, uuid.UUID)
    assert "cursor" in caught.value.data["fields"]


def test_a_page_ends_where_the_limit_is() -> None:
    rows = [3, 2, 1]
    assert page_of(rows, 3, lambda row: (row,)) == (rows, None)
    kept, cursor = page_of(rows, 2, lambda row: (row,))
    assert kept == [3, 2]
    assert cursor is not None
    assert decode_cursor(cursor, int) == (2,)
