"""The two ports: `KeyStore`, which the house uses, and `KeyRows`, which a place for wrapped keys implements."""

import dataclasses
import uuid
from collections.abc import Iterable, Sequence
from typing import Protocol

from parley.core.keystore.keys import Key, KeyKind


class KeyStore(Protocol):
    """Keys by subject and by id, always within one workspace."""

    async def get_or_create(self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID) -> Key:
        """Return the subject's key; a new one is durable before it is returned.

        Concurrent callers, in any process, get the same key. Raises `KeyDestroyedError`.
        """
        ...

    async def ensure_many(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Iterable[uuid.UUID]
    ) -> dict[uuid.UUID, Key]:
        """Return a key per subject, making the missing ones in one durable commit before returning.

        Subjects whose key was destroyed are left out, so that one erased contact does not fail a batch. Raises
        `KeyDestroyedError` only when the workspace's own key was destroyed.
        """
        ...

    async def find_many(self, workspace_id: uuid.UUID, key_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Key]:
        """Return the usable ones of these keys; destroyed, unknown and foreign ones are left out.

        No key that was destroyed before the call, by any process, is returned.
        """
        ...

    async def find_destroyed(self, workspace_id: uuid.UUID, key_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        """Tell which of these keys existed here and were destroyed, themselves or with their workspace."""
        ...

    async def find_living(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Iterable[uuid.UUID]
    ) -> set[uuid.UUID]:
        """Tell which of these subjects have a key that is not destroyed."""
        ...

    async def destroy_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID
    ) -> list[uuid.UUID]:
        """Destroy the keys of a subject and of all that were united into it, for ever.

        Returns the ids of all their keys, the same again when repeated. A tombstone stays, even where there was
        no key yet: none can be made later. Destroying a workspace's key makes everything in it unreadable.
        """
        ...

    async def destroy_key(self, workspace_id: uuid.UUID, key_id: uuid.UUID) -> bool:
        """Destroy one key for ever; False when this workspace has no such key. Its subject gets no other."""
        ...

    async def unite(
        self, workspace_id: uuid.UUID, kind: KeyKind, from_subject: uuid.UUID, into_subject: uuid.UUID
    ) -> None:
        """Let the keys of `from_subject`, later ones too, belong to `into_subject` as well: they die with it.

        Nothing is sealed again. Raises `KeyDestroyedError` when `into_subject` was destroyed.
        """
        ...

    async def generation(self) -> int:
        """Tell how many times a key was destroyed; a cached key is good only while this stays the same."""
        ...


@dataclasses.dataclass(frozen=True, slots=True)
class KeyRow:
    """One key as it lies in the store; `wrapped` is None in a tombstone."""

    id: uuid.UUID
    workspace_id: uuid.UUID
    kind: str
    subject_id: uuid.UUID
    wrapped: bytes | None = dataclasses.field(repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows and the generation, read at one and the same moment."""

    generation: int
    rows: Sequence[KeyRow]


class KeyRows(Protocol):
    """A place for wrapped keys. Knows no secret. Every write is durable when its call returns.

    Both loads add the row of the workspace's own key. One row per (workspace, kind, subject), for ever.
    """

    async def open(self, root_check: bytes) -> bytes:
        """Make the tables if need be, keep `root_check` if none is kept yet, and return the one that is kept."""
        ...

    async def aclose(self) -> None:
        """Let go of connections and threads."""
        ...

    async def generation(self) -> int:
        """Read the counter that every destruction moves on in its own transaction."""
        ...

    async def load_ids(self, workspace_id: uuid.UUID, key_ids: Sequence[uuid.UUID]) -> Snapshot:
        """Read rows by key id."""
        ...

    async def load_subjects(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_ids: Sequence[uuid.UUID]
    ) -> Snapshot:
        """Read rows by subject."""
        ...

    async def insert_missing(self, rows: Sequence[KeyRow]) -> None:
        """Insert those rows whose subject has none yet; leave the others as they are."""
        ...

    async def destroy_subject(
        self, workspace_id: uuid.UUID, kind: KeyKind, subject_id: uuid.UUID
    ) -> list[uuid.UUID]:
        """Overwrite the rows of a subject and of all that were united into it; see `KeyStore`."""
        ...

    async def destroy_key(self, workspace_id: uuid.UUID, key_id: uuid.UUID) -> bool:
        """Overwrite one row; see `KeyStore`."""
        ...

    async def unite(
        self, workspace_id: uuid.UUID, kind: KeyKind, from_subject: uuid.UUID, into_subject: uuid.UUID
    ) -> bool:
        """Remember the union; False, and nothing remembered, when `into_subject` was destroyed."""
        ...
