"""What the routes of conversations take in. What they answer are the views themselves."""

import datetime as dt
import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from parley.core.ids import new_id

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]


def _in_utc(value: dt.datetime) -> dt.datetime:
    try:
        return value.astimezone(dt.UTC) if value.tzinfo else value.replace(tzinfo=dt.UTC)
    except OverflowError:
        raise ValueError("This moment lies outside of what a calendar can say.") from None


Moment = Annotated[dt.datetime, AfterValidator(_in_utc)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class AssigneeIn(_In):
    member_id: uuid.UUID | None


class TeamIn(_In):
    team_id: uuid.UUID | None


class PriorityIn(_In):
    priority: Literal["none", "low", "high", "urgent"]


class TagsIn(_In):
    tag_ids: list[uuid.UUID] = Field(max_length=50)


class SnoozeIn(_In):
    until: Moment = Field(description="A moment with its offset, in the future.")


class ButtonIn(_In):
    id: Title
    title: Title


class RowIn(_In):
    id: Title
    title: Title
    description: str | None = Field(default=None, max_length=200)


class SectionIn(_In):
    title: str | None = Field(default=None, max_length=60)
    rows: list[RowIn] = Field(max_length=20)


class ButtonsIn(_In):
    type: Literal["buttons"]
    body: str = Field(max_length=5_000)
    header: str | None = Field(default=None, max_length=60)
    footer: str | None = Field(default=None, max_length=60)
    buttons: list[ButtonIn] = Field(max_length=20)


class ListIn(_In):
    type: Literal["list"]
    body: str = Field(max_length=5_000)
    header: str | None = Field(default=None, max_length=60)
    footer: str | None = Field(default=None, max_length=60)
    button: str = Field(max_length=60)
    sections: list[SectionIn] = Field(max_length=20)


class MessageIn(_In):
    text: str | None = Field(default=None, max_length=65_536)
    attachments: list[uuid.UUID] = Field(default_factory=list, max_length=1)
    reply_to: uuid.UUID | None = None
    client_id: uuid.UUID = Field(
        default_factory=new_id, description="Made by the client; sending it again gives the same message."
    )
    interactive: Annotated[ButtonsIn | ListIn, Field(discriminator="type")] | None = None
    is_voice: bool = False

    def offered(self) -> dict[str, Any] | None:
        return None if self.interactive is None else self.interactive.model_dump(exclude_none=True)


class NoteIn(_In):
    text: str = Field(min_length=1, max_length=20_000)
    mentions: list[uuid.UUID] = Field(default_factory=list, max_length=50)
    client_id: uuid.UUID = Field(default_factory=new_id)


class ReactionIn(_In):
    emoji: str | None = Field(max_length=32)


class TagIn(_In):
    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    color: Annotated[str, StringConstraints(pattern=r"^[a-z]{3,12}$")] = "gray"
