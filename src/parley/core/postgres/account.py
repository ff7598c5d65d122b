"""Whom PostgreSQL runs as: it refuses root, so root hands it to an unprivileged account. Nothing else is decided here."""

import dataclasses
import os
import pwd
from pathlib import Path
from typing import TypedDict

from parley.core.postgres.errors import PostgresError

_PREFERRED = ("parley", "nobody")


class _Drop(TypedDict, total=False):
    user: int
    group: int
    extra_groups: list[int]


@dataclasses.dataclass(frozen=True, slots=True)
class Account:
    """The owner of the cluster's files and of the server's processes."""

    uid: int
    gid: int
    drop: bool
    """Whether we are root and have to become this account first."""

    def as_child(self) -> _Drop:
        """Name the `subprocess` arguments that make a child run as this account and in no other group."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.drop else {}

    def own(self, path: Path) -> None:
        """Give a file or folder to this account."""
        if self.drop:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)


def choose_account(*folders: Path) -> Account:
    """Choose whom PostgreSQL runs as: ourselves, or for root the first owner of `folders` that is not root.

    A cluster that exists keeps its owner that way. Otherwise an account named parley, else nobody.
    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), drop=False)
    for folder in folders:
        if folder.exists() and (found := folder.stat()).st_uid != 0:
            return Account(found.st_uid, found.st_gid, drop=True)
    for name in _PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid, drop=True)
    raise PostgresError(
        "PostgreSQL does not run as root, and there is no account named parley or nobody to run it as. "
        "Create one (adduser --system parley) or start Parley as an ordinary user."
    )
