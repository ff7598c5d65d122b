"""The wall against large and endless bodies: counted while they stream, refused before they fill memory or disk."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from parley.core.web.policy import EdgePolicy
from parley.core.web.problem import BodyTooLargeError, problem_of


class _TooLarge(HTTPException):  # FastAPI lets this pass where it would hide other errors of reading a body
    def __init__(self) -> None:
        super().__init__(413)


class _TooSlow(HTTPException):
    def __init__(self) -> None:
        super().__init__(408, headers={"Connection": "close"})


SLOWEST = 60.0
"""Seconds within which a body of the common size has to be there: what is read by then lies in memory."""


class BodyCap:
    """Answers 413 to a body that is announced, or turns out, to be larger than the policy says for its path.

    And 408 to one that does not come to an end; paths that take more look after their own time.
    """

    def __init__(self, app: ASGIApp, policy: EdgePolicy) -> None:
        self.app = app
        self.policy = policy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        limit = self.policy.limit_of(scope["path"])
        if _announced(scope) > limit:
            await problem_of(BodyTooLargeError(limit=limit), headers={"Connection": "close"})(
                scope, receive, send
            )
            return
        received = 0
        is_over = is_started = False
        is_whole = limit > self.policy.body_limit
        ends = asyncio.get_running_loop().time() + SLOWEST

        async def counted() -> Message:
            nonlocal received, is_over, is_whole
            try:
                # What is received after the end is that the caller left, and may be waited for.
                async with asyncio.timeout_at(None if is_whole else ends):
                    message = await receive()
            except TimeoutError:
                raise _TooSlow from None
            if message["type"] == "http.request":
                is_whole = is_whole or not message.get("more_body", False)
                received += len(message.get("body", b""))
                if received > limit:
                    is_over = True
                    raise _TooLarge
            return message

        async def guarded(message: Message) -> None:
            nonlocal is_started
            if is_over and not is_started:
                is_started = True
                answer = problem_of(BodyTooLargeError(limit=limit), headers={"Connection": "close"})
                await answer(scope, receive, send)
            if is_over:
                return  # whatever the application makes of it, the answer is ours
            is_started = True
            await send(message)

        await self.app(scope, counted, guarded)


def _announced(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0
