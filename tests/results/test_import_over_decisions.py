"""A file that replaces a result in which decisions of the stewards stand."""

from dataclasses import replace

import pytest

from results.amending import apply_decisions, current_version, note_as_contained, pending
from results.importers.load import plan
from results.importers.plan import ImportRefused, ImportTarget
from results.models import Decision, Session, SessionEntry
from results.release import go_back
from tests import factories as make
from tests.results.made import load, parsed, race, row

pytestmark = pytest.mark.django_db

FREE = {"accept": True, "reason": "Neue Datei"}
HOUR = 3_600_000


def sheet(*changed, state="provisional"):
    """Three cars, as the timing sheet prints them; each changed car is `(number, cells)`."""
    cells = {
        "7": {"position": 1, "total_ms": HOUR, "laps": 30},
        "8": {"position": 2, "total_ms": HOUR + 2_000, "gap_ms": 2_000, "laps": 30},
        "9": {"position": 3, "total_ms": HOUR + 9_000, "gap_ms": 9_000, "laps": 30},
    }
    for number, values in changed:
        cells[number] = {**cells[number], **values}
    rows = sorted((row(number, **values) for number, values in cells.items()), key=lambda one: one.position or 99)
    return parsed(race(rows=tuple(rows), state=state))


PUNISHED = (
    ("7", {"position": 2, "total_ms": HOUR + 5_000, "gap_ms": 3_000}),
    ("8", {"position": 1, "gap_ms": None}),
    ("9", {"gap_ms": 7_000}),
)


@pytest.fixture
def session():
    load(sheet())
    return Session.objects.get()


def decide(session, number="7", kind="time", amount=5_000, **fields):
    car = SessionEntry.objects.get(session=session, entry__number=number)
    return make.DecisionFactory(session=session, session_entry=car, kind=kind, amount=amount, number="27", **fields)


def commit(session):
    return apply_decisions(session, by=make.UserFactory(role="results"))


def preview(file):
    return plan(file, target=ImportTarget())


def stand(session):
    return [(one.decision.number, one.is_computed) for one in current_version(session).applied.all()]


def test_a_file_that_holds_the_decision_is_noted_to_hold_it(session):
    decide(session)
    commit(session)
    official = sheet(*PUNISHED, ("9", {"best_lap_ms": 99_000, "gap_ms": 7_000}), state="final")
    assert preview(official).doubts == ()

    load(official, **FREE)

    assert stand(session) == [("27", False)]
    assert (current_version(session).version, current_version(session).base) == (3, None)
    assert pending(session) == []


def test_a_file_printed_before_the_decision_opens_it_again_and_says_so(session):
    decision = decide(session)
    commit(session)
    old = sheet(("9", {"best_lap_ms": 99_000}))

    [doubt] = [one for one in preview(old).doubts if "Entscheidung" in one.reason]
    assert doubt.reason.startswith("Entscheidung 27: #7 Zeitstrafe steht im Ergebnis")
    with pytest.raises(ImportRefused):
        load(old)
    load(old, **FREE)

    assert stand(session) == []
    assert pending(session) == [decision]
    commit(session)
    assert current_version(session).rows.get(position=1).session_entry.entry.number == "8"


def test_an_entered_decision_that_the_next_file_brings_along_is_not_worked_in_twice(session):
    decide(session)

    seen = preview(sheet(*PUNISHED))
    assert [(one.subject, one.before, one.after) for one in seen.changes] == [
        ("Entscheidung 27: #7 Zeitstrafe", "nein", "ja")
    ]
    load(sheet(*PUNISHED), **FREE)

    assert stand(session) == [("27", False)]
    assert pending(session) == []


def test_an_entered_decision_that_the_next_file_lacks_stays_open_without_a_word(session):
    decision = decide(session)

    load(sheet(("9", {"best_lap_ms": 99_000})), **FREE)

    assert (stand(session), pending(session)) == ([], [decision])


def test_what_a_file_was_noted_to_hold_the_next_one_is_asked_for(session):
    load(sheet(*PUNISHED), **FREE)
    decision = decide(session)
    note_as_contained(current_version(session), decision)

    load(sheet(*PUNISHED, ("9", {"gap_ms": 7_000, "best_lap_ms": 99_000})), **FREE)
    assert stand(session) == [("27", False)]

    load(sheet(), **FREE)
    assert (stand(session), pending(session)) == ([], [decision])


def test_a_decision_that_fell_is_nobodys_doubt(session):
    decision = decide(session)
    commit(session)
    Decision.objects.filter(pk=decision.pk).update(appeal="won")

    doubts = preview(sheet(("9", {"best_lap_ms": 99_000}))).doubts
    assert not [one for one in doubts if "Entscheidung" in one.reason]


def test_an_excerpt_that_leaves_the_punished_car_out_keeps_its_decision(session):
    decide(session)
    commit(session)
    whole = sheet()
    excerpt = replace(
        whole.sessions[0], complete=False,
        classification=tuple(one for one in whole.sessions[0].classification if one.number == "9"),
    )  # fmt: skip
    punished = replace(excerpt.classification[0], gap_ms=7_000, best_lap_ms=99_000)

    load(replace(whole, sessions=(replace(excerpt, classification=(punished,)),)), **FREE)

    assert stand(session) == [("27", False)]


def test_a_disqualified_car_that_the_official_sheet_leaves_out_stays_decided(session):
    decide(session, "9", "disqualified", None)
    commit(session)
    file = sheet()
    left = tuple(one for one in file.sessions[0].classification if one.number != "9")

    load(replace(file, sessions=(replace(file.sessions[0], classification=left),)), **FREE)

    assert stand(session) == [("27", False)]


def test_going_back_over_such_a_file_takes_the_computed_decision_along(session):
    decide(session)
    computed = commit(session)
    load(sheet(("9", {"best_lap_ms": 99_000})), **FREE)
    computed.refresh_from_db()

    go_back(computed, by=make.UserFactory(role="results"), reason="Falsche Datei")

    assert stand(session) == [("27", True)]
    assert pending(session) == []
