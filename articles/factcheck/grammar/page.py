"""A text read once: its words, names, scenes and speech, and the two questions every claim asks: who, and where?"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from articles.factcheck.claim import Claim, ClaimType, Context, Value
from articles.factcheck.grammar.lexicon import lexicon
from articles.factcheck.grammar.mentions import read_names
from articles.factcheck.grammar.moods import PLAIN, moods_of
from articles.factcheck.grammar.resolving import resolve
from articles.factcheck.grammar.scenes import read_settings
from articles.factcheck.grammar.speech import speech_spans
from articles.factcheck.grammar.strangers import strangers_of
from articles.factcheck.grammar.tokens import Sentence, cut
from articles.factcheck.grammar.where import Where
from articles.factcheck.grammar.who import Who
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import FactSheet

_COMPARING = frozenset({("as", "though"), ("as", "if"), ("als", "ob"), ("als", "wenn")})
_NEXT = frozenset({"nachsten", "next"})
_SUPPOSING = frozenset(second for _first, second in _COMPARING)


@dataclass(slots=True)
class Page(Who, Where):
    """One text beside one sheet."""

    def context(self, start: int) -> Context:
        if self.is_spoken(start):
            return Context.QUOTE
        sentence = self.sentence_at(start)
        moods = self.settings[sentence.number].moods
        if moods.is_hypothetical or self._is_unreal(sentence, start):
            return Context.HYPOTHETICAL
        if "dahin" in self.cut.vocabulary and ("bis", "dahin") in pairwise(self.words_before(start, 4)):
            return Context.HISTORICAL  # `der bis dahin zweitplatzierte Sordo`
        if not moods.is_coloured:
            return Context.PLAIN
        clause = self.clause(sentence, self.cut.token_at(start))
        if moods.is_maybe(clause):
            return Context.HYPOTHETICAL
        return Context.HISTORICAL if moods.is_past(clause) else Context.PLAIN

    def _is_unreal(self, sentence: Sentence, start: int) -> bool:
        return self._is_asked(sentence) or self._is_compared(sentence, start) or self._is_to_come(sentence, start)

    def _is_asked(self, sentence: Sentence) -> bool:
        """`Condor wurde disqualifiziert?`: who asks does not say that it is so."""
        return "?" in self.cut.keys[sentence.number] and any(
            token.text == "?" for token in self.cut.tokens[max(sentence.last - 2, sentence.first) : sentence.last]
        )

    def _is_to_come(self, sentence: Sentence, start: int) -> bool:
        """`beim nächsten Lauf in Spa Platz eins anpeilen`: nothing any sheet knows."""
        if self.cut.keys[sentence.number].isdisjoint(_NEXT):
            return False
        clause = self.clause(sentence, self.cut.token_at(start))
        keys = [token.key for token in self.cut.tokens[slice(*clause)]]
        return any(one in _NEXT and other in words("race_to_come") for one, other in pairwise(keys))

    def _is_compared(self, sentence: Sentence, start: int) -> bool:
        """`as though it had been first`, `als wäre er Erster`: nobody says that it was so."""
        if self.cut.keys[sentence.number].isdisjoint(_SUPPOSING):
            return False
        token = self.cut.token_at(start)
        first, _last = self.clause(sentence, token)
        keys = [word.key for word in self.cut.tokens[first:token]]
        return any(pair in _COMPARING for pair in pairwise(keys))

    def claim(self, type_: ClaimType, start: int, end: int, value: Value, **given: Any) -> Claim:
        """A claim at a span; subject, scene, context and neighbours are found unless they are given."""
        kinds = given.pop("kinds", frozenset())
        found: dict[str, Any] = {
            "subject": given["subject"] if "subject" in given else self.subject(start, end),
            "scene": given["scene"] if "scene" in given else self.scene(start, kinds),
            "context": self.context(start),
            "near": self.near(start),
            "here": self.here(start),
        }
        return Claim(type_, start, end, self.text[start:end], value, **(found | given))


def read_page(text: str, sheet: FactSheet) -> Page:
    """Reads a text beside a sheet: names first, then scenes, then who is meant by whom."""
    pieces = cut(text)
    names = lexicon(sheet, {token.key for token in pieces.tokens})
    named = [read_names(pieces, sentence, names) for sentence in pieces.sentences]
    settings = read_settings(pieces, named, sheet)
    page = Page(text, sheet, pieces, names, named, settings, speech_spans(text), [], [])
    _leave_out_speech(page)
    resolve(page)
    page.strangers.extend(strangers_of(pieces, named, sheet))
    return page


def _leave_out_speech(page: Page) -> None:
    """What somebody else says (`"Ich hätte gern gewonnen", sagte der Sieger von 2019`) does not colour the words around it."""
    for sentence, setting in zip(page.cut.sentences, page.settings, strict=True):
        if setting.moods is PLAIN or not page.speech:
            continue
        tokens = page.cut.tokens[sentence.first : sentence.last]
        told = [token._replace(text="…", key="…") if page.is_spoken(token.start) else token for token in tokens]
        if told != tokens:
            setting.moods = moods_of(told, sentence.first, page.sheet)
