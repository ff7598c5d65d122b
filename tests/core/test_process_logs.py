"""Logs of child processes: whole lines, never more than a few files of a known size."""

from pathlib import Path

import pytest

from parley.core.process_logs import KEPT, ProcessLogs


def test_files_rotate_and_only_a_few_are_kept(tmp_path: Path) -> None:
    logs = ProcessLogs(tmp_path, max_bytes=10)
    for number in range(6):
        logs.write("web", f"line {number} long enough\n".encode())
    logs.close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["web.log", *(f"web.log.{age}" for age in range(1, KEPT + 1))]
    assert (tmp_path / "web.log.1").read_text() == "line 5 long enough\n"


def test_a_log_is_continued_and_closed_to_others(tmp_path: Path) -> None:
    for word in ("first", "second"):
        logs = ProcessLogs(tmp_path)
        logs.write("web", f"{word}\n".encode())
        logs.close()
    assert (tmp_path / "web.log").read_text() == "first\nsecond\n"
    assert (tmp_path / "web.log").stat().st_mode & 0o077 == 0


def test_the_terminal_shows_whose_line_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    ProcessLogs(None).write("worker", b"one\ntwo\n")
    assert capfdbinary.readouterr().out == b"worker     | one\nworker     | two\n"


def test_the_last_words_are_remembered(tmp_path: Path) -> None:
    logs = ProcessLogs(tmp_path)
    logs.write("web", b"".join(b"%d\n" % number for number in range(100)))
    logs.close()
    assert "  99\n" in logs.tail("web")
    assert "  79\n" not in logs.tail("web")
