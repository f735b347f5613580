"""The small grammar of announced times, German and English: weekdays, clock times, day ranges, and the year they lack."""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

_MONTHS = {
    "januar": 1, "jänner": 1, "january": 1, "jan": 1, "februar": 2, "feber": 2, "february": 2, "feb": 2, "märz": 3,
    "maerz": 3, "march": 3, "mär": 3, "mrz": 3, "mar": 3, "april": 4, "apr": 4, "mai": 5, "may": 5, "juni": 6, "june": 6,
    "jun": 6, "juli": 7, "july": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9, "oktober": 10,
    "october": 10, "okt": 10, "oct": 10, "november": 11, "nov": 11, "dezember": 12, "december": 12, "dez": 12, "dec": 12,
}  # fmt: skip
_WEEKDAYS = {
    "montag": 0, "monday": 0, "mon": 0, "mo": 0, "dienstag": 1, "tuesday": 1, "tues": 1, "tue": 1, "di": 1,
    "mittwoch": 2, "wednesday": 2, "weds": 2, "wed": 2, "mi": 2, "donnerstag": 3, "thursday": 3, "thurs": 3, "thur": 3,
    "thu": 3, "do": 3, "freitag": 4, "friday": 4, "fri": 4, "fr": 4, "samstag": 5, "sonnabend": 5, "saturday": 5,
    "sat": 5, "sa": 5, "sonntag": 6, "sunday": 6, "sun": 6, "so": 6,
}  # fmt: skip


def _either(words: Iterable[str]) -> str:
    return "(?:" + "|".join(sorted(words, key=len, reverse=True)) + r")\b\.?"


MONTH, WEEKDAY = _either(_MONTHS), _either(_WEEKDAYS)
_YEAR = r"(?:19|20)\d\d"
_ORDINAL = r"(?:\.|st\b|nd\b|rd\b|th\b)?"
_TO = r"\s*(?:-|–|—|/|&|\+|bis|to|until|through|und|and)\s*"
_WD = rf"(?:{WEEKDAY},?\s*(?:den\s+|dem\s+)?)?"
_M = rf"(?:{MONTH}|(?<!\d)\d{{1,2}}\.(?!\d\.))"

_DAY_FIRST = re.compile(
    rf"(?P<w1>{_WD})(?P<d1>\d{{1,2}}){_ORDINAL}\s*(?:(?P<m1>{_M}),?\s*(?P<y1>{_YEAR})?)?{_TO}"
    rf"(?P<w2>{_WD})(?P<d2>\d{{1,2}}){_ORDINAL}\s*(?:of\s+)?(?P<m2>{_M}),?\s*(?P<y2>{_YEAR})?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"(?P<w1>{_WD})(?P<m1>{MONTH})\s*(?P<d1>\d{{1,2}}){_ORDINAL}(?:,?\s*(?P<y1>{_YEAR}))?{_TO}"
    rf"(?P<w2>{_WD})(?P<m2>{MONTH})?\s*(?P<d2>\d{{1,2}}){_ORDINAL}(?:,?\s*(?P<y2>{_YEAR}))?",
    re.IGNORECASE,
)
_ONE_DAY = re.compile(
    rf"(?P<w1>{_WD})(?:(?P<d1>\d{{1,2}}){_ORDINAL}\s*(?P<m1>{_M})|(?P<m2>{MONTH})\s*(?P<d2>\d{{1,2}}){_ORDINAL}),?\s*(?P<y1>{_YEAR})?",
    re.IGNORECASE,
)
_ISO = re.compile(
    rf"(?P<y1>{_YEAR})-(?P<m1>\d\d)-(?P<d1>\d\d)(?:\s*(?:-|–|—|/|bis|to)\s*(?P<y2>{_YEAR})-(?P<m2>\d\d)-(?P<d2>\d\d))?",
)
_LISTED_DAYS = re.compile(r"(\d{1,2})\.,\s*(?:\d{1,2}\.,\s*){0,5}\d{1,2}\.\s*(?:und|&|and)\s*(?=\d)")
_SLASHED_DAYS = re.compile(r"(\d{1,2})\./(?:\d{1,2}\./){1,5}(?=\d)")
_LONGEST_RANGE = 31  # days; a longer span announces a season, not an event

_BEHIND_RANGE = re.compile(r"\s*[,|:]\s*|\s[–—-]\s|\s(?:in|at|auf dem|am)\s")
_ZONE = r"(?:\s*\(?(?:mesz|mez|cest|cet|bst|gmt|utc|edt|est|cdt|cst|pdt|pst|jst|ortszeit|local(?:\stime)?)\b\)?)?"
_HALF = r"\s*[ap]\.?m\b\.?"
_CLOCK = rf"(?:(?:[01]?\d|2[0-4])[:.][0-5]\d(?!\d|\.\d)(?:{_HALF})?(?:\s*(?:uhr|hrs?|h)\b)?|(?:[01]?\d|2[0-4])(?:\s*uhr\b|{_HALF}|h[0-5]\d\b)|(?:noon|midnight)\b)"
_DAY = rf"(?:\d{{1,2}}\.\s?(?:{MONTH}|\d{{1,2}}\.)(?:\s?{_YEAR})?|\d{{1,2}}(?:st|nd|rd|th)?\s{MONTH}(?:\s{_YEAR})?|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?(?:,\s{_YEAR})?)"
_GAP = r"(?:\s*[,|:–—-])?\s*"
_AT = r"(?:(?:um|ab|at|from|gegen|ca\.)\s+)?"
_WHEN = re.compile(
    rf"\(?(?:(?<!\w)(?P<weekday>{WEEKDAY}){_GAP}(?:den\s+)?)?(?:(?<!\d)(?P<day>{_DAY}){_GAP})?"
    rf"{_AT}(?<![\d:.])(?P<clock>{_CLOCK})(?:\s*(?:-|–|—|bis|to)\s*{_CLOCK})?{_ZONE}"
    rf"(?:,?\s*\(?(?P<weekday2>{WEEKDAY})(?!\w))?\)?",
    re.IGNORECASE,
)
_ANY_CLOCK = re.compile(_CLOCK, re.IGNORECASE)
_HOUR = re.compile(r"(?P<hour>\d{1,2})(?:[:.h](?P<minute>\d\d))?\s*(?P<half>[ap]\.?m)?", re.IGNORECASE)
_BARE_DAY = re.compile(rf"(?P<weekday>{WEEKDAY})?{_GAP}(?:den\s+)?(?P<day>{_DAY})?:?", re.IGNORECASE)
_SEPARATORS = " ,;:|–—-·•*\t"


@dataclass(frozen=True, slots=True)
class When:
    """A printed moment without its year: weekday 0 to 6 (Monday first), (day, month), time; any may be missing."""

    weekday: int | None = None
    day: tuple[int, int] | None = None
    time: dt.time | None = None
    next_day: bool = False  # printed as 24:00


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a timetable: what stands before the moment and behind it."""

    name: str
    when: When
    rest: str = ""


@dataclass(frozen=True, slots=True)
class DayRange:
    """First and last day as (month, day), their years where printed, and the weekdays printed beside them."""

    first: tuple[int, int]
    last: tuple[int, int]
    first_year: int | None = None
    last_year: int | None = None
    first_weekday: int | None = None
    last_weekday: int | None = None

    def in_year(self, year: int) -> tuple[dt.date, dt.date] | None:
        """The range beginning in that year, None where its days do not exist or a printed year speaks against it."""
        end_year = year + (self.last < self.first)
        if self.first_year not in {None, year} or self.last_year not in {None, end_year}:
            return None
        try:
            return dt.date(year, *self.first), dt.date(end_year, *self.last)
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class Reference:
    """The article's date as a span of days: one day, or the whole month where only that is known."""

    start: dt.date
    end: dt.date

    @classmethod
    def of(cls, date: str) -> "Reference":
        """From `2021-11` or `2021-11-05`; ValueError for anything else."""
        parts = [int(part) for part in date.split("-")]
        if len(parts) == 2:  # noqa: PLR2004
            year, month = parts
            return cls(dt.date(year, month, 1), dt.date(year, month, calendar.monthrange(year, month)[1]))
        day = dt.date(*parts)
        return cls(day, day)

    def distance(self, first: dt.date, last: dt.date) -> int:
        """Days between this and a range, 0 where they touch."""
        return max((first - self.end).days, (self.start - last).days, 0)


def month_number(word: str) -> int | None:
    """1 to 12 for a month's name or number in either language."""
    bare = word.strip(". ").casefold()
    number = int(bare) if bare.isdecimal() else _MONTHS.get(bare, 0)
    return number if 1 <= number <= 12 else None  # noqa: PLR2004


def weekday_number(word: str) -> int | None:
    return _WEEKDAYS.get(word.strip("., ").casefold())


def read_range(text: str) -> DayRange | None:
    """A line that is nothing but one day or a span of days, else None."""
    text = _SLASHED_DAYS.sub(r"\1. - ", _LISTED_DAYS.sub(r"\1. - ", text.strip(" ()|,;:.")))
    for pattern in (_ISO, _DAY_FIRST, _MONTH_FIRST, _ONE_DAY):
        match = pattern.fullmatch(text) or pattern.fullmatch(text + ".")
        if match:
            return _range(match.groupdict())
    return None


def split_range(text: str) -> tuple[str, DayRange] | None:
    """Venue and range of a line holding both: `Lausitzring, 23. - 25. Mai`, `Nürburgring (1. - 3. August)`."""
    for cut in [match.end() for match in re.finditer(r"[\s(|,:]+", text[:90])][:12]:
        found = read_range(text[cut:])
        if found and text[:cut].strip(_SEPARATORS + "("):
            return text[:cut].strip(_SEPARATORS + "("), found
    return _split_behind(text)


def _split_behind(text: str) -> tuple[str, DayRange] | None:
    """The range first: `23. - 25. Mai, Lausitzring`, `23. - 25. Mai 2025 in Zandvoort`."""
    for match in [*_BEHIND_RANGE.finditer(text[:60])][:6]:
        found = read_range(text[: match.start()])
        venue = text[match.end() :].strip(_SEPARATORS)
        if found and venue[:1].isupper():
            return venue, found
    return None


def _range(parts: dict[str, str | None]) -> DayRange | None:
    first_day, last_day = parts.get("d1"), parts.get("d2")
    first_day, last_day = first_day or last_day or "", last_day or first_day or ""
    first_month, last_month = parts.get("m1") or parts.get("m2") or "", parts.get("m2") or parts.get("m1") or ""
    first, last = _month_day(first_month, first_day), _month_day(last_month, last_day)
    if first is None or last is None:
        return None
    if not (parts.get("m1") and parts.get("m2")) and last < first:  # `30. - 1. Juni`: the month before was left out
        first = (last[0] - 1 or 12, first[1])
    years = [int(year) if year else None for year in (parts.get("y1"), parts.get("y2"))]
    if years[0] is None and years[1] is not None and last < first:
        years[0] = years[1] - 1
    weekdays = [weekday_number(parts.get(key) or "") if parts.get(key) else None for key in ("w1", "w2")]
    found = DayRange(first, last, *years, *weekdays)
    return found if _is_short(found) else None


def _month_day(month: str, day: str) -> tuple[int, int] | None:
    number = month_number(month)
    if number is None or not 1 <= int(day) <= calendar.monthrange(2024, number)[1]:
        return None
    return number, int(day)


def _is_short(found: DayRange) -> bool:
    days = found.in_year(found.first_year or (found.last_year or 2024) - (found.last < found.first))
    return days is None or 0 <= (days[1] - days[0]).days <= _LONGEST_RANGE


def read_rows(text: str) -> list[Row]:
    """The rows of a timetable line, several where they run together; empty where the line prints no clock time.

    `Qualifying 1 Sa. 09:35 Uhr`, `Fri 13:40 Free Practice`, `Samstag, 15.00 Uhr`, `Race 1 Sat 8:15 pm`.
    """
    if not _ANY_CLOCK.search(text):  # cheap, and true of nearly every line of prose
        return []
    found = [match for match in _WHEN.finditer(text) if _believable(match)]
    if not found:
        return []
    starts, ends = [0, *(match.end() for match in found)], [*(match.start() for match in found), len(text)]
    between = [text[a:b].strip(_SEPARATORS) for a, b in zip(starts, ends, strict=True)]
    if between[0] or (len(found) == 1 and not between[1]):
        names, rests = between[:-1], [""] * (len(found) - 1) + [between[-1]]
    else:
        names, rests = between[1:], [""] * len(found)
    return [Row(name, _when(match), rest) for name, match, rest in zip(names, found, rests, strict=True)]


def _believable(match: re.Match[str]) -> bool:
    """A bare `8.30` is no clock time; with a weekday, a date, a colon or `Uhr` it is."""
    clock = match["clock"]
    return bool(match["weekday"] or match["weekday2"] or match["day"]) or ":" in clock or not clock[-1].isdigit()


def read_day(text: str) -> When | None:
    """A line that only says the day for the rows below it: `Samstag`, `Sa., 24. Mai:`."""
    match = _BARE_DAY.fullmatch(text)
    if match is None or not (match["weekday"] or match["day"]):
        return None
    return When(weekday_number(match["weekday"] or ""), _day(match["day"]))


def _when(match: re.Match[str]) -> When:
    time, next_day = _time(match["clock"])
    return When(weekday_number(match["weekday"] or match["weekday2"] or ""), _day(match["day"]), time, next_day)


def _day(text: str | None) -> tuple[int, int] | None:
    found = read_range(text) if text else None
    return found.first if found else None


def _time(clock: str) -> tuple[dt.time | None, bool]:
    word = clock.casefold()
    if word in {"noon", "midnight"}:
        return dt.time(12 if word == "noon" else 0), word == "midnight"
    match = _HOUR.match(clock)
    if match is None:
        return None, False
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if match["half"] and hour <= 12:  # noqa: PLR2004
        hour = hour % 12 + (12 if match["half"][0] in "pP" else 0)
    if hour == 24:  # noqa: PLR2004
        return (dt.time(0), True) if minute == 0 else (None, False)
    return dt.time(hour, minute), False
