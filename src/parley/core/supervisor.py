"""Keeps the processes of one installation alive, and ends them together. What they are is the command's matter.

It is one small loop without threads: children's output is passed on, whoever ended is started again.
"""

import dataclasses
import os
import selectors
import signal
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

from parley.core.errors import AppError
from parley.core.process_logs import ProcessLogs
from parley.core.services import Program, Service

FIRST_DELAY = 0.2
LONGEST_DELAY = 10.0
STEADY_AFTER = 30.0
_CHUNK = 65536
_STARTS_BEFORE_GIVING_UP = 5


class SupervisorError(AppError):
    """Something that has to run does not; the message ends with its last words."""

    code = "supervisor_failed"
    status = 500


class StopRequestedError(BaseException):
    """Ctrl-C or SIGTERM; not an error for anybody to handle but the supervisor's owner."""


@dataclasses.dataclass(slots=True)
class _Watched:
    service: Service
    failures: int = 0
    starts: int = 0
    started_at: float = 0.0
    due: float | None = None
    """When to start it (again), None while it runs."""
    was_ready: bool = False


class Supervisor:
    """Use it as a context in the main thread: inside, signals raise `StopRequestedError`; at its end all is stopped."""

    def __init__(self, logs: ProcessLogs, say: Callable[[str], None]) -> None:
        """`say` takes sentences for the person at the terminal."""
        self._logs = logs
        self._say = say
        self._watched: list[_Watched] = []
        self._selector = selectors.DefaultSelector()
        self._partial: dict[int, tuple[str, bytes]] = {}
        self._wake, self._bell = socket.socketpair()
        self._stopping = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        for end in (self._wake, self._bell):
            end.setblocking(False)
        self._selector.register(self._wake, selectors.EVENT_READ)
        signal.set_wakeup_fd(self._bell.fileno(), warn_on_full_buffer=False)
        self._before[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, _notice)
        for sign in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            self._before[sign] = signal.signal(sign, self._request_stop)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping = True
        self.stop()
        signal.set_wakeup_fd(-1)
        for handle in list(self._partial):
            self._close(handle)
        self._selector.close()
        self._wake.close()
        self._bell.close()
        self._logs.close()
        for sign, before in self._before.items():
            signal.signal(sign, before)

    def start(self, *services: Service, patience: float = 120.0) -> None:
        """Start services together, watch over them from now on, and return when all of them are ready.

        Raises `SupervisorError` when one keeps ending before it was ready or takes longer than `patience` seconds.
        """
        fresh = [_Watched(service, due=time.monotonic()) for service in services]
        self._watched += fresh
        deadline = time.monotonic() + patience
        while not all(watched.was_ready for watched in fresh):
            self._turn(0.02)
            for watched in fresh:
                name = watched.service.name
                if not watched.was_ready and watched.failures >= _STARTS_BEFORE_GIVING_UP:
                    raise SupervisorError(f"{name} does not start. Its last words:\n{self._logs.tail(name)}")
                if not watched.was_ready and time.monotonic() > deadline:
                    raise SupervisorError(
                        f"{name} is not ready after {patience:.0f} s:\n{self._logs.tail(name)}"
                    )

    def run_step(self, name: str, arguments: Sequence[str], environ: Mapping[str, str]) -> bytes:
        """Run a program to its end and return its stdout; its stderr is log. Raises `SupervisorError` if it fails."""
        step = Program(name, arguments, environ)
        reading, writing = os.pipe()
        output = self._new_pipe(name)
        answer = bytearray()
        try:
            step.launch(output, answer=writing)
            os.close(writing)
            os.set_blocking(reading, False)
            while step.is_running():
                answer += _drained(reading)
                self._turn(0.02)
            answer += _drained(reading)
        finally:
            step.kill()
            os.close(output)
            os.close(reading)
        self._turn(0)
        if step.status != 0:
            raise SupervisorError(f"{name} {step.how_it_ended()}. Its last words:\n{self._logs.tail(name)}")
        return bytes(answer)

    def watch(self, until: Callable[[], bool] | None = None) -> None:
        """Go on until a signal ends it, or until a condition holds if one is given."""
        while until is None or not until():
            self._turn(self._until_due() if until is None else 0.02)

    def stop(self) -> None:
        """End everything, in the reverse order of starting for those that are not programs: they may be needed."""
        programs = [watched.service for watched in self._watched if isinstance(watched.service, Program)]
        others = [watched.service for watched in self._watched if not isinstance(watched.service, Program)]
        self._end(programs)
        for service in reversed(others):
            self._end([service])
        self._watched.clear()

    def _end(self, services: Sequence[Service]) -> None:
        for service in services:
            if service.is_running():
                service.request_stop()
        deadline = time.monotonic() + max((service.grace for service in services), default=0.0)
        while any(service.is_running() for service in services) and time.monotonic() < deadline:
            self._pass_on(0.05)
        for service in services:
            if service.is_running():
                self._say(f"{service.name} did not end by itself and is killed.")
            service.kill()
        self._pass_on(0)

    def _turn(self, timeout: float | None) -> None:
        self._pass_on(timeout)
        for watched in self._watched:
            self._look_after(watched)

    def _look_after(self, watched: _Watched) -> None:
        service, now = watched.service, time.monotonic()
        if watched.due is not None:
            if watched.due <= now:
                self._launch(watched)
        elif service.is_running():
            if not watched.was_ready and service.is_ready():
                watched.was_ready = True
        else:
            if now - watched.started_at > STEADY_AFTER:
                watched.failures = 0
            delay = min(FIRST_DELAY * 2**watched.failures, LONGEST_DELAY)
            watched.failures += 1
            watched.due = now + delay
            self._say(f"{service.name} {service.how_it_ended()}; it is started again in {delay:.1f} s.")

    def _launch(self, watched: _Watched) -> None:
        output = self._new_pipe(watched.service.name)
        watched.started_at, watched.due = time.monotonic(), None
        watched.starts += 1
        try:
            watched.service.launch(output)
        except AppError as error:
            if watched.starts == 1:
                raise
            self._say(error.detail)
        finally:
            os.close(output)

    def _until_due(self) -> float | None:
        moments = [watched.due for watched in self._watched if watched.due is not None]
        return max(0.0, min(moments) - time.monotonic()) if moments else None

    def _new_pipe(self, name: str) -> int:
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        self._partial[reading] = (name, b"")
        self._selector.register(reading, selectors.EVENT_READ)
        return writing

    def _pass_on(self, timeout: float | None) -> None:
        """Wait for output or a signal, and write complete lines to the logs."""
        for key, _ in self._selector.select(timeout):
            handle = key.fd
            if handle == self._wake.fileno():
                _drained(handle)
                continue
            name, before = self._partial[handle]
            chunk = os.read(handle, _CHUNK)
            whole, newline, rest = (before + chunk).rpartition(b"\n")
            if whole or newline:
                self._logs.write(name, whole + newline)
            if rest and (not chunk or len(rest) > _CHUNK):
                self._logs.write(name, rest + b"\n")
                rest = b""
            self._partial[handle] = (name, rest)
            if not chunk:
                self._close(handle)

    def _close(self, handle: int) -> None:
        self._selector.unregister(handle)
        os.close(handle)
        del self._partial[handle]

    def _request_stop(self, sign: int, frame: FrameType | None) -> None:
        if not self._stopping:
            self._stopping = True
            raise StopRequestedError


def _notice(sign: int, frame: FrameType | None) -> None:
    """Exist, so that the end of a child rings the bell."""


def _drained(handle: int) -> bytes:
    out = b""
    try:
        while chunk := os.read(handle, _CHUNK):
            out += chunk
    except BlockingIOError:
        pass
    return out
