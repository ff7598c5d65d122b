"""The PostgreSQL that comes along: found, created, started, watched over and stopped. Nothing here speaks SQL to it."""

from parley.core.postgres.errors import PostgresError
from parley.core.postgres.server import EmbeddedPostgres
from parley.core.postgres.throwaway import ThrowawayPostgres, start_throwaway

__all__ = ["EmbeddedPostgres", "PostgresError", "ThrowawayPostgres", "start_throwaway"]
