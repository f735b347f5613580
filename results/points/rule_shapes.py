"""Which shape each word of the rules has: a list, a number, a yes or no. What has another is refused before it is read.

The limits are those of the stored ledger: no rule may make points that a row cannot hold, for a release would fail on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Path = tuple[Any, ...]
Misfit = tuple[Path, str]
Shape = Callable[[Any, Path], Iterator[Misfit]]

LARGEST_COUNT = 1_000
LARGEST_POINTS = Decimal(1_000)
LARGEST_FACTOR = 10
LONGEST_TEXT = 300
DECIMALS = 3


def misfits(said: Mapping[str, Any]) -> Iterator[Misfit]:
    """Where (by path of words and places) a value has not the shape of its word, and what is expected there."""
    for word, value in said.items():
        if word in SHAPES:
            yield from SHAPES[word](value, (word,))


def _text(most: int = LONGEST_TEXT) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if not isinstance(value, str):
            yield path, "Hier wird ein Text in Anführungszeichen erwartet."
        elif len(value) > most:
            yield path, f"Der Text ist länger als {most} Zeichen."

    return shape


def _count(least: int = 1) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_COUNT:
            yield path, f"Hier wird eine ganze Zahl von {least} bis {LARGEST_COUNT} erwartet."

    return shape


def _flag(value: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, bool):
        yield path, "Hier wird true oder false erwartet."


def _points(value: Any, path: Path) -> Iterator[Misfit]:
    found = None
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            found = Decimal(str(value))
        except InvalidOperation:
            found = None
    if found is None or not found.is_finite():
        yield path, f"„{value}“ ist keine Zahl, erwartet wird zum Beispiel 25 oder 4.5."
    elif abs(found) > LARGEST_POINTS or found != round(found, DECIMALS):
        yield (
            path,
            f"Erwartet werden höchstens {LARGEST_POINTS} Punkte mit höchstens {DECIMALS} Stellen nach dem Komma.",
        )


def _ratio(value: Any, path: Path) -> Iterator[Misfit]:
    found = None
    if isinstance(value, int | float | str) and not isinstance(value, bool):
        try:
            found = Fraction(str(value))
        except (ValueError, ZeroDivisionError):
            found = None
    if found is None or not 0 <= found <= LARGEST_FACTOR:
        yield path, f"Hier wird ein Faktor von 0 bis {LARGEST_FACTOR} erwartet, zum Beispiel 2 oder „1/2“."


def _list(of: Shape) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if not isinstance(value, list | tuple):
            yield path, "Hier wird eine Liste in eckigen Klammern erwartet."
            return
        for place, one in enumerate(value):
            yield from of(one, (*path, place))

    return shape


def _object(**words: Shape) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if not isinstance(value, Mapping):
            yield path, "Hier werden Angaben in geschweiften Klammern erwartet."
            return
        for word, one in value.items():
            if word in words:  # of others the reader says that nobody knows them
                yield from words[word](one, (*path, word))

    return shape


def _by_round(of: Shape) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if not isinstance(value, Mapping):
            yield path, "Hier werden Angaben je Lauf in geschweiften Klammern erwartet."
            return
        for number, one in value.items():
            at = (*path, number)
            if not (str(number).isascii() and str(number).isdecimal() and 1 <= int(number) <= LARGEST_COUNT):
                yield at, f"„{number}“ ist keine Nummer eines Laufs."
            yield from of(one, at)

    return shape


_WORDS = _list(_text())
_ROUNDS = _list(_count())
_WHERE: Mapping[str, Shape] = {"kinds": _WORDS, "rounds": _ROUNDS, "tags": _WORDS, "checkpoint": _text(12)}
SHAPES: Mapping[str, Shape] = {
    "scores": _list(
        _object(
            **_WHERE, table=_list(_points), rest=_points, factor=_ratio, step=_points, how=_text(), by_starters=_text(),
            full=_points,
        )
    ),
    "bonuses": _list(_object(**_WHERE, cause=_text(), points=_points, within=_count(), split=_flag)),
    "shortened": _list(_object(below=_ratio, factor=_ratio)),
    "shares": _by_round(_ratio),
    "scope": _text(),
    "class": _text(),
    "cup": _text(),
    "cars": _count(),
    "cars_move_up": _flag,
    "sharing": _text(),
    "split_step": _points,
    "split_how": _text(),
    "least_minutes": _count(),
    "pairings": _list(_object(ratings=_WORDS, factor=_ratio)),
    "moves_up": _flag,
    "ineligible": _by_round(_WORDS),
    "fastest": _by_round(_WORDS),
    "drops": _list(_object(best=_count(), first=_count(), last=_count(), if_started=_count())),
    "ties": _WORDS,
    "lists": _text(),
    "rounds": _count(),
    "without_rounds": _ROUNDS,
    "exclusions": _list(
        _object(competitor=_text(160), printed=_text(8), until=_count(), since=_count(), reason=_text())
    ),
    "adjustments": _list(_object(competitor=_text(160), points=_points, after=_count(0), reason=_text())),
}  # fmt: skip
