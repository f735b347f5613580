"""Logs: one JSON object a line, whatever a stranger sends, and nothing secret in it."""

import io
import json
import logging

import pytest
import structlog

from racedesk import logs


@pytest.fixture
def written():
    """Collects what the handler of the settings would write; returns the parsed lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    logging.getLogger().removeHandler(handler)


def test_a_line_break_in_a_value_stays_in_its_line(written):
    structlog.get_logger("racedesk.try").warning("request", path='/x\n{"level": "info"}\r\n', agent="a\u2028b\x85c")

    (line,) = written()
    assert line["path"] == '/x\n{"level": "info"}\r\n'
    assert (line["event"], line["level"], line["logger"]) == ("request", "warning", "racedesk.try")


def test_records_of_other_libraries_are_json_too(written):
    logging.getLogger("somebody.else").error("failed at %s", "Spa\nFrancorchamps")

    (line,) = written()
    assert (line["event"], line["logger"]) == ("failed at Spa\nFrancorchamps", "somebody.else")


@pytest.mark.parametrize("path", ["/vorschau/SECRET/", "/admin/reset/MQ/SECRET/", "/vorschau/SECRET"])
def test_tokens_in_addresses_are_hidden(written, path):
    structlog.get_logger("racedesk.try").info(f"Not Found: {path}", path=path)

    assert "SECRET" not in json.dumps(written())


def test_a_traceback_shows_no_values(written):
    def fail(password):
        raise ValueError("no")

    word = "-".join(["SECRET"] * 2)
    try:
        fail(word)
    except ValueError:
        structlog.get_logger("racedesk.try").exception("failed")

    (line,) = written()
    assert "ValueError: no" in line["exception"]
    assert "SECRET-SECRET" not in line["exception"]


@pytest.mark.django_db
def test_a_request_is_one_line(client, written):
    client.get("/healthz")

    assert [(line["path"], line["status"]) for line in written() if line["event"] == "request"] == [("/healthz", 200)]
