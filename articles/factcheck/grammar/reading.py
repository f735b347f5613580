"""A text read once, and where in it something stands: sentences, clauses, words beside, the cars nearby."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.factcheck.claim import Scene
from articles.factcheck.grammar.lexicon import Lexicon, some
from articles.factcheck.grammar.mentions import Group, Named
from articles.factcheck.grammar.scenes import Setting
from articles.factcheck.grammar.tokens import Cut, Sentence
from articles.factcheck.sheet import FactSheet


@dataclass(slots=True)
class Reading:
    """One text beside one sheet, cut and with its names found."""

    text: str
    sheet: FactSheet
    cut: Cut
    lexicon: Lexicon
    named: list[Named]
    settings: list[Setting]
    speech: list[tuple[int, int]]
    topics: list[str | None]  # the car in mind when a sentence begins
    strangers: list[list[int]]  # tokens of each sentence that speak of somebody the sheet does not hold
    # What has been asked before, for many claims ask the same of one place.
    scenes: dict[tuple[int, frozenset[str]], Scene] = field(default_factory=dict)
    objects: dict[tuple[int, int], bool] = field(default_factory=dict)
    moments: dict[tuple[int, int], bool] = field(default_factory=dict)
    in_passing: set[str] | None = None  # the words of the text that speak of a session or a table
    told: dict[int, frozenset[str]] = field(default_factory=dict)
    tells: bool | None = None
    clause_keys: dict[tuple[int, int], frozenset[str]] = field(default_factory=dict)
    named_here: dict[int, tuple[str, ...]] = field(default_factory=dict)
    around: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def sentence_at(self, position: int) -> Sentence:
        cut = self.cut  # asked thousands of times a text: not one call more than needed
        return cut.sentences[(bisect_right(cut.sentence_starts, position) or 1) - 1]

    def groups(self, sentence: Sentence) -> list[Group]:
        return self.named[sentence.number].groups

    def clause(self, sentence: Sentence, token: int) -> tuple[int, int]:
        """First and last (exclusive) token of the clause a token stands in."""
        at = bisect_right(sentence.clauses, token) - 1
        begin = sentence.clauses[at]
        end = sentence.clauses[at + 1] if at + 1 < len(sentence.clauses) else sentence.last
        return begin, end

    def keys_of(self, clause: tuple[int, int]) -> frozenset[str]:
        """The folded words of a clause."""
        said = self.clause_keys.get(clause)
        if said is None:
            said = self.clause_keys[clause] = frozenset(self.cut.words[slice(*clause)])
        return said

    def says(self, clause: tuple[int, int], known: frozenset[str]) -> bool:
        """Whether a clause holds one of these words."""
        return not self.keys_of(clause).isdisjoint(known)

    def words_before(self, position: int, count: int) -> list[str]:
        """The folded words before a position, the nearest last, none from another sentence."""
        sentence = self.sentence_at(position)
        first = bisect_right(self.cut.starts, position - 1)
        return self.cut.words[max(first - count, sentence.first) : first]

    def words_after(self, position: int, count: int) -> list[str]:
        first = bisect_right(self.cut.starts, position - 1)
        sentence = self.sentence_at(max(position - 1, 0))
        return self.cut.words[first : min(first + count, sentence.last)]

    def matches(self, pattern: re.Pattern[str], *stems: str) -> Iterator[re.Match[str]]:
        """The pattern's matches, searched only in sentences with a word that holds a stem: without one it cannot match."""
        telling = self.cut.words_with(stems)
        if not telling:
            return
        for sentence, keys in zip(self.cut.sentences, self.cut.keys, strict=True):
            if not keys.isdisjoint(telling):
                yield from pattern.finditer(self.text, sentence.start, sentence.end)

    def is_spoken(self, position: int) -> bool:
        at = bisect_right(self.speech, (position, len(self.text) + 1)) - 1
        return at >= 0 and self.speech[at][0] <= position < self.speech[at][1]

    def group_at(self, position: int) -> Group | None:
        """The group that begins at most three small words behind a position."""
        first = bisect_right(self.cut.starts, position - 1)
        sentence = self.sentence_at(max(position - 1, 0))
        for group in self.groups(sentence):
            if group.first >= first:
                between = self.cut.tokens[first : group.first]
                small = all(token.text[0].islower() or token.text in "-–(" for token in between)
                return group if len(between) <= 3 and small else None  # noqa: PLR2004 - "auf den zweiten"
        return None

    def near(self, start: int) -> tuple[str, ...]:
        sentence = self.sentence_at(start)
        known = self.around.get(sentence.number)
        if known is None:
            known = self.around[sentence.number] = self._near(sentence)
        return known

    def _near(self, sentence: Sentence) -> tuple[str, ...]:
        cars = [car for group in self.groups(sentence) for car in some(group.cars)]
        topic = self.topics[sentence.number]
        cars += [topic] if topic else []
        before = self.cut.sentences[sentence.number - 1] if sentence.number else sentence
        if before.paragraph == sentence.paragraph:
            cars += [car for group in self.groups(before) if group.car for car in group.cars]
        return tuple(dict.fromkeys(cars))
