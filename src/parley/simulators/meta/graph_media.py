"""Media over the Graph API: upload, lookup, bytes, deletion; which types and sizes Meta takes."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from .config import BusinessNumber
from .graph_errors import GraphError, no_such_object, param
from .media import playing_defect
from .simulator import Simulator

JSON = dict[str, Any]
_MB = 1024 * 1024
_DOCUMENTS = (
    "text/plain",
    "application/pdf",
    "application/vnd.ms-powerpoint",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
)
LIMITS: dict[str, int] = {
    **dict.fromkeys(
        ("audio/aac", "audio/mp4", "audio/mpeg", "audio/amr", "audio/ogg", "audio/opus"), 16 * _MB
    ),
    **dict.fromkeys(_DOCUMENTS, 100 * _MB),
    **dict.fromkeys(("image/jpeg", "image/png"), 5 * _MB),
    "image/webp": 500 * 1024,
    **dict.fromkeys(("video/mp4", "video/3gpp"), 16 * _MB),
}
_STATIC_STICKER = 100 * 1024


async def upload(sim: Simulator, number: BusinessNumber, request: Request) -> JSON:
    """Take one multipart upload; raises 100 for a type or size Meta refuses."""
    async with request.form(max_files=2, max_fields=10, max_part_size=_MB) as form:
        return await _take(sim, number, form)


async def _take(sim: Simulator, number: BusinessNumber, form: FormData) -> JSON:
    if form.get("messaging_product") != "whatsapp":
        raise param("The parameter messaging_product is required.")
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise param("The parameter file is required.")
    declared = str(form.get("type") or file.content_type or "")
    plain = declared.split(";", maxsplit=1)[0].strip().lower()
    if plain not in LIMITS:
        raise param(
            "Param file must be a file with one of the following types: "
            f"{', '.join(LIMITS)}. Received file of type '{plain or 'application/octet-stream'}'."
        )
    data = await file.read(LIMITS[plain] + 1)
    if not data:
        raise param("Param file must not be empty.")
    most = _STATIC_STICKER if plain == "image/webp" and b"ANIM" not in data[:64] else LIMITS[plain]
    if len(data) > most:
        raise GraphError(131053, f"File size is too big. Max size for {plain} is {most} bytes.")
    defect = "audio/opus is not audio/ogg; codecs=opus" if plain == "audio/opus" else None
    media = sim.media.add(
        data,
        plain,
        number_id=number.id,
        now=sim.clock(),
        filename=file.filename,
        by_business=True,
        defect=defect or playing_defect(data, plain, file.filename),
    )
    sim.touch()
    return {"id": media.id}


def describe(sim: Simulator, media_id: str, request: Request) -> JSON:
    """Describe one file with an address that works for five minutes."""
    media = sim.media.get(media_id, sim.clock())
    asked = request.query_params.get("phone_number_id")
    if media is None or (asked and asked != media.number_id):
        raise no_such_object(media_id, "get")
    return {
        "url": sim.media.url(str(request.base_url).rstrip("/"), media, sim.clock(), "getMedia"),
        "mime_type": media.mime_type,
        "sha256": media.sha256,
        "file_size": media.size,
        "id": media.id,
        "messaging_product": "whatsapp",
    }


def delete(sim: Simulator, media_id: str) -> JSON:
    if sim.media.get(media_id, sim.clock()) is None:
        raise no_such_object(media_id, "delete")
    sim.media.delete(media_id)
    sim.touch()
    return {"success": True}


def download(sim: Simulator, request: Request) -> Response:
    """Answer an attachment URL: 401 without the token, 404 once it expired, else the bytes."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not sim.tokens.get(token, {}).get("valid"):
        return Response(b"", 401)
    query = request.query_params
    media = sim.media.get(query.get("mid", ""), sim.clock())
    valid = sim.media.url_is_valid(
        query.get("mid", ""), query.get("ext", ""), query.get("hash", ""), sim.clock()
    )
    if media is None or not valid:
        return Response(b"", 404)
    headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
    return Response(sim.media.read(media), 200, headers, media.mime_type)
