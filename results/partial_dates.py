"""Dates as far as anybody knows them: a year, a month or a day, written `1957`, `1957-06` or `1957-06-16`. Pure.

The text form is ISO 8601 with reduced precision. It sorts as text, needs no second column for its precision and never
pretends to a day that no source names.
"""

from __future__ import annotations

import datetime as dt
import re

PATTERN = r"^[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?$"
LENGTH = 10
_FORM = re.compile(PATTERN)
_GERMAN = re.compile(r"(?:(?:([0-9]{1,2})\.)?\s?([0-9]{1,2})\.)?\s?([0-9]{4})")
_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


class NoDate(ValueError):  # noqa: N818 - reads as the sentence it stands for
    """The text is no date of any precision; the message is one German sentence."""

    def __init__(self, text: str) -> None:
        super().__init__(
            f"„{text[:20]}“ ist kein Datum. Erwartet wird 1957, 1957-06, 1957-06-16, 06.1957 oder 16.06.1957."
        )


def parse(text: str) -> str:
    """`16.6.1957`, `1957-06-16`, `06.1957` or `1957` in the form that is stored; raises NoDate for anything else."""
    value = text.strip()
    german = _GERMAN.fullmatch(value)
    if german:
        day, month, year = german.groups()
        value = "-".join(part.zfill(2) for part in (year, month, day) if part)
    if not is_partial_date(value):
        raise NoDate(text)
    return value


def is_partial_date(value: str) -> bool:
    """Whether the text is a date of any precision that the calendar knows."""
    if not _FORM.match(value):
        return False
    try:
        first_day(value)
    except ValueError:
        return False
    return True


def first_day(value: str) -> dt.date:
    """The earliest day it can mean."""
    year, month, day = (*(int(part) for part in value.split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def last_day(value: str) -> dt.date:
    """The latest day it can mean."""
    first = first_day(value)
    if len(value) == LENGTH:
        return first
    beyond = (
        dt.date(first.year + 1, 1, 1)
        if len(value) == len("1957") or first.month == 12  # noqa: PLR2004 - December
        else first.replace(month=first.month + 1)
    )
    return beyond - dt.timedelta(days=1)


def in_german(value: str) -> str:
    """`1957`, `Juni 1957` or `16. Juni 1957`; empty for nothing."""
    if not value:
        return ""
    year, month, day = (*value.split("-"), "", "")[:3]
    words = [f"{int(day)}." if day else "", _MONTHS[int(month) - 1] if month else "", year]
    return " ".join(word for word in words if word)
