"""Sessions: made anew on every sign-in, stored as hashes, over when idle or old or ended."""

import datetime as dt
import hashlib

import asyncpg
import pytest
from tests.builders import PASSWORD, Client, Office
from tests.conftest import SignIn

from parley.core import clock
from parley.core.web.cookies import SESSION
from parley.modules.accounts.sessions import describe_device


async def sign_in_as(client: Client, office: Office) -> str:
    response = await client.post("/auth/sign-in", {"email": office.owner.email, "password": PASSWORD})
    assert response.status_code == 200, response.text
    assert client.session is not None
    return client.session


async def test_the_cookie_is_locked_down(client: Client, office: Office) -> None:
    response = await client.post("/auth/sign-in", {"email": office.owner.email, "password": PASSWORD})
    (line,) = [c for c in response.headers.get_list("set-cookie") if c.startswith(SESSION)]
    parts = {part.strip() for part in line.split(";")[1:]}
    assert parts == {"Path=/", "Max-Age=1209600", "Secure", "HttpOnly", "SameSite=Lax"}


async def test_only_the_hash_of_256_bits_is_stored(
    client: Client, office: Office, superuser: asyncpg.Connection
) -> None:
    token = await sign_in_as(client, office)
    assert len(token) >= 43
    row = await superuser.fetchrow("SELECT * FROM accounts.session")
    assert row is not None
    assert row["hash"] == hashlib.sha256(token.encode()).digest()
    assert row["device"] == "Firefox on Linux"
    assert token not in str(dict(row))


async def test_a_planted_session_is_not_taken_over_and_ends(
    client: Client, office: Office, sign_in: SignIn
) -> None:
    attacker = await sign_in(office.agent)
    planted = attacker.session
    assert planted is not None
    client.cookies[SESSION] = planted
    token = await sign_in_as(client, office)
    assert token != planted
    assert (await attacker.get("/me")).status_code == 401
    assert (await client.get("/me")).json()["member"]["role"] == "owner"


async def test_an_invented_session_is_never_adopted(client: Client, office: Office) -> None:
    client.cookies[SESSION] = "invented-by-somebody-else"
    assert (await client.get("/me")).status_code == 401
    assert await sign_in_as(client, office) != "invented-by-somebody-else"


async def test_signing_out_ends_the_session_on_the_server(client: Client, office: Office) -> None:
    token = await sign_in_as(client, office)
    response = await client.post("/auth/sign-out")
    assert response.status_code == 204
    assert client.session is None
    client.cookies[SESSION] = token
    assert (await client.get("/me")).status_code == 401
    assert (await client.post("/auth/sign-out")).status_code == 204


async def test_a_session_ends_after_twelve_idle_hours(office: Office, sign_in: SignIn) -> None:
    with clock.frozen(clock.now()) as advance:
        browser = await sign_in(office.agent)
        advance(dt.timedelta(hours=11, minutes=59))
        assert (await browser.get("/me")).status_code == 200
        advance(dt.timedelta(hours=11, minutes=59))
        assert (await browser.get("/me")).status_code == 200
        advance(dt.timedelta(hours=12, seconds=1))
        assert (await browser.get("/me")).status_code == 401


async def test_a_session_ends_after_fourteen_days_however_busy(office: Office, sign_in: SignIn) -> None:
    with clock.frozen(clock.now()) as advance:
        browser = await sign_in(office.agent)
        for _ in range(27):
            advance(dt.timedelta(hours=12) - dt.timedelta(seconds=1))
            assert (await browser.get("/me")).status_code == 200
        advance(dt.timedelta(hours=12))
        assert (await browser.get("/me")).status_code == 401


async def test_seen_times_are_written_once_a_minute_at_most(
    office: Office, sign_in: SignIn, superuser: asyncpg.Connection
) -> None:
    start = clock.now()
    read = "SELECT s.seen_at, m.seen_at AS member FROM accounts.session s JOIN app.member m USING (user_id)"
    with clock.frozen(start) as advance:
        browser = await sign_in(office.agent)
        advance(dt.timedelta(seconds=59))
        await browser.get("/me")
        assert [tuple(row) for row in await superuser.fetch(read)] == [(start, None)]
        advance(dt.timedelta(seconds=2))
        await browser.get("/me")
        moment = start + dt.timedelta(seconds=61)
        assert [tuple(row) for row in await superuser.fetch(read)] == [(moment, moment)]


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36",
            "Chrome on Linux",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
            "Edge on Windows",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1",
            "Safari on iOS",
        ),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
        (
            "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
            "Firefox on macOS",
        ),
        ("curl/8.0", "A program"),
        (None, "A program"),
    ],
)
def test_devices_are_named_in_a_few_words(agent: str | None, device: str) -> None:
    assert describe_device(agent) == device
