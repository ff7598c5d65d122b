"""One PostgreSQL server on one data folder, started in the foreground as our child. Who restarts it is the supervisor's."""

import fcntl
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

from parley.core.postgres.account import choose_account
from parley.core.postgres.binaries import find_programs
from parley.core.postgres.cluster import HERE, ensure_cluster, program_environment
from parley.core.postgres.errors import PostgresError
from parley.core.postgres.leftovers import clear_leftovers
from parley.core.postgres.sockets import prepare_socket_folder, socket_folder
from parley.core.process import dies_with_us

_DURABILITY = frozenset({"fsync", "full_page_writes", "synchronous_commit", "data_checksums"})

_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "max_connections": "60",
    # memory: the whole house shall fit into 600 MB
    "shared_buffers": "96MB",
    "work_mem": "8MB",
    "maintenance_work_mem": "64MB",
    "effective_cache_size": "1GB",
    "autovacuum_max_workers": "2",
    "max_parallel_workers_per_gather": "0",
    "max_parallel_maintenance_workers": "0",
    "max_worker_processes": "4",
    "max_logical_replication_workers": "0",
    "io_method": "sync",
    "jit": "off",
    # durability: an acknowledged message is on the disk
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "wal_level": "replica",
    "max_wal_senders": "2",
    "max_replication_slots": "2",
    "max_wal_size": "512MB",
    "min_wal_size": "64MB",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # the log must never hold content: no statements, no parameters, and terse leaves out the values of DETAIL
    "log_min_error_statement": "panic",
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_statement": "none",
    "log_min_duration_statement": "-1",
    "log_checkpoints": "off",
}


class EmbeddedPostgres:
    """The server whose cluster is `data/pg`: ends with this process, however this process ends."""

    def __init__(
        self,
        data: Path,
        password: str,
        *,
        settings: Mapping[str, str] | None = None,
        output: int | None = None,
    ) -> None:
        """Describe the server without touching anything.

        `password` is the superuser's and is only used when the cluster is created. `settings` are more lines of
        postgresql.conf; those that trade durability for speed are refused. `output` is a file descriptor for the
        server's log, our own stderr by default.
        """
        self.data = data
        self.cluster = data / "pg"
        self._password = password
        self._settings = {**_SETTINGS, **self._checked(settings or {})}
        self.output = output
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None
        self._sockets: Path | None = None

    durable = True

    @property
    def pid(self) -> int | None:
        """Tell the server's process number, None while it is not ours and running."""
        return self._process.pid if self._process is not None and self._process.poll() is None else None

    def start(self, *, patience: float = 120.0) -> None:
        """Create the cluster if there is none, start the server and return when it takes connections.

        `patience` in seconds covers crash recovery. Raises `PostgresError`; then nothing is left running.
        """
        if self.pid is not None:
            return
        try:
            self.launch()
            self._await_ready(patience)
        except BaseException:
            self.stop()
            raise

    def launch(self) -> None:
        """Do what `start` does, and return before the server takes connections; `is_ready` tells when it does."""
        end_with_us = dies_with_us(signal.SIGINT)
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._take_lock()
        account = choose_account(self.cluster, self.data)
        programs = find_programs(account)
        ensure_cluster(self.cluster, programs, account, self._password, durable=self.durable)
        clear_leftovers(self.cluster)
        self._sockets = prepare_socket_folder(self.cluster, account)
        options = {**self._settings, "unix_socket_directories": str(self._sockets)}
        arguments = [str(programs / "postgres"), "-D", HERE]
        for name, value in options.items():
            arguments += ["-c", f"{name}={value}"]
        self._process = subprocess.Popen(  # noqa: S603  # our own arguments
            arguments,
            cwd=self.cluster,
            env=program_environment(),
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=self.output,
            start_new_session=True,
            preexec_fn=end_with_us,  # noqa: PLW1509  # one prctl, and the main thread by its own check
            **account.as_child(),
        )

    def is_ready(self) -> bool:
        """Tell whether the server takes connections: line 8 of postmaster.pid says so (pidfile.h of PostgreSQL)."""
        pid = self.pid
        if pid is None:
            return False
        try:
            lines = (
                (self.cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
            )
        except OSError:
            return False
        return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"

    def request_stop(self) -> None:
        """Ask the server to cut connections off, write everything down and end; return at once."""
        if self.pid is not None and self._process is not None:
            self._process.send_signal(signal.SIGINT)

    def stop(self) -> None:
        """Stop the server: cut connections off and write everything down, or after 20 s leave that to recovery."""
        process, self._process = self._process, None
        if process is not None:
            for sign, seconds in ((signal.SIGINT, 20.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, None)):
                try:
                    process.send_signal(sign)
                    process.wait(seconds)
                    break
                except subprocess.TimeoutExpired:
                    continue
        if self._sockets is not None:
            shutil.rmtree(self._sockets, ignore_errors=True)
            self._sockets = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def url(self, user: str, password: str, database: str) -> str:
        """Write the address a role connects with: understood by libpq, asyncpg and SQLAlchemy."""
        where = quote(str(socket_folder(self.cluster)), safe="/")
        return f"postgresql://{quote(user, safe='')}:{quote(password, safe='')}@/{quote(database, safe='')}?host={where}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _checked(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        if self.durable and (refused := _DURABILITY & settings.keys()):
            raise PostgresError(
                f"{', '.join(sorted(refused))} cannot be changed: what is acknowledged has to be on the disk."
            )
        return settings

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        handle = os.open(self.data / "pg.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(handle)
            raise PostgresError(f"Another process runs PostgreSQL on {self.data}. Stop it first.") from None
        self._lock = handle

    def _await_ready(self, patience: float) -> None:
        deadline = time.monotonic() + patience
        while not self.is_ready():
            if self.pid is None:
                status = self._process.returncode if self._process is not None else None
                raise PostgresError(f"PostgreSQL ended while it started (status {status}). Its log says why.")
            if time.monotonic() > deadline:
                raise PostgresError(
                    f"PostgreSQL was not ready after {patience:.0f} s. Its log says what it is doing."
                )
            time.sleep(0.01)
