"""Reads of people who sign in, each through one narrow function of the database."""

import uuid

from parley.core import clock
from parley.core.db.tx import Tx
from parley.modules.accounts.sessions import hash_token
from parley.modules.accounts.types import IDLE, Login, Membership, Profile, Resumed


async def find_login(tx: Tx, email: str) -> Login | None:
    """Find what is needed to check the password of this address."""
    row = await tx.first("SELECT user_id, secret, is_active FROM accounts.find_by_email($1)", email.strip())
    return None if row is None else Login(row.user_id, row.secret, row.is_active)


async def password_of(tx: Tx, user_id: uuid.UUID) -> str | None:
    """Find the hashed secret of a person."""
    found: str | None = await tx.value("SELECT accounts.password_of($1)", user_id)
    return found


async def resume(tx: Tx, token: str, *, is_seen: bool = True) -> Resumed | None:
    """Go on with the session of this cookie, and set its workspace for the rest of the transaction.

    None when it never was, has ended, was idle for 12 hours, or is 14 days old. `is_seen` False only looks: an open
    page that asks by itself is nobody being there.
    """
    row = await tx.first(
        "SELECT * FROM accounts.resume($1, $2, $3, $4)", hash_token(token), clock.now(), IDLE, is_seen
    )
    if row is None:
        return None
    profile = Profile(row.user_id, row.email, row.name, row.locale, row.time_zone)
    return Resumed(profile, row.workspace_id, row.member_id, row.role, row.is_due)


async def get_profile(tx: Tx, user_id: uuid.UUID) -> Profile:
    """Read a person's own profile."""
    row = await tx.first("SELECT * FROM accounts.profile($1)", user_id)
    assert row is not None
    return Profile(user_id, row.email, row.name, row.locale, row.time_zone)


async def list_memberships(tx: Tx, user_id: uuid.UUID) -> list[Membership]:
    """List the workspaces in which a person is an active member, by name."""
    rows = await tx.all("SELECT * FROM accounts.memberships($1)", user_id)
    return [Membership(row.workspace_id, row.slug, row.name, row.role) for row in rows]
