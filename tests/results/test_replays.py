"""Decisions of the stewards as they happened, through the verbs and the database. Totals are integer ms."""

import datetime as dt

import pytest

from results.amending import current_version, note_as_contained, propose, what_if
from results.models import AppliedDecision, Classification, Decision, DecisionEffect, LapDeletion
from results.refusal import ReleaseRefused
from results.release import go_back, release_draft
from results.rulings import Ruling
from results.signals import classification_released
from tests import factories as make
from tests.results.stewards_made import (
    DECIDED,
    HOUR,
    car_of,
    chain,
    commit,
    decide,
    person,
    places,
    result,
    table,
)

pytestmark = pytest.mark.django_db

SECOND = 1_000


def at(minutes, seconds, ms, hours=1):
    return hours * HOUR + minutes * 60_000 + seconds * SECOND + ms


def montreal():
    """Grand Prix of Canada 2019 as the flag showed it: Vettel 1,342 s before Hamilton."""
    return result(("5", at(29, 5, 742)), ("44", 1_342), ("16", 6_038), ("77", 52_385))


def mexico():
    """Grand Prix of Mexico 2016: Verstappen cut a corner, Vettel moved under braking; on the road third and fourth."""
    return result(("44", at(40, 31, 402)), ("6", 8_354), ("33", 16_323), ("5", 17_313), ("3", 20_858), ("7", 49_376))


def test_five_seconds_take_a_win_and_every_gap_follows_the_new_winner():
    session = montreal()
    decide(session, "5", "time", 5 * SECOND, number="43")

    commit(session)

    assert table(session, "total_ms", "gap_ms", "penalty_ms") == [
        ("44", 1, at(29, 7, 84), None, 0),
        ("5", 2, at(29, 10, 742), 3_658, 5_000),
        ("16", 3, at(29, 11, 780), 4_696, 0),
        ("77", 4, at(29, 58, 127), 51_043, 0),
    ]
    assert chain(session) == [
        (1, "provisional", ""),
        (2, "revised", "Entscheidung 43: #5 Zeitstrafe"),
    ]


def test_two_penalties_at_once_and_whoever_asks_why_finds_each():
    session = mexico()
    first = decide(session, "33", "time", 5 * SECOND)
    second = decide(session, "5", "time", 10 * SECOND)

    version = commit(session)

    assert table(session, "total_ms", "gap_ms") == [
        ("44", 1, at(40, 31, 402), None),
        ("6", 2, at(40, 39, 756), 8_354),
        ("3", 3, at(40, 52, 260), 20_858),
        ("33", 4, at(40, 52, 725), 21_323),
        ("5", 5, at(40, 58, 715), 27_313),
        ("7", 6, at(41, 20, 778), 49_376),
    ]
    effects = {
        (one.decision_id, one.session_entry.entry.number): set(one.columns)
        for one in DecisionEffect.objects.filter(classification=version)
    }
    own = {"position", "total_ms", "gap_ms", "penalty_ms"}
    assert effects == {
        (first.pk, "33"): own, (first.pk, "3"): {"position"},
        (second.pk, "5"): own, (second.pk, "3"): {"position"}, (second.pk, "33"): {"position"},
    }  # fmt: skip


def test_one_after_the_other_ends_where_both_at_once_end():
    session = mexico()
    commit(session, decide(session, "33", "time", 5 * SECOND))
    assert places(session) == {"44": 1, "6": 2, "5": 3, "3": 4, "33": 5, "7": 6}

    commit(session, decide(session, "5", "time", 10 * SECOND))

    assert places(session) == {"44": 1, "6": 2, "3": 3, "33": 4, "5": 5, "7": 6}
    assert AppliedDecision.objects.filter(classification=current_version(session), is_computed=True).count() == 2
    assert current_version(session).base.version == 1


def test_a_position_swap():
    session = result(("1", HOUR), ("2", 300), ("3", 900))
    decide(session, "1", "places", 1)

    commit(session)

    assert places(session) == {"2": 1, "1": 2, "3": 3}


def norisring():
    """DTM Norisring 2013: Ekström won on the road, water in his overall cost him the result. Times are made."""
    return result(("11", at(12, 30, 0)), ("10", 3_600), ("12", 4_900), ("6", 9_000))


def test_a_disqualified_winner_whose_place_stays_vacant():
    session = norisring()
    decide(session, "11", "disqualified", leaves_vacant=True)

    commit(session)

    assert table(session, "status", "gap_ms") == [
        ("10", 2, "classified", None),
        ("12", 3, "classified", 1_300),
        ("6", 4, "classified", 5_400),
        ("11", None, "dsq", None),
    ]


def test_a_disqualified_winner_and_everybody_moves_up():
    session = norisring()
    decide(session, "11", "disqualified")

    commit(session)

    assert places(session) == {"10": 1, "12": 2, "6": 3}


def test_class_places_follow_and_a_guest_stays_without_one():
    pro, am = make.RacingClassFactory(name="Pro"), make.RacingClassFactory(name="Am")
    session = result(
        ("1", HOUR, {"racing_class": pro, "class_position": 1}),
        ("2", 1_000, {"racing_class": am, "class_position": 1}),
        ("99", 2_000, {"racing_class": pro}),  # a guest: in the race, not in his class
        ("3", 3_000, {"racing_class": pro, "class_position": 2}),
        ("4", 4_000, {"racing_class": am, "class_position": 2}),
    )
    decide(session, "1", "time", 3_500)

    commit(session)

    assert table(session, "class_position") == [("2", 1, 1), ("99", 2, None), ("3", 3, 1), ("1", 4, 2), ("4", 5, 2)]


def test_a_dead_heat_shares_the_place_and_the_next_one_is_left_out():
    session = result(("1", HOUR), ("2", 5_000), ("3", 9_000))
    decide(session, "1", "time", 5 * SECOND)
    assert "zeitgleich" in propose(session).doubts[0]

    commit(session)

    assert sorted(places(session).items()) == [("1", 1), ("2", 1), ("3", 3)]


def test_laps_plus_time_in_one_document():
    """Two decisions under one number, as `2:35.306/-1 lap` prints them."""
    session = result(("1", HOUR), ("2", 2_000), ("3", 90_000, {"laps": 29, "gap_ms": None, "gap_laps": 1}))
    decide(session, "1", "laps", 1, number="12")
    decide(session, "1", "time", 155_306, number="12")

    commit(session)

    assert table(session, "laps", "penalty_laps", "penalty_ms", "gap_laps") == [
        ("2", 1, 30, 0, 0, None),
        ("3", 2, 29, 0, 0, 1),
        ("1", 3, 29, 1, 155_306, 1),
    ]


def test_a_reinstatement_months_later_gives_the_win_back():
    session = norisring()
    first = decide(session, "11", "disqualified")
    commit(session)
    months_later = DECIDED + dt.timedelta(days=120)
    decide(session, "11", "reinstated", overturns=first, decided_at=months_later, number="B7")

    commit(session, state="amended")

    assert table(session, "status", "gap_ms")[:2] == [("11", 1, "classified", None), ("10", 2, "classified", 3_600)]
    assert chain(session)[-1] == (
        3, "amended", f"Entscheidung B7: #11 wieder eingesetzt; gilt nicht mehr: Entscheidung {first.number}: #11 disqualifiziert",
    )  # fmt: skip


def test_a_reinstatement_that_names_nothing_takes_back_whatever_struck_the_car():
    session = norisring()
    commit(session, decide(session, "11", "disqualified"))
    decide(session, "11", "reinstated")

    commit(session)

    assert places(session) == {"11": 1, "10": 2, "12": 3, "6": 4}


def test_a_reinstatement_that_nobody_ticked_takes_nothing_back_yet():
    session = norisring()
    struck = decide(session, "11", "disqualified")
    decide(session, "11", "reinstated", overturns=struck)

    commit(session, struck)

    assert places(session) == {"10": 1, "12": 2, "6": 3}


def test_a_car_that_was_struck_before_its_result_came_comes_back_with_what_an_earlier_version_knew():
    session = norisring()
    result(
        ("10", at(12, 33, 600)), ("12", 1_300), ("6", 5_400), ("11", None, {"status": "dsq"}), session=session,
        state="final", reason="Technische Kontrolle",
    )  # fmt: skip
    struck = decide(session, "11", "disqualified")
    note_as_contained(current_version(session), struck)
    Decision.objects.filter(pk=struck.pk).update(appeal="won")

    commit(session)

    assert table(session, "total_ms", "gap_ms")[:2] == [
        ("11", 1, at(12, 30, 0), None),
        ("10", 2, at(12, 33, 600), 3_600),
    ]
    assert not AppliedDecision.objects.filter(classification=current_version(session)).exists()


def test_lines_typed_over_a_lifted_penalty_do_not_lift_it_a_second_time():
    session = result(("1", HOUR, {"penalty_ms": 5_000}), ("2", 2_000))
    penalty = decide(session, "1", "time", 5_000)
    note_as_contained(current_version(session), penalty)
    Decision.objects.filter(pk=penalty.pk).update(appeal="won")
    commit(session)
    assert table(session, "total_ms")[0] == ("1", 1, HOUR - 5_000)

    with pytest.raises(ReleaseRefused):
        commit(session)
    assert propose(session).is_empty


def test_an_appeal_that_is_pending_or_lost_changes_nothing_and_one_that_is_won_ends_the_penalty():
    session = montreal()
    penalty = decide(session, "5", "time", 5 * SECOND)
    commit(session)
    for appeal in ("pending", "lost"):
        Decision.objects.filter(pk=penalty.pk).update(appeal=appeal)
        assert propose(session).is_empty

    Decision.objects.filter(pk=penalty.pk).update(appeal="won")
    proposal = propose(session)
    assert [one.pk for one in proposal.fallen] == [penalty.pk]
    commit(session)

    assert places(session) == {"5": 1, "44": 2, "16": 3, "77": 4}
    assert not current_version(session).applied.exists()
    first, last = Classification.objects.filter(session=session).order_by("version").values_list("pk", flat=True)[::2]
    cells = ("session_entry", "position", "total_ms", "gap_ms", "penalty_ms", "status")
    assert list(Classification.objects.get(pk=first).rows.values_list(*cells)) == list(
        Classification.objects.get(pk=last).rows.values_list(*cells)
    )


def test_a_result_that_changes_twice_in_three_months():
    """June: a penalty. September: the appeal court takes it back and strikes another car."""
    session = result(("16", at(41, 6, 231), {}), ("81", 7_152), ("55", 7_585), ("4", 8_650), state="final")
    june = decide(session, "81", "time", 10_000, decided_at=dt.datetime(2021, 6, 12, tzinfo=dt.UTC), number="1")
    commit(session)
    assert places(session) == {"16": 1, "55": 2, "4": 3, "81": 4}
    Decision.objects.filter(pk=june.pk).update(appeal="won")
    decide(session, "55", "disqualified", decided_at=dt.datetime(2021, 9, 4, tzinfo=dt.UTC), number="2")

    commit(session)

    assert table(session, "status") == [
        ("16", 1, "classified"), ("81", 2, "classified"), ("4", 3, "classified"), ("55", None, "dsq"),
    ]  # fmt: skip
    assert chain(session) == [
        (1, "final", ""),
        (2, "amended", "Entscheidung 1: #81 Zeitstrafe"),
        (3, "amended", "Entscheidung 2: #55 disqualifiziert; gilt nicht mehr: Entscheidung 1: #81 Zeitstrafe"),
    ]
    windows = Classification.objects.filter(session=session).order_by("version")
    ends = list(windows.values_list("public_until", flat=True))
    assert ends == [*windows.values_list("public_from", flat=True)[1:], None]


def test_deleted_laps_change_a_qualifying_and_the_grid_follows():
    event = make.EventFactory()
    qualifying = make.SessionFactory(event=event, kind="qualifying", sequence=1)
    grid = make.SessionFactory(event=event, kind="grid", sequence=2)
    result(("1", 90_000), ("2", 90_200), ("3", 90_900), session=qualifying, timed=True)
    result(("1", None), ("2", None), ("3", None), session=grid)
    for number, best in (("1", 90_000), ("2", 90_200), ("3", 90_900)):
        make.drive(car_of(qualifying, number), 95_000, best, 90_500 if number == "1" else 99_000)
    decision = decide(qualifying, "1", "lap_deleted")
    make.LapDeletionFactory(
        session_entry=car_of(qualifying, "1"), lap=2, source=LapDeletion.Source.DECISION, decision=decision
    )

    commit(qualifying)

    assert table(qualifying, "best_lap_ms", "best_lap_number", "gap_ms") == [
        ("2", 1, 90_200, None, None),
        ("1", 2, 90_500, 3, 300),
        ("3", 3, 90_900, None, 700),
    ]
    assert table(grid) == [("2", 1), ("1", 2), ("3", 3)]
    assert "folgt aus" in chain(grid)[-1][2]


def test_deleted_laps_of_a_qualifying_without_laps_need_the_next_best_time():
    session = result(("1", 90_000), ("2", 90_200), timed=True)
    decide(session, "1", "lap_deleted", next_best_ms=90_500)

    commit(session)

    assert table(session, "best_lap_ms") == [("2", 1, 90_200), ("1", 2, 90_500)]


def test_a_penalty_to_a_car_that_did_not_finish_moves_nobody():
    session = result(("1", HOUR), ("2", 2_000), ("3", None, {"status": "dnf", "laps": 12, "total_ms": 1_800_000}))
    decide(session, "3", "time", 5 * SECOND)

    commit(session)

    assert table(session, "status", "total_ms", "penalty_ms") == [
        ("1", 1, "classified", HOUR, 0),
        ("2", 2, "classified", HOUR + 2_000, 0),
        ("3", None, "dnf", 1_805_000, 5_000),
    ]


def test_a_penalty_at_six_hours_leaves_the_finish_as_it_is():
    session = make.SessionFactory()
    result(("1", 6 * HOUR), ("2", 2_000), session=session, checkpoint="6h")
    result(("1", 24 * HOUR), ("2", 40_000), session=session)
    decide(session, "1", "time", 5 * SECOND, checkpoint="6h")

    commit(session, checkpoint="6h")

    assert places(session, "6h") == {"2": 1, "1": 2}
    assert places(session) == {"1": 1, "2": 2}
    assert len(chain(session)) == 1
    with pytest.raises(ReleaseRefused, match="ändern nichts"):
        commit(session)


def test_a_shared_drive_is_punished_and_struck_as_one_car():
    """Formula 1 to 1958: two drivers of one car stand in two lines of one place."""
    session = result(("1", HOUR), ("2", 3_000), ("3", 9_000), state="provisional")
    version = make.ClassificationFactory(session=session, version=2, hidden=True, state="provisional")
    car = car_of(session, "2")
    for order, (number, line) in enumerate([("1", 1), ("2", 1), ("2", 2), ("3", 1)], start=1):
        row = current_version(session).rows.get(session_entry__entry__number=number)
        make.ClassificationRowFactory(
            classification=version, session_entry=row.session_entry, entry=row.session_entry.entry, line=line,
            display_order=order, position=row.position, laps=30, total_ms=row.total_ms, gap_ms=row.gap_ms,
        )  # fmt: skip
    go_live(version)
    decide(session, "2", "time", 7_000)

    commit(session)

    assert table(session, "line", "total_ms") == [
        ("1", 1, 1, HOUR), ("3", 2, 1, HOUR + 9_000), ("2", 3, 1, HOUR + 10_000), ("2", 3, 2, HOUR + 10_000),
    ]  # fmt: skip
    effects = DecisionEffect.objects.filter(session_entry=car).order_by("line")
    assert [(one.line, "position" in one.columns) for one in effects] == [(1, True), (2, True)]


def go_live(version):
    release_draft(version, by=person(), reason="Fahrerwechsel nachgetragen")


def test_a_grid_penalty_of_a_qualifying_never_moves_the_qualifying_itself():
    session = result(("1", 90_000), ("2", 90_200), timed=True)
    decide(session, "1", "grid", 3)

    with pytest.raises(ReleaseRefused, match="ändern nichts"):
        commit(session)


def test_what_is_noted_as_contained_is_not_worked_in_twice():
    session = result(("44", at(29, 7, 84)), ("5", 3_658, {"penalty_ms": 5_000}), ("16", 4_696))
    penalty = decide(session, "5", "time", 5 * SECOND)
    assert "Zeitstrafe" in propose(session).doubts[0]

    note_as_contained(current_version(session), penalty)

    assert propose(session).is_empty
    with pytest.raises(ReleaseRefused):
        note_as_contained(current_version(session), penalty)


def test_what_if_stores_nothing_and_stands_on_what_is_decided():
    session = mexico()
    commit(session, decide(session, "33", "time", 5 * SECOND))
    before = Decision.objects.count(), Classification.objects.count(), AppliedDecision.objects.count()

    seen = what_if(session, rulings=[Ruling("x", "time", car_of(session, "5").pk, 10_000)])

    order = [row.session_entry.entry.number for row in seen.rows]
    assert order == ["44", "6", "3", "33", "5", "7"]
    assert (Decision.objects.count(), Classification.objects.count(), AppliedDecision.objects.count()) == before


def test_the_signal_carries_exactly_the_cells_that_changed():
    session = montreal()
    decide(session, "5", "time", 5 * SECOND)
    heard = []

    def listen(**message):
        heard.append([(one.entry, one.column, one.before, one.after) for one in message["changes"]])

    classification_released.connect(listen)
    try:
        commit(session)
    finally:
        classification_released.disconnect(listen)

    assert sorted(map(str, heard[0])) == sorted(map(str, [
        ("", "state", "provisional", "revised"),
        ("44", "position", 2, 1), ("44", "gap_ms", 1_342, None),
        ("5", "position", 1, 2), ("5", "total_ms", at(29, 5, 742), at(29, 10, 742)), ("5", "gap_ms", None, 3_658),
        ("5", "penalty_ms", 0, 5_000),
        ("16", "gap_ms", 6_038, 4_696), ("77", "gap_ms", 52_385, 51_043),
    ]))  # fmt: skip


def test_a_stale_look_is_refused_and_a_second_click_changes_nothing():
    session = montreal()
    penalty = decide(session, "5", "time", 5 * SECOND)
    seen = propose(session).fingerprint
    decide(session, "16", "time", 60_000)

    with pytest.raises(ReleaseRefused, match="geändert, seit"):
        commit(session, seen=seen)
    commit(session, penalty, seen=seen)
    with pytest.raises(ReleaseRefused, match="geändert, seit"):
        commit(session, penalty, seen=seen)
    assert len(chain(session)) == 2


def test_a_draft_of_decisions_is_refused_once_they_have_changed():
    session = montreal()
    penalty = decide(session, "5", "time", 5 * SECOND)
    draft = commit(session, release=False)
    assert places(session) == {"5": 1, "44": 2, "16": 3, "77": 4}
    Decision.objects.filter(pk=penalty.pk).update(appeal="won")

    with pytest.raises(ReleaseRefused, match="seit dieser Entwurf berechnet"):
        go_live(draft)
    Decision.objects.filter(pk=penalty.pk).update(appeal="lost")
    go_live(draft)

    assert places(session) == {"44": 1, "5": 2, "16": 3, "77": 4}


def test_going_back_takes_along_what_stood_there():
    session = montreal()
    decide(session, "5", "time", 5 * SECOND)
    second = commit(session)
    first = Classification.objects.get(session=session, version=1)
    go_back(first, by=person(), reason="Irrtum")
    assert not current_version(session).applied.exists()

    second.refresh_from_db()
    go_back(second, by=person(), reason="Doch nicht")

    assert (current_version(session).base.version, current_version(session).applied.count()) == (1, 1)
    assert propose(session).is_empty


def test_a_car_whose_only_known_time_goes_is_asked_about():
    session = result(("1", 90_000), ("2", 90_200), timed=True)
    decide(session, "1", "lap_deleted")

    assert "#1 bleibt ohne Zeit. Ist die Bestzeit, die dann gilt, nicht bekannt?" in propose(session).doubts


def test_a_decision_that_readers_may_not_know_of_yet_is_doubted():
    session = montreal()
    decide(session, "5", "time", 5 * SECOND, public_from=None, number="43")

    assert propose(session).doubts == (
        "Entscheidung 43: #5 Zeitstrafe ist noch nicht öffentlich, das Ergebnis würde davon erzählen.",
    )
