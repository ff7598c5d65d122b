"""The stories fit into every day on which somebody may start the demo."""

import datetime as dt
from itertools import product

import pytest

from parley.channels.whatsapp.window import window
from parley.demo.moments import moment, moments, read_at
from parley.demo.script import Act, Ago, Ahead, Answer, Story, Workday
from parley.demo.stories import STORIES

DAYS = [
    dt.datetime(2026, 11, day, hour, 5, tzinfo=dt.UTC) for day, hour in product(range(16, 23), (0, 9, 23))
]


@pytest.mark.parametrize("now", DAYS, ids=lambda day: f"{day:%a-%H}")
def test_stories_happen_in_order_within_two_weeks_and_within_the_window(now: dt.datetime) -> None:
    for story in STORIES:
        times = moments(story, now)
        assert times == sorted(times)
        assert now - dt.timedelta(days=16) < times[0]
        assert times[-1] <= now
        written: dt.datetime | None = None
        for number, (step, at) in enumerate(zip(story.steps, times, strict=True)):
            if isinstance(step, Act):
                written = at
            if isinstance(step, Answer):
                assert window(written, at).is_open, f"{story.customer.name}, step {number + 1}"
                assert at < read_at(story.steps, times, number, now) <= now


@pytest.mark.parametrize("now", DAYS, ids=lambda day: f"{day:%a-%H}")
def test_office_days_are_no_weekends(now: dt.datetime) -> None:
    for back in range(1, 12):
        at = moment(Workday(back, "10:00"), now, now).astimezone()
        assert at.weekday() < 5
        assert (at.hour, at.minute) == (10, 0)
        assert at < now
    assert moment(Ago(2.5), now, now) == now - dt.timedelta(minutes=150)
    assert moment(Ahead(1, "09:00"), now, now) > now
    assert moment(3.0, now - dt.timedelta(hours=1), now) == now - dt.timedelta(minutes=57)


def test_a_story_out_of_order_is_refused() -> None:
    story = Story(STORIES[0].customer, Ago(1), (Act(0, {}), Act(90.0, {})))
    with pytest.raises(ValueError, match="step 2"):
        moments(story, DAYS[0])
