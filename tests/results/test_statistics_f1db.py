"""The statistics beside F1DB's own files, counted by a slow obvious version: the decade with shared cars and Indianapolis.

`python -m bench.statistics` compares all seasons since 1950 in the same way.
"""

from io import StringIO

import pytest
from django.core.management import call_command

from results.importers.f1db_names import constructor_name
from results.models import ArchiveSpan, Driver, DriverKey, Series, Session, Team
from results.names import fold
from results.statistics import Feat, Scope, SubjectKind, career_of, ranking_of, subject_of
from tests.results.f1db_counted import count
from tests.results.test_f1db import EXTRACT
from tests.results.test_import_f1db import ARCHIVE
from tests.shared import needs_shared

pytestmark = pytest.mark.django_db
YEARS = range(1950, 1958)
FEATS = {
    Feat.START: "starts", Feat.WIN: "wins", Feat.POLE: "poles", Feat.PODIUM: "podium_races",
    Feat.FASTEST_LAP: "fastest_laps", Feat.FINISH: "finishes",
}  # fmt: skip


def load(folder, seasons=""):
    call_command("import_f1db", str(folder), seasons=seasons, stdout=StringIO(), stderr=StringIO())


def rounds():
    """Year and round of each race by the parts of its address, counted from the days."""
    found, last = {}, {}
    for race in Session.objects.filter(kind="race").order_by("local_date").select_related("event__season__series"):
        season = race.event.season
        last[season.label] = last.get(season.label, 0) + 1
        found[season.series.slug, season.slug, race.event.slug, race.slug] = (int(season.label), last[season.label])
    return found


def ours(run, numbers):
    return (
        run.count, run.longest, run.current,
        run.first and numbers[run.first.address], run.last and numbers[run.last.address],
    )  # fmt: skip


def theirs(one, feat):
    having = sorted(feat)
    return (
        len(having),
        one.longest(feat),
        one.current(feat),
        having[0] if having else None,
        having[-1] if having else None,
    )


def compare(counted, things):
    """What differs, by key and feat: (of the files, ours)."""
    numbers, unlike = rounds(), {}
    for key, one in counted.items():
        career = career_of(subject_of(things[key]))
        runs = career.records[0].runs if career.records else {}
        for feat, name in FEATS.items():
            said = theirs(one, getattr(one, name))
            found = ours(runs[feat], numbers) if feat in runs else (0, 0, 0, None, None)
            if said != found:
                unlike[key, name] = (said, found)
    return unlike


@needs_shared
@pytest.mark.slow
def test_every_driver_constructor_and_ranking_has_the_figures_of_the_files():
    load(ARCHIVE, f"{YEARS[0]}-{YEARS[-1]}")
    counted, _races = count(ARCHIVE, YEARS)
    drivers = {one.key: one.driver for one in DriverKey.objects.select_related("driver")}
    assert set(counted) <= set(drivers)
    assert len(counted) > 200
    assert compare(counted, drivers) == {}

    counted, _races = count(ARCHIVE, YEARS, "constructorId")
    teams = {key: Team.objects.get(folded=fold(constructor_name(key))) for key in counted}
    assert compare(counted, teams) == {}

    for kind, column, slugs in (
        (SubjectKind.TEAM, "constructorId", {key: team.slug for key, team in teams.items()}),
        (SubjectKind.DRIVER, "driverId", dict(DriverKey.objects.values_list("key", "driver__slug"))),
    ):
        counted, races = count(ARCHIVE, YEARS, column)
        ranking = ranking_of(Series.objects.get(), kind, Scope())
        assert ranking.races == len(races)
        assert {
            line.slug: (line.starts, line.wins, line.poles, line.fastest_laps, line.wins_in_a_row, line.podiums_in_a_row)
            for line in ranking.lines
        } == {
            slugs[key]: (
                len(one.starts), len(one.wins), len(one.poles), len(one.fastest_laps), one.longest(one.wins),
                one.longest(one.podium_races),
            )
            for key, one in counted.items() if one.starts or one.poles
        }  # fmt: skip


@needs_shared
@pytest.mark.slow
def test_a_pole_whose_driver_did_not_start_is_his_by_the_qualifying():
    """Schumacher broke down on the formation lap at Magny-Cours in 1996: of his 68 poles this one has no grid."""
    load(ARCHIVE, "1996")
    schumacher = career_of(subject_of(Driver.objects.get(keys__key="michael-schumacher")))

    assert (schumacher.total.poles, schumacher.total.starts) == (4, 15)


def test_an_import_vouches_for_the_seasons_of_which_it_holds_every_round():
    load(EXTRACT)

    assert not ArchiveSpan.objects.exists()  # the extract lacks rounds of both seasons


@needs_shared
@pytest.mark.slow
def test_later_imports_prolong_the_span_and_leave_one_that_a_person_entered():
    load(ARCHIVE, "1951-1952")
    span = ArchiveSpan.objects.get()
    assert (span.first_season.label, str(span.until), span.covers_history) == ("1951", "1952-09-07", False)

    load(ARCHIVE, "1955")
    span.refresh_from_db()
    assert (span.first_season.label, str(span.until)) == ("1951", "1952-09-07")  # two seasons lie between

    load(ARCHIVE, "1950-1953")
    span.refresh_from_db()
    assert (span.first_season.label, str(span.until), span.covers_history) == ("1950", "1953-09-13", True)
    assert (span.has_poles, span.has_fastest_laps, span.source) == (True, True, "F1DB (CC BY 4.0)")

    ArchiveSpan.objects.update(source="Archiv der Redaktion", until="1951-12-31")
    load(ARCHIVE, "1950-1954")
    span.refresh_from_db()
    assert str(span.until) == "1951-12-31"
