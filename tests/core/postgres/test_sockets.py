"""The socket's folder: short, ours, closed."""

import os
from pathlib import Path

import pytest

from parley.core.postgres import PostgresError
from parley.core.postgres.account import Account
from parley.core.postgres.sockets import prepare_socket_folder, socket_folder

ME = Account(os.geteuid(), os.getegid(), drop=False)


def test_its_name_is_short_however_long_the_data_folder_is_called(tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / ("x" * 200) / "pg")
    assert len(os.fsencode(folder / ".s.PGSQL.5432")) < 64


def test_two_clusters_never_share_one(tmp_path: Path) -> None:
    assert socket_folder(tmp_path / "a") != socket_folder(tmp_path / "b")


def test_a_running_servers_word_counts(tmp_path: Path) -> None:
    (tmp_path / "postmaster.pid").write_text("1\n/data\n0\n5432\n/somewhere/else\n")
    assert socket_folder(tmp_path) == Path("/somewhere/else")


def test_a_link_put_there_by_somebody_else_is_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "pg"
    folder = socket_folder(cluster)
    folder.parent.mkdir(exist_ok=True)
    folder.symlink_to(tmp_path)
    try:
        with pytest.raises(PostgresError, match="belongs to somebody else"):
            prepare_socket_folder(cluster, ME)
    finally:
        folder.unlink()


def test_it_is_closed_again_when_it_was_left_open(tmp_path: Path) -> None:
    folder = socket_folder(tmp_path / "pg")
    folder.parent.mkdir(exist_ok=True)
    folder.mkdir(mode=0o777)
    folder.chmod(0o777)
    try:
        prepare_socket_folder(tmp_path / "pg", ME)
        assert folder.stat().st_mode & 0o777 == 0o700
    finally:
        folder.rmdir()


def test_a_folder_of_somebody_else_is_refused(tmp_path: Path) -> None:
    cluster = tmp_path / "pg"
    folder = socket_folder(cluster)
    folder.parent.mkdir(exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        with pytest.raises(PostgresError, match="belongs to somebody else"):
            prepare_socket_folder(cluster, Account(os.geteuid() + 1, os.getegid(), drop=False))
    finally:
        folder.rmdir()
