"""What a person sees while the house starts: one line per step with the time it took, then where to go."""

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from typing import Any


class Terminal:
    """Prints to stdout at once; a terminal that went away is no reason to fail."""

    def __init__(self) -> None:
        self._rewrites = sys.stdout.isatty()

    def say(self, sentence: str = "") -> None:
        """Print one line."""
        with contextlib.suppress(OSError):
            print(sentence, flush=True)

    @contextlib.contextmanager
    def step(self, doing: str) -> Iterator[None]:
        """Show what is being done, and when it is done how long it took."""
        start = time.monotonic()
        if self._rewrites:
            with contextlib.suppress(OSError):
                print(f"  {doing} …", end="", flush=True)
        try:
            yield
        except BaseException:
            if self._rewrites:
                self.say()
            raise
        before = "\r" if self._rewrites else ""
        self.say(f"{before}  {doing:<44}{time.monotonic() - start:6.1f} s")

    def welcome(self, address: str, seeded: dict[str, Any] | None) -> None:
        """Say that all is ready, and in the demo how to come in."""
        self.say()
        self.say(f"Parley is ready at {address}")
        if seeded:
            for line in _ways_in(seeded):
                self.say(line)
        self.say()


def read_seed(answer: bytes) -> dict[str, Any]:
    """Read what `parley seed` printed: one JSON object on its last line."""
    lines = answer.decode(errors="replace").strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _ways_in(seeded: dict[str, Any]) -> Iterator[str]:
    if link := seeded.get("sign_in_link"):
        yield f"  Sign in with one click   {link}"
    if phone := seeded.get("phone"):
        yield f"  The customer's phone     {phone}"
    if token := seeded.get("token"):
        yield f"  API token                {token}"
    members = seeded.get("members")
    if isinstance(members, list) and members:
        yield "  Members of the demo"
        for member in members:
            yield "    " + "  ".join(
                str(member[key]) for key in ("role", "email", "password") if member.get(key)
            )
