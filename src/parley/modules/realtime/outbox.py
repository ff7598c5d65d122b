"""Where something waits to be numbered. Which workspaces, never what."""

import contextlib
import uuid
from collections.abc import Sequence

import asyncpg

# One index probe per workspace that has rows, however many rows it has.
_PENDING = """
WITH RECURSIVE found AS (
    (SELECT workspace_id FROM app.outbox ORDER BY workspace_id LIMIT 1)
    UNION ALL
    SELECT (SELECT o.workspace_id FROM app.outbox o WHERE o.workspace_id > found.workspace_id
            ORDER BY o.workspace_id LIMIT 1)
    FROM found WHERE found.workspace_id IS NOT NULL
)
SELECT workspace_id FROM found WHERE workspace_id IS NOT NULL
"""
_PATIENCE_SECONDS = 10


class PendingWorkspaces:
    """The view over all workspaces that the dispatching role has; keeps one connection, made anew when it is lost."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None

    async def find(self) -> Sequence[uuid.UUID]:
        """List the workspaces whose outbox holds something committed. Raises what asyncpg raises."""
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(
                self._url, server_settings={"application_name": "relay"}, command_timeout=_PATIENCE_SECONDS
            )
        try:
            rows = await self._connection.fetch(_PENDING)
        except BaseException:
            self.close()
            raise
        return [uuid.UUID(int=row[0].int) for row in rows]

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            with contextlib.suppress(OSError, asyncpg.InterfaceError):
                self._connection.terminate()
        self._connection = None
