"""The root key: derived as RFC 5869 says, kept where production wants it."""

import base64
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from parley.core.rootkey import RootKey, RootKeyError, hkdf_sha256, load_root_key
from parley.core.settings import Settings


@pytest.mark.parametrize(
    ("secret", "salt", "info", "length", "expected"),
    [
        (
            "0b" * 22,
            "000102030405060708090a0b0c",
            "f0f1f2f3f4f5f6f7f8f9",
            42,
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
        ),
        (
            bytes(range(0x50)).hex(),
            bytes(range(0x60, 0xB0)).hex(),
            bytes(range(0xB0, 0x100)).hex(),
            82,
            (
                "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
                "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"
            ),
        ),
        (
            "0b" * 22,
            "",
            "",
            42,
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
        ),
    ],
)
def test_the_derivation_gives_the_vectors_of_rfc_5869(
    secret: str, salt: str, info: str, length: int, expected: str
) -> None:
    derived = hkdf_sha256(bytes.fromhex(secret), bytes.fromhex(salt), bytes.fromhex(info), length)
    assert derived.hex() == expected


def test_labels_give_unrelated_keys() -> None:
    key = RootKey(bytes(32))
    assert key.derive("a") != key.derive("b")
    assert key.derive("a") == RootKey(bytes(32)).derive("a")
    assert key.database_password("parley_app") == key.derive("database role parley_app").hex()
    assert RootKey(bytes(31) + b"\1").derive("a") != key.derive("a")


def test_the_demo_makes_its_own_key_once(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    with ThreadPoolExecutor(8) as pool:
        keys = {key.derive("x") for key in pool.map(load_root_key, [settings] * 8)}
    assert len(keys) == 1
    assert (settings.data / "root.key").stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.data.iterdir()] == ["root.key"]


def test_production_wants_a_key_outside_the_data_folder(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    inside, outside = data / "key", tmp_path / "key"
    for path in (inside, outside):
        path.write_bytes(base64.b64encode(bytes(32)))
    with pytest.raises(RootKeyError, match="PARLEY_ROOT_KEY_FILE is not set"):
        load_root_key(Settings(mode="production", data=data))
    with pytest.raises(RootKeyError, match="lies in the data folder"):
        load_root_key(Settings(mode="production", data=data, root_key_file=inside))
    (tmp_path / "link").symlink_to(inside)
    with pytest.raises(RootKeyError, match="lies in the data folder"):
        load_root_key(Settings(mode="production", data=data, root_key_file=tmp_path / "link"))
    load_root_key(Settings(mode="production", data=data, root_key_file=outside))
    assert not (data / "root.key").exists()


@pytest.mark.parametrize("content", [b"", b"not base64!", base64.b64encode(bytes(16)), bytes(32)])
def test_a_file_that_is_no_key_is_refused_with_a_way_out(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(RootKeyError, match="openssl rand"):
        load_root_key(Settings(mode="production", data=tmp_path / "data", root_key_file=path))


def test_a_key_never_shows_itself() -> None:
    assert "\\x00" not in repr(RootKey(bytes(32)))
