"""What the routes of inboxes take in and give out."""

import dataclasses
import datetime as dt
import uuid
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from parley.modules.inboxes.queries import InboxView
from parley.modules.inboxes.types import Capabilities, CheckResult, FormField, Problem

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Value = Annotated[str, StringConstraints(strip_whitespace=True, max_length=4_000)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class CheckIn(_In):
    channel: str = Field(max_length=40)
    settings: dict[str, Value]


class InboxIn(_In):
    channel: str = Field(max_length=40)
    name: Name
    settings: dict[str, Value]


class InboxChangeIn(_In):
    name: Name | None = None
    settings: dict[str, Value] | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class HookOut:
    url: str
    verify_token: str


@dataclasses.dataclass(frozen=True, slots=True)
class ChannelOut:
    """A channel that can be connected: its form, and what to enter at the vendor."""

    channel: str
    label: str
    fields: tuple[FormField, ...]
    hook: HookOut | None
    docs: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class CheckOut:
    is_ok: bool
    display: dict[str, str] | None
    problems: tuple[Problem, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class InboxOut:
    """An inbox with what its channel can carry; never its credentials."""

    id: uuid.UUID
    name: str
    channel: str
    external_id: str
    state: str
    state_code: str | None
    state_message: str | None
    display: dict[str, str]
    capabilities: Capabilities
    created_at: dt.datetime
    last_received_at: dt.datetime | None
    last_sent_at: dt.datetime | None


def check_out(result: CheckResult) -> CheckOut:
    """Write the answer of a live check."""
    return CheckOut(result.is_ok, dict(result.display) or None, result.problems)


def inbox_out(view: InboxView, capabilities: Capabilities) -> dict[str, Any]:
    """Write an inbox as the API shows it."""
    return {
        "id": view.id,
        "name": view.name,
        "channel": view.channel,
        "external_id": view.external_id,
        "state": view.state.value,
        "state_code": view.state_code,
        "state_message": view.state_message,
        "display": view.display,
        "capabilities": capabilities,
        "created_at": view.created_at,
        "last_received_at": view.received_at,
        "last_sent_at": view.sent_at,
    }
