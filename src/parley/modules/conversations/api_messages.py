"""The routes of messages, notes, reactions and tags."""

import uuid

from starlette.responses import Response

from parley.core.errors import NotFoundError
from parley.core.web.answer import answer
from parley.core.web.cursor import Page
from parley.core.web.routes import api_router
from parley.modules.conversations.deps import Desk
from parley.modules.conversations.life import LifeEvent, life_of_message
from parley.modules.conversations.load_messages import load_messages
from parley.modules.conversations.load_timeline import load_notes
from parley.modules.conversations.queries import require_visible
from parley.modules.conversations.schemas import MessageIn, NoteIn, ReactionIn, TagIn
from parley.modules.conversations.send import Draft, add_note, react, retry_message, send_message
from parley.modules.conversations.tags import create_tag, list_tags
from parley.modules.conversations.views import MessageView, NoteView, TagView
from parley.modules.workspaces.deps import Caller, Unit, allowed

router = api_router("messages")
_SEND = allowed("messages.send")


class TagPage(Page[TagView]):
    """The workspace's tags, by name."""


class LifePage(Page[LifeEvent]):
    """Everything that happened to a message, in order."""


@router.post(
    "/conversations/{conversation_id}/messages", status_code=201, response_model=MessageView, **_SEND
)
async def post_message(
    conversation_id: uuid.UUID, form: MessageIn, scope: Caller, tx: Unit, desk: Desk
) -> Response:
    await require_visible(tx, scope, conversation_id)
    draft = Draft(
        client_id=form.client_id,
        text=form.text,
        file_id=form.attachments[0] if form.attachments else None,
        reply_to_id=form.reply_to,
        interactive=form.offered(),
        is_voice=form.is_voice,
    )
    message_id = await send_message(tx, desk, scope, conversation_id, draft)
    return answer((await load_messages(tx, desk, [message_id]))[message_id], 201)


@router.post(
    "/conversations/{conversation_id}/notes",
    status_code=201,
    response_model=NoteView,
    **allowed("notes.write"),
)
async def post_note(
    conversation_id: uuid.UUID, form: NoteIn, scope: Caller, tx: Unit, desk: Desk
) -> Response:
    note_id = await add_note(
        tx,
        desk,
        scope,
        conversation_id,
        text=form.text,
        mentions=form.mentions,
        client_id=form.client_id,
    )
    return answer((await load_notes(tx, desk, [note_id]))[note_id], 201)


@router.put("/messages/{message_id}/reaction", response_model=MessageView, **_SEND)
async def put_reaction(
    message_id: uuid.UUID, form: ReactionIn, scope: Caller, tx: Unit, desk: Desk
) -> Response:
    await react(tx, desk, scope, message_id, form.emoji)
    return answer((await load_messages(tx, desk, [message_id]))[message_id])


@router.post("/messages/{message_id}/retry", response_model=MessageView, **_SEND)
async def post_retry(message_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    await retry_message(tx, desk, scope, message_id)
    return answer((await load_messages(tx, desk, [message_id]))[message_id])


@router.get("/messages/{message_id}/life", response_model=LifePage, **allowed("conversations.read"))
async def get_life(message_id: uuid.UUID, scope: Caller, tx: Unit, desk: Desk) -> Response:
    found = (await load_messages(tx, desk, [message_id])).get(message_id)
    if found is None:
        raise NotFoundError
    await require_visible(tx, scope, found.conversation_id)
    return answer({"items": await life_of_message(tx, message_id), "next_cursor": None})


@router.get("/tags", response_model=TagPage, **allowed("tags.read"))
async def get_tags(scope: Caller, tx: Unit) -> Response:
    return answer({"items": await list_tags(tx, scope), "next_cursor": None})


@router.post("/tags", status_code=201, response_model=TagView, **allowed("tags.manage"))
async def post_tag(form: TagIn, scope: Caller, tx: Unit) -> Response:
    return answer(await create_tag(tx, scope, form.name, form.color), 201)
