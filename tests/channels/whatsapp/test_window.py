"""The 24 hours of the customer service window."""

import datetime as dt

from parley.channels.whatsapp.window import window
from parley.modules.conversations.types import WindowRule

NOW = dt.datetime(2026, 9, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(hours=24)
INSTANT = dt.timedelta(microseconds=1)


def test_it_is_open_until_the_last_instant_of_the_24_hours() -> None:
    last = NOW - DAY + INSTANT
    found = window(last, NOW)
    assert found.is_open
    assert (found.closes_at, found.allowed, found.code) == (last + DAY, WindowRule.ANYTHING, None)


def test_it_closes_after_exactly_24_hours() -> None:
    found = window(NOW - DAY, NOW)
    assert not found.is_open
    assert (found.closes_at, found.allowed, found.code) == (NOW, WindowRule.TEMPLATES, "window_closed")
    assert found.message


def test_it_was_never_open_when_the_contact_never_wrote() -> None:
    found = window(None, NOW)
    assert not found.is_open
    assert (found.closes_at, found.allowed, found.code) == (None, WindowRule.TEMPLATES, "window_never_opened")
    assert found.message
