"""Home and article as readers get them: what stands there, at which address, and at what cost."""

import datetime as dt
import json
import re

import pytest
from django.utils import timezone

from articles import workflow
from articles.models import Publication
from articles.pictures import store_upload
from articles.renditions import make
from articles.stories import full_stories, latest_stories
from articles.structured_data import data_block
from tests.articles.picture_files import picture, upload
from tests.factories import (
    ArticleFactory,
    AuthorFactory,
    ClassificationFactory,
    EventFactory,
    LapFactory,
    SeriesFactory,
    SessionFactory,
    SidebarItemFactory,
    TagFactory,
    UserFactory,
    publish,
)

pytestmark = pytest.mark.django_db


def words(html):
    """The visible text of the main part, in reading order."""
    text = re.sub(r"<(script|style).*?</\1>", " ", html.partition("<main")[2].partition("</main>")[0], flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("&quot;", '"').replace("&amp;", "&").split())


def structured(html):
    return json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])


def page_of(client, publication):
    response = client.get(publication.get_absolute_url())
    assert response.status_code == 200
    return response.content.decode()


def at(*moment):
    return dt.datetime(*moment, tzinfo=dt.UTC)


class TestArticle:
    def test_the_head_names_title_authors_in_order_place_and_time_with_its_zone(self, client):
        publication = publish(
            title="Toyota auf Pole",
            kicker="Qualifying",
            standfirst="Zwei Wagen, 0,290 Sekunden.",
            dateline="Sakhir",
            agency="sid",
            body="<p>Die Nummer 7 steht vorn.</p>",
            authors=[AuthorFactory(name="Zoe Alt"), AuthorFactory(name="Ada Neu"), AuthorFactory(name="Bo Lang")],
            moved_to=(at(2021, 11, 5, 15, 42), None),
        )

        text = words(page_of(client, publication))

        assert (
            "Qualifying Toyota auf Pole Zwei Wagen, 0,290 Sekunden. "
            "Von Zoe Alt , Ada Neu und Bo Lang (sid) 5. November 2021, 16:42 Uhr MEZ "
            "Sakhir Die Nummer 7 steht vorn."
        ) in text
        assert "Aktualisiert" not in text

    def test_a_correction_says_when_and_what(self, client):
        article = ArticleFactory()
        first = publish(article)
        Publication.objects.filter(pk=first.pk).update(visible_from=at(2021, 11, 5, 15, 42))
        article.body = "<p>Berichtigt.</p>"
        article.save()
        second = publish(article, note="Der Abstand war falsch angegeben.")
        Publication.objects.filter(pk=second.pk).update(visible_from=at(2021, 11, 6, 9))
        Publication.objects.filter(pk=first.pk).update(visible_until=at(2021, 11, 6, 9))

        html = page_of(client, second)

        assert "5. November 2021, 16:42 Uhr MEZ Aktualisiert am 6. November 2021, 10:00 Uhr MEZ" in words(html)
        assert "Korrektur ( 6. November 2021, 10:00 Uhr MEZ ): Der Abstand war falsch angegeben." in words(html)
        data = structured(html)
        assert (data["datePublished"], data["dateModified"]) == (
            "2021-11-05T15:42:00+00:00",
            "2021-11-06T09:00:00+00:00",
        )
        assert data["correction"] == ["Der Abstand war falsch angegeben."]

    def test_the_picture_comes_in_sizes_with_caption_credit_and_alternative_text(self, client):
        image = store_upload(
            upload(picture(1600, 900)),
            by=None,
            title="Start",
            alt="Autos am Start",
            caption="Der Start",
            credit="Foto: A. B.",
        )
        publication = publish(lead_image=image)
        make(image.pk)

        html = page_of(client, publication)

        source = re.search(r'<source type="image/webp" srcset="([^"]+)"', html)[1]
        assert [part.split()[1] for part in source.split(", ")] == ["480w", "960w", "1600w"]
        shown = re.search(r"<img [^>]+>", html)[0]
        assert 'alt="Autos am Start"' in shown
        assert 'width="1200" height="675"' in shown
        assert "Der Start Foto: A. B." in words(html)
        assert structured(html)["image"]["creditText"] == "Foto: A. B."
        address = re.search(r'property="og:image" content="http://127.0.0.1:8000([^"]+)"', html)[1]
        for file, media_type in ((address, "image/jpeg"), (source.split()[0], "image/webp")):
            response = client.get(file)
            assert (response["Content-Type"], bool(response.getvalue())) == (media_type, True)

    def test_a_small_picture_names_each_width_once(self, client):
        image = store_upload(upload(picture(300, 200)), by=None, title="Klein", alt="Klein", credit="Foto: A. B.")

        html = page_of(client, publish(lead_image=image))

        assert re.search(r'srcset="[^", ]+ 300w"', html)

    def test_the_boxes_stand_beside_the_text_in_order_with_source_state_and_time(self, client):
        session = SessionFactory(name="Qualifying", kind="qualifying")
        ClassificationFactory(
            session=session,
            document__name="q.csv",
            rows=[
                {"position": 1, "entry__number": "007", "best_lap_ms": 106_250},
                {"position": 2, "entry__number": "8", "best_lap_ms": 106_540, "gap_ms": 290},
                {"status": "dsq", "entry__number": "9"},
            ],
        )
        article = ArticleFactory()
        SidebarItemFactory(article=article, position=2, heading="Hintergrund", text="Ein Satz.")
        SidebarItemFactory(
            article=article, position=1, heading="Die Schnellsten", kind="classification", session=session
        )

        html = page_of(client, publish(article))

        text = words(html)
        assert text.index("Die Schnellsten") < text.index("#007") < text.index("Ein Satz.")
        assert re.search(r"1\. #007 .*1:46,250 2\. #8 .*1:46,540 \+0,290 DSQ #9", text)
        assert "Endergebnis Stand: 6. November 2021, 19:30 Uhr MEZ Quelle: q.csv" in text
        assert f'href="{session.get_absolute_url()}"' in html

    def test_an_english_story_says_so_and_the_german_around_it_too(self, client):
        html = page_of(client, publish(language="en", title="Pole for Toyota"))

        assert '<article class="story__text" lang="en">' in html
        assert '<p class="byline" lang="de">' in html
        assert structured(html)["inLanguage"] == "en"

    def test_related_stories_are_those_about_one_of_its_events(self, client):
        event, further = EventFactory(), EventFactory()
        article = ArticleFactory(lead_event=event)
        article.further_events.add(further)
        publish(title="Über das Rennen", lead_event=event)
        publish(title="Über das andere", lead_event=further)
        publish(title="Über etwas ganz anderes", lead_event=EventFactory())

        related = words(page_of(client, publish(article))).partition("Mehr dazu")[2]

        assert "Über das Rennen" in related
        assert "Über das andere" in related
        assert "etwas ganz anderes" not in related
        assert article.title not in related

    def test_structured_data_and_open_graph_equal_the_visible_text(self, client, settings):
        settings.SITE_URL = "https://racedesk.example"
        publication = publish(
            title='Wer "gewinnt" & warum </script>',
            slug="wer-gewinnt",
            standfirst="Ein <Satz>.",
            authors=[AuthorFactory(name="Zoe Alt"), AuthorFactory(name="Ada Neu")],
            moved_to=(at(2021, 11, 5, 15, 42), None),
        )

        html = page_of(client, publication)

        data = structured(html)
        address = "https://racedesk.example/artikel/wer-gewinnt/"
        assert data == {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": address,
            "url": address,
            "identifier": publication.uid.urn,
            "headline": 'Wer "gewinnt" & warum </script>',
            "description": "Ein <Satz>.",
            "inLanguage": "de",
            "datePublished": "2021-11-05T15:42:00+00:00",
            "dateModified": "2021-11-05T15:42:00+00:00",
            "author": [
                {"@type": "Person", "name": "Zoe Alt", "url": "https://racedesk.example/autor/zoe-alt/"},
                {"@type": "Person", "name": "Ada Neu", "url": "https://racedesk.example/autor/ada-neu/"},
            ],
            "publisher": {
                "@type": "NewsMediaOrganization",
                "@id": "https://racedesk.example/#publisher",
                "name": "racedesk",
                "url": "https://racedesk.example/",
            },
            "isAccessibleForFree": True,
        }
        assert f'<link rel="canonical" href="{address}">' in html
        assert f'<meta property="og:url" content="{address}">' in html
        assert '<meta property="og:title" content="Wer &quot;gewinnt&quot; &amp; warum &lt;/script&gt;">' in html

    def test_the_path_above_the_headline_is_a_breadcrumb_list(self, client, settings):
        settings.SITE_URL = "https://racedesk.example"
        event = EventFactory(name="6 Stunden am Waldsee")
        series = event.season.series

        html = page_of(client, publish(title="Der Bericht", slug="der-bericht", lead_event=event))

        found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
        trail = next(data for data in map(json.loads, found) if data["@type"] == "BreadcrumbList")
        assert [(one["position"], one["name"]) for one in trail["itemListElement"]] == [
            (1, series.label),
            (2, "6 Stunden am Waldsee"),
            (3, "Der Bericht"),
        ]
        assert [one["item"] for one in trail["itemListElement"]] == [
            f"https://racedesk.example{path}"
            for path in (series.get_absolute_url(), event.get_absolute_url(), "/artikel/der-bericht/")
        ]
        above = words(html).partition("Der Bericht")[0]
        assert series.label in above
        assert "6 Stunden am Waldsee" in above

    def test_a_data_block_cannot_leave_its_element(self):
        block = data_block({"headline": "</script><script>alert(1)</script><!-- \u2028 &"})

        assert block.count("<") == 2
        assert json.loads(block.removeprefix('<script type="application/ld+json">').removesuffix("</script>")) == {
            "headline": "</script><script>alert(1)</script><!-- \u2028 &"
        }

    def test_feeds_are_announced_also_those_of_the_series(self, client):
        publication = publish(lead_event=EventFactory(season__series__slug="wec"))

        html = page_of(client, publication)

        for feed in (
            "/feeds/rss.xml",
            "/feeds/atom.xml",
            "/feeds/feed.json",
            "/wec/feeds/rss.xml",
            "/wec/feeds/feed.json",
        ):
            assert re.search(rf'<link rel="alternate" type="application/[^"]+" title="[^"]+" href="{feed}">', html)


class TestAddress:
    def rename(self, article, slug):
        article.slug = slug
        article.save()
        return publish(article)

    def test_former_addresses_lead_to_the_current_one_in_one_hop(self, client):
        article = ArticleFactory(slug="eins")
        publish(article)
        for slug in ("zwei", "drei", "vier", "fuenf"):
            self.rename(article, slug)

        for former in ("eins", "zwei", "drei", "vier"):
            response = client.get(f"/artikel/{former}/")
            assert (response.status_code, response["Location"]) == (301, "/artikel/fuenf/")
        assert client.get("/artikel/fuenf/").status_code == 200

    def test_an_address_taken_back_into_use_does_not_loop(self, client):
        article = ArticleFactory(slug="eins")
        publish(article)
        self.rename(article, "zwei")
        self.rename(article, "eins")

        assert client.get("/artikel/eins/").status_code == 200
        assert client.get("/artikel/zwei/")["Location"] == "/artikel/eins/"

    def test_every_former_address_of_a_withdrawn_story_is_gone(self, client):
        article = ArticleFactory(slug="eins")
        publish(article)
        self.rename(article, "zwei")
        workflow.withdraw(article, by=UserFactory(role="chief"), note="Irrtum.")

        assert {client.get(f"/artikel/{slug}/").status_code for slug in ("eins", "zwei")} == {410}

    @pytest.mark.parametrize(
        "path", ["/artikel/", "/artikel/nie/", "/artikel/NIE/", "/artikel/a%00b/", "/artikel/eins/.css"]
    )
    def test_what_never_was_is_404(self, client, path):
        publish(slug="eins")

        assert client.get(path).status_code == 404


class TestHome:
    def test_the_newest_story_leads_and_a_correction_lifts_no_old_one(self, client):
        old, new = ArticleFactory(title="Alter Bericht"), ArticleFactory(title="Neuer Bericht")
        publish(old, moved_to=(timezone.now() - dt.timedelta(hours=2), None))
        publish(new, moved_to=(timezone.now() - dt.timedelta(hours=1), None))
        old.body = "<p>Berichtigt.</p>"
        old.save()
        publish(old, note="Ein Wort fehlte.")

        text = words(client.get("/").content.decode())

        assert text.index("Neuer Bericht") < text.index("Alter Bericht")

    def test_next_event_and_latest_results_stand_beside_the_stories(self, client):
        day = timezone.now() + dt.timedelta(days=3)
        ahead = EventFactory(name="1000 km Spa", starts_on=day.date(), ends_on=day.date())
        SessionFactory(event=ahead, name="Rennen", starts_at=day)
        ClassificationFactory(session__event__name="Monza", rows=[{"position": 1, "entry__number": "7"}])

        text = words(client.get("/").content.decode())

        assert re.search(r"Nächstes Event .*1000 km Spa", text)
        assert re.search(r"Letzte Ergebnisse .*Monza: Rennen .*#7", text)

    def test_without_any_story_the_page_stands(self, client):
        assert "Der erste Bericht ist noch in Arbeit." in words(client.get("/").content.decode())


class TestHeaders:
    @pytest.mark.parametrize("path", ["/", "/artikel/eins/", "/sitemap.xml", "/robots.txt"])
    def test_public_pages_are_the_same_for_everybody(self, client, path):
        publish(slug="eins")

        response = client.get(path)

        assert response.status_code == 200
        assert not response.cookies
        assert response["Vary"] == "Accept-Encoding"
        assert response["Cache-Control"] == "public, max-age=10, s-maxage=30, stale-while-revalidate=20"
        assert client.get(path, headers={"If-None-Match": response["ETag"]}).status_code == 304


class TestCost:
    def story_with_everything(self):
        """A story as the newsroom writes them: all kinds of boxes, tags, authors, others about the same event."""
        session = SessionFactory()
        ClassificationFactory(session=session, rows=[{"position": n, "entry__number": str(n)} for n in range(1, 9)])
        LapFactory(session_entry=session.session_entries.first())
        series = session.event.season.series
        day = timezone.now() + dt.timedelta(days=2)
        ahead = EventFactory(season=session.event.season, starts_on=day.date(), ends_on=day.date())
        SessionFactory(event=ahead, starts_at=day)
        article = ArticleFactory(lead_event=session.event, authors=[AuthorFactory(), AuthorFactory()])
        article.tags.add(TagFactory(), TagFactory())
        boxes = [
            {"kind": "classification", "session": session},
            {"kind": "lap_times", "session": session, "cars": "1, 2"},
            {"kind": "next_event", "series": series},
            {"kind": "schedule", "event": session.event},
            {"kind": "free"},
        ]
        return article, boxes

    @pytest.mark.parametrize("sets", [1, 5])
    def test_an_article_with_every_box_takes_five_queries(self, client, django_assert_num_queries, sets):
        article, boxes = self.story_with_everything()
        for box in boxes * sets:
            SidebarItemFactory(article=article, **box)
        for _ in range(sets):
            publish(lead_event=article.lead_event)
        publication = publish(article)

        with django_assert_num_queries(5):  # series bar, story, results, programmes, related
            client.get(publication.get_absolute_url())

    @pytest.mark.parametrize("number", [2, 13])
    def test_home_takes_the_same_queries_for_few_and_many_stories(self, client, django_assert_num_queries, number):
        article, _ = self.story_with_everything()
        SeriesFactory()
        for _ in range(number):
            publish(lead_event=article.lead_event)

        with django_assert_num_queries(
            8
        ):  # series bar, pins, stories, next event, sessions, broadcasts, results, winners
            client.get("/")


class TestOrder:
    def story(self, title, *windows):
        """A story whose versions readers saw in these windows, in hours before now; None is open."""
        article = ArticleFactory(title=title)
        now = timezone.now()
        for number, (start, end) in enumerate(windows):
            article.body = f"<p>Fassung {number}</p>"
            article.save()
            version = publish(article)
            Publication.objects.filter(pk=version.pk).update(
                visible_from=now - dt.timedelta(hours=start), visible_until=end and now - dt.timedelta(hours=end)
            )
        return article

    def test_stories_are_listed_by_their_first_appearance_each_once(self):
        self.story("corrected", (9, 1), (1, None))
        self.story("plain", (5, None))
        self.story("returned", (7, 6), (2, None))
        self.story("withdrawn", (3, 2))
        self.story("to come", (-1, None))

        assert [str(story) for story in latest_stories(limit=9)] == ["plain", "returned", "corrected"]
        assert [str(story) for story in latest_stories(limit=2)] == ["plain", "returned"]
        assert [str(story) for story in full_stories(limit=2)] == ["plain", "returned"]
