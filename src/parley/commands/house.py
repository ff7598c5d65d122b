"""`demo` and `up`: the whole installation on one machine, from the lock on its folder to the clean stop."""

import argparse
import contextlib
import dataclasses
import hashlib
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import parley
from parley.commands.options import add_data, complain, settings_from
from parley.commands.terminal import Terminal, read_seed
from parley.core.datafolder import DataFolder, open_data_folder
from parley.core.postgres import EmbeddedPostgres
from parley.core.postgres.sockets import socket_folder
from parley.core.process_logs import ProcessLogs
from parley.core.rootkey import load_root_key
from parley.core.services import Database, Program, answers
from parley.core.settings import PREFIX, Settings, SettingsError, to_environ
from parley.core.supervisor import StopRequestedError, Supervisor, SupervisorError

_BACKLOG = 2048
_STAMP = "ready.json"
_SYSTEM_IDENTIFIER = slice(0, 8)


def add_demo(parser: argparse.ArgumentParser) -> None:
    """Define the options of `demo`."""
    add_data(parser)
    parser.add_argument(
        "--port", type=int, metavar="N", help="where the demo listens (8000; its simulators on N + 1)"
    )
    parser.add_argument(
        "--quiet-demo", action="store_true", help="the simulated customers only answer, never begin"
    )
    parser.set_defaults(run=demo)


def add_up(parser: argparse.ArgumentParser) -> None:
    """Define the options of `up`."""
    add_data(parser)
    parser.add_argument(
        "--port", type=int, metavar="N", help="where it listens behind your proxy (PARLEY_PORT)"
    )
    parser.set_defaults(run=up)


def demo(options: argparse.Namespace) -> int:
    """Run the demo on the loopback until Ctrl-C."""
    settings = dataclasses.replace(settings_from(options, mode="demo"), bind="127.0.0.1")
    return _keep_house(settings)


def up(options: argparse.Namespace) -> int:
    """Run in production until told to stop."""
    settings = settings_from(options, mode="production")
    if urlsplit(settings.public_url).scheme != "https":
        raise SettingsError(
            "PARLEY_PUBLIC_URL must be the https address where people reach Parley, such as https://talk.example.org. "
            "TLS ends at your proxy, which passes requests on to PARLEY_BIND and PARLEY_PORT."
        )
    if not settings.trusted_proxies:
        raise SettingsError(
            "PARLEY_TRUSTED_PROXIES is not set: without it everybody behind your proxy counts as one network, and one "
            "person's wrong passwords slow all others down. Name the proxy's addresses, or `none` if there is no proxy."
        )
    load_root_key(settings)
    return _keep_house(settings)


def _keep_house(settings: Settings) -> int:
    terminal = Terminal()
    try:
        with open_data_folder(settings) as folder, _listener(settings) as listener:
            logs = ProcessLogs(folder.logs if settings.is_demo else None)
            with Supervisor(logs, terminal.say) as supervisor:
                try:
                    _start(settings, folder, supervisor, terminal, listener)
                    supervisor.watch()
                except StopRequestedError:
                    terminal.say("Stopping …")
    except SupervisorError as error:
        complain(error.detail)
        return 1
    terminal.say("Stopped.")
    return 0


def _start(
    settings: Settings,
    folder: DataFolder,
    supervisor: Supervisor,
    terminal: Terminal,
    listener: socket.socket,
) -> None:
    where = f"logs in {folder.logs}" if settings.is_demo else f"mode {settings.mode}"
    terminal.say(f"Parley · data in {folder.path} · {where}")
    if not settings.database_url:
        password = load_root_key(settings).database_password("postgres")
        with terminal.step("PostgreSQL"):
            supervisor.start(Database(EmbeddedPostgres(settings.data, password)))
    environ = _child_environ(settings)
    seeded = _prepare(settings, supervisor, terminal, environ)
    fd = listener.fileno()
    services = [
        Program(
            _numbered("web", number, settings.web_processes),
            _command("web", "--fd", str(fd)),
            environ,
            probe=lambda: answers(settings.port, "/readyz"),
            pass_fds=[fd],
        )
        for number in range(settings.web_processes)
    ]
    services += [
        Program(_numbered("worker", number, settings.worker_processes), _command("worker"), environ)
        for number in range(settings.worker_processes)
    ]
    names = "web, worker"
    if settings.is_demo and settings.simulators:
        port = settings.port + 1
        services.append(
            Program(
                "simulator", _command("simulator"), environ, probe=lambda: answers(port, "/", expect=None)
            )
        )
        names += ", simulator"
    with terminal.step(names):
        supervisor.start(*services)
    terminal.welcome(settings.base_url, seeded)


def _prepare(
    settings: Settings, supervisor: Supervisor, terminal: Terminal, environ: dict[str, str]
) -> dict[str, Any] | None:
    """Bring schema and demo up to date, or find by the stamp that they are; both run in short-lived processes."""
    stamp, current = settings.data / _STAMP, _fingerprint(settings)
    with contextlib.suppress(OSError, ValueError, TypeError, KeyError):
        found = json.loads(stamp.read_bytes())
        if current is not None and found["fingerprint"] == current:
            seeded: dict[str, Any] | None = found["seeded"]
            return seeded
    stamp.unlink(missing_ok=True)
    with terminal.step("Database schema"):
        supervisor.run_step("migrate", _command("migrate"), environ)
    answer = None
    if settings.is_demo:
        with terminal.step("Demo: a shop with two weeks of conversations"):
            answer = read_seed(supervisor.run_step("seed", _command("seed"), environ))
    if current is not None:
        fresh = stamp.with_suffix(".new")
        with os.fdopen(
            os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
        ) as file:
            json.dump({"fingerprint": current, "seeded": answer}, file)
        fresh.replace(stamp)
    return answer


def _fingerprint(settings: Settings) -> str | None:
    """Name this database together with the schema and the demo it shall have; None for a database elsewhere."""
    if settings.database_url:
        return None
    control = settings.data / "pg" / "global" / "pg_control"
    digest = hashlib.sha256(control.read_bytes()[_SYSTEM_IDENTIFIER])
    digest.update(str(settings.port).encode())  # it is part of the links that the demo made
    package = Path(parley.__file__).parent
    sources = [
        *(package / "migrations").rglob("*.py"),
        *package.glob("demo*.py"),
        *(package / "demo").rglob("*.py"),
    ]
    for path in sorted(sources):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@contextlib.contextmanager
def _listener(settings: Settings) -> Iterator[socket.socket]:
    """Hold the web's socket over all its restarts: while a process is away, callers wait instead of being refused."""
    family = socket.AF_INET6 if ":" in settings.bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.bind, settings.port))
        except OSError as error:
            raise SettingsError(
                f"Port {settings.port} on {settings.bind} cannot be used: {error.strerror}. Choose another with --port."
            ) from error
        listener.listen(_BACKLOG)
        yield listener


def _child_environ(settings: Settings) -> dict[str, str]:
    if not settings.database_url:
        where = quote(str(socket_folder(settings.data / "pg")), safe="/")
        settings = dataclasses.replace(settings, database_url=f"postgresql:///parley?host={where}")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    return {**kept, **to_environ(settings), "PYTHONUNBUFFERED": "1"}


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "parley.cli", *words]


def _numbered(name: str, number: int, count: int) -> str:
    return name if count == 1 else f"{name}-{number + 1}"
