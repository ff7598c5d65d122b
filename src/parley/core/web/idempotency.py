"""`Idempotency-Key` on requests that create: a repetition gets the first answer, and nothing is made twice.

The key is claimed, and the answer kept, in the very transaction that creates; so there is no moment in which the
thing exists and its answer does not, whatever dies when. A repetition that comes while the first still runs waits
for it. Where answers are kept is the matter of an `answers.AnswerBook`; `OnceRoute` is the route class that works
with it.
"""

import hashlib
import re
import uuid
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import UploadFile

from parley.core.db.tx import Tx
from parley.core.errors import InvalidError
from parley.core.web.answers import Answer, AnswerBook

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
_KEY = re.compile(r"[\x21-\x7e]{8,128}")
_CHUNK = 256 * 1024


class _AnsweredBefore(Exception):  # noqa: N818 - a way out of the dependencies, not an error
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


async def claim_once(request: Request, book: AnswerBook, tx: Tx, actor_id: uuid.UUID) -> None:
    """Make this request answer once, if it asks for that; to be called by the dependency that opens the transaction.

    Raises `InvalidError` for an unusable key, and what `AnswerBook.claim` raises.
    """
    key = request.headers.get(HEADER)
    if key is None or request.method != "POST":
        return
    if not _KEY.fullmatch(key):
        fault = "8 to 128 visible ASCII characters; a UUID is a good choice."
        raise InvalidError(fields={HEADER: fault})
    found = await book.claim(tx, actor_id, key, await _hash(request))
    if found is not None:
        raise _AnsweredBefore(found)

    async def keep(response: Response) -> None:
        await book.keep(tx, actor_id, key, Answer(response.status_code, bytes(response.body)))

    request.state.keep_answer = keep


class OnceRoute(APIRoute):
    """A route whose answer is kept with what it created, when the caller sent an Idempotency-Key."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def once(request: Request) -> Response:
            try:
                response = await answer(request)
            except _AnsweredBefore as before:
                return Response(
                    before.answer.body, before.answer.status, {REPLAYED: "true"}, "application/json"
                )
            keep: Callable[[Response], Awaitable[None]] | None = getattr(request.state, "keep_answer", None)
            if keep is not None and hasattr(response, "body"):  # what streams was not created by a POST
                # The transaction is still open: FastAPI leaves function-scoped dependencies after this handler.
                await keep(response)
            return response

        return once


async def _hash(request: Request) -> bytes:
    digest = hashlib.sha256(f"{request.method} {request.url.path}?{request.url.query}\n".encode())
    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        for name, value in (await request.form()).multi_items():
            if isinstance(value, UploadFile):
                digest.update(f"\n{name}\0{value.filename}\0{value.content_type}\0".encode())
                while chunk := await value.read(_CHUNK):
                    digest.update(chunk)
                await value.seek(0)
            else:
                digest.update(f"\n{name}\0{value}".encode())
    else:
        digest.update(await request.body())
    return digest.digest()
