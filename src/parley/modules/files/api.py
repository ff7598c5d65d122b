"""The route that takes a file. The addresses under which files are fetched are in `serving`."""

import hashlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import Request, Response

from parley.core.errors import InvalidError
from parley.core.ids import NIL
from parley.core.keystore import KeyKind
from parley.core.resources import Resources
from parley.core.scope import Scope
from parley.core.web.answers import Answer
from parley.core.web.idempotency import HEADER, REPLAYED
from parley.core.web.routes import api_router
from parley.modules.files.multipart import FilePart, read_file_part
from parley.modules.files.schemas import FileOut, file_out
from parley.modules.files.store import FileStore, Upload
from parley.modules.workspaces.answers import Answers
from parley.modules.workspaces.deps import Caller, Res, allowed

MAX_BYTES = 100 * 1024 * 1024

_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {"file": {"type": "string", "format": "binary"}},
                }
            }
        },
    }
}

router = api_router("files")


def _uploading() -> dict[str, Any]:
    route = allowed("messages.send")
    return {**route, "openapi_extra": {**route["openapi_extra"], **_FORM}}


@router.post("/files", status_code=201, response_model=FileOut, **_uploading())
async def upload_file(request: Request, scope: Caller, res: Res) -> Any:
    once_key = _once_key(request)
    part = await read_file_part(request.headers.get("content-type", ""), request.stream())
    upload, digest = await _put(res, scope, part)
    answer = await _add_once(res, scope, upload, digest, once_key)
    if answer is not None:
        await FileStore(res.storage, res.sealer).discard(upload)
        return Response(answer.body, answer.status, {REPLAYED: "true"}, "application/json")
    return file_out(upload.ref)


def _once_key(request: Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is not None and not 8 <= len(key) <= 128:
        raise InvalidError(fields={HEADER: "8 to 128 visible ASCII characters; a UUID is a good choice."})
    return key


async def _put(res: Resources, scope: Scope, part: FilePart) -> tuple[Upload, bytes]:
    """Store the file, sealed under the workspace's key until it is sent to somebody; gives the digest of the request.

    No transaction is open meanwhile: a slow client must not hold a connection.
    """
    digest = hashlib.sha256(f"POST /files\n{part.name}\0{part.declared_type}\0".encode())

    async def hashed() -> AsyncIterator[bytes]:
        async for chunk in part:
            digest.update(chunk)
            yield chunk

    upload = await FileStore(res.storage, res.sealer).put(
        scope.workspace_id,
        owner_kind=KeyKind.WORKSPACE,
        owner_id=scope.workspace_id,
        chunks=hashed(),
        name=part.name,
        declared_type=part.declared_type,
        uploaded_by=scope.member_id,
        max_bytes=MAX_BYTES,
    )
    if not upload.ref.size:
        await FileStore(res.storage, res.sealer).discard(upload)
        raise InvalidError(fields={"file": "This file is empty."})
    return upload, digest.digest()


async def _add_once(
    res: Resources, scope: Scope, upload: Upload, digest: bytes, key: str | None
) -> Answer | None:
    """Insert the file's row, or find the answer that this Idempotency-Key was given before."""
    book, actor_id = Answers(res.sealer), scope.actor.id or NIL
    async with res.database.workspace_tx(scope.workspace_id) as tx:
        found = await book.claim(tx, actor_id, key, digest) if key else None
        if found is None:
            await FileStore(res.storage, res.sealer).add(tx, upload)
            if key:
                body = file_out(upload.ref).model_dump_json().encode()
                await book.keep(tx, actor_id, key, Answer(201, body))
    return found
