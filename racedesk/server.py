"""The web server: granian, one worker process a core, each of which ends when its master does."""

import ctypes
import multiprocessing
import os
import signal
import socket
from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from granian import Granian
from granian.constants import HTTPModes, Interfaces

from racedesk.logs import LOGGING

PR_SET_PDEATHSIG = 1
# More threads than this cost two to three times the CPU on pages with many queries.
BLOCKING_THREADS = 2
GRACE_SECONDS = 10  # for answers under way when the server is told to stop


class PortTakenError(Exception):
    """Another program listens on the port."""


def claim(address: str, port: int) -> None:
    """Raise PortTakenError if somebody listens there: granian shares ports, so it would not notice."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except (OSError, OverflowError) as error:
            raise PortTakenError(getattr(error, "strerror", None) or str(error)) from error


def port_taken(port: int, error: PortTakenError) -> str:
    """What to tell the person who asked for that port."""
    return _("Port %(port)s cannot be used (%(error)s). Choose another one, for example: make demo PORT=%(other)s") % {
        "port": port,
        "error": error,
        "other": port + 1,
    }


def serve(address: str, port: int, *, workers: int, when_told_to_stop: Callable[[], None] = lambda: None) -> None:
    """Serve until SIGINT, SIGTERM or SIGHUP. Workers import the settings afresh and so see this process' environment.

    `when_told_to_stop` is called at the signal, before the answers under way are waited for.
    """
    multiprocessing.set_start_method("spawn", force=True)
    server = Granian(
        "racedesk.wsgi:application",
        address=address,
        port=port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=GRACE_SECONDS,
        log_dictconfig=LOGGING,
    )

    def stop(number: int, frame: Any) -> None:
        when_told_to_stop()
        server.signal_handler_interrupt(number, frame)  # type: ignore[no-untyped-call]

    # A terminal that closes ends the server like Ctrl-C; granian would start its workers anew and stay.
    for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
        server.on_startup(partial(signal.signal, number, stop))
    server.serve(target_loader=load_application, wrap_loader=False)


def load_application() -> Callable[..., Any]:
    """Runs in each worker, before it serves."""
    master = os.getppid()
    # A Ctrl-C reaches the whole group of the terminal, and a worker that gets it beside its master's SIGTERM hangs.
    os.setpgid(0, 0)
    # A master killed with -9 would leave workers that keep the port.
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != master:
        raise SystemExit("the server's master is gone")
    # Importing these sets Django up, which is for workers only.
    from racedesk.warm import warm_up  # noqa: PLC0415
    from racedesk.wsgi import application  # noqa: PLC0415

    warm_up()
    return application
