"""Words on a printed page by where they stand, and the lines they form. Pure.

Coordinates run to the right and down, in points of a PDF or, for pasted text, in signs and lines. `em` is the height of
the letters: every distance is judged against it, for a table may be set in 5 points or in 12.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from statistics import median

SAME_LINE = 0.6  # share of the lower word's height that two words of a line have in common
SPACE = 0.45  # em; a wider gap between words parts cells, a narrower one words


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True, eq=False)
class Line:
    """Words on one height, from left to right. `number` counts the printed lines from the first page on."""

    words: tuple[Word, ...]
    number: int
    page: int
    em: float

    @cached_property
    def middle(self) -> float:
        return median(word.middle for word in self.words)

    @cached_property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @cached_property
    def chunks(self) -> list[list[Word]]:
        """Words with no more than a blank between them stand together."""
        return parted(self.words, SPACE * self.em)


@dataclass(frozen=True, slots=True)
class Page:
    """`turned` are words that run upwards or downwards. Rules: (x, top, bottom) and (y, x0, x1)."""

    words: tuple[Word, ...]
    turned: tuple[Word, ...] = ()
    upright_rules: tuple[tuple[float, float, float], ...] = ()
    level_rules: tuple[tuple[float, float, float], ...] = ()
    em: float = 0  # 0: as high as the letters are


def parted(words: tuple[Word, ...] | list[Word], gap: float) -> list[list[Word]]:
    """The words of a line in groups, a new one behind every gap that is wider."""
    groups: list[list[Word]] = []
    for word in words:
        if groups and word.x0 - groups[-1][-1].x1 <= gap:
            groups[-1].append(word)
        else:
            groups.append([word])
    return groups


def lines_of(pages: tuple[Page, ...]) -> list[list[Line]]:
    """The lines of each page from top to bottom, numbered through."""
    found, number = [], 0
    for place, page in enumerate(pages):
        lines = []
        for words in _levels(page.words):
            number += 1
            em = page.em or median(word.height for word in words) or 1.0
            lines.append(Line(tuple(sorted(words, key=lambda word: word.x0)), number, place, em))
        found.append(lines)
    return found


def _levels(words: tuple[Word, ...]) -> list[list[Word]]:
    """Words that lie beside each other for most of their height, be some of them smaller."""
    levels: list[list[Word]] = []
    tallest: Word | None = None
    for word in sorted(words, key=lambda one: (one.middle, one.x0)):
        if tallest is not None and _beside(word, tallest):
            levels[-1].append(word)
            tallest = max(word, tallest, key=lambda one: one.height)
        else:
            levels.append([word])
            tallest = word
    return levels


def _beside(word: Word, other: Word) -> bool:
    shared = min(word.bottom, other.bottom) - max(word.top, other.top)
    return shared >= SAME_LINE * min(word.height, other.height)


def pitch_of(lines: list[Line]) -> float:
    """The usual distance of two lines; 0 for less than two."""
    steps = [below.middle - above.middle for above, below in pairwise(lines)]
    return median(steps) if steps else 0.0
