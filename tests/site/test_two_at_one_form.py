"""Two people with one form of the desk open: whoever saves second is told, and overwrites nothing he had not seen."""

import pytest
from django.test import Client
from lxml import html

from articles import pictures
from articles.models import Author, Page
from results.models import SeriesAlias
from tests import factories
from tests.articles.desk_forms import filled, save, text_of
from tests.articles.picture_files import picture, upload

pytestmark = pytest.mark.django_db


def a_picture():
    return pictures.store_upload(upload(picture()), by=None)


FORMS = [
    ("chief", factories.AuthorFactory, "biography", "articles/author"),
    ("pictures", a_picture, "caption", "articles/image"),
    ("chief", factories.TagFactory, "name", "articles/tag"),
    ("results", factories.EventFactory, "note", "results/event"),
    ("results", factories.SessionFactory, "name", "results/session"),
    ("results", factories.DriverFactory, "first_name", "results/driver"),
    ("results", factories.SeriesFactory, "description", "results/series"),
]
NAMES = [form[3] for form in FORMS]


def someone(role):
    client = Client()
    client.force_login(factories.UserFactory(role=role))
    return client


def path_of(room, thing):
    return f"/admin/{room}/{thing.pk}/change/"


def again(response):
    """The form that came back, as a browser would send it."""
    forms = html.fromstring(response.content.decode()).xpath("//form[contains(@id, '_form')]")
    # A browser drops the line break that Django prints first in a text area.
    return {name: value.removeprefix("\n") for name, value in forms[0].form_values() if not name.startswith("_")}


@pytest.mark.parametrize(("role", "make", "field", "room"), FORMS, ids=NAMES)
def test_the_second_is_told_and_saves_when_he_has_seen_it(role, make, field, room):
    thing, first, second = make(), someone(role), someone(role)
    path = path_of(room, thing)
    early, late = filled(first, path, **{field: "Fassung A"}), filled(second, path, **{field: "Fassung B"})
    save(first, path, early)

    refused = save(second, path, late)
    thing.refresh_from_db()
    before = getattr(thing, field)
    saved = save(second, path, again(refused))
    thing.refresh_from_db()

    assert (refused.status_code, before) == (409, "Fassung A")
    assert "inzwischen" in text_of(refused)
    assert "Fassung A" in text_of(refused)
    assert again(refused)[field] == "Fassung B"
    assert saved.status_code == 302
    assert getattr(thing, field) == "Fassung B"


@pytest.mark.parametrize(("role", "make", "field", "room"), FORMS, ids=NAMES)
def test_nobody_is_told_so_whom_nobody_overtook(role, make, field, room):
    thing, client = make(), someone(role)
    path = path_of(room, thing)

    for text in ("Fassung A", "Fassung B"):
        assert save(client, path, filled(client, path, **{field: text})).status_code == 302

    thing.refresh_from_db()
    assert getattr(thing, field) == "Fassung B"


def test_a_form_that_was_refused_for_another_reason_still_knows_what_it_began_with():
    author, first, second = factories.AuthorFactory(), someone("chief"), someone("chief")
    path = path_of("articles/author", author)
    late = filled(second, path, name="", biography="Fassung B")
    wrong = save(second, path, late)
    save(first, path, filled(first, path, biography="Fassung A"))

    refused = save(second, path, again(wrong) | {"name": "Da"})

    assert (wrong.status_code, refused.status_code) == (200, 409)
    assert Author.objects.get().biography == "Fassung A"


def test_rows_that_somebody_added_count_too():
    series, first, second = factories.SeriesFactory(), someone("results"), someone("results")
    path = path_of("results/series", series)
    late = filled(second, path, description="Fassung B")
    save(first, path, filled(first, path, **{"aliases-0-name": "Noch ein Name"}))

    refused = save(second, path, late)

    assert refused.status_code == 409
    assert SeriesAlias.objects.filter(series=series).count() == 1


def test_a_page_of_the_site_is_saved_once_what_is_stored_was_shown():
    page = Page.objects.get_or_create(name="impressum")[0]
    number = page.versions.count()
    first, second = someone("chief"), someone("chief")
    path = path_of("articles/page", page)
    late = filled(second, path, title="Impressum", body="<p>Fassung B</p>")
    save(first, path, filled(first, path, title="Impressum", body="<p>Fassung A</p>"))

    refused = save(second, path, late)
    between = page.versions.count()
    saved = save(second, path, again(refused))

    assert "Fassung A" in text_of(refused)
    assert (between, saved.status_code) == (number + 1, 302)
    assert page.versions.first().body_html == "<p>Fassung B</p>"


def test_the_same_form_sent_twice_is_one_change_and_no_quarrel():
    author, client = factories.AuthorFactory(), someone("chief")
    path = path_of("articles/author", author)
    data = filled(client, path, biography="Fassung A")

    assert [save(client, path, data).status_code for _ in range(2)] == [302, 302]
