"""Passwords: what is stored, what is accepted, and that nobody can tell who has an account."""

import base64
import hashlib
import hmac

import bcrypt
import pytest
from tests.builders import PASSWORD, Client, Office

from parley.core.rootkey import RootKey
from parley.modules.accounts.errors import PasswordTooLongError, PasswordTooShortError
from parley.modules.accounts.passwords import COST, check_new_password, hash_password, verify_password

KEY = RootKey(bytes(range(32)))


async def test_what_is_stored_is_bcrypt_of_a_keyed_hash_with_its_version() -> None:
    stored = await hash_password(KEY, "päss wörd", cost=4)
    assert stored.startswith("v1$$2b$04$")
    keyed = hmac.digest(KEY.derive("password pepper"), "päss wörd".encode(), hashlib.sha384)
    assert bcrypt.checkpw(base64.b64encode(keyed), stored.removeprefix("v1$").encode())
    assert not bcrypt.checkpw("päss wörd".encode(), stored.removeprefix("v1$").encode())


async def test_the_cost_is_twelve() -> None:
    assert COST == 12
    assert (await hash_password(KEY, PASSWORD)).startswith("v1$$2b$12$")


async def test_the_right_password_alone_is_right_under_the_right_key() -> None:
    stored = await hash_password(KEY, PASSWORD, cost=4)
    assert await verify_password(KEY, PASSWORD, stored)
    assert not await verify_password(KEY, PASSWORD + " ", stored)
    assert not await verify_password(KEY, "", stored)
    assert not await verify_password(RootKey(bytes(32)), PASSWORD, stored)
    assert not await verify_password(KEY, PASSWORD, None)
    assert not await verify_password(KEY, PASSWORD, stored.removeprefix("v1$"))


async def test_long_passwords_count_to_their_end() -> None:
    stored = await hash_password(KEY, "x" * 200 + "a", cost=4)
    assert await verify_password(KEY, "x" * 200 + "a", stored)
    assert not await verify_password(KEY, "x" * 200 + "b", stored)


async def test_the_same_words_from_another_keyboard_are_the_same() -> None:
    stored = await hash_password(KEY, "Ame\u0301lie\uff01xx", cost=4)
    assert await verify_password(KEY, "Am\u00e9lie!xx", stored)


@pytest.mark.parametrize("password", ["", "1234567", "🐘" * 7])
def test_short_ones_are_refused(password: str) -> None:
    with pytest.raises(PasswordTooShortError):
        check_new_password(password)


@pytest.mark.parametrize("password", ["12345678", "🐘" * 8, "x" * 64, "x" * 256, " " * 8])
def test_everything_else_is_taken(password: str) -> None:
    check_new_password(password)


def test_there_is_an_end_to_it() -> None:
    with pytest.raises(PasswordTooLongError):
        check_new_password("x" * 257)


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The hashes that bcrypt was asked about."""
    asked: list[bytes] = []
    real = bcrypt.checkpw

    def counted(password: bytes, stored: bytes) -> bool:
        asked.append(stored)
        return real(password, stored)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return asked


async def test_an_unknown_address_costs_the_same_work_and_gives_the_same_answer(
    client: Client, office: Office, checks: list[bytes]
) -> None:
    known = await client.post("/auth/sign-in", {"email": office.owner.email, "password": "wrong wrong"})
    unknown = await client.post("/auth/sign-in", {"email": "nobody@example.org", "password": "wrong wrong"})
    assert len(checks) == 2
    assert checks[1].startswith(b"$2b$12$")
    assert known.status_code == unknown.status_code == 401
    assert known.json() == unknown.json()
    assert known.json()["code"] == "sign_in_failed"
