"""How many started and how many finished: `52 Autos`, `a 33-car field`, `61 von 88 gestarteten Teams kamen durch`, `92 wurden gewertet`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import NOBODY, Claim, ClaimType
from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.quantities import Quantity, quantities
from articles.factcheck.grammar.tokens import Sentence, Token, fold_word
from articles.factcheck.grammar.words import words

_FEWEST = 4
_MOST_BETWEEN = 2
_CLASS_BEHIND = 3  # words
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
    + r"(?:"
    + _TIME.format("a")
    + r"|(?P<w>"
    + NUMBER_WORD
    + r")(?=\s(?:Minuten|minutes)))(?P<u>\s(?:Sekunden|seconds|Minuten|minutes)|er\b)?|(?:die|the)\s"
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
    if former is not None and after[:2] in (["im", "ziel"], ["in", "wertung"], ["am", "ziel"]):
        return True
    if not after or after[0] not in words("counts_verbs"):
        is_left = bool(words("counts_verbs") & set(before)) and (
            not after or not after[0][0].isalnum() or after[0] in _SMALL | _FINISHED
        )
        return is_left and (former is not None or bool((_FINISHED | {"durch", "an"}) & set(after)))
    keys = {token.key for token in tokens[quantity.last : min(quantity.last + 7, sentence.last)]}
    return bool(keys & (_FINISHED | _STARTED | {"durch", "an"}))


def _is_of_all(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    keys = {token.key for token in tokens[quantity.last : min(quantity.last + 9, sentence.last)]}
    return bool(_OF_STARTERS & keys) or ("kamen" in keys and bool(keys & {"ins", "durch", "an", "wertung", "ziel"}))


_OF_STARTERS = frozenset({"gestarteten", "starter", "startern", "starters"})
_SMALL = frozenset({"in", "das", "the", "im", "die", "ins"})


def _is_not_all(page: Page, sentence: Sentence, quantity: Quantity, end: int) -> bool:
    """`21 der 66 Autos`, `20 Autos der GT3`, `alle 14 LMP2-Autos`, `23 Autos sahen die Flagge nicht`: not the field."""
    tokens = page.cut.tokens
    after = [token.key for token in tokens[end : min(end + 6, sentence.last)]]
    own = [token.key for token in tokens[quantity.last : end]]
    if words("counts_not_all") & set(after) or words("counts_entered") & set(own):
        return True
    if after[:1] in (["der"], ["des"]) and not own:
        return not _is_of_all(tokens, quantity, sentence)  # `21 der 66 Autos`
    if _is_of_those(tokens, quantity, sentence):
        return not _OF_STARTERS & set(own) and not {"field", "feld"} & {*own, *after[:1]}
    if "will" in after[:2]:
        return True  # of a race to come
    begin = quantity.first - 1 if _OF_STARTERS & set(own) else sentence.first
    return any(
        part.kind is Kind.CLASS and begin <= part.first < end + _CLASS_BEHIND
        for part in page.named[sentence.number].mentions
    )


def _is_of_those(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    """`die 21 Autos`, `der 66 Autos`: some that were spoken of; but `26 der 30 Fahrer` and `of the 44 bikes` say all."""
    before = [token.key for token in tokens[max(quantity.first - 2, sentence.first) : quantity.first]]
    if before[-1:] not in (["der"], ["the"]) or _is_part_of(tokens, quantity, sentence):
        return False
    return not set(before[:-1]) & words("counts_of_all")


def _is_part_of(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    """`26 der 30 Fahrer`: the whole of which a part was said."""
    at = quantity.first - 2
    return at >= sentence.first and cardinal(tokens[at].key) is not None


def _meant(tokens: list[Token], quantity: Quantity, end: int, sentence: Sentence) -> str:
    """Which of the two is counted, by the nearest word that says it; `starters?`: it may be the other as well."""
    own = {token.key for token in tokens[quantity.last : end]}
    after = [token.key for token in tokens[end : min(end + 6, sentence.last)]]
    before = [token.key for token in tokens[max(quantity.first - 4, sentence.first) : quantity.first]]
    rest = [token.key for token in tokens[end : sentence.last]]
    return _of_field(before, after) or _of_part(before, own, rest) or _by_verb(before, own, after, set(rest))


def _of_field(before: list[str], after: list[str]) -> str:
    """`in einem Feld von 27 Autos`, `a 33-car field`."""
    is_field = {"field", "feld", "starterfeld", "teilnehmerfeld"} & {*before, *after[:1]}
    return "starters" if is_field and not {*before, *after} & _FINISHED else ""


def _of_part(before: list[str], own: set[str], rest: list[str]) -> str:
    """`61 von 88 gestarteten Teams kamen durch`: a part of a whole."""
    if before[-1:] in (["von"], ["of"]) or before[-2:] in (["of", "the"], ["von", "den"]):
        is_sure = own & _STARTED or (before[-2:-1] and cardinal(before[-2])) or set(rest[:6]) & (_STARTED - _FINISHED)
        return "starters" if is_sure else "starters?"
    if rest[:1] == ["kamen"] and {"an", "durch", "ins"} & set(rest[1:4]):
        return "finishers"
    if rest[:1] in (["von"], ["of"], ["davon"]) or (rest[:1] == ["der"] and rest[1:2] and cardinal(rest[1])):
        return "finishers" if set(rest[:9]) & _FINISHED else "finishers?"
    return ""


def _by_verb(before: list[str], own: set[str], after: list[str], rest: set[str]) -> str:
    """`116 Autos gingen ins Rennen`, `92 wurden gewertet`; who is entered need not have started."""
    near = {*before, *after}
    if {"gemeldet", "entered"} & near:
        return "starters?"
    for said in (own, set(before[-1:]), set(after[:3])):
        is_end, is_start = bool(said & _FINISHED), bool(said & _STARTED)
        if is_end != is_start:
            return "finishers" if is_end else "starters"
    is_begun = rest & words("counts_begun") and not (rest | near) & _FINISHED
    if before[-1:] in (["unter"], ["among"]) or is_begun:
        return "starters"
    return "finishers?" if near & _FINISHED else "starters?"


def _under(page: Page, match: re.Match[str]) -> Claim | None:
    """`als Einziger unter 48 Sekunden`, `als Einziger die 1:38er-Marke`, `vier Piloten blieben unter 1:30 Minuten`."""
    printed = fold_word(match["of"] or match["many"] or "")
    number = (cardinal(printed) or cardinal(printed.removesuffix("en"))) if printed else 1
    whole = cardinal(fold_word(match["w"])) if match["w"] else None
    if match["w"]:
        return _claim_under(page, match, number, (whole or 0) * 60_000)
    minutes, seconds = match["ma"] or match["mb"], match["ta"] or match["tb"]
    limit = int(minutes[:-1] if minutes else 0) * 60_000 + round(float(seconds.replace(",", ".")) * 1000)
    is_time = minutes or match["tb"] or (match["u"] or "").strip() in {"Sekunden", "seconds"}
    return _claim_under(page, match, number, limit if is_time else 0)


def _claim_under(page: Page, match: re.Match[str], number: int | None, limit: int) -> Claim | None:
    if number is None or not limit:
        return None
    return page.claim(ClaimType.COUNT, match.start(), match.end(), number, hint=f"under {limit}")
