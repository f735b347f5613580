"""Whom the server belongs to: us, or a system account where we are root, as which Postgres refuses to run."""

import os
import pwd
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

SYSTEM_ACCOUNT = "racedesk-db"


class FolderError(Exception):
    """A folder that should be ours alone belongs to somebody else, or is open to others."""


@dataclass(frozen=True, slots=True)
class Account:
    """A user of this machine; `switch` says that processes must change to it, because we are root."""

    uid: int
    gid: int
    switch: bool

    def process_options(self) -> dict[str, Any]:
        """Keyword arguments for `subprocess` that start a process as this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []} if self.switch else {}


def account_for(data: Path) -> Account:
    """The account that owns `data`; for a server yet to be made ourselves or, as root, a system account.

    Raises FolderError when there is no account to use.
    """
    uid = os.geteuid()
    if uid != 0:
        return Account(_entry(uid).pw_uid, os.getegid(), switch=False)
    entry = _entry(data.stat().st_uid) if data.exists() else _system_account()
    if entry.pw_uid == 0:
        raise FolderError(f"{data} belongs to root, and Postgres refuses to run as root")
    return Account(entry.pw_uid, entry.pw_gid, switch=True)


def own_folder(path: Path, *, mode: int, owner: Account | None = None, tolerated: int = 0) -> None:
    """Make the folder with this mode, or check that the one there is a folder of the owner's (default: ourselves).

    An existing folder keeps its mode. Raises FolderError if it is a link, foreign or more open than `mode` and
    `tolerated` allow: a folder under a shared place could have been put there by somebody else.
    """
    try:
        path.mkdir(mode=0o700)
    except FileExistsError:
        pass
    else:
        path.chmod(mode)  # made by us a moment ago; the umask may have narrowed it
    found = path.lstat()
    if owner and owner.switch and stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid():
        os.chown(path, owner.uid, owner.gid, follow_symlinks=False)
        found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != (owner.uid if owner else os.geteuid()):
        raise FolderError(f"{path} is not a folder of ours; remove it or have it removed")
    if found.st_mode & 0o077 & ~(mode | tolerated):
        raise FolderError(f"{path} is open to other users; close it with: chmod {mode:o} {path}")


def _entry(uid: int) -> pwd.struct_passwd:
    try:
        return pwd.getpwuid(uid)
    except KeyError:
        raise FolderError(f"user {uid} has no entry in the machine's user list, and Postgres needs one") from None


def _system_account() -> pwd.struct_passwd:
    """An account of the database's own where one can be made; else `nobody`."""
    if (entry := _named(SYSTEM_ACCOUNT)) is None and (
        useradd := shutil.which("useradd", path=f"{os.defpath}:/usr/sbin:/sbin")
    ):
        # Two at once, or a read-only user list: whatever became of it, the list is asked again.
        subprocess.run(  # noqa: S603 - fixed words, no shell
            [useradd, "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", SYSTEM_ACCOUNT],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
        entry = _named(SYSTEM_ACCOUNT)
    entry = entry or _named("nobody")
    if entry is None:
        raise FolderError("this machine has no user for Postgres (neither useradd nor a user called nobody)")
    return entry


def _named(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None
