"""Names of a register in a text: which series, circuits and events its words name, and where. Pure.

A name is found whole, or by what is left of it without the words that every such name has (`Circuit de`, `Grand Prix`).
Hours and kilometres of a race are one word each: `8h`, `8 Stunden` and `Acht-Stunden-Rennen` meet.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from articles.factcheck.grammar.numerals import cardinal
from articles.factcheck.grammar.tokens import cut, fold_word
from articles.factcheck.grammar.words import words as listed

_LISTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def listed_here(name: str) -> frozenset[str]:
    """The words of one list of `naming.toml`."""
    return frozenset(_LISTS[name].split())


_HOURS, _LENGTHS = listed_here("hours"), listed_here("lengths")
_LENGTH = re.compile(r"(\d{1,4})(h|km)")
GENERIC_PLACE = listed_here("small") | listed_here("place")
GENERIC_EVENT = listed_here("small") | listed_here("event")
GENERIC_SERIES, _PATRONS = listed_here("series"), listed_here("patrons")
_SHORTEST = 3
_MOST_PLACES = 200  # nobody needs more of one name, and a text that repeats it costs nothing
_CAPITALS = 4  # letters: `GT3`, `WEC`, `NLS` are looked for as they are written


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text, folded; several tokens where they say one length (`8 Stunden`)."""

    key: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Named:
    """Where a name stands. `is_whole`: all of it, not only what tells it apart."""

    words: str
    places: tuple[tuple[int, int], ...]
    is_whole: bool

    @property
    def start(self) -> int:
        return self.places[0][0]


@dataclass(frozen=True, eq=False)
class Wording:
    """The words of a text, indexed."""

    text: str

    @cached_property
    def words(self) -> list[Word]:
        return list(_words(self.text))

    @cached_property
    def index(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, word in enumerate(self.words):
            found.setdefault(word.key, []).append(at)
            if len(word.key) > _SHORTEST and word.key.endswith("s"):
                found.setdefault(word.key[:-1], []).append(at)
        return found

    def phrase(self, keys: Sequence[str], *, as_written: str = "") -> tuple[tuple[int, int], ...]:
        """Where these words stand in a row; names begin with a capital or a figure."""
        if not keys:
            return ()
        places = (self._at(at, keys, as_written) for at in self.index.get(keys[0], ())[:_MOST_PLACES])
        return tuple(place for place in places if place)

    def _at(self, at: int, keys: Sequence[str], as_written: str) -> tuple[int, int] | None:
        run = self.words[at : at + len(keys)]
        fits = len(run) == len(keys) and all(word.key in {key, key + "s"} for word, key in zip(run, keys, strict=True))
        if not fits or run[0].text[0].islower() or (as_written and not run[0].text.startswith(as_written)):
            return None
        return run[0].start, run[-1].end

    def named(self, places: tuple[tuple[int, int], ...], *, is_whole: bool) -> Named | None:
        if not places:
            return None
        start, end = places[0]
        return Named(" ".join(self.text[start:end].split()), places, is_whole)


def _words(text: str) -> Iterator[Word]:
    tokens = [token for token in cut(text).tokens if token.text[0].isalnum()]
    at = 0
    while at < len(tokens):
        token = tokens[at]
        after = tokens[at + 1] if at + 1 < len(tokens) else None
        unit = after and ("h" if after.key in _HOURS else "km" if after.key in _LENGTHS else "")
        count = cardinal(token.key) if unit else None
        glued = _LENGTH.fullmatch(token.key)
        if after and unit and count is not None:
            yield Word(f"{count}{unit}", token.start, after.end, text[token.start : after.end])
            at += 2
            continue
        yield Word(glued[0] if glued else token.key, token.start, token.end, token.text)
        at += 1


@lru_cache(maxsize=8192)
def keys_of(name: str) -> tuple[str, ...]:
    """The words of a name as a text's words are folded."""
    return tuple(word.key for word in _words(name))


def is_length(key: str) -> bool:
    return _LENGTH.fullmatch(key) is not None


def find_place(wording: Wording, name: str) -> Named | None:
    """A circuit or a town: whole, or by the one word that tells it apart."""
    keys = keys_of(name)
    whole = wording.phrase(keys) if _tells(keys, GENERIC_PLACE) else ()
    if whole:
        return wording.named(whole, is_whole=True)
    single = [place for key in _telling_places(name) for place in wording.phrase((key,))]
    return wording.named(tuple(sorted(single)), is_whole=False)


@lru_cache(maxsize=8192)
def _telling_places(name: str) -> tuple[str, ...]:
    """`Spa` and `Francorchamps`, `Ricard`, `Zandvoort`; none of `Red Bull Ring` or of a circuit named after a person."""
    keys = [key for key in keys_of(name) if key not in GENERIC_PLACE and not key.isdecimal()]
    if any(key in listed("common_words") or key in listed("known_makes") for key in keys):
        return ()
    long = [key for key in keys if len(key) >= _SHORTEST]
    hyphened = len(long) == 2 and re.search(r"\w-\w", name)  # noqa: PLR2004 - Spa-Francorchamps
    if len(long) <= 2:  # noqa: PLR2004 - and three are somebody's name
        return tuple(long) if hyphened else tuple(long[-1:])
    return ()


def _tells(keys: Sequence[str], generic: frozenset[str]) -> bool:
    return any(key not in generic and len(key) >= _SHORTEST for key in keys)


def find_series(wording: Wording, name: str) -> Named | None:
    """A series by a name or a short name of it, with or without what every series is called."""
    keys = keys_of(name)
    if not keys or (len(keys) == 1 and len(keys[0]) < 2):  # noqa: PLR2004 - one letter names nothing
        return None
    written = name.strip() if len(keys) == 1 and len(name.strip()) <= _CAPITALS else ""
    found = wording.named(wording.phrase(keys, as_written=written), is_whole=True)
    if found or len(keys) < 2:  # noqa: PLR2004
        return found
    short = [key for key in keys if key not in _PATRONS]
    while len(short) > 1 and short[-1] in GENERIC_SERIES:
        short.pop()
    if not short or tuple(short) == keys:
        return None
    written = ""
    if len(short) == 1:  # `FIA WEC` is the WEC, as it is written; `Porsche Cup` is not any Porsche
        written = next((word for word in name.split() if word.isupper() and word.casefold() == short[0]), "")
        if not written and (len(short[0]) <= _CAPITALS or short[0] in listed("known_makes")):
            return None
    return wording.named(wording.phrase(short, as_written=written), is_whole=False)


@dataclass(frozen=True, slots=True)
class NamedEvent:
    """How much of an event's name stands in the text: the phrase, or the words that tell it apart, and its length."""

    named: Named
    share: float  # of the telling words
    has_length: bool  # the text says its hours or kilometres
    lacks_length: bool  # it has some, and the text does not say them


def find_event(wording: Wording, name: str) -> NamedEvent | None:
    """An event by its name; a name without telling words (`Finale`) only counts whole, and only where it has two words."""
    keys = keys_of(name)
    lengths = [key for key in keys if is_length(key)]
    telling = [key for key in keys if key not in GENERIC_EVENT and not key.isdecimal() and key not in lengths]
    said = bool(lengths) and all(key in wording.index for key in lengths)
    whole = wording.phrase(keys) if len(keys) > 1 else ()
    found = wording.named(whole, is_whole=True)
    if found:
        return NamedEvent(found, 1.0, said, lacks_length=False)
    single = {key: wording.phrase((key,)) for key in telling if len(key) >= _SHORTEST and _is_proper(key)}
    places = tuple(sorted(place for places in single.values() for place in places))
    named = wording.named(places, is_whole=False)
    if named is None:
        return None
    parts = _parts(name, telling)
    share = sum(any(single.get(key) for key in part) for part in parts) / len(parts)
    return NamedEvent(named, share, said, bool(lengths) and not said)


def _parts(name: str, telling: Sequence[str]) -> list[list[str]]:
    """The telling words of a name; of two that a hyphen joins (`Spa-Francorchamps`) one is enough."""
    parts = [[key for key in keys_of(word) if key in telling] for word in name.split()]
    return [part for part in parts if part]


def _is_proper(key: str) -> bool:
    return fold_word(key) not in listed("common_words") and key not in listed("known_makes")
