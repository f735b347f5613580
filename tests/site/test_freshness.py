"""304 is answered before the page is built, exactly while nothing that the page shows has changed: by write or by clock."""

import datetime as dt
import gzip

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Publication
from articles.pinning import pin
from racedesk import freshness
from results import models as facts
from tests import factories
from tests.results.standings.made import championship, hold, race, result

pytestmark = pytest.mark.django_db

SOON = dt.timedelta(seconds=2)  # so that a busy machine has asked once before
TAG = "If-None-Match"


@pytest.fixture
def weekend():
    """A season with a finished race, a coming one, and a story, at addresses that stay."""
    season = factories.SeasonFactory(series__slug="nls", series__name="NLS", label="2026")
    event = factories.EventFactory(season=season, slug="eifel", name="Eifelrennen")
    session = factories.SessionFactory(event=event, key="R", slug="rennen")
    factories.ClassificationFactory(
        session=session, rows=[{"position": 1, "entry__crew": [factories.DriverFactory(slug="erika")]}]
    )
    factories.ArchiveSpanFactory(first_season=season)
    championship(season)
    start = timezone.now() + dt.timedelta(days=3)
    coming = factories.EventFactory(
        season=season, slug="herbst", name="Herbstrennen", starts_on=start.date(), ends_on=start.date()
    )
    factories.SessionFactory(event=coming, key="R", slug="rennen", starts_at=start)
    article = factories.ArticleFactory(
        title="Der Bericht", slug="bericht", lead_event=event, authors=[factories.AuthorFactory(name="Ada Neu")]
    )
    article.tags.add(factories.TagFactory(name="Regen"))
    factories.publish(article, moved_to=(timezone.now() - dt.timedelta(days=1), None))
    return session


PAGES = [
    "/", "/artikel/bericht/", "/nls/", "/nls/2026/", "/nls/2026/eifel/", "/nls/2026/eifel/rennen/",
    "/nls/2026/eifel/rennen/ergebnis.csv", "/feeds/rss.xml", "/feeds/atom.xml", "/feeds/feed.json", "/nls/feeds/rss.xml",
    "/autor/ada-neu/feeds/rss.xml", "/thema/regen/feeds/feed.json", "/kalender/", "/kalender.ics", "/nls/kalender.ics",
    "/sitemap.xml", "/sitemap-seiten.xml", "/sitemap-artikel-1.xml", "/news-sitemap.xml", "/robots.txt", "/fahrer/",
    "/nls/rekorde/", "/nls/rekorde.json", "/fahrer/erika/",
    "/nls/2026/tabelle/", "/nls/2026/tabelle/fahrer/", "/nls/2026/tabelle/fahrer/matrix/",
    "/nls/2026/tabelle/fahrer/punkte/erika/", "/nls/2026/tabelle/fahrer.csv",
    "/archiv/", "/suche/?q=bericht", "/autor/ada-neu/", "/thema/regen/", "/korrekturen/", "/impressum/",
]  # fmt: skip


def ask(client, path, known=None, **headers):
    return client.get(path, headers={**headers, **({TAG: known} if known else {})})


class TestUnchanged:
    @pytest.mark.parametrize("path", PAGES)
    def test_is_304_and_asks_nothing_for_a_page(self, client, weekend, path, django_assert_num_queries):
        first = ask(client, path)
        assert first.status_code == 200

        with django_assert_num_queries(0):
            again = ask(client, path, first["ETag"])

        assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
        assert again["Cache-Control"] == first["Cache-Control"]
        assert again["Vary"] == "Accept-Encoding"

    @pytest.mark.parametrize("path", PAGES)
    def test_is_304_too_when_something_else_changed(self, client, weekend, path, django_assert_num_queries):
        first = ask(client, path)
        facts.Broadcast.objects.filter(pk=0).update(channel="niemand")

        again = ask(client, path, first["ETag"])
        assert (again.status_code, again["ETag"]) == (304, first["ETag"])
        with django_assert_num_queries(0):  # and is remembered
            assert ask(client, path, first["ETag"]).status_code == 304

    def test_is_304_for_another_process(self, weekend):
        etag = ask(Client(), "/")["ETag"]

        assert ask(Client(), "/", etag).status_code == 304  # a client has middleware of its own

    def test_a_draft_on_the_desk_changes_nothing(self, client, weekend, django_assert_num_queries):
        etag = ask(client, "/")["ETag"]
        factories.ArticleFactory()

        assert freshness.state() is not None
        assert ask(client, "/", etag).status_code == 304

    def test_head_says_what_get_says(self, client, weekend):
        assert client.head("/")["ETag"] == ask(client, "/")["ETag"]


def writes(session):
    """Name, address and act: everything that changes a page by a write, each after the other."""
    chief = factories.UserFactory(role="chief")
    article = Publication.objects.get().article
    event, series = session.event, session.event.season.series
    yield "/", lambda: factories.publish(title="Noch ein Bericht")
    yield "/nls/", lambda: facts.Series.objects.filter(pk=series.pk).update(description="Neu beschrieben.")
    yield "/artikel/bericht/", lambda: facts.Series.objects.filter(pk=series.pk).update(name="Neue Serie")
    yield "/nls/2026/eifel/", lambda: facts.Event.objects.filter(pk=event.pk).update(note="Achtung!")
    yield "/nls/2026/eifel/rennen/", lambda: facts.Team.objects.update(name="Umbenannt")
    yield "/nls/2026/tabelle/fahrer/", lambda: result(race(event.season, 9), [facts.Driver.objects.get(slug="erika")])
    yield (
        "/nls/2026/tabelle/fahrer/matrix/",
        lambda: facts.Event.objects.filter(slug="herbst").update(name="Herbstpreis"),
    )
    yield "/nls/2026/tabelle/", lambda: facts.Championship.objects.update(name="Neuer Name")
    yield "/nls/2026/", lambda: facts.Event.objects.filter(slug="herbst").update(status="cancelled")
    yield "/nls/kalender.ics", lambda: facts.Session.objects.filter(event__slug="herbst").update(name="Hauptrennen")
    yield "/nls/2026/herbst/", lambda: facts.Session.objects.filter(event__slug="herbst").delete()
    yield "/autor/ada-neu/feeds/rss.xml", lambda: factories.publish(article, note="Falsch war das.")
    yield "/thema/regen/feeds/feed.json", lambda: factories.publish(article, note="Und das auch.")
    yield "/sitemap-artikel-1.xml", lambda: factories.publish(title="Ein dritter Bericht")
    yield "/artikel/bericht/", lambda: workflow.withdraw(article, by=chief, note="Irrtum.")


def test_a_page_that_a_write_has_changed_is_never_304(client, weekend):
    for path, act in writes(weekend):
        before = ask(client, path)
        assert before.status_code == 200, path
        act()
        after = ask(client, path, before["ETag"])
        assert after.status_code in {200, 410}, (path, after.status_code)
        assert after.content != before.content, path


def test_a_table_that_is_taken_back_is_gone_at_once(client, weekend):
    path = "/nls/2026/tabelle/fahrer/"
    etag = ask(client, path)["ETag"]
    facts.Championship.objects.update(public_from=None)

    assert ask(client, path, etag).status_code == 404


def test_a_result_that_is_taken_back_leaves_the_table_at_once(client, weekend):
    path = "/nls/2026/tabelle/fahrer/"
    before = ask(client, path)
    facts.Classification.objects.update(public_until=timezone.now())

    after = ask(client, path, before["ETag"])

    assert (after.status_code, "Noch ist kein Lauf gewertet." in after.content.decode()) == (200, True)


class TestByTheClockAlone:
    """Nothing is written between the two requests: only an instant passes."""

    def passes(self, client, path, instant):
        before = ask(client, path)
        assert ask(client, path, before["ETag"]).status_code == 304
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep_until(%s)", [instant + dt.timedelta(milliseconds=20)])
        return before, ask(client, path, before["ETag"])

    @pytest.mark.parametrize("path", ["/", "/feeds/atom.xml", "/nls/", "/sitemap-artikel-1.xml", "/news-sitemap.xml"])
    def test_a_scheduled_story_appears(self, client, weekend, path):
        instant = timezone.now() + SOON
        factories.publish(title="Pünktlich", slug="puenktlich", lead_event=weekend.event, visible_from=instant)

        before, after = self.passes(client, path, instant)

        assert b"puenktlich" not in before.content
        assert b"puenktlich" in after.content

    def test_a_result_is_released(self, client, weekend):
        instant = timezone.now() + SOON
        session = factories.SessionFactory(event=weekend.event, key="R2", slug="rennen-2")
        factories.ClassificationFactory(
            session=session, rows=[{"position": 1, "entry__team__name": "Siegerteam"}], public_from=instant
        )

        before, after = self.passes(client, "/nls/2026/eifel/rennen-2/", instant)

        assert b"Siegerteam" not in before.content
        assert b"Siegerteam" in after.content

    def test_a_session_starts_and_ends(self, client, weekend):
        start, end = timezone.now() + SOON, timezone.now() + 2 * SOON
        factories.SessionFactory(event=weekend.event, key="F", slug="training", starts_at=start, ends_at=end)

        before, during = self.passes(client, "/nls/2026/eifel/", start)
        _, after = self.passes(client, "/nls/2026/eifel/", end)

        live = b"pill--live"
        assert (live in before.content, live in during.content, live in after.content) == (False, True, False)

    def test_a_pin_of_the_front_page_ends(self, client, weekend):
        factories.publish(title="Das Neueste", slug="neuestes")
        instant = timezone.now() + SOON
        pinned = Publication.objects.get(slug="bericht").article
        pin(article=pinned, slot="lead", until=instant, by=factories.UserFactory(role="chief"))

        before, after = self.passes(client, "/", instant)

        first = [page.content.split(b"card--lead", 1)[1].split(b"</article>")[0] for page in (before, after)]
        assert [b"Der Bericht" in lead for lead in first] == [True, False]

    @pytest.mark.parametrize("path", ["/nls/2026/tabelle/fahrer/", "/nls/2026/tabelle/", "/fahrer/erika/"])
    def test_an_embargo_on_a_scored_result_ends(self, client, weekend, path):
        held = result(race(weekend.event.season, 8), [facts.Driver.objects.get(slug="erika")])
        hold(held, until=SOON)
        instant = facts.Classification.objects.get(pk=held.pk).public_from

        before, after = self.passes(client, path, instant)

        assert after.status_code == 200
        assert before.content != after.content

    def test_a_championship_is_released(self, client, weekend):
        instant = timezone.now() + SOON
        championship(weekend.event.season, key="teams", name="Teamwertung", public_from=instant)

        before, after = self.passes(client, "/nls/2026/tabelle/", instant)

        assert "Teamwertung" not in before.content.decode()
        assert "Teamwertung" in after.content.decode()

    def test_an_event_is_released(self, client, weekend):
        instant = timezone.now() + SOON
        facts.Event.objects.filter(slug="herbst").update(public_from=instant)

        before, after = self.passes(client, "/kalender/", instant)

        assert b"Herbstrennen" not in before.content
        assert b"Herbstrennen" in after.content


class TestTheRelease:
    def test_another_template_is_another_page(self, client, weekend, monkeypatch):
        etag = ask(client, "/")["ETag"]
        before = freshness.state()
        monkeypatch.setattr(freshness, "build", lambda: "neu")

        assert freshness.state() != before
        assert ask(client, "/", etag).status_code == 304  # compared by its content

    def test_a_template_belongs_to_the_build(self, settings, tmp_path):
        for folder in freshness.SOURCES:
            (tmp_path / folder).mkdir()
        settings.BASE_DIR = tmp_path
        digests = set()
        for text in ("eins", "zwei"):
            (tmp_path / "templates" / "base.html").write_text(text)
            freshness.build.cache_clear()
            digests.add(freshness.build())
        freshness.build.cache_clear()
        assert len(digests) == 2

    def test_another_address_of_the_site_is_another_page(self, client, weekend, settings):
        etag = ask(client, "/")["ETag"]
        settings.SITE_URL = "https://neu.example"

        assert ask(client, "/", etag).status_code == 200


class TestCompression:
    def test_both_forms_have_a_tag_of_their_own_and_one_content(self, client, weekend):
        plain = ask(client, "/")
        packed = ask(client, "/", **{"Accept-Encoding": "br;q=1, gzip;q=0.5"})

        assert packed["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.content) == plain.content
        assert packed["ETag"] != plain["ETag"]
        assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"
        assert packed["Content-Length"] == str(len(packed.content))

    def test_the_tag_of_the_packed_form_is_no_good_for_who_cannot_unpack(self, client, weekend):
        packed = ask(client, "/", **{"Accept-Encoding": "gzip"})

        assert ask(client, "/", packed["ETag"], **{"Accept-Encoding": "gzip"}).status_code == 304
        assert ask(client, "/", packed["ETag"]).status_code == 200
        assert ask(client, "/", packed["ETag"], **{"Accept-Encoding": "gzip;q=0"}).status_code == 200

    def test_the_desk_is_neither_packed_nor_tagged(self, admin_client):
        page = ask(admin_client, "/admin/", **{"Accept-Encoding": "gzip"})

        assert not page.has_header("Content-Encoding")
        assert not freshness_tag(page)


def freshness_tag(page):
    return "." in page.get("ETag", "")


class TestTags:
    def test_a_tag_is_good_for_its_own_address_only(self, client, weekend):
        etag = ask(client, "/nls/2026/eifel/")["ETag"]

        assert ask(client, "/nls/2026/herbst/", etag).status_code == 200
        assert ask(client, "/nls/2026/eifel/?x=1", etag).status_code == 304  # by its content, not by its address

    def test_a_hidden_page_answers_404_to_every_tag(self, client, weekend):
        etag = ask(client, "/nls/2026/herbst/")["ETag"]
        facts.Event.objects.filter(slug="herbst").update(public_from=None)

        assert ask(client, "/nls/2026/herbst/", etag).status_code == 404


class TestWatching:
    def test_every_table_that_readers_see_is_watched(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'readers_see'")
            present = {name.strip('"') for (name,) in cursor.fetchall()}

        assert present == {model._meta.db_table for model in freshness.watched()}

    def test_borders_are_known_by_their_names(self):
        known = {(model.__name__, field.name) for model in freshness.watched() for field in freshness.borders(model)}

        assert {
            ("Publication", "visible_from"), ("Publication", "visible_until"), ("Event", "public_from"),
            ("Session", "public_from"), ("Session", "starts_at"), ("Session", "ends_at"),
            ("Classification", "public_from"), ("Classification", "public_until"), ("Decision", "public_from"),
            ("LapSet", "public_from"), ("Entry", "public_from"), ("FrontPin", "until"), ("PageVersion", "visible_from"),
        } <= known  # fmt: skip

    def test_what_is_named_as_the_desks_exists(self):
        labels = {model._meta.label_lower for model in apps.get_models()}
        assert labels >= freshness.DESK_ONLY


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def state(self):
        with transaction.atomic():
            return freshness.state()

    def test_a_write_is_seen_when_it_is_committed(self):
        factories.SeriesFactory(slug="nls")
        before = freshness.state()
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("BEGIN")
                cursor.execute("UPDATE results_series SET description = 'neu'")
                cursor.execute("UPDATE results_series SET description = 'neuer'")
                assert freshness.state() == before
                cursor.execute("COMMIT")
        finally:
            other.close()
        assert freshness.state() != before

    def test_marks_are_few_and_a_state_never_comes_back(self):
        states = set()
        for number in range(450):
            facts.Series.objects.filter(pk=0).update(name=str(number))
            states.add(freshness.state())
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM racedesk_change")
            (marks,) = cursor.fetchone()

        assert len(states) == 450
        assert marks <= 201
