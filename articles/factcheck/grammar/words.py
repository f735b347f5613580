"""Word lists of the grammar, kept as data beside it. Folded: no capitals, no accents."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("words.toml")


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(_FILE.read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """The words of one list; KeyError for a list that is not there."""
    return frozenset(_lists()[name].split())


@cache
def pairs(name: str) -> dict[str, str]:
    """A list of `word=meaning`; the meaning may hold commas."""
    return dict(item.split("=", 1) for item in _lists()[name].split())


@cache
def lines(name: str) -> tuple[str, ...]:
    """The lines of one list, for what is longer than a word."""
    return tuple(line for line in _lists()[name].splitlines() if line.strip())
