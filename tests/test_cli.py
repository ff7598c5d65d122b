"""The command line: every command explains itself, and ends with 0, 1 or 2 as it should."""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

COMMANDS = (
    *(["demo"], ["up"], ["web"], ["worker"], ["simulator"], ["migrate"], ["seed"], ["doctor"]),
    *(
        ["token", "create"],
        ["workspace", "create"],
        ["items", "list"],
        ["items", "show"],
        ["items", "replay"],
    ),
)


def parley(*words: str, environ: Mapping[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PARLEY_")}
    return subprocess.run(
        [sys.executable, "-m", "parley.cli", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**kept, **(environ or {})},
    )


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_and_takes_a_data_folder(words: list[str]) -> None:
    done = parley(*words, "--help")
    assert done.returncode == 0
    assert "--data" in done.stdout


@pytest.mark.parametrize(
    "words", [[], ["nonsense"], ["token"], ["token", "create"], ["demo", "--port", "many"]]
)
def test_what_cannot_be_understood_ends_with_2(words: list[str]) -> None:
    done = parley(*words)
    assert done.returncode == 2
    assert "usage: bin/parley" in done.stderr


def test_production_says_what_it_needs(tmp_path: Path) -> None:
    done = parley("up", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "PARLEY_PUBLIC_URL" in done.stderr
    done = parley(
        "up",
        "--data",
        str(tmp_path),
        environ={"PARLEY_PUBLIC_URL": "https://talk.example.org", "PARLEY_TRUSTED_PROXIES": "none"},
    )
    assert done.returncode == 1
    assert "PARLEY_ROOT_KEY_FILE" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_setting_is_named(tmp_path: Path) -> None:
    done = parley("demo", "--data", str(tmp_path), environ={"PARLEY_PROT": "1"})
    assert done.returncode == 1
    assert "PARLEY_PROT" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_busy_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = parley("demo", "--data", str(tmp_path / "data"), "--port", port)
    assert done.returncode == 1
    assert f"Port {port}" in done.stderr
    assert not (tmp_path / "data" / "pg").exists()


def test_doctor_tells_what_to_mend_without_touching_anything(tmp_path: Path) -> None:
    done = parley("doctor", "--data", str(tmp_path / "data"), environ={"PARLEY_MODE": "production"})
    assert done.returncode == 1
    assert "mend  PARLEY_ROOT_KEY_FILE is not set" in done.stdout
    assert not (tmp_path / "data").exists()


def test_migrating_makes_and_leaves_a_database_that_is_up_to_date(tmp_path: Path) -> None:
    environ = {"PARLEY_MODE": "test", "PARLEY_DATA": str(tmp_path / "data")}
    for _ in range(2):
        done = parley("migrate", environ=environ)
        assert done.returncode == 0, done.stderr
    assert not (tmp_path / "data/pg/postmaster.pid").exists()
