"""Places in prose: in a session, in a class, on the grid and in a table; and the words that say somebody won."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from articles.factcheck.claim import Claim, ClaimType, Subject
from articles.factcheck.grammar.lexicon import some
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.ordinals import Ordinal, find_ordinals
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.placing import given_to, place, whole
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.wins import find_wins
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS, Session

_N = r"(?P<n>\d{1,3}|" + NUMBER_WORD + r")"
_NOUN = r"(?:Gesamt|Klassen|Start|Podest|End)?(?:platz|rang|position)|Platz|Rang|Position|Stelle"
_NAMED = re.compile(r"\b(?P<noun>" + _NOUN + r"|P(?=\s?\d))[\s\u00a0]?" + _N + r"(?![\w-]|[.,:]\d)", re.IGNORECASE)
_LISTED = re.compile(
    r"\b(?P<noun>(?:Start|Gesamt|Klassen)?(?:plätzen?|rängen?|positionen))\s(?P<list>(?:\w{1,20},?\s(?:und\s)?){1,6}\w{1,20})",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?P<o>\d{1,3}\.|[A-Za-zäöüß]{4,22}+)\s(?:(?P<m>\w{3,14}+)\s)?(?P<noun>(?:Gesamt|Klassen|Start|Podest|Podiums|End)?(?:platz|rang|position)|Stelle|"
    r"Startreihe|Reihe|place|position|spot|row)(?![\w-])",
    re.IGNORECASE,
)
_POLE = re.compile(
    r"\b(?P<w>(?:Klassen|Gesamt)?[Pp]ole(?:[ -][Pp]osition)?|Startplatz eins)(?![\w])(?!-?[Ss]etter|-?[Ss]itt|-?[Zz]eit| time| lap|n\b)"
)
_TOP = re.compile(r"\bTop[ -]" + _N + r"(?!\w)", re.IGNORECASE)
_PLACED = re.compile(r"\b(?P<o>[A-Za-zäöüß]{4,16}|\w{3,10}(?:st|nd|rd|th))-?(?P<p>platzier\w{1,4}|placed)\b")
_ARTICLES = frozenset({"ein", "eine", "einen", "einem", "einer", "eines"})  # `büßte einen Rang ein`
_OF_QUALIFYING = frozenset({"qualifying", "training", "trainings", "qualifikations"})
_REFERENCE = words("places_reference")
_AGAINST = frozenset({"gegen", "against", "versus", "vs"})
_BECAME = frozenset({"wurde", "wurden", "wird", "werden", "became", "mach", "macht"})
_MISSED = frozenset({"verpasste", "verpassten", "verpasst", "missed"})


def find(page: Page) -> Iterator[Claim]:
    """All places a text gives to somebody."""
    taken: set[int] = set()
    for claim in (
        *_named(page),
        *_listed(page),
        *_ordered(page),
        *_poles(page),
        *_placed(page),
        *_tops(page),
        *_podiums(page),
    ):
        if claim.start not in taken:
            taken.update(range(claim.start, claim.end))
            yield claim
    for claim in _nominal(page):
        if claim.start not in taken:
            taken.update(range(claim.start, claim.end))
            yield claim
    for claim in find_wins(page):
        if claim.start not in taken:
            yield claim


# ------------------------------------------------------------------ phrases


def _named(page: Page) -> Iterator[Claim]:
    for match in page.matches(_NAMED, "platz", "rang", "position", "stelle", "p"):
        number = cardinal(fold_word(match["n"])) if fold_word(match["n"]) not in _ARTICLES else None
        if number and not (_is_reference(page, match.start()) or _counts_places(page, match) or _is_model(page, match)):
            yield place(page, match.start(), match.end(), number, match["noun"].lower())


def _counts_places(page: Page, match: re.Match[str]) -> bool:
    """`vom achten Startplatz drei Positionen`: the place was said before, and the figure counts."""
    before = page.words_before(match.start(), 1)
    return bool(before) and ordinal(before[0]) is not None


def _is_model(page: Page, match: re.Match[str]) -> bool:
    """`der Borealis P4`: a word of a car's name."""
    word, before = match[0].lower(), page.words_before(match.start(), 1)
    if not before or not word[1:].isdecimal():
        return False
    return any((before[0], word) in pairwise(car.model.lower().split()) for car in page.sheet.cars.values())


def _listed(page: Page) -> Iterator[Claim]:
    for match in page.matches(_LISTED, "platz", "rang", "position"):
        found = []
        for word in re.finditer(r"\w+", match["list"]):
            number = cardinal(fold_word(word[0])) if fold_word(word[0]) not in _ARTICLES else None  # `liefen … ein`
            begin = match.start("list")
            if number:
                start, end = begin + word.start(), begin + word.end()
                found.append(place(page, start, end, number, match["noun"].lower()))
            elif word[0] != "und":
                break
        yield from _one_by_one(page, found)


def _one_by_one(page: Page, claims: list[Claim]) -> Iterator[Claim]:
    """Several places in one list: of one car in the races' order, of several people in theirs."""
    named = _as_many_people(page, claims)
    sessions = _as_many_sessions(page, claims)
    for number, claim in enumerate(claims):
        if len(claims) == 1:
            yield claim
        elif named:
            yield replace(claim, subject=named[number])
        elif claim.subject.car and sessions:
            level = max(claim.scene.level, 2)
            yield replace(claim, scene=replace(claim.scene, sessions=(sessions[number],), level=level))
        else:
            yield replace(claim, hint="duel") if claim.subject.car else claim


def _as_many_people(page: Page, claims: list[Claim]) -> list[Subject]:
    """`Gerloff und Redding als Neunter und 15.`: as many people in a list before as places."""
    if len(claims) < 2:  # noqa: PLR2004 - a list has two
        return []
    first = page.cut.token_at(claims[0].start)
    groups = [group for group in page.groups(page.sentence_at(claims[0].start)) if group.last <= first]
    group = groups[-1] if groups else None
    parts = (group.people or group.numbers) if group is not None and group.is_plural else []
    if len(parts) != len(claims):
        return []
    # whether the lists run alike is never sure
    return [Subject(some(part.cars), 1, people=part.people, is_recalled=True) for part in parts]


def _as_many_sessions(page: Page, claims: list[Claim]) -> list[Session]:
    """The sessions in mind in their order, where they are as many as the places; else the event's races."""
    mine = claims[0].scene.sessions if claims else ()
    kinds = {session.kind for session in mine}
    run = [session for session in page.sheet.run if session not in page.sheet.checkpoints.values()]
    races = tuple(session for session in run if session.is_race and kinds <= RACE_KINDS)
    for sessions in (mine, tuple(session for session in run if session.kind in kinds), races):
        if len(sessions) == len(claims):
            return sorted(sessions, key=lambda session: (session.day or dt.date.min, session.clock))
    return []


def _ordered(page: Page) -> Iterator[Claim]:
    for match in page.matches(_ORDERED, "platz", "rang", "position", "stelle", "reihe", "place", "spot", "row"):
        printed = match["o"]
        word = fold_word(printed.rstrip("."))
        number = cardinal(word) if printed[0].isdecimal() else ordinal(word)
        start = match.start()
        nearer = ordinal(fold_word(match["m"])) if match["m"] else None
        is_counted = match["noun"].lower().startswith(("podi", "podest"))  # `Condors fünfter Podestplatz`
        if match["m"] and (nearer if number else not is_counted):
            number, start = nearer, match.start("m")  # `mit einem neunten Rang`, `ihr zweiter dritter Platz`
        noun = match["noun"].lower()
        is_first = is_counted and number == 1  # `der erste Podestplatz seit drei Jahren`
        is_noun = match["o"][0].isupper() and bool(cardinal("".join(page.words_after(match.end(), 1))))
        if not number or is_first or is_noun or _is_reference(page, start):
            continue  # `rettete als Fünfter Rang drei`: the place is an ordinal, the rank another one
        if noun.endswith("reihe") or noun == "row":
            yield _row(page, start, match.end(), number)
        else:
            yield place(page, start, match.end(), number, noun)


def _row(page: Page, start: int, end: int, number: int) -> Claim:
    return page.claim(ClaimType.GRID_POSITION, start, end, number, hint="row", scene=whole(page, start))


def _placed(page: Page) -> Iterator[Claim]:
    for match in page.matches(_PLACED, "platzier", "placed"):
        word = fold_word(match["o"])
        number = ordinal(word) or ordinal(word + "e")
        before = page.words_before(match.start(), 2)
        is_attribute = bool(page.group_at(match.end()))
        if _is_of_another(page, match.start()) and not is_attribute:
            continue
        if not number or (not is_attribute and set(before[-1:]) & _REFERENCE and "als" not in before):
            continue
        claim = place(page, match.start(), match.end(), number, "")
        group = page.group_at(match.end()) if match["p"][0] == "p" and is_attribute else None
        is_whole = group is not None and not group.is_torn and not group.has_conflict
        yield replace(claim, subject=replace(page.as_subject(group, 2), is_plain=True)) if group and is_whole else claim


def _tops(page: Page) -> Iterator[Claim]:
    """`komplettierte die Top Fünf`: the last of them."""
    for match in page.matches(_TOP, "top"):
        number = cardinal(fold_word(match["n"]))
        sentence = page.sentence_at(match.start())
        first, last = page.clause(sentence, page.cut.token_at(match.start()))
        if number and {"komplettierte", "komplettierten", "rundete", "completed", "beschloss"} & {
            token.key for token in page.cut.tokens[first:last]
        }:
            yield place(page, match.start(), match.end(), number, "")


def _podiums(page: Page) -> Iterator[Claim]:
    """`komplettierte das Podium`, `completed the podium`: the third of it, unless a place is said as well."""
    tokens = page.cut.tokens
    completing = words("places_completing")
    for sentence, keys in zip(page.cut.sentences, page.cut.keys, strict=True):
        for at in () if keys.isdisjoint(completing) else range(sentence.first, sentence.last):
            if tokens[at].key not in completing:
                continue
            clause = [token.key for token in tokens[slice(*page.clause(sentence, at))]]
            is_said = any(ordinal(key) or key.isdecimal() or key == "top" for key in clause)
            if not is_said and any(key.endswith(("podium", "podest", "rostrum")) for key in clause):
                yield place(page, tokens[at].start, tokens[at].end, 3, "")


def _poles(page: Page) -> Iterator[Claim]:
    for match in page.matches(_POLE, "pole", "startplatz"):
        before = page.words_before(match.start(), 3)
        if ({"verlor", "lost", "jagd"} | _MISSED) & set(before) or (before and ordinal(before[-1])):
            continue
        scene = whole(page, match.start())
        hint = "class" if match["w"].startswith("Klassen") else ""
        subject = given_to(page, match.start(), match.end()) or page.subject(match.start(), match.end())
        yield page.claim(
            ClaimType.GRID_POSITION, match.start(), match.end(), 1, scene=scene, hint=hint or "pole", subject=subject
        )


def _is_of_another(page: Page, start: int) -> bool:
    """`29 mehr als der Zweitplatzierte`, `flotter als der Bayer auf Startplatz zwei`: the place of whom somebody is measured by."""
    before = page.words_before(start, 5)
    if before[-1:] and before[-1] in _AGAINST:
        return True  # `Startplatz drei gegen Startplatz acht`: the place of the other one
    at = max((at for at, word in enumerate(before) if word in {"als", "than"}), default=-1)
    return at >= 0 and before[at + 1 : at + 2] in (["der"], ["die"], ["das"], ["the"])


def _is_end_of_gap(page: Page, start: int) -> bool:
    """`the gap between second and third`: nobody is given the place."""
    before = page.words_before(start, 5)
    return before[-1:] in (["and"], ["und"], ["between"], ["zwischen"]) and bool({"between", "zwischen"} & set(before))


def _is_reference(page: Page, start: int) -> bool:
    """`auf Platz drei fehlten …`, `Kampf um Platz zwei`: a place somebody looks at, not one that is taken."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = page.keys_of((first, last))
    before = page.words_before(start, 3)
    if _MISSED & set(before) or _is_end_of_gap(page, start) or _is_of_another(page, start):
        return True  # `verpasste den ersten Startplatz`
    if before[-1:] == ["aus"] and _BECAME & keys:
        return True  # `aus Startplatz eins wurde vier`: what it was
    if before[-1:] == ["auf"] and keys & {"fehlten", "fehlte", "fehlen", "fehlt"}:
        return True
    if keys & words("places_arriving"):
        return False  # `reihte sich mit 0,163 Sekunden Rückstand auf Platz zwei ein`
    return bool({"ruckstand", "vorsprung", "verlor"} & set(before)) and before[-1:] == ["auf"]


# ------------------------------------------------------------------ ordinals that stand alone


def _nominal(page: Page) -> Iterator[Claim]:
    listed: list[Claim] = []
    last = 0
    for found in find_ordinals(page):
        near = set(page.words_before(page.cut.tokens[found.first].start, 3))
        start = page.cut.tokens[found.first].start
        is_another = _is_end_of_gap(page, start) or _is_of_another(page, start)
        if is_another or (near & _MISSED and "als" not in near):
            continue  # `missed out on second`, but `verpasste als Vierter das Podest`
        claim = _of_ordinal(page, found)
        between = page.cut.tokens[last : found.first]
        is_joined = len(between) == 1 and between[0].key in {"und", "and", ","}
        if listed and not (is_joined and claim.type is listed[0].type):  # not `Klassenzweite und Gesamtsechste`
            yield from _one_by_one(page, listed)
            listed = []
        listed.append(claim)
        last = found.last
    yield from _one_by_one(page, listed)


def _of_ordinal(page: Page, found: Ordinal) -> Claim:
    tokens = page.cut.tokens
    start, end = tokens[found.first].start, tokens[found.last - 1].end
    claim = place(page, start, end, found.number, found.said_with)
    if found.said_with in _OF_QUALIFYING:
        in_qualifying = page.scene(start, frozenset({"qualifying"}))
        claim = replace(claim, type=ClaimType.POSITION, scene=in_qualifying, hint="")
    return replace(claim, subject=page.as_subject(found.beside, 2)) if found.beside else claim
