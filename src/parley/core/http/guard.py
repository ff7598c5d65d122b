"""What may be reached from here: the rules on addresses and origins, good for HTTP and for mail hosts alike.

Three kinds of destinations. *Trusted* origins are what the operator configured, at exactly that scheme, host and port.
*Private hosts* are the operator's exceptions: private and loopback addresses are allowed there, link-local ones never.
Everything else is *guarded*: https on port 443 or 80, and every address its name has must be public.

A name is resolved once per connection, all its addresses are checked, and the connection goes to a checked address:
a name server that answers differently the second time is never asked a second time.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Iterable, Sequence

import httpx

from parley.core.http.errors import OutgoingConnectError, OutgoingRefusedError

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
Address = ipaddress.IPv4Address | ipaddress.IPv6Address

GUARDED_PORTS = frozenset({80, 443})
_DEFAULT_PORTS = {"http": 80, "https": 443}

# IANA special-purpose registries, read 2026; `ipaddress.is_global` alone lets multicast and NAT64 through.
_DENIED_V4 = [
    ipaddress.IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
]
# Only global unicast can be public: that alone bars loopback, IPv4-mapped, NAT64, unique-local, link-local, SRv6 and
# multicast. These are the special ranges within it.
_PUBLIC_V6 = ipaddress.IPv6Network("2000::/3")
_DENIED_V6 = [
    ipaddress.IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID, benchmarking and other protocol assignments
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",
        "3ffe::/16",
        "3fff::/20",  # documentation
    )
]
_PRIVATE = [
    ipaddress.ip_network(text)
    for text in (
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "::1/128",
        "fc00::/7",
    )
]


def is_public(address: Address) -> bool:
    """Tell whether an address belongs to the public internet, by the strictest reading."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _DENIED_V4)
    return address in _PUBLIC_V6 and not any(address in network for network in _DENIED_V6)


def is_private(address: Address) -> bool:
    """Tell whether an address is of a local network or this machine; link-local is not."""
    return any(address.version == network.version and address in network for network in _PRIVATE)


async def system_resolver(host: str, port: int) -> Sequence[str]:
    """Ask the system for all addresses of a name, in its order of preference."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Guard:
    """Decides what may be reached."""

    def __init__(
        self,
        trusted_origins: Iterable[str] = (),
        private_hosts: str | Iterable[str] = (),
        *,
        resolver: Resolver = system_resolver,
    ) -> None:
        self._trusted = {origin_of(httpx.URL(text)) for text in trusted_origins}
        self._trusted_hosts = {(host, port) for _, host, port in self._trusted}
        entries = private_hosts.split(",") if isinstance(private_hosts, str) else private_hosts
        self._private = {_parse_host(entry) for entry in entries if entry.strip()}
        self._resolver = resolver

    def check_url(self, text: str) -> httpx.URL:
        """Read an address and check all that can be checked without a name server; raises `OutgoingRefusedError`."""
        try:
            url = httpx.URL(text)
        except (httpx.InvalidURL, TypeError):
            raise OutgoingRefusedError(reason="unreadable") from None
        scheme, host, port = origin_of(url)
        if scheme not in _DEFAULT_PORTS or not host or url.userinfo:
            raise OutgoingRefusedError(reason="unreadable")
        if (scheme, host, port) in self._trusted or (host, port) in self._private:
            return url
        if scheme != "https":
            raise OutgoingRefusedError(reason="not_https")
        if port not in GUARDED_PORTS:
            raise OutgoingRefusedError(reason="port")
        return url

    async def resolve(self, host: str, port: int) -> list[str]:
        """Resolve a name once and return its addresses, every one of them allowed.

        Raises `OutgoingRefusedError` when any is not, `OutgoingConnectError` when there is none. Connect to these
        addresses, never to the name.
        """
        host = host.lower().strip("[]")
        try:
            found = [ipaddress.ip_address(text) for text in await self._resolver(host, port)]
        except (OSError, UnicodeError):
            raise OutgoingConnectError(reason="name_not_found") from None
        except ValueError:
            raise OutgoingRefusedError(reason="address") from None
        if not found:
            raise OutgoingConnectError(reason="name_not_found")
        if (host, port) not in self._trusted_hosts:
            allows_private = (host, port) in self._private
            for address in found:
                if not is_public(address) and not (allows_private and is_private(address)):
                    raise OutgoingRefusedError(reason="address")
        return [str(address) for address in found]


def origin_of(url: httpx.URL) -> tuple[str, str, int]:
    """Give scheme, host and port, with the default port written out."""
    return url.scheme, url.raw_host.decode("ascii").lower(), url.port or _DEFAULT_PORTS.get(url.scheme, 0)


def _parse_host(entry: str) -> tuple[str, int]:
    host, separator, port = entry.strip().rpartition(":")
    if not separator or not host or not port.isdigit():
        raise ValueError(f"PARLEY_PRIVATE_HOSTS: {entry.strip()!r} is not host:port")
    return host.lower().strip("[]"), int(port)
