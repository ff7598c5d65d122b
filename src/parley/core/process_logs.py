"""Where the output of our child processes goes: files that rotate, or the terminal with a name before each line."""

import collections
import sys
from pathlib import Path
from typing import BinaryIO

MAX_BYTES = 10 * 1024 * 1024
KEPT = 3
_TAIL = 20


class ProcessLogs:
    """Takes whole lines by process name; remembers the last few of each for error messages."""

    def __init__(self, folder: Path | None, *, max_bytes: int = MAX_BYTES) -> None:
        """Write to `folder/NAME.log`, or to stdout when there is no folder."""
        self._folder = folder
        self._max_bytes = max_bytes
        self._files: dict[str, BinaryIO] = {}
        self._tails: dict[str, collections.deque[str]] = {}

    def write(self, name: str, lines: bytes) -> None:
        """Append complete lines, each ending in a newline."""
        tail = self._tails.setdefault(name, collections.deque(maxlen=_TAIL))
        tail.extend(line.decode(errors="replace") for line in lines.splitlines()[-_TAIL:])
        if self._folder is None:
            prefix = f"{name:<10} | ".encode()
            sys.stdout.buffer.write(b"".join(prefix + line for line in lines.splitlines(keepends=True)))
            sys.stdout.buffer.flush()
            return
        file = self._files.get(name) or self._open(name)
        file.write(lines)
        if file.tell() >= self._max_bytes:
            file.close()
            self._shift(name)
            self._open(name)

    def tail(self, name: str) -> str:
        """Give the last lines that the process wrote, with a hint where the others are."""
        where = f"  (more in {self._folder / name}.log)\n" if self._folder else ""
        return "".join(f"  {line}\n" for line in self._tails.get(name, ())) + where

    def close(self) -> None:
        """Close the files; a later `write` opens them again."""
        for file in self._files.values():
            file.close()
        self._files.clear()

    def _open(self, name: str) -> BinaryIO:
        path = self._path(name)
        path.touch(mode=0o600)
        file = path.open("ab", buffering=0)
        self._files[name] = file
        return self._files[name]

    def _shift(self, name: str) -> None:
        for age in range(KEPT - 1, 0, -1):
            older = self._path(name, age)
            if older.exists():
                older.replace(self._path(name, age + 1))
        self._path(name).replace(self._path(name, 1))

    def _path(self, name: str, age: int = 0) -> Path:
        if self._folder is None:
            raise ValueError(name)
        return self._folder / (f"{name}.log.{age}" if age else f"{name}.log")
