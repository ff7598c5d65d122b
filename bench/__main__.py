"""Runs what was asked for, prints the table, writes the list."""

import gc
import json
import os
import signal
import sys
import time

import uvloop

from bench import floors
from bench.arguments import Arguments, Sizes, read_arguments
from bench.figures import Figure, as_json, as_table, over_runs
from bench.installation import Installation, installation
from bench.scenarios import Bench, s1, s2, s3, s4, s20
from parley.core.errors import AppError


def main() -> int:
    """Measure, and give the exit status: 0 done, 1 something does not run."""
    asked = read_arguments()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        figures = _measure(asked)
    except AppError as error:
        print(error.detail, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 1
    print(as_table(figures))
    if asked.json is not None:
        asked.json.write_text(json.dumps(as_json(figures), indent=1) + "\n", encoding="utf-8")
    return 0


def _measure(asked: Arguments) -> list[Figure]:
    _say(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f} at the beginning")
    sizes = asked.sizes
    runs: list[list[Figure]] = []
    for number in range(sizes.runs):
        if sizes.runs > 1:
            _say(f"Run {number + 1} of {sizes.runs}")
        runs.append(_run(asked.scenarios, sizes))
    return over_runs(runs)


def _run(scenarios: tuple[str, ...], sizes: Sizes) -> list[Figure]:
    found: list[Figure] = []
    limits: floors.Floors | None = None
    if set(scenarios) != {"S20"}:
        limits = _floors(sizes)
        found += limits.figures()
    for name in scenarios:
        if name == "S20":
            _say("S20: the demo, started twice")
            found += s20.run(sizes.s20_settle, _say)
        elif name != "floors" and limits is not None:
            found += _scenario(name, Bench(sizes, limits, _say))
        gc.collect()
    return found


def _floors(sizes: Sizes) -> floors.Floors:
    _say("Floors")
    with installation(web=0, worker=0) as made:
        return uvloop.run(
            floors.measure(
                made,
                rate=sizes.s1_rate,
                burst=sizes.s2_rate,
                sockets=sizes.s3_agents,
                told=sizes.s3_rate,
            )
        )


def _scenario(name: str, bench: Bench) -> list[Figure]:
    sizes = bench.sizes
    _say(f"{name}: a fresh installation")
    with installation(web=sizes.web_processes, worker=sizes.worker_processes) as made:
        before = time.perf_counter()
        try:
            figures = uvloop.run(_by_name(name, bench, made))
        finally:
            for line in made.complaints():
                _say(f"{name}: {line[:300]}")
        _say(f"{name}: done in {time.perf_counter() - before:.0f} s, load {os.getloadavg()[0]:.1f}")
    return figures


async def _by_name(name: str, bench: Bench, made: Installation) -> list[Figure]:
    if name == "S1":
        return await s1.run(bench, made)
    if name == "S2":
        return await s2.run(bench, made)
    if name == "S3":
        return await s3.run(bench, made)
    return await s4.run(bench, made, scenario=name)


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
