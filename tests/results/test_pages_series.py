"""The pages of a series and a season: what comes next, what was, and nothing stale."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from results.models import Session
from tests.factories import (
    CircuitFactory,
    ClassificationFactory,
    DriverFactory,
    EventFactory,
    SeasonFactory,
    SeriesFactory,
    SessionFactory,
)

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split())


def box(response):
    """The words of the box of the next event."""
    page = response.content.decode()
    inside = page.partition("box--next")[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", inside.partition(">")[2]).split())


def weekend(season, name, *, start, **values):
    """An event of two days around a race that starts at `start` and lasts two hours."""
    zone = EventFactory.build(**values).zone
    day = start.astimezone(zone).date()
    event = EventFactory(season=season, name=name, starts_on=day - DAY, ends_on=day, **values)
    SessionFactory(event=event, starts_at=start, ends_at=start + 2 * HOUR)
    return event


def test_series_detail_shows_the_next_event_with_its_sessions(client):
    season = SeasonFactory()
    event = EventFactory(
        season=season,
        name="6 Stunden vom Nürburgring",
        circuit=CircuitFactory(name="Nürburgring"),
        starts_on=dt.date(2060, 5, 22),
        ends_on=dt.date(2060, 5, 23),
    )
    start = dt.datetime(2060, 5, 22, 7, 35, tzinfo=dt.UTC)
    SessionFactory(event=event, name="Qualifying", kind="qualifying", starts_at=start)
    SessionFactory(event=event, name="Rennen", starts_at=start + DAY)

    shown = box(client.get(season.series.get_absolute_url()))

    assert shown == (
        "Nächstes Event 6 Stunden vom Nürburgring 22.–23. Mai 2060 · Nürburgring "
        "Sa. 09:35 Uhr Qualifying So. 09:35 Uhr Rennen"
    )


def test_series_detail_marks_the_zone_where_it_is_not_the_german_one(client):
    season = SeasonFactory()
    weekend(season, "Fuji", start=dt.datetime(2060, 9, 12, 2, tzinfo=dt.UTC), time_zone="Asia/Tokyo")

    shown = box(client.get(season.series.get_absolute_url()))

    assert "Ortszeit (UTC+9)" in shown
    assert "So. 11:00 Uhr 04:00 Uhr MESZ Rennen" in shown


def test_series_detail_prefers_the_running_event_and_marks_it_live(client):
    season = SeasonFactory()
    now = timezone.now()
    weekend(season, "Läuft", start=now - HOUR)
    weekend(season, "Danach", start=now + 7 * DAY)

    shown = box(client.get(season.series.get_absolute_url()))

    assert "Läuft" in shown
    assert shown.endswith("Rennen live")


def test_series_detail_moves_on_when_the_last_session_has_ended(client):
    season = SeasonFactory()
    now = timezone.now()
    weekend(season, "Vorbei", start=now - 3 * HOUR)
    weekend(season, "Danach", start=now + 7 * DAY)

    shown = box(client.get(season.series.get_absolute_url()))

    assert "Danach" in shown
    assert "Vorbei" not in shown


def test_series_detail_stays_with_an_event_whose_programme_does_not_reach_its_last_day(client):
    season = SeasonFactory()
    now = timezone.now()
    zone = EventFactory.build().zone
    today = now.astimezone(zone).date()
    event = EventFactory(season=season, name="Noch nicht", starts_on=today - DAY, ends_on=today + DAY)
    SessionFactory(event=event, starts_at=now - 30 * HOUR, ends_at=now - 29 * HOUR)

    assert "Noch nicht" in box(client.get(season.series.get_absolute_url()))


def test_series_detail_counts_days_at_the_venue(client):
    """An event without programme ends with its last day where it takes place, not in UTC."""
    season = SeasonFactory()
    now = timezone.now()
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):  # 25 hours apart
        local = now.astimezone(EventFactory.build(time_zone=zone).zone).date()
        EventFactory(season=season, name=f"Heute {zone}", starts_on=local, ends_on=local, time_zone=zone)
        EventFactory(season=season, name=f"Gestern {zone}", starts_on=local - DAY, ends_on=local - DAY, time_zone=zone)

    assert "Heute Pacific/Niue" in box(client.get(season.series.get_absolute_url()))


def test_series_detail_passes_over_cancelled_postponed_and_hidden_events(client):
    season = SeasonFactory()
    now = timezone.now()
    weekend(season, "Abgesagt", start=now + DAY, status="cancelled")
    weekend(season, "Verschoben", start=now + 2 * DAY, status="postponed")
    weekend(season, "Geheim", start=now + 3 * DAY, public_from=None)
    weekend(season, "Richtig", start=now + 4 * DAY)

    assert "Richtig" in box(client.get(season.series.get_absolute_url()))


def test_series_detail_does_not_wait_for_a_cancelled_session(client):
    season = SeasonFactory()
    now = timezone.now()
    event = weekend(season, "Vorbei", start=now - 3 * HOUR)
    SessionFactory(event=event, starts_at=now + 30 * 60 * dt.timedelta(seconds=1), status="cancelled")

    assert box(client.get(season.series.get_absolute_url())) == ""


def test_series_detail_links_the_result_in_the_box_once_it_is_there(client):
    season = SeasonFactory()
    now = timezone.now()
    event = weekend(season, "Läuft", start=now + HOUR)
    qualifying = SessionFactory(event=event, name="Qualifying", starts_at=now - 3 * HOUR, ends_at=now - 2 * HOUR)
    before = box(client.get(season.series.get_absolute_url()))
    ClassificationFactory(session=qualifying, rows=[{"position": 1}])

    after = client.get(season.series.get_absolute_url())

    assert "Qualifying beendet" in before
    assert "Qualifying Ergebnis" in box(after)
    assert f'href="{Session.objects.get(name="Qualifying").get_absolute_url()}"' in after.content.decode()


def test_series_detail_lists_the_latest_results_newest_first(client):
    season = SeasonFactory()
    for day, name in ((1, "Alt"), (8, "Neu")):
        event = EventFactory(season=season, name=name)
        race = SessionFactory(event=event, starts_at=dt.datetime(2021, 5, day, 10, tzinfo=dt.UTC))
        driver = DriverFactory(first_name="", last_name=f"Sieger{name}")
        ClassificationFactory(session=race, rows=[{"position": 1, "entry__crew": [driver]}])

    page = words(client.get(season.series.get_absolute_url()))

    assert re.search(r"Neu: Rennen Sieger SiegerNeu .* Alt: Rennen SiegerAlt", page)


def test_series_detail_says_that_a_first_place_is_vacant(client):
    race = SessionFactory()
    rows = [{"position": None, "status": "dsq"}, {"position": 2, "class_position": 1}]
    ClassificationFactory(session=race, rows=rows)

    page = words(client.get(race.event.season.series.get_absolute_url()))

    assert "Platz eins nicht vergeben" in page


def test_series_detail_exists_only_through_a_public_event(client):
    never = client.get("/nie-gewesen/")
    empty = SeriesFactory()
    hidden = EventFactory(public_from=timezone.now() + DAY).season.series

    for series in (empty, hidden):
        response = client.get(series.get_absolute_url())
        assert (response.status_code, response.content) == (404, never.content)


def test_series_detail_keeps_hidden_series_and_seasons_out_of_the_navigation(client):
    public = EventFactory().season
    hidden = EventFactory(season__series__name="Nadelserie", public_from=None)
    EventFactory(season=SeasonFactory(series=public.series, label="2099"), public_from=None)

    page = client.get(public.series.get_absolute_url()).content.decode()

    assert hidden.season.series.name not in page
    assert "2099" not in page


@pytest.mark.parametrize("events", [1, 30])
def test_series_detail_takes_nine_queries_whatever_the_archive(client, django_assert_num_queries, events):
    series = SeriesFactory()
    now = timezone.now()
    for number in range(events):
        season = SeasonFactory(series=series, label=str(1990 + number))
        weekend(season, "Vorher", start=now - (number + 3) * DAY)
        ClassificationFactory(session=Session.objects.latest("pk"), rows=[{"position": 1}])
        weekend(season, "Nachher", start=now + (number + 3) * DAY)

    with django_assert_num_queries(9):
        assert client.get(series.get_absolute_url()).status_code == 200


def test_season_detail_lists_events_in_order_with_winners_and_state(client):
    season = SeasonFactory()
    undated = EventFactory(season=season, name="Irgendwann", starts_on=None, ends_on=None)
    ahead = weekend(season, "Später", start=timezone.now() + 9 * DAY)
    off = EventFactory(season=season, name="Fällt aus", status="cancelled")
    race = SessionFactory(event=EventFactory(season=season, name="War schon", starts_on=dt.date(2021, 5, 1)))
    driver = DriverFactory(first_name="Erika", last_name="Sieg")
    ClassificationFactory(session=race, rows=[{"position": 1, "entry__crew": [driver], "entry__number": "9"}])

    page = words(client.get(season.get_absolute_url()))

    places = [page.index(name) for name in ("War schon", off.name, ahead.name, undated.name)]
    assert places == sorted(places)
    assert re.search(r"War schon .* beendet Rennen : Erika Sieg #9", page)
    assert re.search(r"Fällt aus \S+ \d+ abgesagt", page)
    assert "Termin offen Irgendwann" in page


def test_season_detail_answers_for_a_hidden_one_as_for_none(client):
    never = client.get("/nie/2021/")

    response = client.get(EventFactory(public_from=None).season.get_absolute_url())

    assert (response.status_code, response.content) == (404, never.content)


@pytest.mark.parametrize("events", [1, 30])
def test_season_detail_takes_eight_queries_whatever_the_calendar(client, django_assert_num_queries, events):
    season = SeasonFactory()
    for _ in range(events):
        race = SessionFactory(event=EventFactory(season=season))
        ClassificationFactory(session=race, rows=[{"position": 1}])

    with django_assert_num_queries(8):  # the last one looks for what comes next
        assert client.get(season.get_absolute_url()).status_code == 200
