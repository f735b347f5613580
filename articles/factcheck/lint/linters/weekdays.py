"""Weekday against date, in German and English writings; and days that no calendar has.

A date without year is read in the years of the event, of the text and of the sentence: only where the weekday fits none
of them is it wrong.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterator
from typing import NamedTuple

from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Kind, Remark

GERMAN = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")
ENGLISH = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SHORT = {name[:2].lower(): number for number, name in enumerate(GERMAN)} | {
    short: number
    for number, shorts in enumerate(("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun"))
    for short in shorts.split()
}
_YEARS = range(1886, 2200)
_FARTHEST = 200  # days from the event to a date whose year nobody wrote
_NEAR = 4
_DATE = 24  # signs of a date before or behind its day
_FULL_YEAR, _LEAP_YEAR, _DECEMBER = 4, 2024, 12
_AT_THE_END = range(29, 32)

_PART = r"(?:abend|morgen|vormittag|nachmittag|mittag|nacht)?s?"
_DAY_NAME = (
    rf"(?:(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag){_PART}|(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"(?:mo|di|mi|do|fr|sa|so|mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun)\.|(?:Mo|Di|Mi|Do|Fr|Sa|So|Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?=,?\s?\d))"
)
_MONTH = "|".join(sorted({*pairs("months"), "märz", "jänner"}, key=len, reverse=True))
_YEAR = r"(?:,?\s(?P<{0}year>\d{{4}})(?!\d))?"
_WORDED = rf"(?P<{{0}}day>\d{{{{1,2}}}})(?:st|nd|rd|th)?\.?\s?(?:of\s)?(?P<{{0}}month>{_MONTH})\b\.?{_YEAR}"
_TURNED = rf"(?P<{{0}}month>{_MONTH})\b\.?\s(?:the\s)?(?P<{{0}}day>\d{{{{1,2}}}})(?:st|nd|rd|th)?(?![\d:]|\.\d){_YEAR}"
_NUMBERS = r"(?P<{0}day>\d{{1,2}})\.\s?(?P<{0}number>\d{{1,2}})\.(?:\s?(?P<{0}year>\d{{4}}|\d{{2}})(?![\d:.]))?(?!\d)"
_ISO = r"(?P<{0}year>\d{{4}})-(?P<{0}number>\d\d)-(?P<{0}day>\d\d)(?!\d)"


def _dates(names: str) -> str:
    """Every writing of a date; the groups of each have a name of their own, `names` before them."""
    forms = enumerate((_WORDED, _TURNED, _NUMBERS, _ISO))
    return "(?:" + "|".join(form.format(f"{names}{number}") for number, form in forms) + ")"


_BETWEEN = r"(?:,?\s(?:den|dem|der|the)\s|,?\s?\(|,\s?|\s)"
_FORWARD = re.compile(rf"\b(?=[dfmstw])(?P<name>{_DAY_NAME}){_BETWEEN}(?:{_dates('f')})", re.IGNORECASE)
_BACKWARD = re.compile(
    rf"(?<![\d/–-])(?<!\d[.])(?=[\dadfjmnos])(?:{_dates('b')})(?:\s?\(|,?\s(?:an\s)?einem\s|,\sa\s)(?P<name>{_DAY_NAME})(?=[\s),.;]|$)(?!\s?[/–&-]|\s(?:und|and|bis|to)\b)",
    re.IGNORECASE,
)
# `Samstag und Sonntag, 12. und 13. Juli`, `Freitag, 4., bis Sonntag, 6. Juli`
_JOINT = r"\s?(?:/|–|-|,|&|und|and|bis|to)\s?(?:zum\s|am\s)?"
_TWO = re.compile(
    rf"\b(?=[dfmstw])(?P<first>{_DAY_NAME})(?:{_JOINT})(?P<name>{_DAY_NAME}){_BETWEEN}(?P<one>\d{{1,2}})\.?{_JOINT}(?P<two>\d{{1,2}})\.?\s?(?P<month>{_MONTH})\b\.?{_YEAR.format('')}",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    rf"\b(?=[dfmstw])(?P<first>{_DAY_NAME}),?\s(?:den\s|dem\s)?(?P<one>\d{{1,2}})\.,?{_JOINT}(?P<name>{_DAY_NAME}),?\s(?:den\s|dem\s)?(?P<two>\d{{1,2}})\.\s?(?P<month>{_MONTH})\b\.?{_YEAR.format('')}",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?<![\d.,:/–-]){_dates('d')}", re.IGNORECASE)
_END_OF_A_MONTH = re.compile(r"(?<!\d)(?:29|30|31)(?!\d)")
_ANY_YEAR = re.compile(r"(?:19|20)\d\d")
_TAIL = re.compile(rf"(?:tag|woch|abend|day)(?P<rest>{_PART})$", re.IGNORECASE)


def lint(piece: Piece) -> Iterator[Remark]:
    said = list(_pairs(piece.text))
    said += _singles(piece.text, {one.start for one in said})
    yield from filter(None, (_judge(piece, one) for one in said))
    yield from _no_such_day(piece)


class _Said(NamedTuple):
    """A weekday, where it stands, and the date beside it; month 0 for none."""

    name: str
    start: int
    day: int
    month: int
    year: str | None


def _singles(text: str, taken: set[int]) -> Iterator[_Said]:
    """Weekdays with one date; `taken` are those that belong to two."""
    for pattern, names in ((_FORWARD, "f"), (_BACKWARD, "b")):
        for match in pattern.finditer(text):
            if match.start("name") not in taken and not _is_a_span(text, match):
                yield _Said(match["name"], match.start("name"), *_parts(match, names))


def _pairs(text: str) -> Iterator[_Said]:
    for pattern in (_TWO, _SPLIT):
        for match in pattern.finditer(text):
            for name, day in (("first", "one"), ("name", "two")):
                yield _Said(match[name], match.start(name), int(match[day]), _month(match["month"]), match["year"])


def _is_a_span(text: str, match: re.Match[str]) -> bool:
    """Whether the date goes on: of `12. bis 13. Juli (Samstag)` the weekday says too little; a time is no date."""
    before = text[max(match.start() - 8, 0) : match.start()]
    behind = text[match.end() : match.end() + 5]
    return bool(re.search(r"\d\.?\s?(?:und|and|bis|to|–|-|/)\s?$", before)) or behind.lstrip().startswith("Uhr")


def _parts(match: re.Match[str], names: str) -> tuple[int, int, str | None]:
    """Day, month (0 for none) and year of whichever writing it was."""
    groups = match.groupdict()
    for form in range(4):
        day = groups.get(f"{names}{form}day")
        if day:
            number = groups.get(f"{names}{form}number")
            month = int(number) if number else _month(groups[f"{names}{form}month"] or "")
            return int(day), month, groups.get(f"{names}{form}year")
    return 0, 0, None


def _month(name: str) -> int:
    return int(pairs("months").get(fold_word(name), 0))


def _weekday(name: str) -> int | None:
    word = fold_word(name).rstrip(".")
    for day, number in pairs("days").items():
        if word.startswith(day):
            return int(number)
    return _SHORT.get(word)


def _judge(piece: Piece, said: _Said) -> Remark | None:
    weekday = _weekday(said.name)
    days = _readings(piece, said)
    if weekday is None or not days or any(one.weekday() == weekday for one in days):
        return None
    meant = days[0]
    near = [one for one in piece.starters.days if abs((one - meant).days) <= _NEAR]
    other = next((one for one in near if one.weekday() == weekday), None)
    why = f"Der {meant.day}. {_MONTHS[meant.month - 1]} {meant.year} ist ein {GERMAN[meant.weekday()]}"
    why += (
        f"; der {GERMAN[weekday]} der Veranstaltung ist der {other.day}. {_MONTHS[other.month - 1]}." if other else "."
    )
    # Where the date is a day of the event and no neighbour has that weekday, the weekday is what is wrong.
    right = _in_the_same_form(said.name, meant.weekday()) if meant in near and other is None else None
    return Remark(said.start, said.start + len(said.name), said.name, Kind.WEEKDAY, why, right)


_MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


def _in_the_same_form(printed: str, weekday: int) -> str:
    """`Sa.` for `So.`, `Samstagabend` for `Sonntagabend`, `Saturday` for `Sunday`."""
    word = printed.rstrip(".")
    # `Montag` begins like `Monday`.
    is_english = word[:3].lower() in {name[:3].lower() for name in ENGLISH} and not word.lower().startswith("montag")
    right = (ENGLISH if is_english else GERMAN)[weekday]
    if word.lower() in _SHORT:
        return right[: 3 if is_english else 2] + printed[len(word) :]
    tail = _TAIL.search(printed)
    return right + (tail["rest"] if tail else "")


def _readings(piece: Piece, said: _Said) -> list[dt.date]:
    """The dates that may be meant, the likeliest first; none where nobody can say or there is no such day."""
    if said.year:
        return _valid([int(said.year) + (0 if len(said.year) == _FULL_YEAR else 2000)], said.month, said.day)
    years = _years(piece, said.month, said.day)
    if not years:
        return []
    sentence = piece.cut.sentence_at(said.start)
    tokens = piece.cut.tokens[sentence.first : sentence.last]
    if any(token.key in words("history") for token in tokens):
        return []
    beside = [int(token.text) for token in tokens if _ANY_YEAR.fullmatch(token.text)]
    return _valid([*years, *beside], said.month, said.day)


def _years(piece: Piece, month: int, day: int) -> list[int]:
    """Years in which the date lies about the event or the text."""
    anchors = [*piece.starters.days[:1], *piece.starters.days[-1:], *([piece.written] if piece.written else [])]
    found: dict[int, int] = {}
    for anchor in anchors:
        for year in (anchor.year - 1, anchor.year, anchor.year + 1):
            valid = _valid([year], month, day)
            far = abs((valid[0] - anchor).days) if valid else _FARTHEST + 1
            if valid and (year == anchor.year or far <= _FARTHEST):
                found[year] = min(far, found.get(year, far))
    return sorted(found, key=lambda year: (found[year], year))


def _valid(years: list[int], month: int, day: int) -> list[dt.date]:
    return [dt.date(year, month, day) for year in dict.fromkeys(years) if _is_day(year, month, day)]


def _is_day(year: int, month: int, day: int) -> bool:
    return year in _YEARS and 1 <= month <= _DECEMBER and 1 <= day <= calendar.monthrange(year, month)[1]


def _no_such_day(piece: Piece) -> Iterator[Remark]:
    """`31. November`, `29. Februar 2023`."""
    for match in _late_dates(piece.text):
        day, month, year = _parts(match, "d")
        is_worded = bool(match["d0day"] or match["d1day"])
        if not (day in _AT_THE_END and 1 <= month <= _DECEMBER and (is_worded or (year and len(year) == _FULL_YEAR))):
            continue
        in_year = int(year) if year and len(year) == _FULL_YEAR else _LEAP_YEAR
        if in_year in _YEARS and not _is_day(in_year, month, day):
            when = f"{_MONTHS[month - 1]} {year}" if year else _MONTHS[month - 1]
            yield Remark(*match.span(), match[0], Kind.WEEKDAY, f"Einen {day}. {when} gibt es nicht.")


def _late_dates(text: str) -> Iterator[re.Match[str]]:
    """Dates about a 29, 30 or 31; the other days every month has."""
    end = 0
    for late in _END_OF_A_MONTH.finditer(text):
        for match in _BARE.finditer(text, max(late.start() - _DATE, end), late.end() + _DATE):
            if match.start() <= late.start() < match.end():
                yield match
                end = match.end()
