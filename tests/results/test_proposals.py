"""Proposals for new names: the likest stored ones with reasons, decided by a person, learned as an alias."""

import json

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F, Func, TextField

from results.importers.load import plan
from results.importers.plan import ImportRefused, ImportTarget
from results.importers.proposals import propose
from results.importers.records import DriverRecord
from results.likeness import stored_keys
from results.models import Driver, DriverAlias, DriverKey, Team, TeamAlias
from results.names import fold
from results.team_likeness import stored_team_keys
from tests.factories import (
    DriverFactory,
    EntryFactory,
    EventFactory,
    SeasonFactory,
    TeamFactory,
    UserFactory,
)
from tests.results.made import driver, load, parsed, race, row, session
from tests.results.test_import_desk import confirm, facts, text_of, upload

pytestmark = pytest.mark.django_db

NAMES = [
    "Nico Hülkenberg", "Renger van der Zande", "Alessandro Pier Guidi", "Max G.", "SELV", "Carlos Sainz jr.", "Jörg Müller",
    "José María López", "Li", "Kimi Räikkönen", "Pato O'Ward", "jr.", "Lars Weiß", "Toyota Gazoo Racing", "AF Corse",
    "W Racing Team", "Mücke Motorsport e.V.", "#1", "小林 可夢偉",
]  # fmt: skip


def one_car(**cells):
    return parsed(session(rows=(row("7", 1, **cells),)))


def candidates(file, **target):
    """The proposed names of each new driver and team of a file."""
    proposals = propose(plan(file, target=ImportTarget(**target)))
    return {one.newcomer.name: [(found.name, found.score) for found in one.candidates] for one in proposals}


def first(file):
    """The best candidate of the only new name that has one."""
    [found] = [one.candidates[0] for one in propose(plan(file, target=ImportTarget())) if one.candidates]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_database_computes_the_same_keys_as_the_code(name):
    DriverFactory(first_name="", last_name=name)
    TeamFactory(name=name)
    as_list = ArrayField(TextField())

    [person] = Driver.objects.values_list(
        Func(F("folded"), function="results_person_keys", output_field=as_list), flat=True
    )
    [team] = Team.objects.values_list(Func(F("folded"), function="results_team_keys", output_field=as_list), flat=True)

    assert (set(person), set(team)) == (stored_keys(fold(name)), stored_team_keys(fold(name)))


def test_a_new_name_is_proposed_with_the_likest_known_ones():
    DriverFactory(first_name="Maximilian", last_name="Götz")
    DriverFactory(first_name="Max", last_name="Verstappen")
    DriverFactory(first_name="Jos", last_name="Verstappen")
    TeamFactory(name="Haupt Racing Team")

    found = candidates(one_car(crew=("Maxi Goetz", "Jos Verstappen"), team="HRT"))

    assert found == {"HRT": [("Haupt Racing Team", 84)], "Maxi Goetz": [("Maximilian Götz", 88)]}


def test_a_name_nobody_resembles_has_no_proposal():
    DriverFactory(first_name="Maximilian", last_name="Götz")

    assert candidates(one_car(crew=("Ada Eins",), team="Nordteam")) == {"Nordteam": [], "Ada Eins": []}


def test_an_alias_is_as_good_as_a_name_and_is_said():
    known = DriverFactory(first_name="José María", last_name="López")
    DriverAlias.objects.create(driver=known, name="Pechito Lopez-Garcia")
    TeamAlias.objects.create(team=TeamFactory(name="Ganz anders"), name="Nordschleifenteam")

    file = one_car(crew=("Pechito Lopez Garcya",), team="Nordschleifnteam")

    proposals = propose(plan(file, target=ImportTarget()))
    assert [one.candidates[0].name for one in proposals] == ["Ganz anders", "José María López"]
    assert "auch bekannt als „Pechito Lopez-Garcia“" in proposals[1].candidates[0].reasons


def test_who_sits_in_that_car_is_proposed_even_for_an_initial():
    season = SeasonFactory(series__name="Langstrecken-Cup", label="2026")
    known = DriverFactory(first_name="Max", last_name="Götz")
    event = EventFactory(season=season, name="6 Stunden am Ring")
    EntryFactory(event=event, number="7", crew=[known], team__name="Eine ganz andere Mannschaft")

    found = first(one_car(crew=("Max G.",)))

    assert (found.pk, found.score) == (known.pk, 83)
    assert "sitzt bei dieser Veranstaltung in der #7" in found.reasons


def test_the_same_team_nation_birth_and_town_speak_for_it():
    known = DriverFactory(first_name="Michael", last_name="Schmid", nationality="GER", birth_date="1986", town="Köln")
    EntryFactory(team=TeamFactory(name="Nordteam"), crew=[known])
    record = DriverRecord("Michael", "Schmidt", nationality="GER", town="Köln", birth_date="1986-02-04")

    found = first(one_car(crew=(record,), team="Nordteam"))

    assert found.reasons == (
        "ein Buchstabe anders", "gleicher Vorname", "fuhr schon für dieses Team", "gleiches Geburtsdatum", "gleiche Nation",
        "gleicher Wohnort",
    )  # fmt: skip
    assert found.score == 99


def test_another_birth_date_rules_a_proposal_out():
    DriverFactory(first_name="Michael", last_name="Schmid", birth_date="1986")

    assert candidates(one_car(crew=(DriverRecord("Michael", "Schmidt", birth_date="1991-01-01"),), team=None)) == {
        "Michael Schmidt": []
    }


def test_another_nation_and_a_car_of_his_own_speak_against_it():
    known = DriverFactory(first_name="Michael", last_name="Schmid", nationality="GER")
    file = parsed(
        race(rows=(
            row("7", 1, crew=(driver("Michael Schmid", "GER"),), team=None),
            row("8", 2, crew=("Michael Schmit",), team=None),
            row("9", 3, crew=(driver("Michael Schmidt", "AUT"), "Michael Schmid"), team=None),
        ))
    )  # fmt: skip

    proposals = {one.newcomer.name: one.candidates for one in propose(plan(file, target=ImportTarget()))}

    assert proposals["Michael Schmit"][0].against == ("steht in dieser Datei selbst in der #7",)
    assert proposals["Michael Schmidt"] == ()
    assert known.seats.count() == 0


def test_nothing_is_merged_without_a_choice():
    DriverFactory(first_name="Maximilian", last_name="Götz")

    load(one_car(crew=("Maxi Goetz",)))

    assert Driver.objects.count() == 2
    assert not DriverAlias.objects.exists()


def test_a_choice_takes_the_known_ones_and_learns_their_names():
    known, team = DriverFactory(first_name="Maximilian", last_name="Götz"), TeamFactory(name="Haupt Racing Team")
    file = one_car(crew=("Maxi Goetz",), team="HRT")

    load(file, target=ImportTarget(same={"driver:maxi goetz": known.pk, "team:hrt": team.pk}))

    assert (Driver.objects.get(), Team.objects.get()) == (known, team)
    assert (DriverAlias.objects.get().name, TeamAlias.objects.get().name) == ("Maxi Goetz", "HRT")
    assert known.seats.get().entry.team == team
    assert load(file).plan.is_empty


def test_a_choice_stays_among_the_new_names_of_the_preview():
    known = DriverFactory(first_name="Maximilian", last_name="Götz")

    planned = plan(one_car(crew=("Maxi Goetz",), team=None), target=ImportTarget(same={"driver:maxi goetz": known.pk}))

    assert [(one.name, one.chosen) for one in planned.newcomers] == [("Maxi Goetz", known.pk)]
    assert [novelty.model for novelty in planned.created if "driver" in novelty.model] == ["driveralias"]


def test_one_of_several_namesakes_can_be_chosen_and_needs_no_alias():
    first_one, _second = DriverFactory(first_name="Michael", last_name="Schmidt"), DriverFactory(
        first_name="Michael", last_name="Schmidt"
    )  # fmt: skip

    load(one_car(crew=("Michael Schmidt",)), target=ImportTarget(same={"driver:michael schmidt": first_one.pk}))

    assert Driver.objects.count() == 2
    assert first_one.seats.count() == 1
    assert not DriverAlias.objects.exists()


@pytest.mark.parametrize("key", ["driver:maxi goetz", "team:hrt"])
def test_a_choice_of_somebody_who_is_gone_refuses_the_import(key):
    with pytest.raises(ImportRefused) as refusal:
        load(one_car(crew=("Maxi Goetz",), team="HRT"), target=ImportTarget(same={key: 4711}))

    assert "gibt es nicht mehr" in refusal.value.plan.rejected[0].reason
    assert not Driver.objects.exists()


# keys and dates of birth


def keyed(key, name="Max Beispiel", **cells):
    given, _, family = name.rpartition(" ")
    return parsed(
        session(rows=(row("7", 1, crew=(DriverRecord(given, family, key=key, **cells),)),)), key_source="f1db"
    )


def test_the_sources_own_key_decides_before_any_name():
    known = DriverFactory(first_name="Ganz", last_name="Anders")
    DriverKey.objects.create(driver=known, source="f1db", key="max-beispiel")
    DriverFactory(first_name="Max", last_name="Beispiel")

    load(keyed("max-beispiel"))

    assert known.seats.count() == 1
    assert Driver.objects.count() == 2


def test_another_key_of_the_same_source_is_another_person():
    known = DriverFactory(first_name="Max", last_name="Beispiel")
    DriverKey.objects.create(driver=known, source="f1db", key="max-beispiel")

    load(keyed("max-beispiel-2"))

    assert Driver.objects.count() == 2
    assert known.seats.count() == 0


def test_a_key_of_another_source_says_nothing_against_a_name():
    known = DriverFactory(first_name="Max", last_name="Beispiel")
    DriverKey.objects.create(driver=known, source="ergast", key="beispiel")

    load(keyed("max-beispiel"))

    assert Driver.objects.get() == known


def test_another_date_of_birth_makes_a_namesake_and_the_same_year_does_not():
    known = DriverFactory(first_name="Max", last_name="Beispiel", birth_date="1986")

    load(one_car(crew=(DriverRecord("Max", "Beispiel", birth_date="1986-02-04"),)))
    load(parsed(race(rows=(row("8", 1, crew=(DriverRecord("Max", "Beispiel", birth_date="1991-01-01"),)),))))

    assert Driver.objects.count() == 2
    assert list(known.seats.values_list("entry__number", flat=True)) == ["7"]


def test_of_several_namesakes_the_one_born_that_day_is_taken():
    DriverFactory(first_name="Max", last_name="Beispiel")
    known = DriverFactory(first_name="Max", last_name="Beispiel", birth_date="1986-02-04")

    load(one_car(crew=(DriverRecord("Max", "Beispiel", birth_date="1986"),)))

    assert Driver.objects.count() == 2
    assert known.seats.count() == 1


# cost


def test_proposals_need_the_same_queries_for_one_name_and_for_many(django_assert_num_queries):
    for number in range(12):
        DriverFactory(first_name="Max", last_name=f"Beispiel{'abcdefghijkl'[number]}er")
        TeamFactory(name=f"Team Beispiel{'abcdefghijkl'[number]}er")
    few = plan(one_car(crew=("Max Beispielaerr",)), target=ImportTarget())
    many = plan(
        parsed(session(rows=tuple(
            row(letter, place, crew=(f"Max Beispiel{letter}err",), team=f"Team Beispiel{letter}err")
            for place, letter in enumerate("abcdefghijkl", start=1)
        ))),
        target=ImportTarget(),
    )  # fmt: skip

    for planned in (few, many):
        with django_assert_num_queries(5):
            assert propose(planned)


def test_the_keys_of_names_are_found_by_index():
    Driver.objects.bulk_create(
        Driver(first_name="Max", last_name=f"N{number}", slug=f"n{number}", folded=f"max n{number}", sort_key="n")
        for number in range(3000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE results_driver")
        cursor.execute(
            "EXPLAIN SELECT id FROM results_driver WHERE results_person_keys(folded) && ARRAY['gotz', 'got<m']::text[]"
        )
        lines = " ".join(line for (line,) in cursor.fetchall())

    assert "driver_name_keys" in lines


# desk


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(role="results"))
    return client


def named(name, team="Nordteam"):
    file = facts()
    given, _, family = name.rpartition(" ")
    file["sessions"][0]["classification"][0] |= {"drivers": [{"first": given, "last": family}], "team": team}
    return file


def test_the_preview_asks_whether_a_new_name_is_a_known_one(desk):
    known = DriverFactory(first_name="Maximilian", last_name="Götz", nationality="GER")

    page = upload(desk, named("Maxi Goetz"))

    text = text_of(page)
    assert "Neu: Fahrer „Maxi Goetz“ (#7)" in text
    assert "vielleicht derselbe wie Maximilian Götz (GER), weil: Umlaut anders geschrieben, Kurzform" in text
    assert f'name="same:driver:maxi goetz" value="{known.pk}"' in page.content.decode()


def test_a_choice_in_the_preview_goes_into_the_import_once_it_was_shown(desk):
    known = DriverFactory(first_name="Maximilian", last_name="Götz")
    choice = {"same:driver:maxi goetz": str(known.pk)}
    page = upload(desk, named("Maxi Goetz"))

    shown = desk.post(page.redirect_chain[-1][0], {"preview": "1", **choice})
    confirm(desk, shown, **choice)

    assert list(known.seats.values_list("entry__number", flat=True)) == ["7"]
    assert DriverAlias.objects.get().name == "Maxi Goetz"


def test_a_choice_that_was_not_previewed_is_shown_before_it_is_written(desk):
    known = DriverFactory(first_name="Maximilian", last_name="Götz")

    page = confirm(desk, upload(desk, named("Maxi Goetz")), **{"same:driver:maxi goetz": str(known.pk)})

    assert "hat sich der gespeicherte Stand geändert" in text_of(page)
    assert known.seats.count() == 0
    confirm(desk, page, **{"same:driver:maxi goetz": str(known.pk)})
    assert known.seats.count() == 1


@pytest.mark.parametrize("value", ["", "abc", "-1", "٣", "9" * 30, "99999999"])
def test_a_nonsensical_choice_harms_nothing(desk, value):
    page = upload(desk, named("Maxi Goetz"))

    assert confirm(desk, page, **{"same:driver:maxi goetz": value, "same:": "1", "same:x": "2"}).status_code == 200


# command line


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "q.json"
    path.write_text(json.dumps(named("Maxi Goetz", team="HRT")), "utf-8")
    return str(path)


def test_the_command_takes_what_a_person_says_of_names(file):
    known = DriverFactory(first_name="Maximilian", last_name="Götz", slug="maximilian-goetz")
    team = TeamFactory(name="Haupt Racing Team", slug="haupt-racing-team")

    call_command("import_results", file, same=["Maxi Goetz=maximilian-goetz", "HRT=haupt-racing-team"])

    assert known.seats.get().entry.team == team


def test_a_dry_run_says_whom_new_names_may_mean_and_how_to_say_so(file, capsys):
    DriverFactory(first_name="Maximilian", last_name="Götz", slug="maximilian-goetz")

    call_command("import_results", file, dry_run=True)

    said = capsys.readouterr().out
    assert "Vielleicht schon bekannt:" in said
    assert '--same "Maxi Goetz=maximilian-goetz"' in said


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("Maxi Goetz", "erwartet NAME=ADRESSE"),
        ("Niemand=maximilian-goetz", "Keine Datei nennt „Niemand“"),
        ("Maxi Goetz=niemand", "Die Adresse „niemand“ hat niemand"),
    ],
)
def test_what_fits_no_name_or_address_is_refused(file, option, said):
    DriverFactory(slug="maximilian-goetz")

    with pytest.raises(CommandError, match=said):
        call_command("import_results", file, same=[option])
