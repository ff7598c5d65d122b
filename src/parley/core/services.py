"""What a supervisor can watch over: a program of ours, or the embedded PostgreSQL. When to start them is its matter."""

import contextlib
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from parley.core.postgres import EmbeddedPostgres
from parley.core.process import dies_with_us


class Service(Protocol):
    """Something that runs as a process until it is told to end."""

    name: str

    @property
    def grace(self) -> float:
        """Tell how many seconds it may take to end before it is killed."""
        ...

    def launch(self, output: int) -> None:
        """Start it with its output going to a file descriptor; return before it is ready."""
        ...

    def is_running(self) -> bool:
        """Tell whether its process lives, and reap it when it does not."""
        ...

    def is_ready(self) -> bool:
        """Tell whether it does its work; asked again and again while it starts."""
        ...

    def request_stop(self) -> None:
        """Ask it to end by itself; return at once."""
        ...

    def kill(self) -> None:
        """Make sure that nothing of it is left."""
        ...

    def how_it_ended(self) -> str:
        """Say how its process ended, for people."""
        ...


class Program:
    """A child in a session of its own, killed with us if we are killed."""

    grace = 8.0

    def __init__(
        self,
        name: str,
        arguments: Sequence[str],
        environ: Mapping[str, str],
        *,
        probe: Callable[[], bool] | None = None,
        pass_fds: Sequence[int] = (),
    ) -> None:
        """Describe the program; without a `probe` it counts as ready while it runs."""
        self.name = name
        self._arguments = list(arguments)
        self._environ = dict(environ)
        self._probe = probe
        self._pass_fds = tuple(pass_fds)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int | None:
        """Tell its process number, None before the first start."""
        return self._process.pid if self._process else None

    def launch(self, output: int, *, answer: int | None = None) -> None:
        """Start it; `answer` is where stdout goes when that is not log."""
        self._process = subprocess.Popen(  # noqa: S603  # our own arguments
            self._arguments,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=output if answer is None else answer,
            stderr=output,
            start_new_session=True,
            pass_fds=self._pass_fds,
            preexec_fn=dies_with_us(signal.SIGKILL),  # noqa: PLW1509  # one prctl; the supervisor has no threads
        )

    @property
    def status(self) -> int | None:
        """Tell the exit status, None while it runs."""
        return self._process.poll() if self._process else None

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_ready(self) -> bool:
        return self.is_running() and (self._probe is None or self._probe())

    def request_stop(self) -> None:
        if self._process is not None:
            self._process.terminate()

    def kill(self) -> None:
        if self._process is None or self._process.returncode is not None:
            return  # its number may be somebody else's by now
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)  # its own children too
        self._process.wait()

    def how_it_ended(self) -> str:
        status = self.status
        if status is not None and status < 0:
            return f"was ended by {signal.Signals(-status).name}"
        return f"ended with status {status}"


class Database:
    """The embedded PostgreSQL as a service."""

    name = "postgres"
    grace = 25.0

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server

    def launch(self, output: int) -> None:
        self.server.output = output
        self.server.launch()

    def is_running(self) -> bool:
        return self.server.pid is not None

    def is_ready(self) -> bool:
        return self.server.is_ready()

    def request_stop(self) -> None:
        self.server.request_stop()

    def kill(self) -> None:
        self.server.stop()

    def how_it_ended(self) -> str:
        return "ended unexpectedly"


def answers(port: int, path: str, *, expect: int | None = 200) -> bool:
    """Tell whether somebody on the loopback answers a GET, with this status unless any will do."""
    request = f"GET {path} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n".encode()
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5) as connection:
            connection.sendall(request)
            start = connection.recv(64).split(b" ", 2)
    except OSError:
        return False
    if len(start) < 2 or not start[0].startswith(b"HTTP/1."):
        return False
    return expect is None or start[1][:3] == str(expect).encode()
