"""How many started and how many finished: `52 Autos`, `a 33-car field`, `61 von 88 gestarteten Teams kamen durch`, `92 wurden gewertet`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import NOBODY, Claim, ClaimType
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.quantities import Quantity, quantities
from articles.factcheck.grammar.tokens import Sentence, Token, fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import fold_words

_FEWEST = 4
_MOST_BETWEEN = 2
_NOUNS = words("counts_nouns")
_STARTED, _FINISHED = words("happenings_start"), words("happenings_finish")
_TIME = r"(?P<m{0}>\d{{1,2}}[:.])?(?P<t{0}>\d{{1,3}}(?:[.,]\d{{1,3}})?)"
_FIRST = (
    r"(?P<n>[Ee]inzige[rnm]?|(?:[Ee]ine[rnm]?\svon|one\sof)(?:\s(?:nur|only|just))?\s(?P<of>" + NUMBER_WORD + r")|"
    r"only\s(?:driver|man|car|one|rider)|(?:(?:[Nn]ur|[Oo]nly|[Ll]ediglich)\s)?(?P<many>"
    + NUMBER_WORD
    + r")\s(?:Piloten|Fahrern?|Autos|drivers|cars|riders|men))"
)
_LIMIT = re.compile(
    r"\b"
    + _FIRST
    + r"\b[^.!?\n]{0,40}?\b(?:(?:unter|under|below|beneath|inside)\s(?:der\s(?:Marke\svon\s)?|the\smark\sof\s|the\s)?"
    + _TIME.format("a")
    + r"(?P<u>\s(?:Sekunden|seconds|Minuten|minutes)|er\b)?|(?:die|the)\s"
    + _TIME.format("b")
    + r"er[-\s]Marke)"
)


def find(page: Page) -> Iterator[Claim]:
    """Starters, finishers, laps under a limit."""
    for sentence in page.cut.sentences:
        yield from _in_sentence(page, sentence)
    for match in _LIMIT.finditer(page.text):
        claim = _under(page, match)
        if claim:
            yield claim


def _in_sentence(page: Page, sentence: Sentence) -> Iterator[Claim]:
    tokens = page.cut.tokens
    former: int | None = None  # where the last count of the sentence ended
    for quantity in quantities(page, sentence):
        if quantity.value != quantity.value.to_integral_value() or quantity.is_article or quantity.value < _FEWEST:
            continue
        end = _noun(tokens, quantity, sentence)
        if not end and not _is_elided(tokens, quantity, sentence, former):
            continue
        if _is_not_all(page, sentence, quantity, end or quantity.last):
            continue
        hint = _meant(tokens, quantity, end or quantity.last, sentence)
        start, last = tokens[quantity.first].start, tokens[(end or quantity.last) - 1].end
        former = end or quantity.last
        yield page.claim(ClaimType.COUNT, start, last, int(quantity.value), hint=hint, subject=NOBODY)


def _noun(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> int:
    """The end of the noun of cars or people behind a number: `88 gestarteten Teams`, `33-car field`, `23 Mann`."""
    for at in range(quantity.last, min(quantity.last + _MOST_BETWEEN + 1, sentence.last)):
        if tokens[at].key in _NOUNS:
            return at + 1
        if tokens[at].text != "-" and not tokens[at].text[0].islower():
            return 0
        if tokens[at].key in words("counts_not_between"):
            return 0
    return 0


def _is_elided(tokens: list[Token], quantity: Quantity, sentence: Sentence, former: int | None) -> bool:
    """`61 von 88`, `117 davon`, `24 saw the flag`, `92 wurden gewertet`, `noch 19 im Ziel`."""
    after = [token.key for token in tokens[quantity.last : min(quantity.last + 4, sentence.last)]]
    before = [token.key for token in tokens[max(quantity.first - 3, sentence.first) : quantity.first]]
    if before[-1:] and before[-1] in words("counts_before_not"):
        return False
    # `29 der 33 gestarteten Autos`, `26 der 30 Fahrer kamen ins Ziel`
    is_part = after[:1] == ["der"] and _is_of_all(tokens, quantity, sentence)
    if (is_part or after[:1] in (["von"], ["of"])) and len(after) > 1:
        many = cardinal(after[2] if after[1] in {"the", "den"} and len(after) > 2 else after[1])  # noqa: PLR2004
        return many is not None and many > quantity.value
    if (
        after[:1] in (["davon"], ["derer"])
        or after[:2] == ["of", "them"]
        or before[-2:] in (["von", "denen"], ["of", "which"])
    ):
        return True
    if not after or after[0] not in words("counts_verbs"):
        is_left = bool(words("counts_verbs") & set(before)) and (
            not after or not after[0][0].isalnum() or after[0] in _SMALL
        )
        return is_left and (former is not None or bool((_FINISHED | {"durch", "an"}) & set(after)))
    keys = {token.key for token in tokens[quantity.last : min(quantity.last + 7, sentence.last)]}
    return bool(keys & (_FINISHED | _STARTED | {"durch", "an"}))


def _is_of_all(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    keys = {token.key for token in tokens[quantity.last : min(quantity.last + 9, sentence.last)]}
    return bool(_OF_STARTERS & keys) or ("kamen" in keys and bool(keys & {"ins", "durch", "an"}))


_OF_STARTERS = frozenset({"gestarteten", "starter", "starters"})
_SMALL = frozenset({"in", "das", "the", "im", "die", "ins"})


def _is_not_all(page: Page, sentence: Sentence, quantity: Quantity, end: int) -> bool:
    """`21 der 66 Autos`, `20 Autos der GT3`, `alle 14 LMP2-Autos`, `23 Autos sahen die Flagge nicht`: not the field."""
    tokens = page.cut.tokens
    before = [token.key for token in tokens[max(quantity.first - 2, sentence.first) : quantity.first]]
    after = [token.key for token in tokens[end : min(end + 6, sentence.last)]]
    own = [token.key for token in tokens[quantity.last : end]]
    if {"nicht", "not", "never", "ohne", "without", "fuhrungsrunde"} & set(after) or {
        "gemeldeten",
        "gemeldete",
        "entered",
        "genannten",
        "genannte",
    } & set(own):
        return True
    if after[:1] in (["der"], ["des"]) and not own and not _is_of_all(tokens, quantity, sentence):
        return True  # `21 der 66 Autos`
    if (
        before[-1:] in (["der"], ["the"])
        and not _is_part_of(tokens, quantity, sentence)
        and before[-2:-1]
        not in (
            ["of"],
            ["jeder"],
            ["von"],
            ["aller"],
            ["all"],
            ["unter"],
            ["among"],
        )
    ):
        return not {"starter", "startern", "starters", "gestarteten"} & set(own) and not {"field", "feld"} & {
            *own,
            *after[:1],
        }
    classes = {word for name in page.sheet.classes for word in fold_words(name)}
    first, _last = page.clause(sentence, quantity.first)
    said = before[-1:] if _OF_STARTERS & set(own) else [token.key for token in tokens[first : quantity.first]]
    return bool(classes & {*after[:3], *own, *said})


def _is_part_of(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    """`26 der 30 Fahrer`: the whole of which a part was said."""
    at = quantity.first - 2
    return at >= sentence.first and cardinal(tokens[at].key) is not None


def _meant(tokens: list[Token], quantity: Quantity, end: int, sentence: Sentence) -> str:
    """Which of the two is counted, by the nearest word that says it; `starters?`: it may be the other as well."""
    own = {token.key for token in tokens[quantity.last : end]}
    after = [token.key for token in tokens[end : min(end + 6, sentence.last)]]
    before = [token.key for token in tokens[max(quantity.first - 4, sentence.first) : quantity.first]]
    if {"field", "feld", "starterfeld", "teilnehmerfeld"} & {*before, *after[:1]} and not {*before, *after} & _FINISHED:
        return "starters"
    if before[-1:] in (["von"], ["of"]) or before[-2:] in (["of", "the"], ["von", "den"]):
        is_sure = own & _STARTED or (before[-2:-1] and cardinal(before[-2])) or set(after) & _STARTED - _FINISHED
        return "starters" if is_sure else "starters?"
    if "kamen" in after[:1] and {"an", "durch", "ins"} & set(after[1:4]):
        return "finishers"
    if after[:1] in (["von"], ["of"], ["davon"]) or (after[:1] == ["der"] and after[1:2] and cardinal(after[1])):
        return "finishers" if set(after) & _FINISHED and not set(after[:4]) & _STARTED else "finishers?"
    if {"gemeldet", "entered"} & set(after[:3]):
        return "starters?"
    for near in (own, set(after[:3])):
        if near & _FINISHED and not near & _STARTED:
            return "finishers"
        if near & _STARTED and not near & _FINISHED:
            return "starters"
    near = {*before, *after}
    if {"gemeldet", "entered"} & near:
        return "starters?"
    return "finishers?" if near & _FINISHED else "starters?"


def _under(page: Page, match: re.Match[str]) -> Claim | None:
    """`als Einziger unter 48 Sekunden`, `als Einziger die 1:38er-Marke`, `vier Piloten blieben unter 1:30 Minuten`."""
    printed = fold_word(match["of"] or match["many"] or "")
    number = (cardinal(printed) or cardinal(printed.removesuffix("en"))) if printed else 1
    minutes, seconds = match["ma"] or match["mb"], match["ta"] or match["tb"]
    limit = int(minutes[:-1] if minutes else 0) * 60_000 + round(float(seconds.replace(",", ".")) * 1000)
    is_time = minutes or match["tb"] or (match["u"] or "").strip() in {"Sekunden", "seconds"}
    if number is None or not limit or not is_time:
        return None
    return page.claim(ClaimType.COUNT, match.start(), match.end(), number, hint=f"under {limit}")
