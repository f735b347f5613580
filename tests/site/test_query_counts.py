"""What each page costs in queries, exactly: the same for one thing of everything and for thirty.

Every public address and every list of the desk has a line; a new one without a line fails.
"""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles import models as stories
from articles import workflow
from results import models as facts
from results.importers.loading.summaries import write_summaries
from tests import factories
from tests.results.standings.made import championship
from tests.site.addresses import public_addresses

pytestmark = pytest.mark.django_db


def a_season(number):
    """A public series with that many events, sessions, cars in a result, and stories about one of its weekends."""
    season = factories.SeasonFactory(series__slug="nls", slug="2026")
    event = factories.EventFactory(season=season, slug="eifel")
    to_come = timezone.localdate() + dt.timedelta(days=3)
    for coming in factories.EventFactory.create_batch(number, season=season, starts_on=to_come, ends_on=to_come):
        factories.SessionFactory(event=coming, starts_at=timezone.now() + dt.timedelta(days=3))
    for n in range(number):
        factories.BroadcastFactory(event=event, channel=f"Kanal {n}")
        factories.BroadcastFactory(event=coming, channel=f"Kanal {n}")
    factories.ArchiveSpanFactory(first_season=season)
    session = factories.SessionFactory(event=event, slug="rennen")
    team = factories.TeamFactory(slug="werksteam")
    make = factories.ManufacturerFactory(slug="werke")
    drivers = factories.DriverFactory.create_batch(number)
    facts.Driver.objects.filter(pk=drivers[0].pk).update(slug="erika")
    cars = [
        {"position": n + 1, "entry__crew": [driver], "entry__team": team, "entry__car_model__manufacturer": make}
        for n, driver in enumerate(drivers)
    ]
    factories.ClassificationFactory(session=session, rows=[*cars, {"position": None, "status": "dnf"}])
    for car in session.session_entries.all():
        factories.drive(car, 100_000, 100_000)
    write_summaries(session)
    first = session.session_entries.order_by("pk").first()
    facts.Entry.objects.filter(pk=first.entry_id).update(number="eins")
    for other in factories.SessionFactory.create_batch(number, event=event):
        factories.ClassificationFactory(session=other, rows=[{"position": 1, "entry__crew": [drivers[0]]}])
    for n in range(number):
        championship(season, key=f"wertung-{n}", rules={"scores": [{"table": ["10"], "rest": "1"}]})
    for n in range(number):
        table = factories.PrintedStandingFactory(season=season, name=f"Wertung {n}")
        factories.PrintedStandingRowFactory(standing=table)
    facts.Circuit.objects.filter(pk=event.circuit.pk).update(slug="nordschleife")
    factories.LayoutFactory.create_batch(1, circuit=event.circuit)
    for _ in range(number):
        factories.publish(lead_event=event, authors=factories.AuthorFactory.create_batch(2))
    article = factories.ArticleFactory(title="Bericht", lead_event=event)
    article.tags.add(*factories.TagFactory.create_batch(number), factories.TagFactory(name="Regen"))
    article.authors.add(factories.AuthorFactory(name="Feder"), through_defaults={"position": 2})
    article.tags.add(*factories.TagFactory.create_batch(number), factories.TagFactory(name="Thema eins"))
    eva = factories.AuthorFactory(name="Eva", portrait=factories.ImageFactory())
    stories.Byline.objects.create(article=article, author=eva, position=9)
    for _ in range(number):
        factories.SidebarItemFactory(article=article, kind="classification", session=session)
        factories.SidebarItemFactory(article=article, kind="next_event", series=season.series)
    factories.publish(article)
    factories.publish(article, note="Berichtigt.")
    for n in range(number):
        other = factories.publish(lead_event=event, title=f"Bericht {n}").article
        factories.publish(other, note="Berichtigt.")


# The address with an example of its arguments, and what it asks.
PUBLIC = {
    "healthz": ("/healthz", 0),
    "articles:home": ("/", 8),
    "articles:article-detail": ("/artikel/bericht/", 5),
    "articles:feed-rss": ("/feeds/rss.xml", 2),
    "articles:feed-atom": ("/feeds/atom.xml", 2),
    "articles:feed-json": ("/feeds/feed.json", 2),
    "articles:series-feed-rss": ("/nls/feeds/rss.xml", 3),
    "articles:series-feed-atom": ("/nls/feeds/atom.xml", 3),
    "articles:series-feed-json": ("/nls/feeds/feed.json", 3),
    "articles:author-feed-rss": ("/autor/feder/feeds/rss.xml", 3),
    "articles:author-feed-atom": ("/autor/feder/feeds/atom.xml", 3),
    "articles:author-feed-json": ("/autor/feder/feeds/feed.json", 3),
    "articles:tag-feed-rss": ("/thema/regen/feeds/rss.xml", 3),
    "articles:tag-feed-atom": ("/thema/regen/feeds/atom.xml", 3),
    "articles:tag-feed-json": ("/thema/regen/feeds/feed.json", 3),
    "articles:sitemap": ("/sitemap.xml", 11),
    "articles:sitemap-part": ("/sitemap-artikel-1.xml", 1),
    "articles:news-sitemap": ("/news-sitemap.xml", 1),
    "articles:author": ("/autor/eva/", 5),
    "articles:tag": ("/thema/thema-eins/", 4),
    "articles:archive": ("/archiv/?serie=nls&art=report&autor=eva&thema=thema-eins", 11),
    "articles:archive-year": (f"/archiv/{timezone.localdate().year}/", 9),
    "articles:archive-month": (f"/archiv/{timezone.localdate():%Y/%m}/", 9),
    "articles:search": ("/suche/?q=bericht", 9),
    "articles:corrections": ("/korrekturen/", 2),
    "articles:impressum": ("/impressum/", 2),
    "articles:datenschutz": ("/datenschutz/", 2),
    "articles:barrierefreiheit": ("/barrierefreiheit/", 2),
    "articles:robots": ("/robots.txt", 0),
    "articles:security": ("/.well-known/security.txt", 0),
    "results:calendar": ("/kalender/", 7),
    "results:calendar-ics": ("/kalender.ics", 3),
    "results:series-calendar-ics": ("/nls/kalender.ics", 4),
    "results:driver-list": ("/fahrer/", 2),
    "results:driver-detail": ("/fahrer/erika/", 13),
    "results:team-list": ("/team/", 2),
    "results:team-detail": ("/team/werksteam/", 8),
    "results:manufacturer-list": ("/hersteller/", 2),
    "results:manufacturer-detail": ("/hersteller/werke/", 7),
    "results:circuit-list": ("/strecke/", 2),
    "results:circuit-detail": ("/strecke/nordschleife/", 10),
    "results:series-detail": ("/nls/", 16),
    "results:series-records": ("/nls/rekorde/?rekord=poles&nach=teams", 5),
    "results:series-records-export": ("/nls/rekorde.csv", 4),
    "results:season-detail": ("/nls/2026/", 16),
    "results:standings": ("/nls/2026/tabelle/", 9),
    "results:standing": ("/nls/2026/tabelle/wertung-0/", 11),
    "results:standing-export": ("/nls/2026/tabelle/wertung-0.csv", 10),
    "results:standing-matrix": ("/nls/2026/tabelle/wertung-0/matrix/", 12),
    "results:standing-matrix-export": ("/nls/2026/tabelle/wertung-0/matrix.json", 11),
    "results:points-ledger": ("/nls/2026/tabelle/wertung-0/punkte/erika/", 12),
    "results:points-ledger-export": ("/nls/2026/tabelle/wertung-0/punkte/erika.json", 11),
    "results:title": ("/nls/2026/tabelle/wertung-0/titel/", 23),
    "results:session-charts": ("/nls/2026/eifel/rennen/grafik/?bild=stints", 6),
    "results:session-chart-svg": ("/nls/2026/eifel/rennen/grafik/positionen.svg", 4),
    "results:event-detail": ("/nls/2026/eifel/", 18),
    "results:session-detail": ("/nls/2026/eifel/rennen/", 15),
    "results:session-history": ("/nls/2026/eifel/rennen/verlauf/?von=1&bis=1", 6),
    "results:session-history-export": ("/nls/2026/eifel/rennen/verlauf.json?von=1&bis=1", 5),
    "results:entry-list": ("/nls/2026/eifel/starterliste/", 5),
    "results:entry-list-export": ("/nls/2026/eifel/starterliste.csv", 3),
    "results:session-export": ("/nls/2026/eifel/rennen/ergebnis.xlsx", 5),
    "results:session-laps": ("/nls/2026/eifel/rennen/runden/", 4),
    "results:car-laps": ("/nls/2026/eifel/rennen/runden/eins/", 7),
    "results:head-to-head": ("/nls/2026/eifel/rennen/vergleich/", 8),
}
ASKED_ELSEWHERE = {"articles:media"}  # a file has no list in it: tests/articles/test_media.py
ASKED_ELSEWHERE |= {"articles:preview", "articles:preview-media"}  # secret, few ask: tests/articles/test_previews.py
ASKED_ELSEWHERE |= {"results:title-game"}  # needs a race to come: tests/results/standings/test_title_page.py

# Who fills the list, and what it asks: session and person, count, page, and what its filters and columns need.
LISTS = {
    Group: (lambda: Group.objects.create(name=f"Gruppe {Group.objects.count()}"), 5),
    User: (factories.UserFactory, 6),
    stories.Article: (factories.ArticleFactory, 9),
    stories.Author: (factories.AuthorFactory, 5),
    stories.FrontPin: (lambda: pin(factories.ArticleFactory()), 5),
    stories.Page: (lambda: None, 5),
    stories.Image: (factories.ImageFactory, 6),
    stories.Publication: (factories.publish, 4),
    stories.Revision: (factories.publish, 4),
    stories.Tag: (factories.TagFactory, 5),
    stories.Act: (lambda: workflow.submit(factories.ArticleFactory(), by=factories.UserFactory(role="reporter")), 5),
    stories.Withdrawal: (lambda: withdraw(factories.publish()), 5),
    facts.ArchiveSpan: (factories.ArchiveSpanFactory, 5),
    facts.CarModel: (factories.CarModelFactory, 6),
    facts.Championship: (factories.ChampionshipFactory, 6),
    facts.ChampionshipDecision: (factories.ChampionshipDecisionFactory, 6),
    facts.Circuit: (factories.CircuitFactory, 5),
    facts.Classification: (factories.ClassificationFactory, 6),
    facts.Cup: (factories.CupFactory, 6),
    facts.DeletedFacts: (
        lambda: facts.DeletedFacts.objects.create(name="x", kind="y", rows=[], deleted_by=factories.UserFactory()),
        5,
    ),
    facts.DistinctPair: (factories.DistinctPairFactory, 5),
    facts.IdentityChange: (factories.IdentityChangeFactory, 5),
    facts.Decision: (factories.DecisionFactory, 6),
    facts.Driver: (factories.DriverFactory, 5),
    facts.Entry: (factories.EntryFactory, 6),
    facts.SessionEntry: (factories.SessionEntryFactory, 6),
    facts.Event: (factories.EventFactory, 6),
    facts.ImportRun: (factories.ImportRunFactory, 5),
    facts.LapDeletion: (factories.LapDeletionFactory, 6),
    facts.LapSet: (factories.LapSetFactory, 5),
    facts.Layout: (factories.LayoutFactory, 5),
    facts.Manufacturer: (factories.ManufacturerFactory, 5),
    facts.PrintedStanding: (factories.PrintedStandingFactory, 6),
    facts.RaceControlMessage: (factories.RaceControlMessageFactory, 6),
    facts.RacingClass: (factories.RacingClassFactory, 6),
    facts.ScoringEvent: (factories.ScoringEventFactory, 6),
    facts.Season: (factories.SeasonFactory, 6),
    facts.Series: (factories.SeriesFactory, 5),
    facts.Session: (factories.SessionFactory, 8),  # two for the decisions that are not applied
    facts.SourceDocument: (factories.SourceDocumentFactory, 6),
    facts.Team: (factories.TeamFactory, 5),
    facts.WeatherReading: (factories.WeatherReadingFactory, 6),
}


def pin(article):
    until = timezone.now() + dt.timedelta(days=1)
    stories.FrontPin.objects.create(article=article, slot="lead", until=until)


def withdraw(publication):
    workflow.withdraw(publication.article, by=factories.UserFactory(role="chief"), note="Stimmt nicht.")


@pytest.mark.parametrize("number", [1, 30])
def test_public_pages_cost_the_same_for_few_and_for_many(client, number):
    a_season(number)

    assert {name: queries_of(client, path) for name, (path, _) in PUBLIC.items()} == {
        name: queries for name, (_, queries) in PUBLIC.items()
    }


def queries_of(client, path):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(path).status_code == 200
    return len(asked)


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize("model", LISTS, ids=lambda model: model.__name__)
def test_a_list_of_the_desk_costs_the_same_for_few_and_for_many(admin_client, django_assert_num_queries, model, number):
    make, queries = LISTS[model]
    for _ in range(number):
        make()

    with django_assert_num_queries(queries):
        response = admin_client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))

    assert response.context["cl"].result_count >= (3 if model is stories.Page else number)


def test_every_public_address_and_every_list_has_a_line():
    assert {address.name for address in public_addresses()} == PUBLIC.keys() | ASKED_ELSEWHERE
    assert admin.site._registry.keys() == LISTS.keys()
