"""What a benchmark says: figures, their statistics, the table for people and the list for programs. Measures nothing."""

import dataclasses
import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

_WORST = frozenset({"lost", "doubled", "missed"})
"""Figures of which no run is forgiven: the highest counts, not the median."""


@dataclasses.dataclass(frozen=True, slots=True)
class Figure:
    """One measured number. `floor` is what the same machine did in the same run without the product, in the same unit."""

    scenario: str
    metric: str
    value: float
    unit: str
    floor: float | None = None

    @property
    def ratio(self) -> float | None:
        """Tell `value` in multiples of its floor; None without one."""
        return None if not self.floor else self.value / self.floor


@dataclasses.dataclass(frozen=True, slots=True)
class Spread:
    """The usual percentiles of one series, in its unit."""

    p50: float
    p95: float
    p99: float


def percentile(values: Sequence[float], share: float) -> float:
    """Give the smallest value that at least `share` (0 to 1) of all values do not exceed: the nearest rank.

    Raises `ValueError` for no values or a share outside of 0 to 1.
    """
    if not values or not 0 <= share <= 1:
        raise ValueError("a percentile needs values and a share of 0 to 1")
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def spread(values: Sequence[float]) -> Spread:
    """Give median, 95th and 99th percentile."""
    ordered = sorted(values)
    return Spread(percentile(ordered, 0.5), percentile(ordered, 0.95), percentile(ordered, 0.99))


def over_runs(runs: Sequence[Sequence[Figure]]) -> list[Figure]:
    """Make one list out of those of several runs: medians, but the worst of what must never happen."""
    by_name: dict[tuple[str, str], list[Figure]] = {}
    for figure in (figure for run in runs for figure in run):
        by_name.setdefault((figure.scenario, figure.metric), []).append(figure)
    return [_one_of(found) for found in by_name.values()]


def _one_of(found: Sequence[Figure]) -> Figure:
    choose = max if found[0].metric in _WORST else statistics.median
    floors = [figure.floor for figure in found if figure.floor is not None]
    return dataclasses.replace(
        found[0],
        value=choose([figure.value for figure in found]),
        floor=statistics.median(floors) if floors else None,
    )


def as_json(figures: Iterable[Figure]) -> list[Mapping[str, Any]]:
    """Write the list for `--json`: scenario, metric, value, unit, floor, ratio of each."""
    return [{**dataclasses.asdict(figure), "ratio": figure.ratio} for figure in figures]


def as_table(figures: Iterable[Figure]) -> str:
    """Write the table for people, one figure a line, its floor and ratio at the end."""
    rows = [
        ("", "figure", "value", "unit", "floor", "ratio"),
        *((f.scenario, f.metric, _short(f.value), f.unit, _short(f.floor), _short(f.ratio)) for f in figures),
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(6)]
    right = {2, 4, 5}
    lines = [
        "  ".join(
            cell.rjust(width) if n in right else cell.ljust(width)
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([lines[0], "-" * max(map(len, lines)), *lines[1:]])


def _short(value: float | None) -> str:
    if value is None:
        return ""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4f}" if 0.99 < value < 1 else f"{value:.2f}"
