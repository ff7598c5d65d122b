"""The database for one command: the running installation's, or the embedded one started for as long as it takes."""

import contextlib
import os
from collections.abc import Iterator

from parley.core.datafolder import DataFolderError, holder_of, open_data_folder
from parley.core.postgres import EmbeddedPostgres
from parley.core.rootkey import load_root_key
from parley.core.settings import Settings


@contextlib.contextmanager
def database_at_hand(settings: Settings, *, create: bool = False) -> Iterator[None]:
    """Make sure that the database of these settings takes connections while the block runs.

    Raises `DataFolderError` when there is no installation yet and none shall be created.
    """
    if settings.database_url or holder_of(settings.data):
        yield
        return
    if not create and not (settings.data / "pg").exists():
        raise DataFolderError(
            f"There is no installation in {settings.data}. Start one with bin/run or `bin/parley up`, or name its --data."
        )
    with open_data_folder(settings) as folder:
        output = os.open(folder.logs / "postgres.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            password = load_root_key(settings).database_password("postgres")
            with EmbeddedPostgres(settings.data, password, output=output):
                yield
        finally:
            os.close(output)
