"""The walls between workspaces, as SQL: every tenant table gets the same ones, in the migration that makes it."""

from collections.abc import Sequence

OURS = "workspace_id = (SELECT current_setting('app.workspace_id', true)::uuid)"


def enable_tenant(
    table: str,
    *,
    column: str = "workspace_id",
    privileges: str = "SELECT, INSERT, UPDATE, DELETE",
    across: Sequence[str] = (),
) -> list[str]:
    """List the statements that wall in a table.

    A permissive policy lets the app role see its workspace; a restrictive twin holds even if a careless permissive
    policy is added later. `across` names the roles that may cross workspaces here; what they may do is their grants.
    """
    ours = OURS.replace("workspace_id =", f"{column} =", 1)
    name = table.replace(".", "_").replace('"', "")
    exempt = "".join(f" OR current_user = '{role}'" for role in across)
    both = f"USING ({ours}{exempt}) WITH CHECK ({ours}{exempt})"
    statements = [
        f"ALTER TABLE {table} OWNER TO parley_owner",
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY {name}_ours ON {table} TO parley_app USING ({ours}) WITH CHECK ({ours})",
        f"CREATE POLICY {name}_only_ours ON {table} AS RESTRICTIVE TO PUBLIC {both}",
        f"GRANT {privileges} ON {table} TO parley_app",
    ]
    statements += [
        f"CREATE POLICY {name}_{role} ON {table} TO {role} USING (true) WITH CHECK (true)" for role in across
    ]
    return statements
