"""Who signs in where: every role with its own password, the operator's credentials only for the administrator."""

from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from parley.core.db.urls import ADMIN, embedded_url, role_url
from parley.core.postgres import ThrowawayPostgres, start_throwaway
from parley.core.rootkey import load_root_key
from parley.core.settings import Settings

OPERATORS = "postgres://boss:s%40fe@db.example:6432/talk?sslmode=verify-full"


def test_the_operators_address_is_for_the_administrator_alone(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, database_url=OPERATORS)
    assert role_url(settings, ADMIN) == "postgresql://boss:s%40fe@db.example:6432/talk?sslmode=verify-full"
    other = urlsplit(role_url(settings, "parley_app"))
    assert (other.hostname, other.port, other.path, other.query) == (
        "db.example",
        6432,
        "/talk",
        "sslmode=verify-full",
    )
    assert other.username == "parley_app"
    assert other.password == load_root_key(settings).database_password("parley_app")
    assert "boss" not in other.geturl()


def test_the_embedded_server_is_found_on_its_socket(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    derived = role_url(settings, "parley_ingest")
    given = role_url(Settings(data=tmp_path, database_url=embedded_url(settings)), "parley_ingest")
    assert derived == given
    parts = urlsplit(derived)
    assert parts.path == "/parley"
    assert parts.username == "parley_ingest"
    assert parse_qs(parts.query)["host"][0].startswith("/")


def test_roles_have_passwords_of_their_own(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    passwords = {
        urlsplit(role_url(settings, role)).password for role in (ADMIN, "parley_app", "parley_dispatch")
    }
    assert len(passwords) == 3


async def test_the_administrator_gets_in(tmp_path: Path) -> None:
    import asyncpg

    settings = Settings(data=tmp_path / "data")
    password = load_root_key(settings).database_password("postgres")
    server = ThrowawayPostgres(settings.data, password)
    server.start()
    try:
        url = role_url(settings, ADMIN)
        assert unquote(url) == unquote(server.url("postgres", password, "parley"))
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT current_database()") == "parley"
        await connection.close()
    finally:
        server.stop()


def test_the_throwaway_needs_no_root_key(tmp_path: Path) -> None:
    start_throwaway(tmp_path).stop()
    assert not (tmp_path / "root.key").exists()
