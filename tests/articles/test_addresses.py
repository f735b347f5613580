"""Addresses of stories change and stay: one hop to the present one, no loop, nothing hidden revealed (A20, E8)."""

import datetime as dt

import pytest
from django.utils import timezone

from articles import workflow
from articles.forms import ArticleForm
from articles.stories import get_story
from results.names import RESERVED_SLUGS, slugify_german
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db


def move(article, slug, **options):
    article.refresh_from_db()
    article.slug = slug
    article.save()
    return workflow.publish(article, by=UserFactory(role="chief"), **options)


def hop(client, slug):
    answer = client.get(f"/artikel/{slug}/")
    return answer.status_code, answer.get("Location", "")


def test_five_changes_and_back_are_one_hop_and_no_loop(client):
    article = publish(slug="eins").article
    for slug in ("zwei", "drei", "vier", "fuenf", "sechs", "eins"):
        move(article, slug)

    assert hop(client, "eins") == (200, "")
    for former in ("zwei", "drei", "vier", "fuenf", "sechs"):
        assert hop(client, former) == (301, "/artikel/eins/")
    move(article, "zwei")
    assert hop(client, "zwei") == (200, "")
    assert hop(client, "eins") == (301, "/artikel/zwei/")


def test_ids_in_feeds_outlive_every_address(client):
    article = publish(slug="eins").article
    before = get_story("eins").urn
    move(article, "zwei")

    assert before == get_story("zwei").urn
    assert before in client.get("/feeds/atom.xml").content.decode()


def test_an_address_to_come_answers_nothing_and_is_told_nobody(client):
    article = publish(slug="heute").article
    move(article, "morgen", visible_from=timezone.now() + dt.timedelta(hours=1))

    assert hop(client, "heute") == (200, "")
    assert client.get("/artikel/morgen/").content == client.get("/artikel/xyzxyz/").content
    assert "morgen" not in client.get("/sitemap.xml").content.decode()


def test_a_former_address_of_a_hidden_story_is_as_unknown_as_any(client):
    article = publish(slug="heute").article
    move(article, "gestern")
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Irrtum.")

    assert hop(client, "heute") == (410, "")
    assert "gestern" not in client.get("/artikel/heute/").content.decode()


def test_a_query_is_not_carried_into_the_redirect(client):
    article = publish(slug="heute").article
    move(article, "morgen")

    assert client.get("/artikel/heute/?next=//boese.example")["Location"] == "/artikel/morgen/"


@pytest.mark.parametrize("slug", ["admin", "feeds", "suche", "archiv", "korrekturen", "impressum", "autor", "thema"])
def test_words_of_the_site_are_no_address(slug):
    assert slug in RESERVED_SLUGS
    article = ArticleFactory(title="Sieg")
    form = ArticleForm(
        {"title": "Sieg", "slug": slug, "kind": "news", "language": "de", "stage": "draft"}, instance=article
    )
    assert "slug" in form.errors
    article.slug = slug
    article.save()
    with pytest.raises(workflow.NotPublishable):
        workflow.publish(article, by=UserFactory(role="chief"))


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Größe, Maße, Straße", "groesse-masse-strasse"),
        ("STRAẞE", "strasse"),
        ("Ärger über Öl", "aerger-ueber-oel"),
        ("A\u0308rger u\u0308ber O\u0308l", "aerger-ueber-oel"),  # the same, decomposed
        ("Vaxivière & Łukasz", "vaxiviere-lukasz"),
        ("1:46,540 – Pole!", "1-46-540-pole"),
        ("3½ Stunden", "3-1-2-stunden"),
    ],
)
def test_german_letters_become_the_same_address_every_time(title, slug):
    assert slugify_german(title) == slug
    assert slugify_german(slug) == slug
    assert publish(title=title).slug == slug


def test_an_address_kept_is_an_address_kept_when_the_title_changes():
    article = publish(title="Größe").article
    article.refresh_from_db()
    article.title = "Etwas anderes"
    article.save()

    assert workflow.publish(article, by=UserFactory(role="chief")).slug == "groesse"
