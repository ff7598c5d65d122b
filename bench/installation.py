"""An installation of its own for measuring: temporary folder, embedded PostgreSQL, real web and worker processes.

Nothing of it is left at the end, however the end comes: processes die with this one, the folder is removed.
"""

import contextlib
import dataclasses
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from signal import SIGKILL
from urllib.parse import quote

import asyncpg

from bench.processes import cpu_seconds
from parley.core.datafolder import open_data_folder
from parley.core.db.urls import ADMIN, role_url
from parley.core.errors import AppError
from parley.core.postgres import EmbeddedPostgres
from parley.core.postgres.sockets import socket_folder
from parley.core.process import dies_with_us
from parley.core.rootkey import load_root_key
from parley.core.services import answers
from parley.core.settings import PREFIX, Settings, to_environ

_PATIENCE = 60.0


class BenchError(AppError):
    """Something that is to be measured does not run."""

    code = "bench_failed"
    status = 500


@dataclasses.dataclass(slots=True)
class Installation:
    """A running installation, as far as a measurement needs to know it."""

    settings: Settings
    postgres: EmbeddedPostgres
    logs: Path
    processes: dict[str, subprocess.Popen[bytes]] = dataclasses.field(default_factory=dict)

    @property
    def port(self) -> int:
        """Tell where its web listens."""
        return self.settings.port

    def cpu(self) -> Mapping[str, float]:
        """Tell the seconds that web, worker and PostgreSQL have been computing."""
        found = {"web": 0.0, "worker": 0.0}
        for name, process in self.processes.items():
            found[name.partition("-")[0]] += cpu_seconds(process.pid)
        assert self.postgres.pid is not None
        return {**found, "postgres": cpu_seconds(self.postgres.pid)}

    async def superuser(self) -> asyncpg.Connection:
        """Open a connection that no wall holds back."""
        return await asyncpg.connect(role_url(self.settings, ADMIN))

    def complaints(self) -> list[str]:
        """List the last lines of the processes' logs; at the level they log with, each is a warning at least."""
        lines: list[str] = []
        for path in sorted(self.logs.glob("*.log")):
            if path.stem != "postgres":
                text = path.read_text(encoding="utf-8", errors="replace")
                lines += [f"{path.stem}: {line}" for line in text.splitlines()[-5:]]
        return lines


@contextlib.contextmanager
def installation(*, web: int = 1, worker: int = 1) -> Iterator[Installation]:
    """Run a fresh installation with so many processes while the block runs. Needs the main thread."""
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    try:
        with (
            socket.create_server(("127.0.0.1", 0), backlog=2048) as listener,
            _database(folder, listener.getsockname()[1]) as made,
        ):
            try:
                _start(made, listener, web, worker)
                yield made
            finally:
                stop(made.processes.values())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def bare_server() -> Iterator[int]:
    """Run the floor's server while the block runs, and give its port."""
    with socket.create_server(("127.0.0.1", 0), backlog=2048) as listener:
        port, fd = listener.getsockname()[1], listener.fileno()
        process = start([sys.executable, "-m", "bench.bare", str(fd)], dict(os.environ), None, [fd])
        try:
            _await(process, port, "/", "the bare server")
            yield port
        finally:
            stop([process])


def start(
    words: Sequence[str], environ: Mapping[str, str], output: int | None, pass_fds: Sequence[int] = ()
) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own that is killed with us."""
    return subprocess.Popen(
        words,
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        start_new_session=True,
        pass_fds=pass_fds,
        preexec_fn=dies_with_us(SIGKILL),  # noqa: PLW1509  # one prctl, before any thread of ours
    )


def stop(processes: Iterable[subprocess.Popen[bytes]]) -> None:
    """End processes, kindly at first."""
    found = [process for process in processes if process.poll() is None]
    for process in found:
        process.terminate()
    for process in found:
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextlib.contextmanager
def _database(folder: Path, port: int) -> Iterator[Installation]:
    bare = Settings(
        mode="test",
        data=folder / "data",
        port=port,
        meta_app_id="parley-bench-app",
        meta_app_secret="parley-bench-secret",
        meta_verify_token="parley-bench-verify",
        meta_graph_url="http://127.0.0.1:9",
        log_level="warning",
    )
    with open_data_folder(bare) as data:
        output = os.open(data.logs / "postgres.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            password = load_root_key(bare).database_password("postgres")
            with EmbeddedPostgres(bare.data, password, output=output) as postgres:
                where = quote(str(socket_folder(bare.data / "pg")), safe="/")
                settings = dataclasses.replace(bare, database_url=f"postgresql:///parley?host={where}")
                yield Installation(settings, postgres, data.logs)
        finally:
            os.close(output)


def _start(made: Installation, listener: socket.socket, web: int, worker: int) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    environ = {**kept, **to_environ(made.settings), "PYTHONUNBUFFERED": "1"}
    if web or worker:
        _migrate(environ)
    fd = listener.fileno()
    wanted = [(f"web-{n}", _command("web", "--fd", str(fd))) for n in range(web)]
    wanted += [(f"worker-{n}", _command("worker")) for n in range(worker)]
    for name, words in wanted:
        with (made.logs / f"{name}.log").open("wb") as output:
            made.processes[name] = start(words, environ, output.fileno(), [fd] if "--fd" in words else [])
    for name, process in made.processes.items():
        if name.startswith("web"):
            try:
                _await(process, made.port, "/readyz", name)
            except BenchError as error:
                raise BenchError(f"{error.detail}\n" + "\n".join(made.complaints())) from None


def _migrate(environ: Mapping[str, str]) -> None:
    done = subprocess.run(_command("migrate"), env=environ, capture_output=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"The schema could not be made: {done.stderr.decode(errors='replace')[-2000:]}")


def _command(*words: str) -> list[str]:
    return [sys.executable, "-m", "parley.cli", *words]


def _await(process: subprocess.Popen[bytes], port: int, path: str, name: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not answers(port, path):
        if process.poll() is not None or time.monotonic() > deadline:
            raise BenchError(f"{name} does not start.")
        time.sleep(0.02)
