"""The real server in a process of its own: it starts, stops, heals and refuses as a person at a terminal expects."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def ask(port: int, path: str = "/healthz", host: str | bytes | None = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.putrequest("GET", path, skip_host=True)
    connection.putheader("Host", f"127.0.0.1:{port}" if host is None else host)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def wait_until(answer, *, seconds: float = 30, log: Path | None = None) -> None:
    deadline = time.monotonic() + seconds
    while not answer():
        assert time.monotonic() < deadline, log.read_text() if log else "nothing happened"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        return ask(port) == 200
    except OSError:
        return False


@pytest.fixture
def serve(tmp_path):
    """Starts `manage.py serve` as the leader of a group, as a shell does; ends what is left of it."""
    started = []

    def start(port: int) -> subprocess.Popen:
        log = tmp_path / f"serve-{port}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [sys.executable, "manage.py", "serve", "--port", str(port), "--workers", "2"],
                cwd=PROJECT,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        started.append(process)
        wait_until(lambda: answers(port), log=log)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_terminal_ends_it_cleanly(serve, sign):
    port = free_port()
    server = serve(port)

    os.killpg(server.pid, sign)

    assert server.wait(timeout=8) == 0
    assert not answers(port)


def test_a_killed_master_leaves_no_worker_on_the_port(serve):
    port = free_port()
    server = serve(port)

    server.kill()
    server.wait()

    wait_until(lambda: not answers(port), seconds=5)
    serve(port)
    assert answers(port)


def worker_of(server: subprocess.Popen) -> int | None:
    """The process that does the jobs of that server, once it has come so far as to hold the sign of life."""
    found = subprocess.run(
        ["pgrep", "--parent", str(server.pid), "--full", "manage.py work"], capture_output=True, text=True, check=False
    ).stdout.split()
    return int(found[0]) if found else None


def runs(pid: int) -> bool:
    try:
        return "manage.py" in Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return False


def test_a_worker_that_dies_is_replaced(serve):
    server = serve(free_port())
    wait_until(lambda: worker_of(server))
    first = worker_of(server)

    os.kill(first, signal.SIGKILL)

    wait_until(lambda: worker_of(server) not in {None, first}, seconds=10)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM])
def test_no_worker_outlives_its_master(serve, sign):
    server = serve(free_port())
    wait_until(lambda: worker_of(server))
    worker = worker_of(server)
    time.sleep(1.5)  # long enough for it to have said whose it is

    server.send_signal(sign)
    server.wait(timeout=20)

    wait_until(lambda: not runs(worker), seconds=5)


@pytest.mark.parametrize(("setting", "steps"), [(None, 10), ("0", 0), ("99", 19)])
def test_the_worker_stands_behind_whoever_serves_readers(serve, monkeypatch, setting, steps):
    if setting is not None:
        monkeypatch.setenv("RACEDESK_JOBS_NICE", setting)
    ours = os.getpriority(os.PRIO_PROCESS, 0)
    server = serve(free_port())

    # Its master steps it back just after the start: for a moment it stands where it was born.
    wait_until(lambda: niceness(worker_of(server)) == min(ours + steps, 19))
    assert niceness(server.pid) == ours


def niceness(pid: int | None) -> int | None:
    try:
        return pid and os.getpriority(os.PRIO_PROCESS, pid)
    except ProcessLookupError:
        return None


def test_with_jobs_elsewhere_no_worker_is_started(serve, monkeypatch):
    monkeypatch.setenv("RACEDESK_JOBS", "external")
    server = serve(free_port())
    time.sleep(1)

    assert worker_of(server) is None


def test_a_taken_port_is_said_in_one_sentence():
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]

        refused = subprocess.run(
            [sys.executable, "manage.py", "serve", "--port", str(port)],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )

    assert refused.returncode == 1
    assert refused.stderr.startswith(f"CommandError: Port {port} lässt sich nicht benutzen")
    assert f"make demo PORT={port + 1}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_strangers_and_malformed_hosts_are_refused(serve):
    port = free_port()
    serve(port)

    hosts = [
        "",
        "evil.example",
        "a b",
        "127.0.0.1@evil.example",
        "[::1",
        b"\xff\xfe",
        "127.0.0.1.evil.example",
        "x" * 5000,
    ]

    assert {host: ask(port, host=host) for host in hosts} == dict.fromkeys(hosts, 400)
