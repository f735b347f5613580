"""Whether a text speaks of the event of a sheet at all: a football report has places, points and minutes, too.

What the text names of the sheet and of the sport is weighed against words of other fields and against its length. Where
it is foreign no claim is made: a number of another sport that happens to agree with a sheet proves nothing.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from articles.factcheck.sheet import FactSheet
from results.names import strip_marks

_LISTS = Path(__file__).with_suffix(".toml")
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"#\s?(\d{1,3})\b")
_SHORTEST = 3
_NAMESAKES = 50  # of whom the first names are compared
# Weights; of 317 race reports beside their own sheets none has less than nearly twice what its different words ask for.
_WHOLE_NAME, _PLACE, _NUMBERED, _MOTOR, _ELSEWHERE = 3, 2, 2, 2, 3
_WORDS_A_SIGN, _ENOUGH_SIGNS = 12, 16
_WORDS_A_NAME, _ENOUGH_NAMES = 12, 8
_ENOUGH_KNOWN = 6
_FEW_WORDS, _A_PARAGRAPH = 25, 40
_FOREIGN_FEW = 2


@cache
def _lists() -> dict[str, frozenset[str]]:
    return {name: frozenset(text.split()) for name, text in tomllib.loads(_LISTS.read_text("utf-8")).items()}


def speaks_of(text: str, sheet: FactSheet) -> bool:
    """Whether the text may be about the event of the sheet. Linear; a short text without many signs is given the doubt."""
    tokens = _WORD.findall(text if text.isascii() else strip_marks(text))
    keys = set(map(str.lower, tokens))
    foreign = len(keys & _lists()["elsewhere"])
    known = _people(tokens, sheet) + _PLACE * len(keys & _places(sheet))
    named, motor = known + _things(text, keys, sheet), len(keys & _lists()["motor"])
    if len(tokens) < _FEW_WORDS and foreign < (_FOREIGN_FEW if named or motor else 1):
        return True
    # `Rennen` alone says nothing: boats, horses and bicycles have some.
    if named < 1:
        return False
    signs = named + _MOTOR * motor + len(keys & _lists()["race"])
    # Before there is an entry list or a result nobody can be named.
    if not sheet.people:
        return motor > 0 and signs >= _ELSEWHERE * foreign
    wanted = max(_ELSEWHERE * foreign, min(len(keys) // _WORDS_A_SIGN, _ENOUGH_SIGNS))
    return signs >= wanted and _names_enough(len(keys), known, named, motor)


def _names_enough(words: int, known: int, named: int, motor: int) -> bool:
    """For so many different words. Makers and numbers are those of any event, people and places are not."""
    if known < min((words - _A_PARAGRAPH) // _WORDS_A_NAME, _ENOUGH_KNOWN):
        return False
    return named + max(motor - 1, 0) >= min(words // _WORDS_A_NAME, _ENOUGH_NAMES)


def _things(text: str, keys: set[str], sheet: FactSheet) -> int:
    """Teams, cars and their numbers."""
    printed = {number.lstrip("0") or "0" for number in _NUMBER.findall(text)}
    return len(keys & _houses(sheet)) + _NUMBERED * len(printed & sheet.printed_numbers.keys())


def _people(tokens: list[str], sheet: FactSheet) -> int:
    """Drivers by their last names, more where the first name stands before it."""
    found: dict[str, int] = {}
    for before, token in pairwise(["", *tokens]):
        if not token[0].isupper() or len(token) < _SHORTEST:
            continue
        key = token.lower()
        drivers = sheet.people_by_word.get(key) or sheet.people_by_word.get(key.removesuffix("s"))
        if drivers and found.get(key, 0) < _WHOLE_NAME:
            is_whole = any(before.lower() in _folded(driver.first) for driver in drivers[:_NAMESAKES])
            found[key] = _WHOLE_NAME if is_whole else 1
    return sum(found.values())


@lru_cache(maxsize=4096)
def _folded(name: str) -> frozenset[str]:
    return _own_words([name])


@lru_cache(maxsize=16)
def _houses(sheet: FactSheet) -> frozenset[str]:
    """Words of teams and cars."""
    return _own_words([*sheet.numbers_by_team, *sheet.numbers_by_model]) - sheet.people_by_word.keys()


@lru_cache(maxsize=16)
def _places(sheet: FactSheet) -> frozenset[str]:
    """Words of the event, its place, its series and its classes."""
    later = [name for one in sheet.calendar for name in (one.name, one.circuit)]
    tables = [table.name for table in sheet.tables]
    sessions = [session.name for session in sheet.sessions]
    return _own_words([sheet.series, sheet.event, sheet.circuit, *sheet.classes, *later, *tables, *sessions])


def _own_words(names: Iterable[str]) -> frozenset[str]:
    """What is not said of every event; neither short words nor bare numbers."""
    lists = _lists()
    found = {word.lower() for name in names for word in _WORD.findall(strip_marks(name))}
    return frozenset(
        word
        for word in found - lists["generic"] - lists["race"] - lists["motor"]
        if len(word) >= _SHORTEST and not word.isdecimal()
    )
