"""Points whose noun is left out: `mit 49`, `Frijns (163)`, `is 35 off the top`, `acht weniger`, `265 zu 189 lautet der Stand`."""

from __future__ import annotations

import re
from dataclasses import replace

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Subject
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.points import gap, is_measured, whose
from articles.factcheck.grammar.quantities import Quantity
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words

_PLACES = frozenset({"rang", "platz", "startplatz", "position", "stelle"})
_YEAR = re.compile(r"(?:19|20)\d\d")


def elided(page: Page, sentence: Sentence, quantity: Quantity, former: Claim | None) -> Claim | None:
    """The claim of a number whose noun is left out; None where it counts something else."""
    tokens = page.cut.tokens
    start, end = tokens[quantity.first].start, tokens[quantity.last - 1].end
    before, after = page.words_before(start, 7), page.words_after(end, 5)
    is_article = quantity.is_article and not set(after[:1]) & words("tables_gap_elided")  # `one more than Rovanperä`
    if _YEAR.fullmatch(page.text[start:end]):
        return None
    is_other = is_article or _counts_no_points(page, sentence, before, after)
    if is_other or not _is_free(tokens, quantity, sentence) or set(before[-1:]) & words("tables_no_points"):
        return None
    step = _step(before, after, former, said_before=is_measured(page, sentence, quantity.first))
    if step == "after":
        found = gap(page, start, tokens[quantity.last].end, quantity.value, (before, after[1:]))
        return _chained(page, sentence, quantity, found, former)
    if step == "by":
        return gap(page, start, end, quantity.value, (before, after))
    if step:
        claim = gap(page, start, end, quantity.value, (before, after))
        return replace(claim, subject=replace(claim.subject, level=min(claim.subject.level, 1)))
    subject = _holder(page, sentence, quantity, before, former) if quantity.is_figure else None
    return page.claim(ClaimType.POINTS, start, end, quantity.value, subject=subject) if subject else None


def _counts_no_points(page: Page, sentence: Sentence, before: list[str], after: list[str]) -> bool:
    """`von Rang sieben auf drei vor`; `den größten Sprung machte Antonini mit 53, gefolgt von Barnes mit 48`: what a weekend gave."""
    is_rank = before[-1:] == ["auf"] and after[:1] == ["vor"] and not _PLACES.isdisjoint(before)
    return is_rank or not words("tables_growth").isdisjoint(page.cut.keys[sentence.number])


def _chained(page: Page, sentence: Sentence, quantity: Quantity, claim: Claim, former: Claim | None) -> Claim:
    """`mit 25 Punkten vorn, sieben vor Dillmann`: a distance behind somebody's points is his."""
    if former is None or former.type is not ClaimType.POINTS or not former.subject.cars:
        return claim
    token = page.cut.token_at(former.end)
    if any(token <= group.first < quantity.first for group in page.groups(sentence)):
        return claim
    level = min(claim.subject.level, former.subject.level)
    subject = replace(former.subject, level=level, is_plain=claim.subject.is_plain and former.subject.level > 1)
    return replace(claim, subject=subject)


def _holder(
    page: Page, sentence: Sentence, quantity: Quantity, before: list[str], former: Claim | None
) -> Subject | None:
    """Who has the points: the name beside the number, the one spoken of, nobody for certain; None where it counts none."""
    tokens = page.cut.tokens
    score = _score(tokens, quantity, sentence)
    if score is not None:
        pair = page.pair_before(tokens[quantity.first - 2 * score].start)
        return pair[score] if pair else NOBODY
    is_second = former is not None and former.type is ClaimType.POINTS  # `… mit 61 vor Elster mit 48`
    beside = _beside(page, sentence, quantity, is_second=is_second and bool(set(before[-1:]) & {"mit", "with", "on"}))
    if beside:
        return beside
    behind = _behind(page, sentence, quantity, before, is_second=is_second)
    if behind:
        return behind
    in_brackets = before[-1:] == ["("]
    if in_brackets and not (before[-2:-1] and ordinal(before[-2])):
        return None  # `Quarlo (84)`, but `Hanna ist Fünfte (66)`
    if in_brackets or set(before[-1:]) & words("tables_holding"):
        return whose(page, sentence, quantity, tokens[quantity.first].start, tokens[quantity.last - 1].end)
    return None


def _behind(
    page: Page, sentence: Sentence, quantity: Quantity, before: list[str], *, is_second: bool
) -> Subject | None:
    """`97 points to the 86 of the crew`, `60 Punkte für die WRT-Jungs, 45 für Engel`: whose they are stands behind."""
    if quantity.last >= sentence.last:
        return None
    then = page.cut.tokens[quantity.last]
    if before[-2:] == ["to", "the"] and then.key == "of":
        group = page.group_at(then.end) or page.described(quantity.last + 1)
        return page.as_subject(group, 2) if group else None
    group = page.group_at(then.end) if is_second and then.key in {"fur", "for"} else None
    return replace(page.as_subject(group, 2), is_plain=True) if group else None


def _is_free(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> bool:
    """Whether no noun of another kind follows: `mit 49 auf Rang drei`, but not `on 24 tyres`, `mit 16 Jahren`."""
    if quantity.last >= sentence.last:
        return True
    after = tokens[quantity.last]
    if ordinal(after.key) is not None:
        return True  # `ist mit 149 Dritter`
    if after.text == "," and quantity.first > sentence.first and tokens[quantity.first - 1].text == "(":
        return False  # `Pourchaire (15, Frankreich)` is his age
    return not after.text[0].isalnum() or after.key in words("tables_after") | words("tables_gap_elided")


def _step(before: list[str], after: list[str], former: Claim | None, *, said_before: bool) -> str:
    """`after`: the next word says it (`18 mehr`, `35 off`); `said`: the noun before does (`the gap has grown … to 73`)."""
    is_held = set(before[-1:]) & {"mit", "with", "on", "at", "bei"} and set(after[:1]) & {
        "vor",
        "hinter",
        "ahead",
        "und",
    }
    if after[:1] and after[0] in words("tables_gap_elided") and not is_held:
        return "after"
    is_by = before[-1:] == ["by"] and bool(set(before) & words("transitive") | set(before) & {"lead", "trail"})
    if is_by:
        return "by"
    if said_before:
        return "said"
    is_same = former is not None and former.type is ClaimType.POINTS_GAP
    return "said" if is_same and (after[:1] in (["waren"], ["were"]) or before[-1:] == ["to"]) else ""


def _score(tokens: list[Token], quantity: Quantity, sentence: Sentence) -> int | None:
    """`46 to 45.5`, `265 zu 189 lautet der Stand`: two numbers side by side; which of them this one is."""
    for place, (at, other) in enumerate(((quantity.last, quantity.last + 1), (quantity.first - 1, quantity.first - 2))):
        is_inside = sentence.first <= min(at, other) and max(at, other) < sentence.last
        if is_inside and tokens[at].key in {"zu", "to"} and tokens[other].text.isdecimal():
            return place
    return None


def _beside(page: Page, sentence: Sentence, quantity: Quantity, *, is_second: bool) -> Subject | None:
    """`Frijns (163)`, `Sutton 236, Ingram 231`: the name right before the number."""
    token = page.cut.tokens[quantity.first - 1] if quantity.first > sentence.first else None
    is_apart = is_second or (token is not None and token.text == "(")
    wanted = (quantity.first - 1,) if is_apart else (quantity.first,)
    group = next((group for group in page.groups(sentence) if group.last in wanted), None)
    return replace(page.as_subject(group, 2), is_plain=True) if group else None
