"""The supervisor's promises: what ends is started again, what is stopped is gone, nothing outlives it."""

import functools
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from parley.core import supervisor as module
from parley.core.postgres import ThrowawayPostgres
from parley.core.process_logs import ProcessLogs
from parley.core.services import Database, Program
from parley.core.supervisor import StopRequestedError, Supervisor, SupervisorError

# Signals are waited for with sigwait: one that comes before the waiting is not lost, as it is with pause.
PATIENT = "import signal; print('up', flush=True); signal.pause()"
POLITE = """
import signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
print('up', flush=True)
signal.sigwait([signal.SIGTERM])
print('bye', flush=True)
"""
STUBBORN = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print('up', flush=True)
signal.pause()
"""
WITNESS = """
import pathlib, signal, sys
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGTERM])
print('up', flush=True)
signal.sigwait([signal.SIGTERM])
print(pathlib.Path('/proc', sys.argv[1]).exists(), flush=True)
"""


class House:
    """A supervisor with what it said and logged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.supervisor = Supervisor(ProcessLogs(folder), self.said.append)

    def log(self, name: str) -> str:
        path = self.folder / f"{name}.log"
        return path.read_text() if path.exists() else ""

    def program(self, name: str, script: str, *arguments: str) -> Program:
        words = [sys.executable, "-c", script, *arguments]
        return Program(name, words, dict(os.environ), probe=lambda: "up" in self.log(name))


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = House(tmp_path)
    with house.supervisor:
        yield house


def has_ended(pid: int, seconds: float = 20.0) -> bool:
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


def _has_started(house: House, times: int) -> bool:
    return house.log("web").count("up") == times


def test_a_killed_program_is_started_again(house: House) -> None:
    program = house.program("web", PATIENT)
    house.supervisor.start(program)
    first = program.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    house.supervisor.watch(until=lambda: program.pid != first and house.log("web").count("up") == 2)
    assert program.is_running()
    assert house.said == ["web was ended by SIGKILL; it is started again in 0.2 s."]


def test_each_failure_in_a_row_waits_twice_as_long_up_to_a_limit(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "FIRST_DELAY", 0.1)
    monkeypatch.setattr(module, "LONGEST_DELAY", 0.3)
    with pytest.raises(SupervisorError, match=r"web does not start(.|\n)*no such luck"):
        house.supervisor.start(house.program("web", "print('no such luck'); raise SystemExit(3)"))
    assert [sentence.split()[-2] for sentence in house.said] == ["0.1", "0.2", "0.3", "0.3", "0.3"]
    assert "ended with status 3" in house.said[0]


def test_who_ran_long_enough_starts_with_a_clean_slate(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STEADY_AFTER", 0.0)
    monkeypatch.setattr(module, "FIRST_DELAY", 0.1)
    program = house.program("web", PATIENT)
    house.supervisor.start(program)
    for starts in (2, 3, 4):
        os.kill(program.pid or 0, signal.SIGKILL)
        house.supervisor.watch(until=functools.partial(_has_started, house, starts))
    assert {sentence.split()[-2] for sentence in house.said} == {"0.1"}


def test_who_is_never_ready_is_reported_with_its_last_words(house: House) -> None:
    program = Program("web", [sys.executable, "-c", PATIENT], dict(os.environ), probe=lambda: False)
    with pytest.raises(SupervisorError, match="web is not ready after 1 s"):
        house.supervisor.start(program, patience=0.6)


def test_a_clean_stop_lets_programs_finish_and_leaves_none(tmp_path: Path) -> None:
    house = House(tmp_path)
    with house.supervisor:
        programs = [house.program(name, POLITE) for name in ("web", "worker")]
        house.supervisor.start(*programs)
    assert house.log("web") == house.log("worker") == "up\nbye\n"
    assert not any(program.is_running() for program in programs)


def test_who_does_not_end_by_itself_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Program, "grace", 0.2)
    house = House(tmp_path)
    with house.supervisor:
        program = house.program("web", STUBBORN)
        house.supervisor.start(program)
    assert not program.is_running()
    assert house.said == ["web did not end by itself and is killed."]


def test_the_database_outlives_the_programs_that_need_it(tmp_path: Path) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    house = House(logs)
    server = ThrowawayPostgres(tmp_path / "data", "secret")
    with house.supervisor:
        house.supervisor.start(Database(server))
        house.supervisor.start(house.program("worker", WITNESS, str(server.pid)))
    assert house.log("worker") == "up\nTrue\n"
    assert server.pid is None


def test_a_killed_database_is_started_again(tmp_path: Path) -> None:
    house = House(tmp_path)
    server = ThrowawayPostgres(tmp_path / "data", "secret")
    with house.supervisor:
        house.supervisor.start(Database(server))
        first = server.pid
        assert first is not None
        os.kill(first, signal.SIGKILL)
        house.supervisor.watch(until=lambda: server.pid not in {None, first} and server.is_ready())
    assert "postgres ended unexpectedly" in house.said[0]


def test_a_step_answers_on_stdout_and_logs_the_rest(house: House) -> None:
    answer = house.supervisor.run_step(
        "seed",
        [sys.executable, "-c", "import sys; print('{}' * 50000); print('done', file=sys.stderr)"],
        dict(os.environ),
    )
    assert answer == b"{}" * 50000 + b"\n"
    assert house.log("seed") == "done\n"


def test_a_step_that_fails_is_reported_with_its_last_words(house: House) -> None:
    with pytest.raises(SupervisorError, match=r"migrate ended with status 1(.|\n)*no table"):
        house.supervisor.run_step(
            "migrate", [sys.executable, "-c", "raise SystemExit('no table')"], dict(os.environ)
        )


def _terminate_myself() -> bool:
    signal.raise_signal(signal.SIGTERM)
    return False


def test_signals_stop_once_and_are_given_back(tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)
    with House(tmp_path).supervisor as supervisor:
        signal.raise_signal(signal.SIGCHLD)  # any other signal is none of its business
        with pytest.raises(StopRequestedError):
            supervisor.watch(until=_terminate_myself)
        signal.raise_signal(signal.SIGTERM)  # heard the first time
    assert signal.getsignal(signal.SIGTERM) is before


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
def test_no_program_outlives_the_supervisor(tmp_path: Path, sign: signal.Signals) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\n"
        "from parley.core.process_logs import ProcessLogs\nfrom parley.core.services import Program\n"
        "from parley.core.supervisor import Supervisor\n"
        "with Supervisor(ProcessLogs(Path(sys.argv[1])), print) as supervisor:\n"
        "    child = Program('web', [sys.executable, '-c', 'import signal; signal.pause()'], dict(os.environ))\n"
        "    supervisor.start(child)\n"
        "    print(child.pid, flush=True)\n"
        "    supervisor.watch()\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )
    assert process.stdout is not None
    child = int(process.stdout.readline())
    process.send_signal(sign)
    process.wait()
    process.stdout.close()
    assert has_ended(child)
