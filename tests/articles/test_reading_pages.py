"""Pages to find stories by: authors, topics, archive, corrections. They know public stories only."""

import datetime as dt
import gzip
import json
import re
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone
from PIL import Image as PillowImage

from articles import archive, workflow
from articles.models import Author, Publication, Tag
from articles.pictures import store_upload
from articles.stories import get_story, related_stories
from tests.articles.test_search import HIDDEN
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    EventFactory,
    ImageFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)


def text(response):
    return response.content.decode()


def shape(response):
    return response.status_code, sorted(response.headers), response.content


def appeared(day, title, **fields):
    """A public story that readers first saw at noon of that day."""
    noon = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(12), timezone.get_default_timezone())
    return publish(title=title, moved_to=(noon, None), **fields)


# ------------------------------------------------------------------ authors and topics


def test_an_author_has_a_page_with_biography_and_stories(client):
    author = AuthorFactory(name="Gerlinde Österreich", biography="Schreibt seit 1998 über Langstrecke.")
    publish(title="Sieg in Spa", authors=[author])
    publish(title="Von jemand anderem")

    page = text(client.get("/autor/gerlinde-oesterreich/"))
    assert "Schreibt seit 1998 über Langstrecke." in page
    assert "Sieg in Spa" in page
    assert "Von jemand anderem" not in page


def test_a_story_leads_to_its_authors_and_topics(client):
    article = ArticleFactory(title="Sieg", slug="sieg", authors=[AuthorFactory(name="Eva Feder")])
    article.tags.add(TagFactory(name="Große Rennen"))
    publish(article)

    page = text(client.get("/artikel/sieg/"))
    assert 'href="/autor/eva-feder/"' in page
    assert 'href="/thema/grosse-rennen/"' in page
    for path in ("/autor/eva-feder/", "/thema/grosse-rennen/"):
        assert "Sieg" in text(client.get(path))


@pytest.mark.parametrize("hide", HIDDEN[:4], ids=lambda hide: hide.__name__)
def test_whoever_signed_hidden_stories_only_is_as_unknown_as_nobody(client, hide):
    hide()
    for author in Author.objects.all():
        Author.objects.filter(pk=author.pk).update(slug="eva")
    Tag.objects.create(name="Thema", slug="abc")

    assert shape(client.get("/autor/eva/")) == shape(client.get("/autor/xyz/"))
    assert shape(client.get("/thema/abc/")) == shape(client.get("/thema/xyz/"))
    assert client.get("/autor/eva/").status_code == 404


def test_a_former_address_of_an_author_and_a_topic_leads_on_in_one_hop(client):
    author, topic = AuthorFactory(name="Eva Alt"), TagFactory(name="Alt")
    article = ArticleFactory(authors=[author])
    article.tags.add(topic)
    publish(article)
    for slug in ("eva-neu", "eva-neuer", "eva-alt", "eva-am-ende"):
        author.slug = slug
        author.save()
    topic.slug = "neu"
    topic.save()

    for former in ("eva-alt", "eva-neu", "eva-neuer"):
        answer = client.get(f"/autor/{former}/")
        assert (answer.status_code, answer["Location"]) == (301, "/autor/eva-am-ende/")
    assert client.get("/thema/alt/")["Location"] == "/thema/neu/"
    assert client.get("/autor/eva-am-ende/").status_code == 200


def test_a_former_address_of_an_unknown_author_leads_nowhere(client):
    author = AuthorFactory(name="Eva Alt")
    author.slug = "eva-neu"
    author.save()

    assert shape(client.get("/autor/eva-alt/")) == shape(client.get("/autor/xyz/"))


def renamed(*, before):
    """An author and a topic of a story that readers see; `before` happens to it before both get another address."""
    author, topic = AuthorFactory(name="Eva Geheim"), TagFactory(name="Geheimes Team")
    article = ArticleFactory(authors=[author])
    article.tags.add(topic)
    before(article)
    for thing, slug in ((author, "eva"), (topic, "team")):
        thing.slug = slug
        thing.save()
    publish(article)


def test_an_address_that_only_the_desk_knew_leads_nowhere(client):
    renamed(before=lambda article: None)

    assert [client.get(path).status_code for path in ("/autor/eva/", "/thema/team/")] == [200, 200]
    assert shape(client.get("/autor/eva-geheim/")) == shape(client.get("/autor/xyz/"))
    assert shape(client.get("/thema/geheimes-team/")) == shape(client.get("/thema/xyz/"))


def test_an_address_that_a_version_keeps_leads_on(client):
    renamed(before=lambda article: publish(article, visible_from=timezone.now() + HOUR))

    assert client.get("/autor/eva-geheim/")["Location"] == "/autor/eva/"
    assert client.get("/thema/geheimes-team/")["Location"] == "/thema/team/"


def test_a_portrait_is_seen_with_the_first_public_story_and_not_before(client):
    file = BytesIO()
    PillowImage.new("RGB", (640, 640)).save(file, "JPEG")
    texts = {"title": "Eva", "alt": "Eva lacht", "caption": "", "credit": "Foto: Redaktion"}
    image = store_upload(ContentFile(file.getvalue(), name="eva.jpg"), by=None, **texts)
    author = AuthorFactory(name="Eva", portrait=image)
    path = f"/medien/{image.token}/w480"
    assert client.get(path).status_code == 404

    publish(authors=[author])

    answer = client.get(path)
    answer.getvalue()
    assert answer.status_code == 200
    assert image.token in text(client.get("/autor/eva/"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"credit": ""}, "Das Bild braucht erst einen Alternativtext und einen Bildnachweis."),
        ({"trashed_at": timezone.now()}, "liegt im Papierkorb."),
        ({"usable_until": dt.date(2024, 5, 1)}, "war nur bis zum 01.05.2024 verwendbar."),
    ],
)
def test_a_portrait_that_no_story_might_show_is_refused(admin_client, fields, sentence):
    author = AuthorFactory(name="Eva")
    image = ImageFactory(**fields)

    page = admin_client.post(
        f"/admin/articles/author/{author.pk}/change/", {"name": "Eva", "slug": "eva", "portrait": image.pk}
    )

    author.refresh_from_db()
    assert sentence in text(page)
    assert author.portrait is None


# ------------------------------------------------------------------ archive


def test_the_archive_goes_by_year_and_month_of_the_newsrooms_clock(client):
    appeared("2024-05-20", "Im Mai")
    appeared("2024-11-02", "Im November")
    appeared("2022-01-01", "Zu Neujahr")
    new_year = dt.datetime(2021, 12, 31, 23, 30, tzinfo=dt.UTC)  # half past midnight in Germany
    publish(title="Kurz nach Mitternacht", moved_to=(new_year, None))

    assert archive.years() == [2024, 2022]
    assert [span.month for span in archive.months_of(2024)] == [5, 11]
    may = text(client.get("/archiv/2024/5/"))
    assert "Im Mai" in may
    assert "Im November" not in may
    assert "Kurz nach Mitternacht" in text(client.get("/archiv/2022/1/"))


@pytest.mark.parametrize(
    "path", ["/archiv/2023/", "/archiv/2024/6/", "/archiv/2024/13/", "/archiv/0/", "/archiv/99999/"]
)
def test_a_time_without_stories_has_no_page(client, path):
    appeared("2024-05-20", "Im Mai")

    assert client.get(path).status_code == 404


def test_the_archive_is_filtered_by_series_kind_author_and_topic(client):
    event = EventFactory(season__series__slug="wec")
    article = ArticleFactory(title="Gesucht", kind="interview", lead_event=event, authors=[AuthorFactory(name="Eva")])
    article.tags.add(TagFactory(name="Regen"))
    publish(article)
    for n in range(3):
        publish(title=f"Anderes {n}")

    for query in ("serie=wec", "art=interview", "autor=eva", "thema=regen", "serie=wec&art=interview&autor=eva"):
        page = text(client.get(f"/archiv/?{query}"))
        assert "Gesucht" in page, query
        assert "Anderes" not in page, query


@pytest.mark.parametrize(
    "query",
    ["page=100000", "limit=1000000", "seite=100000", "seite=0", "seite=-1", "seite=zwei", "serie=gibt-es-nicht",
     "art=quatsch", "autor=unbekannt", "thema=unbekannt", "offset=5", "&".join(f"f{n}=1" for n in range(200))],
)  # fmt: skip
def test_absurd_choices_are_refused(client, query):
    publish()

    assert client.get(f"/archiv/?{query}").status_code == 400


def test_a_hidden_author_and_topic_are_no_choice_and_no_answer(client):
    article = ArticleFactory(authors=[AuthorFactory(name="Eva Nachtigall")])
    article.tags.add(TagFactory(name="Nachtigall"))
    publish(article, visible_from=timezone.now() + HOUR)
    publish(title="Offen")

    assert "Nachtigall" not in text(client.get("/archiv/"))
    assert shape(client.get("/archiv/?thema=nachtigall")) == shape(client.get("/archiv/?thema=gibtsnicht"))


def test_pages_follow_one_another_without_gap(client):
    for n in range(archive.PAGE + 3):
        appeared("2024-05-20", f"Bericht Nr. {n:03}")

    first, second = (text(client.get(f"/archiv/?seite={number}")) for number in (1, 2))
    found = [n for n in range(archive.PAGE + 3) if f"Bericht Nr. {n:03}" in first]
    rest = [n for n in range(archive.PAGE + 3) if f"Bericht Nr. {n:03}" in second]
    assert sorted([*found, *rest]) == list(range(archive.PAGE + 3))
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert client.get("/archiv/?seite=3").status_code == 404


# ------------------------------------------------------------------ corrections


def correct(article, note, title=None):
    article.refresh_from_db()
    article.title = title or article.title
    article.save()
    return workflow.publish(article, by=UserFactory(role="chief"), correction_note=note)


def test_corrections_stand_on_a_page_newest_first_with_the_present_title(client):
    first, second = (publish(title=title).article for title in ("Erster", "Zweiter"))
    correct(first, "Es waren acht Runden.", "Erster, berichtigt")
    correct(second, "Es waren neun Runden.")
    correct(first, "Und nicht am Samstag.")

    page = text(client.get("/korrekturen/"))
    places = [page.index(note) for note in ("Und nicht am Samstag.", "Es waren neun Runden.", "Es waren acht Runden.")]
    assert places == sorted(places)
    assert page.count("Erster, berichtigt") == 2


def test_a_correction_to_come_and_one_of_a_withdrawn_story_are_not_told(client):
    article = publish(title="Offen").article
    article.refresh_from_db()
    article.title = "Neu"
    article.save()
    workflow.publish(
        article, by=UserFactory(role="chief"), correction_note="Nachtigall", visible_from=timezone.now() + HOUR
    )
    gone = publish(title="Weg").article
    correct(gone, "Nachtigall")
    workflow.withdraw(gone, by=UserFactory(role="chief"), note="Irrtum.")

    assert "Nachtigall" not in text(client.get("/korrekturen/"))
    assert "Bisher gab es nichts zu korrigieren." in text(client.get("/korrekturen/"))


# ------------------------------------------------------------------ the story's own page


def test_a_corrected_story_says_so_on_top_and_how_below(client):
    article = publish(title="Sieg", slug="sieg").article
    correct(article, "Es waren acht Runden.")

    page = text(client.get("/artikel/sieg/"))
    assert "Korrigiert: was falsch war" in page
    assert page.index('href="#korrektur"') < page.index('id="korrektur"') < page.rindex("Es waren acht Runden.")
    assert "Aktualisiert am" in page


def test_related_stories_say_why_events_before_topics_before_series():
    event = EventFactory(name="24 Stunden")
    topic = TagFactory(name="Regen")

    def about(title, **fields):
        tags = fields.pop("tags", [])
        article = ArticleFactory(title=title, **fields)
        article.tags.set(tags)
        return publish(article)

    about("Vom selben Rennen", lead_event=event)
    about("Mit demselben Thema", tags=[topic])
    about("Aus derselben Serie", lead_event=EventFactory(season=event.season))
    about("Etwas ganz anderes")
    mine = about("Meiner", lead_event=event, tags=[topic])

    found = related_stories(get_story(mine.slug), limit=4)
    assert [(str(one.story), one.why, one.name) for one in found] == [
        ("Vom selben Rennen", "event", "24 Stunden"),
        ("Mit demselben Thema", "topic", "Regen"),
        ("Aus derselben Serie", "series", event.season.series.label),
    ]


def test_a_hidden_event_that_two_stories_share_is_not_named():
    event = EventFactory(name="Geheim", public_from=None)
    publish(title="Die andere", lead_event=event)
    mine = publish(title="Meine", lead_event=event)

    (found,) = related_stories(get_story(mine.slug), limit=4)
    assert (str(found.story), found.name) == ("Die andere", "")


@pytest.mark.parametrize("hide", HIDDEN[:4], ids=lambda hide: hide.__name__)
def test_a_hidden_story_is_nobodys_relative(hide):
    event = EventFactory()
    mine = publish(title="Meine", lead_event=event)
    hide()
    Publication.events.through.objects.bulk_create(
        Publication.events.through(publication=one, event=event)
        for one in Publication.objects.filter(title="Nachtigall")
    )

    assert related_stories(get_story(mine.slug), limit=4) == []


def test_an_article_page_stays_small(client):
    article = ArticleFactory(title="Lang", slug="lang", body="<p>Ein Absatz mit vielen Wörtern.</p>" * 300)
    publish(article)

    assert len(gzip.compress(client.get("/artikel/lang/").content)) < 30_000


def test_the_page_of_an_author_says_to_machines_what_it_shows(client):
    author = AuthorFactory(name="Jule Wiesel", biography="Schreibt über Langstrecke & mehr.")
    tag = TagFactory(name="Titelkampf")
    article = ArticleFactory(authors=[author])
    article.tags.add(tag)
    publish(article)

    page = client.get(author.get_absolute_url()).content.decode()
    [data] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)

    assert json.loads(data)["@type"] == "ProfilePage"
    assert json.loads(data)["mainEntity"]["name"] == "Jule Wiesel"
    assert json.loads(data)["mainEntity"]["description"] == "Schreibt über Langstrecke & mehr."
    assert '<meta property="og:title" content="Jule Wiesel">' in page
    assert '<meta property="og:title" content="Titelkampf">' in client.get(tag.get_absolute_url()).content.decode()
