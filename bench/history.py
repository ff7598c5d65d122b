"""Much that was said before: contacts, conversations and messages with really sealed bodies, copied in set by set."""

import dataclasses
import datetime as dt
import random
import uuid
from typing import Any

import asyncpg
import orjson

from bench.people import Office
from bench.webhooks import phone, wamid, words
from parley.core import clock
from parley.core.ids import new_id
from parley.core.keystore import KeyKind
from parley.core.resources import Resources
from parley.core.sealing import Place
from parley.modules.conversations.types import STATUS_RANK, DeliveryState

_CHUNK = 1_000
_MINUTE = dt.timedelta(minutes=1)
_COLUMNS = {
    "contact": "workspace_id id name name_source created_source created_at first_wrote_at first_wrote_inbox_id "
    "first_wrote_channel first_wrote_basis",
    "contact_identity": "workspace_id id contact_id namespace external_id source created_at",
    "conversation": "workspace_id id number inbox_id contact_id identity_id thread_key status assignee_id arrived_n "
    "answered_n last_message_id last_message_at last_inbound_at waiting_since created_at closed_at",
    "message": "workspace_id id conversation_id inbox_id contact_id identity_id direction kind author_type author_id "
    "external_id body sent_at created_at",
    "delivery": "workspace_id message_id inbox_id identity_id state rank attempts updated_at sent_at",
}
_Rows = dict[str, list[tuple[Any, ...]]]


@dataclasses.dataclass(frozen=True, slots=True)
class Past:
    """How much, and what it is like. Shares are of 1."""

    conversations: int
    messages: int
    outbound: float = 0.4
    open: float = 0.92
    mine: float = 0.02
    """Of the open ones: those of the first agent."""
    unassigned: float = 0.6
    """Of the open ones."""


@dataclasses.dataclass(frozen=True, slots=True)
class Sent:
    """A message of ours that the vendor may report on, and to whom it went."""

    external_id: str
    person: int


async def write_past(
    house: Resources, connection: asyncpg.Connection, office: Office, past: Past, *, seed: int = 42
) -> list[Sent]:
    """Write the past of a workspace that has none, and give what was sent in it. Person n is who writes from `phone(n)`."""
    writer = _Writer(house, office, past, random.Random(seed))
    for first in range(0, past.conversations, _CHUNK):
        rows = await writer.chunk(range(first, min(first + _CHUNK, past.conversations)))
        async with connection.transaction():
            for table, columns in _COLUMNS.items():
                await connection.copy_records_to_table(
                    table, schema_name="app", columns=columns.split(), records=rows[table]
                )
    await connection.execute(
        "INSERT INTO app.counter (workspace_id, name, value) VALUES ($1, 'conversation', $2)",
        office.workspace_id,
        past.conversations,
    )
    await connection.execute("VACUUM (ANALYZE)")
    await connection.execute("CHECKPOINT")
    return writer.sent


class _Writer:
    def __init__(self, house: Resources, office: Office, past: Past, chance: random.Random) -> None:
        self.sent: list[Sent] = []
        self._house = house
        self._office = office
        self._past = past
        self._chance = chance
        self._now = clock.now()

    async def chunk(self, numbers: range) -> _Rows:
        rows: _Rows = {table: [] for table in _COLUMNS}
        bodies: list[tuple[uuid.UUID, Place, bytes]] = []
        for number in numbers:
            self._conversation(number, rows, bodies)
        sealed = await self._house.sealer.seal_many(self._office.workspace_id, KeyKind.CONTACT, bodies)
        rows["message"] = [
            (*row[:11], body, *row[11:]) for row, body in zip(rows["message"], sealed, strict=True)
        ]
        return rows

    def _conversation(self, number: int, rows: _Rows, bodies: list[tuple[uuid.UUID, Place, bytes]]) -> None:
        office, chance = self._office, self._chance
        contact, identity, conversation = new_id(), new_id(), new_id()
        last_at = self._now - chance.random() * 60 * 24 * 60 * _MINUTE - _MINUTE
        low, high = number * self._past.messages, (number + 1) * self._past.messages
        count = max(1, high // self._past.conversations - low // self._past.conversations)
        began = last_at - count * 3 * _MINUTE
        directions = ["out" if chance.random() < self._past.outbound else "in" for _ in range(count)]
        last_id = None
        for n, direction in enumerate(directions):
            at = last_at - (count - 1 - n) * 3 * _MINUTE
            external_id = wamid(f"past.{number}", n)
            last_id = self._message(
                (conversation, contact, identity), direction, external_id, at, rows, bodies
            )
            if direction == "out":
                self.sent.append(Sent(external_id, number))
        where, inbox = office.workspace_id, office.inbox_id
        arrived = directions.count("in")
        is_open, assignee = self._place()
        rows["contact"].append(
            (
                where,
                contact,
                f"Person {number}",
                "whatsapp",
                "whatsapp",
                began,
                began,
                inbox,
                "whatsapp",
                "contacted_us",
            )
        )
        rows["contact_identity"].append(
            (where, identity, contact, "whatsapp", phone(number), "whatsapp", began)
        )
        rows["conversation"].append(
            (
                *(where, conversation, number + 1, inbox, contact, identity, str(contact)),
                *("open" if is_open else "closed", assignee, arrived, arrived if number % 3 else 0, last_id),
                *(last_at, last_at, None if number % 3 else last_at, began, None if is_open else last_at),
            )
        )

    def _place(self) -> tuple[bool, uuid.UUID | None]:
        agents, dice = self._office.agents, self._chance.random()
        is_open = self._chance.random() < self._past.open
        if dice < self._past.mine:
            return is_open, agents[0].member_id
        if dice < self._past.mine + self._past.unassigned or len(agents) < 2:
            return is_open, None
        return is_open, self._chance.choice(agents[1:]).member_id

    def _message(
        self,
        whose: tuple[uuid.UUID, uuid.UUID, uuid.UUID],
        direction: str,
        external_id: str,
        at: dt.datetime,
        rows: _Rows,
        bodies: list[tuple[uuid.UUID, Place, bytes]],
    ) -> uuid.UUID:
        conversation, contact, identity = whose
        office, id_ = self._office, new_id()
        author = ("member", office.agents[0].member_id) if direction == "out" else ("contact", contact)
        place = Place(office.workspace_id, "app.message", "body", id_)
        bodies.append((contact, place, orjson.dumps({"text": words(self._chance)})))
        rows["message"].append(
            (
                *(
                    office.workspace_id,
                    id_,
                    conversation,
                    office.inbox_id,
                    contact,
                    identity,
                    direction,
                    "text",
                ),
                *(*author, external_id, at, at),
            )
        )
        if direction == "out":
            state = DeliveryState.SENT
            rows["delivery"].append(
                (
                    office.workspace_id,
                    id_,
                    office.inbox_id,
                    identity,
                    state.value,
                    STATUS_RANK[state],
                    1,
                    at,
                    at,
                )
            )
        return id_
