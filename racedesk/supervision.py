"""The worker process beside the web server: started with it, started anew when it dies, ended with it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import structlog
from django.conf import settings

MANAGE = Path(__file__).resolve().parent.parent / "manage.py"
# Before a worker that died is started anew: at once, longer for one that dies at every start.
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
LAST_IN_THE_QUEUE = 19  # what the kernel knows of niceness
GRACE_SECONDS = 10.0  # for the job under way; an import cut short afterwards leaves nothing half done

log = structlog.get_logger(__name__)


class Supervisor:
    """Keeps one worker alive. The thread that starts it lives as long as the master, for the kernel ends a worker with
    the thread that made it."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._worker: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="worker supervisor", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def ask_to_stop(self) -> None:
        """Tells the worker to end with the job under way; returns at once."""
        self._stopping.set()
        if self._worker is not None:
            self._worker.terminate()

    def stop(self) -> None:
        """Asks the worker to end, waits for the job under way, and insists."""
        self.ask_to_stop()
        worker = self._worker
        if worker is not None:
            try:
                worker.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                worker.kill()
        if self._thread.is_alive():
            self._thread.join(GRACE_SECONDS)

    def _watch(self) -> None:
        pause = SHORTEST_PAUSE
        while not self._stopping.is_set():
            began = time.monotonic()
            status = self._run()
            pause = SHORTEST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            if not self._stopping.is_set():
                log.warning("worker ended, starting another", status=status, pause=pause)
            self._stopping.wait(pause)

    def _run(self) -> int:
        """One worker from start to end; its exit status."""
        # A group of its own: a Ctrl-C in the terminal is the master's to pass on.
        self._worker = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, str(MANAGE), "work", "--master", str(os.getpid())],
            stdin=subprocess.DEVNULL,
            process_group=0,
        )
        _let_go_first(self._worker.pid)
        if self._stopping.is_set():  # stop() came just before the start and saw no worker
            self._worker.terminate()
        return self._worker.wait()


def _let_go_first(worker: int) -> None:
    """Readers go first: from its first moment on, for loading Django alone is a second of work."""
    wanted = os.getpriority(os.PRIO_PROCESS, 0) + settings.JOBS_NICE
    with suppress(ProcessLookupError):  # it died at once, which its exit status tells
        os.setpriority(os.PRIO_PROCESS, worker, min(wanted, LAST_IN_THE_QUEUE))
