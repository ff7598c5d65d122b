"""What other modules may know of a contact."""

import dataclasses
import datetime as dt
import uuid


@dataclasses.dataclass(frozen=True, slots=True)
class Writer:
    """A person who writes, as a channel shows them: their addresses, the first one being where answers go.

    `at` is when they wrote; None where somebody else did, to or about them: that proves no choice of theirs.
    """

    addresses: tuple[tuple[str, str], ...]
    name: str | None
    username: str | None
    inbox_id: uuid.UUID
    channel: str
    at: dt.datetime | None


@dataclasses.dataclass(frozen=True, slots=True)
class Known:
    """The contact behind a writer, and the identity of their first address."""

    contact_id: uuid.UUID
    identity_id: uuid.UUID
    is_new: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class IdentityView:
    """One address of a contact; `display` is how people read it, `source` who told us."""

    id: uuid.UUID
    namespace: str
    external_id: str
    display: str
    username: str | None
    is_verified: bool
    source: str


@dataclasses.dataclass(frozen=True, slots=True)
class FirstWrote:
    """Where a contact first wrote: the evidence that they chose to."""

    inbox_id: uuid.UUID | None
    channel: str


@dataclasses.dataclass(frozen=True, slots=True)
class ContactView:
    """A contact's card. `first_wrote_*` is null for people who never wrote."""

    id: uuid.UUID
    name: str | None
    name_source: str | None
    locale: str | None
    created_source: str
    created_at: dt.datetime
    first_wrote_at: dt.datetime | None
    first_wrote_via: FirstWrote | None
    is_restricted: bool
    identities: tuple[IdentityView, ...] = ()
