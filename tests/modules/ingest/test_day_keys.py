"""Day keys: gone when nothing needs them, there as long as something does."""

import datetime as dt

from tests.builders import Office

from parley.core import clock
from parley.core.db.urls import role_url
from parley.core.ids import NIL, new_id
from parley.core.keystore import KeyKind, day_subject
from parley.core.resources import Resources
from parley.core.sealing import Place, seal
from parley.modules.ingest.day_keys import retire_day_keys

DAY = dt.datetime(2031, 5, 1, 12, tzinfo=dt.UTC)


async def test_a_day_key_lives_as_long_as_something_is_sealed_under_it(
    house: Resources, office: Office, superuser: object
) -> None:
    url = role_url(house.settings, "parley_ingest", root_key=house.root_key)
    days = [DAY, DAY + dt.timedelta(days=1)]
    keys = [await house.keystore.get_or_create(NIL, KeyKind.DAY, day_subject(day.date())) for day in days]
    item_id = new_id()
    sealed = seal(keys[0], Place(office.workspace_id, "ingest.item", "payload", item_id), b"{}")
    await superuser.execute(  # type: ignore[attr-defined]
        """INSERT INTO ingest.item (workspace_id, id, inbox_id, channel, kind, shard, payload, key_id, received_at)
        VALUES ($1, $2, $2, 'whatsapp', 'message', 0, $3, $4, $5)""",
        office.workspace_id,
        item_id,
        sealed,
        keys[0].id,
        DAY,
    )
    with clock.frozen(DAY + dt.timedelta(days=10)):
        assert await retire_day_keys(url, house.keystore) == 1
        assert set(await house.keystore.find_many(NIL, [key.id for key in keys])) == {keys[0].id}
        await superuser.execute("DELETE FROM ingest.item")  # type: ignore[attr-defined]
        assert await retire_day_keys(url, house.keystore) == 1
        assert await house.keystore.find_many(NIL, [key.id for key in keys]) == {}
        assert await retire_day_keys(url, house.keystore) == 0


async def test_the_keys_of_today_and_yesterday_are_never_touched(house: Resources) -> None:
    url = role_url(house.settings, "parley_ingest", root_key=house.root_key)
    with clock.frozen(DAY + dt.timedelta(days=40)):
        today = clock.now().date()
        for day in (today, today - dt.timedelta(days=1)):
            await house.keystore.get_or_create(NIL, KeyKind.DAY, day_subject(day))
        assert await retire_day_keys(url, house.keystore) == 0
