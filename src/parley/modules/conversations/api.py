"""The routes of conversations: reading, state, timeline."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from fastapi import Query
from starlette.responses import Response

from parley.core.errors import InvalidError
from parley.core.ids import parse_id
from parley.core.scope import Scope
from parley.core.web.answer import answer
from parley.core.web.cursor import Page, Paged, encode_cursor
from parley.core.web.routes import api_router
from parley.modules.conversations import actions
from parley.modules.conversations.counts import count_conversations
from parley.modules.conversations.deps import Desk
from parley.modules.conversations.load_conversations import get_conversation
from parley.modules.conversations.queries import (
    STATUSES,
    Filter,
    get_timeline,
    list_conversations,
    list_messages,
)
from parley.modules.conversations.schemas import AssigneeIn, PriorityIn, SnoozeIn, TagsIn, TeamIn
from parley.modules.conversations.send import signal_typing
from parley.modules.conversations.views import ConversationView, CountsView, MessageView, TimelineItem
from parley.modules.workspaces.deps import Caller, Unit, allowed

router = api_router("conversations")
_WRITE = allowed("conversations.write")
_READ = allowed("conversations.read")


class ConversationPage(Page[ConversationView]):
    """Conversations, and how to go on."""


class TimelinePage(Page[TimelineItem]):
    """Messages, notes and activities, newest first."""


class MessagePage(Page[MessageView]):
    """What the contact wrote and was sent, newest first."""


@router.get("/conversations", response_model=ConversationPage, **_READ)
async def get_conversations(
    scope: Caller,
    tx: Unit,
    desk: Desk,
    paging: Paged,
    status: Annotated[str | None, Query(max_length=60)] = None,
    assignee: Annotated[str | None, Query(max_length=40)] = None,
    team: uuid.UUID | None = None,
    inbox: uuid.UUID | None = None,
    tag: uuid.UUID | None = None,
    contact: uuid.UUID | None = None,
    q: Annotated[str | None, Query(max_length=120)] = None,
    sort: Literal["newest", "waiting"] = "newest",
) -> Response:
    chosen = Filter(_statuses(status), _assignee(scope, assignee), team, inbox, tag, contact, q, sort)
    after = paging.after(dt.datetime, uuid.UUID)
    page = await list_conversations(
        tx, desk, scope, chosen, limit=paging.limit, after=None if after is None else (after[0], after[1])
    )
    following = None if page.next is None else encode_cursor(*page.next)
    return answer({"items": page.items, "next_cursor": following})


@router.get("/conversations/counts", response_model=CountsView, **_READ)
async def get_counts(scope: Caller, tx: Unit) -> Response:
    return answer(await count_conversations(tx, scope))


@router.get("/conversations/{conversation_id}", response_model=ConversationView, **_READ)
async def get_one_conversation(conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.get("/conversations/{conversation_id}/timeline", response_model=TimelinePage, **_READ)
async def get_conversation_timeline(
    conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk, paging: Paged
) -> Response:
    page = await get_timeline(tx, desk, scope, conversation_id, limit=paging.limit, before=_before(paging))
    following = None if page.next is None else encode_cursor(*page.next)
    return answer({"items": page.items, "next_cursor": following})


@router.get("/conversations/{conversation_id}/messages", response_model=MessagePage, **_READ)
async def get_conversation_messages(
    conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk, paging: Paged
) -> Response:
    items, after = await list_messages(
        tx, desk, scope, conversation_id, limit=paging.limit, before=_before(paging)
    )
    return answer({"items": items, "next_cursor": None if after is None else encode_cursor(*after)})


@router.put("/conversations/{conversation_id}/assignee", response_model=ConversationView, **_WRITE)
async def put_assignee(
    conversation_id: uuid.UUID, form: AssigneeIn, scope: Caller, tx: Unit, desk: Desk
) -> Response:
    await actions.assign(tx, scope, conversation_id, form.member_id)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.put("/conversations/{conversation_id}/team", response_model=ConversationView, **_WRITE)
async def put_team(conversation_id: uuid.UUID, form: TeamIn, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await actions.set_team(tx, scope, conversation_id, form.team_id)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.put("/conversations/{conversation_id}/priority", response_model=ConversationView, **_WRITE)
async def put_priority(
    conversation_id: uuid.UUID, form: PriorityIn, scope: Caller, tx: Unit, desk: Desk
) -> Response:
    await actions.set_priority(tx, scope, conversation_id, form.priority)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.put("/conversations/{conversation_id}/tags", response_model=ConversationView, **_WRITE)
async def put_tags(conversation_id: uuid.UUID, form: TagsIn, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await actions.set_tags(tx, scope, conversation_id, form.tag_ids)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.post("/conversations/{conversation_id}/close", response_model=ConversationView, **_WRITE)
async def post_close(conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await actions.close(tx, scope, conversation_id)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.post("/conversations/{conversation_id}/reopen", response_model=ConversationView, **_WRITE)
async def post_reopen(conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await actions.reopen(tx, scope, conversation_id)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.post("/conversations/{conversation_id}/snooze", response_model=ConversationView, **_WRITE)
async def post_snooze(
    conversation_id: uuid.UUID, form: SnoozeIn, scope: Caller, tx: Unit, desk: Desk
) -> Response:
    await actions.snooze(tx, scope, conversation_id, form.until)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.post("/conversations/{conversation_id}/read", response_model=ConversationView, **_READ)
async def post_read(conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await actions.mark_read(tx, scope, conversation_id)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.post("/conversations/{conversation_id}/unread", response_model=ConversationView, **_READ)
async def post_unread(conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await actions.mark_read(tx, scope, conversation_id, is_read=False)
    return answer(await get_conversation(tx, desk, scope, conversation_id))


@router.post("/conversations/{conversation_id}/typing", status_code=204, **allowed("messages.send"))
async def post_typing(conversation_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> None:
    await signal_typing(tx, desk, scope, conversation_id)


@router.delete("/conversations/{conversation_id}", status_code=204, **allowed("conversations.delete"))
async def delete_one_conversation(conversation_id: uuid.UUID, scope: Caller, tx: Unit) -> None:
    await actions.delete_conversation(tx, scope, conversation_id)


def _before(paging: Any) -> tuple[dt.datetime, uuid.UUID] | None:
    found = paging.after(dt.datetime, uuid.UUID)
    if found is None or found[0] is None or found[1] is None:
        return None
    return found[0], found[1]


def _statuses(text: str | None) -> tuple[str, ...]:
    if not text:
        return STATUSES
    wanted = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    if not wanted or not set(wanted) <= set(STATUSES):
        raise InvalidError(fields={"status": "Use open, pending, snoozed or closed, several with commas."})
    return wanted


def _assignee(scope: Scope, text: str | None) -> uuid.UUID | Literal["none"] | None:
    if not text:
        return None
    if text == "none":
        return "none"
    member_id = scope.member_id if text == "me" else parse_id(text)
    if member_id is None:
        raise InvalidError(fields={"assignee": "Use me, none or a member's id; a token has no me."})
    return member_id
