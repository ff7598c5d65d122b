import asyncio
import importlib.util
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.core.limits import LimitStorageError, Pacer, Rate, RateLimitedError, RateLimits

RATE = Rate("test.sign_in", limit=3, period=60)


class Time:
    """A clock that only tests move; sleeping moves it too."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Time:
    return Time()


async def test_the_window_moves(clock: Time) -> None:
    limits = RateLimits(monotonic=clock)
    for _ in range(3):
        await limits.hit(RATE, "ana")
        clock.now += 10
    with pytest.raises(RateLimitedError) as caught:
        await limits.hit(RATE, "ana")
    assert caught.value.retry_after == caught.value.data["retry_after"] == 30
    assert caught.value.status == 429
    clock.now += 29.9
    with pytest.raises(RateLimitedError) as caught:
        await limits.hit(RATE, "ana")
    assert caught.value.retry_after == 1  # whole seconds, never 0
    clock.now += 0.1
    await limits.hit(RATE, "ana")
    with pytest.raises(RateLimitedError):
        await limits.hit(RATE, "ana")


async def test_refused_attempts_do_not_prolong_the_wait(clock: Time) -> None:
    limits = RateLimits(monotonic=clock)
    await limits.hit(RATE, "ana", cost=3)
    for _ in range(50):
        with pytest.raises(RateLimitedError):
            await limits.hit(RATE, "ana")
    clock.now += 60
    await limits.hit(RATE, "ana", cost=3)


async def test_keys_and_names_are_counted_apart(clock: Time) -> None:
    limits = RateLimits(monotonic=clock)
    await limits.hit(RATE, "ana", cost=3)
    await limits.hit(RATE, "ben", cost=3)
    await limits.hit(Rate("test.other", 3, 60), "ana", cost=3)


async def test_asking_counts_nothing(clock: Time) -> None:
    limits = RateLimits(monotonic=clock)
    for _ in range(10):
        assert await limits.retry_after(RATE, "ana") == 0
    await limits.hit(RATE, "ana", cost=2)
    clock.now += 10
    await limits.hit(RATE, "ana")
    assert await limits.retry_after(RATE, "ana") == 50


async def test_a_dear_request_waits_until_enough_is_free(clock: Time) -> None:
    limits = RateLimits(monotonic=clock)
    for _ in range(3):
        await limits.hit(RATE, "ana")
        clock.now += 10
    with pytest.raises(RateLimitedError) as caught:
        await limits.hit(RATE, "ana", cost=2)
    clock.now += caught.value.retry_after
    await limits.hit(RATE, "ana", cost=2)
    for cost in (0, 4):
        with pytest.raises(ValueError, match="cost"):
            await limits.hit(RATE, "ana", cost=cost)


@given(st.lists(st.floats(0, 40), max_size=60))
def test_no_window_ever_holds_more_than_the_limit(gaps: list[float]) -> None:
    clock, passed, waits = Time(), list[float](), list[int]()
    limits = RateLimits(monotonic=clock)

    async def run() -> None:
        for gap in gaps:
            clock.now += gap
            try:
                await limits.hit(RATE, "ana")
            except RateLimitedError as refusal:
                waits.append(refusal.retry_after)
            else:
                passed.append(clock.now)

    asyncio.run(run())
    assert all(1 <= wait <= RATE.period for wait in waits)
    for moment in passed:
        assert sum(moment - RATE.period < other <= moment for other in passed) <= RATE.limit


async def test_memory_shrinks_and_holds_no_addresses(clock: Time) -> None:
    limits = RateLimits(monotonic=clock)
    for n in range(500):
        await limits.hit(RATE, f"192.0.2.{n}")
    assert "192.0.2" not in repr(limits._memory._windows)
    clock.now += 61
    for n in range(600):
        await limits.hit(RATE, f"198.51.100.{n}")
    assert len(limits._memory._windows) == 600


async def test_a_shared_store_that_cannot_be_reached_leaves_the_limit_standing(clock: Time) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        url = f"redis://127.0.0.1:{probe.getsockname()[1]}"
    if importlib.util.find_spec("redis") is None:  # a clear refusal at start, not at the first sign-in
        with pytest.raises(LimitStorageError):
            RateLimits(url)
        return
    limits = RateLimits(url, monotonic=clock)
    await limits.hit(RATE, "ana", cost=3)
    with pytest.raises(RateLimitedError):
        await limits.hit(RATE, "ana")


async def test_a_burst_goes_at_once_and_then_the_rate_is_kept(clock: Time) -> None:
    pacer = Pacer(monotonic=clock, sleep=clock.sleep)
    assert [round(await pacer.acquire("a", 10, 3), 6) for _ in range(6)] == [0, 0, 0, 0.1, 0.1, 0.1]
    clock.now += 100
    assert [round(await pacer.acquire("a", 10, 3), 6) for _ in range(4)] == [0, 0, 0, 0.1]
    assert await pacer.acquire("b", 10, 3) == 0


def test_turns_are_given_in_order(clock: Time) -> None:
    pacer = Pacer(monotonic=clock)
    assert [round(pacer.reserve("a", 2), 6) for _ in range(4)] == [0, 0.5, 1.0, 1.5]


def test_the_other_side_can_ask_for_a_pause(clock: Time) -> None:
    pacer = Pacer(monotonic=clock)
    assert pacer.reserve("a", 10, 3) == 0
    pacer.slow_down("a", 30)
    assert pacer.reserve("a", 10, 1) == pytest.approx(30)


def test_a_long_burst_after_a_pause_still_waits(clock: Time) -> None:
    pacer = Pacer(monotonic=clock)
    pacer.slow_down("a", 30)
    assert pacer.reserve("a", 80, 1000) >= 30


def test_pacing_forgets_keys_that_are_at_rest(clock: Time) -> None:
    pacer = Pacer(monotonic=clock)
    for n in range(5000):
        clock.now += 1
        pacer.reserve(str(n), 10)
    assert len(pacer._due) <= 1025


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0)])
def test_impossible_rates_are_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="rate"):
        Pacer().reserve("a", rate, burst)
