"""The demo: a small coffee roastery with three members and two weeks of conversations, made once on first start.

Here: the stories (`stories`, told in the words of `script` by the people of `cast`) and what plays them. Not here:
the customers' phones and the customers who write by themselves while the demo runs, which are the simulator's.
"""

import asyncio
from typing import Any

from parley.core.errors import AppError
from parley.core.settings import Settings
from parley.demo.seeding import seed_house
from parley.opening import open_house


class NotTheDemoError(AppError):
    code = "not_the_demo"
    message = "Only the demo is seeded; this is a production installation."


def seed(settings: Settings) -> dict[str, Any]:
    """Fill the demo, once, and tell how to come in: `sign_in_link`, `members`, `token`, `phone`.

    All of it is the same after every start. Raises `NotTheDemoError` in production.
    """
    if settings.mode == "production":
        raise NotTheDemoError
    return asyncio.run(_seed(settings))


async def _seed(settings: Settings) -> dict[str, Any]:
    async with open_house(settings, pool_size=2, name="seed") as house:
        return await seed_house(house)
