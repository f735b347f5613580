"""Health: what a probe sees, with the database well, gone and hanging."""

import socket
import threading
import time

import pytest
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper


@pytest.fixture
def silent_server():
    """Accepts connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []

        def accept():
            while True:
                try:
                    held.append(server.accept())
                except OSError:
                    return

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(timeout=5)
        for conn, _address in held:
            conn.close()


@pytest.mark.django_db
def test_healthz_answers_ok_and_is_never_stored(client):
    response = client.get("/healthz")

    jobs = {"oldest_waiting_seconds": None, "worker_heard_seconds_ago": None}
    assert (response.status_code, response.json()) == (200, {"status": "ok", "database": "ok", "jobs": jobs})
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies


@pytest.mark.django_db
def test_healthz_refuses_what_is_no_question(client):
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_healthz_says_503_in_time_when_the_database_hangs(client, silent_server):
    elsewhere = DatabaseWrapper({**connection.settings_dict, "HOST": "127.0.0.1", "PORT": str(silent_server)})
    before = connections["default"]
    connections["default"] = elsewhere
    started = time.monotonic()

    try:
        response = client.get("/healthz")
    finally:
        connections["default"] = before

    assert time.monotonic() - started < 3
    assert (response.status_code, response.json()) == (503, {"status": "unavailable", "database": "unavailable"})
    assert response["Retry-After"] == "2"
    assert response["Cache-Control"] == "no-store"
