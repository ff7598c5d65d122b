"""The demo's stories on the simulated phones: what customers do becomes Meta's own calls, answers appear in chats.

It plays in a simulator of its own that serves nothing; what its phones show is left in the file from which the
demo's simulator starts, so that every conversation can be continued from the customer's side.
"""

import datetime as dt
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from parley.channels.whatsapp.compose import compose
from parley.core import clock
from parley.demo.script import Customer
from parley.modules.conversations.types import DeliveryState, Failure, Outgoing
from parley.simulators.meta import inbound, persistence, phone
from parley.simulators.meta.config import SimulatorConfig
from parley.simulators.meta.graph_errors import async_error
from parley.simulators.meta.ids import wamid
from parley.simulators.meta.personas import Persona, persona_from
from parley.simulators.meta.simulator import Simulator
from parley.simulators.meta.state import ChatMessage, SentMessage

_MEDIA_LIFE: Final = dt.timedelta(days=30)


class Phones:
    """Every customer's phone."""

    def __init__(self, state_file: Path) -> None:
        """Begin with nothing said; a state file that is there already stays as it is."""
        self._file = None if state_file.exists() else state_file
        self._sim = Simulator(SimulatorConfig(state_file=self._file))
        self._number = self._sim.first_number()

    @property
    def number(self) -> Mapping[str, str]:
        """Tell what Meta says of the shop's number."""
        number = self._sim.first_number()
        return {
            "id": number.id,
            "waba_id": number.waba_id,
            "display": number.display_phone_number,
            "name": number.verified_name,
            "token": self._sim.config.token,
        }

    def act(self, customer: Customer, spec: Mapping[str, Any], about: str | None) -> tuple[str, bytes]:
        """Do something on a phone at the present moment; gives the message's id and Meta's call about it."""
        moment = self._now()
        done = phone.act(self._sim, self._persona(customer), self._number, _aimed(spec, about))
        message = self._sim.chats.find(self._number.id, done.message_id)
        if message is not None:
            message.at, message.state = moment, "delivered"
            self._keep_media(message)
        assert done.update is not None
        return done.message_id, self._call(done.update.value)

    def take(self, outgoing: Outgoing) -> str:
        """Take a message or a reaction of the shop, as Meta would; gives its id."""
        moment = self._now()
        file = outgoing.file
        media = None
        if file is not None:
            media = self._sim.media.add(
                file.content,
                file.media_type,
                number_id=self._number.id,
                now=time.time(),
                filename=file.name,
                by_business=True,
            )
        request = compose(outgoing, media.id if media else None)
        if isinstance(request, Failure):
            raise TypeError(request.message)
        persona = self._recipient(request)
        message_id, kind = wamid(persona.address), str(request["type"])
        if kind == "reaction":
            target = self._sim.chats.find(self._number.id, request[kind]["message_id"])
            assert target is not None
            target.reactions["business"] = request[kind]["emoji"]
            return message_id
        address = str(request.get("to") or request.get("recipient"))
        wa_id = persona.phone if persona.shows_phone else None
        sent = SentMessage(message_id, self._number.id, persona.id, address, request, moment, wa_id)
        self._sim.chats.outbox.append(sent)
        quoted = request.get("context", {}).get("message_id")
        message = ChatMessage(
            message_id, persona.id, self._number.id, True, kind, request[kind], moment, quoted, state="sent"
        )
        self._sim.chats.open(persona.id, self._number.id).add(message)
        return message_id

    def read_by_shop(self, external_id: str) -> None:
        """Show a customer that their messages up to this one were read."""
        seen = self._sim.chats.find(self._number.id, external_id)
        assert seen is not None
        for message in self._sim.chats.open(seen.persona_id, self._number.id).messages.values():
            if not message.by_business and message.at <= seen.at:
                message.state = "read"

    def report(
        self, external_id: str, times: Mapping[DeliveryState, dt.datetime], error: int | None = None
    ) -> bytes:
        """Let a message of the shop arrive, be read or fail; gives Meta's call about it."""
        sent, message = self._sim.chats.sent(external_id), self._sim.chats.find(self._number.id, external_id)
        assert sent is not None
        assert message is not None
        message.state = max(times, key=lambda state: times[state]).value
        persona = self._sim.personas[message.persona_id]
        if message.state == DeliveryState.DELIVERED:
            self._sim.chats.open(persona.id, self._number.id).unread += 1
        statuses = [
            inbound.status_item(
                external_id,
                state.value,
                recipient=inbound.status_recipient(persona, sent.wa_id),
                callback_data=sent.request.get("biz_opaque_callback_data"),
                window_open=True,
                error=async_error(error) if error is not None else None,
                at=at.timestamp(),
            )
            for state, at in times.items()
        ]
        for status in statuses:
            sent.statuses.append({"status": status["status"], "at": float(status["timestamp"]), "errors": []})
        return self._call(inbound.envelope_value(self._number, statuses=statuses))

    def fetch(self, media_id: str) -> tuple[str, bytes, str | None]:
        """Hand out a file that a customer sent: type, bytes, name."""
        media = self._sim.media.get(media_id, 0.0)
        assert media is not None
        return media.mime_type, self._sim.media.read(media), media.filename

    async def close(self, *, keep: bool) -> None:
        """Leave the chats to the demo's simulator, with `keep`, and end."""
        if keep and self._file is not None:
            persistence.save(self._sim, self._file)
            self._file.chmod(0o600)
        elif self._file is not None:
            self._sim.media.clear()
        await self._sim.close()

    def _now(self) -> float:
        moment = clock.now().timestamp()
        self._sim.move_clock(moment - self._sim.clock())
        return moment

    def _call(self, value: Mapping[str, Any]) -> bytes:
        change = {"field": "messages", "value": value}
        entry = {"id": self._number.waba_id, "changes": [change]}
        return orjson.dumps({"object": "whatsapp_business_account", "entry": [entry]})

    def _keep_media(self, message: ChatMessage) -> None:
        media = self._sim.media.get(str(message.content.get("id")), 0.0)
        if media is not None:
            media.expires_at = time.time() + _MEDIA_LIFE.total_seconds()

    def _persona(self, customer: Customer) -> Persona:
        known = self._sim.personas.get(customer.id)
        if known is None:
            known = persona_from(_described(customer), customer.id)
            self._sim.personas[customer.id] = known
        return known

    def _recipient(self, request: Mapping[str, Any]) -> Persona:
        to = request.get("to")
        found = (
            self._sim.persona_by(phone=str(to).lstrip("+"))
            if to
            else self._sim.persona_by(bsuid=str(request.get("recipient")))
        )
        assert found is not None
        return found


def _described(customer: Customer) -> dict[str, Any]:
    both = "bsuid" if customer.hides_phone else "phone_bsuid"
    return {
        "name": customer.name,
        "phone": customer.phone,
        "bsuid": customer.user_id,
        "username": customer.username,
        "identity": "phone" if customer.user_id is None else both,
        "language": customer.language,
    }


def _aimed(spec: Mapping[str, Any], about: str | None) -> dict[str, Any]:
    aimed = dict(spec)
    if about is None:
        return aimed
    match spec["type"]:
        case "reaction":
            aimed["reaction"] = {**spec["reaction"], "message_id": about}
        case "edit" | "revoke" as kind:
            aimed[kind] = {**spec[kind], "original_message_id": about}
        case _:
            aimed["context"] = about
    return aimed
