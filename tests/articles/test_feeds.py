"""RSS, Atom and JSON Feed: full text, ids for ever, 304 exactly when nothing changed, and nothing that is no XML."""

import datetime as dt
import json

import pytest
from django.utils import timezone
from lxml import etree

from articles import workflow
from articles.models import ImageBlock, Publication
from articles.pictures import block, store_upload, unblock
from tests.articles.picture_files import picture, upload
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

FEEDS = ["/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json"]
SPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
}
PUBLISHED = dt.datetime(2021, 11, 5, 15, 42, tzinfo=dt.UTC)
CORRECTED = dt.datetime(2021, 11, 6, 9, 0, tzinfo=dt.UTC)
STRICT = etree.XMLParser(resolve_entities=False, no_network=True)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://racedesk.example"


@pytest.fixture
def story():
    """A story with all that a feed carries, published at a fixed instant."""
    image = store_upload(
        upload(picture(1600, 900)),
        by=None,
        title="Start",
        alt="Autos am Start",
        caption="Der Start",
        credit="Foto: A. B.",
    )
    article = ArticleFactory(
        title="Pole für Toyota & Co.",
        slug="pole",
        standfirst="Nur 0,290 Sekunden < eine halbe.",
        body='<p>Mehr <a href="/wec/">hier</a>, <data value="106250">1:46,250</data>.</p>',
        authors=[AuthorFactory(name="Zoe Alt"), AuthorFactory(name="Ada Neu")],
        lead_image=image,
        lead_event=EventFactory(season__series__slug="wec", season__series__name="Langstrecken-WM"),
    )
    article.tags.add(TagFactory(name="Titelkampf"))
    publish(article, moved_to=(PUBLISHED, None))
    return article


def correct(article, note="Der Abstand war falsch."):
    """A second version that readers saw from a fixed later instant on."""
    article.body = "<p>Berichtigt.</p>"
    article.save()
    publish(article, note=note)
    Publication.objects.filter(article=article, version=1).update(visible_until=CORRECTED)
    Publication.objects.filter(article=article, version=2).update(visible_from=CORRECTED)


def xml(client, path):
    return etree.fromstring(client.get(path).content, STRICT)


def texts(node, path):
    return [found.text for found in node.iterfind(path, SPACES)]


class TestRss:
    def test_an_item_carries_the_whole_story(self, client, story):
        channel = xml(client, "/feeds/rss.xml").find("channel")
        (item,) = channel.iterfind("item")

        assert texts(item, "title") == ["Pole für Toyota & Co."]
        assert texts(item, "link") == ["https://racedesk.example/artikel/pole/"]
        assert (item.find("guid").text, item.find("guid").get("isPermaLink")) == (story.uid.urn, "false")
        assert texts(item, "pubDate") == ["Fri, 05 Nov 2021 15:42:00 +0000"]
        assert texts(item, "dc:creator") == ["Zoe Alt", "Ada Neu"]
        assert texts(item, "category") == ["Titelkampf"]
        assert texts(item, "description") == ["Nur 0,290 Sekunden < eine halbe."]
        assert texts(item, "atom:updated") == []
        (content,) = texts(item, "content:encoded")
        assert '<a href="https://racedesk.example/wec/">hier</a>, 1:46,250.' in content
        assert "<figcaption>Der Start · Foto: A. B.</figcaption>" in content
        media = item.find("media:content", SPACES)
        assert media.get("url").startswith("https://racedesk.example/medien/")
        assert (media.get("type"), media.get("width"), media.get("height")) == ("image/jpeg", "1200", "675")
        assert texts(media, "media:credit") == ["Foto: A. B."]

    def test_the_channel_names_itself(self, client):
        channel = xml(client, "/feeds/rss.xml").find("channel")

        assert texts(channel, "link") == ["https://racedesk.example/"]
        assert texts(channel, "language") == ["de"]
        assert channel.find("atom:link", SPACES).attrib == {
            "rel": "self",
            "type": "application/rss+xml",
            "href": "https://racedesk.example/feeds/rss.xml",
        }

    def test_a_correction_moves_the_update_and_neither_date_nor_id(self, client, story):
        correct(story)

        item = xml(client, "/feeds/rss.xml").find("channel/item")

        assert texts(item, "guid") == [story.uid.urn]
        assert texts(item, "pubDate") == ["Fri, 05 Nov 2021 15:42:00 +0000"]
        assert texts(item, "atom:updated") == ["2021-11-06T09:00:00+00:00"]
        assert "Korrektur vom 6. November 2021, 10:00 Uhr MEZ: Der Abstand war falsch." in item.findtext(
            "content:encoded", namespaces=SPACES
        )

    def test_a_later_version_without_a_note_keeps_the_correction_as_the_page_does(self, client, story):
        correct(story)
        story.title = "Ein Komma weniger"
        story.save()
        publish(story)

        item = xml(client, "/feeds/rss.xml").find("channel/item")

        assert "Der Abstand war falsch." in client.get(f"/artikel/{story.slug}/").content.decode()
        assert "Der Abstand war falsch." in item.findtext("content:encoded", namespaces=SPACES)


class TestAtom:
    def test_an_entry_carries_the_whole_story(self, client, story):
        feed = xml(client, "/feeds/atom.xml")
        (entry,) = feed.iterfind("atom:entry", SPACES)

        assert texts(entry, "atom:id") == [story.uid.urn]
        assert texts(entry, "atom:title") == ["Pole für Toyota & Co."]
        assert entry.find("atom:link", SPACES).get("href") == "https://racedesk.example/artikel/pole/"
        assert texts(entry, "atom:author/atom:name") == ["Zoe Alt", "Ada Neu"]
        assert texts(entry, "atom:published") == texts(entry, "atom:updated") == ["2021-11-05T15:42:00+00:00"]
        assert "https://racedesk.example/wec/" in entry.findtext("atom:content", namespaces=SPACES)
        assert texts(feed, "atom:updated") == ["2021-11-05T15:42:00+00:00"]

    def test_a_correction_moves_updated_alone(self, client, story):
        correct(story)

        entry = xml(client, "/feeds/atom.xml").find("atom:entry", SPACES)

        assert texts(entry, "atom:published") == ["2021-11-05T15:42:00+00:00"]
        assert texts(entry, "atom:updated") == ["2021-11-06T09:00:00+00:00"]


class TestJsonFeed:
    def test_an_item_carries_the_whole_story(self, client, story):
        response = client.get("/feeds/feed.json")
        feed = response.json()
        (item,) = feed.pop("items")

        assert response["Content-Type"] == "application/feed+json; charset=utf-8"
        assert feed == {
            "version": "https://jsonfeed.org/version/1.1",
            "title": "racedesk",
            "description": "Rennberichte und die Zeitenlisten dahinter.",
            "home_page_url": "https://racedesk.example/",
            "feed_url": "https://racedesk.example/feeds/feed.json",
            "language": "de",
        }
        content, image = item.pop("content_html"), item.pop("image")
        assert '<a href="https://racedesk.example/wec/">hier</a>' in content
        assert image.startswith("https://racedesk.example/medien/")
        assert item == {
            "id": story.uid.urn,
            "url": "https://racedesk.example/artikel/pole/",
            "title": "Pole für Toyota & Co.",
            "summary": "Nur 0,290 Sekunden < eine halbe.",
            "date_published": "2021-11-05T15:42:00+00:00",
            "authors": [
                {"name": "Zoe Alt", "url": "https://racedesk.example/autor/zoe-alt/"},
                {"name": "Ada Neu", "url": "https://racedesk.example/autor/ada-neu/"},
            ],
            "attachments": [{"url": image, "mime_type": "image/jpeg", "title": "Der Start · Foto: A. B."}],
            "language": "de",
            "tags": ["Titelkampf"],
        }

    def test_only_a_correction_gives_a_date_of_modification(self, client, story):
        correct(story)

        (item,) = client.get("/feeds/feed.json").json()["items"]

        assert item["date_modified"] == "2021-11-06T09:00:00+00:00"


class TestAllFeeds:
    @pytest.mark.parametrize("path", FEEDS)
    def test_the_id_outlives_a_change_of_address(self, client, story, path):
        story.slug = "andere-adresse"
        story.save()
        publish(story)

        body = client.get(path).content.decode()

        assert body.count(story.uid.urn) == 1
        assert "https://racedesk.example/artikel/andere-adresse/" in body
        assert "artikel/pole/" not in body

    @pytest.mark.parametrize("path", FEEDS)
    def test_a_withdrawn_story_is_gone(self, client, story, path):
        workflow.withdraw(story, by=UserFactory(role="chief"), note="Irrtum.")

        assert story.uid.urn not in client.get(path).content.decode()

    @pytest.mark.parametrize("path", FEEDS)
    def test_signs_that_xml_cannot_hold_are_left_out(self, client, path):
        publish(title="Eins\x0bzwei\ufffe", standfirst="a\x08b", body="<p>c\x1fd</p>")

        body = client.get(path).content.decode()

        assert not set(body) & {"\x08", "\x0b", "\x1f", "\ufffe"}
        if path.endswith("json"):
            item = json.loads(body)["items"][0]
            assert (item["title"], item["summary"], item["content_html"]) == ("Einszwei", "ab", "<p>cd</p>")
        else:
            etree.fromstring(body.encode(), STRICT)

    @pytest.mark.parametrize("path", FEEDS)
    def test_neither_host_nor_cookie_nor_parameter_changes_a_byte(self, client, story, path, settings):
        settings.ALLOWED_HOSTS = ["*"]
        plain = client.get(path)

        other = client.get(
            path + "?utm_source=x",
            headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Cookie": "a=b"},
        )

        assert other.content == plain.content
        assert not plain.cookies
        assert plain["Vary"] == "Accept-Encoding"
        assert plain["Cache-Control"] == "public, max-age=10, s-maxage=30, stale-while-revalidate=20"

    @pytest.mark.parametrize("path", FEEDS)
    def test_a_feed_is_read_and_never_written(self, client, path):
        assert client.post(path).status_code == 405

    @pytest.mark.parametrize("path", FEEDS)
    def test_an_empty_feed_is_a_feed_and_stays_the_same(self, client, path):
        first, second = client.get(path), client.get(path)

        assert first.status_code == 200
        assert first.content == second.content

    @pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
    def test_a_series_has_its_own_feed(self, client, story, name):
        publish(title="Anderswo", lead_event=EventFactory())

        body = client.get(f"/wec/feeds/{name}").content.decode()

        assert "Pole für Toyota" in body
        assert "Anderswo" not in body
        assert f"https://racedesk.example/wec/feeds/{name}" in body
        assert "racedesk · Langstrecken-WM" in body

    def test_a_series_that_is_not_public_has_none(self, client):
        SeriesFactory(slug="geheim")

        assert client.get("/geheim/feeds/rss.xml").status_code == 404

    @pytest.mark.parametrize("path", FEEDS)
    @pytest.mark.parametrize("stories", [1, 30])
    def test_thirty_stories_cost_what_one_costs(self, client, django_assert_num_queries, path, stories):
        for _ in range(stories):
            publish(lead_event=EventFactory())

        with django_assert_num_queries(2):  # when something last changed, and the stories
            client.get(path)


class TestConditionalRequests:
    @pytest.mark.parametrize("path", [*FEEDS, "/wec/feeds/rss.xml"])
    def test_an_unchanged_feed_is_304_without_its_stories(self, client, story, path, django_assert_max_num_queries):
        first = client.get(path)

        for known in ({"If-None-Match": first["ETag"]}, {"If-Modified-Since": first["Last-Modified"]}):
            with django_assert_max_num_queries(3) as captured:
                again = client.get(path, headers=known)
            assert (again.status_code, again.content) == (304, b"")
            assert again["Cache-Control"] == first["Cache-Control"]
            assert not any("body_html" in query["sql"] for query in captured)

    def acts(self, story):
        """Everything that changes what a feed says, one after the other."""
        chief = UserFactory(role="chief")
        yield lambda: publish(title="Noch ein Bericht")
        yield lambda: publish(story, note="Der Abstand war falsch.")
        yield lambda: workflow.withdraw(story, by=chief, note="Irrtum.")
        yield lambda: publish(story)

    @pytest.mark.parametrize("path", FEEDS)
    def test_a_changed_feed_is_never_304(self, client, story, path):
        for act in self.acts(story):
            before = client.get(path)
            known = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}
            act()
            for name, header in known.items():
                if before.has_header(name):
                    assert client.get(path, headers={header: before[name]}).status_code == 200, (act, name)

    def test_right_after_a_change_no_last_modified_is_promised(self, client):
        publish()

        assert not client.get("/feeds/rss.xml").has_header("Last-Modified")

    def test_a_withdrawal_moves_last_modified(self, client, story):
        ended = timezone.now() - dt.timedelta(minutes=5)
        Publication.objects.filter(article=story).update(visible_until=ended)

        response = client.get("/feeds/rss.xml", headers={"If-Modified-Since": "Fri, 05 Nov 2021 15:42:00 GMT"})

        assert response.status_code == 200
        assert response["Last-Modified"] == ended.strftime("%a, %d %b %Y %H:%M:%S GMT")

    def test_a_blocked_picture_and_its_return_move_last_modified(self, client, story):
        image = store_upload(upload(picture()), by=None, alt="Start", credit="Foto: Redaktion")
        Publication.objects.get(article=story).images.add(image)
        first, chief = client.get("/feeds/rss.xml")["Last-Modified"], UserFactory(role="chief")

        block(image, by=chief, reason="Klage")
        blocked = client.get("/feeds/rss.xml", headers={"If-Modified-Since": first})
        ImageBlock.objects.update(blocked_at=timezone.now() - dt.timedelta(minutes=5))
        then = client.get("/feeds/rss.xml")["Last-Modified"]
        unblock(image, by=chief)
        back = client.get("/feeds/rss.xml", headers={"If-Modified-Since": then})

        assert [blocked.status_code, back.status_code] == [200, 200]
        assert first != then

    def test_another_address_of_the_site_is_another_feed(self, client, story, settings):
        etag = client.get("/feeds/rss.xml")["ETag"]
        settings.SITE_URL = "https://neu.example"

        assert client.get("/feeds/rss.xml", headers={"If-None-Match": etag}).status_code == 200
