"""Calendars into the database: iCalendar files and plain tables, of one series or of several."""

import datetime as dt
import json
import zoneinfo
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from results.models import Broadcast, Circuit, Event, Season, Series, Session
from tests.factories import EventFactory
from tests.shared import SHARED, needs_shared

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
CALENDAR = DATA / "ical" / "season.ics"
TABLE = DATA / "tabular" / "kalender.csv"
REAL = SHARED / "data" / "ical"


def import_results(*files, **options):
    out = StringIO()
    call_command("import_results", *[str(file) for file in files], stdout=out, **options)
    return out.getvalue()


def as_json(*files, **options):
    return json.loads(import_results(*files, json=True, **options))


def times(name):
    event = Event.objects.get(name=name)
    return [
        (session.name, session.kind, session.starts_at, session.ends_at, session.end_estimated)
        for session in event.sessions.order_by("sequence")
    ]


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.fixture
def changed(tmp_path):
    """A copy of the calendar with texts replaced."""

    def change(*pairs, source=CALENDAR):
        text = source.read_text("utf-8")
        for before, after in pairs:
            assert before in text
            text = text.replace(before, after)
        path = tmp_path / f"changed{source.suffix}"
        path.write_text(text, "utf-8")
        return path

    return change


def test_a_calendar_alone_makes_series_season_events_sessions_and_broadcasts():
    import_results(CALENDAR)
    assert list(Season.objects.order_by("series__name").values_list("series__name", "label")) == [
        ("Moorland Cup", "2026"),
        ("Tourenwagen-Serie", "2026"),
    ]
    monza = Event.objects.get(name="Heidering")
    assert (monza.starts_on, monza.ends_on, monza.time_zone, monza.circuit.name) == (
        dt.date(2026, 5, 15), dt.date(2026, 5, 17), "Europe/Berlin", "Heidering",
    )  # fmt: skip
    assert times("Heidering") == [
        ("FP1", "practice", utc(2026, 5, 15, 12), utc(2026, 5, 15, 13), False),
        ("Qualifying", "qualifying", utc(2026, 5, 16, 8), utc(2026, 5, 16, 8, 30), False),
        ("Rennen", "race", utc(2026, 5, 17, 11), utc(2026, 5, 17, 12), False),
    ]
    assert list(Broadcast.objects.values_list("session__name", "channel", "kind")) == [
        ("Rennen", "Heide TV", "tv"),
        ("Rennen", "heide.example", "stream"),
    ]


def test_a_race_through_the_end_of_summer_time_keeps_its_25_hours():
    import_results(CALENDAR)
    ((_name, _kind, start, end, estimated),) = times("24 Stunden Waldsee")
    assert (end - start, estimated) == (dt.timedelta(hours=25), False)
    event = Event.objects.get(name="24 Stunden Waldsee")
    assert (event.starts_on, event.ends_on) == (dt.date(2026, 10, 24), dt.date(2026, 10, 25))


def test_the_same_calendar_again_changes_nothing_and_says_so():
    import_results(CALENDAR)
    before = list(Event.objects.order_by("pk").values())
    assert as_json(CALENDAR)["facts"] == {"created": {}, "changed": 0}
    assert list(Event.objects.order_by("pk").values()) == before


def test_a_date_that_moves_keeps_the_day_that_was_announced(changed):
    season = Series.objects.create(name="Moorland Cup", slug="moorland-cup").seasons.create(label="2099", slug="2099")
    event = EventFactory(
        season=season, name="Heidering", starts_on=dt.date(2099, 5, 15), ends_on=dt.date(2099, 5, 17),
        time_zone="Europe/Berlin", circuit=None,
    )  # fmt: skip
    later = changed(("20260515", "20990522"), ("20260516", "20990523"), ("20260517", "20990524"))
    import_results(later, series="Moorland Cup", season="2099")
    event.refresh_from_db()
    assert (event.starts_on, event.ends_on, event.moved_from) == (
        dt.date(2099, 5, 22), dt.date(2099, 5, 24), dt.date(2099, 5, 15),
    )  # fmt: skip
    back = changed(("20260515", "20990515"), ("20260516", "20990516"), ("20260517", "20990517"))
    import_results(back, series="Moorland Cup", season="2099")
    event.refresh_from_db()
    assert (event.starts_on, event.moved_from) == (dt.date(2099, 5, 15), None)


def test_a_day_under_embargo_that_moves_leaves_no_trace(changed):
    season = Series.objects.create(name="Moorland Cup", slug="moorland-cup").seasons.create(label="2099", slug="2099")
    event = EventFactory(
        season=season, name="Heidering", starts_on=dt.date(2099, 5, 15), ends_on=dt.date(2099, 5, 17),
        time_zone="Europe/Berlin", circuit=None, public_from=dt.datetime(2099, 1, 1, tzinfo=dt.UTC),
    )  # fmt: skip
    later = changed(("20260515", "20990522"), ("20260516", "20990523"), ("20260517", "20990524"))
    import_results(later, series="Moorland Cup", season="2099")
    event.refresh_from_db()
    assert (event.starts_on, event.moved_from) == (dt.date(2099, 5, 22), None)


def test_a_past_event_whose_day_is_corrected_was_not_moved():
    season = Series.objects.create(name="Moorland Cup", slug="moorland-cup").seasons.create(label="2026", slug="2026")
    event = EventFactory(
        season=season, name="Heidering", starts_on=dt.date(2020, 5, 15), ends_on=dt.date(2020, 5, 17),
        time_zone="Europe/Berlin", circuit=None,
    )  # fmt: skip
    import_results(CALENDAR)
    event.refresh_from_db()
    assert (event.starts_on, event.moved_from) == (dt.date(2026, 5, 15), None)


def test_a_cancelled_and_a_postponed_event_are_stored_as_such():
    import_results(CALENDAR)
    assert dict(Event.objects.exclude(status="scheduled").values_list("name", "status")) == {
        "Sandgrube": "cancelled",
        "Küstenpreis": "postponed",
    }


def test_only_the_dates_of_the_chosen_series_are_taken_from_a_calendar_of_several():
    answer = as_json(CALENDAR, series="Tourenwagen-Serie")
    assert set(Event.objects.values_list("season__series__name", flat=True)) == {"Tourenwagen-Serie"}
    assert any("Termine anderer Serien bleiben" in doubt["reason"] for doubt in answer["doubts"])


def test_a_series_that_the_calendar_does_not_have_is_refused():
    with pytest.raises(CommandError, match="keinen Termin von „Formel X“, nur von: Moorland Cup, Tourenwagen-Serie"):
        import_results(CALENDAR, series="Formel X")
    assert not Event.objects.exists()


def test_a_stored_circuit_knows_its_zone_better_than_the_maker_of_the_calendar(changed):
    Circuit.objects.create(name="Ring Ost", slug="ring-ost", time_zone="Asia/Tokyo")
    import_results(DATA / "ical" / "abroad.ics")
    event = Event.objects.get(name="Asienpreis")
    assert (event.time_zone, event.starts_on) == ("Asia/Tokyo", dt.date(2026, 4, 5))
    session = event.sessions.get()
    assert (session.starts_at, session.local_date) == (utc(2026, 4, 4, 22), dt.date(2026, 4, 5))


def test_without_a_known_circuit_the_zone_of_the_calendar_is_taken_and_said():
    answer = as_json(DATA / "ical" / "abroad.ics")
    assert Event.objects.get(name="Asienpreis").time_zone == "Europe/Berlin"
    assert any(
        "„Asienpreis“ wird mit der Zeitzone Europe/Berlin gespeichert" in one["reason"] for one in answer["doubts"]
    )


def test_a_calendar_in_local_time_asks_for_the_zone_and_takes_the_chosen_one():
    local = DATA / "ical" / "local.ics"
    with pytest.raises(CommandError, match="--zone"):
        import_results(local, series="Cup")
    import_results(local, series="Cup", zone="America/Sao_Paulo")
    assert times("Hafenrennen") == [("Rennen", "race", utc(2026, 7, 12, 14), utc(2026, 7, 12, 20), False)]


def test_a_calendar_that_names_no_series_asks_for_it():
    with pytest.raises(CommandError, match="--series"):
        import_results(DATA / "ical" / "local.ics", zone="Europe/Berlin")


# ------------------------------------------------------------------ plain tables


def test_hours_that_the_clocks_repeat_are_asked_and_a_day_of_25_hours_is_kept(tmp_path):
    path = tmp_path / "kalender.csv"
    path.write_text(
        "serie;titel;start;ende\nGT;24h;2026-10-24 16:00;2026-10-25 16:00\nGT;Doppelt;2026-10-25 02:30;2026-10-25 03:30\n"
    )
    answer = as_json(path, zone="Europe/Berlin")
    ((_name, _kind, start, end, _estimated),) = times("24h")
    assert end - start == dt.timedelta(hours=25)
    assert any("25.10.2026 02:30 gibt es in Europe/Berlin zweimal" in doubt["reason"] for doubt in answer["doubts"])


def test_an_hour_that_the_clocks_skip_refuses_the_calendar(tmp_path):
    path = tmp_path / "kalender.csv"
    path.write_text(
        "serie;titel;start;ende\nGT;Da;2026-04-11 16:00;\nGT;Lücke;2026-03-29 02:30;2026-03-29 04:00\n", "utf-8"
    )
    with pytest.raises(CommandError, match=r"29\.03\.2026 02:30 gibt es in Europe/Berlin nicht"):
        import_results(path, zone="Europe/Berlin")
    assert not Event.objects.exists()


def test_a_table_is_a_calendar_too():
    import_results(TABLE, zone="Europe/Berlin")
    assert times("Saisonauftakt") == [("Rennen", "race", utc(2026, 4, 11, 11), utc(2026, 4, 11, 17), False)]
    assert Event.objects.get(name="Sommerlauf").status == "cancelled"
    assert as_json(TABLE, zone="Europe/Berlin")["facts"] == {"created": {}, "changed": 0}


# ------------------------------------------------------------------ real ones


@needs_shared
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "options", "events", "sessions"),
    [
        ("Dizzle0987_calendar.ics", {}, 45, 291),
        ("thefotes_nascar_2026_calendar.ics", {}, 96, 98),
        ("dhferreira13_wec_2026_brt.ics", {}, 4, 4),
    ],
)
def test_real_calendars_are_read_whole_and_twice_is_once(name, options, events, sessions):
    import_results(REAL / name, **options)
    assert (Event.objects.count(), Session.objects.count()) == (events, sessions)
    assert as_json(REAL / name, **options)["facts"] == {"created": {}, "changed": 0}
    zones = {zoneinfo.ZoneInfo(zone) for zone in Event.objects.values_list("time_zone", flat=True)}
    assert len(zones) == 1


@pytest.mark.parametrize("chosen", ["TWS", "Touring Cars", "Deutsche Tourenwagen-Serie"])
def test_the_chosen_series_is_found_in_a_calendar_by_short_name_and_alias(chosen):
    series = Series.objects.create(name="Deutsche Tourenwagen-Serie", short_name="TWS", slug="dtws")
    series.aliases.create(name="Tourenwagen-Serie")
    series.aliases.create(name="Touring Cars")
    import_results(CALENDAR, series=chosen)
    assert set(Event.objects.values_list("season__series", flat=True)) == {series.pk}


def test_the_command_says_what_a_calendar_created_and_0_new_only_the_second_time():
    first = import_results(CALENDAR).splitlines()[0]
    assert "angelegt: 2 Serien" in first
    assert "neu" not in first
    assert "0 neu, 0 geändert" in import_results(CALENDAR)
