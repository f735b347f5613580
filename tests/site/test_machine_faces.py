"""Sitemaps, robots, security.txt, feeds of authors and topics, the calendar page and the data in the head of pages."""

import datetime as dt
import json
import re

import pytest
from django.utils import timezone
from lxml import etree

from articles import sitemaps, well_known
from articles.models import Publication
from results import models as facts
from tests import factories

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)
MAP = {"s": sitemaps.SCHEMA, "n": sitemaps.NEWS}
SITE = "https://racedesk.example"


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = SITE
    settings.ALLOWED_HOSTS = ["*"]


def xml(client, path):
    return etree.fromstring(client.get(path).content)


def locs(client, path):
    return [node.text.removeprefix(SITE) for node in xml(client, path).iterfind(".//s:loc", MAP)]


class TestSitemap:
    def test_the_index_names_the_parts_that_hold_something(self, client):
        assert locs(client, "/sitemap.xml") == ["/sitemap-seiten.xml"]
        factories.publish()
        session = factories.ClassificationFactory(rows=[{"position": 1}]).session
        story, event = Publication.objects.get().pk // sitemaps.PART, session.event_id // sitemaps.PART

        parts = locs(client, "/sitemap.xml")

        assert {f"/sitemap-artikel-{story + 1}.xml", f"/sitemap-ereignisse-{event + 1}.xml"} <= set(parts)
        assert all(locs(client, part) for part in parts)

    def test_parts_share_the_keys_between_them(self, client, monkeypatch):
        monkeypatch.setattr(sitemaps, "PART", 3)
        addresses = {factories.publish().get_absolute_url() for _ in range(7)}

        parts = [part for part in locs(client, "/sitemap.xml") if "artikel" in part]
        named = [address for part in parts for address in locs(client, part)]

        assert len(parts) >= 3
        assert sorted(named) == sorted(addresses)

    @pytest.mark.parametrize("kind", ["artikel", "ereignisse", "ergebnisse"])
    def test_a_part_is_named_once_however_much_it_holds(self, client, monkeypatch, kind):
        monkeypatch.setattr(sitemaps, "PART", 1_000_000)
        for _ in range(3):
            factories.publish()
            factories.ClassificationFactory(rows=[{"position": 1}])

        assert [part for part in locs(client, "/sitemap.xml") if kind in part] == [f"/sitemap-{kind}-1.xml"]

    @pytest.mark.parametrize(
        "part", ["artikel-0", "artikel-01", "artikel-9999999", "artikel", "geheim-1", "artikel-1-1"]
    )
    def test_no_other_part_exists(self, client, part):
        factories.publish()

        assert client.get(f"/sitemap-{part}.xml").status_code == 404

    def test_a_session_is_named_once_it_has_a_result_or_laps(self, client):
        result = factories.ClassificationFactory(rows=[{"position": 1}]).session
        laps = factories.LapSetFactory().session
        factories.SessionFactory()

        assert sorted(locs(client, f"/sitemap-ergebnisse-{result.pk // sitemaps.PART + 1}.xml")) == sorted(
            [result.get_absolute_url(), laps.get_absolute_url()]
        )

    def test_news_are_the_stories_of_two_days(self, client):
        now = timezone.now()
        factories.publish(title="Neu & wichtig", slug="neu", moved_to=(now - DAY, None))
        factories.publish(title="Alt", slug="alt", moved_to=(now - 3 * DAY, None))
        corrected = factories.ArticleFactory(title="Alt, berichtigt", slug="berichtigt")
        factories.publish(corrected, moved_to=(now - 3 * DAY, now - DAY))
        factories.publish(corrected, note="Falsch.", moved_to=(now - DAY, None))

        tree = xml(client, "/news-sitemap.xml")

        assert [node.text for node in tree.iterfind(".//n:title", MAP)] == ["Neu & wichtig"]
        assert [node.text for node in tree.iterfind(".//n:language", MAP)] == ["de"]
        assert [node.text for node in tree.iterfind(".//n:name", MAP)] == ["racedesk"]

    @pytest.mark.parametrize(
        "path", ["/sitemap.xml", "/sitemap-seiten.xml", "/news-sitemap.xml", "/robots.txt", "/.well-known/security.txt",
                 "/kalender/", "/kalender.ics"],
    )  # fmt: skip
    def test_no_header_gets_into_an_answer(self, client, path):
        factories.EventFactory()
        plain = client.get(path).content

        told = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "evil"}
        assert client.get(path, headers=told).content == plain
        assert b"evil" not in plain


class TestSecurityTxt:
    def test_it_names_whom_to_tell(self, client, settings):
        settings.SECURITY_CONTACTS = ["sicher@racedesk.example", "https://racedesk.example/melden/"]

        lines = client.get("/.well-known/security.txt").content.decode().splitlines()

        assert lines[:2] == ["Contact: mailto:sicher@racedesk.example", "Contact: https://racedesk.example/melden/"]
        assert f"Canonical: {SITE}/.well-known/security.txt" in lines
        (expires,) = (line.partition(": ")[2] for line in lines if line.startswith("Expires: "))
        assert DAY < dt.datetime.fromisoformat(expires) - timezone.now() < 100 * DAY

    @pytest.mark.parametrize(
        ("now", "then"), [((2026, 1, 31), (2026, 4, 1)), ((2026, 10, 1), (2027, 1, 1)), ((2026, 12, 31), (2027, 3, 1))]
    )
    def test_it_never_runs_out(self, now, then):
        assert well_known.expires(dt.datetime(*now, tzinfo=dt.UTC)) == dt.datetime(*then, tzinfo=dt.UTC)


class TestFeedsOfAuthorsAndTopics:
    @pytest.fixture
    def story(self):
        article = factories.ArticleFactory(title="Von Ada", authors=[factories.AuthorFactory(name="Ada Neu")])
        article.tags.add(factories.TagFactory(name="Regen"))
        factories.publish(title="Von einer anderen")
        factories.publish(article)
        return article

    @pytest.mark.parametrize("name", ["rss.xml", "atom.xml", "feed.json"])
    @pytest.mark.parametrize(("path", "title"), [("/autor/ada-neu/", "Ada Neu"), ("/thema/regen/", "Regen")])
    def test_they_carry_what_is_theirs_and_name_themselves(self, client, story, path, title, name):
        body = client.get(f"{path}feeds/{name}").content.decode()

        assert "Von Ada" in body
        assert "Von einer anderen" not in body
        assert f"{SITE}{path}feeds/{name}" in body
        assert f"racedesk · {title}" in body
        assert f"{SITE}{path}" in body

    @pytest.mark.parametrize("path", ["/autor/niemand/", "/thema/nichts/"])
    def test_who_has_nothing_public_has_none(self, client, path):
        draft = factories.ArticleFactory(authors=[factories.AuthorFactory(name="Niemand")])
        draft.tags.add(factories.TagFactory(name="Nichts"))
        factories.publish(draft, visible_from=timezone.now() + DAY)

        assert client.get(f"{path}feeds/rss.xml").status_code == 404

    def test_a_version_without_a_notice_moves_no_date(self, client, story):
        before = client.get("/feeds/feed.json").json()["items"][0]
        story.title = "Von Ada, mit Komma"
        story.save()
        factories.publish(story)
        after = client.get("/feeds/feed.json").json()["items"][0]

        assert (after["title"], after["id"]) == ("Von Ada, mit Komma", before["id"])
        assert (after["date_published"], "date_modified" in after) == (before["date_published"], False)


def data_of(client, path):
    html = client.get(path).content.decode()
    blocks = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)
    return {block.get("@type", "graph"): block for block in map(json.loads, blocks)}


class TestData:
    @pytest.fixture
    def session(self):
        event = factories.EventFactory(
            season__series__slug="wec", season__series__name="WEC", season__label="2026", slug="fuji", name="6 Stunden von Fuji",
            time_zone="Asia/Tokyo", circuit__name="Fuji Speedway", circuit__town="Oyama",
            starts_on=dt.date(2026, 9, 27), ends_on=dt.date(2026, 9, 27),
        )  # fmt: skip
        start = dt.datetime(2026, 9, 27, 2, tzinfo=dt.UTC)
        return factories.SessionFactory(event=event, key="R", slug="rennen", starts_at=start, ends_at=start + DAY / 4)

    def test_an_event_says_where_when_and_what(self, client, session):
        data = data_of(client, "/wec/2026/fuji/")["SportsEvent"]

        assert (data["name"], data["startDate"], data["endDate"]) == ("6 Stunden von Fuji", "2026-09-27", "2026-09-27")
        assert data["location"]["name"] == "Fuji Speedway"
        assert data["organizer"]["name"] == "WEC"
        assert data["eventStatus"] == "https://schema.org/EventScheduled"
        (part,) = data["subEvent"]
        assert (part["startDate"], part["endDate"]) == ("2026-09-27T11:00:00+09:00", "2026-09-27T17:00:00+09:00")

    def test_a_session_is_a_part_of_its_event(self, client, session):
        data = data_of(client, "/wec/2026/fuji/rennen/")["SportsEvent"]

        assert data["name"] == "6 Stunden von Fuji: Rennen"
        assert data["superEvent"]["url"] == f"{SITE}/wec/2026/fuji/"

    @pytest.mark.parametrize(
        ("change", "status"),
        [({"status": "cancelled"}, "EventCancelled"), ({"status": "postponed"}, "EventPostponed"),
         ({"starts_on": dt.date(2099, 9, 20), "ends_on": dt.date(2099, 9, 20)}, "EventRescheduled")],
    )  # fmt: skip
    def test_what_became_of_an_event_is_said(self, client, session, change, status):
        day = dt.date(2098, 9, 27)
        event = factories.EventFactory(season=session.event.season, slug="bald", starts_on=day, ends_on=day)
        facts.Event.objects.filter(pk=event.pk).update(**change)
        data = data_of(client, "/wec/2026/bald/")["SportsEvent"]

        before = "2098-09-27" if status == "EventRescheduled" else None
        assert (data["eventStatus"], data.get("previousStartDate")) == (f"https://schema.org/{status}", before)

    def test_the_path_is_that_of_the_page(self, client, session):
        html = client.get("/wec/2026/fuji/rennen/").content.decode()
        crumbs = re.search(r'<nav class="crumbs".*?</nav>', html, re.DOTALL)[0]
        visible = re.findall(r"<(?:a|span)[^>]*>([^<]+)</", crumbs)

        path = data_of(client, "/wec/2026/fuji/rennen/")["BreadcrumbList"]["itemListElement"]

        assert [item["name"] for item in path] == visible == ["WEC", "2026", "6 Stunden von Fuji", "Rennen"]
        assert path[-1]["item"] == f"{SITE}/wec/2026/fuji/rennen/"

    def test_the_front_page_says_whose_it_is(self, client):
        graph = data_of(client, "/")["graph"]["@graph"]

        assert {thing["@type"] for thing in graph} == {"WebSite", "NewsMediaOrganization"}

    def test_a_link_has_a_title_for_networks(self, client, session):
        html = client.get("/wec/2026/fuji/rennen/").content.decode()

        assert '<meta property="og:title" content="Rennen, 6 Stunden von Fuji 2026">' in html
        assert f'<meta property="og:url" content="{SITE}/wec/2026/fuji/rennen/">' in html


class TestCalendarPage:
    def words(self, client, query=""):
        html = client.get(f"/kalender/{query}").content.decode().partition("<main")[2].partition("</main>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", html).split())

    @pytest.fixture
    def year(self):
        today = timezone.now().date()
        wec = factories.SeasonFactory(series__slug="wec", series__name="WEC")
        for name, day, status in (("Vorbei", today - 400 * DAY, "scheduled"), ("Bald", today + 40 * DAY, "scheduled"),
                                  ("Abgesagt", today + 50 * DAY, "cancelled"), ("Heute", today, "scheduled")):  # fmt: skip
            factories.EventFactory(season=wec, name=name, starts_on=day, ends_on=day, status=status)
        factories.EventFactory(name="Anderswo", starts_on=today + 41 * DAY, ends_on=today + 41 * DAY)
        factories.EventFactory(season=wec, name="Irgendwann", starts_on=None, ends_on=None)
        return today.year

    def test_it_begins_now_and_ends_with_what_has_no_date(self, client, year):
        page = self.words(client)

        places = [page.index(name) for name in ("Heute", "Bald", "Anderswo", "Abgesagt", "Irgendwann")]
        assert places == sorted(places)
        assert "Vorbei" not in page
        assert re.search(r"Abgesagt WEC Rundkurs \d+ abgesagt", page)
        assert re.search(r"Heute WEC Rundkurs \d+ läuft", page) or "im Gange" in page

    def test_a_series_and_a_year_can_be_chosen(self, client, year):
        page = self.words(client, "?serie=wec")
        assert "Anderswo" not in page.partition("Anzeigen")[2]
        past = self.words(client, f"?jahr={(timezone.now() - 400 * DAY).year}")
        assert "Vorbei" in past

    @pytest.mark.parametrize("query", ["?serie=gibt-es-nicht", "?jahr=1066", "?jahr=x"])
    def test_a_choice_that_does_not_exist_is_refused(self, client, year, query):
        assert client.get(f"/kalender/{query}").status_code == 400

    def test_it_can_be_subscribed_to(self, client, year):
        html = client.get("/kalender/?serie=wec").content.decode()

        assert 'href="webcal://racedesk.example/wec/kalender.ics"' in html
        assert 'href="/wec/kalender.ics" download' in html

    def test_sessions_stand_in_the_time_of_the_track_and_in_german_time(self, client):
        start = (timezone.now() + 20 * DAY).replace(hour=4, minute=0)
        event = factories.EventFactory(time_zone="Asia/Tokyo", starts_on=start.date(), ends_on=start.date())
        factories.SessionFactory(event=event, starts_at=start)

        page = self.words(client)

        assert "13:00 Uhr" in page
        assert re.search(r"0[56]:00 Uhr (MEZ|MESZ)", page)
        assert "UTC+9" in page


class TestNextEvent:
    @pytest.fixture
    def ahead(self):
        season = factories.SeasonFactory(series__slug="nls", label="2026")
        day = timezone.now() + 9 * DAY
        event = factories.EventFactory(season=season, name="Das Nächste", starts_on=day.date(), ends_on=day.date())
        factories.SessionFactory(event=event, starts_at=day)
        return event

    def test_it_stands_on_every_page_of_its_series(self, client, ahead):
        gone = factories.EventFactory(season=ahead.season, slug="vorbei")
        factories.SessionFactory(event=gone)
        story = factories.publish(lead_event=gone, slug="bericht")
        for path in ("/", "/nls/", "/nls/2026/", gone.get_absolute_url(), story.get_absolute_url()):
            box = client.get(path).content.decode().partition("box--next")[2]
            assert "Das Nächste" in box, path

    def test_it_does_not_stand_on_its_own_page(self, client, ahead):
        assert "box--next" not in client.get(ahead.get_absolute_url()).content.decode()

    def test_an_older_season_leads_elsewhere(self, client, ahead):
        old = factories.EventFactory(season=factories.SeasonFactory(series=ahead.season.series, label="2020")).season

        assert "box--next" not in client.get(old.get_absolute_url()).content.decode()
