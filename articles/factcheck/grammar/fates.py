"""What became of a car: retired, disqualified, not started, in the many ways reporters tell it.

The ways are phrases of `words.toml`, found word by word: a list by their first word, so a text costs one look at each of its
words. A phrase says `a|b` for words that serve alike, `..` for a few words between and `$` for the end of its clause (the
split verb `schied … aus`). Few phrases leave no doubt that the car is out; the others (`strandete`, `endete`) agree with
the data or stay open.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import lines, words
from articles.factcheck.sheet import RACE_KINDS

_LISTS = (
    ("fates_disqualified", "DSQ", ""), ("fates_maybe_disqualified", "DSQ", "vague"), ("fates_not_started", "DNS", ""),
    ("fates_likely_not_started", "DNS", "likely"), ("fates_likely_retired", "DNF", "likely"), ("fates_maybe_not_started", "DNS", "vague"), ("fates_retired", "DNF", ""), ("fates_maybe_retired", "DNF", "vague"),
)  # fmt: skip
_FARTHEST = 14  # words between two parts of a phrase
_STOPS = frozenset(";:!?")
_ENDS = frozenset('.,;:!?)–—"“”»«')
_NEGATIONS = words("fates_negations")
_NEARLY = words("fates_nearly")
_DAMAGE = ("schaden", "defekt")
_FINAL = "$"
_GAP = ".."


@dataclass(frozen=True, slots=True)
class _Phrase:
    """One way to say it; `parts` after the first word, each the words that serve, or a gap, or the end of the clause."""

    parts: tuple[frozenset[str] | str, ...]
    status: str
    hint: str


def find(page: Page) -> Iterator[Claim]:
    """A claim for every phrase; of those that begin at one word a sure one counts, else the longest."""
    tokens = page.cut.tokens
    known = _phrases()
    for sentence, keys in zip(page.cut.sentences, page.cut.keys, strict=True):
        if keys.isdisjoint(known) and "aus" not in keys and not any(key.endswith(_DAMAGE) for key in keys):
            continue
        index = done = sentence.first
        while index < sentence.last:
            key = tokens[index].key
            found = _at(tokens, index, sentence) if key in known or key == "aus" or key.endswith(_DAMAGE) else None
            if found is None or (found[0].hint and index < done):
                index += 1  # nothing, or only a part of what was said before: `schied mit Defekt aus`
                continue
            phrase, last = found
            if not _is_denied(tokens, index, last, sentence, phrase):
                start, end = tokens[index].start, tokens[last - 1].end
                yield page.claim(ClaimType.STATUS, start, end, phrase.status, kinds=RACE_KINDS, hint=phrase.hint)
                done = max(done, last)
            index += 1


def _at(tokens: list[Token], index: int, sentence: Sentence) -> tuple[_Phrase, int] | None:
    best: tuple[_Phrase, int] | None = None
    for phrase in _phrases().get(tokens[index].key, ()):
        last = _matched(tokens, index + 1, sentence, phrase.parts)
        if last is not None and (best is None or (best[0].hint and last > best[1])):
            best = phrase, last
    if best is None and tokens[index].key.endswith(_DAMAGE):
        return _Phrase((), "DNF", "vague"), index + 1  # `stand mit Kühlerschaden an der Box`
    return best or _as_noun(tokens, index, sentence)


def _matched(tokens: list[Token], at: int, sentence: Sentence, parts: tuple[frozenset[str] | str, ...]) -> int | None:
    """Where a phrase ends whose first word stands before `at`; None where it does not go on like this."""
    if not parts:
        return at
    part, rest = parts[0], parts[1:]
    if part == _FINAL:
        return at if is_end(tokens, at, sentence) else None
    if part == _GAP:
        for place in range(at, min(at + _FARTHEST, sentence.last)):
            if tokens[place].text in _STOPS:
                return None
            if tokens[place].key in rest[0]:
                last = _matched(tokens, place + 1, sentence, rest[1:])
                if last is not None and tokens[place - 1].key not in words("fates_not_before"):
                    return last
        return None
    return _matched(tokens, at + 1, sentence, rest) if at < sentence.last and tokens[at].key in part else None


def is_end(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Whether a clause ends before this token."""
    return at >= sentence.last or tokens[at].text in _ENDS or tokens[at].key in words("fates_conjunctions")


def _as_noun(tokens: list[Token], index: int, sentence: Sentence) -> tuple[_Phrase, int] | None:
    """`das frühe Aus`, `Aus nach 45 Runden`; `Aus der zweiten Reihe` is the preposition."""
    if tokens[index].text != "Aus":
        return None
    after = tokens[index + 1].key if index + 1 < sentence.last else ""
    begins = index == sentence.first or tokens[index - 1].text in _STOPS
    if not begins or after in {"nach", "in", "fur", "schon", "bereits", "wegen", "und", "vorbei", ""}:
        return _Phrase((), "DNF", "vague"), index + 1
    return None


def _is_denied(tokens: list[Token], first: int, last: int, sentence: Sentence, phrase: _Phrase) -> bool:
    """`schied beinahe aus`, `nicht disqualifiziert`, `ohne Ausfall`."""
    if any(token.key in _NEARLY for token in tokens[first:last]):
        return True
    if phrase.status == "DNS" and phrase.hint == "":
        return False
    return any(token.key in _NEGATIONS for token in tokens[max(first - 2, sentence.first) : first])


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    found: dict[str, list[_Phrase]] = {}
    for name, status, hint in _LISTS:
        for line in lines(name):
            head, *rest = line.split()
            parts = tuple(part if part in (_GAP, _FINAL) else frozenset(part.split("|")) for part in rest)
            for word in head.split("|"):
                found.setdefault(word, []).append(_Phrase(parts, status, hint))
    return found
