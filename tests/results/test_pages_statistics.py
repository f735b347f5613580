"""The pages that show statistics: profiles, circuit, race, and the records of a series with their files."""

import json
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from results.models import ArchiveSpan, Circuit, Classification
from tests.factories import (
    ArchiveSpanFactory,
    CircuitFactory,
    ManufacturerFactory,
    RacingClassFactory,
    SeasonFactory,
    UserFactory,
)
from tests.results.season import Archive, placed

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split())


@pytest.fixture
def archive():
    archive = Archive(span={"source": "Archiv der Redaktion"})
    circuit = CircuitFactory(name="Eifelring", slug="eifelring")
    for number, names in enumerate((("Ada", "Bo"), ("Ada", "Bo"), ("Bo", "Ada"), ("Ada", "Bo", "Cy"))):
        if number == 2:
            archive.new_season("2021")
        archive.race(*placed(*names, grid=1, best_lap_ms=90_000), event=archive.event(circuit=circuit))
    return archive


# profiles


def test_driver_detail_shows_runs_and_how_far_they_are_the_truth(client, archive):
    page = words(client.get(archive.driver("Ada").get_absolute_url()))

    assert f"Statistik: {archive.series.name}" in page
    assert "Stand: Lauf 4, 22. März 2020" in page
    assert "Archiv vollständig vom ersten Rennen (2020) bis 22.03.2020 Quelle: Archiv der Redaktion" in page
    assert "Siege 3 2 (2020) – Lauf 1 2020 Lauf 4 2021" in page
    assert "Rennen auf dem Podest 4 4 (2020–2021) 4 Lauf 1 2020 Lauf 4 2021" in page
    assert "4 Rennen gezählt." in page


def test_driver_detail_says_no_first_time_where_the_archive_begins_later(client, archive):
    ArchiveSpan.objects.update(covers_history=False, first_season=archive.season)

    page = words(client.get(archive.driver("Ada").get_absolute_url()))

    assert "Zum ersten Mal" not in page
    assert "Alle Zahlen gelten seit Beginn des Archivs (2021)." in page
    assert "Siege 1 – – Lauf 4 2021" in page


@pytest.mark.parametrize("kind", ["team", "manufacturer"])
def test_team_and_manufacturer_detail_show_their_runs(client, archive, kind):
    entry = archive.races[0].session_entries.order_by("pk").first().entry
    thing = entry.team
    if kind == "manufacturer":
        entry.car_model.manufacturer = thing = ManufacturerFactory()
        entry.car_model.save()

    page = words(client.get(thing.get_absolute_url()))

    assert f"Statistik: {archive.series.name}" in page
    assert "Siege 1 – – Lauf 1 2020 Lauf 1 2020" in page


def test_driver_detail_has_no_statistics_where_nobody_vouches(client, archive):
    ArchiveSpan.objects.all().delete()

    page = words(client.get(archive.driver("Ada").get_absolute_url()))

    assert "Statistik:" not in page
    assert "Rennen 4 Siege 3 Podestplätze 4" in page


def test_circuit_detail_names_who_has_the_most_there(client, archive):
    archive.race(*placed("Cy", "Di"))  # elsewhere

    page = words(client.get(Circuit.objects.get(slug="eifelring").get_absolute_url()))

    assert f"Rekorde hier: {archive.series.name}" in page
    assert "4 Rennen Stand: Lauf 5" in page
    assert "meiste Siege 3 Ada" in page
    assert "meiste Podestplätze 4 je Ada und Bo" in page


# races


def test_session_detail_says_what_a_race_meant(client, archive):
    page = words(client.get(archive.races[3].get_absolute_url()))

    assert "Statistik zum Rennen Rekorde der Serie" in page
    assert "Erster Saisonsieg für Ada, der 3. insgesamt." in page
    assert "Erstes Podest für Cy, gleich im ersten Rennen." in page
    assert "Archiv vollständig vom ersten Rennen (2020) bis 22.03.2020." in page


def test_session_detail_of_an_earlier_race_says_what_was_true_then(client, archive):
    page = words(client.get(archive.races[1].get_absolute_url()))

    assert "Zweiter Saisonsieg für Ada. Zweiter Sieg in Folge für Ada." in page


def test_session_detail_names_class_winners_where_there_are_classes(client):
    archive = Archive()
    classes = [RacingClassFactory(series=archive.series, name=name) for name in ("GT3", "GT4")]
    for _ in range(2):
        race = archive.race(
            {"who": "Ada", "position": 1, "class_position": 1, "car": {"racing_class": classes[0]}},
            {"who": "Bo Cy", "position": 5, "class_position": 1, "car": {"racing_class": classes[1]}},
        )

    page = words(client.get(race.get_absolute_url()))

    assert "Zweiter Klassensieg der Saison für Bo und Cy, diesmal in der Klasse GT4." in page
    assert "(GT3)" not in page  # the class win of who won it all goes without saying


@pytest.mark.parametrize("change", ["no race", "annulled", "checkpoint", "behind a gap", "excerpt"])
def test_session_detail_is_silent_where_there_is_nothing_to_say(client, archive, change):
    if change == "no race":
        session = archive.race(*placed("Ada"), kind="qualifying")
    elif change == "checkpoint":
        session = archive.race(*placed("Ada"), checkpoint="6h")
    elif change == "behind a gap":
        archive.race(*placed("Ada"), hidden=True)
        session = archive.race(*placed("Ada"))
    else:
        version = {"annulled": {"state": "annulled"}, "excerpt": {"is_complete": False}}[change]
        session = archive.race(*placed("Ada"), **version)

    assert "Statistik zum Rennen" not in words(client.get(session.get_absolute_url()))


# records


def records(archive, query=""):
    return f"/{archive.series.slug}/rekorde/{query}"


def test_series_records_rank_by_wins(client, archive):
    page = client.get(records(archive))

    rows = [(row["place"], row["name"], row["figure"]) for row in page.context["records"].rows]
    assert rows == [(1, "Ada", 3), (2, "Bo", 1)]
    assert "Meiste Siege 4 Rennen gezählt" in words(page)
    assert "2. Bo 1 4" in words(page)


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("?rekord=podestplaetze", [(1, "Ada", 4), (1, "Bo", 4), (3, "Cy", 1)]),
        ("?rekord=poles", [(1, "Ada", 3), (2, "Bo", 1)]),
        ("?rekord=rennrunden", [(1, "Ada", 3), (2, "Bo", 1)]),
        ("?rekord=siegesserie", [(1, "Ada", 2), (2, "Bo", 1)]),
        ("?rekord=podestserie", [(1, "Ada", 4), (1, "Bo", 4), (3, "Cy", 1)]),
        ("?von=2021", [(1, "Ada", 1), (1, "Bo", 1)]),
        ("?bis=2020", [(1, "Ada", 2)]),
        ("?von=2021&bis=2020", []),
    ],
)
def test_series_records_are_of_the_chosen_kind_and_seasons(client, archive, query, rows):
    found = client.get(records(archive, query)).context["records"].rows

    assert [(row["place"], row["name"], row["figure"]) for row in found] == rows


def test_series_records_of_teams_and_of_a_class(client):
    archive = Archive()
    small = RacingClassFactory(series=archive.series, name="GT4", slug="gt4")
    race = archive.race(
        {"who": "Ada", "position": 1}, {"who": "Bo", "position": 2, "class_position": 1, "car": {"racing_class": small}}
    )
    team = race.session_entries.get(entry__crew__driver=archive.driver("Ada")).entry.team

    of_teams = client.get(records(archive, "?nach=teams"))
    of_class = client.get(records(archive, "?klasse=gt4"))

    assert [row["slug"] for row in of_teams.context["records"].rows] == [team.slug]
    assert f'href="/team/{team.slug}/"' in of_teams.content.decode()
    assert [(row["name"], row["wins"]) for row in of_class.context["records"].rows] == [("Bo", 1)]


@pytest.mark.parametrize("query", ["?rekord=alles", "?nach=marken", "?klasse=gt3", "?von=1999"])
def test_series_records_refuse_a_choice_that_does_not_exist(client, archive, query):
    assert client.get(records(archive, query)).status_code == 400


def test_a_class_that_only_a_draft_knows_is_no_choice(client, archive):
    hidden = RacingClassFactory(series=archive.series, slug="geheim", name="Geheim")
    archive.race({"who": "Ada", "position": 1, "class_position": 1, "car": {"racing_class": hidden}}, hidden=True)

    assert client.get(records(archive, "?klasse=geheim")).status_code == 400
    assert "Geheim" not in client.get(records(archive)).content.decode()


def test_series_records_say_since_when_they_count(client, archive):
    ArchiveSpan.objects.update(covers_history=False, first_season=archive.season)

    page = words(client.get(records(archive)))

    assert "2 Rennen gezählt, seit Beginn des Archivs (2021)" in page
    assert "vom ersten Rennen" not in page


def test_series_records_are_silent_where_nobody_vouches(client, archive):
    ArchiveSpan.objects.all().delete()

    page = client.get(records(archive))

    assert "Das Archiv dieser Serie ist nicht als vollständig ausgewiesen." in words(page)
    assert "Ada" not in words(page)
    assert client.get(f"/{archive.series.slug}/rekorde.csv").status_code == 404
    assert "/rekorde/" not in client.get(archive.series.get_absolute_url()).content.decode()


def test_the_series_leads_to_its_records(client, archive):
    assert f'href="{records(archive)}"' in client.get(archive.series.get_absolute_url()).content.decode()


def test_series_records_export_has_the_table_and_where_it_comes_from(client, archive):
    slug = archive.series.slug
    csv = client.get(f"/{slug}/rekorde.csv?rekord=poles").content.decode("utf-8-sig").splitlines()
    said = json.loads(client.get(f"/{slug}/rekorde.json?bis=2020").content)

    assert (
        csv[0]
        == "Pos.;Name;Meiste Pole-Positions;Rennen;Siege;Podestplätze;Pole-Positions;Schnellste Runden;Erster Sieg;Letzter Sieg"
    )
    assert csv[1] == "1;Ada;3;4;3;4;3;3;2020;2021"
    assert said["about"]["complete_until"] == "2020-03-22"
    assert (said["about"]["is_whole_history"], said["about"]["races"], said["about"]["choice"]) == (
        True,
        2,
        {"bis": "2020"},
    )
    assert said["rows"] == [
        {
            "place": 1, "figure": 2, "slug": archive.driver("Ada").slug, "name": "Ada", "starts": 2, "wins": 2, "podiums": 2,
            "poles": 2, "fastest_laps": 2, "wins_in_a_row": 2, "podiums_in_a_row": 2, "poles_in_a_row": 2,
            "first_win": "2020", "last_win": "2020",
        }
    ]  # fmt: skip
    assert client.get(f"/{slug}/rekorde.exe").status_code == 404


def test_a_new_version_changes_the_records_at_once(client, archive):
    assert client.get(records(archive)).context["records"].rows[0]["figure"] == 3

    Classification.objects.filter(session=archive.races[3]).update(public_until="2021-11-07T00:00Z")

    page = client.get(records(archive))
    assert "Stand: Lauf 3, 15. März 2020" in words(page)
    assert page.context["records"].rows[0]["figure"] == 2


# the desk


def test_a_series_has_one_span(archive):
    with pytest.raises(IntegrityError), transaction.atomic():
        ArchiveSpanFactory(first_season=archive.season)


def test_a_span_begins_with_a_season_of_its_series(archive):
    span = ArchiveSpan(series=archive.series, first_season=SeasonFactory())

    with pytest.raises(ValidationError, match="Diese Saison gehört zu einer anderen Serie"):
        span.clean()


def test_the_desk_enters_and_changes_how_far_the_archive_is_complete(client):
    archive = Archive(span=None)
    archive.race(*placed("Ada"))
    client.force_login(UserFactory(role="results"))

    answer = client.post(
        "/admin/results/archivespan/add/",
        {"series": archive.series.pk, "first_season": archive.season.pk, "covers_history": "on", "source": "Wir"},
    )

    assert answer.status_code == 302
    assert ArchiveSpan.objects.get().series == archive.series
    assert "Siege 1" in words(client.get(archive.driver("Ada").get_absolute_url()))


def test_a_season_with_which_a_span_begins_is_not_deleted():
    span = ArchiveSpanFactory()

    with pytest.raises(ProtectedError):
        span.first_season.delete()
