"""Impressum, Datenschutz, Barrierefreiheit: versions with a window, written by the chief, seen by everybody."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import InternalError, connection, transaction
from django.db.utils import IntegrityError
from django.utils import timezone

from articles.models import Page, PageVersion
from articles.pages import StalePage, write_page
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


@pytest.fixture
def imprint():
    return Page.objects.get(name="impressum")


@pytest.fixture
def chief():
    return UserFactory(role="chief")


def text(response):
    return response.content.decode()


def form(**changes):
    return {"title": "Impressum", "body": "<p>Verlag Nordschleife</p>", "expected": "1"} | changes


@pytest.mark.parametrize("name", ["impressum", "datenschutz", "barrierefreiheit"])
def test_every_page_is_there_from_the_start_says_what_is_missing_and_is_linked(client, name):
    page = text(client.get(f"/{name}/"))
    assert "Einzutragen sind" in page
    assert f'href="/{name}/"' in text(client.get("/suche/"))


def test_the_chief_writes_the_next_version_and_the_former_one_stays(client, chief, imprint):
    client.force_login(chief)

    client.post(f"/admin/articles/page/{imprint.pk}/change/", form())

    assert "Verlag Nordschleife" in text(client.get("/impressum/"))
    assert [(one.number, one.written_by) for one in imprint.versions.all()] == [(2, chief), (1, None)]


def test_a_version_to_come_is_seen_from_its_hour_on(client, chief, imprint):
    later = timezone.now() + HOUR
    write_page(imprint, title="Impressum", body="<p>Nachtigall</p>", by=chief, expected=1, visible_from=later)
    assert "Nachtigall" not in text(client.get("/impressum/"))
    assert "Einzutragen sind" in text(client.get("/impressum/"))

    past = timezone.now() - HOUR
    PageVersion.objects.filter(number=1, page=imprint).update(visible_from=past - HOUR, visible_until=past)
    PageVersion.objects.filter(number=2, page=imprint).update(visible_from=past)

    assert "Nachtigall" in text(client.get("/impressum/"))


def test_a_version_that_never_came_is_replaced(client, chief, imprint):
    later = timezone.now() + HOUR
    write_page(imprint, title="Impressum", body="<p>Nachtigall</p>", by=chief, expected=1, visible_from=later)
    write_page(imprint, title="Impressum", body="<p>Sofort</p>", by=chief, expected=2)

    assert "Sofort" in text(client.get("/impressum/"))
    assert PageVersion.objects.public().filter(page=imprint).count() == 1
    assert not PageVersion.objects.filter(page=imprint, visible_from__gt=timezone.now(), visible_until=None).exists()


def test_who_comes_second_keeps_his_text_and_is_told(client, chief, imprint):
    write_page(imprint, title="Impressum", body="<p>Erste</p>", by=chief, expected=1)
    client.force_login(chief)

    page = text(client.post(f"/admin/articles/page/{imprint.pk}/change/", form(body="<p>Zweite</p>")))

    assert "Nichts wurde gespeichert: Die Seite wurde inzwischen geändert." in page
    assert "Zweite" in page
    assert "Erste" in text(client.get("/impressum/"))
    with pytest.raises(StalePage):
        write_page(imprint, title="Impressum", body="<p>Zweite</p>", by=chief, expected=1)


def test_the_same_again_is_no_version(chief, imprint):
    for _ in range(2):
        number = imprint.versions.first().number
        write_page(imprint, title="Impressum", body="<p>Verlag</p>", by=chief, expected=number)

    assert imprint.versions.count() == 2


@pytest.mark.parametrize("role", ["reporter", "editor", "results", "pictures"])
def test_nobody_else_writes_them(client, imprint, role):
    person = UserFactory(role=role)
    with pytest.raises(PermissionDenied):
        write_page(imprint, title="x", body="<p>x</p>", by=person, expected=1)
    client.force_login(person)
    assert client.post(f"/admin/articles/page/{imprint.pk}/change/", form()).status_code == 403


def test_what_is_written_is_cleaned(client, chief, imprint):
    write_page(imprint, title="<b>x</b>", body='<p onclick="x()">Verlag<script>x()</script></p>', by=chief, expected=1)

    page = text(client.get("/impressum/"))
    assert "<script>x" not in page
    assert "onclick" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_a_version_never_changes(imprint):
    version = imprint.versions.get()
    for change in (lambda: PageVersion.objects.update(title="x"), version.delete):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            change()
    with connection.cursor() as cursor, pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        cursor.execute("DELETE FROM articles_pageversion")


@pytest.mark.django_db(transaction=True)
def test_an_emptied_site_has_its_placeholders_again():
    call_command("flush", interactive=False, verbosity=0)

    assert set(Page.objects.values_list("name", flat=True)) == {"impressum", "datenschutz", "barrierefreiheit"}
    assert all(PageVersion.objects.values_list("is_placeholder", flat=True))
