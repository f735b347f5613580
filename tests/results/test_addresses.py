"""Words of our own routes are no addresses of seasons, events and sessions: not by form, not by file."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from results.admin.forms import EventForm, SeasonForm, SessionForm
from results.importers.loading.bench import Bench
from results.models import Event, Season, Session
from results.names import free_slug
from tests.factories import EventFactory, SeasonFactory, SessionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("factory", "word"),
    [
        (SeasonFactory, "feeds"),
        (SeasonFactory, "kalender"),
        (EventFactory, "kalender"),
        (SessionFactory, "starterliste"),
    ],
)
def test_a_word_of_our_routes_is_refused(factory, word):
    thing = factory()
    thing.slug = word

    with pytest.raises(ValidationError, match=f"Die Adresse „{word}“ gehört der Website selbst."):
        thing.full_clean()


@pytest.mark.parametrize(
    ("form", "factory", "values", "made"),
    [
        (SeasonForm, SeasonFactory, {"label": "Kalender"}, "kalender-2"),
        (EventForm, EventFactory, {"name": "Kalender"}, "kalender-2"),
        (SessionForm, SessionFactory, {"name": "Starterliste"}, "starterliste-2"),
    ],
)
def test_an_address_made_from_a_name_avoids_the_word(form, factory, values, made):
    instance = factory()

    class WithSlug(form):
        class Meta:
            model = factory._meta.model
            fields = ("slug", *values)

    bound = WithSlug({"slug": "", "time_zone": "Europe/Berlin", **values}, instance=instance)
    bound.is_valid()

    assert bound.cleaned_data["slug"] == made


@pytest.mark.parametrize(
    ("model", "values", "made"),
    [
        (Season, {"label": "feeds"}, "feeds-2"),
        (Event, {"name": "Kalender"}, "kalender-2"),
        (Session, {"name": "Starterliste", "key": "S", "kind": "practice"}, "starterliste-2"),
    ],
)
def test_an_import_gives_another_address(model, values, made):
    season = SeasonFactory()
    parents = {
        Season: {"series": season.series},
        Event: {
            "season": season,
            "time_zone": "Europe/Berlin",
            "starts_on": dt.date(2026, 5, 1),
            "ends_on": dt.date(2026, 5, 1),
        },
        Session: {"event": EventFactory(season=season)},
    }
    bench = Bench()
    thing = bench.add(model(**parents[model], **values))

    bench.give_addresses()

    assert thing.slug == made


def test_a_free_address_counts_up_and_stays_within_its_length():
    assert free_slug("Ä b", {"ae-b", "ae-b-2"}) == "ae-b-3"
    assert free_slug("x" * 90, {"x" * 80}) == f"{'x' * 78}-2"
