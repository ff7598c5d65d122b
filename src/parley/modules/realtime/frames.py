"""From events to frames: what viewers of equal rights are told, read and serialised once for all of them.

A frame is `{prev, seq, type, at, ids, object_type, object}`, where `prev` is the last number that this viewer was
told: what one may not see leaves no gap. The object is as fresh as the frame, not as old as the event. Who gets a
frame when, is `viewers`' and `rooms`' matter.
"""

import uuid
from collections.abc import Mapping, Sequence

import structlog

from parley.core.db.tx import Tx
from parley.core.encoding import json_bytes
from parley.core.scope import Scope
from parley.modules.realtime.ports import Loaded, Loader
from parley.modules.realtime.types import Event

GONE = "deleted"
"""Verbs after which nobody sees the object any more."""
HIDDEN = "hidden"
"""Verbs after which some do not see the object any more: those are told that it is gone."""

log = structlog.get_logger()

_Objects = Mapping[str, Mapping[uuid.UUID, Loaded]]


class Frame:
    """What viewers of equal rights are told of one event."""

    __slots__ = ("_head", "_last", "_loaded", "_per_viewer", "_tail", "_tells_absence", "seq")

    def __init__(
        self,
        event: Event,
        object_type: str | None,
        loaded: Loaded | None,
        *,
        per_viewer: bool = False,
        tells_absence: bool = False,
    ) -> None:
        """Prepare a frame; with `tells_absence` whoever may not see the object is told that it is gone."""
        head = {
            "seq": event.seq,
            "type": event.type,
            "at": event.at,
            "ids": event.ids,
            "object_type": object_type,
        }
        self.seq = event.seq
        self._head = "," + json_bytes(head)[1:-1].decode() + ',"object":'
        self._loaded = loaded
        self._per_viewer = per_viewer
        self._tells_absence = tells_absence
        self._tail: str | None = None
        self._last = (-1, "")

    def text(self, prev: int, scope: Scope) -> str | None:
        """Write the frame for a viewer who was last told `prev`; None when this viewer is not to be told."""
        if self._per_viewer:
            tail = self._object(scope)
            return None if tail is None else self._joined(prev, tail)
        if self._last[0] != prev:  # nearly always the same for all, so joined once
            if self._tail is None:
                self._tail = self._object(scope) or ""
            self._last = (prev, self._joined(prev, self._tail) if self._tail else "")
        return self._last[1] or None

    def _joined(self, prev: int, tail: str) -> str:
        return f'{{"prev":{prev}{self._head}{tail}'

    def _object(self, scope: Scope) -> str | None:
        if self._loaded is None:
            return 'null,"gone":true}' if self._tells_absence else "null}"
        written = self._loaded.json(scope)
        if written is not None:
            return written.decode() + "}"
        return 'null,"gone":true}' if self._tells_absence else None


class Framer:
    """Makes frames. `loaders` are named by the noun of the events whose objects they read, which is also the name of
    the object's id among the event's ids.

    `bare` names the nouns of events that are told without an object, and the permission it takes to be told. Events
    of other nouns are nobody's business outside the server.
    """

    def __init__(self, loaders: Mapping[str, Loader], bare: Mapping[str, str] | None = None) -> None:
        self._loaders = loaders
        self._bare = bare or {}

    async def frames(self, tx: Tx, scopes: Sequence[Scope], events: Sequence[Event]) -> Sequence[Frame]:
        """Make the frames of consecutive events for these viewers, who must be of equal role and permissions.

        Each object is read once, however many of the events are about it, and after the events were: so it is at
        least as new as they are. Raises what the loaders raise.
        """
        objects = await self._load(tx, scopes, events)
        made = (self._frame(event, scopes[0], objects) for event in events)
        return [frame for frame in made if frame is not None]

    async def _load(self, tx: Tx, scopes: Sequence[Scope], events: Sequence[Event]) -> _Objects:
        wanted: dict[str, dict[uuid.UUID, None]] = {}
        for event in events:
            id_ = event.uuid(event.noun)
            if id_ is not None and event.noun in self._loaders and event.verb != GONE:
                wanted.setdefault(event.noun, {})[id_] = None
        return {noun: await self._loaders[noun].load(tx, scopes, list(ids)) for noun, ids in wanted.items()}

    def _frame(self, event: Event, scope: Scope, objects: _Objects) -> Frame | None:
        noun = event.noun
        if noun not in self._loaders:
            permission = self._bare.get(noun)
            return Frame(event, None, None) if permission is not None and scope.may(permission) else None
        id_ = event.uuid(noun)
        if id_ is None:
            log.error("frames.id_missing", type=event.type)
            return None
        loaded = None if event.verb == GONE else objects[noun].get(id_)
        if loaded is None and event.verb not in {GONE, HIDDEN}:
            return None
        return Frame(
            event,
            noun,
            loaded,
            per_viewer=self._loaders[noun].per_viewer,
            tells_absence=event.verb in {GONE, HIDDEN},
        )
