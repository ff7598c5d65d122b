"""Who is this? Finds or makes the contacts behind a batch of writers, in a fixed number of statements."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.ids import new_id
from parley.modules.contacts.types import Known, Writer

Address = tuple[str, str]
_NEVER = dt.datetime.max.replace(tzinfo=dt.UTC)

_FIND = """
SELECT i.namespace, i.external_id, i.id, i.contact_id
FROM app.contact_identity i
JOIN unnest($2::text[], $3::text[]) AS wanted (namespace, external_id) USING (namespace, external_id)
WHERE i.workspace_id = $1
"""
_MAKE_CONTACTS = """
INSERT INTO app.contact (workspace_id, id, name, name_source, created_source, created_at, first_wrote_at,
                         first_wrote_inbox_id, first_wrote_channel, first_wrote_basis)
SELECT $1, id, name, CASE WHEN name IS NULL THEN NULL ELSE channel END, channel, $6, at,
       CASE WHEN at IS NULL THEN NULL ELSE inbox_id END, CASE WHEN at IS NULL THEN NULL ELSE channel END,
       CASE WHEN at IS NULL THEN NULL ELSE 'contacted_us' END
FROM unnest($2::uuid[], $3::text[], $4::uuid[], $5::text[], $7::timestamptz[]) AS t (id, name, inbox_id, channel, at)
"""
_ADD_IDENTITIES = """
INSERT INTO app.contact_identity (workspace_id, id, contact_id, namespace, external_id, username, source, created_at)
SELECT $1, id, contact_id, namespace, external_id, username, source, $8
FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
     AS t (id, contact_id, namespace, external_id, username, source)
ON CONFLICT (workspace_id, namespace, external_id) DO NOTHING
"""
_FIRST_WROTE = """
UPDATE app.contact c SET first_wrote_at = least(c.first_wrote_at, t.at),
       first_wrote_inbox_id = CASE WHEN t.is_first THEN t.inbox_id ELSE c.first_wrote_inbox_id END,
       first_wrote_channel = CASE WHEN t.is_first THEN t.channel ELSE c.first_wrote_channel END,
       first_wrote_basis = CASE WHEN t.is_first THEN 'contacted_us' ELSE c.first_wrote_basis END,
       name = coalesce(c.name, t.name),
       name_source = coalesce(c.name_source, CASE WHEN t.name IS NULL THEN NULL ELSE t.channel END)
FROM (SELECT w.*, w.at < coalesce(o.first_wrote_at, 'infinity') AS is_first
      FROM unnest($2::uuid[], $3::timestamptz[], $4::uuid[], $5::text[], $6::text[])
           AS w (id, at, inbox_id, channel, name)
      JOIN app.contact o ON o.workspace_id = $1 AND o.id = w.id) AS t
WHERE c.workspace_id = $1 AND c.id = t.id AND (t.is_first OR (c.name IS NULL AND t.name IS NOT NULL))
"""
_REASSIGN = """
UPDATE app.contact_identity i SET contact_id = t.winner FROM unnest($2::uuid[], $3::uuid[]) AS t (loser, winner)
WHERE i.workspace_id = $1 AND i.contact_id = t.loser
"""
_DROP_LONELY = """
DELETE FROM app.contact c WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
AND NOT EXISTS (SELECT 1 FROM app.contact_identity i WHERE i.workspace_id = $1 AND i.contact_id = c.id)
"""


@dataclasses.dataclass(slots=True)
class _Found:
    identity_id: uuid.UUID
    contact_id: uuid.UUID


async def recognise(tx: Tx, writers: Sequence[Writer]) -> list[Known]:
    """Give each writer's contact, in the writers' order; unknown people become contacts, new addresses are added.

    An address belongs to whoever wrote from it first; two writers of one batch that share an address are one person.
    """
    if not writers:
        return []
    found = await _find(tx, {address for writer in writers for address in writer.addresses})
    fresh: dict[uuid.UUID, list[Writer]] = {}
    additions: dict[Address, tuple[uuid.UUID, Writer]] = {}
    owners: list[uuid.UUID] = []
    for writer in writers:
        owner = _owner(writer, found, additions)
        if owner is None:
            owner = new_id()
            fresh[owner] = []
        if owner in fresh:
            fresh[owner].append(writer)
        for address in writer.addresses:
            if address not in found and address not in additions:
                additions[address] = (owner, writer)
        owners.append(owner)
    if fresh:
        await _make(tx, {owner: _together(group) for owner, group in fresh.items()})
    if additions:
        await _add(tx, additions)
        found = await _find(tx, set(found) | set(additions))
        lost = _lost(additions, fresh, found)
        if lost:
            await _yield_to_winners(tx, lost)
            fresh = {owner: group for owner, group in fresh.items() if owner not in lost}
            found = await _find(tx, set(found))
    known = [
        Known(found[w.addresses[0]].contact_id, found[w.addresses[0]].identity_id, owner in fresh)
        for w, owner in zip(writers, owners, strict=True)
    ]
    await _complete(tx, writers, known)
    await tx.emit(*(("contact.created", {"contact": owner}) for owner in fresh))
    return known


def _together(group: Sequence[Writer]) -> Writer:
    # One new person who wrote several times in this batch: the earliest time counts, in whichever order they came.
    first = min(group, key=lambda w: w.at or _NEVER)
    return dataclasses.replace(first, name=first.name or next((w.name for w in group if w.name), None))


def _lost(
    additions: Mapping[Address, tuple[uuid.UUID, Writer]],
    fresh: Mapping[uuid.UUID, object],
    found: Mapping[Address, _Found],
) -> dict[uuid.UUID, uuid.UUID]:
    """Tell which new contacts came too late, and who was faster with one of their addresses."""
    return {
        owner: found[address].contact_id
        for address, (owner, _) in sorted(additions.items(), reverse=True)
        if owner in fresh and found[address].contact_id != owner
    }


async def _yield_to_winners(tx: Tx, lost: Mapping[uuid.UUID, uuid.UUID]) -> None:
    # Whoever was faster with one address is the same person: our other addresses are theirs, our empty card goes.
    await tx.run(_REASSIGN, tx.workspace_id, list(lost), list(lost.values()))
    await tx.run(_DROP_LONELY, tx.workspace_id, list(lost))


def _owner(
    writer: Writer, found: Mapping[Address, _Found], additions: Mapping[Address, tuple[uuid.UUID, Writer]]
) -> uuid.UUID | None:
    for address in writer.addresses:
        if address in found:
            return found[address].contact_id
    for address in writer.addresses:
        if address in additions:
            return additions[address][0]
    return None


async def _find(tx: Tx, addresses: set[Address]) -> dict[Address, _Found]:
    ordered = sorted(addresses)
    rows = await tx.all(_FIND, tx.workspace_id, [a[0] for a in ordered], [a[1] for a in ordered])
    return {(row[0], row[1]): _Found(row[2], row[3]) for row in rows}


async def _make(tx: Tx, fresh: Mapping[uuid.UUID, Writer]) -> None:
    writers = list(fresh.values())
    await tx.run(
        _MAKE_CONTACTS,
        tx.workspace_id,
        list(fresh),
        [w.name for w in writers],
        [w.inbox_id for w in writers],
        [w.channel for w in writers],
        clock.now(),
        [w.at for w in writers],
    )


async def _add(tx: Tx, additions: Mapping[Address, tuple[uuid.UUID, Writer]]) -> None:
    # In one order everywhere, so that two batches with the same addresses cannot wait for each other.
    rows = sorted(additions.items())
    await tx.run(
        _ADD_IDENTITIES,
        tx.workspace_id,
        [new_id() for _ in rows],
        [owner for _, (owner, _) in rows],
        [address[0] for address, _ in rows],
        [address[1] for address, _ in rows],
        [writer.username for _, (_, writer) in rows],
        [writer.channel for _, (_, writer) in rows],
        clock.now(),
    )


async def _complete(tx: Tx, writers: Sequence[Writer], known: Sequence[Known]) -> None:
    # Contacts that were made by an import or without a name learn it from a message; the earliest one is the evidence.
    groups: dict[uuid.UUID, list[Writer]] = {}
    for writer, who in zip(writers, known, strict=True):
        if not who.is_new:
            groups.setdefault(who.contact_id, []).append(writer)
    if not groups:
        return
    rows = [(contact_id, _together(group)) for contact_id, group in sorted(groups.items())]
    await tx.run(
        _FIRST_WROTE,
        tx.workspace_id,
        [contact_id for contact_id, _ in rows],
        [writer.at for _, writer in rows],
        [writer.inbox_id for _, writer in rows],
        [writer.channel for _, writer in rows],
        [writer.name for _, writer in rows],
    )


async def move_addresses(
    tx: Tx, old: Sequence[Address], new: Sequence[Address], *, source: str
) -> Known | None:
    """Give the person behind the old addresses the new ones as well, and tell where they are now; None when that changes nothing.

    Nothing changes when nobody is known by an old one, and when it was told before.

    The old ones stay with them: a person is found by them still. A new address that is somebody else's already
    stays there; merging people is a decision of people.
    """
    found = await _find(tx, set(old))
    owner = next((found[address].contact_id for address in old if address in found), None)
    if owner is None:
        return None
    rows = sorted(set(new))
    added = await tx.run(
        _ADD_IDENTITIES,
        tx.workspace_id,
        [new_id() for _ in rows],
        [owner] * len(rows),
        [address[0] for address in rows],
        [address[1] for address in rows],
        [None] * len(rows),
        [source] * len(rows),
        clock.now(),
    )
    if not added.rowcount:
        return None
    await tx.emit(("contact.changed", {"contact": owner}))
    moved = await _find(tx, set(new))
    theirs = next(moved[address] for address in new if moved[address].contact_id == owner)
    return Known(owner, theirs.identity_id)
