"""Instants and days in words: at the venue, and for a reader in Germany."""

import datetime as dt
import zoneinfo

from django.utils import dateformat
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

GERMANY = zoneinfo.ZoneInfo("Europe/Berlin")


def weekday(day: dt.date) -> str:
    """`Sa.`, as a programme prints it."""
    return _("%(day)s.") % {"day": dateformat.format(day, "D").rstrip(".")}


def clock(instant: dt.datetime) -> str:
    """`09:35 Uhr` in the zone the instant carries."""
    return pgettext("time of day", "%(time)s") % {"time": f"{instant:%H:%M}"}


def is_german_time(instant: dt.datetime, zone: dt.tzinfo) -> bool:
    """Whether clocks at the venue show the same as clocks in Germany at that instant."""
    return instant.astimezone(zone).utcoffset() == instant.astimezone(GERMANY).utcoffset()


def zone_name(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """`MEZ` or `MESZ` where the venue keeps German time, else its distance from UTC: `UTC+3`, `UTC−4:30`."""
    local = instant.astimezone(zone)
    if is_german_time(instant, zone):
        return _("CEST") if local.astimezone(GERMANY).dst() else _("CET")
    minutes = int((local.utcoffset() or dt.timedelta()).total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'−' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")


def in_germany(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """`14:10 Uhr MEZ`, with the weekday where Germany has another day; empty where the venue keeps German time."""
    if is_german_time(instant, zone):
        return ""
    german = instant.astimezone(GERMANY)
    words = f"{clock(german)} {zone_name(instant, GERMANY)}"
    return words if german.date() == instant.astimezone(zone).date() else f"{weekday(german.date())} {words}"


def moment(instant: dt.datetime) -> str:
    """`5. November 2021, 16:42 Uhr MEZ`: when something was released, for a reader in Germany."""
    german = instant.astimezone(GERMANY)
    return f"{dateformat.format(german.date(), 'j. F Y')}, {clock(german)} {zone_name(instant, GERMANY)}"


def moment_at(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """`12. Juni 2026, 17:42 Uhr MESZ`; elsewhere `…, 21:42 Uhr an der Strecke (17:42 Uhr MESZ in Deutschland)`."""
    return f"{dateformat.format(instant.astimezone(zone).date(), 'j. F Y')}, {clock_at(instant, zone)}"


def clock_at(instant: dt.datetime, zone: dt.tzinfo) -> str:
    """The same without the day."""
    local = clock(instant.astimezone(zone))
    if is_german_time(instant, zone):
        return f"{local} {zone_name(instant, zone)}"
    words = {"local": local, "german": in_germany(instant, zone)}
    return _("%(local)s at the track (%(german)s in Germany)") % words


def standing_since(instant: dt.datetime, zone: dt.tzinfo, now: dt.datetime) -> str:
    """Since when something stands: the hour alone while it is still the same day at the venue, else with the day."""
    same_day = instant.astimezone(zone).date() == now.astimezone(zone).date()
    return clock_at(instant, zone) if same_day else moment_at(instant, zone)


def long_day(day: dt.date) -> str:
    """`Samstag, 6. November 2021`."""
    return dateformat.format(day, "l, j. F Y")


def days_within_a_month(first: dt.date, last: dt.date) -> str:
    """`Sa. 7.`, `Fr. 4. – So. 6.`, `Sa. 31. – So. 1. November`: below a heading that names the month of the first."""
    start = f"{weekday(first)} {first.day}."
    if first == last:
        return start
    end = f"{weekday(last)} " + (f"{last.day}." if last.month == first.month else dateformat.format(last, "j. F"))
    return f"{start} – {end}"


def days(first: dt.date | None, last: dt.date | None) -> str:
    """`6. November 2021`, `4.–6. November 2021`, `30. Oktober – 1. November 2021`; empty without a first day."""
    if first is None:
        return ""
    last = last or first
    end = dateformat.format(last, "j. F Y")
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}.–{end}"
    return f"{dateformat.format(first, 'j. F' if first.year == last.year else 'j. F Y')} – {end}"
