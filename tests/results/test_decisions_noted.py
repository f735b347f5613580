"""Decisions from before results named theirs: the migration notes those that the current result holds."""

import datetime as dt
from importlib import import_module

import pytest
from django.db import connection

from results.models import AppliedDecision
from results.proposal import pending
from tests.results.stewards_made import HOUR, commit, decide, result

pytestmark = pytest.mark.django_db

NOTE = import_module("results.migrations.0016_decisions_in_results").NOTE
LATER = dt.datetime(2090, 1, 1, tzinfo=dt.UTC)


def note():
    with connection.cursor() as cursor:
        cursor.execute(NOTE)


def noted():
    return {one.decision.number: one.is_computed for one in AppliedDecision.objects.select_related("decision")}


def test_what_was_decided_before_the_version_was_made_or_stands_in_its_line_is_noted_once():
    session = result(
        ("1", HOUR), ("2", 1_000, {"penalty_ms": 5_000}), ("3", 2_000), ("4", None, {"status": "dsq"}),
        ("5", 9_000, {"penalty_laps": 1}),
    )  # fmt: skip
    decide(session, "1", "time", 5_000, number="old")
    decide(session, "2", "time", 5_000, number="shown", decided_at=LATER)
    decide(session, "4", "disqualified", number="struck", decided_at=LATER)
    decide(session, "5", "laps", 1, number="lap", decided_at=LATER)
    new = decide(session, "3", "time", 5_000, number="new", decided_at=LATER)
    decide(session, "1", "warning", number="warning")
    decide(session, "3", "time", 1_000, number="won", appeal="won")
    decide(session, "3", "grid", 3, number="grid")

    note()
    note()

    assert noted() == {"old": False, "shown": False, "struck": False, "lap": False}
    assert pending(session) == [new]


def test_what_was_worked_in_is_left_alone():
    session = result(("1", HOUR), ("2", 1_000))
    decide(session, "1", "time", 5_000, number="27")
    commit(session)

    note()

    assert noted() == {"27": True}
