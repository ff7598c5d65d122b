"""One file per scenario; each gives its figures. What a scenario may use of the rest is `Bench`."""

import dataclasses
from collections.abc import Callable

from bench.arguments import Sizes
from bench.floors import Floors


@dataclasses.dataclass(frozen=True, slots=True)
class Bench:
    """What every scenario is given."""

    sizes: Sizes
    floors: Floors
    say: Callable[[str], None]
    """Takes a sentence for the person at the terminal."""
