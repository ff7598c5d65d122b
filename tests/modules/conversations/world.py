"""A workspace with an inbox and nothing else, for tests that hand events to `receive` and the processor themselves."""

import dataclasses
import datetime as dt
import itertools
import uuid
from collections.abc import Sequence
from typing import Any

import orjson
from tests.builders import scope_as

from parley.core.ids import new_id
from parley.core.resources import Resources
from parley.core.sealing import Place, Unreadable
from parley.modules.conversations.arrivals import Arrival, Outcome
from parley.modules.conversations.receive import receive
from parley.modules.conversations.types import Address, Inbound, MessageArrived, MessageKind, Person
from parley.modules.inboxes.actions import connect_inbox
from parley.modules.inboxes.types import CheckResult, InboxRef, InboxState
from parley.modules.ingest.processing import Processor
from parley.modules.ingest.receiver import Receiver
from parley.modules.ingest.types import Split, SplitItem
from parley.modules.workspaces.actions import create_workspace

START = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
_numbers = itertools.count(200_000_000_000_000)

_CONVERSATIONS = """
SELECT c.id, c.status, c.arrived_n, c.answered_n, last.external_id, c.last_message_at, c.last_inbound_at,
       c.waiting_since, i.external_id, p.name, p.first_wrote_at, p.first_wrote_channel,
       (SELECT array_agg(a.external_id ORDER BY a.external_id) FROM app.contact_identity a
        WHERE a.workspace_id = $1 AND a.contact_id = p.id)
FROM app.conversation c JOIN app.contact p ON p.workspace_id = $1 AND p.id = c.contact_id
LEFT JOIN app.contact_identity i ON i.workspace_id = $1 AND i.id = c.identity_id
LEFT JOIN app.message last ON last.workspace_id = $1 AND last.id = c.last_message_id
WHERE c.workspace_id = $1 ORDER BY p.first_wrote_at
"""
_MESSAGES = """
SELECT m.id, m.external_id, m.direction, m.kind, m.body, target.external_id, m.sent_at, m.edited_at, m.revoked_at,
       d.state, d.sent_at, d.delivered_at, d.read_at
FROM app.message m LEFT JOIN app.message target ON target.workspace_id = $1 AND target.id = m.reply_to_id
LEFT JOIN app.delivery d ON d.workspace_id = $1 AND d.message_id = m.id
WHERE m.workspace_id = $1 AND m.conversation_id = $2 ORDER BY m.external_id
"""


def at(second: float) -> dt.datetime:
    """Give the moment so many seconds after the beginning."""
    return START + dt.timedelta(seconds=second)


def person(phone: str | None = "491713920011", user: str | None = None, name: str | None = "Mia") -> Person:
    """Describe somebody by a number, a user id, or both."""
    found = [Address("whatsapp", phone)] if phone else []
    found += [Address("whatsapp.user", user)] if user else []
    return Person(tuple(found), name)


def text(id_: str, second: float, words: str = "", **more: Any) -> MessageArrived:
    """Describe a message; `who` and `kind` may be given."""
    who, kind = more.pop("who", None) or person(), more.pop("kind", MessageKind.TEXT)
    return MessageArrived(id_, who, at(second), kind, words or f"words of {id_}", **more)


class Events:
    """Plays the channel: an item's payload names the events that it holds."""

    channel = "whatsapp"

    def __init__(self) -> None:
        self.known: dict[str, tuple[Inbound, ...]] = {}

    def split(self, body: bytes) -> Split:
        rows: list[tuple[str, str, str, str]] = orjson.loads(body)
        return Split(tuple(SplitItem("whatsapp", *row[:3], row[3].encode()) for row in rows))

    def parse(self, payload: bytes) -> tuple[Inbound, ...]:
        return self.known[payload.decode()]


@dataclasses.dataclass(slots=True)
class World:
    """One workspace with one inbox."""

    house: Resources
    receiver: Receiver
    app: str
    inbox: InboxRef
    intake: Events = dataclasses.field(default_factory=Events)

    @property
    def workspace_id(self) -> uuid.UUID:
        return self.inbox.workspace_id

    def processor(self) -> Processor:
        """Make a processor of its own, as another worker would have."""
        return Processor(self.house.database, self.house.sealer, {"whatsapp": self.intake})

    async def receive(self, *events: Inbound, received_at: dt.datetime | None = None) -> Outcome:
        """Hand events to `receive` in one batch, each as an item of its own."""
        arrivals = [Arrival(new_id(), self.inbox, received_at or at(3600), event) for event in events]
        async with self.house.database.workspace_tx(self.workspace_id) as tx:
            return await receive(tx, self.house.sealer, arrivals)

    async def put(self, *events: Inbound, order_keys: Sequence[str] = ()) -> list[uuid.UUID]:
        """Take events in as the hook does, each as an item of its own; gives the ids of those that wait, in order."""
        rows = []
        for n, event in enumerate(events):
            name = new_id().hex
            self.intake.known[name] = (event,)
            rows.append((self.inbox.external_id, order_keys[n] if order_keys else "one", "event", name))
        await self.receiver.receive(self.intake, "meta", self.app, orjson.dumps(rows))
        return await self.waiting()

    async def waiting(self) -> list[uuid.UUID]:
        """List the items that wait, in the order of their arrival."""
        rows = await self.all(
            "SELECT id FROM ingest.item WHERE workspace_id = $1 AND state = 'waiting' ORDER BY id"
        )
        return [row[0] for row in rows]

    async def settle(self) -> None:
        """Process until nothing waits."""
        while waiting := await self.waiting():
            await self.processor().process(self.workspace_id, waiting)

    async def all(self, sql: str, *args: Any) -> Sequence[Any]:
        """Fetch rows; `$1` is the workspace."""
        async with self.house.database.workspace_tx(self.workspace_id) as tx:
            return await tx.all(sql, self.workspace_id, *args)

    async def value(self, sql: str, *args: Any) -> Any:
        """Fetch one value; `$1` is the workspace."""
        rows = await self.all(sql, *args)
        return rows[0][0] if rows else None

    async def state(self) -> list[Any]:
        """Read everything that members can see, without our own ids and without the times of our work."""
        found = []
        for row in await self.all(_CONVERSATIONS):
            messages = [await self._message(m) for m in await self.all(_MESSAGES, row[0])]
            found.append((tuple(row)[1:], messages))
        return found

    async def _message(self, row: Any) -> tuple[Any, ...]:
        edits = await self.all(
            "SELECT id, body, edited_at FROM app.message_edit WHERE workspace_id = $1 AND message_id = $2",
            row[0],
        )
        reactions = await self.all(
            """SELECT author_type, emoji, at FROM app.reaction
            WHERE workspace_id = $1 AND message_id = $2 ORDER BY author_type""",
            row[0],
        )
        return (
            *tuple(row)[1:4],
            await self._open("app.message", "body", row[0], row[4]),
            *tuple(row)[5:],
            sorted([str(await self._open("app.message_edit", "body", e[0], e[1])) for e in edits]),
            [(r[0], await self._open("app.reaction", "emoji", row[0], r[1]), r[2]) for r in reactions],
        )

    async def _open(self, table: str, column: str, row_id: uuid.UUID, sealed: bytes | None) -> Any:
        if sealed is None:
            return None
        place = Place(self.workspace_id, table, column, row_id)
        (plain,) = await self.house.sealer.unseal_many(self.workspace_id, [(place, sealed)])
        assert not isinstance(plain, Unreadable)
        return plain


async def make_world(house: Resources, receiver: Receiver) -> World:
    """Make a workspace with a connected inbox whose number nobody had before."""
    workspace_id, number, app = new_id(), str(next(_numbers)), "parley-test-app"
    async with house.database.workspace_tx(workspace_id) as tx:
        await create_workspace(tx, name="A shop")
        inbox_id = await connect_inbox(
            tx,
            scope_as(workspace_id),
            house.sealer,
            channel="whatsapp",
            app=app,
            name="WhatsApp",
            settings={"phone_number_id": number, "waba_id": "1", "access_token": "t"},
            checked=CheckResult(number, {}),
        )
    inbox = InboxRef(inbox_id, workspace_id, "whatsapp", "WhatsApp", number, InboxState.CONNECTED)
    return World(house, receiver, app, inbox)


async def put_sent_message(world: World, token: uuid.UUID) -> uuid.UUID:
    """Leave a message of ours in the first conversation whose vendor never answered; `token` is its attempt's id."""
    message_id = new_id()
    row = (await world.all("SELECT id, inbox_id, contact_id FROM app.conversation WHERE workspace_id = $1"))[
        0
    ]
    async with world.house.database.workspace_tx(world.workspace_id) as tx:
        await tx.run(
            """INSERT INTO app.message (workspace_id, id, conversation_id, inbox_id, contact_id, direction, kind,
            author_type, sent_at, created_at) VALUES ($1, $2, $3, $4, $5, 'out', 'text', 'member', $6, $6)""",
            world.workspace_id,
            message_id,
            row[0],
            row[1],
            row[2],
            at(5),
        )
        await tx.run(
            """INSERT INTO app.delivery (workspace_id, message_id, inbox_id, state, rank, updated_at)
            VALUES ($1, $2, $3, 'unconfirmed', 2, $4)""",
            world.workspace_id,
            message_id,
            row[1],
            at(5),
        )
        await tx.run(
            """INSERT INTO app.attempt (workspace_id, id, message_id, n, started_at, outcome)
            VALUES ($1, $2, $3, 1, $4, 'unknown')""",
            world.workspace_id,
            token,
            message_id,
            at(5),
        )
    return message_id
