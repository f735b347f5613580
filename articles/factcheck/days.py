"""Days, months and years a text names, as far as it says them, and its weekdays. German and English, pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass

from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import pairs

_MONTH = "|".join(sorted({*pairs("months"), "märz", "jänner"}, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_TO = r"\s?(?:-|–|/|,|bis|und|and|to)\s?(?:zum\s)?"
_TH = r"(?:\.|st|nd|rd|th)?"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 19.06.-22.06.2014
        rf"(?<![\d.,:])(?P<d>\d{{1,2}})\.(?P<m>\d{{1,2}})\.(?:{_YEAR})?\s?[-–]\s?(?P<e>\d{{1,2}})\.(?P<m2>\d{{1,2}})\.(?P<y>{_YEAR})?",
        # 23.-25.05.2013, 24.05.
        rf"(?<![\d.,:])(?P<d>\d{{1,2}})\.(?:{_TO}(?P<e>\d{{1,2}})\.)?(?P<m>0?[1-9]|1[0-2])\.(?:\s?(?P<y>{_YEAR}))?(?!\d)",
        # 2021-11-06, 2021-11
        rf"(?<![\d-])(?P<y>{_YEAR})-(?P<m>0[1-9]|1[0-2])(?:-(?P<d>\d\d))?(?![\d-])",
        # 26. bis 29. Mai 2016, 13., 14. Oktober, 6th of November
        rf"(?<![\d.,:])(?P<d>\d{{1,2}}){_TH}(?:{_TO}(?P<e>\d{{1,2}}){_TH})?\s?(?:of\s)?(?P<m>{_MONTH})\b(?:,?\s(?P<y>{_YEAR}))?",
        # November 6-7, 2021
        rf"\b(?P<m>{_MONTH})\s(?P<d>\d{{1,2}}){_TH}(?:\s?[-–]\s?(?P<e>\d{{1,2}}))?(?!\d)(?:,?\s(?P<y>{_YEAR}))?",
        # November 2021
        rf"\b(?P<m>{_MONTH})\s(?P<y>{_YEAR})\b",
        # 2021, but not `seit 2021`, which looks back
        rf"(?<![\w#.,:-])(?<!seit )(?<!since )(?P<y>{_YEAR})(?![\w:]|[.,]\d|-\d)",
    )
)
_WEEKDAY = re.compile(rf"\b({'|'.join(pairs('days'))})(?:s|abends?|nachmittags?|vormittags?|nachts?)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SaidDay:
    """A day or two, a month or a year as the words say it; None for what they leave open."""

    year: int | None
    month: int | None
    day: int | None
    last: int | None
    start: int
    end: int

    def days_in(self, year: int) -> tuple[dt.date, dt.date] | None:
        """First and last day if the year was this one; None where the words name no day or none of the calendar."""
        if self.month is None or self.day is None:
            return None
        try:
            first = dt.date(year, self.month, self.day)
            return first, max(first, dt.date(year, self.month, self.last or self.day))
        except ValueError:
            return None


def said_days(text: str) -> list[SaidDay]:
    """Every date of a text in its order; words that are part of a longer date are not read twice."""
    found: list[SaidDay] = []
    taken: set[int] = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(text):
            said = _said(match)
            if said and not taken.intersection(range(said.start, said.end)):
                taken.update(range(said.start, said.end))
                found.append(said)
    return sorted(found, key=lambda said: said.start)


def said_weekdays(text: str) -> frozenset[int]:
    """The weekdays a text names, Monday 0."""
    return frozenset(int(pairs("days")[fold_word(match[1])]) for match in _WEEKDAY.finditer(text))


def _said(match: re.Match[str]) -> SaidDay | None:
    parts = match.groupdict()
    month = _month(parts.get("m"))
    if parts.get("m") and month is None:
        return None
    last = _number(parts.get("e")) if parts.get("m2") in {None, parts.get("m")} else None
    said = SaidDay(_number(parts.get("y")), month, _number(parts.get("d")), last, *match.span())
    return said if said.day is None or said.days_in(said.year or 2000) else None


def _month(printed: str | None) -> int | None:
    if printed is None:
        return None
    number = int(printed) if printed.isdecimal() else int(pairs("months").get(fold_word(printed), 0))
    return number if 0 < number <= 12 else None  # noqa: PLR2004 - months of a year


def _number(printed: str | None) -> int | None:
    return int(printed) if printed else None


def years_of(days: list[SaidDay]) -> Iterator[int]:
    return (said.year for said in days if said.year)
