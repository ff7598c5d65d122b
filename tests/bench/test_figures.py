"""Statistics of the benchmark, its table and its list."""

import json

import pytest
from bench.figures import Figure, as_json, as_table, over_runs, percentile, spread


def test_a_percentile_is_the_nearest_rank() -> None:
    values = [float(n) for n in range(100, 0, -1)]
    assert [percentile(values, share) for share in (0, 0.5, 0.95, 0.99, 1)] == [1, 50, 95, 99, 100]
    assert percentile([3.0], 0.01) == percentile([3.0], 0.99) == 3
    assert (spread(values).p50, spread(values).p95, spread(values).p99) == (50, 95, 99)


@pytest.mark.parametrize(("values", "share"), [([], 0.5), ([1.0], 1.1), ([1.0], -0.1)])
def test_a_percentile_of_nothing_is_refused(values: list[float], share: float) -> None:
    with pytest.raises(ValueError, match="a percentile needs"):
        percentile(values, share)


def test_runs_are_joined_by_their_medians() -> None:
    runs = [[Figure("S1", "p50_ms", value, "ms", floor)] for value, floor in ((3, 1.0), (1, 2.0), (9, 4.0))]
    assert over_runs(runs) == [Figure("S1", "p50_ms", 3, "ms", 2.0)]


@pytest.mark.parametrize("metric", ["lost", "doubled", "missed"])
def test_of_what_must_never_happen_the_worst_run_counts(metric: str) -> None:
    runs = [[Figure("S2", metric, value, "messages")] for value in (0, 0, 1)]
    assert over_runs(runs)[0].value == 1


def test_the_list_has_the_promised_names_and_is_json() -> None:
    found = as_json([Figure("S1", "ceiling_per_s", 6000, "/s", 24000), Figure("S1", "lost", 0, "messages")])
    assert json.loads(json.dumps(found)) == [
        {
            "scenario": "S1",
            "metric": "ceiling_per_s",
            "value": 6000,
            "unit": "/s",
            "floor": 24000,
            "ratio": 0.25,
        },
        {"scenario": "S1", "metric": "lost", "value": 0, "unit": "messages", "floor": None, "ratio": None},
    ]


def test_the_table_shows_figure_floor_and_ratio_in_a_line() -> None:
    table = as_table(
        [
            Figure("S1", "p99_ms", 12.5, "ms", 2.5),
            Figure("S2", "acked_ratio", 0.9993, ""),
            Figure("S2", "lost", 0, ""),
        ]
    )
    head, _, first, second, third = table.splitlines()
    assert head.split() == ["figure", "value", "unit", "floor", "ratio"]
    assert first.split() == ["S1", "p99_ms", "12.50", "ms", "2.50", "5"]
    assert second.split() == ["S2", "acked_ratio", "0.9993"]
    assert third.split() == ["S2", "lost", "0"]
