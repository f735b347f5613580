"""Sheets from the database: what became of a car, states of a race after some hours, and decisions not applied yet."""

import datetime as dt

import pytest

from articles.fact_links import links_of
from articles.factcheck.database import event_sheet, sheet_of
from articles.factcheck.proposal import propose
from articles.factcheck.run import check_text
from articles.factcheck.verdict import Evidence
from results.amending import apply_decisions, note_as_contained
from results.models import Decision
from tests import factories
from tests.articles.factcheck.test_sheets_of_events import a_car, a_result, event, verdicts  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
HOUR = 3_600_000


@pytest.fixture
def race(event):  # noqa: F811
    """Three cars, the first two 14.221 seconds apart, the third a lap down."""
    cars = [
        a_car(event, number, (first, last))
        for number, first, last in (("7", "Anna", "Adler"), ("8", "Carla", "Condor"), ("36", "Emil", "Elster"))
    ]
    rows = (
        {"position": 1, "laps": 198, "total_ms": 6 * HOUR, "best_lap_ms": 97_100},
        {"position": 2, "laps": 198, "total_ms": 6 * HOUR + 14_221, "gap_ms": 14_221},
        {"position": 3, "laps": 197, "gap_laps": 1},
    )
    return a_result(event, "R", "race", *zip(cars, rows, strict=True))


def seat(race, number):
    return race.session_entries.get(entry__number=number)


def decide(race, kind, number=None, amount=None, **fields):
    car = seat(race, number) if number else None
    return Decision.objects.create(session=race, session_entry=car, kind=kind, amount=amount, **fields)


def held(race, decision):
    """The newsroom notes that the result holds the decision."""
    note_as_contained(race.classifications.get(is_current=True), decision)


def alarms(text, race):
    """What a text would be told off for."""
    return [words for words, verdict in verdicts(text, race.event) if verdict == "contradicted"]


class TestStatus:
    @pytest.mark.parametrize(
        ("status", "text"),
        [
            ("dsq", "Die #8 wurde nach dem Rennen disqualifiziert."),
            ("excluded", "Die #8 wurde nach dem Rennen disqualifiziert."),
            ("dnf", "Die #8 schied im Rennen aus."),
        ],
    )
    def test_what_became_of_a_car_is_confirmed(self, event, status, text):  # noqa: F811
        one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "8", ("Carla", "Condor"))
        a_result(event, "R", "race", (one, {"position": 1}), (two, {"status": status}))

        assert [verdict for _words, verdict in verdicts(text, event, "status")] == ["confirmed"]

    def test_a_disqualified_car_did_not_retire(self, event):  # noqa: F811
        one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "8", ("Carla", "Condor"))
        a_result(event, "R", "race", (one, {"position": 1}), (two, {"status": "dsq"}))

        assert [verdict for _words, verdict in verdicts("Die #8 schied im Rennen aus.", event, "status")] == [
            "uncheckable"
        ]


class TestDecisions:
    def test_a_disqualification_that_the_result_does_not_hold_is_no_error(self, race):
        text = "Die #7 wurde nach dem Rennen disqualifiziert. Die #8 gewann das Rennen."
        assert alarms(text, race) != []

        decide(race, "disqualified", "7")

        assert alarms(text, race) == []
        assert ("disqualifiziert", "confirmed") in verdicts(text, race.event)

    def test_whoever_stands_before_the_punished_car_keeps_his_place(self, race):
        decide(race, "disqualified", "8")

        assert alarms("Die #7 wurde im Rennen Dritte.", race) == ["Dritte"]
        assert alarms("Die #36 wurde im Rennen Zweite.", race) == []

    @pytest.mark.parametrize(
        ("kind", "amount", "text"),
        [
            ("time", 30_000, "Die #8 hatte im Rennen 44,221 Sekunden Rückstand auf die #7."),
            ("places", 1, "Die #8 wurde im Rennen Dritte."),
            ("laps", 1, "Die #8 fuhr im Rennen 197 Runden."),
        ],
    )
    def test_a_penalty_to_come_measures_nobody_and_one_that_is_in_the_result_does(self, race, kind, amount, text):
        assert alarms(text, race) != []
        decision = decide(race, kind, "8", amount)
        assert alarms(text, race) == []

        held(race, decision)

        assert alarms(text, race) != []

    def test_nothing_is_guessed_from_the_hour_or_the_lines_what_is_named_is_in_the_result(self, event):  # noqa: F811
        one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "8", ("Carla", "Condor"))
        race = a_result(event, "R", "race", (one, {"position": 1}), (two, {"position": 2, "penalty_ms": 30_000}))
        before = race.classifications.get().created_at - dt.timedelta(hours=1)
        decision = decide(race, "time", "8", 30_000, decided_at=before)
        assert alarms("Die #8 wurde im Rennen Dritte.", race) == []

        held(race, decision)

        assert alarms("Die #8 wurde im Rennen Dritte.", race) == ["Dritte"]

    def test_a_penalty_that_was_worked_in_is_measured_by_and_one_that_fell_is_not(self, race):
        decision = decide(race, "time", "7", 30_000)
        apply_decisions(race, by=factories.UserFactory(role="results"))
        assert alarms("Die #7 wurde im Rennen Erste.", race) == ["Erste"]

        Decision.objects.filter(pk=decision.pk).update(appeal="won")

        assert alarms("Die #7 wurde im Rennen Erste.", race) == []
        assert event_sheet(race.event).under_decision == ("Rennen",)

    def test_a_decision_that_fell_before_it_was_worked_in_measures_as_if_it_had_never_been(self, race):
        decide(race, "time", "8", 30_000, appeal="won")

        assert alarms("Die #8 wurde im Rennen Dritte.", race) == ["Dritte"]
        assert event_sheet(race.event).under_decision == ()

    def test_a_decision_at_a_checkpoint_leaves_the_finish_as_it_is(self, race):
        decide(race, "time", "8", 30_000, checkpoint="3h")

        assert alarms("Die #8 wurde im Rennen Dritte.", race) == ["Dritte"]

    def test_a_car_that_is_let_in_again_may_move_everybody(self, event):  # noqa: F811
        one, two = a_car(event, "7", ("Anna", "Adler")), a_car(event, "8", ("Carla", "Condor"))
        race = a_result(event, "R", "race", (one, {"position": 1}), (two, {"status": "dsq"}))
        text = "Die #7 wurde im Rennen Zweite."
        assert alarms(text, race) == ["Zweite"]

        decide(race, "reinstated", "8")

        assert alarms(text, race) == []

    def test_a_lap_that_is_deleted_is_still_known_and_no_best_one(self, event):  # noqa: F811
        car = a_car(event, "7", ("Anna", "Adler"))
        session = a_result(event, "Q", "qualifying", (car, {"position": 1, "best_lap_ms": 95_461}), name="Qualifying")
        other = "Im Qualifying fuhr die #7 eine Runde in 1:35,641 Minuten."
        assert alarms(other, session) == ["1:35,641 Minuten"]

        decide(session, "lap_deleted", "7")

        assert alarms(other, session) == []
        assert ("1:35,461 Minuten", "confirmed") in verdicts(other.replace("641", "461"), event)

    def test_a_sheet_names_the_sessions_it_concerns(self, race):
        assert event_sheet(race.event).under_decision == ()
        decision = decide(race, "disqualified", "8")
        assert event_sheet(race.event).under_decision == ("Rennen",)

        held(race, decision)

        assert event_sheet(race.event).under_decision == ()

    def test_one_about_everybody_is_in_the_result_once_somebody_has_noted_it(self, race):
        decision = decide(race, "time", amount=5_000)
        assert alarms("Die #8 wurde im Rennen Dritte.", race) == []

        held(race, decision)

        assert alarms("Die #8 wurde im Rennen Dritte.", race) == ["Dritte"]

    @pytest.mark.parametrize("kind", ["warning", "grid"])
    def test_a_warning_changes_nothing(self, race, kind):
        decide(race, kind, "8", 3 if kind == "grid" else None)

        assert alarms("Die #8 wurde im Rennen Dritte.", race) == ["Dritte"]


class TestCheckpoints:
    @pytest.fixture
    def after_three_hours(self, race):
        rows = [
            {"session_entry": seat(race, "8"), "status": "classified", "position": 1, "laps": 99, "total_ms": 3 * HOUR},
            {
                "session_entry": seat(race, "7"), "status": "classified", "position": 2, "laps": 99,
                "total_ms": 3 * HOUR + 5_500, "gap_ms": 5_500,
            },
        ]  # fmt: skip
        return factories.ClassificationFactory(session=race, checkpoint="3h", rows=rows)

    def test_a_sheet_holds_the_state_of_a_race_after_some_hours(self, race, after_three_hours):
        (state,) = sheet_of(race.event).checkpoints.values()

        assert (state.key, state.name, list(state.by_number)) == ("R:3h", "Rennen nach 3 Stunden", ["8", "7"])

    def test_a_text_about_it_is_measured_by_it_and_one_about_the_finish_by_the_finish(self, race, after_three_hours):
        said = "Nach drei Stunden lag die #7 im Rennen {} hinter der #8. Im Ziel war die #7 mit {} Vorsprung vorn."

        assert alarms(said.format("5,500 Sekunden", "14,221 Sekunden"), race) == []
        right = said.format("5,500 Sekunden", "14,221 Sekunden")
        assert dict(verdicts(right, race.event, "gap_time")) == {
            "5,500 Sekunden": "confirmed", "14,221 Sekunden": "confirmed"
        }  # fmt: skip
        assert alarms(said.format("5,550 Sekunden", "14,221 Sekunden"), race) == ["5,550 Sekunden"]

    @pytest.mark.parametrize("checkpoint", ["", "Halbzeit", "9h"])
    def test_what_is_no_earlier_state_is_none(self, race, checkpoint):
        """No hours in its name, or as many laps as at the end."""
        if checkpoint:
            row = {"session_entry": seat(race, "8"), "status": "classified", "position": 1}
            laps = 198 if checkpoint == "9h" else 99
            factories.ClassificationFactory(session=race, checkpoint=checkpoint, rows=[row | {"laps": laps}])

        assert [session.key for session in sheet_of(race.event).sessions] == ["R"]

    def test_it_is_no_further_race(self, race, after_three_hours):
        """Of one race nobody counts a second one, and the last of two is a race."""
        assert alarms("Im zweiten Rennen wurde die #7 Dritte.", race) == []

        cars = [seat(race, number).entry for number in ("7", "8")]
        rows = zip(cars, ({"position": 1, "laps": 20}, {"position": 2, "laps": 20}), strict=True)
        a_result(race.event, "R2", "race", *rows, name="Rennen 2", sequence=race.sequence + 1)

        assert ("gewann", "confirmed") in verdicts("Das letzte Rennen gewann die #7.", race.event)

    def test_its_evidence_leads_to_that_scoring(self, race, after_three_hours):
        link = links_of(race.event).of(Evidence("Rennen nach 3 Stunden", "#7", "Rang", "Rang 2"))

        assert link.address == f"/gt/2021/sechs-stunden/{race.slug}/?wertung=3h"

    def test_it_is_no_session_that_boxes_could_show(self, race, after_three_hours):
        text = "Nach drei Stunden lag die #7 im Rennen 5,500 Sekunden hinter der #8, und die #8 führte."

        told = propose(text, sheet_of(race.event)).sessions

        assert [one.session.key for one in told] == ["R"]


def test_a_check_of_an_event_with_all_of_it_alarms_nobody(race):
    decide(race, "disqualified")

    assert [str(one.verdict.judgement) for one in check_text("Die #7 gewann.", sheet_of(race.event))] != [
        "contradicted"
    ]
