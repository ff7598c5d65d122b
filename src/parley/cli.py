"""The command line: which word runs what. What a command does is in `parley.commands`."""

import argparse
import dataclasses
import importlib
import os
import sys
from collections.abc import Sequence

from parley.core.errors import AppError


@dataclasses.dataclass(frozen=True, slots=True)
class _Command:
    told: str
    where: str
    """The module of `parley.commands` that defines it, with the function that adds its options."""


_COMMANDS = {
    "demo": _Command("run the demo on this machine (what bin/run does)", "house:add_demo"),
    "up": _Command("run in production, behind your proxy", "house:add_up"),
    "web": _Command("run one web process", "processes:add_web"),
    "worker": _Command("run one worker process", "processes:add_worker"),
    "simulator": _Command("run the stand-in for Meta that the demo writes with", "processes:add_simulator"),
    "migrate": _Command("bring the database schema up to date", "database:add_migrate"),
    "seed": _Command("fill the demo and print its members", "database:add_seed"),
    "doctor": _Command("say what is missing and how to mend it", "doctor:add_doctor"),
    "token": _Command("make API tokens", "admin:add_token"),
    "workspace": _Command("make workspaces", "admin:add_workspace"),
    "openapi": _Command("print the API's OpenAPI document", "openapi:add_openapi"),
    "items": _Command("look at what came in, and process it again", "items:add_items"),
}


def main(words: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status: 0 done, 1 failed, 2 not understood."""
    words = list(sys.argv[1:] if words is None else words)
    options = _parser(words).parse_args(words)
    try:
        status: int = options.run(options)
        sys.stdout.flush()
    except AppError as error:
        print(f"{error.detail}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
        )  # else Python complains once more at its end
        return 1
    return status


def _parser(words: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/parley",
        description="Talk with every customer from one inbox.",
        epilog="`bin/parley COMMAND --help` explains a command. Settings are PARLEY_* variables.",
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)
    for name, command in _COMMANDS.items():
        one = commands.add_parser(
            name, help=command.told, description=f"{command.told[0].upper()}{command.told[1:]}."
        )
        if name in words:  # only what may be asked for is loaded
            module, _, function = command.where.partition(":")
            getattr(importlib.import_module(f"parley.commands.{module}"), function)(one)
    return parser


if __name__ == "__main__":
    sys.exit(main())
