"""The control API under `/_sim/`: tests and tools make things happen and look at what happened.

None of it exists at Meta.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from . import inbound, phone
from .config import BusinessNumber
from .delivery import report
from .graph_errors import async_error
from .personas import Persona
from .signing import wire_json
from .simulator import Simulator
from .webhooks import Delivery, Update

JSON = dict[str, Any]
Handler = Callable[[Simulator, JSON], Awaitable[Any]]


def answer(content: Any, status: int = 200) -> Response:
    return Response(orjson.dumps(content), status, media_type="application/json")


async def body_of(request: Request) -> JSON:
    """Read a JSON object, or an empty one; raises ValueError on anything else."""
    raw = await request.body()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise ValueError(f"the body is not JSON: {error}") from None
    if not isinstance(body, dict):
        raise TypeError("the body must be a JSON object")
    return body


def _post(path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            return answer(await handler(request.app.state.sim, await body_of(request)))
        except (ValueError, TypeError, KeyError) as error:
            return answer({"error": f"{type(error).__name__}: {error}"}, 400)

    return Route(f"/_sim/{path}", endpoint, methods=["POST"])


def number_of(sim: Simulator, number_id: object) -> BusinessNumber:
    if not number_id:
        return sim.first_number()
    if str(number_id) not in sim.numbers:
        raise ValueError(f"there is no business number {number_id!r}; POST /_sim/numbers adds one")
    return sim.numbers[str(number_id)]


def persona_of(sim: Simulator, described: object) -> Persona:
    """Find the persona by id, number or BSUID; whoever is described and unknown is created."""
    if isinstance(described, str):
        found = sim.personas.get(described) or sim.persona_by(bsuid=described)
        if found:
            return found
        plain = described.lstrip("+").replace(" ", "")
        if not plain.isdigit():
            raise ValueError(f"nobody is called {described!r}")
        return sim.persona_by(phone=plain) or sim.add_persona({"phone": plain})
    if not isinstance(described, dict):
        raise TypeError(
            "'from' must be a persona's id, a phone number, a BSUID, or a description of a person"
        )
    known = sim.personas.get(str(described.get("id")))
    if known is None and described.get("phone"):
        known = sim.persona_by(phone=str(described["phone"]).lstrip("+").replace(" ", ""))
    if known is None and described.get("bsuid"):
        known = sim.persona_by(bsuid=str(described["bsuid"]))
    return known or sim.add_persona(described)


async def _inbound(sim: Simulator, body: JSON) -> JSON:
    specs = body.get("batch") or [body]
    acts: list[tuple[Persona, phone.Act]] = []
    for spec in specs:
        persona = persona_of(sim, spec.get("from") or body.get("from") or "mia")
        acts.append(
            (persona, phone.act(sim, persona, number_of(sim, spec.get("to") or body.get("to")), spec))
        )
    updates = [done.update for _, done in acts if done.update]
    result: JSON = {
        "id": acts[0][1].message_id,
        "ids": [done.message_id for _, done in acts],
        "persona": acts[0][0].as_dict(),
        "posted": [update.value for update in updates],
    }
    if "batch" in body or body.get("wait"):
        delivery = await sim.queue.post_now(updates) if updates else None
        return {**result, "delivery": delivery.as_dict() if delivery else None}
    for persona, done in acts:
        phone.send(sim, persona, done)
    return result


async def _raw(sim: Simulator, body: JSON) -> JSON:
    """Post any value, any envelope or any bytes, signed as asked; answers with the first attempt."""
    number = number_of(sim, body.get("to"))
    entry_id = str(body.get("entry_id") or number.waba_id)
    options = {"signature": str(body.get("signature") or "good"), "retry": bool(body.get("retry", False))}
    if "bytes" in body:
        try:
            raw = base64.b64decode(body["bytes"], validate=True)
        except binascii.Error:
            raise ValueError("bytes must be base64") from None
    elif "body" in body:
        raw = wire_json(body["body"])
    elif "value" in body:
        change = {"value": body["value"], "field": str(body.get("field") or "messages")}
        raw = wire_json(
            {"object": "whatsapp_business_account", "entry": [{"id": entry_id, "changes": [change]}]}
        )
    else:
        raise ValueError("give a value, a body or bytes")
    sent: Delivery = await sim.queue.post_body(
        raw, number.waba_id, signature=str(options["signature"]), retry=bool(options["retry"])
    )
    return sent.as_dict()


async def _status(sim: Simulator, body: JSON) -> JSON:
    """Report any status for a message the business sent, in any order."""
    sent = sim.chats.sent(str(body.get("id")))
    if sent is None:
        raise ValueError("the business sent no message with this id")
    error = async_error(int(body["code"])) if body.get("code") else body.get("error")
    persona = sim.personas.get(sent.persona_id) if sent.persona_id else None
    report(sim, sent, str(body["status"]), persona=persona, error=error)
    return {"ok": True}


async def _echo(sim: Simulator, body: JSON) -> JSON:
    """Let the business answer from its phone app: the webhook hears an echo."""
    number, persona = number_of(sim, body.get("from")), persona_of(sim, body.get("to") or "mia")
    item = inbound.message_item(persona, str(body.get("id") or f"wamid.echo{len(sim.queue.deliveries)}"), "text",
                                {"body": str(body.get("text") or "From the phone app")})  # fmt: skip
    item.pop("from", None)
    user_id = item.pop("from_user_id", None)
    item.update({"from": number.digits, "to": persona.phone if persona.shows_phone else persona.bsuid})
    if user_id:
        item["to_user_id"] = user_id
    value = inbound.envelope_value(number, message_echoes=[item])
    sim.queue.add(Update(number.waba_id, value, "smb_message_echoes"))
    return {"id": item["id"], "posted": value}


async def _knobs(sim: Simulator, body: JSON) -> JSON:
    sim.knobs.turn(body)
    return sim.knobs.as_dict()


async def _reset(sim: Simulator, _: JSON) -> JSON:
    await sim.reset()
    return {"ok": True}


async def _move_clock(sim: Simulator, body: JSON) -> JSON:
    """Age windows, media addresses and rate limits; the times that webhooks report stay real."""
    sim.move_clock(float(body["seconds"]))
    return {"clock": sim.clock()}


async def _tokens(sim: Simulator, body: JSON) -> JSON:
    """Make, revoke or expire a token."""
    sim.tokens[str(body["token"])] = {
        "valid": bool(body.get("valid", True)),
        "expires_at": float(body.get("expires_at") or 0),
    }
    return {"ok": True}


async def _numbers(sim: Simulator, body: JSON) -> JSON:
    """Add a business number; its account is subscribed at once unless `subscribed` is false."""
    number = BusinessNumber(
        id=str(body["id"]),
        display_phone_number=str(body.get("display_phone_number") or f"+1 555 010 {len(sim.numbers) + 1:04}"),
        verified_name=str(body.get("verified_name") or "Second Shop"),
        waba_id=str(body.get("waba_id") or sim.first_number().waba_id),
        country_code=str(body.get("country_code") or "1"),
        coexistence=bool(body.get("coexistence", True)),
    )
    sim.numbers[number.id] = number
    if body.get("subscribed", True):
        sim.subscribed.setdefault(number.waba_id, None)
    return {"id": number.id, "waba_id": number.waba_id}


async def _persona(sim: Simulator, body: JSON) -> JSON:
    return persona_of(sim, body).as_dict()


async def _verify(sim: Simulator, _: JSON) -> JSON:
    await sim.verify_callback()
    return sim.verification


async def _outbox(request: Request) -> Response:
    sim: Simulator = request.app.state.sim
    since = request.query_params.get("to")
    found = [sent.as_dict() for sent in sim.chats.outbox if since in (None, sent.to, sent.wa_id)]
    return answer({"data": found})


async def _deliveries(request: Request) -> Response:
    sim: Simulator = request.app.state.sim
    return answer(
        {
            "data": [delivery.as_dict() for delivery in sim.queue.deliveries],
            "dropped": sim.queue.dropped,
            "verification": sim.verification,
        }
    )


async def _idle(request: Request) -> Response:
    """Wait until nothing is on its way in either direction; 504 after `timeout` seconds (30)."""
    sim: Simulator = request.app.state.sim
    limit = min(float(request.query_params.get("timeout", "30")), 120.0)
    waits = [asyncio.create_task(sim.queue.idle()), asyncio.create_task(sim.hub.closing.wait())]
    done, pending = await asyncio.wait(waits, timeout=limit, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    return answer({"idle": waits[0] in done}, 200 if waits[0] in done else 504)


routes = [
    _post("inbound", _inbound),
    _post("raw", _raw),
    _post("status", _status),
    _post("echo", _echo),
    _post("knobs", _knobs),
    _post("reset", _reset),
    _post("move-clock", _move_clock),
    _post("tokens", _tokens),
    _post("numbers", _numbers),
    _post("personas", _persona),
    _post("verify", _verify),
    Route("/_sim/outbox", _outbox),
    Route("/_sim/deliveries", _deliveries),
    Route("/_sim/idle", _idle),
]
