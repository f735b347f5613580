"""Statistics: what counts, in step with every version, silent where the archive is not complete."""

import datetime as dt

import pytest
from django.db.models import F
from django.utils import timezone

from results.models import ArchiveSpan, Classification, Event, Session
from results.release import go_back, release_draft
from results.statistics import (
    Feat,
    Figures,
    Scope,
    SubjectKind,
    career_of,
    last_before,
    nth,
    nth_of_season,
    nth_win,
    ranking_of,
    statistics_of,
    streak_after,
    subject_of,
    tallies_after,
    tally_after,
)
from tests.factories import (
    DriverShareFactory,
    LapSetFactory,
    RacingClassFactory,
    SessionEntryFactory,
    SessionFactory,
    UserFactory,
)
from tests.results.season import Archive, placed

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def archive():
    return Archive()


def of(archive, name):
    return subject_of(archive.driver(name))


def total(archive, name):
    return career_of(of(archive, name)).total


def runs(archive, name):
    """(count, longest, current) by feat; nothing where the archive is silent."""
    records = career_of(of(archive, name)).records
    return {feat: (run.count, run.longest, run.current) for feat, run in records[0].runs.items()} if records else None


def wins(archive):
    """The ranking by wins, with the run of wins."""
    ranking = ranking_of(archive.series, SubjectKind.DRIVER, Scope())
    return {line.name: (line.wins, line.wins_in_a_row) for line in ranking.lines if line.wins}


# --- what is what -----------------------------------------------------------------------------------------------------


def test_everybody_in_a_car_has_won_and_a_shared_first_place_is_a_win_of_both(archive):
    archive.race({"who": "Ada Bo", "position": 1}, {"who": "Cy", "position": 1}, {"who": "Di", "position": 3})

    assert [total(archive, name).wins for name in ("Ada", "Bo", "Cy", "Di")] == [1, 1, 1, 0]


def test_a_pole_is_the_first_place_on_the_grid_also_of_who_did_not_start(archive):
    archive.race(*placed("Ada", "Bo"), {"who": "Cy", "position": None, "status": "dns", "grid": 1})

    assert (total(archive, "Cy").poles, total(archive, "Cy").starts, total(archive, "Ada").poles) == (1, 0, 0)


def test_a_pole_without_a_start_breaks_no_run_of_wins_and_counts_in_that_of_poles(archive):
    archive.race(*placed("Ada", "Bo", grid=1))
    left = archive.race(*placed("Bo", "Cy"), {"who": "Ada", "status": "dns", "grid": 1})
    archive.race(*placed("Ada", "Bo", grid=1))

    ada = career_of(of(archive, "Ada")).records[0].runs
    tallies = tallies_after(left, SubjectKind.DRIVER, [archive.driver("Ada").pk])[archive.driver("Ada").pk]

    assert [(ada[feat].count, ada[feat].longest, ada[feat].current) for feat in (Feat.START, Feat.WIN, Feat.POLE)] == [
        (2, 2, 2), (2, 2, 2), (3, 3, 3),
    ]  # fmt: skip
    assert (ada[Feat.WIN].last, ada[Feat.POLE].longest_to) == (ada[Feat.START].last,) * 2
    assert [(tallies[feat].starts, tallies[feat].streak) for feat in (Feat.WIN, Feat.POLE)] == [(1, 1), (1, 2)]


def test_a_penalty_on_the_grid_takes_the_pole_from_the_fastest_in_qualifying(archive):
    event = archive.event()
    archive.race(*placed("Ada", "Bo"), event=event, kind="qualifying")
    archive.race({"who": "Ada", "position": 1, "grid": 6}, {"who": "Bo", "position": 2, "grid": 1}, event=event)

    assert (total(archive, "Ada").poles, total(archive, "Ada").fastest, total(archive, "Bo").poles) == (0, 1, 1)


def test_without_a_grid_the_only_qualifying_before_the_race_tells_the_pole(archive):
    event = archive.event()
    archive.race(*placed("Ada", "Bo"), event=event, kind="qualifying")
    archive.race(*placed("Bo", "Ada"), event=event)

    assert (total(archive, "Ada").poles, total(archive, "Bo").poles) == (1, 0)


def test_of_two_qualifyings_before_one_race_nobody_knows_which_made_the_grid(archive):
    event = archive.event()
    archive.race(*placed("Ada", "Bo"), event=event, kind="qualifying")
    archive.race(*placed("Bo", "Ada"), event=event, kind="qualifying")
    archive.race(*placed("Bo", "Ada"), event=event)

    assert (total(archive, "Ada").poles, total(archive, "Bo").poles) == (0, 0)


def test_each_of_two_races_has_the_qualifying_before_it(archive):
    event = archive.event()
    for fastest in ("Ada", "Bo"):
        archive.race(*placed(fastest), event=event, kind="qualifying")
        archive.race(*placed("Cy", "Ada", "Bo"), event=event)

    assert (total(archive, "Ada").poles, total(archive, "Bo").poles, total(archive, "Cy").wins) == (1, 1, 2)


def test_a_qualifying_whose_race_was_a_sprint_makes_no_pole_of_the_race_after_it(archive):
    event = archive.event()
    archive.race(*placed("Ada"), event=event, kind="qualifying")
    archive.race(*placed("Bo"), event=event, kind="sprint")
    archive.race(*placed("Bo", "Ada"), event=event)

    assert (total(archive, "Ada").poles, total(archive, "Bo").sprint_wins, total(archive, "Bo").wins) == (0, 1, 1)


def test_a_part_of_a_qualifying_is_none(archive):
    event = archive.event()
    whole = archive.race(*placed("Ada", "Bo"), event=event, kind="qualifying")
    part = SessionFactory(event=event, kind="qualifying", parent=whole, sequence=0, starts_at=whole.starts_at)
    archive.result(part, *placed("Bo", "Ada"))
    archive.race(*placed("Bo", "Ada"), event=event)

    assert (total(archive, "Ada").poles, total(archive, "Bo").poles, total(archive, "Bo").fastest) == (1, 0, 0)


def test_equally_fast_laps_are_the_fastest_lap_of_both_and_without_times_there_is_none(archive):
    archive.race(
        {"who": "Ada", "position": 1, "best_lap_ms": 90_100}, {"who": "Bo", "position": 2, "best_lap_ms": 90_000},
        {"who": "Cy", "position": None, "best_lap_ms": 90_000},
    )  # fmt: skip
    archive.race(*placed("Ada", "Bo", "Cy"))

    assert [total(archive, name).fastest_laps for name in ("Ada", "Bo", "Cy")] == [0, 1, 1]


def test_of_a_crew_the_fastest_lap_is_his_who_drove_it_and_nobodys_where_no_lap_says_who(archive):
    race = archive.race({"who": "Ada Bo", "position": 1, "best_lap_ms": 90_000})
    team = race.session_entries.get().entry.team
    assert [total(archive, name).fastest_laps for name in ("Ada", "Bo")] == [0, 0]
    assert career_of(subject_of(team)).total.fastest_laps == 1

    car = race.session_entries.get()
    DriverShareFactory(session_entry=car, driver=archive.driver("Ada"), seat=1, laps=5, best_lap_ms=90_000)
    DriverShareFactory(session_entry=car, driver=archive.driver("Bo"), seat=2, laps=5, best_lap_ms=90_500)
    laps = LapSetFactory(session=race, public_from=None)
    assert [total(archive, name).fastest_laps for name in ("Ada", "Bo")] == [0, 0]

    type(laps).objects.update(public_from=timezone.now() - HOUR)
    assert [total(archive, name).fastest_laps for name in ("Ada", "Bo")] == [1, 0]


def test_a_disqualified_car_has_started_and_one_thrown_out_before_the_race_has_not(archive):
    archive.race(
        *placed("Ada"), {"who": "Bo", "position": None, "status": "dsq"},
        {"who": "Cy", "position": None, "status": "excluded"},
        {"who": "Di", "position": None, "status": "excluded", "laps": 3},
        {"who": "Ed", "position": None, "status": "dnq"},
    )  # fmt: skip

    assert [total(archive, name).starts for name in ("Ada", "Bo", "Cy", "Di", "Ed")] == [1, 1, 0, 1, 0]


def test_class_wins_count_once_a_class_and_every_car_of_a_team_on_its_podium(archive):
    one, two = (RacingClassFactory(series=archive.series) for _ in range(2))
    race = archive.race(
        {"who": "Ada", "position": 1, "class_position": 1, "car": {"racing_class": one}},
        {"who": "Ada Bo", "position": 2, "class_position": 1, "car": {"racing_class": two}},
        {"who": "Cy", "position": 3, "class_position": 2, "car": {"racing_class": one}},
    )
    team = race.session_entries.first().entry.team
    type(race.session_entries.first().entry).objects.update(team=team)

    assert total(archive, "Ada") == Figures(starts=1, wins=1, podiums=1, class_wins=2, class_podiums=2)
    assert career_of(subject_of(team)).total == Figures(starts=1, wins=1, podiums=3, class_wins=2, class_podiums=3)


def test_inside_a_class_places_are_those_of_the_class_and_a_pole_is_not_known(archive):
    small = RacingClassFactory(series=archive.series)
    archive.race(
        {"who": "Ada", "position": 1, "best_lap_ms": 80_000, "grid": 1},
        {"who": "Bo", "position": 2, "class_position": 1, "best_lap_ms": 90_500, "car": {"racing_class": small}},
        {"who": "Cy", "position": 3, "class_position": 2, "best_lap_ms": 90_000, "car": {"racing_class": small}},
    )

    ranking = ranking_of(archive.series, SubjectKind.DRIVER, Scope(racing_class=small.pk))

    said = {line.name: (line.wins, line.podiums, line.poles, line.fastest_laps) for line in ranking.lines}
    assert said == {"Bo": (1, 1, None, 0), "Cy": (0, 1, None, 1)}


# --- runs -------------------------------------------------------------------------------------------------------------


def test_a_run_goes_over_a_race_that_was_missed_and_ends_with_one_that_was_not_won(archive):
    archive.race(*placed("Ada", "Bo"))
    archive.race(*placed("Bo", "Cy"))
    archive.race(*placed("Ada", "Bo"))
    archive.race(*placed("Cy", "Ada", "Bo"))
    archive.race(*placed("Ada", "Bo", "Cy"))

    assert runs(archive, "Ada")[Feat.WIN] == (3, 2, 1)
    assert runs(archive, "Ada")[Feat.PODIUM] == (4, 4, 4)
    assert runs(archive, "Bo")[Feat.WIN] == (1, 1, 0)
    assert wins(archive) == {"Ada": (3, 2), "Bo": (1, 1), "Cy": (1, 1)}


def test_a_start_not_made_neither_prolongs_nor_ends_a_run(archive):
    archive.race(*placed("Ada", "Bo"))
    archive.race(*placed("Bo"), {"who": "Ada", "position": None, "status": "dns"})
    archive.race(*placed("Ada", "Bo"))

    assert runs(archive, "Ada")[Feat.WIN] == (2, 2, 2)
    assert runs(archive, "Ada")[Feat.START][0] == 2


def test_first_and_last_and_the_longest_run_are_named_with_their_races(archive):
    order = ("Cy Di", "Ada Di", "Ada Di", "Bo Ada", "Ada Di")
    races = [archive.race(*placed(*names.split())) for names in order]

    win = career_of(of(archive, "Ada")).records[0].runs[Feat.WIN]

    said = [race.address[2:] for race in (win.first, win.longest_from, win.longest_to, win.last)]
    assert said == [(races[n].event.slug, races[n].slug) for n in (1, 1, 2, 4)]
    assert win.first.day == races[1].local_date


# --- in step with every version ---------------------------------------------------------------------------------------


def test_a_winner_disqualified_and_later_reinstated_changes_every_figure_at_once(archive):
    archive.race(*placed("Ada", "Bo", "Cy"))
    race = archive.race(*placed("Ada", "Bo", "Cy"))
    assert wins(archive) == {"Ada": (2, 2)}
    first = Classification.objects.get(session=race)

    draft = archive.result(
        race, {"who": "Bo", "position": 1}, {"who": "Cy", "position": 2},
        {"who": "Ada", "position": None, "status": "dsq"}, version=2, hidden=True,
    )  # fmt: skip
    assert wins(archive) == {"Ada": (2, 2)}  # a draft is nobody's business

    by = UserFactory(role="results")
    release_draft(draft, by=by, reason="Nachkontrolle")
    assert wins(archive) == {"Ada": (1, 1), "Bo": (1, 1)}
    assert total(archive, "Ada") == Figures(starts=2, wins=1, podiums=1)
    assert (nth_win(of(archive, "Bo"), race), nth_win(of(archive, "Ada"), race)) == (1, 0)

    go_back(first, by=by, reason="Berufung gewonnen")
    assert wins(archive) == {"Ada": (2, 2)}
    assert nth_win(of(archive, "Ada"), race) == 2


@pytest.mark.parametrize(
    "hide",
    [
        lambda race: Event.objects.filter(pk=race.event_id).update(public_from=None),
        lambda race: Event.objects.filter(pk=race.event_id).update(public_from=timezone.now() + HOUR),
        lambda race: Session.objects.filter(pk=race.pk).update(public_from=None),
        lambda race: Classification.objects.filter(session=race).update(public_from=timezone.now() + HOUR),
        lambda race: Classification.objects.filter(session=race).update(public_until=F("public_from")),
    ],
    ids=["event hidden", "event embargoed", "session hidden", "result embargoed", "result withdrawn"],
)
def test_what_readers_may_not_see_counts_nowhere(archive, hide):
    archive.race(*placed("Ada", "Bo"))
    race = archive.race(*placed("Bo", "Ada", best_lap_ms=90_000, grid=1))
    assert total(archive, "Bo") == Figures(starts=2, wins=1, podiums=2, poles=1, fastest_laps=1)

    hide(race)

    assert total(archive, "Bo") == Figures(starts=1, podiums=1)
    assert wins(archive) == {"Ada": (1, 1)}
    assert nth_win(of(archive, "Bo"), race) is None


def test_an_annulled_result_counts_nowhere_and_leaves_no_gap(archive):
    archive.race(*placed("Ada", "Bo"))
    archive.race(*placed("Bo", "Ada"), state="annulled")
    archive.race(*placed("Ada", "Bo"))

    assert wins(archive) == {"Ada": (2, 2)}
    assert ranking_of(archive.series, SubjectKind.DRIVER, Scope()).archive.races == 2


# --- as far as the archive is complete --------------------------------------------------------------------------------


def test_without_anybody_who_vouches_nothing_is_said_of_runs_and_firsts():
    archive = Archive(span=None)
    race = archive.race(*placed("Ada", "Bo"))

    assert total(archive, "Ada").wins == 1
    assert runs(archive, "Ada") is None
    assert ranking_of(archive.series, SubjectKind.DRIVER, Scope()) is None
    assert (nth_win(of(archive, "Ada"), race), last_before(Feat.WIN, of(archive, "Ada"), race)) == (None, None)
    assert statistics_of(race, Classification.objects.get(session=race)) is None


def complete_until(archive):
    found = ranking_of(archive.series, SubjectKind.DRIVER, Scope()).archive
    return found.until, found.races


@pytest.mark.parametrize(
    "gap",
    [
        lambda archive: archive.race(*placed("Bo", "Ada"), is_complete=False),
        lambda archive: archive.race(*placed("Bo", "Ada"), hidden=True),
        lambda archive: archive.races.append(SessionFactory(event=archive.event(), starts_at=None, local_date=None)),
        lambda archive: archive.races.append(archive.event()),
        lambda archive: archive.races.append(SessionFactory(event=archive.event(), public_from=None)),
        lambda archive: archive.races.append(archive.race(*placed("Bo"), kind="qualifying")),
    ],
    ids=["an excerpt", "a draft", "a race without a result", "no session", "a hidden race", "a qualifying alone"],
)
def test_the_archive_is_complete_to_the_race_before_the_first_one_without_a_whole_result(archive, gap):
    first = archive.race(*placed("Ada", "Bo"))
    gap(archive)
    archive.race(*placed("Ada", "Bo"))

    assert complete_until(archive) == (first.local_date, 1)
    assert wins(archive) == {"Ada": (1, 1)}


@pytest.mark.parametrize(
    "no_gap",
    [
        lambda archive: archive.event(status="cancelled"),
        lambda archive: SessionFactory(event=archive.event(status="postponed")),
        lambda archive: SessionFactory(event=archive.event(), status="cancelled"),
        lambda archive: archive.event(starts_on=None, ends_on=None, around="2020"),
        lambda archive: archive.event(public_from=None),
    ],
    ids=["cancelled", "postponed", "race cancelled", "no day yet", "not public"],
)
def test_what_was_not_run_leaves_no_gap(archive, no_gap):
    archive.race(*placed("Ada", "Bo"))
    no_gap(archive)
    last = archive.race(*placed("Ada", "Bo"))

    assert complete_until(archive) == (last.local_date, 2)
    assert wins(archive) == {"Ada": (2, 2)}


def test_test_days_before_the_season_leave_no_gap():
    archive = Archive()
    SessionFactory(event=archive.event(), kind="practice")
    last = archive.race(*placed("Ada", "Bo"))

    assert complete_until(archive) == (last.local_date, 1)


def test_a_weekend_of_which_only_practice_is_known_ends_the_complete_part(archive):
    first = archive.race(*placed("Ada", "Bo"))
    SessionFactory(event=archive.event(), kind="practice")
    archive.race(*placed("Ada", "Bo"))

    assert complete_until(archive) == (first.local_date, 1)


def test_the_end_of_the_span_ends_it_and_seasons_before_it_do_not_count():
    archive = Archive(label="2019")
    archive.race(*placed("Ada"))
    archive.new_season("2020")
    second = archive.race(*placed("Ada"))
    archive.race(*placed("Ada"))
    ArchiveSpan.objects.update(first_season=archive.season, until=second.local_date, covers_history=False)

    assert complete_until(archive) == (second.local_date, 1)
    assert wins(archive) == {"Ada": (1, 1)}
    assert total(archive, "Ada").wins == 3  # the figures of the page say what they count


def test_poles_and_fastest_laps_are_silent_where_nobody_vouches_for_them():
    archive = Archive(span={"has_poles": False, "has_fastest_laps": False})
    race = archive.race(*placed("Ada", "Bo", grid=1, best_lap_ms=90_000))

    assert set(runs(archive, "Ada")) == {Feat.START, Feat.WIN, Feat.PODIUM, Feat.FINISH}
    assert (nth(Feat.POLE, of(archive, "Ada"), race), nth_win(of(archive, "Ada"), race)) == (None, 1)
    line = ranking_of(archive.series, SubjectKind.DRIVER, Scope()).lines[0]
    assert (line.poles, line.fastest_laps, line.poles_in_a_row) == (None, None, None)


# --- what was true after a race ---------------------------------------------------------------------------------------


def test_after_a_race_only_what_came_before_it_counts(archive):
    races = [archive.race(*placed(*names)) for names in (("Ada", "Bo"), ("Ada", "Bo"), ("Bo", "Ada"), ("Ada", "Bo"))]
    ada = of(archive, "Ada")

    assert [nth_win(ada, race) for race in races] == [1, 2, 0, 3]
    assert [streak_after(Feat.WIN, ada, race) for race in races] == [1, 2, 0, 1]
    assert [tally_after(Feat.WIN, ada, race).longest for race in races] == [1, 2, 2, 2]
    assert [tally_after(Feat.WIN, ada, race).count for race in races] == [1, 2, 2, 3]


def test_wins_of_the_season_begin_anew_with_it(archive):
    archive.race(*placed("Ada"))
    archive.new_season("2021")
    races = [archive.race(*placed(winner, "Cy")) for winner in ("Bo", "Ada", "Ada")]

    assert [nth_of_season(Feat.WIN, of(archive, "Ada"), race) for race in races[1:]] == [1, 2]
    assert [nth_win(of(archive, "Ada"), race) for race in races[1:]] == [2, 3]


def test_the_last_win_before_is_named_with_days_and_races(archive):
    first = archive.race(*placed("Ada", "Bo"))
    archive.race(*placed("Bo", "Ada"))
    archive.race(*placed("Bo", "Cy"))
    race = archive.race(*placed("Ada", "Bo"))

    before = last_before(Feat.WIN, of(archive, "Ada"), race)

    assert before.race.address[2:] == (first.event.slug, first.slug)
    assert (before.days, before.races, before.starts) == (21, 3, 1)
    never = last_before(Feat.WIN, of(archive, "Ada"), first)
    assert (never.race, never.archive.whole) == (None, True)


def test_without_the_beginning_of_the_series_the_season_can_be_counted_and_no_career():
    archive = Archive(span={"covers_history": False})
    archive.race(*placed("Ada", "Bo"))
    race = archive.race(*placed("Ada", "Bo"))

    assert (nth_win(of(archive, "Ada"), race), nth_of_season(Feat.WIN, of(archive, "Ada"), race)) == (None, 2)


def test_of_a_race_behind_the_gap_nothing_is_said(archive):
    archive.race(*placed("Ada"))
    archive.race(*placed("Ada"), is_complete=False)
    race = archive.race(*placed("Ada"))

    assert nth_of_season(Feat.WIN, of(archive, "Ada"), race) is None
    assert statistics_of(race, Classification.objects.get(session=race)) is None


def test_a_driver_in_two_series_has_his_runs_by_series():
    one, other = Archive(), Archive()
    one.race(*placed("Ada"))
    other.drivers = one.drivers
    other.race(*placed("Ada", "Bo"))
    other.race(*placed("Ada", "Bo"))

    records = career_of(of(one, "Ada")).records

    assert {record.archive.series: record.runs[Feat.WIN].longest for record in records} == {
        one.series.pk: 1, other.series.pk: 2,
    }  # fmt: skip
    assert total(one, "Ada").wins == 3


def test_the_car_of_another_session_of_the_weekend_is_no_start(archive):
    race = archive.race(*placed("Ada"))
    practice = SessionFactory(event=race.event, kind="practice")
    SessionEntryFactory(session=practice, entry=race.session_entries.get().entry)

    assert total(archive, "Ada").starts == 1
