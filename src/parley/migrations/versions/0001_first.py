"""The first schema: roles' grants, every table with its walls, the narrow functions, the job queue."""

from pathlib import Path

from alembic import op

from parley.migrations.tenancy import enable_tenant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

HERE = Path(__file__).parent / "first"

APP_TABLES = """
counter member team team_member invitation api_token idempotency_key audit_entry
inbox contact contact_identity file
conversation message message_edit reaction attachment delivery attempt read_mark note activity tag conversation_tag
outbox event
""".split()  # noqa: SIM905 - read as a list, one group a line

ACROSS = {"member": ("parley_accounts",), "outbox": ("parley_dispatch",)}

GRANTS = """
REVOKE UPDATE, DELETE ON app.audit_entry FROM parley_app;
REVOKE UPDATE ON app.outbox, app.event FROM parley_app;
GRANT SELECT (workspace_id, user_id, id, role, is_active) ON app.member TO parley_accounts;
GRANT SELECT (id, slug, name) ON app.workspace TO parley_accounts;
GRANT SELECT (workspace_id) ON app.outbox TO parley_dispatch;
GRANT INSERT ON ingest.item, ingest.envelope TO parley_ingest;
GRANT SELECT (workspace_id, id, inbox_id, shard, state, starts, key_id, is_day_sealed, received_at)
    ON ingest.item TO parley_ingest;
GRANT UPDATE (starts) ON ingest.item TO parley_ingest;
GRANT SELECT (id, source, fault, key_id, received_at) ON ingest.envelope TO parley_ingest;
GRANT DELETE ON ingest.envelope TO parley_ingest;
GRANT SELECT ON directory.route TO parley_ingest;
GRANT SELECT (id, source, fault, received_at) ON ingest.envelope TO parley_app;
GRANT INSERT ON audit.installation_entry TO parley_app;
GRANT SELECT ON public.alembic_version TO parley_app
"""

JOBS = """
DROP TRIGGER tg_pgqueuer_changed ON jobs.pgqueuer;
GRANT USAGE ON SCHEMA jobs TO parley_app, parley_dispatch;
GRANT INSERT ON jobs.pgqueuer, jobs.pgqueuer_log TO parley_app;
GRANT SELECT (id, entrypoint, priority, dedupe_key, status) ON jobs.pgqueuer TO parley_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO parley_app, parley_dispatch;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA jobs TO parley_dispatch
"""


def upgrade() -> None:
    """Make everything. The connection belongs to the administrating role; the roles exist already."""
    _script((HERE / "0_schemas.sql").read_text())
    for path in sorted(HERE.glob("[1-9]_*.sql")):
        _script(path.read_text())
    for table in APP_TABLES:
        _all(enable_tenant(f"app.{table}", across=ACROSS.get(table, ())))
    _all(
        enable_tenant(
            "app.workspace", column="id", privileges="SELECT, INSERT, UPDATE", across=("parley_accounts",)
        )
    )
    _all(enable_tenant("ingest.item", privileges="SELECT, UPDATE, DELETE", across=("parley_ingest",)))
    op.execute("ALTER TABLE ingest.envelope OWNER TO parley_owner")
    op.execute("ALTER TABLE audit.installation_entry OWNER TO parley_owner")
    for table in ('accounts."user"', "accounts.credential", "accounts.session", "directory.route"):
        op.execute(f"ALTER TABLE {table} OWNER TO parley_accounts")
    _script((HERE / "functions.sql").read_text())
    op.execute(
        """DO $$ DECLARE f regprocedure; BEGIN
        FOR f IN SELECT p.oid::regprocedure FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                 WHERE n.nspname IN ('accounts', 'directory') LOOP
            EXECUTE format('ALTER FUNCTION %s OWNER TO parley_accounts', f);
            EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
            EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO parley_app', f);
        END LOOP; END $$"""
    )
    _all(GRANTS.strip().split(";"))
    _jobs()


def _jobs() -> None:
    # The queue's tables are the library's own; its notifying trigger would serialise every commit that enqueues.
    from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment  # noqa: PLC0415 - only here
    from pgqueuer.domain.settings import DBSettings  # noqa: PLC0415 - only here

    _script(QueryBuilderEnvironment(DBSettings(db_schema="jobs")).build_install_query())
    _all(JOBS.strip().split(";"))


def _script(sql: str) -> None:
    # Several statements at once: only the simple protocol takes them.
    driver = op.get_bind().connection.driver_connection
    assert driver is not None
    op.get_bind().connection.dbapi_connection.run_async(lambda raw: raw.execute(sql))  # type: ignore[union-attr]


def _all(statements: list[str]) -> None:
    for statement in statements:
        if statement.strip():
            op.execute(statement)
