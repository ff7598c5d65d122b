"""What customers and the shop said to each other, from the oldest conversations to those of today."""

from parley.demo.script import Story
from parley.demo.stories import first_week, second_week, this_week, today, wholesale

STORIES: tuple[Story, ...] = (
    *first_week.STORIES,
    *wholesale.STORIES,
    *second_week.STORIES,
    *this_week.STORIES,
    *today.STORIES,
)
