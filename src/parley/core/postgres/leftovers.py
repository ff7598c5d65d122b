"""What an earlier server may have left in the cluster: a pid file, or processes that still run. Called under the lock."""

import os
import signal
import time
from pathlib import Path

from parley.core.postgres.errors import PostgresError

_PID_FILE = "postmaster.pid"
_PATIENCE = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))


def clear_leftovers(cluster: Path) -> None:
    """End what still runs on the cluster and disarm a pid file whose number now belongs to somebody else.

    Only the holder of the launcher's lock may call this: then whatever still runs here has lost its launcher.
    """
    for sign, seconds in ((None, 1.0), *_PATIENCE):  # first a moment for what is already on its way out
        running = _running_on(cluster)
        if not running:
            break
        recorded = recorded_pid(cluster)
        for pid in [recorded] if recorded in running else running:
            if sign is not None and pid is not None:
                _signal(pid, sign)
        _wait_until_gone(cluster, seconds)
    if left := _running_on(cluster):
        raise PostgresError(
            f"An earlier PostgreSQL (process {left[0]}) still uses {cluster} and does not end. End it by hand."
        )
    _disarm(cluster / _PID_FILE)


def recorded_pid(cluster: Path) -> int | None:
    """Read the process number in the pid file, None when there is no usable one."""
    try:
        return abs(int((cluster / _PID_FILE).read_text(encoding="utf-8", errors="replace").splitlines()[0]))
    except (OSError, ValueError, IndexError):
        return None


def _running_on(cluster: Path) -> list[int]:
    """List the processes whose working directory is the cluster: all of a PostgreSQL's processes, and nobody else's."""
    if not Path("/proc/self").exists():
        pid = recorded_pid(cluster)
        return [pid] if pid is not None and _alive(pid) else []
    wanted = cluster.stat()
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            here = (entry / "cwd").stat()
            name = (entry / "comm").read_text(encoding="utf-8", errors="replace").strip()
        except OSError:  # gone, a zombie, or somebody else's, which ours never is
            continue
        if os.path.samestat(wanted, here) and name == "postgres":
            found.append(int(entry.name))
    return found


def _wait_until_gone(cluster: Path, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while _running_on(cluster) and time.monotonic() < deadline:
        time.sleep(0.02)


def _disarm(pid_file: Path) -> None:
    """Put our own number in the pid file's first line.

    PostgreSQL refuses to start while the number in it is alive as anything, but it ignores its parent's. The rest
    stays: through it the server still finds out whether a process of its predecessor is attached to shared memory.
    """
    try:
        lines = pid_file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        return
    if not lines:  # cut short while it was being written: it protects nothing, and PostgreSQL refuses it
        pid_file.unlink()
        return
    with pid_file.open("r+", encoding="utf-8") as file:  # in place, so that its owner stays
        file.write("\n".join([str(os.getpid()), *lines[1:]]) + "\n")
        file.truncate()


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # somebody else's, which ours never is
    return True


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except ProcessLookupError:
        return
