"""Notes of corrections from before a take-down: silent with a new text, back with the old one."""

import pytest
from django.test import Client

from articles import workflow
from articles.models import Article
from tests.factories import ArticleFactory, UserFactory, publish

pytestmark = pytest.mark.django_db

NOTE = "Der Abstand war falsch."
PLACES = ["/artikel/bericht/", "/korrekturen/", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]


@pytest.fixture
def taken_down():
    """A story that was corrected with a notice and taken down."""
    article = publish(ArticleFactory(slug="bericht")).article
    Article.objects.filter(pk=article.pk).update(body="<p>Der bessere Bericht.</p>")
    publish(article, note=NOTE)
    workflow.take_down(article, by=UserFactory(role="chief"), reason="Klage")
    return article


def places_with_the_note():
    return [path for path in PLACES if NOTE in Client().get(path).content.decode()]


def test_a_new_text_does_not_bring_them_back(taken_down):
    Article.objects.filter(pk=taken_down.pk).update(body="<p>Ein anderer Bericht.</p>")
    publish(taken_down, note="Das ist neu.")

    assert places_with_the_note() == []
    assert "Das ist neu." in Client().get("/korrekturen/").content.decode()


def test_the_old_text_comes_back_with_them(taken_down):
    workflow.reinstate(taken_down, by=UserFactory(role="chief"), reason="Klage zurückgezogen")

    assert places_with_the_note() == PLACES


def test_of_another_story_they_stay():
    article = publish(ArticleFactory(slug="bericht")).article
    publish(article, note=NOTE)
    workflow.take_down(publish().article, by=UserFactory(role="chief"), reason="Klage")

    assert places_with_the_note() == PLACES
