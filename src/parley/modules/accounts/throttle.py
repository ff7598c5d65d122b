"""Slows down whoever guesses passwords, without ever locking a person out: nothing is counted per account alone.

Attempts are counted per network (IPv4 /24, IPv6 /56), and per account and network together. Somebody else's guesses
from elsewhere therefore never keep the rightful person from signing in.
"""

import ipaddress
from collections.abc import Awaitable

from parley.core.limits import Rate, RateLimitedError, RateLimits
from parley.modules.accounts.errors import SignInSlowDownError

PER_ACCOUNT = Rate("sign-in attempts of an account from a network", 10, 60)
PER_NETWORK = Rate("sign-in attempts from a network", 90, 60)
FAILURES = Rate("failed sign-ins to an account from a network", 30, 3600)
FAILURES_OF_NETWORK = Rate("failed sign-ins from a network", 300, 3600)
SIGN_UPS = Rate("sign-ups from a network", 60, 3600)


class Throttle:
    """Counts attempts to prove who one is."""

    def __init__(self, limits: RateLimits) -> None:
        self._limits = limits

    async def attempt(self, account: str, address: str) -> None:
        """Count an attempt before the password is looked at. Raises `SignInSlowDownError`."""
        network = network_of(address)
        key = _key(account, network)
        for rate, failures in ((FAILURES, key), (FAILURES_OF_NETWORK, network)):
            if (wait := await self._limits.retry_after(rate, failures)) > 0:
                raise SignInSlowDownError(retry_after=max(1, round(wait)))
        await _slowly(self._limits.hit(PER_NETWORK, network))
        await _slowly(self._limits.hit(PER_ACCOUNT, key))

    async def failed(self, account: str, address: str) -> None:
        """Count an attempt that was wrong; those weigh for an hour. Raises `SignInSlowDownError`."""
        network = network_of(address)
        await _slowly(self._limits.hit(FAILURES, _key(account, network)))
        await _slowly(self._limits.hit(FAILURES_OF_NETWORK, network))

    async def sign_up(self, address: str) -> None:
        """Count a new account or workspace. Raises `RateLimitedError`."""
        await self._limits.hit(SIGN_UPS, network_of(address))


def network_of(address: str) -> str:
    """Name the network of an address: what one household or office usually shares."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    mapped = getattr(found, "ipv4_mapped", None) or found
    prefix = 24 if mapped.version == 4 else 56
    return str(ipaddress.ip_network(f"{mapped}/{prefix}", strict=False))


def _key(account: str, network: str) -> str:
    return f"{account.strip().lower()}\0{network}"


async def _slowly(counting: Awaitable[None]) -> None:
    try:
        await counting
    except RateLimitedError as error:
        raise SignInSlowDownError(retry_after=error.retry_after) from None
