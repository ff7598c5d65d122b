"""A web process is ready when its database, keys and queue answer and the schema is the one it was written for."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from alembic.script import ScriptDirectory
from tests.builders import Client
from tests.shop import Shop, open_shop

from parley.core.db.revision import MIGRATIONS, newest_revision
from parley.core.resources import Resources


@pytest.fixture
async def shop(house: Resources) -> AsyncIterator[Shop]:
    async with open_shop(house, with_worker=False) as opened:
        yield opened


def test_the_newest_revision_is_the_head_of_the_history() -> None:
    assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


async def test_ready_means_migrated(shop: Shop, superuser: asyncpg.Connection) -> None:
    client = Client(shop.base_url)
    assert (await client.page("/readyz")).status_code == 200
    await superuser.execute("UPDATE public.alembic_version SET version_num = '0000'")
    try:
        behind = await client.page("/readyz")
        assert (behind.status_code, behind.json()["checks"]["database"]) == (503, False)
    finally:
        await superuser.execute("UPDATE public.alembic_version SET version_num = $1", newest_revision())
        await client.aclose()
