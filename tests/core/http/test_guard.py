import ipaddress
import socket
from collections.abc import Sequence

import pytest

from parley.core.http import Guard, OutgoingConnectError, OutgoingRefusedError, system_resolver
from parley.core.http.guard import is_private, is_public

DENIED = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "::127.0.0.1",
    "64:ff9b::169.254.169.254",
    "64:ff9b::808:808",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:1::1",
    "2001:2::1",
    "2001:10::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::1",
    "2002:808:808::1",
    "3ffe::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fec0::1",
    "ff02::1",
]
ALLOWED = [
    "8.8.8.8",
    "93.184.216.34",
    "100.63.255.255",
    "100.128.0.1",
    "172.15.0.1",
    "172.32.0.1",
    "2606:4700::1",
    "2a00:1450::1",
]


@pytest.mark.parametrize("text", DENIED)
def test_special_addresses_are_not_public(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ALLOWED)
def test_ordinary_addresses_are_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


def test_what_an_exception_opens_is_narrow() -> None:
    opened = {text for text in DENIED if is_private(ipaddress.ip_address(text))}
    assert opened == {
        *(
            "10.0.0.1",
            "10.255.255.255",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.8.8.8",
            "172.16.0.1",
        ),
        *("172.31.255.255", "192.168.1.1", "::1", "fc00::1", "fd12:3456::1"),
    }


def resolving(*addresses: str) -> Guard:
    async def resolver(host: str, port: int) -> Sequence[str]:
        return addresses

    return Guard(["https://trusted.example"], "model.lan:11434,[fd00::5]:993", resolver=resolver)


@pytest.mark.parametrize("text", DENIED)
async def test_one_bad_address_among_good_ones_is_enough(text: str) -> None:
    with pytest.raises(OutgoingRefusedError):
        await resolving("8.8.8.8", text).resolve("shop.example", 443)


async def test_all_good_addresses_are_kept_for_failover() -> None:
    assert await resolving("8.8.8.8", "2606:4700::1").resolve("shop.example", 443) == [
        "8.8.8.8",
        "2606:4700::1",
    ]


async def test_a_private_host_is_private_at_its_port_only() -> None:
    guard = resolving("192.168.1.9")
    assert await guard.resolve("Model.LAN", 11434) == ["192.168.1.9"]
    for host, port in (("model.lan", 443), ("other.lan", 11434)):
        with pytest.raises(OutgoingRefusedError):
            await guard.resolve(host, port)
    with pytest.raises(OutgoingRefusedError):
        await resolving("169.254.169.254").resolve("model.lan", 11434)
    assert await resolving("fd00::5").resolve("[fd00::5]", 993)


async def test_a_trusted_origin_is_trusted_at_its_port_only() -> None:
    assert await resolving("127.0.0.1").resolve("trusted.example", 443) == ["127.0.0.1"]
    with pytest.raises(OutgoingRefusedError):
        await resolving("127.0.0.1").resolve("trusted.example", 80)


async def test_a_name_without_addresses_is_not_reached() -> None:
    with pytest.raises(OutgoingConnectError):
        await resolving().resolve("shop.example", 443)

    async def unknown(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_NONAME, "no such name")

    with pytest.raises(OutgoingConnectError):
        await Guard(resolver=unknown).resolve("nobody.example", 443)


@pytest.mark.parametrize(
    "host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "0"]
)
async def test_odd_spellings_of_this_machine_are_refused(host: str) -> None:
    guard = Guard(resolver=system_resolver)
    try:
        url = guard.check_url(f"https://{host}/")
    except OutgoingRefusedError:
        return
    with pytest.raises(OutgoingRefusedError):
        await guard.resolve(url.host, 443)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/",
        "https://shop.example:8443/",
        "https://shop.example:22/",
        "ftp://shop.example/",
        "file:///etc/passwd",
        "gopher://shop.example:443/",
        "https://user:secret@shop.example/",
        "https://user@trusted.example/",
        "http://trusted.example/",
        "http://trusted.example:443/",
        "https://",
        "//shop.example/",
        "shop.example",
        "",
        "https://shop.example:port/",
        "https://sho\x00p.example/",
    ],
)
def test_what_is_not_a_public_https_address_is_refused(url: str) -> None:
    with pytest.raises(OutgoingRefusedError):
        resolving().check_url(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://shop.example/a?b#c",
        "https://shop.example:443",
        "https://trusted.example/v1",
        "http://model.lan:11434/",
    ],
)
def test_what_is_allowed_passes(url: str) -> None:
    resolving().check_url(url)


@pytest.mark.parametrize("entry", ["model.lan", "model.lan:", ":80", "model.lan:http"])
def test_an_unreadable_exception_is_refused_at_start(entry: str) -> None:
    with pytest.raises(ValueError, match="PARLEY_PRIVATE_HOSTS"):
        Guard(private_hosts=entry)
