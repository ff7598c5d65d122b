"""Guessing is slowed down per network; nobody can lock somebody else out."""

import pytest
from tests.builders import PASSWORD, Client, Office

from parley.core.limits import RateLimitedError, RateLimits
from parley.modules.accounts.errors import SignInSlowDownError
from parley.modules.accounts.throttle import (
    FAILURES,
    PER_ACCOUNT,
    PER_NETWORK,
    SIGN_UPS,
    Throttle,
    network_of,
)

ANNA = "anna@example.org"


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Clock:
    return Clock()


@pytest.fixture
def throttle(time: Clock) -> Throttle:
    return Throttle(RateLimits(monotonic=time))


async def test_an_account_is_slowed_down_from_one_network_and_free_from_another(throttle: Throttle) -> None:
    for number in range(PER_ACCOUNT.limit):
        await throttle.attempt(ANNA, f"203.0.113.{number}")
    with pytest.raises(SignInSlowDownError) as caught:
        await throttle.attempt(" ANNA@example.org", "203.0.113.200")
    assert 0 < caught.value.data["retry_after"] <= 60
    await throttle.attempt(ANNA, "198.51.100.1")
    await throttle.attempt("ben@example.org", "203.0.113.200")


async def test_a_network_that_tries_many_accounts_is_slowed_down(throttle: Throttle) -> None:
    for number in range(PER_NETWORK.limit):
        await throttle.attempt(f"person-{number}@example.org", "203.0.113.1")
    with pytest.raises(SignInSlowDownError):
        await throttle.attempt("fresh@example.org", "203.0.113.2")
    await throttle.attempt("fresh@example.org", "203.0.114.2")


async def test_failures_weigh_for_an_hour_and_successes_do_not(throttle: Throttle, time: Clock) -> None:
    for _ in range(FAILURES.limit):
        await throttle.attempt(ANNA, "203.0.113.1")
        await throttle.failed(ANNA, "203.0.113.1")
        time.now += 61 / PER_ACCOUNT.limit
    time.now += 600
    with pytest.raises(SignInSlowDownError) as caught:
        await throttle.attempt(ANNA, "203.0.113.1")
    time.now += caught.value.data["retry_after"] + 1
    await throttle.attempt(ANNA, "203.0.113.1")


async def test_sign_ups_have_a_limit(throttle: Throttle) -> None:
    for _ in range(SIGN_UPS.limit):
        await throttle.sign_up("203.0.113.1")
    with pytest.raises(RateLimitedError):
        await throttle.sign_up("203.0.113.1")


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("::ffff:203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2ff:3::1", "2001:db8:1:200::/56"),
        ("testclient", "unknown"),
        ("", "unknown"),
    ],
)
def test_a_network_is_what_a_household_shares(address: str, network: str) -> None:
    assert network_of(address) == network


async def test_the_edge_answers_429_with_the_time_to_wait_even_to_the_right_password(
    client: Client, office: Office
) -> None:
    wrong = {"email": office.owner.email, "password": "wrong"}
    for _ in range(PER_ACCOUNT.limit):
        assert (await client.post("/auth/sign-in", wrong)).status_code == 401
    response = await client.post("/auth/sign-in", {"email": office.owner.email, "password": PASSWORD})
    assert (response.status_code, response.json()["code"]) == (429, "sign_in_slow_down")
    assert int(response.headers["retry-after"]) == response.json()["retry_after"] > 0
