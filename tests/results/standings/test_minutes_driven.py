"""Where points need minutes at the wheel: whoever gets another crew or other laps gets other minutes, and other points."""

import pytest
from django.core.management import call_command
from django.db.models.functions import Now
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from racedesk.jobs import catch_up_laps
from results.deletions_desk import delete_lap
from results.importers.loading.summaries import catch_up, write_summaries
from results.models import (
    Classification,
    Computation,
    DeletedFacts,
    Driver,
    Lap,
    LapSet,
    SessionCrewMember,
    SessionEntry,
)
from results.recovery import put_back
from results.release import database_now
from results.standings.due import championships_are_due
from tests import factories as make
from tests.results.standings.made import AHEAD, championship, desk, drivers, hold, public, race, result, season, stands

pytestmark = pytest.mark.django_db

MINUTE = 60_000


@pytest.fixture
def car():
    """Ada drove for an hour, Bea for ten minutes; 25 are needed. The laps are there, nothing follows from them yet."""
    cup, (ada, bea) = season(name="Langstrecke", slug="langstrecke"), drivers("Ada", "Bea")
    session = race(cup, 1)
    make.EntryFactory(event=session.event, number="7", crew=[ada, bea])
    result(session, [ada])
    car = SessionEntry.objects.get()
    make.drive(car, 30 * MINUTE, 30 * MINUTE, 10 * MINUTE, pits=(2,), seats=(1, 1, 2))
    rules = {"scores": [{"table": ["10", "6"]}], "least_minutes": 25}
    championship(cup, key="driver", rules=rules)
    return car


@pytest.fixture
def summed(car):
    write_summaries(car.session)
    return car


@pytest.fixture
def clerk(client):
    client.force_login(make.UserFactory(role="results"))
    return client


def crew_of(entry, *, second, leaves=False):
    """The form of an entry as a browser sends it, with another driver on the second seat or without one."""
    one, two = entry.crew.order_by("seat")
    return {
        "event": entry.event_id, "number": "7", "line": 1, "team": entry.team_id, "car_model": entry.car_model_id,
        "crew-TOTAL_FORMS": 2, "crew-INITIAL_FORMS": 2,
        "crew-0-id": one.pk, "crew-0-entry": entry.pk, "crew-0-driver": one.driver_id, "crew-0-seat": 1,
        "crew-1-id": two.pk, "crew-1-entry": entry.pk, "crew-1-driver": second.pk, "crew-1-seat": 2,
        **({"crew-1-DELETE": "on"} if leaves else {}),
    }  # fmt: skip


def test_laps_that_are_summed_up_later_tell_who_drove_too_little(car):
    assert desk() == {"Ada": "10", "Bea": "10"}

    call_command("summarise_laps")

    assert desk() == {"Ada": "10"}


def test_a_new_driver_in_the_crew_has_the_minutes_of_the_seat(summed, clerk):
    entry, (cleo,) = summed.entry, drivers("Cleo")

    clerk.post(reverse("admin:results_entry_change", args=[entry.pk]), crew_of(entry, second=cleo))

    assert entry.crew.filter(driver=cleo).exists()
    assert desk() == {"Ada": "10"}
    stands(entry.event.season)


def test_so_has_a_new_driver_of_one_session_alone(summed, clerk):
    ada, (cleo,) = summed.entry.crew.get(seat=1).driver, drivers("Cleo")

    clerk.post(
        reverse("admin:results_sessionentry_change", args=[summed.pk]),
        {
            "crew-TOTAL_FORMS": 2, "crew-INITIAL_FORMS": 0,
            "crew-0-session_entry": summed.pk, "crew-0-line": 1, "crew-0-driver": cleo.pk, "crew-0-seat": 1,
            "crew-1-session_entry": summed.pk, "crew-1-line": 1, "crew-1-driver": ada.pk, "crew-1-seat": 2,
        },
    )  # fmt: skip

    assert SessionCrewMember.objects.count() == 2
    assert desk() == {"Cleo": "10"}


def test_a_driver_who_comes_back_from_the_bin_has_the_minutes_again(summed, clerk):
    entry = summed.entry
    bea = entry.crew.get(seat=2).driver
    clerk.post(reverse("admin:results_entry_change", args=[entry.pk]), crew_of(entry, second=bea, leaves=True))
    assert entry.crew.count() == 1

    put_back(DeletedFacts.objects.get())

    assert entry.crew.count() == 2
    assert desk() == {"Ada": "10"}


def test_a_deleted_lap_time_takes_no_minutes_and_computes_nothing(summed, clerk):
    before = set(Computation.objects.values_list("pk", flat=True))

    delete_lap(summed, lap=3, by=make.UserFactory())

    assert desk() == {"Ada": "10"}
    assert set(Computation.objects.values_list("pk", flat=True)) == before


# ------------------------------------------------------------------ laps and seats


def test_rules_count_the_drivers_part_of_the_cars_laps_and_his_seat(summed):
    """Ada drove two of three laps, Bea one."""
    cup = summed.session.event.season
    scores = [{"table": ["10", "6"]}]

    championship(cup, key="half", rules={"scores": scores, "least_part": "1/2"})
    championship(cup, key="third", rules={"scores": scores, "least_part": "1/3"})
    championship(cup, key="second", rules={"scores": scores, "seats": [2]})

    assert desk(key="half") == {"Ada": "10"}
    assert desk(key="third") == {"Ada": "10", "Bea": "10"}
    assert desk(key="second") == {"Bea": "10"}


def test_laps_led_are_counted_from_the_laps_as_soon_as_they_are_there():
    """Cleo leads two laps of three, Dora wins."""
    cup, (cleo, dora) = season(name="Langstrecke", slug="langstrecke"), drivers("Cleo", "Dora")
    session = race(cup, 1)
    result(session, [dora, cleo])
    bonuses = [{"cause": "laps_led", "points": 1}, {"cause": "most_led", "points": 2}]
    championship(cup, key="led", rules={"scores": [{"table": ["10", "6"]}], "bonuses": bonuses})
    assert desk(key="led") == {"Dora": "10", "Cleo": "6"}

    for car, times in zip(SessionEntry.objects.order_by("pk"), ((90, 90, 80), (85, 85, 100)), strict=True):
        make.drive(car, *(one * 1000 for one in times))
    write_summaries(session)

    assert desk(key="led") == {"Dora": "11", "Cleo": "9"}
    assert stands(cup)


def test_a_qualifying_that_gives_no_points_decides_a_tie():
    cup, people = season(name="Langstrecke", slug="langstrecke"), drivers("Ada", "Bea")
    ada, bea = people
    first = race(cup, 1)
    time_trial = make.SessionFactory(event=first.event, kind="qualifying", key="Q", sequence=0)
    result(time_trial, [bea, ada])
    result(first, [ada, bea])
    result(race(cup, 2), [bea, ada])

    made = championship(cup, key="tie", rules={"scores": [{"table": ["10", "6"]}], "ties": ["countback", "qualifying"]})

    table = made.computations.get().competitors.order_by("standings__display_order").filter(standings__round=2)
    assert [(one.things, one.standings.get(round=2).position) for one in table] == [([bea.pk], 1), ([ada.pk], 2)]


def test_laps_that_readers_do_not_see_say_nobody_drove_too_little(summed):
    laps = LapSet.objects.get()
    assert public(key="driver") == {"Ada": "10"}

    laps.public_from = None
    laps.save()
    assert public(key="driver") == {"Ada": "10", "Bea": "10"}
    stands(laps.session.event.season)

    laps.public_from = Now() - AHEAD
    laps.save()
    assert public(key="driver") == {"Ada": "10"}


def test_laps_that_readers_see_from_an_hour_on_count_from_then_on(summed):
    laps = LapSet.objects.get()
    laps.public_from = database_now() + AHEAD
    laps.save()
    assert public(key="driver") == {"Ada": "10", "Bea": "10"}
    (job,) = ProcrastinateJob.objects.filter(task_name=catch_up_laps.name)
    assert job.scheduled_at == laps.public_from

    LapSet.objects.update(public_from=Now())
    catch_up(job.args["session"])
    assert public(key="driver") == {"Ada": "10"}


def test_a_result_under_embargo_opens_with_the_laps_that_open_with_it(summed):
    hold(Classification.objects.get())
    LapSet.objects.update(public_from=Classification.objects.get().public_from)
    championships_are_due(summed.session.event.season_id)
    assert desk(key="driver") == {"Ada": "10"}

    Classification.objects.update(public_from=Now())
    assert public(key="driver") == {"Ada": "10"}


def test_what_was_driven_in_the_whole_race_says_nothing_of_a_checkpoint(summed):
    session, season_ = summed.session, summed.session.event.season
    rules = {"scores": [{"table": ["10"], "checkpoint": "6h"}], "least_minutes": 25}
    championship(season_, key="sechs", rules=rules)
    result(session, list(Driver.objects.filter(last_name="Ada")), checkpoint="6h")

    assert desk(key="sechs") == {"Ada": "10", "Bea": "10"}


def test_who_is_named_and_never_drove_scores_nothing_where_all_laps_have_a_driver(car):
    (cleo,) = drivers("Cleo")
    make.CrewMemberFactory(entry=car.entry, driver=cleo, seat=3)
    write_summaries(car.session)
    assert desk() == {"Ada": "10"}

    Lap.objects.filter(session_entry=car, number=3).update(seat=4)  # of a lap nobody knows whose it is
    write_summaries(car.session)
    assert desk() == {"Ada": "10", "Bea": "10", "Cleo": "10"}
