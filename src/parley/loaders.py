"""What sockets carry: for each noun, how its objects are read for viewers of equal rights. Part of the wiring."""

import dataclasses
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from parley.core.db.tx import Tx
from parley.core.scope import Scope
from parley.modules.contacts.queries import load_contacts
from parley.modules.conversations.load_conversations import load_conversations, unread
from parley.modules.conversations.load_messages import load_messages
from parley.modules.conversations.load_timeline import load_activities, load_notes
from parley.modules.conversations.services import Services
from parley.modules.conversations.tags import list_tags
from parley.modules.inboxes.ports import Connector
from parley.modules.inboxes.queries import list_inboxes
from parley.modules.inboxes.schemas import inbox_out
from parley.modules.realtime.frames import Framer
from parley.modules.realtime.loaded import Personal, SharedLoader
from parley.modules.realtime.ports import Loaded
from parley.modules.workspaces.queries import list_members, list_teams

Fetched = Mapping[uuid.UUID, Mapping[str, Any]]
Fetch = Callable[[Tx, Scope, Sequence[uuid.UUID]], Awaitable[Fetched]]

_MARKS = """
SELECT c.id, c.arrived_n, c.answered_n, r.member_id, r.last_read_n FROM app.conversation c
LEFT JOIN app.read_mark r ON r.workspace_id = $1 AND r.conversation_id = c.id AND r.member_id = ANY($3::uuid[])
WHERE c.workspace_id = $1 AND c.id = ANY($2::uuid[])
"""


class ConversationLoader:
    """Conversations are the same for viewers of equal rights, but for the number of messages they have not read."""

    per_viewer = True

    def __init__(self, services: Services) -> None:
        self._services = services

    async def load(
        self, tx: Tx, scopes: Sequence[Scope], ids: Sequence[uuid.UUID]
    ) -> Mapping[uuid.UUID, Loaded]:
        """Read the conversations once, and the read marks of all viewers in one statement."""
        if not scopes[0].may("conversations.read"):
            return {}
        views = await load_conversations(tx, self._services, scopes[0], ids)
        members = sorted({scope.member_id for scope in scopes if scope.member_id is not None})
        rows = await tx.all(_MARKS, tx.workspace_id, list(views), members)
        numbers = {row[0]: (row[1], row[2]) for row in rows}
        marks = {(row[0], row[3]): row[4] for row in rows}

        def own(conversation_id: uuid.UUID) -> Callable[[Scope], Mapping[str, Any]]:
            arrived, answered = numbers[conversation_id]
            return lambda scope: {
                "unread_count": unread(arrived, answered, marks.get((conversation_id, scope.member_id)))
            }

        return {
            id_: Personal(_without(shown(view), "unread_count"), own(id_))
            for id_, view in views.items()
            if id_ in numbers
        }


def framer(services: Services, connectors: Mapping[str, Connector]) -> Framer:
    """Make what turns events into frames."""

    async def messages(tx: Tx, _: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
        return _shown(await load_messages(tx, services, ids))

    async def notes(tx: Tx, _: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
        return _shown(await load_notes(tx, services, ids))

    async def inboxes(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
        views = await list_inboxes(tx, scope, ids)
        return {view.id: inbox_out(view, connectors[view.channel].capabilities()) for view in views}

    return Framer(
        {
            "conversation": ConversationLoader(services),
            "message": _reading("conversations.read", messages),
            "note": _reading("conversations.read", notes),
            "activity": _reading("conversations.read", _activities),
            "contact": _reading("contacts.read", _contacts),
            "inbox": _reading("inboxes.read", inboxes),
            "member": _reading("members.read", _members),
            "team": _reading("teams.read", _teams),
            "tag": _reading("tags.read", _tags),
        },
        bare={"item": "items.read"},
    )


def _reading(permission: str, fetch: Fetch) -> SharedLoader:
    async def guarded(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
        return await fetch(tx, scope, ids) if scope.may(permission) else {}

    return SharedLoader(guarded)


async def _activities(tx: Tx, _: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
    return _shown(await load_activities(tx, ids))


async def _contacts(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
    return _shown(await load_contacts(tx, scope, ids))


async def _members(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
    return {view.id: shown(view) for view in await list_members(tx, scope) if view.id in ids}


async def _teams(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
    return {view.id: shown(view) for view in await list_teams(tx, scope) if view.id in ids}


async def _tags(tx: Tx, scope: Scope, ids: Sequence[uuid.UUID]) -> Fetched:
    return {view.id: shown(view) for view in await list_tags(tx, scope, ids)}


def _shown(views: Mapping[uuid.UUID, Any]) -> Fetched:
    return {id_: shown(view) for id_, view in views.items()}


def shown(view: Any) -> dict[str, Any]:
    """Give a view's fields as they are, without copying what is inside."""
    return {field.name: getattr(view, field.name) for field in dataclasses.fields(view)}


def _without(values: dict[str, Any], name: str) -> dict[str, Any]:
    values.pop(name)
    return values
