"""Days and times of day as calendars print them, local to the venue. Pure."""

from __future__ import annotations

import datetime as dt
import re

from results.importers.document import FIRST_YEAR, LAST_YEAR
from results.notation import NotationError

_DAY_FIRST = re.compile(r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")
_CLOCK = re.compile(r"([0-9]{1,2})[:.]([0-9]{2})(?::([0-9]{2}))?(?:\.0+)?(?: ?Uhr)?")
_BETWEEN = re.compile(r"(?:T|[ ,]+)")
_CENTURY = 2_000


def parse_day_time(text: str) -> tuple[dt.date, dt.time | None]:
    """`2026-10-24`, `2026-10-24 16:00`, `24.10.2026, 16.00 Uhr`; raises NotationError.

    Refused is `10/24/2026`: whether day or month stands first is not printed in it.
    """
    clean = " ".join(text.split())
    match = _YEAR_FIRST.match(clean)
    if match:
        year, month, day = match.groups()
    else:
        match = _DAY_FIRST.match(clean)
        if not match:
            raise NotationError(text, "erwartet wird 24.10.2026 oder 2026-10-24, auch mit Uhrzeit", "kein Tag")
        day, month, year = match.groups()
    rest = clean[match.end() :]
    between = _BETWEEN.match(rest)
    if rest and not between:
        raise NotationError(text, "hinter dem Tag steht keine Uhrzeit", "kein Tag")
    return _day(text, year, month, day), parse_time(rest[between.end() :]) if between else None


def _day(text: str, year: str, month: str, day: str) -> dt.date:
    number = int(year) + (_CENTURY if len(year) == 2 else 0)  # noqa: PLR2004 - digits
    try:
        found = dt.date(number, int(month), int(day))
    except ValueError as error:
        raise NotationError(text, "den Tag gibt es nicht", "kein Tag") from error
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise NotationError(text, f"das Jahr {number} kann nicht stimmen", "kein Tag")
    return found


def parse_time(text: str) -> dt.time:
    """`16:00`, `16.00 Uhr`, `16:00:30`; raises NotationError."""
    match = _CLOCK.fullmatch(text.strip())
    if match:
        hour, minute, second = (int(part or 0) for part in match.groups())
        if hour < 24 and minute < 60 and second < 60:  # noqa: PLR2004 - a clock
            return dt.time(hour, minute, second)
    raise NotationError(text, "erwartet wird zum Beispiel 16:00", "keine Uhrzeit")
