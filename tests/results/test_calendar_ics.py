"""Calendars for programs: right instants, ids for ever, a sequence that rises with every change, and public dates only."""

import datetime as dt
import zoneinfo

import pytest
from django.db import connection
from django.utils import timezone
from icalendar import Calendar

from results.models import Event, Session
from tests.factories import BroadcastFactory, CircuitFactory, EventFactory, SeasonFactory, SessionFactory, told_before

pytestmark = pytest.mark.django_db

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
DAY = dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def _site(settings):
    settings.SITE_URL = "https://racedesk.example"


@pytest.fixture
def event():
    season = SeasonFactory(series__slug="nls", series__name="Nürburgring Langstrecken-Serie", label="2026")
    circuit = CircuitFactory(name="Nürburgring, Nordschleife", town="Nürburg")
    return EventFactory(
        season=season, slug="24h", name="24 Stunden; der Klassiker", circuit=circuit,
        starts_on=dt.date(2026, 10, 24), ends_on=dt.date(2026, 10, 25),
    )  # fmt: skip


def race(event, start="2026-10-24T16:00", end="2026-10-25T16:00", zone=BERLIN, **fields):
    instants = [dt.datetime.fromisoformat(text).replace(tzinfo=zone) for text in (start, end)]
    values = {"key": "R", "slug": "rennen", "name": "Rennen", "end_estimated": False, **fields}
    return SessionFactory(event=event, starts_at=instants[0], ends_at=instants[1], **values)


def raw(client, path="/nls/kalender.ics"):
    answer = client.get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content


def entries(client, path="/nls/kalender.ics"):
    return Calendar.from_ical(raw(client, path)).walk("VEVENT")


def entry(client, path="/nls/kalender.ics"):
    (found,) = entries(client, path)
    return found


class TestTimes:
    def test_a_race_over_the_end_of_summer_time_lasts_25_hours(self, client, event):
        race(event)

        found = entry(client)

        assert found["DTSTART"].params["TZID"] == found["DTEND"].params["TZID"] == "Europe/Berlin"
        assert found["DTSTART"].to_ical() == b"20261024T160000"
        start, end = (found.decoded(name).astimezone(dt.UTC) for name in ("DTSTART", "DTEND"))
        assert end - start == dt.timedelta(hours=25)

    def test_the_hour_that_comes_twice_is_told_apart(self, client, event):
        first = dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)
        for key, instant in (("A", first), ("B", first + dt.timedelta(hours=1))):
            SessionFactory(event=event, key=key, slug=key.lower(), starts_at=instant)

        assert [found.decoded("DTSTART").astimezone(dt.UTC) for found in entries(client)] == [
            first, first + dt.timedelta(hours=1),
        ]  # fmt: skip

    @pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Sao_Paulo", "Asia/Kathmandu", "UTC"])
    def test_a_session_abroad_is_in_the_zone_of_its_venue(self, client, event, zone):
        Event.objects.filter(pk=event.pk).update(time_zone=zone)
        event.refresh_from_db()
        session = race(event, zone=zoneinfo.ZoneInfo(zone))

        calendar = Calendar.from_ical(raw(client))
        (found,) = calendar.walk("VEVENT")

        assert found.decoded("DTSTART").astimezone(dt.UTC) == session.starts_at
        zones = [str(known["TZID"]) for known in calendar.walk("VTIMEZONE")]
        assert zones == ([] if zone == "UTC" else [zone])
        assert "In Deutschland: " in found["DESCRIPTION"]

    def test_a_day_without_an_hour_is_a_whole_day_and_tentative(self, client, event):
        SessionFactory(event=event, starts_at=None, local_date=dt.date(2026, 10, 24))

        found = entry(client)

        assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (dt.date(2026, 10, 24), dt.date(2026, 10, 25))
        assert found["STATUS"] == "TENTATIVE"
        assert "Die Uhrzeit ist noch nicht bekannt." in found["DESCRIPTION"]

    def test_an_event_without_a_programme_stands_for_itself(self, client, event):
        found = entry(client)

        assert (found.decoded("DTSTART"), found.decoded("DTEND")) == (dt.date(2026, 10, 24), dt.date(2026, 10, 26))
        race(event)
        assert str(entry(client)["UID"]).startswith("session-")

    def test_what_has_no_day_has_no_entry(self, client, event):
        Event.objects.filter(pk=event.pk).update(starts_on=None, ends_on=None, around="2026-10")
        SessionFactory(event=event, starts_at=None)

        assert entries(client) == []


class TestWords:
    def test_an_entry_says_what_a_reader_needs(self, client, event):
        session = race(event)
        BroadcastFactory(event=event, session=session, channel="Sportkanal", starts_at=session.starts_at)

        found = entry(client)

        assert found["SUMMARY"] == "Nürburgring Langstrecken-Serie: 24 Stunden; der Klassiker, Rennen"
        assert found["LOCATION"] == "Nürburgring, Nordschleife, Nürburg"
        assert found["URL"] == "https://racedesk.example/nls/2026/24h/rennen/"
        assert found["STATUS"] == "CONFIRMED"
        assert "Fernsehen: Sportkanal, Sa. 16:00 Uhr MESZ" in found["DESCRIPTION"]
        assert found["UID"] == f"session-{session.pk}@racedesk.example"

    def test_lines_are_folded_between_signs_and_end_in_crlf(self, client, event):
        race(event, name="Größtes " * 12)

        lines = raw(client).split(b"\r\n")

        assert max(len(line) for line in lines) <= 75
        assert not any(b"\n" in line for line in lines)
        assert all(line.decode() is not None for line in lines)

    @pytest.mark.parametrize(
        ("status", "said", "title"),
        [("cancelled", "CANCELLED", "ABGESAGT: "), ("postponed", "TENTATIVE", "VERSCHOBEN: ")],
    )
    def test_what_is_off_stays_and_says_so(self, client, event, status, said, title):
        race(event, status=status)

        assert (entry(client)["STATUS"], str(entry(client)["SUMMARY"]).startswith(title)) == (said, True)

    @pytest.mark.parametrize(("status", "said"), [("cancelled", "CANCELLED"), ("postponed", "TENTATIVE")])
    def test_what_becomes_of_an_event_becomes_of_its_sessions(self, client, event, status, said):
        race(event)
        before = entry(client)["SEQUENCE"]
        Event.objects.filter(pk=event.pk).update(status=status)

        assert entry(client)["STATUS"] == said
        assert entry(client)["SEQUENCE"] == before + 1

    def test_a_moved_session_says_from_when(self, client, event):
        race(event, **told_before(dt.datetime(2026, 10, 24, 13, tzinfo=BERLIN)))

        assert "Verschoben von Samstag, 24. Oktober 2026, 13:00 Uhr." in entry(client)["DESCRIPTION"]


class TestSequence:
    def test_it_rises_with_every_change_of_a_time_whoever_changes_it(self, client, event):
        session = race(event)
        assert entry(client)["SEQUENCE"] == 0

        Session.objects.filter(pk=session.pk).update(starts_at=session.starts_at - DAY / 24)  # in bulk
        assert entry(client)["SEQUENCE"] == 1
        session.refresh_from_db()
        session.starts_at += DAY / 24
        session.save()  # as the admin, an import and undoing do
        assert entry(client)["SEQUENCE"] == 2
        with connection.cursor() as cursor:
            cursor.execute("UPDATE results_session SET status = 'cancelled' WHERE id = %s", [session.pk])
        assert entry(client)["SEQUENCE"] == 3

    def test_a_stale_copy_does_not_turn_it_back(self, client, event):
        stale = race(event)
        Session.objects.filter(pk=stale.pk).update(starts_at=stale.starts_at - DAY / 24)
        stale.name = "Das Rennen"
        stale.save()  # writes its old start again, and its old sequence

        assert entry(client)["SEQUENCE"] == 2

    def test_a_save_without_a_change_changes_nothing(self, client, event):
        session = race(event)
        before = raw(client)
        for thing in (session, event):
            thing.refresh_from_db()
            thing.save()

        assert raw(client) == before

    def test_a_new_name_moves_the_stamp_and_not_the_sequence(self, client, event):
        session = race(event)
        before = entry(client)
        Session.objects.filter(pk=session.pk).update(
            calendar_changed_at=timezone.now() - DAY, name="Rennen"
        )  # nobody sets it by hand
        assert entry(client)["DTSTAMP"].dt == before["DTSTAMP"].dt
        Session.objects.filter(pk=session.pk).update(name="Hauptrennen")

        after = entry(client)
        assert after["SEQUENCE"] == before["SEQUENCE"]
        assert after["LAST-MODIFIED"].dt == after["DTSTAMP"].dt >= before["DTSTAMP"].dt

    def test_the_same_dates_are_the_same_bytes(self, client, event):
        race(event)

        assert raw(client) == raw(client)

    def test_what_comes_back_from_the_bin_keeps_its_id(self, client, event):
        session = race(event)
        uid = entry(client)["UID"]
        values = Session.objects.filter(pk=session.pk).values().get()
        session.delete()
        Session.objects.create(**values)

        assert entry(client)["UID"] == uid


class TestVisibility:
    @pytest.mark.parametrize("public_from", [None, timezone.now() + DAY])
    def test_hidden_dates_are_in_no_calendar(self, client, event, public_from):
        race(event, name="Offen")
        race(event, key="G", slug="geheim", name="Geheim", public_from=public_from)
        EventFactory(season=event.season, name="Geheimrennen", starts_on=dt.date(2026, 11, 1),
                     ends_on=dt.date(2026, 11, 1), public_from=public_from)  # fmt: skip

        for path in ("/kalender.ics", "/nls/kalender.ics"):
            assert b"Geheim" not in raw(client, path)

    def test_a_series_has_its_own_and_all_have_one(self, client, event):
        race(event)
        race(EventFactory(name="Anderswo"))

        assert len(entries(client)) == 1
        assert len(entries(client, "/kalender.ics")) == 2

    def test_a_series_that_is_not_public_has_none(self, client):
        assert client.get("/nie/kalender.ics").status_code == 404

    def test_the_archive_is_left_out(self, client, event):
        race(event, start="2021-11-06T12:00", end="2021-11-06T18:00")

        assert entries(client) == []

    def test_a_series_that_rests_shows_its_last_dates(self, client, event):
        """A calendar without any entry is none (RFC 5545, 3.6): programs that subscribe would call it broken."""
        Event.objects.filter(pk=event.pk).update(starts_on=dt.date(2021, 11, 5), ends_on=dt.date(2021, 11, 6))
        race(event, start="2021-11-06T12:00", end="2021-11-06T18:00")
        race(event, start="2020-01-06T12:00", end="2020-01-06T18:00", key="Q", slug="q")
        EventFactory(season=event.season, slug="alt", starts_on=dt.date(2019, 5, 4), ends_on=dt.date(2019, 5, 4))
        EventFactory(
            season=event.season,
            slug="geheim",
            starts_on=dt.date(2030, 5, 4),
            ends_on=dt.date(2030, 5, 4),
            public_from=None,
        )

        assert [str(one["SUMMARY"]) for one in entries(client)] == [
            "Nürburgring Langstrecken-Serie: 24 Stunden; der Klassiker, Rennen"
        ]
        assert entries(client, "/kalender.ics") == []

    @pytest.mark.parametrize("sessions", [1, 30])
    def test_thirty_sessions_cost_what_one_costs(self, client, event, django_assert_num_queries, sessions):
        for number in range(sessions):
            session = race(event, key=f"S{number}", slug=f"s{number}")
            BroadcastFactory(event=event, session=session, channel=f"Kanal {number}")

        with django_assert_num_queries(4):  # series, sessions, broadcasts, events without any
            client.get("/nls/kalender.ics")
