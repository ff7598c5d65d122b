"""What every command shares: how its options become settings, and how a coroutine is run from it."""

import argparse
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from parley.core.datafolder import holder_of, is_demo_folder
from parley.core.settings import Settings, load_settings

DEFAULT_DATA = ".parley"


class UsageError(Exception):
    """The command line cannot be understood; ends with status 2."""


def add_data(parser: argparse.ArgumentParser) -> None:
    """Add `--data`, which every command has."""
    parser.add_argument("--data", metavar="DIR", help=f"the data folder (PARLEY_DATA, else {DEFAULT_DATA})")


def settings_from(options: argparse.Namespace, *, mode: str | None = None) -> Settings:
    """Read the settings with the command line's options on top.

    `mode` is fixed by the command that knows it. Other commands follow the environment, and without a word from it
    the folder itself: the demo's is marked, and whoever runs on it tells the port.
    """
    environ: dict[str, str] = {}
    if options.data:
        environ["PARLEY_DATA"] = options.data
    if getattr(options, "port", None):
        environ["PARLEY_PORT"] = str(options.port)
    if getattr(options, "quiet_demo", False):
        environ["PARLEY_TRAFFIC"] = "0"
    if mode is not None:
        environ["PARLEY_MODE"] = mode
    os.environ.update(environ)
    data = Path(os.environ.get("PARLEY_DATA", DEFAULT_DATA))
    if (
        mode is None
        and "PARLEY_MODE" not in os.environ
        and (data / "pg").exists()
        and not is_demo_folder(data)
    ):
        os.environ["PARLEY_MODE"] = "production"
    if "PARLEY_PORT" not in os.environ and mode is None and (holder := holder_of(data)):
        os.environ["PARLEY_PORT"] = str(holder.port)
    return load_settings()


def run(work: Coroutine[Any, Any, int]) -> int:
    """Run a coroutine to its end and return its exit status."""
    import asyncio  # noqa: PLC0415  # the supervisor, which imports this file, does without

    return asyncio.run(work)


def complain(sentence: str) -> None:
    """Tell the person at the terminal what went wrong."""
    print(sentence, file=sys.stderr)
