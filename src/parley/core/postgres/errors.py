"""How the embedded PostgreSQL fails."""

from parley.core.errors import AppError


class PostgresError(AppError):
    """The embedded PostgreSQL cannot be created, started or stopped; the message says why and what to do."""

    code = "postgres_failed"
    status = 500
