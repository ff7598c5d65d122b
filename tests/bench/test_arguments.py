"""The benchmark's command line."""

from pathlib import Path

import pytest
from bench.arguments import SCENARIOS, USUAL, Sizes, read_arguments


def test_without_words_everything_usual_runs_in_the_quoted_sizes() -> None:
    found = read_arguments([])
    assert found.scenarios == USUAL == ("floors", "S1", "S2", "S3", "S4", "S20")
    assert found.json is None
    assert found.sizes == Sizes()


def test_scenarios_are_taken_in_the_given_order_whatever_their_case_and_once() -> None:
    assert read_arguments(["s3", "S1", "S3", "s4l"]).scenarios == ("S3", "S1", "S4L")


def test_sizes_and_file_are_arguments() -> None:
    found = read_arguments(["S4", "--s4-messages", "1000", "--s1-seconds", "2.5", "--json", "out.json"])
    assert (found.sizes.s4_messages, found.sizes.s1_seconds) == (1000, 2.5)
    assert found.json == Path("out.json")


@pytest.mark.parametrize("words", [["S99"], ["--runs", "0"], ["--s2-rate", "-1"], ["--s2-rate", "many"]])
def test_what_makes_no_sense_ends_with_status_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        read_arguments(words)
    assert ended.value.code == 2
    assert capsys.readouterr().err


def test_help_tells_every_scenario(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read_arguments(["--help"])
    told = capsys.readouterr().out
    assert all(sentence in told for sentence in SCENARIOS.values())
