"""The page of an event: programme, winners, broadcasts, and the banner of its note."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from tests.factories import (
    BroadcastFactory,
    ClassificationFactory,
    DriverFactory,
    EventFactory,
    RacingClassFactory,
    SessionFactory,
    TeamFactory,
)

pytestmark = pytest.mark.django_db


def words(response):
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode().partition("<main")[2]).split())


def test_event_detail_shows_the_programme_in_venue_time_with_the_german_time_beside_it(client):
    event = EventFactory(time_zone="Asia/Bahrain")
    SessionFactory(
        event=event, name="Qualifying", kind="qualifying", starts_at=dt.datetime(2021, 11, 5, 13, 10, tzinfo=dt.UTC)
    )

    page = words(client.get(event.get_absolute_url()))

    assert "Ortszeit (UTC+3)" in page
    assert "Freitag, 5. November 2021 16:10 Uhr 14:10 Uhr MEZ Qualifying" in page


def test_event_detail_names_the_german_day_where_it_is_another(client):
    event = EventFactory(time_zone="Asia/Tokyo")
    SessionFactory(event=event, starts_at=dt.datetime(2026, 5, 23, 22, 30, tzinfo=dt.UTC))

    page = words(client.get(event.get_absolute_url()))

    assert "Sonntag, 24. Mai 2026 07:30 Uhr 00:30 Uhr MESZ" in page


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Europe/Rome"])
def test_event_detail_shows_one_time_where_clocks_agree(client, zone):
    event = EventFactory(time_zone=zone)
    SessionFactory(event=event, starts_at=dt.datetime(2026, 5, 23, 7, 35, tzinfo=dt.UTC))

    page = words(client.get(event.get_absolute_url()))

    assert "Deutsche Zeit" in page
    assert "09:35 Uhr Rennen" in page


def test_event_detail_lets_a_race_over_the_october_change_last_as_long_as_it_does(client):
    event = EventFactory()
    start, end = dt.datetime(2026, 10, 24, 13, tzinfo=dt.UTC), dt.datetime(2026, 10, 25, 13, tzinfo=dt.UTC)
    SessionFactory(event=event, name="Start", starts_at=start, ends_at=end)
    SessionFactory(event=event, name="Siegerehrung", starts_at=end)

    page = words(client.get(event.get_absolute_url()))

    assert "Samstag, 24. Oktober 2026 15:00 Uhr Start" in page
    assert "Sonntag, 25. Oktober 2026 14:00 Uhr Siegerehrung" in page


def test_event_detail_says_where_time_or_day_is_open(client):
    event = EventFactory()
    SessionFactory(event=event, name="Training", starts_at=None, local_date=dt.date(2030, 5, 4))
    SessionFactory(event=event, name="Rennen", starts_at=None, local_date=None)

    page = words(client.get(event.get_absolute_url()))

    assert "Samstag, 4. Mai 2030 Zeit offen Training" in page
    assert "Termin offen Termin offen Rennen" in page


def test_event_detail_says_how_each_session_stands(client):
    event = EventFactory()
    now = timezone.now()
    hour = dt.timedelta(hours=1)
    SessionFactory(event=event, name="Eins", sequence=1, starts_at=now - 9 * hour, ends_at=now - 8 * hour)
    done = SessionFactory(event=event, name="Zwei", sequence=2, starts_at=now - 7 * hour, ends_at=now - 6 * hour)
    SessionFactory(event=event, name="Drei", sequence=3, starts_at=now - hour, ends_at=now + hour)
    SessionFactory(event=event, name="Vier", sequence=4, starts_at=now + 2 * hour, status="cancelled")
    SessionFactory(event=event, name="Fünf", sequence=5, starts_at=now + 3 * hour, status="postponed")
    SessionFactory(event=event, name="Sechs", sequence=6, starts_at=now + 4 * hour)
    ClassificationFactory(session=done, rows=[{"position": 1}])

    programme = words(client.get(event.get_absolute_url())).partition("Zeitplan")[2]

    stands = re.findall(r"(Eins|Zwei|Drei|Vier|Fünf|Sechs) (beendet|Ergebnis|live|abgesagt|verschoben)?", programme)
    assert stands == [
        ("Eins", "beendet"),
        ("Zwei", "Ergebnis"),
        ("Drei", "live"),
        ("Vier", "abgesagt"),
        ("Fünf", "verschoben"),
        ("Sechs", ""),
    ]


def test_event_detail_names_the_winner_and_those_of_the_other_classes(client):
    session = SessionFactory()
    series = session.event.season.series
    fast, slow = (RacingClassFactory(series=series, name=name, sequence=n) for n, name in enumerate(("GT3", "GT4")))
    drivers = [DriverFactory(first_name="", last_name=name) for name in ("Erste", "Zweite", "Dritte")]
    rows = [
        {"position": 1, "class_position": 1, "entry__racing_class": fast, "entry__crew": drivers[:1]},
        {"position": 2, "class_position": 2, "entry__racing_class": fast, "entry__crew": drivers[1:2]},
        {"position": 3, "class_position": 1, "entry__racing_class": slow, "entry__crew": drivers[2:]},
    ]
    ClassificationFactory(session=session, rows=rows)

    results = words(client.get(session.event.get_absolute_url())).partition("Zeitplan")[0]

    assert re.search(r"Sieger Erste .* GT4 Dritte", results)
    assert "Zweite" not in results


def test_event_detail_keeps_an_embargoed_winner_back(client):
    session = SessionFactory()
    later = timezone.now() + dt.timedelta(hours=1)
    ClassificationFactory(
        session=session, public_from=later, rows=[{"position": 1, "entry__team": TeamFactory(name="Nadelteam")}]
    )

    page = words(client.get(session.event.get_absolute_url()))

    assert "Nadelteam" not in page
    assert "Ergebnisse" not in page.replace("Korrekturen Ergebnisse Rennkalender", "")  # of the footer


def test_event_detail_hides_what_is_not_public(client):
    event = EventFactory()
    SessionFactory(event=event, name="Geheimtest", public_from=None)

    assert "Geheimtest" not in words(client.get(event.get_absolute_url()))


def test_event_detail_shows_the_note_as_a_banner(client):
    event = EventFactory(note="Diese Veranstaltung ist erfunden.")

    assert "Hinweis: Diese Veranstaltung ist erfunden." in words(client.get(event.get_absolute_url()))


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("cancelled", "Diese Veranstaltung findet nicht statt."),
        ("postponed", "Ein neuer Termin steht noch nicht fest."),
    ],
)
def test_event_detail_says_that_it_does_not_take_place(client, status, sentence):
    assert sentence in words(client.get(EventFactory(status=status).get_absolute_url()))


def test_event_detail_lists_broadcasts_of_sessions_and_of_the_whole_event(client):
    session = SessionFactory()
    start = dt.datetime(2026, 5, 23, 7, 35, tzinfo=dt.UTC)
    BroadcastFactory(event=session.event, session=session, channel="Sport 1", starts_at=start)
    BroadcastFactory(event=session.event, channel="Serien-App", kind="stream", note="kostenpflichtig")

    page = words(client.get(session.event.get_absolute_url()))

    assert "Fernsehen: Sport 1, Sa. 09:35 Uhr MESZ" in page
    assert "Stream: Serien-App, kostenpflichtig" in page


def test_event_detail_links_a_broadcast_only_into_the_web(client):
    event = EventFactory()
    BroadcastFactory(event=event, channel="Gut", url="https://sender.example/live")
    BroadcastFactory(event=event, channel="Böse", url="javascript:alert(1)")

    page = client.get(event.get_absolute_url()).content.decode()

    assert '<a href="https://sender.example/live" rel="noopener">Gut</a>' in page
    assert "javascript" not in page


def test_event_detail_answers_for_a_hidden_one_as_for_none(client):
    never = client.get("/nie/2021/gewesen/")

    for public_from in (None, timezone.now() + dt.timedelta(days=1)):
        response = client.get(EventFactory(public_from=public_from).get_absolute_url())
        assert (response.status_code, response.content) == (404, never.content)


@pytest.mark.parametrize("sessions", [1, 30])
def test_event_detail_takes_eleven_queries_whatever_the_programme(client, django_assert_num_queries, sessions):
    event = EventFactory()
    for _ in range(sessions):
        session = SessionFactory(event=event)
        BroadcastFactory(event=event, session=session)
        BroadcastFactory(event=event, channel=f"Kanal {session.pk}")
        ClassificationFactory(session=session, rows=[{"position": 1, "entry__crew": [DriverFactory()]}])

    with django_assert_num_queries(11):  # the last one looks for what comes next
        assert client.get(event.get_absolute_url()).status_code == 200
