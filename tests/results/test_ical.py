import datetime as dt
from pathlib import Path

import pytest

from results.importers import ical, sniff
from results.importers.ical.entries import zone_of
from results.importers.records import BroadcastRecord, FileRefused
from tests.shared import SHARED, needs_shared

DATA = Path(__file__).parent.parent / "data" / "ical"
SEASON = (DATA / "season.ics").read_bytes()
REAL = SHARED / "data" / "ical"


def calendar(*events, head=""):
    blocks = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    return f"BEGIN:VCALENDAR\r\n{head}{blocks}END:VCALENDAR\r\n".encode()


def event(start, end="", *, title="Rennen am Heidering", more=""):
    lines = [f"DTSTART{start}", f"DTEND{end}" if end else "", f"SUMMARY:{title}", more]
    return "\r\n".join(line for line in lines if line)


def only(data):
    (record,) = ical.parse(data).calendar
    return record


def reasons(data):
    return [doubt.reason for doubt in ical.parse(data).doubts]


def utc(*parts):
    return dt.datetime(*parts, tzinfo=dt.UTC)


def test_sessions_of_one_weekend_are_one_event_with_its_series_place_and_broadcasts():
    parsed = sniff.parse(SEASON)
    ring = next(record for record in parsed.calendar if record.event == "Heidering")
    assert (parsed.format, parsed.rows_read, parsed.time_zone) == ("ical", 6, "Europe/Berlin")
    assert (ring.series, ring.season, ring.circuit, ring.start, ring.end) == (
        "Moorland Cup", "2026", "Heidering", dt.date(2026, 5, 15), dt.date(2026, 5, 17),
    )  # fmt: skip
    assert [(one.key, one.name, one.kind, one.starts_at, one.ends) for one in ring.sessions] == [
        ("FP1", "FP1", "practice", utc(2026, 5, 15, 12), utc(2026, 5, 15, 13)),
        ("Qualifying", "Qualifying", "qualifying", utc(2026, 5, 16, 8), utc(2026, 5, 16, 8, 30)),
        ("Rennen", "Rennen", "race", utc(2026, 5, 17, 11), utc(2026, 5, 17, 12)),
    ]
    assert ring.sessions[2].broadcasts == (
        BroadcastRecord("Heide TV", "tv"), BroadcastRecord("heide.example", "stream"),
    )  # fmt: skip


def test_an_event_that_cannot_be_read_is_left_out_and_named_and_the_others_stay():
    parsed = ical.parse(SEASON)
    assert "Nachtlauf" not in {record.event for record in parsed.calendar}
    assert [(doubt.line, doubt.column, doubt.reason) for doubt in parsed.doubts if doubt.column == "DTSTART"] == [
        (57, "DTSTART", "„Moorland Cup — Nachtlauf“: Der Beginn ist nicht zu lesen („20260801T260000“). Der Termin wird ausgelassen."),
    ]  # fmt: skip


def test_an_end_that_cannot_be_read_is_estimated_and_the_event_stays():
    data = calendar(event(";TZID=Europe/Berlin:20260801T220000", ";TZID=Europe/Berlin:20260801T260000"))
    assert only(data).sessions[0].ends is None
    assert (
        reasons(data)[0] == "„Rennen am Heidering“: Das Ende ist nicht zu lesen („20260801T260000“) und wird geschätzt."
    )


@pytest.mark.parametrize(
    ("start", "head", "starts_at", "zone"),
    [
        (":20260712T110000Z", "", utc(2026, 7, 12, 11), None),
        (";TZID=America/Sao_Paulo:20260712T110000", "", utc(2026, 7, 12, 14), "America/Sao_Paulo"),
        (';TZID="W. Europe Standard Time":20260712T110000', "", utc(2026, 7, 12, 9), "Europe/Berlin"),
        (";TZID=/freeassociation.sourceforge.net/Europe/Rome:20260712T110000", "", utc(2026, 7, 12, 9), "Europe/Rome"),
        (":20260712T110000", "X-WR-TIMEZONE:Asia/Tokyo\r\n", utc(2026, 7, 12, 2), "Asia/Tokyo"),
        (":20260712T110000", "TZID:Asia/Tokyo\r\n", utc(2026, 7, 12, 2), "Asia/Tokyo"),
    ],
)
def test_times_are_instants_by_offset_zone_or_the_zone_of_the_calendar(start, head, starts_at, zone):
    record = only(calendar(event(start), head=head))
    assert (record.sessions[0].starts_at, record.time_zone) == (starts_at, zone)


def test_a_time_without_any_zone_is_local_to_the_venue():
    session = only(calendar(event(":20260712T110000", ":20260712T170000"))).sessions[0]
    assert (session.starts_at, session.date, session.time, session.ends) == (
        None, dt.date(2026, 7, 12), dt.time(11, 0), dt.datetime(2026, 7, 12, 17),  # noqa: DTZ001 - local
    )  # fmt: skip


def test_a_zone_that_nobody_defines_is_said():
    data = calendar(event(";TZID=Mond/Krater:20260712T110000"))
    assert only(data).sessions[0].time == dt.time(11, 0)
    assert "Die Zeitzone „Mond/Krater“ kennt niemand, die Zeit gilt als Ortszeit." in reasons(data)[0]


def test_an_hour_that_the_clocks_skip_is_left_out_and_one_that_comes_twice_is_said():
    skipped = event(";TZID=Europe/Berlin:20260329T023000", title="Frühlingsrennen")
    twice = event(";TZID=Europe/Berlin:20261025T023000", title="Herbstrennen")
    parsed = ical.parse(calendar(skipped, twice))
    assert [record.event for record in parsed.calendar] == ["Herbstrennen"]
    said = " ".join(doubt.reason for doubt in parsed.doubts)
    assert "29.03.2026 02:30 gibt es in Europe/Berlin nicht" in said
    assert "25.10.2026 02:30 gibt es in Europe/Berlin zweimal" in said


def test_24_hours_over_the_end_of_summer_time_are_25():
    record = only(calendar(event(";TZID=Europe/Berlin:20261024T160000", ";TZID=Europe/Berlin:20261025T160000")))
    session = record.sessions[0]
    assert (session.ends - session.starts_at, record.end) == (dt.timedelta(hours=25), dt.date(2026, 10, 25))


@pytest.mark.parametrize(
    ("title", "more", "event_name", "series", "status"),
    [
        ("CANCELLED: Cup | Imola", "", "Imola", "Cup", "cancelled"),
        ("Cup | Imola (abgesagt)", "", "Imola", "Cup", "cancelled"),
        ("Verschoben: Cup | Imola", "", "Imola", "Cup", "postponed"),
        ("Cup | Imola", "STATUS:CANCELLED", "Imola", "Cup", "cancelled"),
        ("Imola", "CATEGORIES:Cup,Motorsport", "Imola", "Cup", None),
        ("Imola 2026 (Cup)", "DESCRIPTION:Series: Cup\\nTrack: Imola", "Imola", "Cup", None),
    ],
)
def test_titles_say_series_event_and_that_it_is_off(title, more, event_name, series, status):
    data = calendar(
        event(";VALUE=DATE:20260605", title=title, more=more), event(";VALUE=DATE:20260901", title="Cup | Anderswo")
    )
    record = ical.parse(data).calendar[0]
    assert (record.event, record.series, record.status) == (event_name, series, status)


def test_days_without_a_time_end_the_day_before_as_the_standard_says():
    record = only(calendar(event(";VALUE=DATE:20260605", ";VALUE=DATE:20260608")))
    assert (record.start, record.end, record.sessions) == (dt.date(2026, 6, 5), dt.date(2026, 6, 7), ())


def test_races_of_one_series_at_one_place_on_adjacent_days_are_one_event_with_keys_of_their_own():
    more = "LOCATION:Daytona\\, FL"
    record = only(
        calendar(
            event(":20260213T000000Z", title="Das lange Vorrennen Lauf 1", more=more + "\r\nCATEGORIES:Cup"),
            event(":20260213T020000Z", title="Das lange Vorrennen Lauf 2", more=more + "\r\nCATEGORIES:Cup"),
            event(":20260215T180000Z", title="Heide 500", more=more + "\r\nCATEGORIES:Cup"),
        )
    )
    assert (record.event, [session.key for session in record.sessions]) == (
        "Heide 500", ["Das lange Vorrennen", "Das lange Vorrenne 2", "Heide 500"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "keinen Termin"),
        (calendar("SUMMARY:ohne Beginn"), "Der Beginn fehlt"),
        (calendar(event(";VALUE=DATE:20260605", title="")), "keinen Titel"),
        (calendar(event(";VALUE=DATE:20260605")) * 5_100, "mehr als 5000 Termine"),
        (b"BEGIN:VCALENDAR\n" + b"x" * 2**23, "zu groß"),
    ],
)
def test_a_calendar_without_a_readable_event_is_refused(data, said):
    with pytest.raises(FileRefused, match=said):
        ical.parse(data)


def test_a_lost_end_of_an_event_costs_nothing():
    data = b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260712T110000Z\nSUMMARY:Rennen Eins\nBEGIN:VEVENT\nDTSTART:20260912T110000Z\nSUMMARY:Rennen Zwei\n"
    parsed = ical.parse(data)
    assert ([record.event for record in parsed.calendar], parsed.doubts[0].reason) == (
        ["Rennen Eins", "Rennen Zwei"], "Der Termin davor hat kein Ende. Gelesen ist, was da steht.",
    )  # fmt: skip


def test_a_repeated_event_is_taken_once_and_said():
    data = calendar(event(";VALUE=DATE:20260605", more="RRULE:FREQ=SECONDLY;COUNT=1000000"))
    assert len(ical.parse(data).calendar) == 1
    assert "wiederholt sich" in reasons(data)[0]


@pytest.mark.parametrize(("name", "key"), [("Europe/Berlin", "Europe/Berlin"), ("GMT Standard Time", "Europe/London"), ("/a/b/Europe/Berlin", "Europe/Berlin"), ("Quatsch", None), ("", None), ("../../etc/passwd", None)])  # fmt: skip
def test_zones_are_known_by_many_names(name, key):
    zone = zone_of(name)
    assert (zone and zone.key) == key


@needs_shared
@pytest.mark.parametrize(
    ("name", "read", "events", "series"),
    [
        ("Dizzle0987_calendar.ics", 291, 45, {"Formula 1", "MotoGP"}),
        ("dhferreira13_wec_2026_brt.ics", 4, 4, {"WEC"}),
        ("thefotes_nascar_2026_calendar.ics", 98, 96, {"NASCAR Cup Series", "NASCAR Xfinity Series", "NASCAR Craftsman Truck Series"}),
    ],
)  # fmt: skip
def test_real_calendars_are_read_without_a_loss(name, read, events, series):
    parsed = ical.parse((REAL / name).read_bytes())
    assert (parsed.rows_read, len(parsed.calendar)) == (read, events)
    assert {record.series for record in parsed.calendar} == series
    assert sum(len(record.sessions) for record in parsed.calendar) == read
