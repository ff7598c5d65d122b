"""Signatures over raw bytes: as Meta writes them, with escaped characters, and nothing else."""

import hashlib
import hmac

import pytest

from parley.channels.meta.signature import is_signed, sign

SECRET = "parley-demo-secret"
ESCAPED = rb'{"text":"Gr\u00fc\u00dfe \ud83d\ude42","url":"https:\/\/a.example"}'
PLAIN = '{"text":"Grüße 🙂","url":"https://a.example"}'.encode()


def _vector(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def test_known_vector() -> None:
    # RFC 4231, test case 2.
    expected = "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    assert sign(b"what do ya want for nothing?", "Jefe") == expected


@pytest.mark.parametrize("body", [ESCAPED, PLAIN, b"", b"\xff\x00"])
def test_exact_bytes_are_accepted(body: bytes) -> None:
    assert is_signed(body, _vector(body), [SECRET])


def test_body_written_again_is_not_accepted() -> None:
    assert not is_signed(PLAIN, _vector(ESCAPED), [SECRET])


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "sha256=",
        _vector(ESCAPED).removeprefix("sha256="),
        _vector(ESCAPED).upper(),
        _vector(ESCAPED) + " ",
        _vector(ESCAPED, "another secret"),
        _vector(ESCAPED).replace("sha256", "sha1"),
        "sha256=ü\udc80",
    ],
)
def test_anything_else_is_refused(header: str | None) -> None:
    assert not is_signed(ESCAPED, header, [SECRET])


def test_both_secrets_count_while_one_replaces_the_other() -> None:
    for secret in ("old", "new"):
        assert is_signed(ESCAPED, _vector(ESCAPED, secret), ["old", "new"])
    assert not is_signed(ESCAPED, _vector(ESCAPED, "older"), ["old", "new"])


def test_missing_secret_accepts_nothing() -> None:
    assert not is_signed(ESCAPED, _vector(ESCAPED, ""), [""])
    assert not is_signed(ESCAPED, _vector(ESCAPED), [])
