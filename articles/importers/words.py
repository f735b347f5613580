"""Word lists of the article importers, kept as data beside them."""

import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("words.toml")


@cache
def _lists() -> dict[str, str]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def words(name: str) -> frozenset[str]:
    """The words of one list of `words.toml`; KeyError for a list that is not there."""
    return frozenset(_lists()[name].split())
