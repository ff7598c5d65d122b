"""How a database cluster comes into being: `initdb`, once, all or nothing. Starting a server on it is `server.py`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from parley.core.postgres.account import Account
from parley.core.postgres.binaries import MAJOR
from parley.core.postgres.errors import PostgresError

HERE = "/proc/self/cwd" if sys.platform.startswith("linux") else "."
"""What PostgreSQL is told its folder is called.

Its account may own the cluster and still be barred from the private folders above it. Started *in* the cluster it
needs none of them, as long as it is never told a path through them.
"""
_PROGRAM_ENVIRONMENT = {"LC_ALL": "C", "TZ": "UTC", "PATH": "/usr/bin:/bin"}


def program_environment() -> dict[str, str]:
    """Give PostgreSQL's programs an environment without secrets, PG* variables or a language."""
    return dict(_PROGRAM_ENVIRONMENT)


def ensure_cluster(
    cluster: Path, programs: Path, account: Account, password: str, *, durable: bool = True
) -> bool:
    """Create the cluster with the role `postgres` and the database `parley` unless it exists; tell whether it is new.

    A creation that was cut short leaves nothing that counts: the folder gets its name when it is complete.
    """
    version = cluster / "PG_VERSION"
    if version.is_file():
        found = version.read_text(encoding="ascii").strip()
        if found != str(MAJOR):
            raise PostgresError(
                f"The data in {cluster} belongs to PostgreSQL {found}, and this Parley brings {MAJOR}. "
                "Run `bin/parley upgrade`."
            )
        return False
    if cluster.exists() and any(cluster.iterdir()):
        raise PostgresError(
            f"{cluster} holds files but no database. Move them away or choose another data folder."
        )
    fresh = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    account.own(fresh)
    _initdb(fresh, programs, account, password, durable=durable)
    _create_database(fresh, programs, account, durable=durable)
    if cluster.exists():
        cluster.rmdir()
    fresh.rename(cluster)
    if durable:
        handle = os.open(cluster.parent, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)
    return True


def _initdb(folder: Path, programs: Path, account: Account, password: str, *, durable: bool) -> None:
    secret, name = _secret(password, account)
    try:
        arguments = [
            str(programs / "initdb"),
            f"--pgdata={HERE}",
            "--username=postgres",
            f"--pwfile={name}",
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
            "--data-checksums",
            "--no-instructions",
            *([] if durable else ["--no-sync"]),
        ]
        _run(arguments, folder, account, pass_fds=(secret,))
    finally:
        os.close(secret)


def _create_database(folder: Path, programs: Path, account: Account, *, durable: bool) -> None:
    arguments = [
        str(programs / "postgres"),
        "--single",
        "-D",
        HERE,
        "-c",
        f"fsync={'on' if durable else 'off'}",
        "postgres",
    ]
    _run(arguments, folder, account, typed=b"CREATE DATABASE parley\n")


def _secret(password: str, account: Account) -> tuple[int, str]:
    """Hand over the password in memory: never on a command line, in the environment or in a file."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("parley-password")
        os.write(handle, f"{password}\n".encode())
        os.lseek(handle, 0, os.SEEK_SET)
        os.fchmod(handle, 0o600)
        if account.drop:
            os.fchown(handle, account.uid, account.gid)
        return handle, f"/dev/fd/{handle}"
    reading, writing = os.pipe()
    os.write(writing, f"{password}\n".encode())
    os.close(writing)
    return reading, f"/dev/fd/{reading}"


def _run(
    arguments: list[str],
    folder: Path,
    account: Account,
    *,
    typed: bytes = b"",
    pass_fds: tuple[int, ...] = (),
) -> None:
    done = subprocess.run(  # noqa: S603  # our own arguments
        arguments,
        cwd=folder,
        env=program_environment(),
        input=typed,
        capture_output=True,
        check=False,
        pass_fds=pass_fds,
        **account.as_child(),
    )
    if done.returncode != 0:
        said = (done.stdout + done.stderr).decode(errors="replace").strip()
        raise PostgresError(f"{Path(arguments[0]).name} could not create the database: {said[-1500:]}")
