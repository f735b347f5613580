"""Nothing leaks early: a word of a hidden version is nowhere, its address is none, and both are there once it is public."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone

from articles import workflow
from articles.models import Publication
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClassificationFactory,
    EventFactory,
    SessionFactory,
    SidebarItemFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
WORD = "Nachtigall"
ADDRESS = "/artikel/nachtigall/"
NEVER = "/artikel/gab-es-nie/"


@pytest.fixture
def event():
    return EventFactory(season__series__slug="wec")


def story(event, word=WORD):
    """A draft that carries the word wherever a story can carry one."""
    article = ArticleFactory(
        title=f"{word} im Titel",
        slug=word.lower(),
        kicker=f"{word} darüber",
        standfirst=f"{word} im Vorspann",
        body=f"<p>{word} im Text</p>",
        dateline=word,
        agency=word,
        lead_event=event,
        authors=[AuthorFactory(name=f"Eva {word}")],
    )
    article.tags.add(TagFactory(name=f"Thema {word}"))
    SidebarItemFactory(article=article, heading=f"{word} daneben", text=f"{word} im Kasten")
    return article


def reports(tag, thing):
    return Template(f"{{% load articles_tags %}}{{% {tag} thing %}}").render(Context({"thing": thing}))


def everywhere(client, event):
    """Every place where readers meet stories, by its name, with what stands there."""
    paths = [
        "/",
        ADDRESS,
        "/feeds/rss.xml",
        "/feeds/atom.xml",
        "/feeds/feed.json",
        "/wec/feeds/rss.xml",
        "/wec/feeds/atom.xml",
        "/wec/feeds/feed.json",
        "/sitemap-artikel-1.xml",
        event.get_absolute_url(),
        event.season.series.get_absolute_url(),
    ]
    found = {path: client.get(path) for path in paths}
    texts = {path: f"{response.headers}{response.content.decode()}" for path, response in found.items()}
    texts["reports_for_event"] = reports("reports_for_event", event)
    texts["reports_for_series"] = reports("reports_for_series", event.season.series)
    return texts


def places_with(word, texts):
    return {place for place, text in texts.items() if word.lower() in text.lower()}


def draft(article):
    pass


def scheduled(article):
    publish(article, visible_from=timezone.now() + HOUR)


def embargoed_again(article):
    publish(article, moved_to=(timezone.now() + HOUR, None))


def scheduled_then_withdrawn(article):
    scheduled(article)
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Kommt nicht.")


@pytest.mark.parametrize("hide", [draft, scheduled, embargoed_again, scheduled_then_withdrawn])
def test_a_hidden_story_is_nowhere_and_its_address_answers_like_one_that_never_was(client, event, hide):
    article = story(event)
    hide(article)

    assert places_with(WORD, everywhere(client, event)) == set()
    hidden, never = client.get(ADDRESS), client.get(NEVER)
    assert (hidden.status_code, hidden.content, hidden.headers) == (404, never.content, never.headers)

    publish(article)

    everything = everywhere(client, event)
    assert places_with(WORD, everything) == everything.keys()


def test_a_withdrawn_story_is_nowhere_but_for_its_note_at_its_address(client, event):
    article = story(event)
    publish(article)
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Die Meldung beruhte auf einem Irrtum.")

    assert places_with(WORD, everywhere(client, event)) == set()
    gone = client.get(ADDRESS)
    assert gone.status_code == 410
    assert "Die Meldung beruhte auf einem Irrtum." in gone.content.decode()
    assert gone["Cache-Control"] == client.get("/")["Cache-Control"]


def test_a_withdrawn_story_published_again_is_back(client, event):
    article = story(event)
    publish(article)
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Wird geprüft.")
    publish(article)

    assert client.get(ADDRESS).status_code == 200
    assert "Wird geprüft" not in client.get(ADDRESS).content.decode()


def test_a_story_hidden_after_its_return_does_not_answer_with_the_old_withdrawal(client, event):
    article = story(event)
    publish(article)
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Wird geprüft.")
    again = publish(article)
    Publication.objects.filter(pk=again.pk).update(visible_until=timezone.now())

    assert client.get(ADDRESS).status_code == 404


def test_words_of_a_replaced_version_are_gone(client, event):
    article = story(event)
    publish(article)
    for name in ("title", "kicker", "standfirst", "body", "dateline", "agency"):
        setattr(article, name, getattr(article, name).replace(WORD, "Amsel"))
    article.slug = "amsel"
    article.save()
    article.tags.clear()
    article.sidebar.all().delete()
    article.bylines.all().delete()
    article.bylines.create(author=AuthorFactory(name="Eva Amsel"))
    publish(article)

    everything = everywhere(client, event)
    assert places_with("Amsel", everything) == everything.keys()  # the old address by its redirect
    assert places_with(WORD, everything) == set()


def test_unpublished_changes_of_a_live_story_are_nowhere(client, event):
    article = story(event, "Amsel")
    publish(article)
    article.title = article.standfirst = WORD
    article.body = f"<p>{WORD}</p>"
    article.save()
    workflow.save(article, by=None, expected_lock_version=None)

    assert places_with(WORD, everywhere(client, event)) == set()


def test_a_scheduled_correction_betrays_neither_its_words_nor_its_address(client, event):
    article = story(event, "Amsel")
    publish(article)
    article.title, article.slug = WORD, WORD.lower()
    article.save()
    publish(article, visible_from=timezone.now() + HOUR, note=f"Korrektur: {WORD}")

    assert places_with(WORD, everywhere(client, event)) == set()
    assert client.get(ADDRESS).status_code == 404
    assert client.get("/artikel/amsel/").status_code == 200


def test_the_address_of_a_scheduled_version_of_a_withdrawn_story_is_not_betrayed(client, event):
    article = story(event, "Amsel")
    publish(article)
    workflow.withdraw(article, by=UserFactory(role="chief"), note="Wird geprüft.")
    article.slug = WORD.lower()
    article.save()
    publish(article, visible_from=timezone.now() + HOUR)

    assert client.get(ADDRESS).status_code == 404
    assert client.get("/artikel/amsel/").status_code == 410


def test_a_story_names_no_event_that_is_not_public(client):
    hidden = EventFactory(name="Geheimes Rennen", slug="geheimes-rennen", public_from=None)
    publish(slug="amsel", lead_event=hidden)

    for path in ("/", "/artikel/amsel/", "/sitemap-seiten.xml", "/sitemap-artikel-1.xml"):
        page = client.get(path).content.decode()
        assert "Geheimes Rennen" not in page
        assert hidden.slug not in page
        assert hidden.season.series.get_absolute_url() not in page


def test_a_result_hidden_after_publication_is_gone_from_the_story_beside_it(client):
    session = SessionFactory()
    ClassificationFactory(session=session, rows=[{"position": 1, "entry__team__name": WORD}])
    article = ArticleFactory(slug="amsel")
    SidebarItemFactory(article=article, kind="classification", session=session)
    publish(article)
    assert WORD in client.get("/artikel/amsel/").content.decode()

    session.public_from = None
    session.save()

    assert WORD not in client.get("/artikel/amsel/").content.decode()


def test_the_sitemap_names_no_page_of_a_hidden_fact(client):
    shown = ClassificationFactory(rows=[{"position": 1}]).session
    hidden_event = SessionFactory(event__public_from=None, event__slug="nie-genannt").event
    no_result = SessionFactory(event=shown.event, slug="noch-offen")
    embargoed = ClassificationFactory(hidden=True, session__slug="gesperrt").session

    kinds = ("seiten", "ereignisse-1", "ergebnisse-1", "fahrer-1", "teams-1", "hersteller-1", "strecken-1")
    sitemap = "".join(client.get(f"/sitemap-{kind}.xml").content.decode() for kind in kinds)

    assert shown.get_absolute_url() in sitemap
    for page in (hidden_event, no_result, embargoed):
        assert f"{page.get_absolute_url()}<" not in sitemap
