"""Bring a database to the newest schema: roles first, then Alembic, both as the administrating role."""

import asyncio
from collections.abc import Mapping

import structlog
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, create_async_engine

from parley.core.db.revision import MIGRATIONS, newest_revision

LOGIN_ROLES = ("parley_app", "parley_ingest", "parley_dispatch")
OWNER_ROLES = ("parley_owner", "parley_accounts")
_LOCK = 7_274_539  # any number, the same everywhere: two migrations never run at once

log = structlog.get_logger()


async def upgrade_database(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Create the roles with these passwords, then apply every migration that is missing. Safe to repeat."""
    engine = create_async_engine(make_url(admin_url).set(drivername="postgresql+asyncpg"))
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            await _roles(connection, passwords)
            await connection.run_sync(_migrate)
    finally:
        await engine.dispose()


async def _roles(connection: AsyncConnection, passwords: Mapping[str, str]) -> None:
    existing = {row[0] for row in await connection.execute(text("SELECT rolname FROM pg_roles"))}
    for role in (*OWNER_ROLES, *LOGIN_ROLES):
        if role not in existing:
            await connection.execute(text(f"CREATE ROLE {role} NOLOGIN"))
        await connection.execute(text(f"GRANT {role} TO CURRENT_USER"))
    for role in LOGIN_ROLES:
        # A password cannot be a parameter of ALTER ROLE; these are hex digits that we derived.
        secret = bytes.fromhex(passwords[role]).hex()
        await connection.execute(text(f"ALTER ROLE {role} LOGIN PASSWORD '{secret}'"))
        await connection.execute(
            text(f"ALTER ROLE {role} SET app.workspace_id = '00000000-0000-0000-0000-000000000000'")
        )


def _migrate(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    log.info("migrations.applied", head=newest_revision())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def run_upgrade(admin_url: str, passwords: Mapping[str, str]) -> None:
    """Do the same from a synchronous place."""
    asyncio.run(upgrade_database(admin_url, passwords))
