"""Which shape each word of the rules has: a list, a number, a yes or no. What has another is refused before it is read.

The limits are those of the stored ledger: no rule may make points that a row cannot hold, for a release would fail on it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

Path = tuple[Any, ...]
Misfit = tuple[Path, str]
Shape = Callable[[Any, Path], Iterator[Misfit]]

LARGEST_COUNT = 1_000
LARGEST_POINTS = Decimal(1_000)
LARGEST_BONUS = Decimal(100)
LARGEST_STEP = Decimal(10)
LARGEST_FACTOR = 10
# Three factors (of the rule, of the share run, of the pairing) are printed as one fraction in 20 characters.
LARGEST_DENOMINATOR = 100
LONGEST_TEXT = 300
LONGEST_NUMBER = 20
LONGEST_LIST = 200
MOST_BONUSES = 20  # of one scoring at most: their sum over a season is a number that a table can hold
DECIMALS = 3
_FACTOR = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,6}|/[0-9]{1,3})?")
_ROUND = re.compile(r"[0-9]{1,4}")
# What no column of the database and no page can hold: the null character, and half a character.
_UNWRITABLE = re.compile("[\x00\ud800-\udfff]")


def misfits(said: Mapping[str, Any]) -> Iterator[Misfit]:
    """Where (by path of words and places) a value has not the shape of its word, and what is expected there."""
    for word, value in said.items():
        if word in SHAPES:
            for path, reason in SHAPES[word](value, (word,)):
                yield path, writable(reason)


def writable(text: str) -> str:
    """The text with a mark for each character that no page can print."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def _text(most: int = LONGEST_TEXT) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if not isinstance(value, str):
            yield path, "Hier wird ein Text in Anführungszeichen erwartet."
        elif len(value) > most:
            yield path, f"Der Text ist länger als {most} Zeichen."
        elif _UNWRITABLE.search(value):
            yield path, "Der Text enthält ein Zeichen, das sich nicht speichern lässt."

    return shape


def _name(value: Any, path: Path) -> Iterator[Misfit]:
    odd = list(_text(160)(value, path))
    yield from odd
    if not odd and not value.strip():
        yield path, "Hier fehlt der Name."


def _count(least: int = 1) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= LARGEST_COUNT:
            yield path, f"Hier wird eine ganze Zahl von {least} bis {LARGEST_COUNT} erwartet."

    return shape


def _flag(value: Any, path: Path) -> Iterator[Misfit]:
    if not isinstance(value, bool):
        yield path, "Hier wird true oder false erwartet."


def _amount(most: Decimal = LARGEST_POINTS) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        said, found = _number(value), None
        if said is not None:
            try:
                found = Decimal(said)
            except InvalidOperation:
                found = None
        if found is None or not found.is_finite():
            shown = "…" if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER else str(value)[:LONGEST_NUMBER]
            yield path, f"„{shown}“ ist keine Zahl, erwartet wird zum Beispiel 25 oder 4.5."
        elif abs(found) > most or found != round(found, DECIMALS):
            yield path, f"Erwartet werden höchstens {most} Punkte mit höchstens {DECIMALS} Stellen nach dem Komma."

    return shape


_points = _amount()


def _ratio(most: int = LARGEST_FACTOR) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        said, found = _number(value), None
        if said is not None and _FACTOR.fullmatch(said):
            try:
                found = Fraction(said)
            except ZeroDivisionError:
                found = None
        if found is None or found > most:
            yield path, f"Hier wird ein Faktor von 0 bis {most} erwartet, zum Beispiel {min(most, 2)} oder „1/2“."
        elif found.denominator > LARGEST_DENOMINATOR:
            yield path, f"Der Faktor ist zu fein geteilt, sein Nenner darf höchstens {LARGEST_DENOMINATOR} sein."

    return shape


def _number(value: Any) -> str | None:
    """A number as somebody wrote it; None for what is none, or too long for one: even reading that would take its time."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    if isinstance(value, int) and abs(value) >= 10**LONGEST_NUMBER:
        return None
    said = str(value)
    return said if len(said) <= LONGEST_NUMBER else None


def _list(of: Shape, most: int = LONGEST_LIST) -> Shape:
    def shape(value: Any, path: Path) -> Iterator[Misfit]:
        if not isinstance(value, list | tuple):
            yield path, "Hier wird eine Liste in eckigen Klammern erwartet."
            return
        if len(value) > most:
            yield path, f"Die Liste ist mit {len(value)} Einträgen zu lang, erlaubt sind {most}."
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
            if not (_ROUND.fullmatch(str(number)) and 1 <= int(number) <= LARGEST_COUNT):
                yield at, f"„{str(number)[:LONGEST_NUMBER]}“ ist keine Nummer eines Laufs."
            yield from of(one, at)

    return shape


_WORDS = _list(_text())
_ROUNDS = _list(_count())
_WHERE: Mapping[str, Shape] = {"kinds": _WORDS, "rounds": _ROUNDS, "tags": _WORDS, "checkpoint": _text(12)}
SHAPES: Mapping[str, Shape] = {
    "scores": _list(
        _object(
            **_WHERE, table=_list(_points), rest=_points, factor=_ratio(), step=_amount(LARGEST_STEP), how=_text(), by_starters=_text(),
            full=_points,
        )
    ),
    "bonuses": _list(_object(**_WHERE, cause=_text(), points=_amount(LARGEST_BONUS), within=_count(), split=_flag), MOST_BONUSES),
    "shortened": _list(_object(below=_ratio(1), factor=_ratio(1))),
    "shares": _by_round(_ratio(1)),
    "scope": _text(),
    "class": _text(),
    "classes": _list(_name),
    "cup": _text(),
    "by_car": _flag,
    "cars": _count(),
    "cars_move_up": _flag,
    "sharing": _text(),
    "split_step": _amount(LARGEST_STEP),
    "split_how": _text(),
    "seats": _list(_count()),
    "least_minutes": _count(),
    "graded": _WORDS,
    "least_part": _ratio(1),
    "pairings": _list(_object(ratings=_WORDS, factor=_ratio())),
    "moves_up": _flag,
    "ineligible": _by_round(_list(_name)),
    "fastest": _by_round(_list(_name)),
    "drops": _list(_object(best=_count(), first=_count(), last=_count(), if_started=_count())),
    "ties": _WORDS,
    "lists": _text(),
    "rounds": _count(),
    "without_rounds": _ROUNDS,
    "exclusions": _list(
        _object(competitor=_name, printed=_text(8), until=_count(), since=_count(), reason=_text())
    ),
    "adjustments": _list(_object(competitor=_name, points=_points, after=_count(0), reason=_text())),
}  # fmt: skip
