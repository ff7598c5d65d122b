import dataclasses
import json
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap
from hypothesis import given
from hypothesis import strategies as st

from parley.core.clock import now
from parley.core.ids import NIL
from parley.core.keystore import CachedKeyStore, Key, KeyDestroyedError, KeyKind, day_subject, open_key_store
from parley.core.sealing import (
    OVERHEAD,
    Place,
    Sealer,
    TamperedError,
    Unreadable,
    UnreadableReason,
    decrypt,
    key_id_of,
    seal,
    unseal,
)

VECTORS = Path(__file__).parent / "vectors"
WORKSPACE = uuid.UUID(int=7)
KEY = Key(uuid.UUID(int=1), WORKSPACE, KeyKind.CONTACT, uuid.UUID(int=2), bytes(range(32)))
OTHER = Key(uuid.UUID(int=3), WORKSPACE, KeyKind.CONTACT, uuid.UUID(int=4), bytes(range(1, 33)))
PLACE = Place(WORKSPACE, "message", "body", uuid.UUID(int=5))


@pytest.fixture
async def keystore(tmp_path: Path) -> AsyncIterator[CachedKeyStore]:
    store = await open_key_store(bytes(range(32)), folder=tmp_path)
    yield store
    await store.aclose()


def vectors(name: str) -> list[Any]:
    found: list[dict[str, str]] = json.loads((VECTORS / name).read_text())
    return [pytest.param(vector, id=f"{vector['tcId']}-{vector['comment']}") for vector in found]


@pytest.mark.parametrize("vector", vectors("aes_gcm_256.json"))
def test_wycheproof_aes_gcm(vector: dict[str, str]) -> None:
    key, nonce, bound, plaintext, ct, tag = (
        bytes.fromhex(vector[name]) for name in ("key", "iv", "aad", "msg", "ct", "tag")
    )
    cipher = AESGCM(key)
    if vector["result"] == "valid":
        assert decrypt(cipher, nonce, ct + tag, bound) == plaintext
        assert cipher.encrypt(nonce, plaintext, bound) == ct + tag
    else:
        with pytest.raises(TamperedError):
            decrypt(cipher, nonce, ct + tag, bound)


@pytest.mark.parametrize("vector", vectors("aes_wrap_256.json"))
def test_wycheproof_aes_key_wrap(vector: dict[str, str]) -> None:
    key, secret, wrapped = (bytes.fromhex(vector[name]) for name in ("key", "msg", "ct"))
    if vector["result"] == "valid":
        assert aes_key_unwrap(key, wrapped) == secret
        assert aes_key_wrap(key, secret) == wrapped
    elif vector["result"] == "invalid":
        with pytest.raises((InvalidUnwrap, ValueError)):
            aes_key_unwrap(key, wrapped)


def test_the_format_is_as_documented() -> None:
    blob = seal(KEY, PLACE, b"hello")
    assert blob[:2] == b"\x01\x01"
    assert blob[2:18] == KEY.id.bytes
    assert len(blob) == len(b"hello") + OVERHEAD
    assert key_id_of(blob) == KEY.id
    assert b"hello" not in blob
    assert seal(KEY, PLACE, b"hello")[18:30] != blob[18:30]  # a nonce is never used twice


@given(st.binary(max_size=300))
def test_what_is_sealed_comes_back(plaintext: bytes) -> None:
    assert unseal(KEY, PLACE, seal(KEY, PLACE, plaintext)) == plaintext


@pytest.mark.parametrize(
    "elsewhere",
    [
        dataclasses.replace(PLACE, workspace_id=uuid.UUID(int=8)),
        dataclasses.replace(PLACE, table="note"),
        dataclasses.replace(PLACE, column="subject"),
        dataclasses.replace(PLACE, row_id=uuid.UUID(int=6)),
        dataclasses.replace(PLACE, table="messageb", column="ody"),
        dataclasses.replace(PLACE, row_id=str(PLACE.row_id)),
        dataclasses.replace(PLACE, row_id=PLACE.row_id.bytes.decode()),  # type: ignore[union-attr]
    ],
)
def test_a_value_opens_in_its_own_place_only(elsewhere: Place) -> None:
    with pytest.raises(TamperedError):
        unseal(KEY, elsewhere, seal(KEY, PLACE, b"hello"))


def test_swapped_rows_are_noticed() -> None:
    first, second = PLACE, dataclasses.replace(PLACE, row_id=uuid.UUID(int=99))
    rows = {first: seal(KEY, first, b"one"), second: seal(KEY, second, b"two")}
    rows[first], rows[second] = rows[second], rows[first]
    for place, blob in rows.items():
        with pytest.raises(TamperedError):
            unseal(KEY, place, blob)


@given(st.data())
def test_no_byte_can_be_changed(data: st.DataObject) -> None:
    blob = bytearray(seal(KEY, PLACE, b"hello"))
    at = data.draw(st.integers(0, len(blob) - 1))
    blob[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(TamperedError):
        unseal(KEY, PLACE, bytes(blob))


@pytest.mark.parametrize("blob", [b"", b"\x01\x01", b"plain text that was never sealed " * 3])
def test_what_was_never_sealed_is_refused(blob: bytes) -> None:
    with pytest.raises(TamperedError):
        unseal(KEY, PLACE, blob)
    with pytest.raises(TamperedError):
        key_id_of(blob)


def test_the_key_id_cannot_be_exchanged() -> None:
    blob = seal(KEY, PLACE, b"hello")
    forged = blob[:2] + OTHER.id.bytes + blob[18:]
    with pytest.raises(TamperedError):
        unseal(OTHER, PLACE, forged)
    with pytest.raises(TamperedError):
        unseal(OTHER, PLACE, blob)
    renamed = Key(OTHER.id, WORKSPACE, KeyKind.CONTACT, KEY.subject_id, bytes(range(32)))
    with pytest.raises(TamperedError):
        unseal(renamed, PLACE, forged)


def place(row: int) -> Place:
    return dataclasses.replace(PLACE, row_id=uuid.UUID(int=row))


async def test_a_page_with_one_erased_contact_still_renders(keystore: CachedKeyStore) -> None:
    sealer = Sealer(keystore)
    people = [uuid.uuid4() for _ in range(4)]
    values = [(person, place(n), f"text {n}".encode()) for n, person in enumerate(people)]
    blobs = await sealer.seal_many(WORKSPACE, KeyKind.CONTACT, values)
    rows = [(place(n), blob) for n, blob in enumerate(blobs)]
    rows.append((place(77), blobs[3]))  # copied to another row
    rows.append((place(78), b"rubbish"))
    rows.append((place(79), seal(OTHER, place(79), b"x")))
    await keystore.destroy_subject(WORKSPACE, KeyKind.CONTACT, people[1])
    assert await sealer.unseal_many(WORKSPACE, rows) == [
        b"text 0",
        Unreadable(UnreadableReason.KEY_DESTROYED),
        b"text 2",
        b"text 3",
        Unreadable(UnreadableReason.TAMPERED),
        Unreadable(UnreadableReason.TAMPERED),
        Unreadable(UnreadableReason.KEY_MISSING),
    ]


async def test_sealing_for_an_erased_contact_is_refused(keystore: CachedKeyStore) -> None:
    sealer = Sealer(keystore)
    alive, dead = uuid.uuid4(), uuid.uuid4()
    await keystore.destroy_subject(WORKSPACE, KeyKind.CONTACT, dead)
    with pytest.raises(KeyDestroyedError) as caught:
        await sealer.seal_many(WORKSPACE, KeyKind.CONTACT, [(alive, place(1), b"a"), (dead, place(2), b"b")])
    assert caught.value.data["subject_ids"] == [str(dead)]


async def test_a_workspace_cannot_open_with_the_keys_of_another(keystore: CachedKeyStore) -> None:
    sealer = Sealer(keystore)
    other = uuid.uuid4()
    foreign = Place(other, "message", "body", uuid.uuid4())
    [blob] = await sealer.seal_many(other, KeyKind.CONTACT, [(uuid.uuid4(), foreign, b"theirs")])
    assert await sealer.unseal_many(WORKSPACE, [(PLACE, blob)]) == [Unreadable(UnreadableReason.KEY_MISSING)]
    with pytest.raises(ValueError, match="own workspace"):
        await sealer.unseal_many(WORKSPACE, [(foreign, blob)])


async def test_day_keys_seal_for_any_workspace_until_they_die(keystore: CachedKeyStore) -> None:
    sealer = Sealer(keystore)
    today = day_subject(now().date())
    [blob] = await sealer.seal_many(NIL, KeyKind.DAY, [(today, PLACE, b"an item")])
    assert await sealer.unseal_many(NIL, [(PLACE, blob)]) == [b"an item"]
    assert await keystore.destroy_key(NIL, key_id_of(blob))
    assert await sealer.unseal_many(NIL, [(PLACE, blob)]) == [Unreadable(UnreadableReason.KEY_DESTROYED)]


async def test_an_empty_batch_is_fine(keystore: CachedKeyStore) -> None:
    assert await Sealer(keystore).unseal_many(WORKSPACE, []) == []
    assert await Sealer(keystore).seal_many(WORKSPACE, KeyKind.CONTACT, []) == []
