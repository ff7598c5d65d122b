"""Where clients meet the server: a folder of its own with a short name, closed to everybody else."""

import hashlib
import os
import stat
from pathlib import Path

from parley.core.postgres.account import Account
from parley.core.postgres.errors import PostgresError

PORT = 5432
_LINE_OF_SOCKET_FOLDER = 4


def socket_folder(cluster: Path) -> Path:
    """Tell where the server of this cluster listens, or would listen.

    A running server knows best. Otherwise the name is a hash of the cluster's path, because a path of more than
    107 bytes is fatal to a Unix socket (`sun_path` in unix(7)).
    """
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace").splitlines()
        if len(lines) > _LINE_OF_SOCKET_FOLDER and lines[_LINE_OF_SOCKET_FOLDER].startswith("/"):
            return Path(lines[_LINE_OF_SOCKET_FOLDER])
    except OSError:
        pass
    return _own_folder(cluster)


def prepare_socket_folder(cluster: Path, account: Account) -> Path:
    """Create the socket folder, or make sure that the one which exists is ours and closed.

    Temporary folders are open to everybody, so somebody else may have put one there under our name.
    """
    folder = _own_folder(cluster)
    if folder.parent.name == "parley":
        folder.parent.mkdir(mode=0o755, exist_ok=True)
    try:
        folder.mkdir(mode=0o700)
        account.own(folder)
    except FileExistsError:
        pass
    found = folder.lstat()
    if found.st_uid == os.geteuid() != account.uid and stat.S_ISDIR(found.st_mode):
        account.own(folder)  # an earlier start ended between creating it and handing it over
        found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != account.uid:
        raise PostgresError(
            f"{folder} belongs to somebody else. Remove it, or start Parley as the account that owns it."
        )
    folder.chmod(0o700)
    return folder


def _own_folder(cluster: Path) -> Path:
    name = hashlib.sha256(os.fsencode(cluster.resolve())).hexdigest()[:16]
    if os.geteuid() == 0 and os.access("/run", os.W_OK):
        return Path("/run/parley") / name
    return Path(f"/tmp/parley-{os.geteuid()}-{name}")  # noqa: S108  # created closed, and checked
