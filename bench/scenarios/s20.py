"""S20: what the demo takes of a machine: memory of all its processes once seeded, and how long it takes to start."""

import contextlib
import os
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from bench.figures import Figure
from bench.installation import BenchError, start, stop
from bench.processes import family, pss_mb
from parley.core.settings import PREFIX

_ROOT = Path(__file__).parents[2]
_READY = b"Parley is ready"
_PATIENCE = 300.0


def run(settle: float, say: Callable[[str], None]) -> list[Figure]:
    """Start the demo twice in an empty folder, measure it `settle` seconds after the second start.

    Everything that `bin/run` installs or builds is there already.
    """
    folder = Path(tempfile.mkdtemp(prefix="parley-bench-"))
    try:
        with _demo(folder) as (_, cold):
            pass
        with _demo(folder) as (demo, second):
            time.sleep(settle)
            pids = family(demo.pid)
            for pid in pids:
                say(f"S20: {pss_mb([pid]):6.1f} MB  {_name(pid)}")
            total = pss_mb(pids)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return [
        Figure("S20", "pss_mb", total, "MB"),
        Figure("S20", "cold_start_s", cold, "s"),
        Figure("S20", "second_start_s", second, "s"),
    ]


@contextlib.contextmanager
def _demo(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], float]]:
    """Run the demo while the block runs; gives it and the seconds until it said that it is ready."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    words = [str(_ROOT / "bin" / "run"), "--port", str(_free_ports()), "--data", str(folder / "data")]
    reading, writing = os.pipe()
    began = time.perf_counter()
    demo = start(words, kept, writing)
    os.close(writing)
    try:
        yield demo, _await_ready(demo, reading, began)
    finally:
        if demo.poll() is None:
            demo.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                demo.wait(40)
        stop([demo])
        os.close(reading)


def _await_ready(demo: subprocess.Popen[bytes], output: int, began: float) -> float:
    said = b""
    while _READY not in said:
        if time.perf_counter() - began > _PATIENCE:
            raise BenchError(
                f"The demo is not ready after {_PATIENCE:.0f} s: {said[-2000:].decode(errors='replace')}"
            )
        if select.select([output], [], [], 0.5)[0]:
            chunk = os.read(output, 65536)
            said += chunk
            if not chunk:
                demo.wait()
                raise BenchError(f"The demo ended: {said[-2000:].decode(errors='replace')}")
    return time.perf_counter() - began


def _free_ports() -> int:
    """Find a free port whose successor is free too: that is where the simulators listen."""
    while True:
        with socket.create_server(("127.0.0.1", 0)) as first, contextlib.suppress(OSError):
            port: int = first.getsockname()[1]
            with socket.create_server(("127.0.0.1", port + 1)):
                return port


def _name(pid: int) -> str:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        return words.strip()[-60:]
    return "?"
