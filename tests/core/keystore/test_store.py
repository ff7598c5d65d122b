import asyncio
import datetime as dt
import pickle
import uuid
from collections.abc import Awaitable, Callable

import pytest

from parley.core.ids import NIL
from parley.core.keystore import (
    CachedKeyStore,
    KeyDestroyedError,
    KeyKind,
    KeyStoreDamagedError,
    WrongRootKeyError,
    day_subject,
)
from parley.core.keystore.keys import Key, Owner, unwrap, wrap

OpenStore = Callable[..., Awaitable[CachedKeyStore]]
CONTACT = KeyKind.CONTACT


def subjects(count: int) -> list[uuid.UUID]:
    return [uuid.uuid4() for _ in range(count)]


async def test_a_key_survives_and_is_the_same_everywhere(
    open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    first = await open_store()
    (person,) = subjects(1)
    key = await first.get_or_create(workspace_id, CONTACT, person)
    assert await first.get_or_create(workspace_id, CONTACT, person) is key  # from the cache
    await first.aclose()
    again = await (await open_store()).get_or_create(workspace_id, CONTACT, person)
    assert again.id == key.id
    assert again.derive("proof") == key.derive("proof")


async def test_concurrent_makers_converge(open_store: OpenStore, workspace_id: uuid.UUID) -> None:
    stores = [await open_store() for _ in range(4)]
    people = subjects(30)
    found = await asyncio.gather(
        *(
            store.ensure_many(workspace_id, CONTACT, people[i * 3 : i * 3 + 20])
            for i, store in enumerate(stores)
        )
    )
    for person in people:
        secrets = {keys[person].derive("proof") for keys in found if person in keys}
        assert len(secrets) <= 1
    everything = await (await open_store()).ensure_many(workspace_id, CONTACT, people)
    assert all(everything[p].derive("x") == keys[p].derive("x") for keys in found for p in keys)


async def test_every_subject_and_kind_has_a_secret_of_its_own(
    store: CachedKeyStore, workspace_id: uuid.UUID
) -> None:
    people = subjects(3)
    keys = list((await store.ensure_many(workspace_id, CONTACT, people)).values())
    keys.append(await store.get_or_create(workspace_id, KeyKind.MEMBER, people[0]))
    keys.append(await store.get_or_create(workspace_id, KeyKind.WORKSPACE, workspace_id))
    keys.append(await store.get_or_create(NIL, KeyKind.DAY, day_subject(dt.date(2026, 1, 2))))
    assert len({key.derive("x") for key in keys}) == len({key.id for key in keys}) == 6


async def test_a_key_of_another_workspace_is_never_returned(
    store: CachedKeyStore, open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    other = uuid.uuid4()
    await store.get_or_create(other, CONTACT, uuid.uuid4())
    key = await store.get_or_create(workspace_id, CONTACT, uuid.uuid4())
    cold = await open_store()
    for asked in (store, cold):
        assert await asked.find_many(other, [key.id]) == {}
        assert await asked.find_destroyed(other, [key.id]) == set()
        assert await asked.destroy_key(other, key.id) is False
        assert list(await asked.find_many(workspace_id, [key.id])) == [key.id]


async def test_a_destroyed_key_is_gone_for_ever_and_its_neighbours_are_not(
    store: CachedKeyStore, open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    people = subjects(5)
    keys = await store.ensure_many(workspace_id, CONTACT, people)
    victim = keys[people[2]]
    before = await store.generation()
    assert await store.destroy_subject(workspace_id, CONTACT, people[2]) == [victim.id]
    assert await store.generation() > before
    for asked in (store, await open_store()):
        found = await asked.find_many(workspace_id, [key.id for key in keys.values()])
        assert set(found) == {key.id for key in keys.values()} - {victim.id}
        assert await asked.find_destroyed(workspace_id, [key.id for key in keys.values()]) == {victim.id}
        with pytest.raises(KeyDestroyedError):
            await asked.get_or_create(workspace_id, CONTACT, people[2])
        assert set(await asked.ensure_many(workspace_id, CONTACT, people)) == set(people) - {people[2]}
    assert await store.destroy_subject(workspace_id, CONTACT, people[2]) == [victim.id]  # says the same again


async def test_a_subject_destroyed_before_it_had_a_key_gets_none(
    store: CachedKeyStore, workspace_id: uuid.UUID
) -> None:
    (person,) = subjects(1)
    assert await store.destroy_subject(workspace_id, CONTACT, person) == []
    with pytest.raises(KeyDestroyedError):
        await store.get_or_create(workspace_id, CONTACT, person)


async def test_a_destruction_elsewhere_reaches_a_warm_cache(
    open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    here, there = await open_store(), await open_store()
    key = await here.get_or_create(workspace_id, CONTACT, uuid.uuid4())
    assert key.id in await there.find_many(workspace_id, [key.id])
    await here.destroy_key(workspace_id, key.id)
    assert await there.find_many(workspace_id, [key.id]) == {}
    with pytest.raises(KeyDestroyedError):
        await there.get_or_create(workspace_id, CONTACT, key.subject_id)


async def test_destroying_the_workspace_ends_everything_in_it(
    store: CachedKeyStore, open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    neighbour = await store.get_or_create(uuid.uuid4(), CONTACT, uuid.uuid4())
    key = await store.get_or_create(workspace_id, CONTACT, uuid.uuid4())
    await store.destroy_subject(workspace_id, KeyKind.WORKSPACE, workspace_id)
    for asked in (store, await open_store()):
        assert await asked.find_many(workspace_id, [key.id]) == {}
        assert await asked.find_destroyed(workspace_id, [key.id]) == {key.id}
        for person in (key.subject_id, uuid.uuid4()):
            with pytest.raises(KeyDestroyedError):
                await asked.ensure_many(workspace_id, CONTACT, [person])
        assert await asked.find_many(neighbour.workspace_id, [neighbour.id])


async def test_united_keys_die_with_the_one_they_belong_to(
    store: CachedKeyStore, workspace_id: uuid.UUID
) -> None:
    a, b, c, late, stranger = subjects(5)
    keys = await store.ensure_many(workspace_id, CONTACT, [a, b, c, stranger])
    await store.unite(workspace_id, CONTACT, a, b)
    await store.unite(workspace_id, CONTACT, b, c)
    await store.unite(workspace_id, CONTACT, late, c)
    await store.unite(workspace_id, CONTACT, late, c)
    # A straggler may still seal under the merged contact: that key belongs to the union too.
    late_key = await store.get_or_create(workspace_id, CONTACT, late)
    gone = await store.destroy_subject(workspace_id, CONTACT, c)
    assert set(gone) == {keys[a].id, keys[b].id, keys[c].id, late_key.id}
    assert list(await store.find_many(workspace_id, [*gone, keys[stranger].id])) == [keys[stranger].id]
    with pytest.raises(KeyDestroyedError):
        await store.unite(workspace_id, CONTACT, stranger, c)


async def test_a_union_points_one_way_only(store: CachedKeyStore, workspace_id: uuid.UUID) -> None:
    a, b = subjects(2)
    keys = await store.ensure_many(workspace_id, CONTACT, [a, b])
    await store.unite(workspace_id, CONTACT, a, b)
    assert await store.destroy_subject(workspace_id, CONTACT, a) == [keys[a].id]
    assert await store.find_many(workspace_id, [keys[b].id])


async def test_another_root_key_is_refused(open_store: OpenStore, workspace_id: uuid.UUID) -> None:
    await (await open_store()).get_or_create(workspace_id, CONTACT, uuid.uuid4())
    with pytest.raises(WrongRootKeyError):
        await open_store(bytes(32))


async def test_many_keys_at_once(
    store: CachedKeyStore, open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    people = subjects(1200)
    made = await store.ensure_many(workspace_id, CONTACT, people)
    found = await (await open_store()).find_many(workspace_id, [key.id for key in made.values()])
    assert len(found) == 1200


async def test_the_cache_forgets_by_age_and_by_number(open_store: OpenStore, workspace_id: uuid.UUID) -> None:
    store = await open_store()
    moment = 0.0
    small = CachedKeyStore(store._rows, bytes(range(32)), cache_keys=10, monotonic=lambda: moment)
    key = await small.get_or_create(workspace_id, CONTACT, uuid.uuid4())
    moment = 59.0
    assert (await small.find_many(workspace_id, [key.id]))[key.id] is key
    moment = 60.0
    assert (await small.find_many(workspace_id, [key.id]))[key.id] is not key
    await small.ensure_many(workspace_id, CONTACT, subjects(50))
    assert len(small._cache._keys) == len(small._cache._subjects) == 10


async def test_rows_read_before_a_destruction_do_not_enter_the_cache_after_it(
    open_store: OpenStore, workspace_id: uuid.UUID
) -> None:
    here, there = await open_store(), await open_store()
    key = await here.get_or_create(workspace_id, CONTACT, uuid.uuid4())
    old = await there._rows.load_ids(workspace_id, [key.id])
    await here.destroy_key(workspace_id, key.id)
    assert await there.find_many(workspace_id, [key.id]) == {}
    there._open_rows(workspace_id, old)  # a slow reader comes late with what it read before
    assert await there.find_many(workspace_id, [key.id]) == {}


async def test_kinds_keep_to_their_workspace(store: CachedKeyStore, workspace_id: uuid.UUID) -> None:
    for workspace, kind in ((workspace_id, KeyKind.DAY), (NIL, CONTACT), (workspace_id, KeyKind.WORKSPACE)):
        with pytest.raises(ValueError, match="key"):
            await store.get_or_create(workspace, kind, uuid.uuid4())


def test_a_key_does_not_show_itself() -> None:
    secret = b"S" * 32
    key = Key(uuid.uuid4(), uuid.uuid4(), CONTACT, uuid.uuid4(), secret)
    for text in (repr(key), str(key), f"{key}", repr({"key": [key]})):
        assert "SSSS" not in text
        assert secret.hex() not in text
    with pytest.raises(TypeError):
        pickle.dumps(key)
    assert key.derive("a") != key.derive("b") != secret


def test_a_wrapped_key_opens_for_its_owner_only() -> None:
    parent, secret = b"p" * 32, b"s" * 32
    owner = Owner(uuid.uuid4(), uuid.uuid4(), "contact", uuid.uuid4())
    wrapped = wrap(parent, secret, owner)
    assert unwrap(parent, wrapped, owner) == secret
    others = [
        owner._replace(key_id=uuid.uuid4()),
        owner._replace(workspace_id=uuid.uuid4()),
        owner._replace(kind="member"),
        owner._replace(subject_id=uuid.uuid4()),
    ]
    for other in others:
        with pytest.raises(KeyStoreDamagedError):
            unwrap(parent, wrapped, other)
    for damaged in (wrapped[:-1], b"", bytes([wrapped[0] ^ 1]) + wrapped[1:]):
        with pytest.raises(KeyStoreDamagedError):
            unwrap(parent, damaged, owner)
