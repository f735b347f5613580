"""A JSON document of unknown origin, read key by key: hostile ones are refused, every wrong value is collected."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar

from results.importers.encoding import tidy, unfit
from results.importers.records import FileRefused, Problem, collect
from results.importers.table import MAX_COUNT
from results.notation import NotationError, shown

_T = TypeVar("_T")

MAX_DIGITS = 18
MAX_VALUES = 1_000_000  # 100,000 laps have fewer; each takes some 100 bytes of memory, however short it is in the file
MAX_KEYS = 100  # of one object
MAX_UNKNOWN = 100  # keys named in the report
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2}(?::[0-9]{2})?))?")
FIRST_YEAR, LAST_YEAR = 1887, 2099  # the first motor race; a typing error

Json = dict[str, object]


class _RefusedError(ValueError):
    """Raised inside the decoder's hooks, which may raise nothing else."""


def load(text: str, *, most: int = MAX_VALUES, without: Collection[str] = ()) -> object:
    """The document as Python values; numbers with a point are Decimal. FileRefused for what no honest file holds:
    doubled keys, NaN, figures of endless length, nesting or numbers of values beyond reason, and syntax errors with line
    and column. The keys in `without` are dropped while the document is read, so that it may have more values.
    """
    if sum(text.count(sign) for sign in ",[{") > most:
        raise FileRefused(f"Das JSON hat mehr als {most} Werte. So viele hat keine Veranstaltung.")

    dropped = frozenset(without)

    def of_object(pairs: list[tuple[str, object]]) -> Json:
        made = _object(pairs)
        return made if dropped.isdisjoint(made) else {key: made[key] for key in made if key not in dropped}

    try:
        document: object = json.loads(
            text,
            object_pairs_hook=of_object if dropped else _object,
            parse_int=_int,
            parse_float=_decimal,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        raise FileRefused(f"Zeile {error.lineno}, Spalte {error.colno}: Das ist kein gültiges JSON.") from error
    except _RefusedError as error:
        raise FileRefused(str(error)) from error
    except (RecursionError, ValueError) as error:
        raise FileRefused("Das JSON ist zu tief verschachtelt.") from error
    return document


def _object(pairs: list[tuple[str, object]]) -> Json:
    if len(pairs) > MAX_KEYS:
        raise _RefusedError(f"Ein Objekt hat {len(pairs)} Schlüssel, erlaubt sind {MAX_KEYS}.")
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = Counter(keys).most_common(1)[0][0]
        raise _RefusedError(f"Der Schlüssel „{shown(twice)}“ steht zweimal in einem Objekt. Welcher gilt?")
    return made


def _int(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _RefusedError(f"Die Zahl {shown(digits)} ist zu lang.")
    return int(digits)


def _decimal(digits: str) -> Decimal:
    if len(digits) > MAX_DIGITS or "e" in digits.lower():
        raise _RefusedError(f"Die Zahl {shown(digits)} ist zu lang oder in Exponentenschreibweise.")
    return Decimal(digits)


def _constant(name: str) -> object:
    raise _RefusedError(f"{name} ist keine Zahl.")


@dataclass(slots=True)
class Report:
    """What was wrong and what is odd in a file, in the order in which it was met."""

    rejected: list[Problem] = field(default_factory=list)
    doubts: list[Problem] = field(default_factory=list)
    unknown: Counter[tuple[str, str]] = field(default_factory=Counter)
    unnamed: int = 0  # unknown keys beyond those

    def reject(self, line: int | None, column: str | None, reason: str) -> None:
        collect(self.rejected, Problem(line, column, reason))

    def doubt(self, line: int | None, column: str | None, reason: str) -> None:
        self.doubts.append(Problem(line, column, reason))

    def meet(self, level: str, key: str) -> None:
        """An unknown key."""
        if (level, key) in self.unknown or len(self.unknown) < MAX_UNKNOWN:
            self.unknown[level, key] += 1
        else:
            self.unnamed += 1

    def unknown_keys(self) -> list[Problem]:
        """One doubt per key and level, however many rows carry it; of very many the first."""
        more = [Problem(None, None, f"{self.unnamed} weitere unbekannte Schlüssel werden nicht übernommen.")]
        return [
            Problem(
                None,
                key,
                f"Der Schlüssel „{key}“ ist {level} nicht bekannt und wird nicht übernommen{f' ({count}-mal)' if count > 1 else ''}.",
            )
            for (level, key), count in self.unknown.items()
        ] + (more if self.unnamed else [])


class Fields:
    """One JSON object. Each reader takes a key, says what is wrong with its value, and remembers that it is known.

    `level` names the kind of object in sentences ("in der Wertung"), `where` stands before every reason, `line` is the
    number of the row in its list. `bad` is True once anything was rejected.
    """

    __slots__ = ("_known", "bad", "level", "line", "report", "value", "where")

    def __init__(self, value: object, report: Report, *, level: str, where: str = "", line: int | None = None) -> None:
        self.report, self.level, self.where, self.line = report, level, where, line
        self.bad = False
        self._known: set[str] = set()
        self.value: Json = value if isinstance(value, dict) else {}
        if not isinstance(value, dict):
            self.reject(None, "Hier muss ein Objekt stehen.")

    def reject(self, column: str | None, reason: str) -> None:
        self.bad = True
        self.report.reject(self.line, column, f"{self.where}{reason}")

    def doubt(self, column: str | None, reason: str) -> None:
        self.report.doubt(self.line, column, f"{self.where}{reason}")

    def finish(self) -> None:
        """Names the keys nobody asked for."""
        for key in self.value:
            if key not in self._known:
                self.report.meet(self.level, shown(key))

    def get(self, key: str) -> object:
        self._known.add(key)
        return self.value.get(key)

    def text(self, key: str, limit: int = 120, *, required: bool = False) -> str | None:
        value = self.get(key)
        if value is None or value == "":
            if required:
                self.reject(key, f"„{key}“ fehlt.")
            return None
        if not isinstance(value, str):
            self.reject(key, f"„{key}“ muss Text in Anführungszeichen sein.")
            return None
        clean = tidy(value)
        reason = unfit(clean) or (f"ist länger als {limit} Zeichen" if len(clean) > limit else None)
        if reason:
            self.reject(key, f"„{key}“ {reason}.")
            return None
        return clean or None

    def count(self, key: str, low: int = 1) -> int | None:
        value = self.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.reject(key, f"„{key}“ muss eine ganze Zahl ohne Anführungszeichen sein.")
            return None
        if not low <= value <= MAX_COUNT:
            self.reject(key, f"„{key}“ muss zwischen {low} und {MAX_COUNT} liegen.")
            return None
        return value

    def flag(self, key: str, *, default: bool) -> bool:
        value = self.get(key)
        if value is None:
            return default
        if not isinstance(value, bool):
            self.reject(key, f"„{key}“ muss true oder false sein.")
            return default
        return value

    def choice(self, key: str, options: Collection[str], *, default: str | None = None) -> str | None:
        """One of the options; without a default the key must be there."""
        value = self.text(key, 40, required=default is None)
        if value is None:
            return default
        if value not in options:
            self.reject(key, f"„{shown(value)}“ ist hier nicht bekannt. Möglich sind: {', '.join(options)}.")
            return default
        return value

    def read(self, key: str, parser: Callable[[str], _T | None]) -> _T | None:
        """A time or gap printed as text."""
        value = self.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            self.reject(key, f"„{key}“ muss Text sein, zum Beispiel „1:46.540“.")
            return None
        try:
            return parser(value)
        except NotationError as error:
            self.reject(key, str(error))
            return None

    def items(self, key: str, limit: int) -> list[object]:
        value = self.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.reject(key, f"„{key}“ muss eine Liste sein.")
            return []
        if len(value) > limit:
            self.reject(key, f"„{key}“ hat {len(value)} Einträge, erlaubt sind {limit}.")
            return []
        return value

    def date(self, key: str, *, required: bool = False) -> tuple[dt.date | None, dt.time | None]:
        """`2021-11-05` or `2021-11-05T18:30`, local to the venue, without a zone."""
        text = self.text(key, 40, required=required)
        if text is None:
            return None, None
        match = _DATE.fullmatch(text)
        if not match:
            self.reject(
                key, f"„{shown(text)}“ ist kein Datum. Erwartet wird 2021-11-05 oder 2021-11-05T18:30 in Ortszeit."
            )
            return None, None
        try:
            day = dt.date.fromisoformat(match[1])
            time = dt.time.fromisoformat(match[2]) if match[2] else None
        except ValueError:
            self.reject(key, f"Den Zeitpunkt {text} gibt es nicht.")
            return None, None
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            self.reject(key, f"Das Jahr {day.year} kann nicht stimmen.")
            return None, None
        return day, time
