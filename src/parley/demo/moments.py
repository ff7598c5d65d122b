"""When a story's steps happen, so that the demo is always two weeks old and never speaks of the future."""

import datetime as dt
from collections.abc import Sequence

from parley.demo.script import Act, Ago, Ahead, Step, Story, When, Workday

_SATURDAY = 5
_DELIVERED = dt.timedelta(seconds=2)
_READ_AT_MOST = dt.timedelta(minutes=6)
_READ_AT_LEAST = dt.timedelta(seconds=5)


def moments(story: Story, now: dt.datetime) -> list[dt.datetime]:
    """Tell when each step of a story happens; raises `ValueError` for one that would be before its predecessor.

    Times of day are those of this machine, on which the person who looks at the demo sits.
    """
    found: list[dt.datetime] = []
    at = moment(story.begins, now, now)
    for number, step in enumerate(story.steps):
        following = at if number == 0 else moment(step.after, at, now)
        if following < at or following > now:
            raise ValueError(f"step {number + 1} of {story.customer.name}'s story is out of order")
        at = following
        found.append(at)
    return found


def moment(when: When | Ahead, before: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Tell one moment; `before` is that of the step before."""
    match when:
        case Workday():
            return _at(_workday(now.astimezone().date(), when.back), when.at)
        case Ahead():
            return _at(now.astimezone().date() + dt.timedelta(days=when.days), when.at)
        case Ago():
            return now - dt.timedelta(hours=when.hours)
        case _:
            return before + dt.timedelta(minutes=when)


def delivered_at(sent: dt.datetime) -> dt.datetime:
    """Tell when a message reaches the phone."""
    return sent + _DELIVERED


def read_at(
    steps: Sequence[Step], times: Sequence[dt.datetime], number: int, now: dt.datetime
) -> dt.datetime:
    """Tell when the customer reads the answer that is step `number`: before they go on, soon, and never too late."""
    sent = times[number]
    goes_on = next(
        (
            at
            for step, at in zip(steps[number + 1 :], times[number + 1 :], strict=True)
            if isinstance(step, Act)
        ),
        now,
    )
    return min(sent + max(_READ_AT_LEAST, min(_READ_AT_MOST, (goes_on - sent) * 0.6)), max(goes_on, sent))


def _workday(day: dt.date, back: int) -> dt.date:
    while back:
        day -= dt.timedelta(days=1)
        if day.weekday() < _SATURDAY:
            back -= 1
    return day


def _at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time)).astimezone(dt.UTC)
