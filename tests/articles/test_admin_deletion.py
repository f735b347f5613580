"""What a story names is not deleted under it: the desk refuses and says which stories stand in the way."""

import pytest
from django.test import Client

from articles.models import Author, Tag
from results.models import Event, Series
from tests.articles.desk_forms import text_of
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    EventFactory,
    SeriesFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk():
    client = Client()
    client.force_login(UserFactory(role="administrator"))
    return client


def delete_page(thing):
    return f"/admin/{thing._meta.app_label}/{thing._meta.model_name}/{thing.pk}/delete/"


def published_with(**relations):
    """A published story that named these things, and no longer does in its draft."""
    article = ArticleFactory(title="Sieg in Bahrain")
    for name, things in relations.items():
        getattr(article, name).set(things)
    publish(article)
    for name in relations:
        getattr(article, name).clear()


class TestWhatAPublishedStoryNames:
    @pytest.mark.parametrize(("relation", "factory"), [("tags", TagFactory), ("further_events", EventFactory)])
    def test_it_is_kept_and_the_page_names_the_story(self, desk, relation, factory):
        thing = factory()
        published_with(**{relation: [thing]})
        page = desk.get(delete_page(thing))
        assert "Sieg in Bahrain" in text_of(page)
        answer = desk.post(delete_page(thing), {"post": "yes"})
        assert answer.status_code == 200
        assert "Sieg in Bahrain" in text_of(answer)
        assert type(thing)._default_manager.filter(pk=thing.pk).exists()

    def test_the_series_of_its_box_is_kept(self, desk):
        series = SeriesFactory()
        article = ArticleFactory(title="Sieg in Bahrain")
        box = article.sidebar.create(kind="next_event", series=series)
        publish(article)
        box.delete()
        assert "Sieg in Bahrain" in text_of(desk.post(delete_page(series), {"post": "yes"}))
        assert Series.objects.filter(pk=series.pk).exists()

    def test_an_author_who_signed_it_once_is_kept(self, desk):
        author = AuthorFactory()
        article = ArticleFactory(title="Sieg in Bahrain")
        line = article.bylines.create(author=author, position=9)
        publish(article)
        line.delete()
        assert "Sieg in Bahrain" in text_of(desk.post(delete_page(author), {"post": "yes"}))
        assert Author.objects.filter(pk=author.pk).exists()

    def test_many_topics_at_once_are_refused_as_one(self, desk):
        used, free = TagFactory(), TagFactory()
        published_with(tags=[used])
        chosen = {"action": "delete_selected", "_selected_action": [used.pk, free.pk], "post": "yes"}
        answer = desk.post("/admin/articles/tag/", chosen)
        assert "Sieg in Bahrain" in text_of(answer)
        assert Tag.objects.count() == 2


class TestWhatADraftNames:
    def test_a_topic_of_a_draft_is_kept(self, desk):
        tag = TagFactory()
        ArticleFactory(title="Noch ein Entwurf").tags.add(tag)
        assert "Noch ein Entwurf" in text_of(desk.post(delete_page(tag), {"post": "yes"}))
        assert Tag.objects.filter(pk=tag.pk).exists()


class TestWhatNoStoryNames:
    @pytest.mark.parametrize("factory", [TagFactory, AuthorFactory, EventFactory, SeriesFactory])
    def test_it_is_deleted(self, desk, factory):
        thing = factory()
        assert desk.post(delete_page(thing), {"post": "yes"}).status_code == 302
        assert not type(thing)._default_manager.filter(pk=thing.pk).exists()

    def test_an_event_that_only_another_story_names_is_deleted(self, desk):
        published_with(further_events=[EventFactory()])
        free = EventFactory()
        desk.post(delete_page(free), {"post": "yes"})
        assert not Event.objects.filter(pk=free.pk).exists()
