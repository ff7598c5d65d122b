"""Send one message and say exactly what became of it: sent, surely not sent, or unknown.

Nothing is repeated here; when to try again is decided by whoever called, from the result.
"""

from collections.abc import Mapping
from typing import Any

from parley.channels.meta.graph import Answered, Graph, GraphResult, Refused, Unanswered, Unreached
from parley.channels.meta.reading import mapping, objects, text
from parley.channels.whatsapp.addresses import addresses
from parley.channels.whatsapp.compose import compose
from parley.channels.whatsapp.errors import explain
from parley.channels.whatsapp.files import prepare_upload
from parley.channels.whatsapp.purposes import MARK_READ, SEND, UPLOAD
from parley.channels.whatsapp.settings import access_token
from parley.modules.conversations.types import (
    MEDIA_KINDS,
    Credentials,
    Failure,
    NotSent,
    Outgoing,
    SendResult,
    Sent,
    Unknown,
)

_UNREACHED_RETRY = 5.0
_NO_ANSWER = Failure(
    "no_answer",
    "WhatsApp did not answer, so it is not known whether the message went out.",
    "Look at the contact's chat or wait for their answer before you send it again.",
    can_retry=True,
)
_UNREACHED = Failure(
    "vendor_unreachable",
    "WhatsApp could not be reached.",
    "Wait a few minutes, then send it again.",
    can_retry=True,
)
_FORBIDDEN = Failure(
    "vendor_not_allowed",
    "This installation does not let calls go to WhatsApp's address.",
    "The operator has to check PARLEY_META_GRAPH_URL.",
    can_retry=True,
)


async def send(graph: Graph, credentials: Credentials, outgoing: Outgoing) -> SendResult:
    """Send once. A file is uploaded first; as long as only that was tried, nothing was surely sent."""
    token = access_token(credentials.settings)
    body = compose(outgoing)
    if isinstance(body, Failure):
        return NotSent(body)
    if outgoing.file is not None and outgoing.kind in MEDIA_KINDS and outgoing.reaction is None:
        media_id = await _upload(graph, credentials, outgoing, token)
        if isinstance(media_id, NotSent):
            return media_id
        body[body["type"]]["id"] = media_id
    result = await graph.post(credentials.external_id, "messages", token=token, purpose=SEND, json=body)
    if isinstance(result, Unanswered):
        return Unknown(_NO_ANSWER)
    if isinstance(result, Answered):
        return _sent(result.body)
    return _not_sent(result)


async def mark_read(graph: Graph, credentials: Credentials, external_id: str, *, is_typing: bool) -> bool:
    """Mark a contact's message and all before it as read; with `is_typing` show for 25 s that we are writing."""
    body: dict[str, Any] = {"messaging_product": "whatsapp", "status": "read", "message_id": external_id}
    if is_typing:
        body["typing_indicator"] = {"type": "text"}
    result = await graph.post(
        credentials.external_id,
        "messages",
        token=access_token(credentials.settings),
        purpose=MARK_READ,
        json=body,
    )
    return isinstance(result, Answered) and result.body.get("success") is True


async def _upload(graph: Graph, credentials: Credentials, outgoing: Outgoing, token: str) -> str | NotSent:
    assert outgoing.file is not None
    upload = prepare_upload(outgoing.kind, outgoing.file)
    if isinstance(upload, Failure):
        return NotSent(upload)
    result = await graph.upload(
        credentials.external_id,
        "media",
        token=token,
        purpose=UPLOAD,
        data={"messaging_product": "whatsapp", "type": upload.media_type},
        file=(upload.name, outgoing.file.content, upload.media_type),
    )
    if isinstance(result, Answered) and (media_id := text(result.body.get("id"))):
        return media_id
    return _not_sent(result)


def _sent(body: Mapping[str, Any]) -> SendResult:
    """Read the id, and the address that WhatsApp will use: it may differ from the one given (Brazil, Mexico)."""
    message_id = text(next(objects(body.get("messages")), {}).get("id"))
    if message_id is None:
        return Unknown(_NO_ANSWER)
    contact = next(objects(body.get("contacts")), {})
    found = addresses(contact.get("wa_id"), contact.get("user_id"))
    return Sent(message_id, found[0] if found else None)


def _not_sent(result: GraphResult) -> NotSent:
    match result:
        case Refused(status, error):
            found = explain(mapping(error) or {"code": _BY_STATUS.get(status)})
            return NotSent(found.failure, found.retry_after, found.breaks_inbox)
        case Unreached(is_forbidden=True):
            return NotSent(_FORBIDDEN)
        case _:
            return NotSent(_UNREACHED, _UNREACHED_RETRY)


_BY_STATUS: Mapping[int, int] = {401: 190, 403: 10, 404: 33, 429: 4}
"""What a refusal without an error object means; something in front of the Graph made it."""
