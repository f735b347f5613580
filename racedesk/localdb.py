"""The embedded Postgres of demo, development and tests: one server per user and checkout, on a unix socket only.

The first connection starts it (`racedesk/embedded/base.py`), importing the settings never does, and it outlives the
process that started it. Every start looks at what is really there and so heals after a `kill -9` of either side.
A plain user's server lives in `.local/` of the checkout. Postgres refuses to run as root; for root the data belong to
a system account and lie outside the checkout, which that account may be unable to reach.
"""

import hashlib
import os
import pwd
import re
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO

from racedesk.embedded import binaries, processes
from racedesk.embedded.accounts import Account, FolderError, account_for, own_folder
from racedesk.embedded.locks import exclusively

OWNER = "racedesk"
PORT = "5432"  # part of the socket's name only; nothing listens on the network
SOCKET = f".s.PGSQL.{PORT}"
SOCKET_NAME_BYTES = 107
CHECKOUT = Path(__file__).resolve().parent.parent
ROOT_SHELF = Path("/var/lib/racedesk-db")
# Only for folders that `own_folder` has checked.
SHARED_SHELF = Path("/var/tmp")  # noqa: S108  # nosec B108
START_SECONDS = 60.0
LOG_BYTES = 5_000_000

# A server's own surroundings: no PGDATA, PGOPTIONS or German messages of the caller's.
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}

# `pg_ctl start` would hand the paths to a shell as text. Here they are arguments, and the shell has one task: to leave
# Postgres behind as nobody's child. Both outputs go to the log, so that no pipe of the caller's stays open.
LEAVE_BEHIND = '"$@" >&2 & echo $!'


class LocalDatabaseError(Exception):
    """The embedded Postgres cannot be used; the message says why and where its log is."""


class State(Enum):
    DOWN = "down"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"
    DEAF = "running, but its socket is gone"


@dataclass(frozen=True, slots=True)
class Cluster:
    """One server: its name in the process list, the folder of its data and log, the folder of its socket."""

    name: str
    home: Path
    sockets: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def postmaster(self) -> int | None:
        """The pid of the living server, or None: a pid file that names a dead or foreign process is not believed."""
        pid, _status = self._pid_file()
        return pid if pid and processes.is_postmaster(pid, cluster=self.name, data=self.data) else None

    def state(self) -> State:
        if self.postmaster() is None:
            return State.DOWN
        _pid, status = self._pid_file()
        if status == "ready":
            return State.READY if (self.sockets / SOCKET).is_socket() else State.DEAF
        return State.STOPPING if status == "stopping" else State.STARTING

    def ensure_running(self, *, seconds: float = START_SECONDS) -> None:
        """Return when the server answers, after starting or healing it where needed; else LocalDatabaseError."""
        if self.state() is State.READY:
            return
        deadline = time.monotonic() + seconds
        try:
            with self._alone(seconds):
                self._bring_up(deadline)
        except (binaries.MissingProgramsError, FolderError, TimeoutError, OSError) as error:
            raise LocalDatabaseError(f"The embedded Postgres did not start: {error}. Its log: {self.log}") from error

    def stop(self, *, seconds: float = START_SECONDS) -> bool:
        """Stop the server, if it runs, as soon as its open transactions are rolled back; tells whether it ran."""
        if self.postmaster() is None:
            return False
        with self._alone(seconds):
            self._end(processes.of_cluster(self.name), seconds=seconds)
        return True

    def programs(self) -> Path:
        """The folder of psql, pg_dump, pg_restore …, readable for the account that the server runs as."""
        programs = binaries.installed()
        # initdb puts its own path into a shell's command line, between double quotes.
        if os.geteuid() == 0 or re.search(r'["$`\\\n]', str(programs)):
            self._make_folders()
            return binaries.copied_to(ROOT_SHELF if os.geteuid() == 0 else self.home)
        return programs

    @contextmanager
    def _alone(self, seconds: float) -> Iterator[None]:
        self._make_folders()
        with exclusively(self.home / "lock", seconds=seconds):
            yield

    def _make_folders(self) -> None:
        if os.geteuid() == 0:
            own_folder(ROOT_SHELF, mode=0o755)
            own_folder(self.home, mode=0o711)
        else:
            shared = self.home.parent.parent == SHARED_SHELF
            own_folder(self.home.parent, mode=0o700, tolerated=0 if shared else 0o075)
            own_folder(self.home, mode=0o700)

    def _bring_up(self, deadline: float) -> None:
        account = account_for(self.data)
        own_folder(self.sockets, mode=0o700, owner=account)
        programs = self.programs()
        launched: int | None = None
        while not ((state := self.state()) is State.READY and self._answers(programs)):
            if state is State.DOWN and launched is None:
                launched = self._launch(programs, account)
            elif state is State.DOWN and not processes.arguments(launched or 0):
                raise LocalDatabaseError(f"The embedded Postgres did not start. {self._last_words()}")
            elif state is State.DEAF:
                self._end(processes.of_cluster(self.name), seconds=10)
            if time.monotonic() > deadline:
                raise LocalDatabaseError(f"The embedded Postgres is still {state.value}. {self._last_words()}")
            time.sleep(0.02)

    def _launch(self, programs: Path, account: Account) -> int:
        """Start a server where none runs; returns its pid at once, long before it answers."""
        self._end(processes.of_cluster(self.name), seconds=10)
        if not self.data.exists():
            self._create(programs, account)
        # No server lives here, so these are left over; a pid in them may be somebody else's by now.
        for leftover in (self.data / "postmaster.pid", self.sockets / SOCKET, self.sockets / f"{SOCKET}.lock"):
            leftover.unlink(missing_ok=True)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES:
            self.log.rename(self.log.with_suffix(".log.1"))
        settings = {
            "cluster_name": self.name,
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "port": PORT,
            "log_line_prefix": "%m [%p] %d ",
            "log_min_error_statement": "panic",  # statements carry password hashes and unpublished text
        }
        options = [word for key, value in settings.items() for word in ("-c", f"{key}={value}")]
        with _private(self.log) as log:
            started = self._run(
                ["/bin/sh", "-c", LEAVE_BEHIND, "sh", str(programs / "postgres"), "-D", str(self.data), *options],
                account,
                errors=log.fileno(),
            )
        return int(started.stdout)

    def _create(self, programs: Path, account: Account) -> None:
        """Run initdb beside the final place, so that a half-made folder is never taken for data."""
        for unfinished in self.home.glob("draft-*"):
            shutil.rmtree(unfinished, ignore_errors=True)
        # A name of its own: the initdb of a killed command may still be writing into its draft.
        draft = self.home / f"draft-{secrets.token_hex(4)}"
        own_folder(draft, mode=0o700, owner=account)
        words = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        words += ["--auth-local=trust", "--auth-host=reject", "--no-instructions", f"--username={OWNER}"]
        made = self._run([str(programs / "initdb"), "-D", str(draft), *words], account, errors=subprocess.STDOUT)
        if made.returncode:
            with _private(self.log) as log:
                log.write(made.stdout)
            raise LocalDatabaseError(f"The embedded Postgres could not be set up. {self._last_words()}")
        draft.rename(self.data)

    def _run(self, command: list[str], account: Account, *, errors: int) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 - programs of the wheel and paths of ours
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=errors,
            cwd=self.home,
            env=ENVIRONMENT,
            umask=0o077,
            start_new_session=True,  # a Ctrl-C in the caller's terminal is not meant for Postgres
            check=False,
            **account.process_options(),
        )

    def _answers(self, programs: Path) -> bool:
        command = [str(programs / "pg_isready"), "--quiet", "--timeout=2", "--host", str(self.sockets), "--port", PORT]
        return subprocess.run(command, env=ENVIRONMENT, stdin=subprocess.DEVNULL, check=False).returncode == 0  # noqa: S603

    def _end(self, pids: Iterator[int], *, seconds: float) -> None:
        """Ask the processes to end (a server rolls back and stops), wait, and kill what has not."""
        alive = list(pids)
        deadline = time.monotonic() + seconds
        for sign in (signal.SIGINT, signal.SIGKILL):
            for pid in alive:
                with suppress(ProcessLookupError):
                    os.kill(pid, sign)
            while (alive := [pid for pid in alive if processes.arguments(pid)]) and time.monotonic() < deadline:
                time.sleep(0.02)
            deadline = time.monotonic() + 5

    def _pid_file(self) -> tuple[int | None, str]:
        """Pid and status (starting, ready, stopping) as the server noted them; (None, "") if there is no such note."""
        try:
            lines = (self.data / "postmaster.pid").read_text("utf-8", "replace").splitlines()
        except OSError:
            return None, ""
        pid = int(lines[0]) if lines and re.fullmatch(r"[0-9]{1,10}", lines[0]) else None
        return pid, lines[7].strip() if len(lines) > 7 else ""  # noqa: PLR2004 - the file's eighth line, see miscinit.c

    def _last_words(self) -> str:
        lines = self.log.read_text("utf-8", "replace").splitlines() if self.log.exists() else []
        return "\n  ".join([f"Its log is {self.log} and ends:", *lines[-6:]])


def state_dir() -> Path:
    """The folder for what belongs to this user and checkout; made by whoever writes into it, with mode 0700.

    Raises FolderError where only a place shared by all users is left and somebody else has taken our name there.
    """
    found = _state_dir(CHECKOUT)
    if found.parent == SHARED_SHELF:
        own_folder(found, mode=0o700)
    return found


def cluster(checkout: Path = CHECKOUT) -> Cluster:
    """The server of this user and checkout; only looks, so the settings may ask at import."""
    name = _name(checkout)
    if os.geteuid() == 0:
        home = ROOT_SHELF / name
        return Cluster(name, home, home / "run")
    home = _state_dir(checkout) / "postgres"
    sockets = home / "run"
    return Cluster(name, home, sockets if _fits(sockets) else SHARED_SHELF / name)


def socket_dir() -> Path:
    return cluster().sockets


def ensure_running(*, seconds: float = START_SECONDS) -> None:
    """Have this checkout's server answer; LocalDatabaseError says why it cannot."""
    cluster().ensure_running(seconds=seconds)


def _state_dir(checkout: Path) -> Path:
    """`.local/` of the checkout; where that cannot be written, a folder in the user's home, else in /var/tmp."""
    local = checkout / ".local"
    if os.access(local if local.exists() else checkout, os.W_OK | os.X_OK, effective_ids=True):
        return local
    with suppress(KeyError):
        home = Path(pwd.getpwuid(os.geteuid()).pw_dir)
        if os.access(home, os.W_OK | os.X_OK, effective_ids=True):
            return home / f".{_name(checkout)}"
    return SHARED_SHELF / _name(checkout)


def _name(checkout: Path) -> str:
    return "racedesk-" + hashlib.sha256(os.fsencode(f"{os.geteuid()}:{checkout}")).hexdigest()[:12]


def _fits(sockets: Path) -> bool:
    """Whether a socket below this folder has a name that fits, and the folder none that splits Postgres' list."""
    return len(os.fsencode(sockets / SOCKET)) <= SOCKET_NAME_BYTES and not re.search(r'[,"\s]', str(sockets))


def _private(log: Path) -> BinaryIO:
    """The log to append to; in a home of root's it belongs to root, the server has only the open file."""
    return os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW, 0o600), "ab")
