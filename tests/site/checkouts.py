"""Small checkouts to start real servers in: the embedded Postgres' own modules, copied to a folder of some user's."""

import contextlib
import functools
import os
import pwd
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from racedesk import localdb

PROJECT = Path(localdb.__file__).resolve().parent.parent


@dataclass(frozen=True)
class Checkout:
    """A copy of the modules in `folder`, used as user `uid`; `site` is where that user's Python finds the wheel."""

    folder: Path
    uid: int
    site: Path

    @classmethod
    def make(cls, folder: Path, *, uid: int, site: Path) -> "Checkout":
        (folder / "racedesk").mkdir(parents=True)
        shutil.copytree(
            PROJECT / "racedesk/embedded", folder / "racedesk/embedded", ignore=shutil.ignore_patterns("__pycache__")
        )
        for module in ("__init__.py", "localdb.py"):
            shutil.copy(PROJECT / "racedesk" / module, folder / "racedesk" / module)
        if uid != os.geteuid():
            for path in (folder, *folder.rglob("*")):
                os.chown(path, uid, pwd.getpwuid(uid).pw_gid)
        return cls(folder, uid, site)

    def start(self, code: str, *, env: dict[str, str] | None = None) -> subprocess.Popen:
        """Run Python code as the checkout's user, with `localdb` and its `cluster` at hand."""
        switch = {"user": self.uid, "group": pwd.getpwuid(self.uid).pw_gid, "extra_groups": []}
        own = self.uid == os.geteuid()
        return subprocess.Popen(
            [
                sys.executable if own else python_for_others(),
                "-c",
                f"from racedesk import localdb; cluster = localdb.cluster()\n{code}",
            ],
            cwd=self.folder,
            env={
                "PATH": os.defpath,
                "PYTHONPATH": f"{self.folder}:{self.site}",
                "PYTHONDONTWRITEBYTECODE": "1",
                **(env or {}),
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **({} if own else switch),
        )

    def run(self, code: str, **options) -> str:
        """What the code prints; its traceback is the test's failure."""
        child = self.start(code, **options)
        out, err = child.communicate(timeout=60)
        assert child.returncode == 0, err
        return out.strip()

    def fails_with(self, code: str) -> str:
        child = self.start(code)
        _out, err = child.communicate(timeout=60)
        assert child.returncode != 0
        return err.strip()

    def ensure_running(self) -> int:
        """Start or heal the server; returns its pid."""
        return int(self.run("localdb.ensure_running(); print(cluster.postmaster())"))

    def sql(self, statement: str) -> str:
        return self.run(
            "import subprocess\n"
            "psql = [cluster.programs() / 'psql', '-XAtq', '-h', cluster.sockets, '-U', localdb.OWNER, '-d', 'postgres']\n"
            f"print(subprocess.run([*psql, '-c', {statement!r}], check=True, text=True, capture_output=True).stdout)"
        )

    def place(self, name: str) -> Path:
        """A folder or file of the cluster: home, sockets, data, log."""
        return Path(self.run(f"print(cluster.{name})"))

    def remove(self) -> None:
        """One process stops the server and says where its folders are."""
        for folder in self.run(
            "cluster.stop(seconds=10)\nprint(cluster.sockets, cluster.home, sep='\\n')"
        ).splitlines():
            shutil.rmtree(folder, ignore_errors=True)


def plain_user() -> int:
    """A user that is not root: ourselves, or `nobody` where the tests run as root."""
    return os.geteuid() or pwd.getpwnam("nobody").pw_uid


@functools.cache
def python_for_others() -> str | None:
    """A Python of this project's age that a plain user can start when the tests run as root, else None."""
    for candidate in (sys._base_executable, shutil.which("python3", path="/usr/local/bin:/usr/bin")):
        if candidate:
            with contextlib.suppress(OSError, subprocess.CalledProcessError):
                old = "import sys; sys.exit(sys.version_info < (3, 11))"
                subprocess.run([candidate, "-c", old], user=plain_user(), stderr=subprocess.DEVNULL, check=True)
                return candidate
    return None


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
