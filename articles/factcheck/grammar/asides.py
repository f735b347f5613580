"""Appositions: what stands between commas without a verb of its own sets no scene for the rest of its sentence."""

from __future__ import annotations

from dataclasses import replace

from articles.factcheck.grammar.cue import Cue
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

_FEWEST = 3  # words of an apposition that tells something


def within_asides(cues: list[Cue], tokens: list[Token], sentence: Sentence) -> list[Cue]:
    """`Der Allgäuer, am Samstag noch Dritter, wurde diesmal Fünfter`: Saturday ends at the comma."""
    return [_started(_ended(cue, tokens, sentence), tokens, sentence) for cue in cues]


def _started(cue: Cue, tokens: list[Token], sentence: Sentence) -> Cue:
    """`verlor als Achter an Boden und fiel im zweiten Rennen zurück`: what stands before the `und` plays where it did."""
    place = max((at for at in sentence.clauses if at <= cue.at), default=sentence.first)
    for at in range(cue.at - 1, place, -1):
        if tokens[at].key in {"und", "and", "aber", "but"}:
            behind = tokens[at + 1 : min(at + 3, cue.at)]
            return replace(cue, start=at) if behind and is_finite(behind[0]) else cue
    return cue


def _ended(cue: Cue, tokens: list[Token], sentence: Sentence) -> Cue:
    place = max((number for number, at in enumerate(sentence.clauses) if at <= cue.at), default=0)
    if place + 1 >= len(sentence.clauses):
        return cue
    if cue.what == "day" and cue.is_aside and not cue.end:
        return replace(cue, end=sentence.clauses[place + 1])  # `quickest a day earlier, it came home third`
    if place == 0:
        return cue
    first, last = sentence.clauses[place], sentence.clauses[place + 1]
    if tokens[first - 1].text != "," or tokens[last - 1].text != ",":
        return cue
    inside = tokens[first : last - 1]
    if len(inside) < _FEWEST or any(map(is_finite, inside)) or not any(map(_tells, inside)):
        return cue
    return replace(cue, is_aside=True, end=last)


def is_finite(token: Token) -> bool:
    """Whether a word is (as far as its form tells) a verb that carries a clause."""
    if token.key in words("strangers_verbs"):
        return True
    is_past = token.key.endswith(("te", "ten")) and token.text[0].islower()
    return is_past and ordinal(token.key) is None and token.key not in words("asides_no_verbs")


def _tells(token: Token) -> bool:
    """Words that tell how somebody fared: a place, `noch`, a participle."""
    if token.key in words("asides_telling"):
        return True
    number = ordinal(token.key)
    is_place = number is not None and (token.is_capital or not token.key.endswith(("e", "en", "er", "em", "es")))
    return is_place or (
        token.text[0].islower() and token.key.endswith(("gestrandet", "gestartet", "geschieden", "fallen"))
    )
