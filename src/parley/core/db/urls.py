"""Who signs in to PostgreSQL where: one address per role. Opening connections is not done here."""

from urllib.parse import SplitResult, quote, urlsplit

from parley.core.postgres.sockets import socket_folder
from parley.core.rootkey import RootKey, load_root_key
from parley.core.settings import Settings

ADMIN = "postgres"
"""Stands for the administrating role: the embedded server's superuser, or whom the operator's address names."""
DATABASE = "parley"


def role_url(settings: Settings, role: str, *, root_key: RootKey | None = None) -> str:
    """Write the `postgresql://` address with which `role` signs in; its password is derived from the root key.

    The operator's address carries the administrating role's credentials: `ADMIN` gets it as it is, every other role
    gets it with its own name and password. An address without a user is the embedded server's.
    """
    given = urlsplit(settings.database_url or embedded_url(settings))
    if given.username and role == ADMIN:
        return given._replace(scheme="postgresql").geturl()
    password = (root_key or load_root_key(settings)).database_password(role)
    credentials = f"{quote(role, safe='')}:{quote(password, safe='')}"
    query = f"?{given.query}" if given.query else ""
    return f"postgresql://{credentials}@{_place(given)}{given.path or '/' + DATABASE}{query}"


def embedded_url(settings: Settings) -> str:
    """Write the embedded server's address without anybody's credentials."""
    return f"postgresql:///{DATABASE}?host={quote(str(socket_folder(settings.data / 'pg')), safe='/')}"


def _place(given: SplitResult) -> str:
    return given.netloc.rpartition("@")[2]
