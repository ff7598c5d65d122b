"""The door of the Graph API: version, token, planned failures, and which endpoint a path means."""

from __future__ import annotations

import re
from typing import Any

import orjson
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from . import graph_media, graph_messages, graph_numbers, ids
from .config import GRAPH_VERSION, BusinessNumber
from .graph_errors import GraphError, no_such_object
from .graph_templates import TEMPLATES
from .signing import wire_json
from .simulator import Simulator

JSON = dict[str, Any]
_VERSION = re.compile(r"v\d{1,2}\.\d")
_MAX_JSON = 1024 * 1024


def graph_response(content: Any, status: int = 200) -> Response:
    headers = {"facebook-api-version": GRAPH_VERSION, "x-fb-trace-id": ids.fbtrace_id()}
    return Response(wire_json(content), status, headers, "application/json; charset=UTF-8")


async def graph(request: Request) -> Response:
    """Answer any Graph API path."""
    sim: Simulator = request.app.state.sim
    try:
        answer = await _dispatch(sim, request)
    except GraphError as error:
        return graph_response(error.body(), error.http_status)
    except ClientDisconnect:
        return Response(status_code=400)
    return answer if isinstance(answer, Response) else graph_response(answer)


async def attachments(request: Request) -> Response:
    return graph_media.download(request.app.state.sim, request)


async def _dispatch(sim: Simulator, request: Request) -> JSON | Response:
    path = [part for part in request.url.path.split("/") if part]
    if path and _VERSION.fullmatch(path[0]):
        path.pop(0)
    if path == ["debug_token"]:
        _check_token(sim, request, app_token=True)
        return graph_numbers.debug_token(sim, request.query_params.get("input_token"))
    _check_token(sim, request)
    planned = _planned_failure(sim, path)
    if planned is not None:
        return planned
    if len(path) == 1:
        return _node(sim, request, path[0])
    if len(path) == 2:
        return await _edge(sim, request, path[0], path[1])
    raise GraphError(2500, message=f"Unknown path components: /{'/'.join(path[1:])}")


def _node(sim: Simulator, request: Request, object_id: str) -> JSON:
    fields = request.query_params.get("fields")
    if object_id in sim.numbers and request.method == "GET":
        return graph_numbers.number_object(sim.numbers[object_id], fields)
    if request.method == "GET" and any(number.waba_id == object_id for number in sim.numbers.values()):
        return graph_numbers.waba_object(sim, object_id)
    if request.method == "GET":
        return graph_media.describe(sim, object_id, request)
    if request.method == "DELETE":
        return graph_media.delete(sim, object_id)
    raise no_such_object(object_id, request.method.lower())


async def _edge(sim: Simulator, request: Request, object_id: str, edge: str) -> JSON | Response:
    method = request.method
    if edge == "messages" and method == "POST":
        return await graph_messages.post_message(sim, _number(sim, object_id), await _json(request))
    if edge == "media" and method == "POST":
        return await graph_media.upload(sim, _number(sim, object_id), request)
    if edge in ("register", "deregister", "smb_app_data") and method == "POST":
        _number(sim, object_id)
        return {"success": True}
    if edge in ("phone_numbers", "subscribed_apps", "message_templates"):
        return await _account_edge(
            sim, request, graph_numbers.waba_or_refuse(sim, object_id, method.lower()), edge
        )
    raise GraphError(2500, message=f"Unknown path components: /{edge}")


async def _account_edge(sim: Simulator, request: Request, waba_id: str, edge: str) -> JSON:
    match request.method, edge:
        case "POST", "subscribed_apps":
            answer = await graph_numbers.subscribe(sim, waba_id, await _json(request))
        case "DELETE", "subscribed_apps":
            answer = graph_numbers.unsubscribe(sim, waba_id)
        case "GET", "subscribed_apps":
            answer = graph_numbers.subscriptions(sim, waba_id)
        case "GET", "message_templates":
            answer = {"data": list(TEMPLATES), "paging": {"cursors": {"before": "MAZDZD", "after": "MjQZD"}}}
        case "GET", _:
            answer = graph_numbers.list_numbers(sim, waba_id, request.query_params.get("fields"))
        case method, _:
            raise no_such_object(waba_id, method.lower())
    return answer


def _number(sim: Simulator, object_id: str) -> BusinessNumber:
    number = sim.numbers.get(object_id)
    if number is None:
        raise no_such_object(object_id)
    return number


def _check_token(sim: Simulator, request: Request, *, app_token: bool = False) -> None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        token = request.query_params.get("access_token", "")
    if not token:
        raise GraphError(104, message="(#104) An access token is required to request this resource.")
    if app_token and token == f"{sim.config.app_id}|{sim.config.app_secret}":
        return
    known = sim.tokens.get(token)
    if known is None:
        raise GraphError(190, message="Invalid OAuth access token - Cannot parse access token")
    if not known.get("valid"):
        words = "Error validating access token: The session has been invalidated."
        raise GraphError(190, message=words, subcode=460)
    if not graph_numbers.token_is_good(known):
        words = "Error validating access token: Session has expired."
        raise GraphError(190, message=words, subcode=463)


def _planned_failure(sim: Simulator, path: list[str]) -> Response | None:
    """Refuse this call when a knob says so; code null stands for a broken gateway in front."""
    plan = sim.knobs.fail_next
    edge = path[1] if len(path) > 1 else "node"
    if not plan or plan.get("count", 1) < 1 or edge != plan.get("on", "messages"):
        return None
    plan["count"] = plan.get("count", 1) - 1
    if plan.get("code") is None:
        return Response(
            "<html><body>Bad Gateway</body></html>", plan.get("http_status", 502), media_type="text/html"
        )
    raise GraphError(
        int(plan["code"]),
        plan.get("details"),
        message=plan.get("message"),
        http_status=plan.get("http_status"),
    )


async def _json(request: Request) -> JSON:
    if int(request.headers.get("content-length") or 0) > _MAX_JSON:
        raise GraphError(100, message="(#100) The request is too large.", http_status=413)
    raw = await request.body()
    if not raw:
        return dict(request.query_params)
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise GraphError(100, message="(#100) Invalid JSON in the request body.") from None
    if not isinstance(body, dict):
        raise GraphError(100, message="(#100) The request body must be a JSON object.")
    return body
