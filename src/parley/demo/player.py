"""Plays stories through the product's own doors, each step at its own moment."""

import dataclasses
import datetime as dt
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any

from parley.core import clock
from parley.core.ids import new_id
from parley.core.jobs import JobCall
from parley.core.keystore import KeyKind
from parley.core.scope import Scope
from parley.demo.moments import delivered_at, moment, moments, read_at
from parley.demo.phones import Phones
from parley.demo.script import Act, Answer, Deed, Story
from parley.demo.stage import NoPace, StageDatabase, StageTx
from parley.modules.conversations import actions
from parley.modules.conversations.arrivals import Arrival
from parley.modules.conversations.media import MediaFetcher
from parley.modules.conversations.receive import receive
from parley.modules.conversations.send import Draft, add_note, react, send_message
from parley.modules.conversations.sending import Sender
from parley.modules.conversations.services import Services
from parley.modules.conversations.signals import Signals
from parley.modules.conversations.types import DeliveryState
from parley.modules.inboxes.types import InboxRef
from parley.modules.ingest.ports import Intake
from parley.simulators.meta.samples import SAMPLES

_LATER = "wake_conversation"
"""The one kind of job that is still to come when the story is told: see `seeding`."""
_MAX_FILE = 16 * 1024 * 1024
_FIND = """
SELECT id, conversation_id, contact_id FROM app.message
WHERE workspace_id = $1 AND inbox_id = $2 AND external_id = $3
"""
_EXTERNAL_ID = "SELECT external_id FROM app.message WHERE workspace_id = $1 AND id = $2"


@dataclasses.dataclass(frozen=True, slots=True)
class House:
    """What the stories play with: the shop's members by role, its team, tags by name, inbox."""

    members: Mapping[str, Scope]
    team_id: uuid.UUID
    tags: Mapping[str, uuid.UUID]
    inbox: InboxRef


@dataclasses.dataclass(slots=True)
class _Thread:
    """How far a story has come: its conversation, and the messages that have a name, as (id, vendor's id)."""

    story: Story
    conversation_id: uuid.UUID | None = None
    contact_id: uuid.UUID | None = None
    named: dict[str, tuple[uuid.UUID, str]] = dataclasses.field(default_factory=dict)

    @property
    def conversation(self) -> uuid.UUID:
        assert self.conversation_id is not None, "a story begins with its customer"
        return self.conversation_id


_Happening = tuple[dt.datetime, int, Callable[[], Awaitable[None]]]


class Player:
    """Plays stories in one transaction; the clock of the process is stopped meanwhile."""

    def __init__(
        self, tx: StageTx, database: StageDatabase, services: Services, intake: Intake, phones: Phones
    ) -> None:
        self._tx = tx
        self._services = services
        self._intake = intake
        self._phones = phones
        self._sender = Sender(database, services, services.files, NoPace())
        self._media = MediaFetcher(database, services, services.files)
        self._signals = Signals(database, services)

    async def play(self, stories: Sequence[Story], house: House, now: dt.datetime) -> None:
        """Let everything happen in the order of time, as if it had happened."""
        happenings: list[_Happening] = []
        for story in stories:
            thread = _Thread(story)
            times = moments(story, now)
            for number, (step, at) in enumerate(zip(story.steps, times, strict=True)):
                order = len(happenings)
                match step:
                    case Act():
                        happenings.append((at, order, partial(self._act, thread, step, house)))
                    case Deed():
                        happenings.append((at, order, partial(self._deed, thread, step, house, now)))
                    case Answer():
                        report: dict[str, uuid.UUID] = {}
                        happenings.append((at, order, partial(self._answer, thread, step, house, report)))
                        seen = read_at(story.steps, times, number, now)
                        happenings += self._fate(step, at, seen, now, order + 1, report, house)
        for at, _, happen in sorted(happenings, key=lambda happening: happening[:2]):
            with clock.frozen(at):
                await happen()
                await self._work()

    async def _act(self, thread: _Thread, act: Act, house: House) -> None:
        about = thread.named[act.about][1] if act.about else None
        external_id, call = self._phones.act(thread.story.customer, act.spec, about)
        await self._receive(call, house)
        row = await self._tx.first(_FIND, self._tx.workspace_id, house.inbox.id, external_id)
        if row is None:  # it was about another message
            return
        thread.conversation_id, thread.contact_id = row.conversation_id, row.contact_id
        if act.name:
            thread.named[act.name] = (row.id, external_id)

    async def _answer(
        self, thread: _Thread, answer: Answer, house: House, report: dict[str, uuid.UUID]
    ) -> None:
        scope = house.members[answer.who]
        draft = Draft(
            client_id=new_id(),
            text=answer.text,
            file_id=await self._file(thread, answer.sample, scope) if answer.sample else None,
            reply_to_id=thread.named[answer.about][0] if answer.about else None,
            interactive=answer.offered,
            is_voice=answer.sample == "voice",
        )
        message_id = await send_message(self._tx, self._services, scope, thread.conversation, draft)
        report["message"] = message_id
        await self._work()
        if answer.name:
            external_id = await self._tx.value(_EXTERNAL_ID, self._tx.workspace_id, message_id)
            thread.named[answer.name] = (message_id, external_id)

    async def _file(self, thread: _Thread, sample: str, scope: Scope) -> uuid.UUID:
        found = SAMPLES[sample]
        assert thread.contact_id is not None
        ref = await self._services.files.save(
            self._tx,
            owner_kind=KeyKind.CONTACT,
            owner_id=thread.contact_id,
            chunks=found.read(),
            name=found.filename or found.file,
            declared_type=found.mime_type,
            uploaded_by=scope.member_id,
            max_bytes=_MAX_FILE,
        )
        return ref.id

    def _fate(
        self,
        answer: Answer,
        sent: dt.datetime,
        seen: dt.datetime,
        now: dt.datetime,
        order: int,
        report: Mapping[str, uuid.UUID],
        house: House,
    ) -> list[_Happening]:
        arrived = delivered_at(sent)
        if isinstance(answer.fate, int):
            times, error = {DeliveryState.FAILED: arrived}, answer.fate
        else:
            wanted = {DeliveryState.DELIVERED: arrived}
            if answer.fate == DeliveryState.READ:
                wanted[DeliveryState.READ] = max(seen, arrived)
            times = {
                state: at for state, at in wanted.items() if at <= now and answer.fate != DeliveryState.SENT
            }
            error = None
        if not times:
            return []
        return [(max(times.values()), order, partial(self._report, report, times, error, house))]

    async def _report(
        self,
        report: Mapping[str, uuid.UUID],
        times: Mapping[DeliveryState, dt.datetime],
        error: int | None,
        house: House,
    ) -> None:
        external_id = await self._tx.value(_EXTERNAL_ID, self._tx.workspace_id, report["message"])
        await self._receive(self._phones.report(external_id, times, error), house)

    async def _receive(self, call: bytes, house: House) -> None:
        split = self._intake.split(call)
        assert split.fault is None
        arrivals = [
            Arrival(new_id(), house.inbox, clock.now(), event)
            for item in split.items
            for event in self._intake.parse(item.payload)
        ]
        outcome = await receive(self._tx, self._services.sealer, arrivals)
        assert not outcome.parked

    async def _deed(self, thread: _Thread, deed: Deed, house: House, now: dt.datetime) -> None:
        tx, scope, conversation = self._tx, house.members[deed.who], thread.conversation
        value: Any = deed.value
        match deed.verb:
            case "assign":
                member_id = None if value is None else house.members[value].member_id
                await actions.assign(tx, scope, conversation, member_id)
            case "team":
                await actions.set_team(tx, scope, conversation, house.team_id)
            case "tags":
                await actions.set_tags(tx, scope, conversation, [house.tags[name] for name in value])
            case "priority":
                await actions.set_priority(tx, scope, conversation, value)
            case "read":
                await actions.mark_read(tx, scope, conversation)
            case "snooze":
                await actions.snooze(tx, scope, conversation, moment(value, now, now))
            case "close":
                await actions.close(tx, scope, conversation)
            case "react":
                await react(tx, self._services, scope, thread.named[deed.about][0], value)
            case "note":
                await self._note(thread, scope, house, value)
            case _:
                raise LookupError(deed.verb)

    async def _note(
        self, thread: _Thread, scope: Scope, house: House, value: tuple[str, Sequence[str]]
    ) -> None:
        text, roles = value
        mentions = [member_id for role in roles if (member_id := house.members[role].member_id) is not None]
        await add_note(
            self._tx,
            self._services,
            scope,
            thread.conversation,
            text=text,
            mentions=mentions,
            client_id=new_id(),
        )

    async def _work(self) -> None:
        doers: Mapping[str, Callable[[JobCall], Awaitable[None]]] = {
            "send_message": self._sender.send,
            "fetch_media": self._media.fetch,
            "send_reaction": self._signals.send_reaction,
            "mark_read": self._signals.mark_read,
        }
        for name, call in self._tx.taken_jobs():
            if name != _LATER:
                await doers[name](call)
