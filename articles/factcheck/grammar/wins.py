"""Words that say somebody won, overall or in a class."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.sheet import RACE_KINDS

_CLASS_BEHIND = 6  # words
_WIN = re.compile(
    r"\b(?P<w>(?:Start-Ziel-|Gesamt|Klassen|Heim|Lauf|Renn|Tages|Auftakt)?[Ss]iege?|gewann(?:en)?|gewonnen|gewinn(?:t|en)|siegt(?:e|en)?|triumphierten?|won|victory|"
    r"(?:keine|ohne) (?:Gegner|Konkurrenz)|nicht zu schlagen|victorious|kein Kraut gewachsen|setzten? sich|unbeatable|honou?rs|"
    r"(?:[A-Z][\w-]{0,11})?-Sieg|winning)\b"
)


def find_wins(page: Page) -> Iterator[Claim]:
    for match in _WIN.finditer(page.text):
        before, after = page.words_before(match.start(), 4), page.words_after(match.end(), 5)
        if not _is_win(match["w"].lower(), before, after):
            continue
        scene = page.scene(match.start(), RACE_KINDS if not _is_quick(page, match.start()) else frozenset())
        if not scene.sessions:
            scene = page.scene(match.start())
        in_class = bool(scene.class_name) or match["w"].startswith("Klassen")
        kind = ClaimType.CLASS_POSITION if in_class else ClaimType.POSITION
        yield page.claim(kind, match.start(), _end_of_win(page, match), 1, scene=scene, hint="win")


def _end_of_win(page: Page, match: re.Match[str]) -> int:
    """`gewinnen die VT2`: the class right behind belongs to the words."""
    token = page.cut.token_at(match.end() - 1)
    sentence = page.sentence_at(match.start())
    for part in page.named[sentence.number].mentions:
        if part.kind is Kind.CLASS and token < part.first <= token + _CLASS_BEHIND:
            between = page.cut.tokens[token + 1 : part.first]
            if not any(word.text[0].isdigit() or word.text in ",;:()" for word in between):
                return page.cut.tokens[part.last - 1].end
    return match.end()


def _is_quick(page: Page, start: int) -> bool:
    """`nicht zu schlagen` may praise a pole."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    kind, level = page.settings[sentence.number].latest("kind", token, page.clause(sentence, token))
    return kind is not None and level > 0 and kind.value != "race"


def _is_win(word: str, before: list[str], after: list[str]) -> bool:
    if (
        ("." in before and before[before.index(".") - 1].isdigit())
        or (before and ordinal(before[-1]))
        or (("sieg" in word or word in {"victory", "honours"}) and any(map(ordinal, before[-2:])))
        or (before[-1:] == ["-"] and before[-3:-2] and ordinal(before[-3]))
    ):
        return False  # the 54th of a career
    if (
        {"kein", "keinen", "nicht", "ohne", "no", "never", "um", "without"} & set(before[-2:])
        and ":" not in before[-2:]
        and not word.startswith(("kein", "nicht", "ohne"))
    ):
        return False
    if word.startswith("setzt"):
        return "durch" in after
    if word in {"gewann", "gewannen", "won"} and {"platze", "positionen", "places", "duell", "boden", "start"} & set(
        after[:4]
    ):
        return False
    if word in {"sieg", "siege", "victory"} and {"zum", "zwei", "drei", "two", "three"} & set(before[-2:]):
        return False
    return not ({"since", "seit"} & set(after[:3]))
