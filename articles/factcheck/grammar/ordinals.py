"""Ordinals that stand alone as a place: `Dritter`, `third`, `19.`, `Klassenzweite`, `Gesamt-Sechster`, `runner-up`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.numerals import is_german_ordinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import pairs, words

_COMPOUND = re.compile(
    r"(?P<what>gesamt|klassen|tabellen|meisterschafts|cup|wm|em|trainings|qualifikations)(?P<o>[a-z]{4,14})"
)
_HALVES = frozenset({"gesamt", "klassen", "wm", "em", "qualifying", "training"})
_WAS = frozenset({"wurde", "wurden", "war", "waren", "wird"})
_VERBS_BEHIND = _WAS | {"ist", "sind", "werden", "kam", "kommt", "und"}
_ARTICLES = frozenset({"dem", "der", "den", "die", "the"})
_NO_PLACE_BEHIND = frozenset(
    {"der", "die", "das", "dem", "den", "des", "zum", "vom", "im", "am", "ersten", "jeder"}
) | (words("places_reference") - {"auf"})
_VERBS = words("places_verbs")
_EN_BEFORE = words("places_en_before")
_EN_AFTER = words("places_en_after")
_MOST_DIGITS = 3
_COUNTS_BEHIND = frozenset({"auf", "mit", "with", "on", "nach", "after", "hat", "haben"})


@dataclass(frozen=True, slots=True)
class Ordinal:
    """Tokens first..last (exclusive) that give a place; `said_with` what it is one in (`klassen`), `beside` whose it is."""

    first: int
    last: int
    number: int
    said_with: str = ""
    beside: Group | None = None


_OF_TABLES = frozenset({"tabellen", "meisterschafts", "wm", "em"})


def find_ordinals(page: Page) -> Iterator[Ordinal]:
    """Every ordinal of a text that is a place by itself."""
    for sentence in page.cut.sentences:
        for index, key in enumerate(page.cut.words[sentence.first : sentence.last], sentence.first):
            is_one = _may_be_one(key) and not _is_of_company(page.cut.tokens, index)
            found = _at(page, index, sentence) if is_one else None
            if found:
                yield found


def _is_of_company(tokens: list[Token], index: int) -> bool:
    """`der Vierte im Bunde ist …`: one of four, and no place."""
    return [token.key for token in tokens[index + 1 : index + 3]] == ["im", "bunde"]


@lru_cache(maxsize=16_384)
def _may_be_one(key: str) -> bool:
    """Whether a word may be an ordinal or begin one; most are passed over."""
    return key.isdecimal() or key == "runner" or ordinal(key) is not None or _COMPOUND.fullmatch(key) is not None


def _at(page: Page, index: int, sentence: Sentence) -> Ordinal | None:
    tokens = page.cut.tokens
    key = tokens[index].key
    if key.isdecimal():
        return _figure(tokens, index, sentence)
    number = ordinal(key)
    if number is None:
        return _compound(tokens, index, sentence) or _runner_up(tokens, index, sentence)
    if not is_german_ordinal(key):
        return Ordinal(index, index + 1, number) if _is_english_place(tokens, index, sentence) else None
    beside = _in_apposition(page, index, sentence)
    if beside and tokens[index].is_capital:
        return Ordinal(index, index + 1, number, beside=beside)
    half = _half_before(tokens, index, sentence)
    if half or _is_german_place(page, index, sentence):
        return Ordinal(index, index + 1, number, half)
    return None


def _figure(tokens: list[Token], index: int, sentence: Sentence) -> Ordinal | None:
    """`wurde 15.`, `als 16. ins Ziel`."""
    after = tokens[index + 1] if index + 1 < sentence.last else None
    if after is None or after.text != "." or not after.glued or len(tokens[index].key) > _MOST_DIGITS:
        return None
    if _half_before(tokens, index, sentence):
        return Ordinal(index, index + 2, int(tokens[index].key), _half_before(tokens, index, sentence))
    if _goes_on_counting(tokens, index + 2, sentence):
        return None  # `holte als 14. und 13. die ersten Punkte`: of which race is which
    said = {other.key for other in tokens[max(index - 4, sentence.first) : index]}
    before = tokens[index - 1].key if index > sentence.first else ""
    is_last = index + 2 >= sentence.last or not tokens[index + 2].text[0].isalnum() or before == "als"
    if index + 2 < sentence.last and tokens[index + 2].key in {"wurde", "wurden"}:
        return Ordinal(index, index + 2, int(tokens[index].key))  # `die in Imola nur 19. wurden`
    # not `kommt auf 503 Punkte, Mercedes als Zweiter auf 247.`
    if is_last and before not in _COUNTS_BEHIND and said & {"als", "wurde", "wurden", "war"}:
        return Ordinal(index, index + 2, int(tokens[index].key))
    return None


def _goes_on_counting(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    behind = tokens[at : min(at + 3, sentence.last)]
    if [token.text for token in behind[2:]] != ["."]:
        return False
    return behind[0].key in {"und", "and", "/"} and behind[1].text.isdecimal()


def _compound(tokens: list[Token], index: int, sentence: Sentence) -> Ordinal | None:
    """`Klassendritte`, `Gesamtsechster`, `Tabellenzweiter`."""
    compound = _COMPOUND.fullmatch(tokens[index].key)
    number = ordinal(compound["o"]) if compound else None
    before = tokens[index - 1].key if index > sentence.first else ""
    if compound is None or not number or (before in words("places_reference") and before != "auf"):
        return None
    if (
        compound["what"] in _OF_TABLES
        and before in {"die", "der", "the", "neuen", "neue"}
        and not _is_before_name(tokens, index, sentence)
    ):
        return None  # `Die neuen Tabellenzweiten haben 106 Punkte`: who they are is not said here
    return Ordinal(index, index + 1, number, compound["what"])


def _is_before_name(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """Whether a capital word or a comma stands right behind: a name."""
    return index + 1 < sentence.last and (tokens[index + 1].is_capital or tokens[index + 1].text in ",(#")


def _half_before(tokens: list[Token], index: int, sentence: Sentence) -> str:
    """`Gesamt-Sechster`, `WM-Zweiter`: what stands before the hyphen."""
    if index - 2 < sentence.first or tokens[index - 1].text != "-" or not tokens[index - 1].glued:
        return ""
    return tokens[index - 2].key if tokens[index - 2].key in _HALVES else ""


def _runner_up(tokens: list[Token], index: int, sentence: Sentence) -> Ordinal | None:
    before = {token.key for token in tokens[max(index - 2, sentence.first) : index]}
    if tokens[index].key != "runner" or before & words("page_object_words"):
        return None
    taken = [token.key for token in tokens[index : min(index + 3, sentence.last)]]
    return Ordinal(index, index + 3, 2) if taken == ["runner", "-", "up"] else None


def _in_apposition(page: Page, index: int, sentence: Sentence) -> Group | None:
    """The name a place stands beside and belongs to: `Dörr (Dritter, …)`, `zu Leclerc, dem Vierten`."""
    at = index - 1
    if at > sentence.first and page.cut.tokens[at].key in _ARTICLES:
        at -= 1
        if page.cut.tokens[at].text != ",":
            return None
    elif page.cut.tokens[at].text != "(":
        return None
    return next((group for group in page.groups(sentence) if group.last == at), None)


def _is_german_place(page: Page, index: int, sentence: Sentence) -> bool:
    tokens = page.cut.tokens
    token = tokens[index]
    before = tokens[index - 1].key if index > sentence.first else ""
    after = tokens[index + 1] if index + 1 < sentence.last else None
    if not token.is_capital and after is not None and after.key in _WAS:
        return before not in {"im", "beim"}  # `Im zweiten war sein Scirocco schneller`: a heat
    if before == "als" and token.is_capital:
        return True  # `als Fünfter Schadensbegrenzung`: a noun of its own, an adjective would be small
    if before in _NO_PLACE_BEHIND or _is_attribute(page, index, after):
        return False
    is_said = before in _VERBS or (after is not None and after.key in _VERBS_BEHIND)
    if not token.is_capital:
        return is_said and (after is None or not after.text[0].isalpha() or after.key in _VERBS)
    return _is_noun_of_place(tokens, index, sentence, is_said=is_said)


def _is_noun_of_place(tokens: list[Token], index: int, sentence: Sentence, *, is_said: bool) -> bool:
    """Of a capital ordinal: `Coronel? Dritter.`, `der Romand, Sechster der Qualifikation, …`, `Dritter im Rennen wurde …`."""
    before = tokens[index - 1].key if index > sentence.first else ""
    if _stands_alone(tokens, index, sentence):
        return True
    if before in {",", ":"} and _names_session_behind(tokens, index, sentence):
        return True
    behind = [token.key for token in tokens[index + 1 : min(index + 6, sentence.last)]]
    if before == "" and behind[:1] in (["im"], ["in"], ["des"], ["beim"]):
        return bool(_WAS & set(behind))
    return is_said or (index > sentence.first and tokens[index - 1].text[0].isalnum())


def _stands_alone(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    before = tokens[index - 1].text if index > sentence.first else ":"
    after = tokens[index + 1].text if index + 1 < sentence.last else "."
    return before in ":–?" and after in ".,;!"


def _names_session_behind(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    behind = [token.key for token in tokens[index + 1 : min(index + 3, sentence.last)]]
    named = words("qualifying") | words("sprint") | words("race_nouns") | words("practice") | frozenset(pairs("days"))
    return behind[:1] in (["der"], ["des"], ["im"], ["in"], ["am"], ["beim"]) and bool(named & set(behind[1:]))


def _is_attribute(page: Page, index: int, after: Token | None) -> bool:
    """`Zweiter Vorsitzender`: a noun follows, and it is nobody's name."""
    if after is None or not after.text[0].isalpha() or not after.is_capital:
        return False
    sentence = page.cut.sentence_at(page.cut.tokens[index].start)
    return not any(group.first == index + 1 for group in page.groups(sentence))


def _is_english_place(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    before = tokens[index - 1].key if index > sentence.first else ""
    after = tokens[index + 1] if index + 1 < sentence.last else None
    if after is not None and after.text == "-":
        return index + 2 < sentence.last and tokens[index + 2].key in {"place", "placed"}  # `an 11th-place finisher`
    behind = [token.key for token in tokens[index + 1 : min(index + 4, sentence.last)]]
    if behind[:2] == ["in", "the"] and behind[2:] and behind[2] in words("places_no_place"):
        return False
    if behind[:1] == ["the"] and behind[2:] == ["day"]:
        return before not in words("en_articles")  # `took second the following day`
    if index == sentence.first:
        return after is not None and after.key in {"in", "was", "place", "for", "on", "behind", "overall"}
    ends = after is None or not after.text[0].isalnum() or after.key in _EN_AFTER
    starts = before in _EN_BEFORE or (
        index > sentence.first and not tokens[index - 1].text[0].isalnum() and before != "-"
    )
    if before in {"the", "his", "her", "their", "its", "at"}:
        return False
    is_from = before == "from" and index - 1 == sentence.first  # `From fourth on the grid, …`
    return ends and (starts or is_from or (index - 1 > sentence.first and before not in words("en_articles")))
