"""Reading values that may be anything."""

import datetime as dt
from typing import Any

import pytest

from parley.channels.meta.reading import NO_TIME, link, moment, number, text

AT = dt.datetime(2026, 9, 21, 14, 13, 20, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "value", ["1790000000", 1790000000, 1790000000.0, "1790000000000", 1790000000000, " 1790000000 "]
)
def test_seconds_and_milliseconds_are_told_apart(value: Any) -> None:
    assert moment(value) == AT


@pytest.mark.parametrize(
    "value", [None, "", "soon", "nan", "inf", "1e999", 0, -1, True, [], {}, "9" * 5000, 10**400, 1e300]
)
def test_absurd_time_is_none_at_all(value: Any) -> None:
    assert moment(value) == NO_TIME


def test_no_time_is_later_than_any_arrival() -> None:
    assert dt.datetime.now(dt.UTC) < NO_TIME


@pytest.mark.parametrize(
    ("value", "found"), [("a", "a"), ("a\x00b", "ab"), ("\x00", None), ("", None), (7, "7")]
)
def test_words_are_words_or_nothing(value: Any, found: str | None) -> None:
    assert text(value) == found


@pytest.mark.parametrize("value", [None, True, 1.5, [], {}])
def test_what_is_no_word_is_nothing(value: Any) -> None:
    assert text(value) is None


@pytest.mark.parametrize("value", [None, True, "x", "nan", "-inf", [], {}])
def test_what_is_no_number_is_nothing(value: Any) -> None:
    assert number(value) is None


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("HTTPS://a.example", "HTTPS://a.example"),
        ("javascript:alert(1)", None),
        ("//a.example", None),
        (1, None),
    ],
)
def test_only_web_addresses_are_links(value: Any, found: str | None) -> None:
    assert link(value) == found
