"""Deleting facts at the desk: what is used is kept and its users are named, what goes can be put back for thirty days."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from results.models import CrewMember, DeletedFacts, Driver, DriverAlias, Season, Series
from results.recovery import RestoreRefused, keep_and_delete, put_back
from tests.factories import CrewMemberFactory, DriverFactory, EventFactory, SeasonFactory, SeriesFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(client):
    client.force_login(UserFactory(username="ergebnisse", role="results"))
    return client


def delete(client, thing):
    address = reverse(f"admin:results_{thing._meta.model_name}_delete", args=[thing.pk])
    return client.post(address, {"post": "yes"}, follow=True)


def test_a_driver_in_a_car_is_not_deleted_and_his_car_is_named(desk):
    seat = CrewMemberFactory(driver__last_name="Eins")

    page = delete(desk, seat.driver)

    assert str(seat) in page.content.decode()
    assert Driver.objects.filter(pk=seat.driver.pk).exists()
    assert not DeletedFacts.objects.exists()


def test_a_season_with_events_is_not_deleted_and_they_are_named(desk):
    event = EventFactory(name="6 Stunden am Ring")

    page = delete(desk, event.season)

    assert "6 Stunden am Ring" in page.content.decode()
    assert Season.objects.filter(pk=event.season.pk).exists()


def test_a_deleted_driver_comes_back_with_his_other_names(desk):
    driver = DriverFactory(first_name="Ada", last_name="Eins")
    DriverAlias.objects.create(driver=driver, name="A. Eins")
    before = (Driver.objects.values().get(), DriverAlias.objects.values().get())
    delete(desk, driver)
    assert not Driver.objects.exists()
    deleted = DeletedFacts.objects.get()
    assert (deleted.name, deleted.deleted_by.username) == ("Ada Eins", "ergebnisse")

    page = desk.post(reverse("admin:results_deletedfacts_restore", args=[deleted.pk]), follow=True)

    assert "„Ada Eins“ ist wieder da." in page.content.decode()
    assert (Driver.objects.values().get(), DriverAlias.objects.values().get()) == before
    again = desk.post(reverse("admin:results_deletedfacts_restore", args=[deleted.pk]), follow=True)
    assert "ist schon wieder da" in again.content.decode()


def test_many_are_deleted_and_put_back_one_by_one(desk):
    series = [SeriesFactory(name=name) for name in ("Eins", "Zwei", "Drei")]

    desk.post(
        reverse("admin:results_series_changelist"),
        {"action": "delete_selected", "_selected_action": [one.pk for one in series], "post": "yes"},
    )
    assert not Series.objects.exists()
    put_back(DeletedFacts.objects.get(name="Zwei"))

    assert [one.name for one in Series.objects.all()] == ["Zwei"]


def test_what_it_belonged_to_must_be_there_to_put_it_back():
    person, season = UserFactory(), SeasonFactory(label="2026")
    series = season.series
    keep_and_delete([season], by=person)
    keep_and_delete([series], by=person)
    of_season, of_series = DeletedFacts.objects.order_by("pk")

    with pytest.raises(RestoreRefused, match="wozu es gehörte"):
        put_back(of_season)
    assert not Season.objects.exists()
    put_back(of_series)
    put_back(of_season)

    assert Season.objects.get().series.name == series.name


def test_an_address_taken_meanwhile_is_a_refusal_in_words():
    driver = DriverFactory(slug="ada-eins")
    keep_and_delete([driver], by=UserFactory())
    DriverFactory(slug="ada-eins")

    with pytest.raises(RestoreRefused, match="Adresse ist inzwischen vergeben"):
        put_back(DeletedFacts.objects.get())


def test_a_line_deleted_in_a_form_is_kept_too(desk):
    driver = DriverFactory(first_name="Ada", last_name="Eins")
    alias = DriverAlias.objects.create(driver=driver, name="A. Eins")
    address = reverse("admin:results_driver_change", args=[driver.pk])
    form = desk.get(address).context["adminform"].form
    data = {name: form.initial.get(name) or "" for name in form.fields}
    data |= {"aliases-TOTAL_FORMS": "1", "aliases-INITIAL_FORMS": "1", "aliases-0-id": alias.pk,
             "aliases-0-driver": driver.pk, "aliases-0-name": "A. Eins", "aliases-0-DELETE": "on"}  # fmt: skip
    data |= {f"{lines}-{count}_FORMS": "0" for lines in ("grades", "keys") for count in ("TOTAL", "INITIAL")}

    desk.post(address, data)

    assert not DriverAlias.objects.exists()
    assert DeletedFacts.objects.get().name == "A. Eins"


def test_after_thirty_days_it_is_gone():
    person = UserFactory()
    keep_and_delete([DriverFactory()], by=person)
    DeletedFacts.objects.update(deleted_at=timezone.now() - dt.timedelta(days=31))

    keep_and_delete([DriverFactory(last_name="Neu")], by=person)

    assert [one.name.endswith("Neu") for one in DeletedFacts.objects.all()] == [True]
    assert not CrewMember.objects.exists()


@pytest.mark.parametrize("role", ["reporter", "editor", "chief", "pictures"])
def test_others_put_nothing_back(client, role):
    keep_and_delete([DriverFactory()], by=UserFactory())
    client.force_login(UserFactory(role=role))

    answer = client.post(reverse("admin:results_deletedfacts_restore", args=[DeletedFacts.objects.get().pk]))

    assert answer.status_code == 403
    assert not Driver.objects.exists()
