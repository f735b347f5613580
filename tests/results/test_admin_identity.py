"""Merging, splitting and the list of likely duplicates at the desk: who may, what is shown, what happens."""

import re
import threading

import pytest
from django.db import connection, transaction
from django.urls import reverse

from results.identity import IdentityRefused, merge, set_apart, split
from results.identity.duplicates import likely_duplicates
from results.models import CrewMember, DistinctPair, Driver, IdentityChange, Team
from tests.factories import DriverFactory, EntryFactory, IdentityChangeFactory, TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(role="results"))
    return client


def address(name, *args, model="driver"):
    return reverse(f"admin:results_{model}_{name}", args=args)


def text_of(page):
    return " ".join(re.sub(r"<[^>]+>", " ", page.content.decode()).split())


def gotz():
    return (
        DriverFactory(first_name="Maximilian", last_name="Götz", slug="maximilian-goetz", birth_date="1986-02-04"),
        DriverFactory(first_name="Maxi", last_name="Goetz", slug="maxi-goetz", nationality="GER"),
    )


# merging


def test_the_forms_of_drivers_and_teams_lead_to_merge_split_and_duplicates(desk):
    for model, thing in (("driver", DriverFactory()), ("team", TeamFactory())):
        form = desk.get(address("change", thing.pk, model=model)).content.decode()
        listing = desk.get(address("changelist", model=model)).content.decode()

        assert address("merge", thing.pk, model=model) in form
        assert address("split", thing.pk, model=model) in form
        assert address("duplicates", model=model) in listing


def test_a_merge_begins_with_choosing_the_other(desk):
    page = desk.get(address("merge", DriverFactory().pk)).content.decode()

    assert 'method="get"' in page
    assert "admin-autocomplete" in page


def test_the_comparison_shows_both_and_what_moves_and_writes_nothing(desk):
    kept, other = gotz()
    team = TeamFactory(name="Nordteam")
    EntryFactory(crew=[other], team=team, number="7")

    text = text_of(desk.get(address("merge", kept.pk), {"other": other.pk}))

    for said in (
        "„Maxi Goetz“ wird zu „Maximilian Götz“",
        "4. Februar 1986",
        "GER",
        "Nordteam",
        "Serie",
        "1 Fahrer der Besatzung",
    ):
        assert said in text
    assert Driver.objects.count() == 2


def test_the_comparison_warns_of_a_car_that_names_both(desk):
    kept, other = gotz()
    EntryFactory(crew=[kept, other], number="7")

    assert "Beide sitzen in demselben Auto" in text_of(desk.get(address("merge", kept.pk), {"other": other.pk}))


def test_a_confirmed_merge_is_done_and_stands_in_the_history(desk):
    kept, other = gotz()
    EntryFactory(crew=[other])

    page = desk.post(address("merge", kept.pk), {"other": other.pk, "reason": "Umlaut"}, follow=True)

    assert "„Maxi Goetz“ ist in „Maximilian Götz“ aufgegangen." in text_of(page)
    assert CrewMember.objects.get().driver == kept
    change = IdentityChange.objects.get()
    assert (change.reason, change.by) == ("Umlaut", page.wsgi_request.user)
    assert "aufgegangen" in text_of(desk.get(reverse("admin:results_identitychange_changelist")))


def test_a_refused_merge_says_why_beside_the_comparison(desk):
    kept, other = gotz()
    Driver.objects.filter(pk=other.pk).update(birth_date="1990")

    text = text_of(desk.post(address("merge", kept.pk), {"other": other.pk}))

    assert "Die Geburtsdaten widersprechen sich: 1986-02-04 und 1990." in text
    assert Driver.objects.count() == 2


@pytest.mark.parametrize("other", ["", "abc", "99999999"])
def test_nobody_chosen_is_a_message_and_no_fault(desk, other):
    page = desk.post(address("merge", DriverFactory().pk), {"other": other})

    assert page.status_code == 200
    assert not IdentityChange.objects.exists()


def test_a_driver_is_not_offered_to_be_merged_with_himself(desk):
    driver = DriverFactory()

    assert desk.post(address("merge", driver.pk), {"other": driver.pk}).status_code == 200
    assert Driver.objects.exists()


def test_teams_are_merged_alike(desk):
    kept, other = TeamFactory(name="Haupt Racing Team"), TeamFactory(name="HRT")
    EntryFactory(team=other, number="7")

    assert "HRT" in text_of(desk.get(address("merge", kept.pk, model="team"), {"other": other.pk}))
    desk.post(address("merge", kept.pk, model="team"), {"other": other.pk})

    assert Team.objects.get() == kept


# splitting


def test_a_split_lists_the_cars_by_season_and_moves_the_chosen_ones(desk):
    driver = DriverFactory(first_name="Michael", last_name="Schmidt")
    stays, goes = EntryFactory(crew=[driver], number="7"), EntryFactory(crew=[driver], number="8")

    text = text_of(desk.get(address("split", driver.pk)))
    page = desk.post(
        address("split", driver.pk),
        {
            "entries": [goes.pk],
            "first_name": "Michael",
            "last_name": "Schmidt",
            "nationality": "AUT",
            "birth_date": "1990",
        },
        follow=True,
    )

    assert f"{stays.event.season}" in text
    assert f"{stays.event.name} #7" in text
    new = Driver.objects.get(nationality="AUT")
    assert list(new.seats.values_list("entry", flat=True)) == [goes.pk]
    assert page.redirect_chain[-1][0] == address("change", new.pk)


def test_a_split_without_a_car_or_with_a_nonsensical_date_is_a_message(desk):
    driver = DriverFactory()
    entry = EntryFactory(crew=[driver])

    for sent in ({"last_name": "Neu"}, {"entries": [entry.pk], "last_name": "Neu", "birth_date": "gestern"}):
        assert "errorlist" in desk.post(address("split", driver.pk), sent).content.decode()
    assert Driver.objects.count() == 1


def test_a_team_is_not_split_into_a_name_that_is_taken(desk):
    team, other = TeamFactory(name="Phoenix"), TeamFactory(name="Nordteam")
    entry = EntryFactory(team=team)

    text = text_of(desk.post(address("split", team.pk, model="team"), {"entries": [entry.pk], "name": other.name}))

    assert "Der Name ist vergeben: „Nordteam“." in text


# duplicates


def test_likely_duplicates_are_listed_with_reasons_and_strangers_are_not(desk):
    gotz()
    DriverFactory(first_name="Max", last_name="Verstappen")
    DriverFactory(first_name="Jos", last_name="Verstappen")
    TeamFactory(name="Haupt Racing Team")
    TeamFactory(name="HRT")

    drivers, teams = (text_of(desk.get(address("duplicates", model=model))) for model in ("driver", "team"))

    assert "90 Maximilian Götz Maxi Goetz" in drivers or "88 Maximilian Götz Maxi Goetz" in drivers
    assert "Umlaut anders geschrieben, Kurzform oder andere Form des Vornamens" in drivers
    assert "Verstappen" not in drivers
    assert "84 Haupt Racing Team HRT Abkürzung des Namens" in teams


def test_two_that_are_two_are_never_listed_again_until_that_is_taken_back(desk):
    kept, other = gotz()

    page = desk.post(address("duplicates"), {"one": kept.pk, "other": other.pk}, follow=True)

    assert "„Maximilian Götz“ und „Maxi Goetz“ sind zwei" in text_of(page)
    assert likely_duplicates(Driver) == []
    pair = DistinctPair.objects.get()
    assert "Maximilian Götz ≠ Maxi Goetz" in text_of(desk.get(reverse("admin:results_distinctpair_changelist")))
    desk.post(reverse("admin:results_distinctpair_delete", args=[pair.pk]), {"post": "yes"})
    assert len(likely_duplicates(Driver)) == 1


@pytest.mark.parametrize("sent", [{}, {"one": "1"}, {"one": "x", "other": "y"}])
def test_a_nonsensical_pair_changes_nothing(desk, sent):
    assert desk.post(address("duplicates"), sent, follow=True).status_code == 200
    assert not DistinctPair.objects.exists()


def test_one_is_not_set_apart_from_itself(desk):
    driver = DriverFactory()

    assert "Niemand ist zwei." in text_of(
        desk.post(address("duplicates"), {"one": driver.pk, "other": driver.pk}, follow=True)
    )


def test_circumstances_weigh_in_the_list_of_duplicates():
    team = TeamFactory(name="Nordteam")
    kept, other = gotz()
    shared = EntryFactory(crew=[kept], team=team)
    EntryFactory(crew=[other], team=team, event=shared.event)

    [pair] = likely_duplicates(Driver)

    assert "beide fuhren für Nordteam" in pair.reasons
    assert pair.against == (f"in zwei Autos bei derselben Veranstaltung ({shared.event.name})",)


def test_two_birth_dates_are_two_people():
    _kept, other = gotz()
    Driver.objects.filter(pk=other.pk).update(birth_date="1990")

    assert likely_duplicates(Driver) == []


def test_likely_duplicates_need_the_same_queries_for_few_and_for_many(django_assert_num_queries):
    gotz()
    with django_assert_num_queries(4):
        likely_duplicates(Driver)
    for letter in "abcdefghijkl":
        DriverFactory(first_name="Max", last_name=f"Beispiel{letter}er")
    with django_assert_num_queries(4):
        assert len(likely_duplicates(Driver)) > 50


# history


def test_a_merge_is_undone_from_its_record(desk):
    kept, other = gotz()
    change = merge(kept, other, by=UserFactory())

    record = desk.get(reverse("admin:results_identitychange_change", args=[change.pk])).content.decode()
    way_back = reverse("admin:results_identitychange_undo", args=[change.pk])
    assert way_back in record
    assert "„Maxi Goetz“ ist in" in text_of(desk.get(way_back))
    page = desk.post(way_back, follow=True)

    assert "Rückgängig gemacht" in text_of(page)
    assert Driver.objects.count() == 2
    assert way_back not in desk.get(reverse("admin:results_identitychange_change", args=[change.pk])).content.decode()


def test_what_cannot_be_undone_says_why(desk):
    gone = IdentityChangeFactory(kept=99_999_999, before={"other": {}})

    text = text_of(desk.post(reverse("admin:results_identitychange_undo", args=[gone.pk])))

    assert "Den Eintrag, der blieb, gibt es nicht mehr." in text
    bare = IdentityChangeFactory(kept=DriverFactory().pk)
    text = text_of(desk.post(reverse("admin:results_identitychange_undo", args=[bare.pk])))
    assert "Es ist nichts gespeichert, das sich wiederherstellen ließe." in text


def test_a_split_is_undone_from_its_record(desk):
    driver = DriverFactory()
    entry = EntryFactory(crew=[driver])
    change = split(driver, by=UserFactory(), entries=[entry.pk], columns={"first_name": "A", "last_name": "B"})

    desk.post(reverse("admin:results_identitychange_undo", args=[change.pk]))

    assert Driver.objects.get() == driver


# rights


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_only_the_results_desk_and_the_administrator_merge_and_split(client, role):
    client.force_login(UserFactory(role=role))
    kept, other = gotz()
    change = IdentityChangeFactory()
    doors = [
        address("merge", kept.pk), address("split", kept.pk), address("duplicates"),
        reverse("admin:results_identitychange_undo", args=[change.pk]),
    ]  # fmt: skip

    for door in doors:
        assert client.get(door).status_code == 403
        assert client.post(door, {"other": other.pk}).status_code == 403
    assert address("merge", kept.pk) not in client.get(address("change", kept.pk)).content.decode()


@pytest.mark.parametrize("name", ["merge", "split"])
def test_somebody_who_is_gone_is_not_found(desk, name):
    assert desk.get(address(name, 99999999)).status_code == 404


# two at once


@pytest.mark.django_db(transaction=True)
def test_of_two_merges_at_once_the_second_waits_and_finds_nobody_to_merge():
    person = UserFactory()
    kept, other = gotz()
    outcome = []

    def second():
        try:
            merge(other, kept, by=person)
        except IdentityRefused as refusal:
            outcome.append(str(refusal))
        finally:
            connection.close()

    with transaction.atomic():
        merge(kept, other, by=person)
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(10)

    assert outcome == ["„Maxi Goetz“ gibt es nicht mehr."]
    assert Driver.objects.get() == kept
    assert set_apart(kept, DriverFactory(), by=person).low == kept.pk
