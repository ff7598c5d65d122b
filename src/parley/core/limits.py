"""How often: limits that refuse callers, and pacing that makes our own senders wait.

Limits are moving windows: no more than `limit` within any `period`. They live in the memory of each process (so N
processes together let N times as much through) or, with `PARLEY_REDIS_URL`, in one place for all. Should Redis fail,
each process goes on with its memory: a limit may become looser, it never disappears and never stops the product.
Not here: which limits exist; their owners name them.
"""

import asyncio
import dataclasses
import hashlib
import math
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from typing import cast

import structlog
from limits import RateLimitItemPerSecond
from limits.aio.storage import Storage
from limits.aio.strategies import MovingWindowRateLimiter
from limits.errors import ConfigurationError, StorageError
from limits.storage import storage_from_string

from parley.core.errors import AppError

log = structlog.get_logger()

_KEPT = 200_000


class RateLimitedError(AppError):
    """Too often. `retry_after` says in how many whole seconds it can work again; the edge sends it as `Retry-After`."""

    code = "rate_limited"
    status = 429
    message = "That was too often in a short time. Wait a moment, then try again."

    def __init__(self, retry_after: float) -> None:
        self.retry_after = max(1, math.ceil(retry_after))
        super().__init__(retry_after=self.retry_after)


class LimitStorageError(AppError):
    """`PARLEY_REDIS_URL` cannot be used at all."""

    code = "limit_storage_unusable"
    status = 500
    message = "PARLEY_REDIS_URL needs the Python package `redis`. Install it, or remove the setting."


@dataclasses.dataclass(frozen=True, slots=True)
class Rate:
    """No more than `limit` within any `period` of whole seconds, counted together under `name`."""

    name: str
    limit: int
    period: int


class RateLimits:
    """Counts and refuses. Keys are hashed before they are kept: they may be addresses of people."""

    def __init__(self, redis_url: str = "", *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._memory = _MemoryWindows(monotonic)
        self._shared = _SharedWindows(redis_url) if redis_url else None

    async def hit(self, rate: Rate, key: str, *, cost: int = 1) -> None:
        """Count `cost` against a key, or raise `RateLimitedError` and count nothing."""
        wait = await self._ask(rate, key, cost, is_counted=True)
        if wait > 0:
            raise RateLimitedError(wait)

    async def retry_after(self, rate: Rate, key: str) -> float:
        """Tell in how many seconds one more would be let through; 0 is now. Counts nothing."""
        return await self._ask(rate, key, 1, is_counted=False)

    async def _ask(self, rate: Rate, key: str, cost: int, *, is_counted: bool) -> float:
        if not 1 <= cost <= rate.limit:
            raise ValueError("the cost lies between 1 and the limit")
        hashed = hashlib.blake2b(f"{rate.name}\0{key}".encode(), digest_size=16).hexdigest()
        if self._shared is not None:
            try:
                return await self._shared.ask(rate, hashed, cost, is_counted=is_counted)
            except StorageError as fault:
                log.warning("limits.shared_storage_failed", fault=type(fault.storage_error).__name__)
        return self._memory.ask(rate, hashed, cost, is_counted=is_counted)


class _MemoryWindows:
    """Times of what was let through, per key; keys whose windows have passed are dropped as others come."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._windows: OrderedDict[str, tuple[float, deque[float]]] = OrderedDict()

    def ask(self, rate: Rate, key: str, cost: int, *, is_counted: bool) -> float:
        now = self._monotonic()
        _, times = self._windows.get(key, (0.0, deque[float]()))
        while times and times[0] <= now - rate.period:
            times.popleft()
        free = rate.limit - len(times)
        if free < cost:
            return times[cost - free - 1] + rate.period - now
        if is_counted:
            times.extend([now] * cost)
            self._windows[key] = (now + rate.period, times)
            self._windows.move_to_end(key)
            self._forget(now)
        return 0.0

    def _forget(self, now: float) -> None:
        # Two at a time, so that the number shrinks while new keys come, without ever a long sweep.
        for _ in range(2):
            key = next(iter(self._windows))
            if self._windows[key][0] > now and len(self._windows) <= _KEPT:
                return
            del self._windows[key]
            if not self._windows:
                return


class _SharedWindows:
    def __init__(self, url: str) -> None:
        try:
            storage = storage_from_string(f"async+{url}", implementation="redispy", wrap_exceptions=True)
        except ConfigurationError as fault:
            raise LimitStorageError from fault
        self._limiter = MovingWindowRateLimiter(cast("Storage", storage))

    async def ask(self, rate: Rate, key: str, cost: int, *, is_counted: bool) -> float:
        item = RateLimitItemPerSecond(rate.limit, rate.period, namespace="parley")
        ask = self._limiter.hit if is_counted else self._limiter.test
        if await ask(item, key, cost=cost):
            return 0.0
        stats = await self._limiter.get_window_stats(item, key)
        # The store counts in wall-clock time; it is a span of the near future or the answer is useless.
        return min(max(stats.reset_time - time.time(), 1.0), float(rate.period))


class Pacer:
    """Makes senders wait so that a rate is kept: a bucket per key that holds `burst` and fills steadily.

    In the memory of one process: a sender that must keep a rate across processes holds a lease first. Callers of one
    key go in the order in which they came.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._monotonic = monotonic
        self._sleep = sleep
        self._due: dict[str, float] = {}
        self._paused: dict[str, float] = {}
        self._sweep_at = 1024

    async def acquire(self, key: str, rate_per_s: float, burst: int = 1) -> float:
        """Wait until one more may go, and return the seconds waited. A cancelled caller keeps its turn used up."""
        wait = self.reserve(key, rate_per_s, burst)
        if wait > 0:
            await self._sleep(wait)
        return wait

    def reserve(self, key: str, rate_per_s: float, burst: int = 1) -> float:
        """Take the next turn and return in how many seconds it comes, without waiting for it."""
        if rate_per_s <= 0 or burst < 1:
            raise ValueError("a rate is above 0 and a burst at least 1")
        # GCRA: the moment at which the bucket would be full again says all there is to know about it.
        now, step = self._monotonic(), 1 / rate_per_s
        start = max(now, self._paused.get(key, now))
        full_at = max(self._due.get(key, start), start) + step
        self._due[key] = full_at
        if len(self._due) > self._sweep_at:
            self._sweep(now)
        return max(0.0, full_at - start - burst * step) + start - now

    def slow_down(self, key: str, seconds: float) -> None:
        """Let nobody go for a while, because the other side asked so (429, a throttling code)."""
        self._paused[key] = max(self._paused.get(key, 0.0), self._monotonic() + seconds)

    def _sweep(self, now: float) -> None:
        self._due = {key: due for key, due in self._due.items() if due > now}
        self._paused = {key: until for key, until in self._paused.items() if until > now}
        self._sweep_at = max(1024, 2 * len(self._due))
