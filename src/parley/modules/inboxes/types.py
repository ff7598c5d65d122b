"""What other modules may know of an inbox."""

import dataclasses
import datetime as dt
import enum
import uuid
from collections.abc import Mapping


class InboxState(enum.StrEnum):
    CONNECTED = "connected"
    NEEDS_ATTENTION = "needs_attention"
    DISCONNECTED = "disconnected"


@dataclasses.dataclass(frozen=True, slots=True)
class MediaRule:
    """What a channel takes of one kind of media; types are exact media types."""

    max_bytes: int
    types: tuple[str, ...]


@dataclasses.dataclass(frozen=True, slots=True)
class ButtonRule:
    max: int
    title_max: int
    body_max: int


@dataclasses.dataclass(frozen=True, slots=True)
class ListRule:
    max_rows: int
    title_max: int
    description_max: int
    button_max: int
    body_max: int


@dataclasses.dataclass(frozen=True, slots=True)
class Capabilities:
    """What a channel can carry, so that the composer and the checks ask one source."""

    max_text: int
    formats: str
    caption_max: int | None
    reactions: bool
    reply_to: bool
    typing: bool
    read_marks: bool
    buttons: ButtonRule | None
    list: ListRule | None
    media: Mapping[str, MediaRule]
    """By message kind: image, video, audio, voice, document, sticker."""


@dataclasses.dataclass(frozen=True, slots=True)
class InboxRef:
    """An inbox as the pipelines need it; never its credentials."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    channel: str
    name: str
    external_id: str
    state: InboxState


@dataclasses.dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form that connects a channel. `kind` is `text` or `secret`; secrets are sealed and never shown again."""

    name: str
    label: str
    kind: str
    help: str
    is_required: bool = True
    pattern: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Problem:
    """What a live check found wrong: a stable code, the field to look at, a sentence with a way out."""

    code: str
    message: str
    field: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class CheckResult:
    """The answer of a live check; `external_id` is the vendor's id of the number, page or mailbox."""

    external_id: str | None
    display: Mapping[str, str]
    """`title`, `subtitle`, and what else the channel shows of itself."""
    problems: tuple[Problem, ...] = ()
    checked_at: dt.datetime | None = None

    @property
    def is_ok(self) -> bool:
        return not self.problems
