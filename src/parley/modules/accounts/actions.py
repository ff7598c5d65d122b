"""Changes to people who sign in and to their sessions, each through one narrow function of the database."""

import uuid

from sqlalchemy.exc import IntegrityError

from parley.core import clock
from parley.core.db.tx import Tx
from parley.core.ids import new_id
from parley.modules.accounts.errors import EmailTakenError
from parley.modules.accounts.sessions import hash_token, new_token
from parley.modules.accounts.types import LIFETIME


async def create_user(
    tx: Tx, *, email: str, name: str, secret: str, locale: str = "en", time_zone: str = "UTC"
) -> uuid.UUID:
    """Create a person with a hashed password. Raises `EmailTakenError`; the transaction is of no use afterwards."""
    user_id = new_id()
    try:
        await tx.run(
            "SELECT accounts.create_user($1, $2, $3, $4, $5, $6, $7)",
            user_id,
            email.strip(),
            name.strip(),
            locale,
            time_zone,
            secret,
            clock.now(),
        )
    except IntegrityError:
        raise EmailTakenError from None
    return user_id


async def change_profile(
    tx: Tx,
    user_id: uuid.UUID,
    *,
    name: str | None = None,
    locale: str | None = None,
    time_zone: str | None = None,
) -> None:
    """Change what is given."""
    await tx.run("SELECT accounts.set_profile($1, $2, $3, $4)", user_id, name, locale, time_zone)


async def change_password(tx: Tx, user_id: uuid.UUID, secret: str, *, keep: str | None = None) -> None:
    """Set a hashed password and end every session of this person but the one of the token `keep`."""
    await tx.run("SELECT accounts.set_password($1, $2, $3)", user_id, secret, clock.now())
    await tx.run("SELECT accounts.end_other_sessions($1, $2)", user_id, hash_token(keep) if keep else b"")


async def start_session(tx: Tx, user_id: uuid.UUID, workspace_id: uuid.UUID, device: str) -> str:
    """Start a session in a workspace and give its token, which exists nowhere else."""
    token, moment = new_token(), clock.now()
    await tx.run(
        "SELECT accounts.start_session($1, $2, $3, $4, $5, $6)",
        hash_token(token),
        user_id,
        workspace_id,
        device,
        moment,
        moment + LIFETIME,
    )
    return token


async def switch_session(tx: Tx, token: str, workspace_id: uuid.UUID) -> bool:
    """Move a session to another workspace; False, and no change, unless its person is an active member there."""
    return bool(await tx.value("SELECT accounts.switch_session($1, $2)", hash_token(token), workspace_id))


async def end_session(tx: Tx, token: str) -> None:
    """End the session of this token, if there is one."""
    await tx.run("SELECT accounts.end_session($1)", hash_token(token))


async def end_sessions_here(tx: Tx, user_id: uuid.UUID) -> None:
    """Sign a person out of this transaction's workspace, in every browser."""
    await tx.run("SELECT accounts.end_sessions_here($1)", user_id)
