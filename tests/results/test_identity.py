"""Merging and splitting drivers and teams: everything follows, nothing is lost, all of it can be taken back."""

import pytest
from django.apps import apps
from django.db import models

from results.identity import (
    IdentityRefused,
    current_slug,
    forget_pair,
    merge,
    references_to,
    set_apart,
    split,
    undo,
)
from results.identity.conflicts import RESOLVE
from results.identity.ledger import dump
from results.identity.splitting import BY_ENTRY, STAYING
from results.models import (
    Championship,
    ChampionshipDecision,
    Classification,
    CrewMember,
    DistinctPair,
    Driver,
    DriverAlias,
    DriverGrade,
    DriverKey,
    DriverShare,
    Entry,
    FormerAddress,
    IdentityChange,
    Lap,
    SessionCrewMember,
    SessionEntry,
    Stint,
    Team,
    TeamAlias,
    TeamSuccession,
)
from tests.factories import (
    ClassificationFactory,
    DriverFactory,
    EntryFactory,
    SeasonFactory,
    SessionEntryFactory,
    SessionFactory,
    TeamFactory,
    UserFactory,
)
from tests.results.made import load, parsed, row, session

pytestmark = pytest.mark.django_db


@pytest.fixture
def person():
    return UserFactory(role="results")


def everything():
    """Every row of every table of the results, but for the record of merges and splits itself."""
    return {
        model._meta.label: [dump(one) for one in model._default_manager.order_by("pk")]
        for model in apps.get_app_config("results").get_models()
        if model is not IdentityChange and not isinstance(model._meta.pk, models.CompositePrimaryKey)
    }


def career(driver):
    """One row of every kind that can refer to a driver."""
    entry = EntryFactory(crew=[driver])
    car = SessionEntryFactory(session=SessionFactory(event=entry.event), entry=entry)
    SessionCrewMember.objects.create(session_entry=car, driver=driver, seat=1)
    Stint.objects.create(session_entry=car, sequence=1, driver=driver, seat=1, first_lap=1, last_lap=9, laps=9)
    DriverShare.objects.create(session_entry=car, driver=driver, seat=1, laps=9)
    DriverAlias.objects.create(driver=driver, name=f"Alias {driver.pk}")
    DriverKey.objects.create(driver=driver, source="f1db", key=driver.slug)
    DriverGrade.objects.create(driver=driver, season=entry.event.season, grade="gold")
    decided(entry.event.season, driver=driver)
    return entry


def decided(season, **whom):
    """A decision on a championship that names somebody."""
    rules = {"scores": [{"table": ["10"]}]}
    cup = Championship.objects.get_or_create(
        season=season,
        key="cup",
        defaults={"name": "Cup", "subject": next(iter(whom)), "rules": rules, "is_by_hand": True},
    )[0]
    ChampionshipDecision.objects.create(championship=cup, kind="points", points=-1, reason="Sportgericht", **whom)


# every reference


def test_a_career_of_the_tests_has_every_kind_of_reference():
    driver, team = DriverFactory(), TeamFactory()
    career(driver)
    EntryFactory(team=team)
    TeamAlias.objects.create(team=team, name="Anders")
    TeamSuccession.objects.create(predecessor=team, successor=TeamFactory())
    TeamSuccession.objects.create(predecessor=TeamFactory(), successor=team)
    decided(SeasonFactory(), team=team)

    assert [one.label for thing in (driver, team) for one in references_to(type(thing)) if not one.rows(thing.pk)] == []


@pytest.mark.parametrize("model", [Driver, Team])
def test_every_kind_of_reference_has_its_place_in_a_split(model):
    unplaced = {one.model for one in references_to(model)} - set(BY_ENTRY) - STAYING

    assert unplaced == set()


def test_every_uniqueness_that_a_merge_can_break_has_its_rule():
    broken = {
        one.model
        for model in (Driver, Team)
        for one in references_to(model)
        for constraint in one.model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and one.model._meta.get_field(one.column.removesuffix("_id")).name in constraint.fields
    }

    assert broken == set(RESOLVE)


# merging


def test_whatever_referred_to_the_other_driver_refers_to_the_kept_one(person):
    kept, other = DriverFactory(last_name="Götz"), DriverFactory(last_name="Goetz")
    career(kept)
    career(other)
    counted = {one.label: one.rows(kept.pk).count() + one.rows(other.pk).count() for one in references_to(Driver)}

    merge(kept, other, by=person)

    learned = {"results.driveralias.driver_id": 1}
    assert {
        one.label: one.rows(kept.pk).count() - learned.get(one.label, 0) for one in references_to(Driver)
    } == counted
    assert not Driver.objects.filter(pk=other.pk).exists()


def test_the_others_name_becomes_an_alias_that_the_next_import_finds(person):
    kept = DriverFactory(first_name="Maximilian", last_name="Götz")
    merge(kept, DriverFactory(first_name="Maxi", last_name="Goetz"), by=person)

    load(parsed(session(rows=(row("7", 1, crew=("Maxi Goetz",)),))))

    assert Driver.objects.get() == kept


def test_the_others_address_leads_to_the_kept_one_through_a_chain_of_merges(person):
    first, second, third = (DriverFactory(slug=slug) for slug in ("erste", "zweite", "dritte"))
    merge(second, first, by=person)
    merge(third, second, by=person)

    assert [current_slug("driver", slug) for slug in ("erste", "zweite", "dritte")] == ["dritte", "dritte", None]
    assert current_slug("team", "erste") is None


def test_a_new_driver_does_not_take_the_address_of_a_merged_one(person):
    merge(DriverFactory(last_name="Anders"), DriverFactory(slug="ada-eins"), by=person)

    load(parsed(session(rows=(row("7", 1, crew=("Ada Eins",)),))))

    assert Driver.objects.get(last_name="Eins").slug == "ada-eins-2"


def test_the_kept_one_learns_what_only_the_other_knew(person):
    kept = DriverFactory(nationality="GER", birth_date="1986")
    merge(kept, DriverFactory(nationality="AUT", birth_date="1986-02-04", town="Uffenheim"), by=person)

    kept.refresh_from_db()
    assert (kept.nationality, kept.birth_date, kept.town) == ("GER", "1986-02-04", "Uffenheim")


def test_a_merge_leaves_released_results_alone(person):
    kept, other = DriverFactory(), DriverFactory()
    ClassificationFactory(rows=[{"entry": EntryFactory(crew=[other]), "position": 1}])
    before = dump(Classification.objects.get())

    merge(kept, other, by=person)

    assert dump(Classification.objects.get()) == before
    assert CrewMember.objects.get().driver == kept


def test_two_seats_of_one_car_become_the_one_with_laps(person):
    kept, other = DriverFactory(), DriverFactory()
    entry = EntryFactory(crew=[kept, other])
    car = SessionEntryFactory(session=SessionFactory(event=entry.event), entry=entry)
    Lap.objects.create(session_entry=car, number=1, seat=2, time_ms=100_000)

    merge(kept, other, by=person)

    assert list(CrewMember.objects.values_list("seat", "driver")) == [(2, kept.pk)]


def test_two_who_both_drove_the_same_car_are_two(person):
    kept, other = DriverFactory(), DriverFactory()
    entry = EntryFactory(crew=[kept, other])
    car = SessionEntryFactory(session=SessionFactory(event=entry.event), entry=entry)
    for seat in (1, 2):
        Lap.objects.create(session_entry=car, number=seat, seat=seat, time_ms=100_000)

    with pytest.raises(IdentityRefused, match="Beide sind in demselben Auto Runden gefahren"):
        merge(kept, other, by=person)


def test_contradicting_dates_of_birth_refuse_a_merge(person):
    with pytest.raises(IdentityRefused, match="Geburtsdaten widersprechen sich: 1986 und 1987-01-02"):
        merge(DriverFactory(birth_date="1986"), DriverFactory(birth_date="1987-01-02"), by=person)


def test_contradicting_ratings_refuse_a_merge_and_equal_ones_do_not(person):
    season = SeasonFactory()
    kept, other, third = DriverFactory(), DriverFactory(), DriverFactory()
    for driver, grade in ((kept, "gold"), (other, "silver"), (third, "gold")):
        DriverGrade.objects.create(driver=driver, season=season, grade=grade)

    with pytest.raises(IdentityRefused, match="Gold"):
        merge(kept, other, by=person)
    merge(kept, third, by=person)

    assert sorted(DriverGrade.objects.values_list("driver", "grade")) == [(kept.pk, "gold"), (other.pk, "silver")]


def test_one_cannot_be_merged_into_itself(person):
    driver = DriverFactory()

    with pytest.raises(IdentityRefused):
        merge(driver, driver, by=person)


def test_predecessor_and_successor_are_two_teams(person):
    kept, other = TeamFactory(), TeamFactory()
    TeamSuccession.objects.create(predecessor=kept, successor=other)

    with pytest.raises(IdentityRefused, match="Vorgänger und Nachfolger"):
        merge(kept, other, by=person)


def test_a_merged_team_brings_its_cars_names_and_line(person):
    kept, other, heir = TeamFactory(name="HRT"), TeamFactory(name="Haupt Racing Team"), TeamFactory()
    EntryFactory(team=other)
    TeamAlias.objects.create(team=other, name="Haupt")
    for team in (kept, other):
        TeamSuccession.objects.create(predecessor=team, successor=heir)

    merge(kept, other, by=person)

    assert Entry.objects.get().team == kept
    assert sorted(kept.aliases.values_list("name", flat=True)) == ["Haupt", "Haupt Racing Team"]
    assert TeamSuccession.objects.get().predecessor == kept


def test_two_that_were_said_to_be_two_are_not_merged_until_that_is_taken_back(person):
    kept, other = DriverFactory(), DriverFactory()
    set_apart(kept, other, by=person)
    set_apart(other, kept, by=person)

    with pytest.raises(IdentityRefused, match="sind zwei"):
        merge(kept, other, by=person)
    forget_pair(other, kept, by=person)
    merge(kept, other, by=person)

    assert Driver.objects.get() == kept


def test_who_is_not_the_other_is_not_the_kept_one(person):
    kept, other, third = DriverFactory(), DriverFactory(), DriverFactory()
    set_apart(other, third, by=person)

    merge(kept, other, by=person)

    assert DistinctPair.objects.values_list("low", "high").get() == (kept.pk, third.pk)


# undoing


def busy_drivers(person):
    """Two drivers with all they can have, a clash of each kind that resolves itself among it."""
    kept, other = DriverFactory(birth_date="1986"), DriverFactory(birth_date="1986-02-04", town="Köln")
    third = DriverFactory()
    career(kept)
    entry = career(other)
    CrewMember.objects.create(entry=entry, driver=kept, seat=2)
    season = entry.event.season
    DriverGrade.objects.create(driver=kept, season=season, grade="gold")
    for driver in (kept, other):
        DriverAlias.objects.create(driver=driver, name="Maxi")
    set_apart(other, third, by=person)
    merge(other, DriverFactory(slug="frueher"), by=person)
    return kept, other


def test_an_undone_merge_of_drivers_leaves_every_row_as_it_was(person):
    kept, other = busy_drivers(person)
    before = everything()

    change = merge(kept, other, by=person, reason="Umlaut")
    assert everything() != before
    undo(change, by=person)

    assert everything() == before
    change.refresh_from_db()
    assert (change.undone_by, change.undone_at is not None, change.reason) == (person, True, "Umlaut")


def test_an_undone_merge_of_teams_leaves_every_row_as_it_was(person):
    kept, other, heir = TeamFactory(), TeamFactory(country="GER"), TeamFactory()
    EntryFactory(team=other)
    TeamAlias.objects.create(team=other, name="Haupt")
    for team in (kept, other):
        TeamSuccession.objects.create(predecessor=team, successor=heir, since="2021")
    before = everything()

    undo(merge(kept, other, by=person), by=person)

    assert everything() == before


def test_an_undone_split_leaves_every_row_as_it_was(person):
    driver = DriverFactory()
    career(driver)
    entry = career_at_another_event(driver)
    before = everything()

    change = split(driver, by=person, entries=[entry.pk], columns={"first_name": "Erika", "last_name": "Anders"})
    assert everything() != before
    undo(change, by=person)

    assert everything() == before


def test_a_merge_is_undone_once(person):
    change = merge(DriverFactory(), DriverFactory(), by=person)
    undo(change, by=person)

    with pytest.raises(IdentityRefused, match="schon rückgängig"):
        undo(change, by=person)


def test_the_later_merge_is_undone_first(person):
    first, second, third = DriverFactory(), DriverFactory(), DriverFactory()
    early = merge(second, first, by=person)
    late = merge(third, second, by=person)

    with pytest.raises(IdentityRefused, match="zuerst die spätere Änderung"):
        undo(early, by=person)
    undo(late, by=person)
    undo(early, by=person)

    assert Driver.objects.count() == 3


def test_a_merge_whose_rows_were_imported_anew_is_not_undone(person):
    kept, other = DriverFactory(), DriverFactory()
    career(other)
    change = merge(kept, other, by=person)
    Stint.objects.all().delete()
    before = everything()

    with pytest.raises(IdentityRefused, match="Stint"):
        undo(change, by=person)

    assert everything() == before


def test_a_merge_whose_filled_gap_was_edited_is_not_undone(person):
    kept = DriverFactory()
    change = merge(kept, DriverFactory(town="Köln"), by=person)
    Driver.objects.filter(pk=kept.pk).update(town="Bonn")

    with pytest.raises(IdentityRefused, match="„Ort“ wurde seither geändert"):
        undo(change, by=person)


def test_a_taken_address_stands_in_the_way_of_undoing(person):
    change = merge(DriverFactory(), DriverFactory(slug="wieder"), by=person)
    DriverFactory(slug="wieder")

    with pytest.raises(IdentityRefused, match="inzwischen"):
        undo(change, by=person)
    assert Driver.objects.count() == 2


# splitting


def career_at_another_event(driver):
    """A car more, with sessions of its own."""
    entry = EntryFactory(crew=[driver])
    car = SessionEntryFactory(session=SessionFactory(event=entry.event), entry=entry)
    Stint.objects.create(session_entry=car, sequence=1, driver=driver, seat=1, first_lap=1, last_lap=9, laps=9)
    DriverShare.objects.create(session_entry=car, driver=driver, seat=1, laps=9)
    return entry


def test_a_split_takes_the_chosen_cars_and_leaves_the_rest(person):
    driver = DriverFactory(first_name="Michael", last_name="Schmidt", slug="michael-schmidt")
    stays, goes = career(driver), career_at_another_event(driver)

    split(
        driver, by=person, entries=[goes.pk],
        columns={"first_name": "Michael", "last_name": "Schmidt", "nationality": "AUT"},
    )  # fmt: skip

    new = Driver.objects.get(nationality="AUT")
    assert new.slug == "michael-schmidt-2"
    assert [seat.entry for seat in driver.seats.all()] == [stays]
    assert [seat.entry for seat in new.seats.all()] == [goes]
    assert {one.session_entry.entry for model in (Stint, DriverShare) for one in model.objects.filter(driver=new)} == {
        goes
    }
    assert driver.keys.count() == driver.grades.count() == driver.aliases.count() == 1
    assert DistinctPair.objects.get().high == new.pk


def test_a_split_team_takes_its_cars(person):
    team = TeamFactory(name="Phoenix")
    _stays, goes = EntryFactory(team=team), EntryFactory(team=team)

    split(team, by=person, entries=[goes.pk], columns={"name": "Phoenix Zwei"})

    assert Entry.objects.get(pk=goes.pk).team == Team.objects.get(name="Phoenix Zwei")
    assert team.entries.count() == 1


def test_a_split_needs_cars_of_the_one_that_is_split(person):
    driver = DriverFactory()

    for entries in ([], [EntryFactory(crew=[DriverFactory()]).pk]):
        with pytest.raises(IdentityRefused, match="wählen"):
            split(driver, by=person, entries=entries, columns={"first_name": "A", "last_name": "B"})


def test_a_split_team_needs_a_name_of_its_own(person):
    team = TeamFactory(name="Phoenix")
    TeamAlias.objects.create(team=team, name="Phönix Racing")
    entry = EntryFactory(team=team)

    with pytest.raises(IdentityRefused, match="vergeben"):
        split(team, by=person, entries=[entry.pk], columns={"name": "Phönix Racing"})


def test_a_split_whose_new_driver_raced_since_is_not_undone(person):
    driver = DriverFactory()
    entry = career_at_another_event(driver)
    change = split(driver, by=person, entries=[entry.pk], columns={"first_name": "A", "last_name": "B"})
    EntryFactory(crew=[Driver.objects.get(last_name="B")])

    with pytest.raises(IdentityRefused, match="seither etwas dazugekommen"):
        undo(change, by=person)


def test_session_crews_alone_are_reason_enough_to_offer_a_car(person):
    driver = DriverFactory()
    car = SessionEntryFactory()
    SessionCrewMember.objects.create(session_entry=car, driver=driver, seat=1)

    split(driver, by=person, entries=[car.entry.pk], columns={"first_name": "A", "last_name": "B"})

    assert SessionCrewMember.objects.get().driver.last_name == "B"
    assert SessionEntry.objects.count() == 1
    assert not FormerAddress.objects.exists()


# old addresses


@pytest.mark.parametrize(("model", "factory"), [("fahrer", DriverFactory), ("team", TeamFactory)])
def test_the_page_of_a_merged_one_leads_readers_to_the_kept_one(client, person, model, factory):
    kept, other = factory(slug="bleibt"), factory(slug="alt")
    entry = EntryFactory(crew=[kept]) if factory is DriverFactory else EntryFactory(team=kept)
    ClassificationFactory(session__event=entry.event, rows=[{"entry": entry, "position": 1}])
    merge(kept, other, by=person)

    answer = client.get(f"/{model}/alt/")

    assert (answer.status_code, answer["Location"]) == (301, f"/{model}/bleibt/")
    assert client.get(f"/{model}/niemand/").status_code == 404


def test_an_old_address_does_not_tell_of_somebody_readers_may_not_see(client, person):
    merge(DriverFactory(slug="entwurf"), DriverFactory(slug="alt"), by=person)

    assert client.get("/fahrer/alt/").status_code == 404
