"""A text cut into words, clauses, sentences and paragraphs, each knowing where it stands (code points)."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from articles.factcheck.grammar.words import pairs, words
from results.names import strip_marks

_WORD = re.compile(r"[^\W_]+(?:['’][^\W\d_]+)*|[^\s\w]|_")
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_ENDING = frozenset(".!?…")
_CLOSERS = frozenset("\"“”»«')’‹›")
_MAY_END = _ENDING | _CLOSERS
_BREAKS = frozenset(",;:–—")
_DASHES = frozenset("-–—")
_MAY_BREAK = _BREAKS | _DASHES
_NOT_AN_END = words("abbreviations")
_AFTER_ORDINAL = words("after_ordinal")
_BEFORE_NUMBER = words("before_number")
_LONGEST_WORD = 40
_LONGEST_SENTENCE = 250  # tokens; what is longer is no sentence, and every question of one stays cheap


class Token(NamedTuple):
    """A word, a number or a sign. `key` is folded, a genitive 's is cut off it."""

    text: str
    start: int
    end: int
    key: str
    glued: bool  # no blank before it

    @property
    def is_capital(self) -> bool:
        return self.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """Tokens first..last (exclusive) of one sentence; `clauses` are the token indices where its clauses begin."""

    number: int
    paragraph: int
    first: int
    last: int
    start: int
    end: int
    clauses: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """The whole text, cut."""

    tokens: list[Token]
    sentences: list[Sentence]
    words: list[str]  # the key of every token
    starts: list[int]  # of the tokens
    sentence_starts: list[int]
    keys: list[frozenset[str]]  # of each sentence: what it does not hold need not be looked for
    vocabulary: frozenset[str]  # of the whole text
    listing: str  # the vocabulary, each word in a line of its own

    def words_with(self, stems: tuple[str, ...]) -> set[str]:
        """Every word of the text that holds one of the stems; one search through all words instead of one a word."""
        found: set[str] = set()
        for stem in stems:
            at = self.listing.find(stem)
            while at >= 0:
                end = self.listing.index("\n", at)
                found.add(self.listing[self.listing.rfind("\n", 0, at) + 1 : end])
                at = self.listing.find(stem, end)
        return found

    def token_at(self, position: int) -> int:
        """The index of the last token that begins at or before the position."""
        return (bisect_right(self.starts, position) or 1) - 1

    def sentence_at(self, position: int) -> Sentence:
        return self.sentences[max(bisect_right(self.sentence_starts, position) - 1, 0)]


@lru_cache(maxsize=16_384)
def fold_word(word: str) -> str:
    """One word without case and accents; `Duval's` is Duval."""
    if len(word) > _LONGEST_WORD:
        return word[:_LONGEST_WORD].lower()
    plain = word if word.isascii() else strip_marks(word).replace("’", "'")
    plain = plain.lower()
    return plain.removesuffix("'s")


def cut(text: str) -> Cut:
    """Cuts a text. Every line is a paragraph."""
    tokens: list[Token] = []
    sentences: list[Sentence] = []
    new = tuple.__new__  # a token a word: twice as fast as by its name
    for number, paragraph in enumerate(_PARAGRAPH.finditer(text)):
        first = len(tokens)
        before = -1
        for match in _WORD.finditer(text, paragraph.start(), paragraph.end()):
            word = match[0]
            start = match.start()
            end = match.end()
            tokens.append(new(Token, (word, start, end, fold_word(word), start == before)))
            before = end
        _add_sentences(tokens, first, number, sentences)
    words = [token.key for token in tokens]
    keys = [frozenset(words[sentence.first : sentence.last]) for sentence in sentences]
    vocabulary = frozenset().union(*keys)
    return Cut(
        tokens,
        sentences,
        words,
        [token.start for token in tokens],
        [sentence.start for sentence in sentences],
        keys,
        vocabulary,
        "".join([f"{key}\n" for key in vocabulary]),
    )


def _add_sentences(tokens: list[Token], first: int, paragraph: int, sentences: list[Sentence]) -> None:
    begin = first
    for index in range(first, len(tokens)):
        is_last = index == len(tokens) - 1
        if (
            is_last
            or index - begin >= _LONGEST_SENTENCE
            or (tokens[index].text in _MAY_END and _ends_sentence(tokens, index))
        ):
            last = index + 1
            breaks = [at for at in range(begin, last - 1) if tokens[at].text in _MAY_BREAK and _breaks(tokens, at)]
            clauses = (begin, *[at + 1 for at in breaks])
            sentences.append(
                Sentence(len(sentences), paragraph, begin, last, tokens[begin].start, tokens[index].end, clauses)
            )
            begin = last


def _ends_sentence(tokens: list[Token], index: int) -> bool:
    token, after = tokens[index], tokens[index + 1]
    if token.text in _CLOSERS and token.glued and index and tokens[index - 1].text in _ENDING:
        return not after.glued and not after.text[0].islower()
    if token.text not in _ENDING or (after.glued and after.text not in _CLOSERS and not after.is_capital):
        return False
    if after.text in _CLOSERS and after.glued:
        return False  # the closing mark ends it
    if after.text[0].islower():
        return False
    return token.text != "." or not index or not _is_abbreviation(tokens, index, after)


def _is_abbreviation(tokens: list[Token], index: int, after: Token) -> bool:
    before = tokens[index - 1]
    if not token_touches(tokens[index]):
        return False
    if before.text.isdecimal():
        called = tokens[index - 2].key if index > 1 else ""
        noun = _last_part(tokens, index + 1)
        return called not in _BEFORE_NUMBER and (noun in _AFTER_ORDINAL or after.text.isdecimal())
    if before.key in pairs("months") and after.text[0].isdecimal():
        return True  # `Aug. 12`
    return before.key in _NOT_AN_END or (len(before.text) == 1 and before.text.isalpha())


def _last_part(tokens: list[Token], index: int) -> str:
    """Of `80. WM-Sieg` the noun that the ordinal counts."""
    while (
        index + 2 < len(tokens)
        and tokens[index + 1].text == "-"
        and tokens[index + 1].glued
        and tokens[index + 2].glued
    ):
        index += 2
    return tokens[index].key


def token_touches(token: Token) -> bool:
    return token.glued


def _breaks(tokens: list[Token], index: int) -> bool:
    """Whether a sign stands between two clauses; no comma or colon inside a number does."""
    token = tokens[index]
    if token.text in _DASHES:
        return not token.glued and not tokens[index + 1].glued  # `- Ticktum fehlten acht Hundertstel -`
    inside_number = token.glued and tokens[index + 1].glued and tokens[index + 1].text[0].isdecimal()
    return not inside_number
