"""Repeating a creating request changes nothing and gets the first answer, whatever happens in between."""

import asyncio
import datetime as dt
import uuid

import asyncpg
import pytest
from tests.builders import Client, Office
from tests.conftest import MakeProgram, SignIn

from parley.core import clock
from parley.core.web.idempotency import HEADER, REPLAYED

TEAM = {"name": "Sales"}


def key() -> dict[str, str]:
    return {HEADER: str(uuid.uuid4())}


@pytest.fixture
async def browser(office: Office, sign_in: SignIn) -> Client:
    return await sign_in(office.owner)


async def test_the_same_request_gets_the_same_answer(browser: Client) -> None:
    headers = key()
    first = await browser.post("/teams", TEAM, headers=headers)
    again = await browser.post("/teams", TEAM, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert REPLAYED not in first.headers
    assert again.headers[REPLAYED] == "true"
    assert len((await browser.get("/teams")).json()["items"]) == 1


async def test_a_secret_shown_once_is_shown_again_to_the_repetition_and_stored_sealed(
    browser: Client, superuser: asyncpg.Connection
) -> None:
    headers = key()
    first = await browser.post("/api-tokens", {"name": "x"}, headers=headers)
    secret = first.json()["secret"]
    assert (await browser.post("/api-tokens", {"name": "x"}, headers=headers)).json()["secret"] == secret
    stored = await superuser.fetchval("SELECT answer FROM app.idempotency_key")
    assert secret.encode() not in stored


async def test_another_request_under_the_same_key_is_a_conflict(browser: Client) -> None:
    headers = key()
    await browser.post("/teams", TEAM, headers=headers)
    for path, body in (("/teams", {"name": "Other"}), ("/members/invitations", TEAM), ("/teams?x=1", TEAM)):
        response = await browser.post(path, body, headers=headers)
        assert (response.status_code, response.json()["code"]) == (409, "idempotency_conflict")
    assert len((await browser.get("/teams")).json()["items"]) == 1


async def test_many_at_once_make_one(browser: Client) -> None:
    headers = key()
    answers = await asyncio.gather(*(browser.post("/teams", TEAM, headers=headers) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum(REPLAYED not in answer.headers for answer in answers) == 1


async def test_a_refused_request_keeps_nothing_so_it_can_be_mended(browser: Client) -> None:
    headers = key()
    assert (await browser.post("/teams", {"name": ""}, headers=headers)).status_code == 422
    assert (await browser.post("/teams", TEAM, headers=headers)).status_code == 201


async def test_keys_are_ones_own(
    browser: Client, office: Office, other_office: Office, sign_in: SignIn, program: MakeProgram
) -> None:
    headers = key()
    assert (await browser.post("/teams", TEAM, headers=headers)).status_code == 201
    colleague = await sign_in(office.admin)
    assert (await colleague.post("/teams", {"name": "Other"}, headers=headers)).status_code == 201
    stranger = await sign_in(other_office.owner)
    answer = await stranger.post("/teams", TEAM, headers=headers)
    assert answer.status_code == 201
    assert REPLAYED not in answer.headers
    machine = await program("owner")
    assert (await machine.post("/teams", {"name": "Third"}, headers=headers)).status_code == 201


async def test_after_a_day_a_key_is_new_again(browser: Client) -> None:
    headers = key()
    with clock.frozen(clock.now()) as advance:
        assert (await browser.post("/teams", TEAM, headers=headers)).status_code == 201
        advance(dt.timedelta(hours=11))
        assert REPLAYED in (await browser.post("/teams", TEAM, headers=headers)).headers
        advance(dt.timedelta(hours=11))
        await browser.get("/me")  # the session goes on
        advance(dt.timedelta(hours=3))
        answer = await browser.post("/teams", TEAM, headers=headers)
    assert answer.json()["code"] == "team_name_taken"


@pytest.mark.parametrize("bad", ["short", "x" * 129, "with spaces in it"])
async def test_unusable_keys_are_named(browser: Client, bad: str) -> None:
    response = await browser.post("/teams", TEAM, headers={HEADER: bad})
    assert (response.status_code, list(response.json()["fields"])) == (422, [HEADER])
