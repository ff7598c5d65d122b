"""An open page is nobody being there: looking at a session does not keep it alive."""

import datetime as dt

from tests.builders import Office, session_of

from parley.core import clock
from parley.core.resources import Resources
from parley.modules.workspaces.deps import scope_of_cookie


async def test_looking_does_not_keep_a_session_alive_and_acting_does(
    house: Resources, office: Office
) -> None:
    start = clock.now()
    with clock.frozen(start) as advance:
        cookie = f"__Host-sid={await session_of(house, office.agent)}"
        for _ in range(13):
            advance(dt.timedelta(hours=1))
            found = await scope_of_cookie(house, cookie, is_seen=False)
        assert found is None
    with clock.frozen(start) as advance:
        cookie = f"__Host-sid={await session_of(house, office.agent)}"
        for _ in range(13):
            advance(dt.timedelta(hours=1))
            found = await scope_of_cookie(house, cookie)
        assert found is not None
