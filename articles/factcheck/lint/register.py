"""The names a newsroom knows, prepared for looking up words: who is called so, and who is called nearly so. Pure.

Built once and shared by all texts; a text costs it a few look-ups a word, however many names there are.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from rapidfuzz.distance import OSA

from articles.factcheck.facts import Driver, fold_words
from results.likeness import PARTICLES, skeleton

_HALF = 3  # letters at either end, one of which a single slip leaves alone
_SHORT = 7
_ENDINGS = ("s", "es", "n", "en", "er", "ern", "ers", "sche", "schen", "scher", "isch", "ische", "ischen", "ismus")


@dataclass(frozen=True, eq=False)
class Register:
    """Names as they are registered; `aliases` are further right spellings of people, teams and places."""

    drivers: tuple[Driver, ...] = ()
    teams: tuple[str, ...] = ()
    makes: tuple[str, ...] = ()
    circuits: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()

    def prepared(self) -> Register:
        """The same with everything looked up by texts made ready."""
        _ = self.by_last, self.known, self.spellings, self.full_names, self.team_neighbours, self.printed
        _ = self.driver_ends, self.make_ends, self.circuit_ends
        return self

    @cached_property
    def by_last(self) -> dict[str, list[Driver]]:
        """Everybody under each word of his last name, folded; particles name nobody."""
        found: dict[str, list[Driver]] = {}
        for driver in self.drivers:
            for word in dict.fromkeys(_last_words(driver)):
                found.setdefault(word, []).append(driver)
        return found

    @cached_property
    def by_first(self) -> dict[str, list[Driver]]:
        """Everybody under each word of his first name, folded."""
        found: dict[str, list[Driver]] = {}
        for driver in self.drivers:
            for word in dict.fromkeys(fold_words(driver.first)):
                found.setdefault(word, []).append(driver)
        return found

    @cached_property
    def known(self) -> frozenset[str]:
        """Every folded word of every name."""
        found: set[str] = set(self.by_last) | set(self.by_first)
        for name in (*self.teams, *self.makes, *self.circuits, *self.aliases):
            found.update(fold_words(name))
        return frozenset(found)

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every word of an alias and of a team as it is written: right as it stands."""
        return frozenset(word for name in (*self.aliases, *self.teams) for word in composed(name).split())

    @cached_property
    def full_names(self) -> frozenset[tuple[str, ...]]:
        """Aliases as folded words."""
        return frozenset(fold_words(name) for name in self.aliases)

    def is_form_of_known(self, word: str) -> bool:
        """Whether a folded word is a known one or one with an ending: Vanthoors, Monzaer."""
        known = self.known
        if word in known or not word.endswith(_ENDINGS):
            return word in known
        return any(word.endswith(end) and word[: -len(end)] in known for end in _ENDINGS)

    @cached_property
    def team_neighbours(self) -> dict[tuple[str, int, str], dict[str, tuple[str, str]]]:
        """Of names of two words and more, by a word, the step to its neighbour (-1, 1) and the neighbour's first letter:
        the neighbours, folded, each as it is written and in which name. `racing` alone would have a thousand.
        """
        found: dict[tuple[str, int, str], dict[str, tuple[str, str]]] = {}
        for name in dict.fromkeys(self.teams):
            printed = composed(name).split()
            folded = [fold_words(word)[:1] for word in printed]
            for at in range(len(printed) - 1):
                for place, other in ((at, at + 1), (at + 1, at)):
                    if folded[place] and folded[other]:
                        (key,), (neighbour,) = folded[place], folded[other]
                        slot = found.setdefault((key, other - place, neighbour[0]), {})
                        slot.setdefault(neighbour, (printed[other], " ".join(printed)))
        return found

    @cached_property
    def driver_ends(self) -> Ends:
        return Ends(self.by_last)

    @cached_property
    def make_ends(self) -> Ends:
        return Ends(words[0] for words in map(fold_words, self.makes) if len(words) == 1)

    @cached_property
    def circuit_ends(self) -> Ends:
        return Ends(word for name in self.circuits for word in fold_words(name))

    @cached_property
    def printed(self) -> dict[str, str]:
        """Words of makes and circuits by their folded form, as they are written."""
        return {
            key: word
            for name in (*self.circuits, *self.makes)
            for word in composed(name).replace("-", " ").split()
            for key in fold_words(word)[:1]
        }


class Ends:
    """Folded words under either end of them: whoever is one slip away shares one."""

    def __init__(self, words: Iterable[str]) -> None:
        self._ends: dict[str, list[str]] = {}
        for word in dict.fromkeys(words):
            for end in _ends(word):
                self._ends.setdefault(end, []).append(word)

    def near(self, word: str, most: int = 1) -> Iterator[str]:
        """The words at most so many slips away, an umlaut written out not counted; not the word itself."""
        for other in dict.fromkeys(other for end in _ends(word) for other in self._ends.get(end, ())):
            if other != word and (distance(word, other, most) <= most or skeleton(word) == skeleton(other)):
                yield other


def _ends(word: str) -> set[str]:
    """Three letters at either end, of a short word two: a slip in its middle leaves no more alone."""
    halves = (_HALF, _HALF - 1) if len(word) <= _SHORT else (_HALF,)
    return {
        end for form in (word, skeleton(word)) for half in halves for end in (form[:half] + "<", ">" + form[-half:])
    }


def distance(word: str, other: str, most: int = 2) -> int:
    """Slips between two folded words: a letter more, less, another, or two in the wrong order."""
    return OSA.distance(word, other, score_cutoff=most)


def _last_words(driver: Driver) -> Iterator[str]:
    words = fold_words(driver.last)
    return (word for word in words if word not in PARTICLES) if len(words) > 1 else iter(words)


def composed(name: str) -> str:
    """A name with its accents in one sign each, and not in capitals: as it would be printed."""
    name = unicodedata.normalize("NFC", name).replace("’", "'")
    return " ".join(_lowered(word) if word.isupper() and len(word) > _HALF else word for word in name.split())


def _lowered(word: str) -> str:
    return "-".join(part.capitalize() for part in word.split("-"))


def same_but_marks(word: str, other: str) -> bool:
    """Whether two folded words differ in how an umlaut is written at most: `goetz`, `gotz`."""
    return word == other or skeleton(word) == skeleton(other)
