"""Which schema this code expects. Apart from running migrations, so that a web process need not load what runs them."""

from pathlib import Path

MIGRATIONS = Path(__file__).parents[2] / "migrations"


def newest_revision() -> str:
    """Name the newest revision: migrations are linear, and their files begin with the number of the revision."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
