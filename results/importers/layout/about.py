"""What stands around a printed table: which session it is, in what state, of which day, with what reservations. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from results.importers.document import FIRST_YEAR, LAST_YEAR
from results.importers.kinds import kind_of_name

LONGEST_TITLE = 8  # words
LONGEST_NAME = 60
MOST_NOTES, LONGEST_NOTE = 12, 200

_CHANGED = re.compile(r"\b(?:amended|geändert\w*|berichtigt\w*|korrigiert\w*|corrected|neufassung)\b", re.IGNORECASE)
_REVISED = re.compile(r"\b(?:revised|überarbeitet\w*)\b", re.IGNORECASE)
_EARLY = re.compile(
    r"\b(?:provisional|vorläufig\w*|preliminary|unofficial|inoffiziell\w*|nicht offiziell\w*|provisoire)\b",
    re.IGNORECASE,
)
_FINAL = re.compile(r"\b(?:final|endgültig\w*|official|offiziell\w*|definitiv\w*|officiel|définitif)\b", re.IGNORECASE)
_VOID = re.compile(r"\b(?:annulled|annulliert\w*|aufgehoben\w*|void|cancelled)\b", re.IGNORECASE)
_RESULT = re.compile(r"classification|classement|result|ergebnis|klassement|wertung|rangliste", re.IGNORECASE)
_RESERVED = re.compile(
    r"\b(?:subject to|vorbehaltlich|unter vorbehalt|pending|steht aus|stehen aus|under investigation|unter untersuchung)\b",
    re.IGNORECASE,
)
_DECIDES = re.compile(
    r"\b(?:penalt\w*|strafe\w*|zeitstrafe\w*|disqualif\w*|stewards? decision|decision|entscheidung|deleted|gestrichen|"
    r"excluded|ausgeschlossen|reprimand|verwarnung|art(?:icle|ikel)?\.? ?\d)",
    re.IGNORECASE,
)
_NUMERIC_DAY = re.compile(r"(?<![\d.:/-])(\d{1,2})[./-](\d{1,2})[./-](\d{4})(?![\d:])")
_ISO_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")
_NAMED_DAY = re.compile(r"(?<!\d)(\d{1,2})\.? ([A-Za-zäÄ]{3,9})\.?,? (\d{4})(?!\d)")
_MONTHS = {
    word: number
    for number, words in enumerate(
        ["jan", "feb", "mar mär", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"], start=1
    )
    for word in words.split()
}


@dataclass(frozen=True, slots=True)
class About:
    """`state` is empty where nothing says it, `kind` as sessions have them, `day` where only one reading is possible.

    `reserved` are lines that put the result under a condition, `decisions` lines that speak of penalties.
    """

    title: str = ""
    name: str = ""
    kind: str = ""
    state: str = ""
    day: dt.date | None = None
    reserved: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


def about(above: Sequence[str], below: Sequence[str]) -> About:
    """Reads the lines above and below a table."""
    titles = [line for line in above if len(line.split()) <= LONGEST_TITLE]
    named = _named([line for line in titles if not _is_state(line)]) or _named(above)
    lines = [*above, *below]
    return About(
        title=" · ".join(titles)[:LONGEST_NOTE],
        name=named[0] if named and len(named[0]) <= LONGEST_NAME else "",
        kind=named[1] if named else "",
        state=_state(titles) or _state([line for line in lines if _RESULT.search(line)]),
        day=_day(lines),
        reserved=_some(line for line in lines if _RESERVED.search(line)),
        decisions=_some(line for line in lines if _DECIDES.search(line) and not _RESERVED.search(line)),
    )


def _named(lines: Sequence[str]) -> tuple[str, str] | None:
    """The shortest line that names a kind of session, with the kind: `Race` rather than `24 hours of somewhere`."""
    found = [(line, kind) for line in lines if (kind := kind_of_name(line))]
    return min(found, key=lambda one: len(one[0].split()), default=None)


def _some(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(line[:LONGEST_NOTE] for line in list(lines)[:MOST_NOTES])


def _is_state(line: str) -> bool:
    return bool(_RESULT.search(line)) and bool(_state([line]))


def _state(lines: Sequence[str]) -> str:
    """Of several words the more careful one: a "provisional final classification" is provisional."""
    text = "\n".join(lines)
    early, final = bool(_EARLY.search(text)), bool(_FINAL.search(text))
    if _VOID.search(text):
        return "annulled"
    if _REVISED.search(text) or (_CHANGED.search(text) and early):
        return "revised"
    if _CHANGED.search(text):
        return "amended"
    if early:
        return "provisional"
    return "final" if final else ""


def _day(lines: Sequence[str]) -> dt.date | None:
    """The only day that is printed; none where there are several, or where day and month could be either."""
    days = {day for line in lines for day in _days(line)}
    return days.pop() if len(days) == 1 else None


def _days(line: str) -> list[dt.date | None]:
    found = [_date(year, month, day) for year, month, day in _ISO_DAY.findall(line)]
    for day, word, year in _NAMED_DAY.findall(line):
        month = _MONTHS.get(word[:3].casefold())
        found += [_date(year, month, day)] if month else []
    for match in _NUMERIC_DAY.finditer(line):
        first, second, year = match.groups()
        # With a slash the American order is possible; only a day beyond the twelfth settles it.
        if "/" in match[0] and int(first) <= 12 and int(second) <= 12 and first != second:  # noqa: PLR2004 - months
            found.append(None)
        elif "/" in match[0] and int(second) > 12:  # noqa: PLR2004
            found.append(_date(year, first, second))
        else:
            found.append(_date(year, second, first))
    return found


def _date(year: str, month: str | int, day: str) -> dt.date | None:
    if not FIRST_YEAR <= int(year) <= LAST_YEAR:
        return None
    try:
        return dt.date(int(year), int(month), int(day))
    except ValueError:
        return None
