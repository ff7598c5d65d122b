"""What the phone page talks to, under `/sim/`: chats, acts, files, live news. None of it exists at Meta."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import orjson
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from . import phone
from .control import answer, body_of, number_of
from .delivery import read
from .media import sniffed
from .ogg import is_webm, webm_to_ogg
from .personas import Persona
from .simulator import Simulator
from .state import Chat, ChatMessage

JSON = dict[str, Any]
Handler = Callable[[Simulator, Request], Awaitable[Any]]
_STATIC = Path(__file__).parent / "static"
_MAX_UPLOAD = 20 * 1024 * 1024
_BEAT_S = 15.0
_CLOSED: JSON = {"kind": "closed"}


def _endpoint(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        try:
            return answer(await handler(request.app.state.sim, request))
        except LookupError as error:
            return answer({"error": str(error).strip("'\"")}, 404)
        except (ValueError, TypeError) as error:
            return answer({"error": str(error)}, 400)

    return endpoint


def _persona(sim: Simulator, request: Request) -> Persona:
    persona = sim.personas.get(request.path_params["persona"])
    if persona is None:
        raise LookupError("there is no such person any more; load the page again")
    return persona


def visible(message: ChatMessage) -> bool:
    """Tell whether the phone shows it: what the business sent appears when it was delivered."""
    return not message.by_business or message.state in ("delivered", "read")


def _summary(sim: Simulator, persona: Persona, chat: Chat | None) -> JSON:
    shown = [message for message in chat.messages.values() if visible(message)] if chat else []
    return {
        **persona.as_dict(),
        "last": shown[-1].as_dict() if shown else None,
        "unread": chat.unread if chat else 0,
        "count": len(shown),
    }


async def _state(sim: Simulator, request: Request) -> JSON:
    """Return everybody with the last message of their chat, the liveliest chats first."""
    number = number_of(sim, request.query_params.get("number"))
    people = [
        _summary(sim, persona, sim.chats.get(persona.id, number.id)) for persona in sim.personas.values()
    ]
    people.sort(key=lambda person: person["last"]["at"] if person["last"] else 0, reverse=True)
    numbers = [
        {"id": n.id, "name": n.verified_name, "display": n.display_phone_number} for n in sim.numbers.values()
    ]
    return {"number": number.id, "numbers": numbers, "people": people, "verification": sim.verification}


async def _chat(sim: Simulator, request: Request) -> JSON:
    persona = _persona(sim, request)
    number = number_of(sim, request.query_params.get("number"))
    chat = sim.chats.get(persona.id, number.id)
    messages = [message.as_dict() for message in chat.messages.values() if visible(message)] if chat else []
    return {"persona": persona.as_dict(), "number": number.id, "messages": messages}


async def _act(sim: Simulator, request: Request) -> JSON:
    """Do one thing on the phone: the same descriptions as `POST /_sim/inbound` takes."""
    persona = _persona(sim, request)
    number = number_of(sim, request.query_params.get("number"))
    done = phone.act(sim, persona, number, await body_of(request))
    phone.send(sim, persona, done)
    return {"id": done.message_id}


async def _upload(sim: Simulator, request: Request) -> JSON:
    """Take a photo or a recording from the page and keep it; the answer's id goes into an act."""
    _persona(sim, request)
    number = number_of(sim, request.query_params.get("number"))
    async with request.form(max_files=1, max_fields=3) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise TypeError("there was no file in the upload")
        data = await file.read(_MAX_UPLOAD + 1)
        declared, filename = file.content_type, file.filename
    if not data or len(data) > _MAX_UPLOAD:
        raise ValueError("the file is empty or larger than 20 MB")
    mime_type = sniffed(data) or (declared or "application/octet-stream").split(";")[0]
    if is_webm(data):
        data, mime_type = await asyncio.to_thread(webm_to_ogg, data), "audio/ogg"
    if mime_type == "audio/ogg":
        mime_type = "audio/ogg; codecs=opus"
    if mime_type == "video/mp4" and (declared or "").startswith("audio/"):
        mime_type = "audio/mp4"
    media = sim.media.add(data, mime_type, number_id=number.id, now=sim.clock(), filename=filename)
    sim.touch()
    return {"id": media.id, "mime_type": media.mime_type, "filename": media.filename}


async def _open(sim: Simulator, request: Request) -> JSON:
    """Mark the chat as seen."""
    read(sim, _persona(sim, request), number_of(sim, request.query_params.get("number")).id)
    return {"ok": True}


async def _create(sim: Simulator, request: Request) -> JSON:
    described = await body_of(request)
    phone_number, bsuid = described.get("phone"), described.get("bsuid")
    if phone_number and sim.persona_by(phone=str(phone_number).lstrip("+").replace(" ", "")):
        raise ValueError("somebody with this number is there already")
    if bsuid and sim.persona_by(bsuid=str(bsuid)):
        raise ValueError("somebody with this user id is there already")
    described.pop("id", None)
    persona = sim.add_persona(described)
    sim.hub.publish("persona", persona=persona.as_dict())
    return persona.as_dict()


async def _change(sim: Simulator, request: Request) -> JSON:
    persona, changes = _persona(sim, request), await body_of(request)
    if "read_receipts" in changes:
        persona.read_receipts = bool(changes["read_receipts"])
    if "airplane" in changes and bool(changes["airplane"]) != persona.airplane:
        phone.set_airplane(sim, persona, bool(changes["airplane"]))
    sim.touch()
    sim.hub.publish("persona", persona=persona.as_dict())
    return persona.as_dict()


async def _file(request: Request) -> Response:
    sim: Simulator = request.app.state.sim
    media = sim.media.get(request.path_params["media"], sim.clock())
    if media is None:
        return Response(status_code=404)
    kind = media.mime_type.split(";")[0]
    shown = kind.startswith(("image/", "audio/", "video/")) and "svg" not in kind
    return FileResponse(
        sim.media.path(media.id),
        media_type=kind if shown else "application/octet-stream",
        filename=media.filename or f"{media.id}",
        content_disposition_type="inline" if shown else "attachment",
    )


async def _events(request: Request) -> Response:
    """Stream the news; with `watching=<persona>` that chat counts as open, so what arrives there is read."""
    sim: Simulator = request.app.state.sim
    watching = request.query_params.get("watching")
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_stream(sim, watching), 200, headers, "text/event-stream")


async def _stream(sim: Simulator, watching: str | None) -> AsyncIterator[bytes]:
    news = sim.hub.open()
    if watching in sim.personas:
        sim.open_pages[watching] = sim.open_pages.get(watching, 0) + 1
    try:
        yield b"retry: 1000\n\n"
        while (item := await _next(sim, news)) is not _CLOSED:
            yield b"data: " + orjson.dumps(item) + b"\n\n" if item else b": beat\n\n"
    finally:
        sim.hub.close(news)
        if watching in sim.open_pages:
            sim.open_pages[watching] -= 1
            if sim.open_pages[watching] <= 0:
                del sim.open_pages[watching]


async def _next(sim: Simulator, news: asyncio.Queue[JSON]) -> JSON | None:
    """Wait for the next news; None when it is time for a sign of life, `_CLOSED` when the simulator stops."""
    waits: list[asyncio.Task[Any]] = [
        asyncio.create_task(news.get()),
        asyncio.create_task(sim.hub.closing.wait()),
    ]
    try:
        await asyncio.wait(waits, timeout=_BEAT_S, return_when=asyncio.FIRST_COMPLETED)
        if waits[1].done():
            return _CLOSED
        return waits[0].result() if waits[0].done() else None
    finally:
        for task in waits:
            task.cancel()


def _get(path: str, handler: Handler) -> Route:
    return Route(f"/sim/api/{path}", _endpoint(handler), methods=["GET"])


def _post(path: str, handler: Handler) -> Route:
    return Route(f"/sim/api/{path}", _endpoint(handler), methods=["POST"])


routes = [
    _get("state", _state),
    _get("chats/{persona}", _chat),
    _post("chats/{persona}/acts", _act),
    _post("chats/{persona}/upload", _upload),
    _post("chats/{persona}/open", _open),
    _post("personas", _create),
    Route("/sim/api/personas/{persona}", _endpoint(_change), methods=["PATCH"]),
    Route("/sim/api/events", _events),
    Route("/sim/media/{media}", _file),
    Mount("/sim", StaticFiles(directory=_STATIC, html=True)),
]
