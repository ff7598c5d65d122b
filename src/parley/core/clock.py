"""The one source of the present moment. Tests turn it; nothing else calls `datetime.now`."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager


def _system_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


_source: Callable[[], dt.datetime] = _system_now


def now() -> dt.datetime:
    """Tell the present moment in UTC."""
    return _source()


@contextmanager
def frozen(moment: dt.datetime) -> Iterator[Callable[[dt.timedelta], None]]:
    """Stop the clock at `moment` for this process; the yielded function moves it on. For tests."""
    global _source  # noqa: PLW0603 - there is one present moment
    current = moment

    def advance(by: dt.timedelta) -> None:
        nonlocal current
        current += by

    before, _source = _source, lambda: current
    try:
        yield advance
    finally:
        _source = before
