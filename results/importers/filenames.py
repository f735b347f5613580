"""What the name of a timing file says: event, day, kind of session. Hints only, for a person to confirm. Pure.

`NLS1__RENNEN_LAPS.CSV`, `23_Analysis_2025_imola_6h.csv`, `2025__06-sebring-international-raceway__202503151010-race-laps.csv`.
"""

from __future__ import annotations

import datetime as dt
import re
from contextlib import suppress
from dataclasses import dataclass

from results.importers.kinds import kind_of_name
from results.names import fold

_STAMP = re.compile(
    r"(?<!\d)(20\d\d)[-_.]?([01]\d)[-_.]?([0-3]\d)(?:[-_T]?([0-2]\d)[-_.:]?([0-5]\d)(?:[-_.:]?[0-5]\d)?)?(?!\d)"
)
_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20\d\d)(?!\d)")
_HOURS = re.compile(r"(?<![a-z0-9])(\d{1,2})\s?h(?![a-z])", re.IGNORECASE)
_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")
_NUMBERED = re.compile(
    r"(?:practice|session|training|qualifying|quali|race|rennen|lauf|fp|hour)[\s_-]*(\d{1,2})(?!\d)", re.IGNORECASE
)
# Words about the file, not about what it tells of.
_NOISE = frozenset(
    [
        "analysis",
        "result",
        "results",
        "resultate",
        "ergebnis",
        "ergebnisse",
        "laps",
        "lap",
        "runden",
        "rundenzeiten",
        "sektorzeiten",
        "sectors",
        "classification",
        "klassement",
        "weather",
        "entry",
        "list",
        "csv",
        "json",
        "xml",
        "xlsx",
        "ods",
        "final",
        "official",
        "provisional",
        "v1",
        "v2",
        "v3",
        "grafik",
        "und",
        "of",
        "the",
        "by",
    ]
)
_SESSION = frozenset(
    [
        "rennen",
        "race",
        "lauf",
        "zeittraining",
        "training",
        "qualifying",
        "quali",
        "practice",
        "session",
        "warm",
        "up",
        "warmup",
        "fp",
        "q",
        "fp1",
        "fp2",
        "fp3",
        "q1",
        "q2",
        "q3",
        "hour",
        "position",
        "points",
        "freies",
    ]
)


@dataclass(frozen=True, slots=True)
class NameHints:
    """What a name says; everything may be missing. `words` are folded and name the event or its circuit."""

    words: tuple[str, ...] = ()
    event: str = ""
    year: int | None = None
    date: dt.date | None = None
    time: dt.time | None = None
    kind: str = ""
    number: int | None = None


def hints(name: str) -> NameHints:
    """The hints in the name of a file, folders left out."""
    stem = _ENDING.sub("", name.replace("\\", "/").rpartition("/")[2])
    day, hour = _stamp(stem)
    plain = _STAMP.sub(" ", stem)
    year = _YEAR.search(plain)
    spoken = re.sub(r"[\W_]+", " ", plain)
    number = _NUMBERED.search(plain)
    words = tuple(dict.fromkeys(word for word in fold(_YEAR.sub(" ", spoken)).split() if _tells(word)))
    kind = kind_of_name(spoken) or ("race" if _HOURS.search(spoken) else "")
    return NameHints(
        words=words,
        event=" ".join(_as_written(spoken, words)),
        year=day.year if day else int(year[1]) if year else None,
        date=day,
        time=hour,
        kind=kind,
        number=int(number[1]) if number else None,
    )


def _stamp(stem: str) -> tuple[dt.date | None, dt.time | None]:
    for found in _STAMP.finditer(stem):
        with suppress(ValueError):
            day = dt.date(int(found[1]), int(found[2]), int(found[3]))
            return day, dt.time(int(found[4]), int(found[5])) if found[4] else None
    return None, None


def _tells(word: str) -> bool:
    """Whether a word may name an event: no number of a file, nothing about the file or the session."""
    return not word.isdecimal() and word not in _NOISE and word not in _SESSION


def _as_written(spoken: str, words: tuple[str, ...]) -> list[str]:
    written = {fold(word): word for word in reversed(spoken.split())}
    return [shown if not (shown := written.get(word, word)).islower() else shown.capitalize() for word in words]
