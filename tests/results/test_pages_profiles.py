"""The pages of drivers, teams, manufacturers and circuits: only what is released, and figures equal to the lists."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from results.careers import records_at
from results.schedule import sessions_of
from results.statistics import Figures, career_of, subject_of
from tests.factories import (
    CarModelFactory,
    CircuitFactory,
    ClassificationFactory,
    DriverFactory,
    DriverGradeFactory,
    EntryFactory,
    EventFactory,
    LayoutFactory,
    ManufacturerFactory,
    PrintedStandingFactory,
    PrintedStandingRowFactory,
    RacingClassFactory,
    SeasonFactory,
    SessionCrewMemberFactory,
    SessionEntryFactory,
    SessionFactory,
    TeamFactory,
    TeamSuccessionFactory,
)

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split())


def result(driver, position, *, season=None, kind="race", team=None, hidden=False, complete=True, **row):
    """A released result with that driver in it; `session_entry` and `session` can be told by keyword."""
    season = season or SeasonFactory()
    session = row.pop("session", None) or SessionFactory(event__season=season, kind=kind, name="Lauf")
    entry = EntryFactory(event=session.event, crew=[driver], **({"team": team} if team else {}))
    row = {"position": position, "session_entry": SessionEntryFactory(session=session, entry=entry), **row}
    return ClassificationFactory(session=session, rows=[row], is_complete=complete, hidden=hidden)


@pytest.fixture
def erika():
    return DriverFactory(first_name="Erika", last_name="Muster", slug="erika-muster")


# figures


def test_a_career_counts_races_by_season(erika):
    newer, older = SeasonFactory(label="2022"), SeasonFactory(label="2021")
    result(erika, 1, season=newer, class_position=1, grid=1)
    result(erika, 3, season=newer)
    result(erika, None, season=newer, status="dnf")
    result(erika, 1, season=newer, kind="qualifying")
    result(erika, 1, season=newer, kind="sprint")
    result(erika, 2, season=older)

    career = career_of(subject_of(erika))

    assert [(one.season, one.figures) for one in career.seasons] == [
        (
            "2022",
            Figures(starts=3, wins=1, podiums=2, class_wins=1, class_podiums=1, sprint_wins=1, poles=1, fastest=1),
        ),
        ("2021", Figures(starts=1, podiums=1)),
    ]
    assert career.total == Figures(4, 1, 3, 1, 1, 1, 1, 0, 1)


def test_what_no_reader_sees_counts_nowhere(erika):
    result(erika, 1, hidden=True)
    result(erika, 1, session=SessionFactory(public_from=None))
    result(erika, 1, session=SessionFactory(event__public_from=timezone.now() + dt.timedelta(hours=1)))
    annulled = result(erika, 1, session=SessionFactory())
    type(annulled).objects.filter(pk=annulled.pk)
    checkpoint = SessionFactory()
    entry = SessionEntryFactory(session=checkpoint, entry=EntryFactory(event=checkpoint.event, crew=[erika]))
    ClassificationFactory(session=checkpoint, checkpoint="6h", rows=[{"position": 1, "session_entry": entry}])

    assert career_of(subject_of(erika)).total == Figures(starts=1, wins=1, podiums=1)


def test_an_annulled_result_counts_nowhere(erika):
    session = SessionFactory()
    entry = SessionEntryFactory(session=session, entry=EntryFactory(event=session.event, crew=[erika]))
    ClassificationFactory(session=session, state="annulled", rows=[{"position": 1, "session_entry": entry}])

    assert career_of(subject_of(erika)).total == Figures()


def test_an_excerpt_is_listed_and_not_counted(client, erika):
    result(erika, 1, complete=False)

    page = client.get("/fahrer/erika-muster/")

    assert career_of(subject_of(erika)).total == Figures()
    assert len(page.context["table"].data) == 1


def test_the_crew_of_the_session_decides_who_drove(erika):
    stood_in = DriverFactory()
    session = result(erika, 1).session
    SessionCrewMemberFactory(session_entry=session.session_entries.get(), driver=stood_in)

    assert career_of(subject_of(erika)).total == Figures()
    assert career_of(subject_of(stood_in)).total == Figures(starts=1, wins=1, podiums=1)


def test_of_a_shared_drive_each_driver_has_his_own_line(erika):
    other = DriverFactory()
    session = SessionFactory()
    car = SessionEntryFactory(session=session, entry=EntryFactory(event=session.event, crew=[erika, other]))
    SessionCrewMemberFactory(session_entry=car, line=1, driver=erika)
    SessionCrewMemberFactory(session_entry=car, line=2, driver=other)
    ClassificationFactory(
        session=session,
        rows=[
            {"position": 1, "session_entry": car, "line": 1},
            {"position": None, "status": "dnf", "session_entry": car, "line": 2},
        ],
    )

    assert career_of(subject_of(erika)).total == Figures(starts=1, wins=1, podiums=1)
    assert career_of(subject_of(other)).total == Figures(starts=1)
    assert career_of(subject_of(car.entry.team)).total == Figures(starts=1, wins=1, podiums=1)


def test_two_cars_on_one_podium_are_one_race_and_of_a_team_two_podiums(erika):
    session, team = SessionFactory(), TeamFactory()
    cars = [
        SessionEntryFactory(session=session, entry=EntryFactory(event=session.event, crew=[erika], team=team))
        for _ in range(2)
    ]
    ClassificationFactory(
        session=session, rows=[{"position": n, "session_entry": car} for n, car in enumerate(cars, start=1)]
    )

    assert career_of(subject_of(erika)).total == Figures(starts=1, wins=1, podiums=1)
    assert career_of(subject_of(team)).total == Figures(starts=1, wins=1, podiums=2)


# drivers


def test_driver_detail_says_who_it_is_as_precisely_as_known(client):
    driver = DriverFactory(
        first_name="Nino", last_name="Muster", slug="nino", nationality="ITA", birth_date="1906-10", town="Turin"
    )
    DriverGradeFactory(driver=driver, season__series__name="WEC", grade="gold")
    result(driver, 1)

    said = words(client.get("/fahrer/nino/"))

    assert "Nino Muster Italien geboren Oktober 1906 Turin WEC 2021: Gold Rennen 1 Siege 1 Podestplätze 1" in said


def test_driver_detail_shows_the_newest_year_and_the_others_by_address(client, erika):
    result(erika, 4, season=SeasonFactory(label="2022", series__slug="neu"))
    before = SessionFactory(
        event__season=SeasonFactory(label="2019", series__slug="alt"),
        starts_at=dt.datetime(2019, 5, 4, 10, 0, tzinfo=dt.UTC),
    )
    result(erika, 7, session=before)

    def places(query):
        return [row["position"] for row in client.get(f"/fahrer/erika-muster/{query}").context["table"].data]

    assert [places(query) for query in ("", "?jahr=2019", "?jahr=alle", "?jahr=alle&serie=alt", "?art=qualifying")] == [
        [4], [7], [4, 7], [7], [],
    ]  # fmt: skip


@pytest.mark.parametrize("query", ["?jahr=1066", "?serie=keine", "?art=mondfahrt", "?seite=x", "?seite=0"])
def test_a_choice_that_does_not_exist_is_refused(client, erika, query):
    result(erika, 1)
    assert client.get(f"/fahrer/erika-muster/{query}").status_code == 400


def test_a_page_that_is_not_there_is_not_found(client, erika):
    result(erika, 1)
    assert client.get("/fahrer/erika-muster/?seite=9").status_code == 404


def test_a_driver_of_no_released_car_is_not_there(client, erika):
    result(erika, 1, hidden=True)
    assert client.get("/fahrer/erika-muster/").status_code == 404
    assert "Muster" not in client.get("/fahrer/").content.decode()


def test_driver_list_finds_names_without_accents(client):
    for first, last, slug in (("Nico", "Hülkenberg", "nico"), ("Kimi", "Räikkönen", "kimi")):
        result(DriverFactory(first_name=first, last_name=last, slug=slug), 1)

    assert "Räikkönen, Kimi" in words(client.get("/fahrer/"))
    found = words(client.get("/fahrer/?q=hulk"))
    assert "Hülkenberg, Nico" in found
    assert "Räikkönen" not in found


# teams, manufacturers, circuits


def test_team_detail_names_the_line_of_teams(client, erika):
    team, before = TeamFactory(name="Winward", slug="winward"), TeamFactory(name="HTP", slug="htp")
    result(erika, 2, team=team)
    result(erika, 3, team=before)
    TeamSuccessionFactory(predecessor=before, successor=team, since="2018")
    TeamSuccessionFactory(predecessor=team, successor=TeamFactory(name="Geheimteam"), since="2030")

    said = words(client.get("/team/winward/"))

    assert "früher HTP (bis 2018)" in said
    assert "Geheimteam" not in said
    assert "seit 2018 Winward" in words(client.get("/team/htp/"))


def test_manufacturer_detail_counts_a_race_once_and_every_car_on_the_podium(client, erika):
    session, make = SessionFactory(), ManufacturerFactory(name="Porsche", slug="porsche")
    cars = [
        SessionEntryFactory(
            session=session, entry=EntryFactory(event=session.event, car_model=CarModelFactory(manufacturer=make))
        )
        for _ in range(3)
    ]
    ClassificationFactory(
        session=session, rows=[{"position": n, "session_entry": car} for n, car in enumerate(cars, start=1)]
    )

    assert "Rennen 1 Siege 1 Podestplätze 3" in words(client.get("/hersteller/porsche/"))


def test_circuit_detail_keeps_a_record_for_each_layout_class_and_kind(client):
    circuit = CircuitFactory(name="Nordschleife", slug="nordschleife", town="Nürburg", country="DE")
    long, short = (
        LayoutFactory(circuit=circuit, name="24h", length_m=25_378),
        LayoutFactory(circuit=circuit, name="Kurz"),
    )
    fast, slow = RacingClassFactory(name="SP9"), RacingClassFactory(name="Cup 3")

    def lap(time, racing_class, layout=long, kind="race"):
        session = SessionFactory(event__circuit=circuit, event__layout=layout, kind=kind)
        entry = EntryFactory(event=session.event, racing_class=racing_class)
        car = SessionEntryFactory(session=session, entry=entry)
        ClassificationFactory(session=session, rows=[{"position": 1, "session_entry": car, "best_lap_ms": time}])

    for time, racing_class in ((490_000, fast), (489_000, fast), (520_000, slow)):
        lap(time, racing_class)
    lap(100_000, fast, layout=short)
    lap(480_000, fast, kind="qualifying")
    lap(481_500, fast, kind="sprint")

    found = [(one.layout, one.kind, one.row["class_name"], one.row["best_lap_ms"]) for one in records_at(circuit)]
    assert found == [
        ("Kurz", "race", "SP9", 100_000),
        ("24h", "qualifying", "SP9", 480_000),
        ("24h", "race", "SP9", 481_500),
        ("24h", "race", "Cup 3", 520_000),
    ]
    said = words(client.get("/strecke/nordschleife/"))
    assert "Nürburg Deutschland" in said
    assert "25,378 km" in said


def test_a_circuit_without_a_public_event_is_not_there(client):
    circuit = CircuitFactory(slug="geheim")
    EventFactory(circuit=circuit, public_from=None)
    assert client.get("/strecke/geheim/").status_code == 404


# printed tables on the page of a season


def test_season_detail_shows_the_newest_table_of_each_championship(client):
    season = SeasonFactory(slug="2021", series__slug="wec")
    spa, monza = (
        EventFactory(season=season, starts_on=day, ends_on=day) for day in (dt.date(2021, 5, 1), dt.date(2021, 7, 18))
    )
    for after, points in ((spa, 25), (monza, "43.5"), (None, 1)):
        table = PrintedStandingFactory(season=season, name="Fahrer", after_event=after, after=str(after or ""))
        PrintedStandingRowFactory(standing=table, position=1, entrant="Erika Muster", points=points)
    hidden = PrintedStandingFactory(season=season, name="Teams", public_from=None)
    PrintedStandingRowFactory(standing=hidden, entrant="Geheimteam")

    said = words(client.get("/wec/2021/"))

    assert "Erika Muster 43,5" in said
    assert "Geheimteam" not in said
    assert "Erika Muster 25" not in said


def test_a_final_table_is_the_newest(client):
    season = SeasonFactory(slug="2021", series__slug="wec")
    last = EventFactory(season=season)
    for final, after, points in ((True, None, 100), (False, last, 90)):
        table = PrintedStandingFactory(season=season, after_event=after, after=str(final), is_final=final)
        PrintedStandingRowFactory(standing=table, position=1, points=points)

    assert "Endstand" in words(client.get("/wec/2021/"))


def test_season_detail_calls_the_series_what_it_was_called(client):
    season = SeasonFactory(slug="2013", label="2013", series__slug="gtwc", series__name="GT World Challenge Europe",
                           series_name="Blancpain Endurance Series")  # fmt: skip
    EventFactory(season=season)

    said = words(client.get("/gtwc/2013/"))
    assert "Blancpain Endurance Series 2013 heute GT World Challenge Europe" in said


def test_names_below_an_event_are_no_markup(client, erika):
    """A crew is a piece of markup of ours, a team a piece of text: both must stand in the line as they are meant."""
    team = TeamFactory(name="A <b> & B", slug="ab")
    result(erika, 2, team=team)

    page = client.get("/team/ab/").content.decode()

    assert '<span class="given">Erika </span>Muster' in page
    assert "&lt;span" not in page
    assert "<b> &" not in page


def test_an_undated_qualifying_stands_before_the_race_of_its_weekend(client, erika):
    day = dt.date(1957, 6, 16)
    event = EventFactory(starts_on=day, ends_on=day)
    for name, kind, date in (("Qualifying", "qualifying", None), ("Rennen", "race", day)):
        session = SessionFactory(event=event, name=name, kind=kind, starts_at=None, local_date=date, sequence=len(name))
        result(erika, 1, session=session)

    assert [one.name for one in sessions_of(event)] == ["Qualifying", "Rennen"]
