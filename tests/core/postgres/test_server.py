"""The embedded server's promises: closed to others, gone with its launcher, back with its data after any death."""

import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from parley.core.postgres import EmbeddedPostgres, PostgresError, ThrowawayPostgres, start_throwaway
from parley.core.postgres.account import choose_account

PASSWORD = "it's a p@ss/word"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[ThrowawayPostgres]:
    running = start_throwaway(tmp_path / "data")
    yield running
    running.stop()


async def connect(server: ThrowawayPostgres) -> asyncpg.Connection:
    return await asyncpg.connect(server.url("postgres", server.password, "parley"))


def await_end(pid: int, seconds: float = 20.0) -> bool:
    """Wait for the end of a process that need not be our child."""
    try:
        handle = os.pidfd_open(pid)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([handle], [], [], seconds)[0])
    finally:
        os.close(handle)


async def test_a_new_server_speaks_utf8_sorts_by_code_point_and_has_checksums(
    server: ThrowawayPostgres,
) -> None:
    connection = await connect(server)
    try:
        row = await connection.fetchrow(
            "SELECT datlocprovider::text AS provider, datlocale, current_setting('server_encoding') AS encoding,"
            " current_setting('data_checksums') AS checksums FROM pg_database WHERE datname = 'parley'"
        )
        await connection.execute("CREATE EXTENSION vector")
    finally:
        await connection.close()
    assert row is not None
    assert dict(row) == {"provider": "b", "datlocale": "C.UTF-8", "encoding": "UTF8", "checksums": "on"}


async def test_the_socket_asks_for_the_password(server: ThrowawayPostgres) -> None:
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(server.url("postgres", "wrong", "parley"))


async def test_a_password_of_any_characters_survives_the_address(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "data", PASSWORD) as server:
        connection = await asyncpg.connect(server.url("postgres", PASSWORD, "parley"))
        assert await connection.fetchval("SELECT current_user") == "postgres"
        await connection.close()


def test_others_can_reach_neither_the_data_nor_the_socket(server: ThrowawayPostgres) -> None:
    sockets = Path(server.url("u", "p", "d").rpartition("host=")[2])
    account = choose_account(server.cluster)
    for folder in (server.cluster, sockets):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert folder.stat().st_uid == account.uid
    assert server.data.stat().st_mode & 0o777 == 0o700
    assert server.pid is not None
    assert Path(f"/proc/{server.pid}").stat().st_uid == account.uid != 0


async def test_the_product_never_trades_durability_for_speed(tmp_path: Path) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        with pytest.raises(PostgresError, match=name):
            EmbeddedPostgres(tmp_path, PASSWORD, settings={name: "off"})
    with EmbeddedPostgres(tmp_path / "data", PASSWORD) as server:
        connection = await asyncpg.connect(server.url("postgres", PASSWORD, "parley"))
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            assert await connection.fetchval("SELECT current_setting($1)", name) == "on"
        await connection.close()


def test_a_second_launcher_is_refused(server: ThrowawayPostgres) -> None:
    with pytest.raises(PostgresError, match="Another process"):
        start_throwaway(server.data)
    assert server.pid is not None


def test_stopping_leaves_no_process_no_socket_and_a_folder_that_starts_again(
    server: ThrowawayPostgres,
) -> None:
    pid, sockets = server.pid, Path(server.url("u", "p", "d").rpartition("host=")[2])
    server.stop()
    assert pid is not None
    assert server.pid is None
    assert await_end(pid)
    assert not sockets.exists()
    server.start()
    assert server.pid not in {None, pid}


async def test_what_was_committed_is_there_after_kill_9(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", PASSWORD)
    server.start()
    try:
        connection = await asyncpg.connect(server.url("postgres", PASSWORD, "parley"))
        await connection.execute("CREATE TABLE kept (n int)")
        await connection.execute("INSERT INTO kept VALUES (42)")
        killed = server.pid
        assert killed is not None
        os.kill(killed, signal.SIGKILL)
        connection.terminate()
        assert await_end(killed)
        server.stop()
        server.start()
        connection = await asyncpg.connect(server.url("postgres", PASSWORD, "parley"))
        assert await connection.fetchval("SELECT n FROM kept") == 42
        await connection.close()
    finally:
        server.stop()


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="the kernel's parent-death signal is Linux's own"
)
def test_a_killed_launcher_takes_the_server_down_cleanly(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from parley.core.postgres import start_throwaway\n"
        "print(start_throwaway(Path(sys.argv[1])).pid, flush=True); sys.stdin.read()"
    )
    launcher = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "data")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert launcher.stdout is not None
    assert launcher.stdin is not None
    pid = int(launcher.stdout.readline())
    launcher.kill()
    launcher.wait()
    launcher.stdin.close()
    launcher.stdout.close()
    assert await_end(pid)
    assert not (tmp_path / "data" / "pg" / "postmaster.pid").exists(), "it was killed, not stopped"


def test_a_pid_file_that_names_a_living_stranger_does_not_bar_the_start(server: ThrowawayPostgres) -> None:
    assert server.pid is not None
    os.kill(server.pid, signal.SIGKILL)
    server.stop()
    pid_file = server.cluster / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    stranger = subprocess.Popen(["sleep", "60"], **choose_account(server.cluster).as_child())
    try:
        pid_file.write_text("\n".join([str(stranger.pid), *lines[1:]]) + "\n")
        server.start()
        assert server.pid is not None
        assert stranger.poll() is None, "the stranger was harmed"
    finally:
        stranger.kill()
        stranger.wait()


def test_an_empty_pid_file_does_not_bar_the_start(server: ThrowawayPostgres) -> None:
    server.stop()
    (server.cluster / "postmaster.pid").write_text("")
    server.start()
    assert server.pid is not None


def test_a_server_that_lost_its_launcher_is_ended_before_the_next_starts(server: ThrowawayPostgres) -> None:
    orphan = server.pid
    assert orphan is not None
    assert server._lock is not None
    os.close(server._lock)
    server._lock = None
    successor = start_throwaway(server.data)
    try:
        assert await_end(orphan)
        assert successor.pid not in {None, orphan}
    finally:
        successor.stop()


def test_a_creation_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    unfinished = tmp_path / "data" / "pg.new"
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    server = start_throwaway(tmp_path / "data")
    server.stop()
    assert not unfinished.exists()


def test_foreign_files_and_foreign_versions_are_left_alone(tmp_path: Path) -> None:
    foreign = tmp_path / "data" / "pg"
    foreign.mkdir(parents=True)
    (foreign / "letter.txt").write_text("mine")
    with pytest.raises(PostgresError, match="holds files but no database"):
        start_throwaway(tmp_path / "data")
    (foreign / "PG_VERSION").write_text("15\n")
    with pytest.raises(PostgresError, match="bin/parley upgrade"):
        start_throwaway(tmp_path / "data")
    assert (foreign / "letter.txt").read_text() == "mine"


def test_a_folder_with_a_very_long_path_works(tmp_path: Path) -> None:
    server = start_throwaway(tmp_path / ("long" * 30) / ("longer" * 20))
    server.stop()


def test_a_start_that_fails_leaves_nothing_running(tmp_path: Path) -> None:
    server = EmbeddedPostgres(tmp_path / "data", PASSWORD, settings={"shared_buffers": "nonsense"})
    with pytest.raises(PostgresError, match="ended while it started"):
        server.start()
    assert server.pid is None
    start_throwaway(tmp_path / "data").stop()


def test_only_the_main_thread_may_start_a_server(tmp_path: Path) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            start_throwaway(tmp_path / "data").stop()
        except Exception as error:
            failures.append(error)

    thread = threading.Thread(target=start)
    thread.start()
    thread.join()
    assert "main thread" in str(failures[0])
