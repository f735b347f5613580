"""Laps that are held back while the result of their session is public: no time of theirs on any page or in any file."""

import datetime as dt
import re

import pytest
from django.test import Client
from django.utils import timezone

from articles import workflow
from articles.models import Article, Author, Byline, SidebarItem
from results import models as facts
from results.importers.loading.summaries import write_summaries
from tests import factories
from tests.site.test_leaks import PLACES, World, media, preview_media, previews, said_by

pytestmark = pytest.mark.django_db

SECRET = re.compile(r"(?<!\d)(?:1:46[,.]777|106[.]?777|1:47[,.]333|107[.]?333)(?!\d)")
SECRETS = (106_777, 107_333, 106_777)


@pytest.fixture
def world():
    """Two cars in a public result that says nothing of their laps, and a story with a box of their lap times."""
    session = factories.SessionFactory(key="R", name="Rennen")
    cars = [
        factories.SessionEntryFactory(
            session=session,
            entry=factories.EntryFactory(event=session.event, number=number, crew=[factories.DriverFactory()]),
        )
        for number in ("7", "8")
    ]
    rows = [{"position": place, "session_entry": car, "laps": 3} for place, car in enumerate(cars, start=1)]
    factories.ClassificationFactory(session=session, rows=rows)
    for car in cars:
        factories.drive(car, *SECRETS)
    write_summaries(session)
    chief = factories.UserFactory(role="chief")
    article = Article.objects.create(
        title="Bericht", slug="bericht", standfirst="Kurz.", body="<p>Lang.</p>", lead_event=session.event
    )
    Byline.objects.create(article=article, author=Author.objects.create(name="Eva Feder"))
    SidebarItem.objects.create(article=article, kind="lap_times", session=session, cars="7, 8")
    workflow.publish(article, by=chief)
    return World(chief, session, factories.TagFactory(), Author.objects.get(), cars[0])


def pages_with_a_time(world):
    skipped = {media, previews, preview_media}
    paths = {path for place in PLACES.values() if place not in skipped for path in place(world)}
    paths.add(f"{world.session.get_absolute_url()}vergleich/?a=7&b=8")
    return {path for path in paths if SECRET.search(said_by(Client().get(path)))}


def test_they_show_nowhere(world):
    open_to_all = pages_with_a_time(world)
    for public_from in (None, timezone.now() + dt.timedelta(days=1)):
        facts.LapSet.objects.update(public_from=public_from)

        assert pages_with_a_time(world) == set()
    assert {"/artikel/bericht/", f"{world.session.get_absolute_url()}runden/"} <= open_to_all
