"""Gaps in time in prose: of whom they are, whom they count from, which way they lie, and how rough a word makes them."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

from articles.factcheck.claim import NOBODY, UNKNOWN, Claim, ClaimType, Subject
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.strangers import between
from articles.factcheck.grammar.words import words

GOOD = ["to", "the", "good"]
LEAD = words("times_lead")
BEHIND = words("times_behind")
LEADER = words("times_leader")
_OF_CLASS = ("klassensieger", "klassenbest", "klassenfuhr")
_TO = words("times_to")
_FILLERS = words("times_fillers")
_LESS = words("times_less")
_MORE = words("times_more")
_ABOUT = words("times_about")
_BETWEEN_OP = frozenset({"als", "than", "just", "nur", "ganze", "eine", "a", "von"})
_FEWEST_LETTERS = 4


def op_of(before: list[str]) -> str:
    near = list(before[-3:])
    while near and near[-1] in _BETWEEN_OP:
        near.pop()
    if not near or (near[-1] in {"einmal", "mal", "ganz"} and near[-2:-1] != ["nicht"]):
        return ""  # `gerade einmal`
    return "<" if near[-1] in _LESS else ">" if near[-1] in _MORE else "~" if near[-1] in _ABOUT else ""


def gap(page: Page, match: re.Match[str], value: int, precision: int, **given: Any) -> Claim:
    before, after = page.words_before(match.start(), 7), page.words_after(match.end(), 6)
    rival, place = _rival(page, match.end(), before)
    hint = _direction(before, after)
    op = given.pop("op", "")
    start = match.start()
    if not rival.cars and not rival.is_unknown and words("times_lost") & set(before[-5:]):
        rival = page.missing_to(start)
    pair = page.pair_before(start) if before[-1:] in (["um"], ["by"]) and not rival.cars else None
    pair = pair or (page.taken_from(start) if "ab" in after[:2] else None)
    if set(before[-2:]) & words("times_spread") and after[:1] != ["of"]:
        given["subject"] = NOBODY  # `fünf Prototypen liegen innerhalb von 0,208 Sekunden`
    elif pair:
        given["subject"], rival = pair
    else:
        given["subject"] = page.subject(start, match.end(), but=rival.cars)
    if not rival.cars and not rival.is_unknown and set(before) & words("page_owned"):
        rival = page.rival_before(start, given["subject"])
    if not rival.cars and given["subject"] is not NOBODY:
        given["subject"], rival = page.pair_apart(start) or (given["subject"], rival)
    return page.claim(
        ClaimType.GAP_TIME, start, match.end(), value, precision_ms=precision, op=op or op_of(before), rival=rival,
        hint=_hint(place, hint, is_signed=match[0][0] == "+" and not rival.cars, is_more=_is_further(before, after)), **given,
    )  # fmt: skip


def _hint(place: str, hint: str, *, is_signed: bool, is_more: bool) -> str:
    """What a gap counts from: `(+7,305)` from the winner, `weitere … dahinter` from the one ahead."""
    if is_signed and hint in {"", "behind"}:
        return "leader"
    return place or ("further" if hint == "behind" and is_more else hint)


def _is_further(before: list[str], after: list[str]) -> bool:
    """`weitere 18,7 Sekunden dahinter`: counted from the one before, and not from the winner."""
    is_more = bool(words("times_further") & set(before[-2:])) or after[:1] == ["more"]
    return is_more and bool(words("times_further_back") & set(after[:2]))


def _direction(before: list[str], after: list[str]) -> str:
    if after[:3] == GOOD:
        return "lead"
    for word in (*after[:3], *reversed(before)):
        if word in LEAD:
            return "lead"
        if word in BEHIND:
            return "behind"
    return ""


def _rival(page: Page, end: int, before: list[str]) -> tuple[Subject, str]:
    """The other car of a gap: `… hinter dem Phoenix-Audi`, `… auf die Spitze`, `Auf Platz drei fehlten …`."""
    position = end
    if page.words_after(end, 1) in (["nach"], ["after"]):
        return _after_whom(page, end, before)
    for word in page.words_after(end, 3):
        if word in _TO:
            following = page.words_after(position, 5)
            if LEADER & set(following[1:4]) and not words("times_later_on") & set(following[:4]):
                return NOBODY, "leader"
            return _named(page, position, following, word)
        if word not in _FILLERS:
            break
        position = _behind(page, position)
    return NOBODY, _place_meant(before)


def _named(page: Page, position: int, following: list[str], word: str) -> tuple[Subject, str]:
    """Whoever stands behind `vor`, `hinter`, `auf`: a car, a place, or somebody whom the sheet does not hold."""
    if following[1:2] and following[1] in words("times_kin"):
        return UNKNOWN, ""  # `vor dessen Bruder`
    group = page.group_at(_behind(page, position))
    if group:
        return page.as_subject(group, 2) if group.cars else UNKNOWN, ""
    is_of_class = any(word.startswith(_OF_CLASS) for word in following[1:4])
    place = None if is_of_class else _placed(following[1:4])  # `hinter dem Klassensieger Dritter`: his own place
    told = page.described(page.cut.token_at(_behind(page, position) - 1) + 1)
    if told and told.car and told.people:
        return page.as_subject(told, 2), ""
    said = "place" if word == "auf" else "placed"  # `mit 0,2 Sekunden Rückstand auf Platz zwei` may be his own place
    return (NOBODY, f"{said} {place}") if place else (_stranger(page, position), "")


def _after_whom(page: Page, end: int, before: list[str]) -> tuple[Subject, str]:
    """`1:17 Minuten nach dem Sieger`, `kam 4,6 Sekunden nach Lindner an`."""
    behind = set(page.words_after(end, 4))
    if page.words_after(end, 1) == ["nach"] and LEADER & behind and not words("times_later_on") & behind:
        return NOBODY, "leader"
    group = page.group_at(_behind(page, end))
    return (page.as_subject(group, 2) if group and group.people and group.cars else NOBODY), _place_meant(before)


def _placed(following: list[str]) -> int | None:
    """`auf den Zweiten`, `hinter den Drittplatzierten`, `auf Rang drei`."""
    for word, after in zip_longest(following, following[1:], fillvalue=""):
        if word in {"rang", "platz", "position", "p"}:
            return cardinal(after)
        if word in {"runner", "runners"}:
            return 2  # `behind the runner-up`
        found = ordinal(word) or ordinal(word.split("platziert")[0] + "e") if len(word) > _FEWEST_LETTERS else None
        if found:
            return found
    return None


def _stranger(page: Page, position: int) -> Subject:
    """Whether somebody the sheet does not hold stands behind `vor` or `auf`."""
    behind = _behind(page, position)
    index = page.cut.token_at(behind)
    first = index + (page.cut.tokens[index].start < behind)
    strangers = page.strangers[page.sentence_at(position).number]
    last = min(first + 4, len(page.cut.tokens))
    if between(strangers, first, last):
        return UNKNOWN
    return UNKNOWN if any(_is_name(page, at) for at in range(first, last)) else NOBODY


def _is_name(page: Page, index: int) -> bool:
    """A capital word of an English sentence, or two of a German one in a row: a name."""
    token = page.cut.tokens[index]
    before, after = page.cut.tokens[index - 1], page.cut.tokens[min(index + 1, len(page.cut.tokens) - 1)]
    is_name = token.is_capital and token.key not in words("strangers_ordinary") and token.text.isalpha()
    return (
        is_name
        and before.key in {"vor", "hinter", "auf", "behind", "from", "over", "of", "und", "and"}
        and (after.is_capital or after.text in ".,;)")
    )


def _behind(page: Page, position: int) -> int:
    """The place behind the first word after a position."""
    index = page.cut.token_at(position)
    if page.cut.tokens[index].start < position:
        index += 1
    return page.cut.tokens[index].end if index < len(page.cut.tokens) else position


def _place_meant(before: list[str]) -> str:
    """`auf Rang drei fehlten …` is counted from the car in third place."""
    for at, word in enumerate(before[:-1]):
        if word in {"rang", "platz"} and at and before[at - 1] == "auf":
            place = cardinal(before[at + 1])
            return f"place {place}" if place else ""
    return ""
