"""The closed loop, for ceilings: Debian's `wrk` with one thread, sending requests that were made beforehand."""

import asyncio
import dataclasses
import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from parley.core.errors import AppError

_SCRIPT = """
local threads, requests = {}, {}
sent = 0
function setup(thread) table.insert(threads, thread) end
function init(args)
  local file = assert(io.open(args[1], "rb"))
  while true do
    local size = file:read(8)
    if not size then break end
    requests[#requests + 1] = file:read(tonumber(size))
  end
  file:close()
end
function request()
  sent = sent + 1
  return requests[(sent - 1) % #requests + 1]
end
function done(summary, latency)
  local bad = summary.errors
  io.write(string.format("FOUND %d %d %d %d %d %d %d\\n", summary.requests, summary.duration, threads[1]:get("sent"),
    bad.status, bad.connect + bad.read + bad.write + bad.timeout, latency:percentile(50), latency:percentile(99)))
end
"""


class WrkMissingError(AppError):
    """`wrk` is not installed."""

    code = "wrk_missing"
    status = 500
    message = (
        "The ceilings need wrk, which is not installed. Install it (apt-get install wrk), or leave S1 out."
    )


@dataclasses.dataclass(frozen=True, slots=True)
class Ceiling:
    """What a closed loop found."""

    connections: int
    completed: int
    seconds: float
    sent: int
    refused: int
    """Answers with a status of 400 or more; they count among `completed`."""
    broken: int
    p50_ms: float
    p99_ms: float

    @property
    def per_second(self) -> float:
        """Tell how many good answers a second there were."""
        return (self.completed - self.refused) / self.seconds


def require_wrk() -> str:
    """Find the program, or raise `WrkMissingError` with the way to get it."""
    found = shutil.which("wrk")
    if found is None:
        raise WrkMissingError
    return found


async def closed_loop(port: int, requests: Iterable[bytes], *, connections: int, seconds: float) -> Ceiling:
    """Send the requests in turn as fast as they are answered."""
    program = require_wrk()
    with tempfile.TemporaryDirectory(prefix="parley-wrk-") as folder:
        script, bodies = _write(Path(folder), requests)
        process = await asyncio.create_subprocess_exec(
            program,
            "--threads=1",
            f"--connections={connections}",
            f"--duration={max(1, round(seconds))}s",
            "--timeout=15s",
            f"--script={script}",
            f"http://127.0.0.1:{port}",
            "--",
            str(bodies),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={"PATH": os.environ.get("PATH", "")},
        )
        try:
            out, err = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
    return _read(connections, out.decode(), err.decode())


def _write(folder: Path, requests: Iterable[bytes]) -> tuple[Path, Path]:
    script, bodies = folder / "script.lua", folder / "requests"
    script.write_text(_SCRIPT, encoding="ascii")
    with bodies.open("wb") as file:
        for request in requests:
            file.write(b"%08d" % len(request) + request)
    return script, bodies


def _read(connections: int, said: str, complained: str) -> Ceiling:
    line = next((line for line in said.splitlines() if line.startswith("FOUND ")), None)
    if line is None:
        raise AppError(f"wrk ended without a result: {said[-500:]}{complained[-500:]}")
    completed, micros, sent, refused, broken, p50, p99 = map(int, line.split()[1:])
    return Ceiling(connections, completed, micros / 1e6, sent, refused, broken, p50 / 1000, p99 / 1000)
