"""The folder that holds everything of one installation: its layout, what kind it is, and who runs on it now."""

import dataclasses
import fcntl
import json
import os
import time
from pathlib import Path
from typing import Self

from parley.core.errors import AppError
from parley.core.settings import Settings

_MARKER = "DEMO"
_LOCK = "lock"
_PARTS = ("keys", "files", "logs")


class DataFolderError(AppError):
    """The data folder cannot be used like this; the message says by whom or why, and the way out."""

    code = "data_folder_unusable"
    status = 500


@dataclasses.dataclass(frozen=True, slots=True)
class Holder:
    """Who runs on a data folder."""

    pid: int
    mode: str
    port: int
    since: str


class DataFolder:
    """A data folder that is ours while this object is open: no second installation runs on it."""

    def __init__(self, path: Path, lock: int) -> None:
        self.path = path
        self._lock = lock

    @property
    def logs(self) -> Path:
        """Tell where the processes' logs are."""
        return self.path / "logs"

    def close(self) -> None:
        """Let the next one have the folder."""
        if self._lock >= 0:
            os.ftruncate(self._lock, 0)
            os.close(self._lock)
            self._lock = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_data_folder(settings: Settings) -> DataFolder:
    """Take hold of the data folder and give it its layout, or raise `DataFolderError`.

    A folder once used by the demo is marked so for ever and is refused by production; a folder with data that the
    demo did not make is refused by the demo.
    """
    path = settings.data
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise DataFolderError(f"The data folder {path} cannot be used: {error.strerror}.") from error
    lock = _take_lock(path)
    try:
        _check_kind(settings)
        for part in _PARTS:
            (path / part).mkdir(mode=0o700, exist_ok=True)
        _sign(lock, settings)
    except BaseException:
        os.close(lock)
        raise
    return DataFolder(path, lock)


def is_demo_folder(path: Path) -> bool:
    """Tell whether the demo ever used this folder."""
    return (path / _MARKER).exists()


def holder_of(path: Path) -> Holder | None:
    """Tell who runs on the folder now, None when nobody does."""
    try:
        handle = os.open(path / _LOCK, os.O_RDONLY)
    except OSError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _read_holder(handle)
    finally:
        os.close(handle)
    return None


def _take_lock(path: Path) -> int:
    handle = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        holder = _read_holder(handle)
        os.close(handle)
        who = (
            f"process {holder.pid} ({holder.mode}, http://localhost:{holder.port}, since {holder.since})"
            if holder
            else "another process"
        )
        stop = f"stop it with Ctrl-C or `kill {holder.pid}`" if holder else "stop it"
        raise DataFolderError(
            f"Parley already runs on {path}: {who}. Use that one, {stop}, or choose --data."
        ) from None
    return handle


def _check_kind(settings: Settings) -> None:
    path = settings.data
    has_data = (path / "pg").exists() or any((path / "keys").glob("*"))
    if settings.mode == "production" and is_demo_folder(path):
        raise DataFolderError(
            f"{path} belongs to the demo, whose keys and passwords are public. Choose another --data."
        )
    if settings.is_demo and not is_demo_folder(path):
        if has_data:
            raise DataFolderError(
                f"{path} holds data that the demo did not make and must not touch. Choose another --data."
            )
        (path / _MARKER).write_text(
            "The demo made this folder. Nothing in it may ever serve customers.\n", encoding="utf-8"
        )


def _sign(lock: int, settings: Settings) -> None:
    since = time.strftime("%Y-%m-%d %H:%M:%S")
    text = json.dumps({"pid": os.getpid(), "mode": settings.mode, "port": settings.port, "since": since})
    os.ftruncate(lock, 0)
    os.pwrite(lock, text.encode(), 0)


def _read_holder(handle: int) -> Holder | None:
    try:
        return Holder(**json.loads(os.pread(handle, 4096, 0)))
    except (ValueError, TypeError):
        return None
