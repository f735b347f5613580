"""Traces, stints and shares as they are stored: at import, after deletions, after a change of the crew."""

from collections import Counter, defaultdict

import pytest
from django.core.management import call_command
from django.urls import reverse

from results.deletions_desk import DeletionRefused, delete_lap, lap_of, restore_lap
from results.importers import sniff
from results.importers.loading.summaries import seat_drivers, write_summaries
from results.models import CarTrace, DriverShare, LapDeletion, SessionCrewMember, SessionEntry, Stint
from results.stints import DrivenLap, traces_of
from tests import factories
from tests.results.made import driver, laps, load, parsed, race, row, session
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db


@pytest.fixture
def car():
    """Car 7 with Ada on seat 1 and Bea on seat 2: three laps, one stop."""
    crew = [factories.DriverFactory(last_name="Ada"), factories.DriverFactory(last_name="Bea")]
    car = factories.SessionEntryFactory(entry__number="7", entry__crew=crew)
    factories.drive(car, 100_000, 101_000, 99_000, pits=(2,), seats=(1, 1, 2))
    write_summaries(car.session)
    return car


def stints(car):
    return list(
        Stint.objects.filter(session_entry=car).values_list(
            "sequence", "driver__last_name", "first_lap", "last_lap", "drive_ms", "best_lap_ms", "ends_in_pit"
        )
    )


def bests(car):
    return dict(DriverShare.objects.filter(session_entry=car).values_list("driver__last_name", "best_lap_ms"))


def test_traces_stints_and_shares_stand_beside_the_laps(car):
    trace = CarTrace.objects.get()

    assert (trace.positions, trace.gaps_ms, trace.times_ms) == ([1, 1, 1], [0, 0, 0], [100_000, 101_000, 99_000])
    assert (trace.pit_laps, trace.deleted_laps) == ([2], [])
    assert stints(car) == [(1, "Ada", 1, 2, 201_000, 100_000, True), (2, "Bea", 3, 3, 99_000, 99_000, False)]
    assert list(DriverShare.objects.values_list("driver__last_name", "laps", "drive_ms", "best_lap_number")) == [
        ("Ada", 2, 201_000, 1),
        ("Bea", 1, 99_000, 3),
    ]


def test_writing_them_again_changes_nothing(car):
    write_summaries(car.session)

    assert (CarTrace.objects.count(), Stint.objects.count(), DriverShare.objects.count()) == (1, 2, 2)


def test_another_session_keeps_its_own(car):
    other = factories.SessionEntryFactory()
    factories.drive(other, 90_000)

    write_summaries(other.session)

    assert set(CarTrace.objects.values_list("session_entry", flat=True)) == {car.pk, other.pk}


def test_the_crew_of_the_session_comes_before_that_of_the_entry(car):
    cleo = factories.DriverFactory(last_name="Cleo")
    SessionCrewMember.objects.create(session_entry=car, driver=cleo, seat=1)
    SessionCrewMember.objects.create(session_entry=car, line=2, driver=factories.DriverFactory(), seat=2)

    write_summaries(car.session)

    assert [stint[1] for stint in stints(car)] == ["Cleo", None]


def test_a_new_crew_takes_its_seats_in_the_stints_without_touching_the_laps(car):
    car.entry.crew.filter(seat=2).update(driver=factories.DriverFactory(last_name="Cleo"))

    seat_drivers(car.session.event)

    assert [stint[1] for stint in stints(car)] == ["Ada", "Cleo"]
    SessionCrewMember.objects.create(session_entry=car, driver=factories.DriverFactory(last_name="Dora"), seat=1)
    seat_drivers(car.session.event)
    assert [stint[1] for stint in stints(car)] == ["Dora", None]
    assert bests(car) == {"Dora": 100_000, None: 99_000}


def test_qualifying_has_no_order_by_lap():
    car = factories.SessionEntryFactory(session__kind="qualifying")
    factories.drive(car, 100_000)

    write_summaries(car.session)

    assert CarTrace.objects.get().positions == [None]


def test_an_import_of_laps_brings_them_along():
    load(parsed(race(laps=laps(100_000, 99_000), entries=(row("7", crew=(driver("Ada Eins"),), status=""),))))

    assert CarTrace.objects.get().times_ms == [100_000, 99_000]
    assert list(Stint.objects.values_list("first_lap", "last_lap")) == [(1, 2)]


def test_a_result_that_names_the_crew_later_names_it_in_the_stints():
    seated = tuple(lap.__class__(number="7", lap=lap.lap, time_ms=lap.time_ms, seat=1) for lap in laps(100_000))
    load(parsed(race(laps=seated)), content=b"laps")

    load(parsed(race(rows=(row("7", 1, crew=("Ada Eins",)),))), content=b"result")

    assert list(Stint.objects.values_list("driver__last_name", flat=True)) == ["Eins"]


def test_other_laps_replace_what_followed_from_the_former_ones():
    load(parsed(session(laps=laps(100_000, 99_000))), content=b"one")

    load(parsed(session(laps=laps(98_000))), content=b"two", accept=True, reason="Korrektur")

    assert CarTrace.objects.get().times_ms == [98_000]
    assert list(DriverShare.objects.values_list("laps", "best_lap_ms")) == [(1, 98_000)]


# --- deletions at the desk -------------------------------------------------------------------------------------------


@pytest.fixture
def clerk():
    return factories.UserFactory(role="results")


def test_a_deleted_lap_is_no_best_lap_any_more(car, clerk):
    deletion = delete_lap(car, by=clerk, lap=3, text="Track Limits")

    assert (deletion.entered_by, deletion.source, lap_of(deletion).lap) == (clerk, "desk", 3)
    assert CarTrace.objects.get().deleted_laps == [3]
    assert bests(car) == {"Ada": 100_000, "Bea": None}


def test_a_deletion_taken_back_lets_the_lap_count_again_and_stays_as_a_record(car, clerk):
    restore_lap(delete_lap(car, by=clerk, lap=3), by=clerk)

    deletion = LapDeletion.objects.get()
    assert (deletion.reversed_by, deletion.reversed_at is None) == (clerk, False)
    assert (CarTrace.objects.get().deleted_laps, bests(car)["Bea"]) == ([], 99_000)


def test_a_deletion_taken_back_can_be_pronounced_again(car, clerk):
    restore_lap(delete_lap(car, by=clerk, lap_ms=99_000), by=clerk)

    delete_lap(car, by=clerk, lap_ms=99_000)

    assert LapDeletion.objects.get().reversed_at is None
    assert CarTrace.objects.get().deleted_laps == [3]


def test_a_deletion_by_the_hour_finds_its_lap(car, clerk):
    assert lap_of(delete_lap(car, by=clerk, day_ms=43_200_000 + 150_000)).lap == 2


@pytest.mark.parametrize("clues", [{}, {"text": "  "}])
def test_a_deletion_without_a_clue_is_refused(car, clerk, clues):
    with pytest.raises(DeletionRefused, match="Welche Runde"):
        delete_lap(car, by=clerk, **clues)


def test_the_same_deletion_twice_is_refused(car, clerk):
    delete_lap(car, by=clerk, lap=3)

    with pytest.raises(DeletionRefused, match="schon gestrichen"):
        delete_lap(car, by=clerk, lap=3)


def test_a_deletion_is_taken_back_once(car, clerk):
    deletion = restore_lap(delete_lap(car, by=clerk, lap=3), by=clerk)

    with pytest.raises(DeletionRefused, match="schon zurückgenommen"):
        restore_lap(deletion, by=clerk)


def test_the_desk_deletes_a_lap_by_the_number_of_its_car(client, car, clerk):
    client.force_login(clerk)

    answer = client.post(
        reverse("admin:results_lapdeletion_add"),
        {
            "session": car.session.pk,
            "car": "#7",
            "lap": "",
            "lap_time": "1:39,000",
            "clock": "",
            "corner": "T4",
            "text": "",
        },
        follow=True,
    )

    assert "Runde 3 zählt nicht mehr." in answer.content.decode()
    assert CarTrace.objects.get().deleted_laps == [3]
    deletion = LapDeletion.objects.get()
    client.post(reverse("admin:results_lapdeletion_change", args=[deletion.pk]), {"take_back": "on"})
    assert CarTrace.objects.get().deleted_laps == []


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"car": "8", "lap": "1"}, "Kein Auto dieser Session hat die Nummer 8."),
        ({"car": "7"}, "Welche Runde?"),
        ({"car": "7", "lap_time": "bald"}, "keine Zeit"),
        ({"car": "7", "clock": "27:00:00"}, "ein Tag hat 24 Stunden"),
        ({"car": "7", "lap": "2"}, "Diese Runde ist schon gestrichen."),
    ],
)
def test_the_desk_hears_why_a_deletion_cannot_be(client, car, clerk, values, said):
    delete_lap(car, by=clerk, lap=2)
    client.force_login(clerk)

    answer = client.post(reverse("admin:results_lapdeletion_add"), {"session": car.session.pk, **values})

    assert said in answer.content.decode()
    assert LapDeletion.objects.count() == 1


def test_a_deletion_that_finds_no_lap_is_kept_and_says_so(client, car, clerk):
    client.force_login(clerk)

    answer = client.post(
        reverse("admin:results_lapdeletion_add"), {"session": car.session.pk, "car": "7", "lap": "9"}, follow=True
    )

    assert "Eine Runde 9 hat dieses Auto nicht." in answer.content.decode()
    assert CarTrace.objects.get().deleted_laps == []


def test_a_decision_names_its_car_by_number_and_who_entered_it(client, car, clerk):
    client.force_login(clerk)

    client.post(
        reverse("admin:results_decision_add"),
        {"session": car.session.pk, "car": "7", "kind": "time", "said_amount": "30 s", "appeal": "", "number": "27"},
    )

    decision = car.decisions.get()
    assert (decision.entered_by, str(decision.number)) == (clerk, "27")
    client.post(
        reverse("admin:results_decision_change", args=[decision.pk]),
        {"session": car.session.pk, "car": "", "kind": "warning", "said_amount": "", "appeal": "", "number": "27"},
    )
    decision.refresh_from_db()
    assert (decision.session_entry, decision.kind) == (None, "warning")


def test_a_time_penalty_without_an_amount_is_refused(client, car, clerk):
    client.force_login(clerk)

    answer = client.post(
        reverse("admin:results_decision_add"), {"session": car.session.pk, "car": "7", "kind": "time", "appeal": ""}
    )

    assert "errorlist" in answer.content.decode()
    assert not car.decisions.exists()


def test_a_reporter_reads_deletions_and_deletes_none(client, car):
    client.force_login(factories.UserFactory(role="reporter"))

    assert client.get(reverse("admin:results_lapdeletion_changelist")).status_code == 200
    assert client.post(reverse("admin:results_lapdeletion_add"), {}).status_code == 403


def test_a_new_crew_at_the_desk_reaches_the_stints(client, car, clerk):
    client.force_login(clerk)
    entry, cleo = car.entry, factories.DriverFactory(last_name="Cleo")
    first, second = entry.crew.order_by("seat")

    client.post(
        reverse("admin:results_entry_change", args=[entry.pk]),
        {
            "event": entry.event_id, "number": "7", "line": 1, "team": entry.team_id, "car_model": entry.car_model_id,
            "crew-TOTAL_FORMS": 2, "crew-INITIAL_FORMS": 2,
            "crew-0-id": first.pk, "crew-0-entry": entry.pk, "crew-0-driver": cleo.pk, "crew-0-seat": 1,
            "crew-1-id": second.pk, "crew-1-entry": entry.pk, "crew-1-driver": second.driver_id, "crew-1-seat": 2,
        },
    )  # fmt: skip

    assert [stint[1] for stint in stints(car)] == ["Cleo", "Bea"]


def test_a_car_without_laps_has_no_trace(car):
    idle = SessionEntry.objects.create(session=car.session, entry=factories.EntryFactory(event=car.session.event))

    write_summaries(car.session)

    assert not CarTrace.objects.filter(session_entry=idle).exists()


@needs_shared
@pytest.mark.parametrize("race_name", ["NLS1__RENNEN", "NLS2__RENNEN", "NLS3__RENNEN", "NLS7__RENNEN"])
def test_real_gaps_at_the_finish_are_those_of_the_result(race_name):
    """An oracle nobody here made: the order on the road has the timekeepers' gaps.

    A time penalty moves one car against the others, that of the first one (NLS2: 37 s) all others alike.
    """
    folder = SHARED / "data" / "nls_wige"
    laps_file, result_file = (
        sniff.parse((folder / f"{race_name}_{part}.CSV").read_bytes()) for part in ("LAPS", "RESULT")
    )
    cars = defaultdict(list)
    for lap in laps_file.sessions[0].laps:
        cars[lap.number].append(DrivenLap(lap.lap, lap.seat, lap.time_ms, lap.day_ms))
    traces = traces_of(cars)
    rows = [row for row in result_file.sessions[0].classification if row.position and row.gap_ms]

    shifts = Counter(traces[row.number].gaps_ms[-1] - row.gap_ms for row in rows)

    assert len(rows) >= 5
    assert shifts.most_common(1)[0][1] >= 0.8 * len(rows), shifts


def test_laps_from_before_are_summarised_by_command_once(car, capsys):
    CarTrace.objects.all().delete()

    call_command("summarise_laps")
    call_command("summarise_laps")
    call_command("summarise_laps", all=True)

    assert capsys.readouterr().out.splitlines() == [
        "1 Session berechnet.",
        "0 Sessions berechnet.",
        "1 Session berechnet.",
    ]
    assert CarTrace.objects.get().times_ms == [100_000, 101_000, 99_000]
