"""How a fact stands in a sentence, in the language of the story. Pure: no Django and no database."""

import datetime as dt
from decimal import Decimal

from results.notation import Gap, Language, format_duration, format_gap, format_lap_time

MINUTE = 60_000
_SECONDS = {"de": "Sekunden", "en": "seconds"}
_MINUTES = {"de": "Minuten", "en": "minutes"}
_LAP = {"de": ("Runde", "Runden"), "en": ("lap", "laps")}
MONTHS = {
    "de": [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
}
_NO_BREAK = "\u00a0"


def lap_time(ms: int, language: Language) -> str:
    """`1:46,250`."""
    return format_lap_time(ms, language)


def total_time(ms: int, language: Language) -> str:
    """`6:01:29,500`."""
    return format_duration(ms, language)


def gap(ms: int | None, laps: int | None, language: Language) -> str:
    """`0,290 Sekunden`, `1:02,500 Minuten`, `2 Runden`, with a no-break space."""
    if laps:
        return f"{laps}{_NO_BREAK}{_LAP[language][laps != 1]}"
    if ms is None:
        return ""
    unit = _SECONDS if ms < MINUTE else _MINUTES
    return f"{format_gap(Gap(ms=ms), language).removeprefix('+')}{_NO_BREAK}{unit[language]}"


def points(value: Decimal, language: Language) -> str:
    """`25`, `37,5`."""
    plain = f"{value.normalize():f}"
    return plain.replace(".", ",") if language == "de" else plain


def day(date: dt.date, language: Language) -> str:
    """`6. November 2021`, `6 November 2021`."""
    stop = "." if language == "de" else ""
    return f"{date.day}{stop}{_NO_BREAK}{MONTHS[language][date.month - 1]} {date.year}"


def clock(instant: dt.datetime, zone_name: str, language: Language) -> str:
    """`12:00 Uhr MEZ`, `12:00 CET` of an instant in the zone it carries."""
    word = f"{_NO_BREAK}Uhr" if language == "de" else ""
    return f"{instant:%H:%M}{word} {zone_name}"
