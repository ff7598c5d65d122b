"""The command line of the benchmark: which scenarios, of which size."""

import argparse
import dataclasses
from collections.abc import Sequence
from pathlib import Path

SCENARIOS = {
    "floors": "what this machine does without the product",
    "S1": "acknowledge signed webhooks: latency at a steady rate, then the ceiling",
    "S2": "a burst of webhooks: how many are acknowledged, whether any is lost, how long it drains",
    "S3": "from the webhook to the frame on every agent's socket",
    "S4": "lists of conversations, near and deep, while messages come in",
    "S4L": "the same on a million messages",
    "S20": "footprint and start of the demo",
}
USUAL = tuple(name for name in SCENARIOS if name != "S4L")


@dataclasses.dataclass(frozen=True, slots=True)
class Sizes:
    """How large the scenarios are; the defaults are those that figures are quoted for."""

    runs: int = 1
    s1_rate: int = 320
    s1_seconds: float = 20.0
    ceiling_seconds: float = 5.0
    s2_rate: int = 3300
    s2_seconds: float = 10.0
    s3_rate: int = 20
    s3_seconds: float = 20.0
    s3_agents: int = 50
    s4_messages: int = 200_000
    s4_conversations: int = 40_000
    s4_requests: int = 450
    s4_ingest: int = 50
    s4l_messages: int = 1_000_000
    s4l_conversations: int = 100_000
    s20_settle: float = 8.0
    web_processes: int = 1
    worker_processes: int = 1


_HELP = {
    "runs": "how often each scenario runs; medians are shown",
    "s1_rate": "webhooks per second",
    "s1_seconds": "for how long",
    "ceiling_seconds": "how long wrk looks for the ceiling, for each number of connections",
    "s2_rate": "webhooks per second, one change each",
    "s2_seconds": "for how long",
    "s3_rate": "messages per second",
    "s3_seconds": "for how long",
    "s3_agents": "connected agents",
    "s4_messages": "stored messages",
    "s4_conversations": "stored conversations; page 1,000 of the open ones needs 36,000",
    "s4_requests": "list requests",
    "s4_ingest": "messages per second that come in meanwhile",
    "s4l_messages": "stored messages of S4L",
    "s4l_conversations": "stored conversations of S4L",
    "s20_settle": "idle seconds before memory is measured",
    "web_processes": "web processes of the installation",
    "worker_processes": "worker processes of the installation",
}


@dataclasses.dataclass(frozen=True, slots=True)
class Arguments:
    """What was asked for."""

    scenarios: tuple[str, ...]
    json: Path | None
    sizes: Sizes


def read_arguments(words: Sequence[str] | None = None) -> Arguments:
    """Read the command line; ends the process with status 2 when it cannot be understood."""
    parser = argparse.ArgumentParser(
        prog="bin/bench",
        description="Measure Parley on this machine, each figure beside its floor.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="scenarios:\n" + "\n".join(f"  {name:<8}{told}" for name, told in SCENARIOS.items()),
    )
    parser.add_argument("scenarios", nargs="*", metavar="SCENARIO", help="all but S4L when none is named")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too, as JSON")
    for field in dataclasses.fields(Sizes):
        kind = type(field.default)
        parser.add_argument(
            f"--{field.name.replace('_', '-')}",
            type=_positive(kind),
            default=field.default,
            metavar="N",
            help=f"{_HELP[field.name]} ({field.default:,g})",
        )
    found = vars(parser.parse_args(words))
    chosen = tuple(_canonical(parser, name) for name in found.pop("scenarios")) or USUAL
    json = found.pop("json")
    return Arguments(tuple(dict.fromkeys(chosen)), json, Sizes(**found))


def _canonical(parser: argparse.ArgumentParser, name: str) -> str:
    found = next((known for known in SCENARIOS if known.lower() == name.lower()), None)
    if found is None:
        parser.error(f"There is no scenario {name}. There are {', '.join(SCENARIOS)}.")
    return found


def _positive(kind: type) -> type:
    def read(text: str) -> object:
        value = kind(text)
        if value <= 0:
            raise ValueError(text)
        return value

    read.__name__ = "positive number"
    return read  # type: ignore[return-value]  # argparse only calls it
