"""Laps in prose: how many a car completed, how many it is behind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.claim import NOBODY, Claim, ClaimType
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS

_COUNTED = re.compile(
    r"\b(?P<n>\d{1,4}|a(?=\slap)|"
    + NUMBER_WORD
    + r")[\s\u00a0-](?P<u>Runden?|Umläufen?|Umlauf|Rdn?\b\.?|laps?)(?![\w-])",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"(?:\b(?P<o>\d{1,3}\.|[A-Za-zäöüß]{4,20})\s(?P<u>Runde|Umlauf)|\blap\s(?P<n>\d{1,3}|[a-z-]{3,14}))(?![\w-])",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(
    r"\((?P<span>[-+−]?\s?(?P<n>\d{1,3}|"
    + NUMBER_WORD
    + r")\s(?:Runden?|laps?|Rd\.?))(?:\s(?:zurück|Rückstand|down|behind))?\)"
)
_BEHIND = words("laps_behind")
_NO_RESULT = words("laps_no_result")
_TO_GO = frozenset({"schluss", "ende", "rennende", "ziel"})
_TO = words("laps_to")
_RETIRED = words("laps_retired")
_RESULT = words("laps_result") | (_RETIRED - {"out", "aus", "early", "dreher", "vorbei"}) | {"vorbei"}  # fmt: skip
_NOT_DONE = words("laps_not_done")


def find(page: Page) -> Iterator[Claim]:
    """Laps completed and laps behind."""
    yield from _counted(page)
    for match in _IN_BRACKETS.finditer(page.text):
        claim = _in_brackets(page, match)
        if claim:
            yield claim
    for match in _ORDERED.finditer(page.text):
        claim = _in_lap(page, match)
        if claim:
            yield claim


def _counted(page: Page) -> Iterator[Claim]:
    """`nach 198 Runden`, `one lap down`."""
    for match in _COUNTED.finditer(page.text):
        number = 1 if match["n"].lower() == "a" else cardinal(fold_word(match["n"]))
        if number is None:
            continue
        before, after = page.words_before(match.start(), 5), page.words_after(match.end(), 5)
        if (before and before[-1] in _NOT_DONE) or _are_to_go(after):
            continue
        if _is_behind(before, after, number):
            yield _behind(page, match, number, after)
        elif match["u"].lower() not in {"runde", "lap"} or number > 1:
            hint = _hint(page, match.start(), before)
            yield page.claim(ClaimType.LAPS_COMPLETED, match.start(), match.end(), number, kinds=RACE_KINDS, hint=hint)


def _are_to_go(after: list[str]) -> bool:
    """`acht Runden vor Schluss`, `ten laps to go`."""
    if after[:1] == ["vor"]:
        return bool(_TO_GO & set(after[1:3]))
    return after[:2] == ["to", "go"] or after[:1] in (["remaining"], ["left"])


def _hint(page: Page, start: int, before: list[str]) -> str:
    """`result` where the laps are those of a result or of a retirement, not of a stint or a safety car."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    if keys & _NO_RESULT:
        return ""
    if before[-1:] in (["after"], ["nach"]) and keys & _RETIRED:
        return "out"  # `was out after nine laps`
    is_whole = before[-1:] in (["all"], ["alle"])
    return "result" if is_whole or (keys & _RESULT and before[-1:] != ["lang"]) else ""


def _is_behind(before: list[str], after: list[str], number: int) -> bool:
    following = set(after[:2])
    if set(before[-2:]) & {"dropped", "shed", "conceded"} or after[:2] == ["in", "hand"]:
        return True
    if {"legte", "legten"} & set(before) and "zuruck" in following:
        return False  # `legten 281 Runden zurück`
    if "verlor" in before or "verloren" in after[:4]:
        return True
    if {"mit", "with"} & set(before[-2:]) and {"ruckstand", "vorsprung"} & following:
        return True
    if before and before[-1] in {"nach", "after", "uber", "all", "over", "completed", "the"} and number > 1:
        return bool({"ruckstand", "behind", "down"} & following)
    return bool(_BEHIND & (following | set(before[-3:])))


def _behind(page: Page, match: re.Match[str], number: int, after: list[str]) -> Claim:
    rival = NOBODY
    for step, word in enumerate(after[:3]):
        if word in _TO:
            position = match.end()
            for _skip in range(step + 1):
                index = page.cut.token_at(position)
                index += page.cut.tokens[index].start < position
                position = page.cut.tokens[index].end
            group = page.group_at(position)
            rival = page.as_subject(group, 2) if group else NOBODY
            break
    lead = bool({"vorsprung", "ahead", "clear", "vor", "mehr"} & set(after[:2]))
    hint = "later" if after[:1] in (["spater"], ["later"]) else "lead" if lead else "behind"
    return page.claim(
        ClaimType.GAP_LAPS, match.start(), match.end(), number, kinds=RACE_KINDS, rival=rival, hint=hint,
        subject=page.subject(match.start(), match.end(), but=rival.cars),
    )  # fmt: skip


def _in_brackets(page: Page, match: re.Match[str]) -> Claim | None:
    """`Zarco (eine Runde)`: how far the name beside the bracket is behind."""
    token = page.cut.token_at(match.start())
    group = next((one for one in page.groups(page.sentence_at(match.start())) if one.last == token), None)
    number = cardinal(fold_word(match["n"]))
    if group is None or number is None:
        return None
    start, end = match.span("span")
    return page.claim(
        ClaimType.GAP_LAPS, start, end, number, kinds=RACE_KINDS, hint="behind", subject=page.as_subject(group, 2)
    )


def _in_lap(page: Page, match: re.Match[str]) -> Claim | None:
    """The lap in which somebody retired: `in der 22. Runde … schied aus`."""
    printed = match["o"] or match["n"]
    word = fold_word(printed.rstrip("."))
    number = cardinal(word) if printed[0].isdigit() or match["n"] else ordinal(word)
    sentence = page.sentence_at(match.start())
    keys = {token.key for token in page.cut.tokens[sentence.first : sentence.last]}
    if not number or not keys & _RETIRED:
        return None
    subject = page.subject(match.start(), match.end())
    return page.claim(
        ClaimType.LAPS_COMPLETED, match.start(), match.end(), number, kinds=RACE_KINDS, subject=subject, hint="retired"
    )
