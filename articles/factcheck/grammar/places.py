"""Places in prose: in a session, in a class, on the grid and in a table; and the words that say somebody won."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from articles.factcheck.claim import Claim, ClaimType, Scene, Subject
from articles.factcheck.grammar.lexicon import some
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.ordinals import Ordinal, find_ordinals
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence, fold_word
from articles.factcheck.grammar.wins import find_wins
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import Session

_N = r"(?P<n>\d{1,3}|" + NUMBER_WORD + r")"
_NOUN = r"(?:Gesamt|Klassen|Start|Podest|End)?(?:platz|rang|position)|Platz|Rang|Position|Stelle"
_NAMED = re.compile(r"\b(?P<noun>" + _NOUN + r"|P(?=\s?\d))[\s\u00a0]?" + _N + r"(?![\w-]|[.,:]\d)", re.IGNORECASE)
_LISTED = re.compile(
    r"\b(?P<noun>(?:Start|Gesamt|Klassen)?(?:plätzen?|rängen?|positionen))\s(?P<list>(?:\w{1,20},?\s(?:und\s)?){1,6}\w{1,20})",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?P<o>\d{1,3}\.|[A-Za-zäöüß]{4,22})\s(?:(?P<m>\w{3,14})\s)?(?P<noun>(?:Gesamt|Klassen|Start|Podest|Podiums|End)?(?:platz|rang|position)|Stelle|"
    r"Startreihe|Reihe|place|position|spot|row)(?![\w-])",
    re.IGNORECASE,
)
_POLE = re.compile(
    r"\b(?P<w>(?:Klassen|Gesamt)?[Pp]ole(?:[ -][Pp]osition)?|Startplatz eins)(?![\w])(?!-?[Ss]etter|-?[Ss]itt|-?[Zz]eit| time| lap|n\b)"
)
_TOP = re.compile(r"\bTop[ -]" + _N + r"(?!\w)", re.IGNORECASE)
_PLACED = re.compile(r"\b(?P<o>[A-Za-zäöüß]{4,16}|\w{3,10}(?:st|nd|rd|th))-?(?P<p>platzier\w{1,4}|placed)\b")
_GRID_FROM = words("places_grid_from")
_STARTS = words("places_starts")
_GIVING = frozenset({("went", "to"), ("goes", "to"), ("fell", "to"), ("ging", "an"), ("geht", "an"), ("gingen", "an")})
_ARTICLES = frozenset({"ein", "eine", "einen", "einem", "einer", "eines"})  # `büßte einen Rang ein`
_OF_ALL = frozenset({"gesamtklassement", "gesamtwertung", "gesamtergebnis", "gesamtfeld"})
_OF_QUALIFYING = frozenset({"qualifying", "training", "trainings", "qualifikations"})
_OF_TABLES = frozenset({"tabellen", "meisterschafts", "wm", "em"})
_ROUND = frozenset({"lap", "laps", "runde", "runden", "kurve", "stunde", "hour", "minute", "corner", "umlauf", "turn"})
_ON_THE_WAY = (
    ["in", "die", "letzte"],
    ["into", "the", "last"],
    ["into", "the", "final"],
    ["on", "the", "road"],
    ["auf", "der", "strecke"],
)
_NOT_HERE = words("places_not_here")
_REFERENCE = words("places_reference")


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
        if number and not _is_reference(page, match.start()) and not _counts_places(page, match):
            yield _place(page, match.start(), match.end(), number, match["noun"].lower())


def _counts_places(page: Page, match: re.Match[str]) -> bool:
    """`vom achten Startplatz drei Positionen`: the place was said before, and the figure counts."""
    before = page.words_before(match.start(), 1)
    return bool(before) and ordinal(before[0]) is not None


def _listed(page: Page) -> Iterator[Claim]:
    for match in page.matches(_LISTED, "platz", "rang", "position"):
        found = []
        for word in re.finditer(r"\w+", match["list"]):
            number = cardinal(fold_word(word[0]))
            begin = match.start("list")
            if number:
                start, end = begin + word.start(), begin + word.end()
                found.append(_place(page, start, end, number, match["noun"].lower()))
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
    for sessions in (mine, tuple(session for session in page.sheet.run if session.kind in kinds)):
        if len(sessions) == len(claims):
            return sorted(sessions, key=lambda session: (session.day or dt.date.min, session.clock))
    return []


def _ordered(page: Page) -> Iterator[Claim]:
    for match in page.matches(_ORDERED, "platz", "rang", "position", "stelle", "reihe", "place", "spot", "row"):
        printed = match["o"]
        word = fold_word(printed.rstrip("."))
        number = cardinal(word) if printed[0].isdigit() else ordinal(word)
        start = match.start()
        if (
            not number
            and match["m"]
            and not match["noun"].lower().startswith("podi")
            and not match["noun"].lower().startswith("podest")
        ):
            number, start = ordinal(fold_word(match["m"])), match.start("m")  # `mit einem neunten Rang`
        noun = match["noun"].lower()
        if not number or _is_reference(page, start):
            continue
        if noun.endswith("reihe") or noun == "row":
            yield _row(page, start, match.end(), number)
        else:
            yield _place(page, start, match.end(), number, noun)


def _row(page: Page, start: int, end: int, number: int) -> Claim:
    return page.claim(ClaimType.GRID_POSITION, start, end, number, hint="row", scene=_whole(page, start))


def _placed(page: Page) -> Iterator[Claim]:
    for match in page.matches(_PLACED, "platzier", "placed"):
        word = fold_word(match["o"])
        number = ordinal(word) or ordinal(word + "e")
        before = page.words_before(match.start(), 2)
        is_attribute = bool(page.group_at(match.end()))
        if not number or (not is_attribute and set(before[-1:]) & _REFERENCE and "als" not in before):
            continue
        claim = _place(page, match.start(), match.end(), number, "")
        group = page.group_at(match.end()) if match["p"][0] == "p" and is_attribute else None
        yield replace(claim, subject=page.as_subject(group, 2)) if group else claim


def _tops(page: Page) -> Iterator[Claim]:
    """`komplettierte die Top Fünf`: the last of them."""
    for match in page.matches(_TOP, "top"):
        number = cardinal(fold_word(match["n"]))
        sentence = page.sentence_at(match.start())
        first, last = page.clause(sentence, page.cut.token_at(match.start()))
        if number and {"komplettierte", "komplettierten", "rundete", "completed", "beschloss"} & {
            token.key for token in page.cut.tokens[first:last]
        }:
            yield _place(page, match.start(), match.end(), number, "")


def _podiums(page: Page) -> Iterator[Claim]:
    """`komplettierte das Podium`, `completed the podium`: the third of it, unless a place is said as well."""
    tokens = page.cut.tokens
    for sentence in page.cut.sentences:
        for at in range(sentence.first, sentence.last):
            if tokens[at].key not in words("places_completing"):
                continue
            clause = [token.key for token in tokens[slice(*page.clause(sentence, at))]]
            is_said = any(ordinal(key) or key.isdigit() or key == "top" for key in clause)
            if not is_said and any(key.endswith(("podium", "podest", "rostrum")) for key in clause):
                yield _place(page, tokens[at].start, tokens[at].end, 3, "")


def _poles(page: Page) -> Iterator[Claim]:
    for match in page.matches(_POLE, "pole", "startplatz"):
        before = page.words_before(match.start(), 3)
        if {"verlor", "lost", "verpasste", "missed", "jagd"} & set(before) or (before and ordinal(before[-1])):
            continue
        scene = _whole(page, match.start())
        hint = "class" if match["w"].startswith("Klassen") else ""
        subject = page.subject(match.start(), match.end())
        yield page.claim(
            ClaimType.GRID_POSITION, match.start(), match.end(), 1, scene=scene, hint=hint or "pole", subject=subject
        )


def _whole(page: Page, start: int) -> Scene:
    """The scene of a grid claim: its sessions are found by the check, class and mood by the words."""
    return page.scene(start, frozenset({"qualifying", "grid"}))


def _is_reference(page: Page, start: int) -> bool:
    """`auf Platz drei fehlten …`, `Kampf um Platz zwei`: a place somebody looks at, not one that is taken."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    before = page.words_before(start, 3)
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
        claim = _of_ordinal(page, found)
        between = page.cut.tokens[last : found.first]
        if listed and not (len(between) == 1 and between[0].key in {"und", "and", ","}):
            yield from _one_by_one(page, listed)
            listed = []
        listed.append(claim)
        last = found.last
    yield from _one_by_one(page, listed)


def _of_ordinal(page: Page, found: Ordinal) -> Claim:
    tokens = page.cut.tokens
    start, end = tokens[found.first].start, tokens[found.last - 1].end
    claim = _place(page, start, end, found.number, found.said_with)
    if found.said_with in _OF_QUALIFYING:
        claim = replace(claim, scene=page.scene(start, frozenset({"qualifying"})), hint="")
    return replace(claim, subject=page.as_subject(found.beside, 2)) if found.beside else claim


# ------------------------------------------------------------------ one place


def _place(page: Page, start: int, end: int, number: int, noun: str) -> Claim:
    """A claim of a place, filed by what the words around it speak of: grid, table, class or the session."""
    before, after = page.words_before(start, 4), page.words_after(end, 5)
    if _is_grid(noun, before, after[: after.index(",")] if "," in after else after):
        is_begun = bool(words("places_begun") & {*before, *after[:2]})
        hint = "later" if page.is_of_a_later_race(start) else "begun" if is_begun else ""
        return page.claim(ClaimType.GRID_POSITION, start, end, number, scene=_whole(page, start), hint=hint)
    is_english = page.text[end - 2 : end] in {"st", "nd", "rd", "th"} and before[-1:] == ["from"]
    if (noun and _GRID_FROM & set(before[-1:])) or is_english:
        return page.claim(ClaimType.GRID_POSITION, start, end, number, scene=_whole(page, start), hint="from")
    scene = page.scene(start)
    kind, hint = _kind(page, start, noun, scene)
    if _is_pushed(page, start):
        hint = "duel"
    if hint not in {"overall", "class", "table"} and _is_passing(page, start, before):
        hint = "duel"
    given = _given_to(page, start, end)
    if given is not None:
        return page.claim(kind, start, end, number, scene=scene, hint=hint, subject=given)
    return page.claim(kind, start, end, number, scene=scene, hint=hint)


def _given_to(page: Page, start: int, end: int) -> Subject | None:
    """`Third place went to the Acura of …`, `Platz drei ging an …`: whoever stands behind."""
    after = page.words_after(end, 6)
    if not any(pair in _GIVING for pair in pairwise(after)):
        return None
    sentence = page.sentence_at(start)
    token = page.cut.token_at(end)
    behind = next(
        (group for group in page.groups(sentence) if group.first > token and not page.is_possessor(group)), None
    )
    return (
        replace(page.as_subject(behind, 2), is_doubted=behind.is_torn, level=1 if behind.is_torn else 2)
        if behind
        else None
    )


def _kind(page: Page, start: int, noun: str, scene: Scene) -> tuple[ClaimType, str]:
    after = page.words_after(start, 7)
    is_overall = any(word in _OF_ALL for word in page.words_before(start, 3)) and not noun
    if noun.startswith("gesamt") or is_overall or _says_overall(after[1:]):
        return ClaimType.POSITION, "overall"
    if ("in", "class") in pairwise(after) or noun.startswith("klassen"):
        return ClaimType.CLASS_POSITION, "class"
    is_table = "in" in after[:3] and {"points", *words("standings")} & set(after[1:5])
    if is_table or noun in _OF_TABLES or (page.sheet.tables and _has_points(after)):
        return ClaimType.POSITION, "table"
    is_left = noun and page.words_before(start, 1) == ["nach"]  # `in der EM ist Llarena nach Platz vier …`
    if scene.in_table and not is_left and not _is_session_place(page, start, page.sentence_at(start)):
        return ClaimType.POSITION, "table"
    return ClaimType.CLASS_POSITION if scene.class_name else ClaimType.POSITION, ""


def _says_overall(after: list[str]) -> bool:
    """`Neunter auch im Gesamtklassement`, `third overall`; but not `Zweite und führen die Gesamtwertung an`."""
    for word, behind in zip(after[:6], [*after[1:7], ""], strict=False):
        if word in words("places_overall"):
            return not (ordinal(behind) or behind.isdigit())
        if word not in words("places_small"):
            return False
    return False


def _has_points(after: list[str]) -> bool:
    """`third with 380`: a number alone behind a place counts points."""
    for word, number, unit in zip(after[:3], after[1:4], [*after[2:5], "", ""], strict=False):
        if word in {"with", "mit", "on"} and number.isdigit():
            return not unit[:1].isalpha() or unit.startswith(("punkt", "zahler", "point"))
    return False


def _is_pushed(page: Page, start: int) -> bool:
    """`verwies G-Drive auf Platz zwei`: the place is that of somebody between the verb and it, who must be known."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, last = page.clause(sentence, token)
    verbs = [at for at in range(first, last) if page.cut.tokens[at].key in words("places_pushing")]
    if not verbs:
        return False
    return not any(verbs[0] < group.first and group.last <= token for group in page.groups(sentence) if group.cars)


def _is_passing(page: Page, start: int, before: list[str]) -> bool:
    """A place that was fought for, held for a while or lost again."""
    return _is_passing_by_neighbours(page, start, before) or _is_passing_by_clause(page, start, before)


def _is_passing_by_neighbours(page: Page, start: int, before: list[str]) -> bool:
    """By the words right beside the place: `um Platz drei`, `noch Fünfter`, `Zweiter der Hersteller`."""
    is_said = page.names_session(start)  # `had been fifth in SuperPole`
    after = page.words_after(start, 6)
    is_noun = page.text[start : start + 5].lower().startswith(("rang", "platz", "p"))
    return bool(
        _NOT_HERE & set(before[-2:])
        or {"zunachst", "zeitweise"} & set(before[-2:])
        or (before[-1:] in (["noch"], ["been"], ["lange"]) and not is_noun and not is_said)
        or after[1:4] in _ON_THE_WAY
        or (after[1:2] in (["der"], ["of"]) and words("places_among") & set(after[2:5]))
        or (
            before[-1:] != ["mit"]
            and {"fiel", "fielen", "fell", "dropped", "slipped"} & set(page.words_before(start, 8))
        )
    )


def _is_passing_by_clause(page: Page, start: int, before: list[str]) -> bool:
    """By what the clause tells: overtaking, wishing, crossing the line before a penalty."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    whole = {token.key for token in page.cut.tokens[sentence.first : sentence.last]}
    if keys & {"crossed", "abgewinkt"} and whole & words("places_penalty"):
        return True  # before the stewards had their say
    if "war" in keys and page.cut.tokens[first].key == "ziel":
        return True  # `Ziel war Platz fünf`
    pairs = set(pairwise(token.key for token in page.cut.tokens[first:last]))
    is_first = ("the", "leading") in pairs  # `the leading Lynk & Co runner in sixth`
    return bool(keys & words("places_course") - ({"leading"} if is_first else set())) or _is_on_the_way(
        page, start, before
    )


def _is_on_the_way(page: Page, start: int, before: list[str]) -> bool:
    """`up to sixth by the end of lap one`, `in Runde fünf Dritter`, `from fourth to third`: no final place."""
    if _GRID_FROM & set(before[-1:]) or before[-2:-1] == ["from"]:
        return True
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = [token.key for token in page.cut.tokens[first:last]]
    for one, other in pairwise(keys):
        if one in _ROUND and (cardinal(other) or other in {"of", "to"}):
            return True
        if other in _ROUND and (one == "." or (ordinal(one) and not cardinal(one))):
            return True
    return bool({"anfang", "beginn", "stunden", "hours"} & set(keys))


def _is_session_place(page: Page, start: int, sentence: Sentence) -> bool:
    """A table is only meant in the clause that speaks of it, or where neither a session nor a result is spoken of."""
    setting = page.settings[sentence.number]
    token = page.cut.token_at(start)
    clause = page.clause(sentence, token)
    table, table_level = setting.latest("table", token, clause)
    if table is not None and table_level > 1 and clause[0] <= table.at < clause[1]:
        return False
    results = words("places_results") & {one.key for one in page.cut.tokens[slice(*clause)]}
    return bool(results) or any(cue.what in ("kind", "verb") for cue in setting.cues)


def _is_grid(noun: str, before: list[str], after: list[str]) -> bool:
    """Whether the words beside a place, those behind it up to the next comma, say that it is one on the grid."""
    if _says_start(noun, after):
        return True
    if {"championship", "standings"} & set(after[:4]):
        return False
    if _GRID_FROM & set(before[-2:]) and _STARTS & {*before, *after}:
        return True
    is_gone = words("places_gone_off") & set(after[:2]) or {"lined", "rolled"} & set(before[-2:])
    if before[-1:] in (["als"], ["up"], ["off"]) and is_gone:
        return True
    into = after[1] if before[-1:] == ["als"] and after[:1] == ["ins"] and after[1:2] else ""
    starts = {"started", "starting", "starts", "startet", "startete"}
    return (
        into.endswith(("rennen", "race", "finale")) or bool(starts & set(before[-1:])) or before[-3:-2] == ["started"]
    )


def _says_start(noun: str, after: list[str]) -> bool:
    if noun.startswith("start") or after[:2] == ["am", "start"] or after[:3] == ["at", "the", "start"]:
        return True
    if noun and after[:1] == ["gestanden"]:
        return True
    return bool(words("places_at_the_start") & set(after[:5])) and after[:1] != ["from"]
