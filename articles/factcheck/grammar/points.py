"""Distances in points and whose points are meant; what `tables` and `elided` share."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Subject
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.quantities import Quantity
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

GAP_NOUNS = words("gap_nouns")
_TO = words("tables_to")
_BEHIND = words("tables_behind")
_LEAD = words("tables_lead")
_ABOUT = frozenset(
    {"gut", "rund", "etwa", "knapp", "fast", "circa", "uber", "about", "around", "nearly", "almost", "roughly", "over"}
)
_AMOUNTS = frozenset({"betragt", "betrug"})
_REACH = 12  # words
_ARTICLES = frozenset({"die", "der", "den", "dem", "the"})


def is_measured(page: Page, sentence: Sentence, index: int) -> bool:
    """`der Vorsprung beträgt nun`, `Elsters Polster auf Condor ist`: a noun of distance, and but names and small words since."""
    if _is_measured_long(page, sentence, index):
        return True
    taken = {at for part in page.named[sentence.number].mentions for at in range(part.first, part.last)}
    for at in range(index - 1, max(index - _REACH, sentence.first) - 1, -1):
        key = page.cut.tokens[at].key
        if key in GAP_NOUNS:
            return True
        is_small = key in words("tables_linking") or key.isdecimal() or ordinal(key) is not None
        if at not in taken and not is_small and page.cut.tokens[at].text not in "/-":
            return False
    return False


def _is_measured_long(page: Page, sentence: Sentence, index: int) -> bool:
    """`beträgt sein Vorsprung nach vier von acht Läufen komfortable 44 Punkte`: the verb keeps its noun of distance."""
    first, _last = page.clause(sentence, index)
    keys = [token.key for token in page.cut.tokens[first:index]]
    at = next((at for at, key in enumerate(keys) if key in _AMOUNTS), len(keys))
    return any(key in GAP_NOUNS for key in keys[at + 1 : at + 4])


def gap(page: Page, start: int, end: int, value: Decimal, around: tuple[list[str], list[str]]) -> Claim:
    """What lies between two, by the words before and after."""
    if _is_bracketed(page, start):  # `trennen Derscheid (43,72 Punkte) und Zils ganze 0,07 Zähler`: what he has
        return page.claim(ClaimType.POINTS, start, end, value, subject=page.subject(start, end))
    claim = _gap(page, start, end, value, around)
    return replace(claim, op="~") if _ABOUT & set(around[0][-1:]) else claim


def _gap(page: Page, start: int, end: int, value: Decimal, around: tuple[list[str], list[str]]) -> Claim:
    before, after = around
    if before[-1:] in (["from"], ["von"]) and after[:1] in (["to"], ["auf"]):
        subject = page.subject(start, end)  # `schrumpfte von 21 auf 16 Punkte`: what it was before
        return page.claim(ClaimType.POINTS_GAP, start, end, value, hint="former", subject=subject)
    pair = page.pair_before(start) if before[-1:] in (["by"], ["um"]) else page.pair_apart(start)
    pair = pair or _owned(page, start)
    if pair:
        one = replace(pair[0], is_plain=min(pair[0].level, pair[1].level) > 1)  # both are named
        return page.claim(ClaimType.POINTS_GAP, start, end, value, subject=one, rival=pair[1])
    rival = _rival(page, end)
    top = _top(after)
    if top:
        return page.claim(ClaimType.POINTS_GAP, start, end, value, hint=f"top {top}", subject=NOBODY)
    is_to_leader = not rival.cars and _is_to_leader(after)
    if not rival.cars and {"fehlen", "fehlten", "fehlt", "fehlte"} & {*before[-4:], *after[:2]}:
        rival = page.missing_to(start)
    near = {
        *_until_stop(after[:3]),
        *_until_stop(page.words_after(end, 2)),
        *before[-3:],
        *page.text[start:end].lower().split(),
    }
    is_missing = bool({"fehlen", "fehlten", "fehlt", "fehlte"} & {*before[-3:], *after[:1]})
    hint = "behind" if near & _BEHIND or is_missing else "lead" if near & _LEAD else ""
    subject = _holder(page, start) or page.subject(start, end, but=rival.cars)
    if is_to_leader and not set(rival.cars):
        return page.claim(ClaimType.POINTS_GAP, start, end, value, hint="leader", subject=subject)
    if not rival.cars and set(page.words_before(start, 8)) & words("page_owned"):
        rival = page.rival_before(start, subject)
    if rival.cars and subject.cars and min(rival.level, subject.level) > 1:
        subject = replace(subject, is_plain=True)  # both are named
    return page.claim(ClaimType.POINTS_GAP, start, end, value, rival=rival, hint=hint, subject=subject)


def _is_bracketed(page: Page, start: int) -> bool:
    """Whether a bracket opens right before, behind a name."""
    token = page.cut.token_at(start)
    if page.cut.tokens[token - 1].text != "(":
        return False
    return any(group.last == token - 1 for group in page.groups(page.sentence_at(start)))


def _until_stop(after: list[str]) -> list[str]:
    """The words up to a stop: what stands behind `;` says another thing."""
    return after[: next((at for at, word in enumerate(after) if word in {";", ":", ".", "("}), len(after))]


def _owned(page: Page, start: int) -> tuple[Subject, Subject] | None:
    """`the lead of Bezzi over Bagni stands at …`, `der Vorsprung von Kern auf Vogel beträgt …`: both are named."""
    token = page.cut.token_at(start)
    tokens = page.cut.tokens
    first, _last = page.clause(page.sentence_at(start), token)
    groups = [one for one in page.groups(page.sentence_at(start)) if first < one.first and one.last <= token]
    for one, other in pairwise(groups):
        is_owner = tokens[one.first - 1].key in {"of", "von"} and tokens[one.first - 2].key in GAP_NOUNS
        if is_owner and one.people and tokens[other.first - 1].key in _TO and other.first - one.last == 1:
            return page.as_subject(one, 2), page.as_subject(other, 2)
    return None


def _top(after: list[str]) -> int:
    """`17 points cover the top five`, `neun Punkte trennen die ersten drei`: how many lie within the distance."""
    for (one, other), third in zip(pairwise(after), after[2:], strict=False):
        if one in {"the", "die", "der", "den"} and other in {"top", "ersten", "first", "besten", "leading"}:
            return cardinal(third) or 0
    return 0


def _is_to_leader(after: list[str]) -> bool:
    """`fehlen 65 Punkte auf die Spitze`, `liegt elf Zähler hinter dem Tabellenführer`."""
    return any(
        one in _TO and (other in words("points_leader") or (other in _ARTICLES and third in words("points_leader")))
        for (one, other), third in zip(pairwise(after), [*after[2:], ""], strict=False)
    )


def _holder(page: Page, start: int) -> Subject | None:
    """`beträgt Verstappens Polster nun …`: whose distance it is stands right before its noun."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, _last = page.clause(sentence, token)
    for group in page.groups(sentence):
        if first <= group.first < token and group.people and page.cut.tokens[group.last].key in GAP_NOUNS:
            end = page.cut.tokens[group.last - 1]
            return page.as_subject(group, 2) if end.text.endswith(("s", "'", "’")) else None
    return None


def measured_by(page: Page, end: int, subject: Subject) -> Subject:
    """`liegt mit 60 Punkten einen Zähler hinter Breenan`: whoever stands behind `vor` or `hinter` does not have these points."""
    at = page.cut.token_at(end - 1)
    sentence = page.sentence_at(end - 1)
    _first, last = page.clause(sentence, at)
    for group in page.groups(sentence):
        if at < group.first < last and group.cars and group.cars.isdisjoint(subject.cars):
            is_behind = page.cut.tokens[group.first - 1].key in {"vor", "hinter", "ahead", "behind"}
            return page.as_subject(group, 2) if is_behind or page.is_object(group) else NOBODY
    return NOBODY


def _rival(page: Page, end: int) -> Subject:
    index = page.cut.token_at(end - 1) + 1
    sentence = page.sentence_at(end - 1)
    index -= page.cut.tokens[index - 1].key in _TO  # `sechs vor Aprilia`: the span itself ends with it
    for at in range(index, min(index + 4, sentence.last)):
        if page.cut.tokens[at].text in ",;:":
            break
        is_up = page.cut.tokens[at].key == "on" and page.cut.tokens[at - 1].key in {"up", "down"}
        if page.cut.tokens[at].key in _TO or is_up:
            group = page.group_at(page.cut.tokens[at].end) or page.described(at + 1)
            return page.as_subject(group, 2) if group else NOBODY
    return NOBODY


def whose(page: Page, sentence: Sentence, quantity: Quantity, start: int, end: int) -> Subject:
    """The one spoken of; where the sentence names nobody else before the number, he is meant for certain."""
    subject = page.subject(start, end)
    if _is_pushed_back(page, sentence, quantity, subject):
        return replace(subject, level=min(subject.level, 1), is_doubted=True, is_plain=False)
    before = page.cut.tokens[quantity.first - 1].key if quantity.first > sentence.first else ""
    group = next((group for group in page.groups(sentence) if group.last == quantity.first - 1), None)
    if group and group.cars and set(group.cars) == set(subject.cars) and before in {"mit", "with", "on", "hat", "has"}:
        return replace(subject, is_plain=subject.level > 1)  # `Günther mit 84 Punkten`: nobody else is meant
    if subject.level == 1 and not subject.is_doubted and (subject.car or subject.people):
        named = {group.cars for group in page.groups(sentence) if group.cars and group.first < quantity.first}
        if named == {frozenset(subject.cars)}:
            return replace(subject, level=2)
    return subject


def _is_pushed_back(page: Page, sentence: Sentence, quantity: Quantity, subject: Subject) -> bool:
    """`verwies Dixen auf Platz zwei und führt mit 377 Zählern`: whoever was beaten is not the one who leads."""
    tokens = page.cut.tokens
    first, _last = page.clause(sentence, quantity.first)
    verb = next((at for at in range(first, quantity.first) if tokens[at].key in words("places_pushing")), None)
    link = next((at for at in range(quantity.first, first, -1) if tokens[at].key in {"und", "and"}), first)
    if verb is None or link < verb:
        return False
    pushed = next((group for group in page.groups(sentence) if verb < group.first < link), None)
    return pushed is not None and pushed.cars == frozenset(subject.cars)
