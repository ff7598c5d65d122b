"""Ready-made answers of loaders: objects that are the same for everybody, and objects with a few fields of one's own."""

import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from parley.core.db.tx import Tx
from parley.core.encoding import json_bytes
from parley.core.scope import Scope
from parley.modules.realtime.ports import Loaded

Fetch = Callable[[Tx, Scope, Sequence[uuid.UUID]], Awaitable[Mapping[uuid.UUID, Mapping[str, Any]]]]
"""Reads objects as dicts that are ready for JSON, under one viewer's role and permissions."""


class Shared:
    """An object that everybody with the same rights sees alike; serialised once, when first needed."""

    __slots__ = ("_json", "_value")

    def __init__(self, value: Mapping[str, Any]) -> None:
        self._value = value
        self._json: bytes | None = None

    def json(self, scope: Scope) -> bytes | None:
        if self._json is None:
            self._json = json_bytes(self._value)
        return self._json


class Personal:
    """An object with some fields of the viewer's own, put in front of what is serialised once for all.

    `own` gives those fields, or None when this viewer may not see the object. `value` is not empty and has none of
    them: two members of one name would leave it to the reader which one counts.
    """

    __slots__ = ("_own", "_shared")

    def __init__(self, value: Mapping[str, Any], own: Callable[[Scope], Mapping[str, Any] | None]) -> None:
        self._shared = Shared(value)
        self._own = own

    def json(self, scope: Scope) -> bytes | None:
        fields = self._own(scope)
        if fields is None:
            return None
        rest = self._shared.json(scope) or b"{}"
        return json_bytes(fields)[:-1] + b"," + rest[1:] if fields else rest


class SharedLoader:
    """A loader of objects that do not depend on the viewer beyond role and permissions."""

    per_viewer = False

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def load(
        self, tx: Tx, scopes: Sequence[Scope], ids: Sequence[uuid.UUID]
    ) -> Mapping[uuid.UUID, Loaded]:
        return {id_: Shared(value) for id_, value in (await self._fetch(tx, scopes[0], ids)).items()}
