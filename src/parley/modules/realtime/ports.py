"""What others give to the event log: handlers of events, and loaders of the objects that frames carry."""

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Protocol

from parley.core.db.tx import Tx
from parley.core.scope import Scope
from parley.modules.realtime.types import Event

Handler = Callable[[Tx, Event], Awaitable[None]]
"""Reacts to an event with the database alone: changes rows, emits further events, enqueues jobs. It is idempotent,
because it runs again when its transaction fails, and quick, because the workspace's next events wait for it."""

HandlerTable = Mapping[str, Sequence[Handler]]
"""Which handlers run for which events: `message.added`, `message.*` or `*`."""


class Loaded(Protocol):
    """One object as it was read for viewers of equal rights; a frame puts its JSON before each of them."""

    def json(self, scope: Scope) -> bytes | None:
        """Write the object as this viewer may see it; None when this viewer may not.

        It is called once per viewer where the loader is `per_viewer`, so it must be cheap; else once in all.
        """
        ...


class Loader(Protocol):
    """Reads the objects of one type for the frames of a batch of events."""

    @property
    def per_viewer(self) -> bool:
        """Tell whether viewers with equal rights may see different JSON (an unread count) or not the same objects."""
        ...

    async def load(
        self, tx: Tx, scopes: Sequence[Scope], ids: Sequence[uuid.UUID]
    ) -> Mapping[uuid.UUID, Loaded]:
        """Read these objects in as few statements as possible, each id once.

        `scopes` are all viewers that will be told, at least one, all with equal role and permissions; who needs
        something per member reads it for all of them here. An id that is left out does not exist or is not theirs.
        """
        ...
