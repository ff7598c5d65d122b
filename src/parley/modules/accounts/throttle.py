"""Slows down whoever guesses passwords, without ever locking a person out: nothing is counted per account alone.

Attempts are counted per network (IPv4 /24, IPv6 /56), and per account and network together. Somebody else's guesses
from elsewhere therefore never keep the rightful person from signing in.
"""

import ipaddress
import math
import time
from collections.abc import Sequence

from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from parley.modules.accounts.errors import SignInSlowDownError

PER_ACCOUNT: Sequence[RateLimitItem] = (RateLimitItemPerMinute(6), RateLimitItemPerHour(30))
PER_NETWORK: Sequence[RateLimitItem] = (RateLimitItemPerMinute(60), RateLimitItemPerHour(600))
SIGN_UPS: Sequence[RateLimitItem] = (RateLimitItemPerHour(60),)


class Throttle:
    """Counts attempts in this process's memory."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = MovingWindowRateLimiter(self._storage)

    async def attempt(self, email: str, address: str) -> None:
        """Count an attempt to sign in, before the password is looked at. Raises `SignInSlowDownError`."""
        network = network_of(address)
        await self._count(PER_NETWORK, "network", network)
        await self._count(PER_ACCOUNT, "account", email.strip().lower(), network)

    async def succeeded(self, email: str, address: str) -> None:
        """Forget the attempts of somebody who knew the password."""
        for item in PER_ACCOUNT:
            await self._limiter.clear(item, "account", email.strip().lower(), network_of(address))

    async def sign_up(self, address: str) -> None:
        """Count a new account or workspace. Raises `SignInSlowDownError`."""
        await self._count(SIGN_UPS, "sign-up", network_of(address))

    async def _count(self, items: Sequence[RateLimitItem], *key: str) -> None:
        for item in items:
            if not await self._limiter.hit(item, *key):
                window = await self._limiter.get_window_stats(item, *key)
                raise SignInSlowDownError(retry_after=max(1, math.ceil(window.reset_time - time.time())))


def network_of(address: str) -> str:
    """Name the network of an address: what one household or office usually shares."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None) or found
    prefix = 24 if mapped.version == 4 else 56
    return str(ipaddress.ip_network(f"{mapped}/{prefix}", strict=False))
