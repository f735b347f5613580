"""What the columns of a plain table mean: proposed by their names and values, confirmed by a person. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice, pairwise

from results.importers import columns
from results.importers.columns import KINDS, fits, meanings
from results.importers.records import FileRefused
from results.importers.spreadsheet import Table
from results.importers.table import MAX_COLUMNS, MAX_FIELD
from results.names import fold

LOOKED_AT = 60  # rows
IGNORED = ""

_WHO = frozenset({"driver", "last_name", "team", "entrant", "manufacturer"})
# Of each set one column is needed; the sentence says what is missing.
_NEEDED: dict[str, tuple[tuple[frozenset[str], str], ...]] = {
    "classification": (
        (frozenset({"number"}), "Keine Spalte ist die Startnummer."),
        (frozenset({"position", "status"}), "Keine Spalte ist der Platz oder der Status."),
    ),
    "laps": (
        (frozenset({"number"}), "Keine Spalte ist die Startnummer."),
        (frozenset({"lap"}), "Keine Spalte ist die Nummer der Runde."),
        (frozenset({"lap_time"}), "Keine Spalte ist die Rundenzeit."),
    ),
    "entries": (
        (frozenset({"number"}), "Keine Spalte ist die Startnummer."),
        (_WHO, "Keine Spalte nennt Fahrer oder Team."),
    ),
    "standings": (
        (frozenset({"points"}), "Keine Spalte sind die Punkte."),
        (_WHO, "Keine Spalte nennt, wem die Punkte gehören."),
    ),
    "calendar": (
        (frozenset({"start"}), "Keine Spalte ist der Beginn."),
        (frozenset({"event"}), "Keine Spalte nennt die Veranstaltung."),
    ),
}
_MEASURED = frozenset({"laps", "gap", "best_lap", "best_lap_number"})


@dataclass(frozen=True, slots=True)
class Mapping:
    """`fields` stands beside `header`: the key of each column's field, empty for a column that is not taken.

    `certain`: nobody has to look at it. `guessed` are columns whose values alone speak for their field.
    """

    kind: str
    header: tuple[str, ...]
    fields: tuple[str, ...]
    certain: bool = False
    guessed: tuple[int, ...] = ()

    def place(self, key: str) -> int | None:
        """The column of a field that only one column can have."""
        return self.fields.index(key) if key in self.fields else None

    def places(self, key: str) -> list[int]:
        """The columns of a field, in their order."""
        return [place for place, field in enumerate(self.fields) if field == key]

    def faults(self) -> list[str]:
        """Why it cannot be used, one German sentence each."""
        if self.kind not in KINDS:
            return ["Es ist nicht zu erkennen, was für eine Tabelle das ist."]
        known = columns.fields()
        found = [
            f"{known[key].label}: Das Feld ist mehr als einer Spalte zugeordnet."
            for key, count in Counter(self.fields).items()
            if key and count > 1 and not known[key].many
        ]
        found += [
            f"{known[key].label}: Das Feld gibt es in dieser Art Tabelle nicht ({KINDS[self.kind]})."
            for key in dict.fromkeys(self.fields)
            if key and self.kind not in known[key].kinds
        ]
        return found + [sentence for keys, sentence in _NEEDED[self.kind] if not keys.intersection(self.fields)]

    def fits(self, table: Table) -> bool:
        """Whether the table has these columns in this order."""
        return header_key(self.header) == header_key(table.header)

    def to_json(self) -> dict[str, object]:
        return {"kind": self.kind, "columns": [list(pair) for pair in zip(self.header, self.fields, strict=True)]}

    @classmethod
    def from_json(cls, value: object) -> Mapping:
        """Takes `to_json()` back; FileRefused for anything else. A person has confirmed it, so it is certain."""
        if isinstance(value, dict) and isinstance(value.get("columns"), list):
            kind, pairs = value.get("kind"), value["columns"]
            if (
                isinstance(kind, str)
                and kind in KINDS
                and 0 < len(pairs) <= MAX_COLUMNS
                and all(_is_pair(pair) for pair in pairs)
            ):
                header, keys = zip(*pairs, strict=True)
                return cls(kind, tuple(header), tuple(keys), certain=True)
        raise FileRefused("Die Zuordnung der Spalten ist nicht zu lesen.")

    def as_text(self) -> str:
        """The JSON, as `ParsedFile.extra` carries it."""
        return json.dumps(self.to_json(), ensure_ascii=False)


def _is_pair(pair: object) -> bool:
    return (
        isinstance(pair, list | tuple)
        and len(pair) == 2  # noqa: PLR2004 - header and field
        and isinstance(pair[0], str)
        and len(pair[0]) <= MAX_FIELD
        and isinstance(pair[1], str)
        and (pair[1] == IGNORED or pair[1] in columns.fields())
    )


def header_key(header: Iterable[str]) -> str:
    """The header as one text that spellings of the same columns share."""
    return "|".join(fold(name) or name.strip() for name in header)


def kinds() -> list[tuple[str, str]]:
    """Keys and German names of the kinds of tables."""
    return list(KINDS.items())


def fields(kind: str = "") -> list[tuple[str, str]]:
    """Keys and German labels of the fields of a kind, of all without one; first that a column is not taken."""
    known = columns.fields().values()
    return [
        (IGNORED, "wird nicht übernommen"),
        *((field.key, field.label) for field in known if not kind or kind in field.kinds),
    ]


# ------------------------------------------------------------------ proposing


def propose(table: Table) -> Mapping:
    """The likeliest meaning of every column; `certain` only where names say it and no value speaks against it."""
    rows = [cells for _line, cells in islice(table.rows(), LOOKED_AT)]
    values = [[cells[place] for cells in rows if cells[place]] for place in range(len(table.header))]
    named = [meanings(name) for name in table.header]
    kind = _kind(named, values)
    if not kind:
        return Mapping("", table.header, tuple(IGNORED for _name in table.header))
    chosen = _chosen(kind, named, values)
    guessed = _guess(kind, chosen, values)
    mapping = Mapping(kind, table.header, tuple(chosen), guessed=guessed)
    doubtful = any(key and not fits(key, values[place]) for place, key in enumerate(chosen) if key in _DECISIVE)
    certain = not guessed and not doubtful and not mapping.faults()
    return Mapping(kind, table.header, tuple(chosen), certain=certain, guessed=guessed)


# Values that do not look like these mean that the column is something else.
_DECISIVE = frozenset({"position", "number", "laps", "lap", "points", "start"})


def _kind(named: list[tuple[str, ...]], values: list[list[str]]) -> str:
    """What kind of table has these columns, told by names and, where they are common, by values."""

    def has(*keys: str) -> bool:
        return any(
            key in keys and fits(key, values[place]) and bool(values[place])
            for place, means in enumerate(named)
            for key in means
        )

    said = {key for means in named for key in means}
    if has("start") and "number" not in said:
        return "calendar"
    placed = "number" in said and _is_placed(named, values, said)
    if (
        not placed
        and {"lap", "lap_time", "number"} <= said
        and not has("position")
        and not {"gap", "total_or_gap"} & said - _of_time(named)
    ):
        return "laps"
    unmistakable = ("points",) in named and "number" not in said
    if (unmistakable or has("points")) and not _MEASURED & said and (_WHO & said) and not has("total"):
        return "standings"
    if "number" in said and ({"position", "status"} & said or placed):
        return "classification"
    if "number" in said and _WHO & said:
        return "entries"
    return "classification" if "position" in said and _WHO & said else ""


def _is_placed(named: list[tuple[str, ...]], values: list[list[str]], said: set[str]) -> bool:
    """Whether a column without a name counts the places of what is measured: most timing services name it by nothing."""
    measured = ((_MEASURED | {"total", "total_or_gap", "part_time"}) & said) - _of_time(named)
    return bool(measured) and any(not means and _ascends(values[place]) for place, means in enumerate(named))


def _of_time(named: list[tuple[str, ...]]) -> set[str]:
    """Fields that are named by a mere `Zeit` only, which is many things."""
    return {key for means in named if "lap_time" in means for key in means}


def _chosen(kind: str, named: list[tuple[str, ...]], values: list[list[str]]) -> list[str]:
    """A field a column: the first meaning of its name that the kind has, that is free, and that its values look like."""
    chosen: list[str] = [IGNORED] * len(named)
    taken: set[str] = set()
    known = columns.fields()
    # Names with one meaning first, so that `Zeit` takes what `Rundenzeit` has left.
    for place in sorted(range(len(named)), key=lambda column: (len(named[column]), column)):
        possible = [key for key in named[place] if kind in known[key].kinds and (known[key].many or key not in taken)]
        fitting = [key for key in possible if fits(key, values[place])]
        key = next(iter(fitting or possible), IGNORED)
        chosen[place] = key
        taken.add(key)
    if "part_time" in chosen:  # laps and clock times of each part stand beside it, under the same names
        names = Counter(named)
        chosen = [IGNORED if key in _OF_PARTS and names[named[place]] > 1 else key for place, key in enumerate(chosen)]
    if kind == "classification" and "total" in chosen:
        place = chosen.index("total")
        chosen[place] = _what_zeit_is(chosen, values[place])
    return chosen


_OF_PARTS = frozenset({"laps", "total", "best_lap", "best_lap_number"})
LONGEST_LAP = 15 * 60 * 1_000


def _what_zeit_is(chosen: list[str], values: list[str]) -> str:
    """The total, or in a practice the best lap (no laps are counted), or a time for the winner and gaps for the rest."""
    if "gap" not in chosen and any(value.startswith("+") or value[:1].isalpha() for value in values):
        return "total_or_gap"  # with why a car stopped, too
    times = [time for value in values if (time := columns.time_of(value)) is not None]
    timed = "laps" not in chosen and "best_lap" not in chosen and times and max(times) < LONGEST_LAP
    return "best_lap" if timed else "total"


def _guess(kind: str, chosen: list[str], values: list[list[str]]) -> tuple[int, ...]:
    """Fills in the place and the gap by how they look, where no name says it; returns the columns."""
    guessed = []
    for key, looks in (("position", _ascends), ("gap", _all_plus)):
        if kind not in columns.fields()[key].kinds or key in chosen or "total_or_gap" in chosen:
            continue
        for place, field in enumerate(chosen):
            if not field and looks(values[place]):
                chosen[place] = key
                guessed.append(place)
                break
    return tuple(guessed)


def _ascends(values: list[str]) -> bool:
    numbers = [int(value) for value in values if value.isascii() and value.isdigit()]
    return len(numbers) > 1 and numbers[0] == 1 and all(after == before + 1 for before, after in pairwise(numbers))


def _all_plus(values: list[str]) -> bool:
    return len(values) > 1 and all(value.startswith("+") for value in values[1:]) and fits("gap", values)
