"""The fields a plain table may have, what their columns are called (`columns.toml`) and what their values look like. Pure."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from results.importers.status import UnknownStatus, read_status
from results.importers.table import is_car_number
from results.names import fold
from results.notation import NotationError, parse_clock, parse_duration, parse_gap

KINDS = {
    "classification": "Klassement",
    "laps": "Rundenliste",
    "entries": "Starterliste",
    "standings": "Punktetabelle",
    "calendar": "Kalender",
}
MOSTLY = 0.8  # share of values that must look like the field


@dataclass(frozen=True, slots=True)
class Field:
    """One meaning a column can have; `many` columns may share it."""

    key: str
    label: str  # German
    kinds: frozenset[str]
    shape: str
    many: bool


@cache
def fields() -> dict[str, Field]:
    """All fields by key, in the order of the file."""
    return {
        key: Field(key, said["label"], frozenset(said["kinds"]), said["shape"], many=said.get("many", False))
        for key, said in _data().items()
    }


@cache
def _data() -> dict[str, dict[str, Any]]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def folded(word: str) -> str:
    """`FAHRER1_NAME` and `Fahrer-Name 2` are one, and so are `Rückstand` and `Rueckstand`; a lone `#` stays."""
    bare = re.sub(r"[\d\s]+", "", fold(word)).replace("ae", "a").replace("oe", "o").replace("ue", "u")
    return bare or ("#" if word.strip() == "#" else "")


@cache
def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for key, said in _data().items():
        for word in said["words"]:
            keys = found.setdefault(folded(word), [])
            if key not in keys:
                keys.append(key)
    return {word: tuple(keys) for word, keys in found.items() if word}


_PART = re.compile(r"(?:punkte|points|pts|pkt)(?!gesamt|total)[a-z]+")


def meanings(word: str) -> tuple[str, ...]:
    """The keys of the fields a printed column name may mean, the likelier first."""
    return _meant(word) if len(word) < 40 else _looked_up(word)  # noqa: PLR2004 - no sentence is kept


def _looked_up(word: str) -> tuple[str, ...]:
    bare = folded(word)
    return _by_word().get(bare) or (("points_part",) if _PART.fullmatch(bare) else ())


# The search for the head of a printed page asks for the same few words a thousand times.
_meant = lru_cache(maxsize=8_192)(_looked_up)


def known(word: str) -> bool:
    """Whether a cell could be the name of a column."""
    return len(word) < 40 and bool(meanings(word))  # noqa: PLR2004 - no name of a column is a sentence


# ------------------------------------------------------------------ what values look like

_COUNT = re.compile(r"[0-9]{1,5}")
_YEAR = re.compile(r"(?:18|19|20)[0-9]{2}")
_POINTS = re.compile(r"-?[0-9]{1,5}(?:[.,][0-9]{1,3})?")
_DAY = re.compile(r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{2,4})(?:[T ,].{0,20})?")
_CLOCK_LIKE = re.compile(r"[0-9]+[:'’h.,][0-9]")


def _reads(parser: Callable[[str], object]) -> Callable[[str], bool]:
    def fits(value: str) -> bool:
        try:
            parser(value)
        except (NotationError, UnknownStatus):
            return False
        return True

    return fits


_is_time = _reads(parse_duration)
_is_gap = _reads(parse_gap)
_is_status = _reads(read_status)

_FITS: dict[str, Callable[[str], bool]] = {
    "place": lambda value: bool(_COUNT.fullmatch(value.rstrip("."))) or _is_status(value),
    "count": lambda value: bool(_COUNT.fullmatch(value)),
    "car": is_car_number,
    "text": lambda value: not _POINTS.fullmatch(value),
    "year": lambda value: bool(_YEAR.fullmatch(value)),
    "points": lambda value: bool(_POINTS.fullmatch(value)),
    "day": lambda value: bool(_DAY.fullmatch(value)),
    "clock": _reads(parse_clock),
    "time": lambda value: bool(_CLOCK_LIKE.search(value)) and not value.startswith("+") and _is_time(value),
    "gap": _is_gap,
    "part_time": lambda value: not value[:1].isdigit() or bool(_CLOCK_LIKE.search(value) and _is_time(value)),
    "time_or_gap": lambda value: True,
    "status": _is_status,
}  # fmt: skip


def fits(key: str, values: Iterable[str]) -> bool:
    """Whether most of the values could be of that field; an empty column fits everywhere."""
    test = _FITS[fields()[key].shape]
    tried = [test(value) for value in values if value]
    return sum(tried) >= MOSTLY * len(tried)


def time_of(value: str) -> int | None:
    """A value read as a time in ms, None for anything else."""
    try:
        return parse_duration(value)
    except NotationError:
        return None
