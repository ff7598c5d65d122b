"""What the live catalogue must look like: walls on every tenant table, a classification on every column.

The allow-list of installation tables is here and nowhere else, each with its reason.
"""

import importlib
import pkgutil
from typing import Any

import asyncpg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

import parley.modules
from parley.core.personal_data import Base, Erasure, Subject, datum_of
from parley.core.resources import Resources

INSTALLATION = {
    "app.workspace": "the tenant itself: its policies are on its id",
    "accounts.user": "a person may belong to several workspaces",
    "accounts.credential": "belongs to a person",
    "accounts.session": "read before the workspace is known",
    "directory.route": "read before the workspace is known",
    "ingest.envelope": "could not be given to any workspace",
    "audit.installation_entry": "deeds of the operator",
    "public.alembic_version": "the schema's revision",
}
OURS = "n.nspname NOT IN ('pg_catalog', 'information_schema', 'pg_toast', 'jobs')"

for _module in pkgutil.iter_modules(parley.modules.__path__):
    importlib.import_module(f"parley.modules.{_module.name}")
    if importlib.util.find_spec(f"parley.modules.{_module.name}.models"):
        importlib.import_module(f"parley.modules.{_module.name}.models")
TABLES = {f"{table.schema}.{table.name}": table for table in Base.metadata.sorted_tables}


async def _tenant_tables(superuser: asyncpg.Connection) -> set[str]:
    rows = await superuser.fetch(
        f"""SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND {OURS}"""
    )
    return {row[0] for row in rows} - set(INSTALLATION)


async def test_every_tenant_table_is_walled_in(
    running_house: Resources, superuser: asyncpg.Connection
) -> None:
    rows = await superuser.fetch(
        f"""SELECT n.nspname || '.' || c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_forced,
            EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND p.polpermissive) AS has_permissive,
            EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive
                    AND p.polroles = '{{0}}') AS has_restrictive,
            EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id'
                    AND a.attnotnull) AS has_workspace
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND {OURS}"""
    )
    faults = [
        row["name"]
        for row in rows
        if row["name"] not in INSTALLATION
        and not (
            row["is_forced"] and row["has_permissive"] and row["has_restrictive"] and row["has_workspace"]
        )
    ]
    assert len(rows) > len(INSTALLATION)
    assert faults == []


async def test_unique_indexes_and_foreign_keys_begin_with_the_workspace(
    running_house: Resources, superuser: asyncpg.Connection
) -> None:
    tenant = await _tenant_tables(superuser)
    indexes = await superuser.fetch(
        f"""SELECT n.nspname || '.' || c.relname AS name, i.indexrelid::regclass::text AS fault FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
        WHERE i.indisunique AND {OURS} AND a.attname <> 'workspace_id'"""
    )
    keys = await superuser.fetch(
        f"""SELECT n.nspname || '.' || c.relname AS name, k.conname AS fault,
            tn.nspname || '.' || t.relname AS target FROM pg_constraint k
        JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace tn ON tn.oid = t.relnamespace
        WHERE k.contype = 'f' AND {OURS} AND NOT EXISTS (
            SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
            AND a.attname = 'workspace_id')"""
    )
    assert [row["fault"] for row in indexes if row["name"] in tenant] == []
    assert [row["fault"] for row in keys if row["name"] in tenant and row["target"] not in INSTALLATION] == []


async def test_there_are_no_views_around_the_walls_and_functions_pin_their_path(
    running_house: Resources, superuser: asyncpg.Connection
) -> None:
    views = await superuser.fetch(
        f"""SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE {OURS} AND (c.relkind = 'm'
            OR c.relkind = 'v' AND NOT coalesce(c.reloptions::text LIKE '%security_invoker=true%', false))"""
    )
    loose = await superuser.fetch(
        f"""SELECT p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
        WHERE p.prosecdef AND {OURS} AND NOT coalesce(array_to_string(p.proconfig, ',') LIKE '%search_path=%', false)"""
    )
    assert views == []
    assert loose == []


@pytest.mark.parametrize("role", ["parley_app", "parley_ingest", "parley_dispatch"])
async def test_no_role_of_ours_can_pass_the_walls(
    running_house: Resources, superuser: asyncpg.Connection, role: str
) -> None:
    row = await superuser.fetchrow(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles WHERE rolname = $1", role
    )
    assert row is not None
    assert not any(row)
    owned = await superuser.fetchval("SELECT count(*) FROM pg_tables WHERE tableowner = $1", role)
    truncatable = await superuser.fetchval(
        f"""SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind = 'r' AND n.nspname <> 'information_schema' AND {OURS}
        AND has_table_privilege($1, c.oid, 'TRUNCATE')""",
        role,
    )
    assert (owned, truncatable) == (0, 0)


async def test_the_app_reaches_people_only_through_narrow_functions(
    running_house: Resources, superuser: asyncpg.Connection
) -> None:
    for table in ("accounts.user", "accounts.credential", "accounts.session", "directory.route"):
        schema, name = table.split(".")
        granted = await superuser.fetchval(
            "SELECT has_table_privilege('parley_app', format('%I.%I', $1::text, $2::text), 'SELECT, INSERT, UPDATE, DELETE')",
            schema,
            name,
        )
        assert not granted, table


async def test_every_column_is_classified_and_exists(
    running_house: Resources, superuser: asyncpg.Connection
) -> None:
    rows = await superuser.fetch(
        f"""SELECT n.nspname || '.' || c.relname AS name, a.attname FROM pg_attribute a
        JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND {OURS}"""
    )
    live = {(row["name"], row["attname"]) for row in rows if row["name"] != "public.alembic_version"}
    declared = {
        (name, column.name) for name, table in TABLES.items() for column in table.columns if datum_of(column)
    }
    assert live - declared == set(), "columns without a classification"
    assert declared - live == set(), "classified columns that do not exist"


def test_sealed_columns_are_shredded_and_nothing_sealed_is_kept() -> None:
    for name, table in TABLES.items():
        for column in table.columns:
            datum = datum_of(column)
            assert datum is not None, f"{name}.{column.name}"
            if datum.is_sealed:
                assert datum.erasure is Erasure.SHRED, f"{name}.{column.name}"
                assert str(column.type) in {"BLOB", "BYTEA"}, f"{name}.{column.name}"
            if datum.erasure is Erasure.KEEP and datum.subject is not Subject.NOBODY:
                assert name.startswith(("app.audit_entry", "audit.")), f"{name}.{column.name}"
            assert not (datum.for_ai and datum.category.startswith("user.authorization"))


async def test_models_and_migrations_say_the_same(running_house: Resources) -> None:
    engine = create_async_engine(
        running_house.settings.database_url.replace("postgresql://", "postgresql+asyncpg://")
    )

    def compare(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "include_name": lambda name, type_, _: type_ != "schema" or name not in {"jobs", "public"},
                "compare_type": True,
            },
        )
        found: list[Any] = compare_metadata(context, Base.metadata)
        return found

    try:
        async with engine.connect() as connection:
            differences = await connection.run_sync(compare)
    finally:
        await engine.dispose()
    assert [d for d in differences if "alembic_version" not in str(d)] == []
