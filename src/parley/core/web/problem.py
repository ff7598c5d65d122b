"""How failures leave the house: RFC 9457 problem+json with a stable `code` that the screens translate.

Here: every exception handler. Not here: the failures themselves; they are `AppError`s beside the code that raises them.
"""

import http
import json
from collections.abc import Mapping
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError, ResponseValidationError
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from parley.core.db.tx import is_disconnect
from parley.core.errors import AppError, InvalidError, NotFoundError
from parley.core.ids import new_id
from parley.core.log import frames

MEDIA_TYPE = "application/problem+json"

log = structlog.get_logger()


class BodyTooLargeError(AppError):
    """The request's body is larger than this address takes."""

    code = "body_too_large"
    status = 413
    message = "This is too large to be accepted. Send less at once."


class MethodNotAllowedError(AppError):
    """The address exists, but not for this verb."""

    code = "method_not_allowed"
    status = 405
    message = "This address does not answer that kind of request. The API's description names what it takes."


class UnavailableError(AppError):
    """The database is away for a moment."""

    code = "unavailable"
    status = 503
    message = "Parley is busy or restarting. Nothing was lost; please try again in a few seconds."


class UnstorableTextError(InvalidError):
    """A text holds NUL, the one character that PostgreSQL keeps in no text."""

    message = "One of the texts contains a character that cannot be stored (U+0000). Remove it and try again."


_NOT_IN_REPERTOIRE = "22021"
_OF_STATUS: Mapping[int, type[AppError]] = {
    404: NotFoundError,
    405: MethodNotAllowedError,
    413: BodyTooLargeError,
    422: InvalidError,
}


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **data: Any
) -> Response:
    """Build a problem. `data` are more members of the object; `retry_after` in seconds becomes a header too."""
    body = {
        "type": "about:blank",
        "title": http.HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **data,
    }
    out = dict(headers or {})
    if "retry_after" in data:
        out["Retry-After"] = str(max(1, round(data["retry_after"])))
    return Response(_json(body), status, out, MEDIA_TYPE)


def problem_of(error: AppError, *, headers: Mapping[str, str] | None = None) -> Response:
    """Build the problem that an `AppError` stands for."""
    return problem(error.status, error.code, error.detail, headers=headers, **error.data)


def install_problems(app: FastAPI) -> None:
    """Make every failure of this application leave as a problem."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def unexpected(error: BaseException, *, route: str) -> Response:
    """Build the problem for a failure that nobody foresaw, and log its kind and place under an id that people can quote."""
    if isinstance(error, PoolTimeoutError) or is_disconnect(error):
        log.warning("web.unavailable", error=type(error).__name__, route=route)
        return problem_of(UnavailableError(retry_after=3))
    if _is_unstorable(error):
        return problem_of(UnstorableTextError())
    error_id = new_id()
    log.error(
        "web.failed",
        error_id=error_id,
        error=type(error).__name__,
        where=frames(error.__traceback__),
        route=route,
    )
    return problem(
        500,
        "internal",
        f"Something went wrong on our side. If it happens again, tell your operator this number: {error_id}",
        error_id=str(error_id),
    )


def route_of(scope: Mapping[str, Any]) -> str:
    """Tell the template of the matched route, never the path with its values; empty when none matched."""
    return str(getattr(scope.get("route"), "path", ""))


def _is_unstorable(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "sqlstate", None) == _NOT_IN_REPERTOIRE


def _json(body: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(body, default=str)
    except TypeError:  # half of a surrogate pair in a field's name, as JSON lets a caller write it
        return json.dumps(body, default=str).encode()


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    if error.status >= 500:
        log.error(
            "web.refused",
            code=error.code,
            where=frames(error.__traceback__),
            route=route_of(request.scope),
        )
    return problem_of(error)


async def _invalid(_request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields: dict[str, str] = {}
    for fault in error.errors():
        place = [str(part) for part in fault["loc"]]
        if place[0] == "path":  # no such thing can exist
            return problem_of(NotFoundError())
        name = ".".join(place[1:]) or place[0]
        fields.setdefault(name, str(fault["msg"]).removeprefix("Value error, "))
    return problem_of(InvalidError(fields=fields))


async def _http(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = _OF_STATUS.get(error.status_code)
    headers = dict(error.headers or {})
    if known is not None:
        return problem_of(known(), headers=headers)
    phrase = http.HTTPStatus(error.status_code).phrase
    return problem(error.status_code, phrase.lower().replace(" ", "_"), f"{phrase}.", headers=headers)


async def _unexpected(request: Request, error: Exception) -> Response:
    cause: BaseException = error
    if isinstance(error, ResponseValidationError):
        log.error("web.answer_invalid", route=route_of(request.scope), faults=len(error.errors()))
    return unexpected(cause, route=route_of(request.scope))
