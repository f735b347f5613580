"""One place a text gives: whether it is one on the grid, in a table, in a class or in a session, and whether it lasted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from articles.factcheck.claim import Claim, ClaimType, Scene, Subject
from articles.factcheck.grammar.among import among
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words

_GRID_FROM = words("places_grid_from")
_STARTS = words("places_starts")
_GIVING = frozenset({("went", "to"), ("goes", "to"), ("fell", "to"), ("ging", "an"), ("geht", "an"), ("gingen", "an")})
_OF_ALL = frozenset({"gesamtklassement", "gesamtwertung", "gesamtergebnis", "gesamtfeld"})
_OF_TABLES = frozenset({"tabellen", "meisterschafts", "wm", "em"})
_ROUND = frozenset({"lap", "laps", "runde", "runden", "kurve", "stunde", "hour", "minute", "corner", "umlauf", "turn"})
_ON_THE_WAY = (
    ["in", "die", "letzte"],
    ["into", "the", "last"],
    ["into", "the", "final"],
    ["on", "the", "road"],
    ["auf", "der", "strecke"],
)
_POINTS = ("punkt", "zahler", "point")
_PENALTIES = ("strafe", "strafen", "penalty", "penalties")
_AT_ONCE = 5  # words of the next sentence
_MEANWHILE = frozenset({
    ("ganze", "rennen"), ("ganzen", "rennen"), ("ersten", "teil"), ("letzten", "minute"), ("letzten", "minuten"), ("vor", "ablauf"),
    ("second", "before"), ("first", "before"), ("third", "before"), ("fourth", "before"), ("fifth", "before"),
})  # fmt: skip
_LEFT = frozenset({"position", "platz"})  # a rank may be one of the table, `from fourth` one of the race
_CLASS_GRID = frozenset({("class", "grid"), ("klassen", "startaufstellung")})
_NOT_HERE = words("places_not_here")


def place(page: Page, start: int, end: int, number: int, noun: str) -> Claim:
    """A claim of a place, filed by what the words around it speak of: grid, table, class or the session."""
    before, after = page.words_before(start, 4), page.words_after(end, 5)
    if _is_won_at_the_start(page, start, after):
        return page.claim(ClaimType.POSITION, start, end, number, scene=page.scene(start), hint="duel")
    if _is_grid(noun, before, after[: after.index(",")] if "," in after else after):
        hint = _start(page, start, before, after)
        return page.claim(ClaimType.GRID_POSITION, start, end, number, scene=whole(page, start), hint=hint)
    is_english = page.text[end - 2 : end] in {"st", "nd", "rd", "th"} and before[-1:] == ["from"]
    if (noun and _GRID_FROM & set(before[-1:])) or is_english:
        hint = "left" if noun in _LEFT and not _is_penalised(page, start) else "from"
        return page.claim(ClaimType.GRID_POSITION, start, end, number, scene=whole(page, start), hint=hint)
    scene = page.scene(start)
    kind, hint = _kind(page, start, noun, scene)
    if _is_pushed(page, start):
        hint = "duel"
    if hint not in {"overall", "class", "table"} and _is_passing(page, start, before):
        hint = "duel"
    given = _given_to(page, start, end)
    if given is not None:
        return page.claim(kind, start, end, number, scene=scene, hint=hint, subject=given)
    claim = page.claim(kind, start, end, number, scene=scene, hint=hint)
    if hint != "table":
        return claim
    return replace(claim, among=among(page.cut.tokens, page.sentence_at(start), page.cut.token_at(start)))


def _start(page: Page, start: int, before: list[str], after: list[str]) -> str:
    """What kind of start the words tell: of a class, of a later race, one that was made; `from` an uncertain place."""
    if _is_penalised(page, start) and not any(session.kind == "grid" for session in page.sheet.run):
        return "from"
    if _CLASS_GRID & set(pairwise(after)):
        return "class"  # `fifth on the class grid`
    if page.is_of_a_later_race(start):
        return "later"
    return "begun" if words("places_begun") & {*before, *after[:2]} else ""


def _is_penalised(page: Page, start: int) -> bool:
    """`startete nach einer Strafe von Platz fünf`: from a grid that perhaps no sheet holds."""
    keys = page.cut.keys[page.sentence_at(start).number]
    return any(key.endswith(_PENALTIES) for key in keys) or not keys.isdisjoint(words("places_penalty"))


def whole(page: Page, start: int) -> Scene:
    """The scene of a grid claim: its sessions are found by the check, class and mood by the words."""
    return page.scene(start, frozenset({"qualifying", "grid"}))


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
            return not (ordinal(behind) or behind.isdecimal())
        if word not in words("places_small"):
            return False
    return False


def _has_points(after: list[str]) -> bool:
    """`third with 380`: a number alone behind a place counts points."""
    for word, number, unit in zip(after[:3], after[1:4], [*after[2:5], "", ""], strict=False):
        if word in {"with", "mit", "on"} and number.isdecimal():
            return not unit[:1].isalpha() or unit.startswith(("punkt", "zahler", "point"))
    return False


def _is_pushed(page: Page, start: int) -> bool:
    """`verwies G-Drive auf Platz zwei`: the place is that of somebody between the verb and it, who must be known."""
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, last = page.clause(sentence, token)
    if not page.says((first, last), words("places_pushing")):
        return False
    verbs = [at for at in range(first, last) if page.cut.tokens[at].key in words("places_pushing")]
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
    keys = page.keys_of((first, last))
    whole = page.cut.keys[sentence.number]
    if keys & {"crossed", "abgewinkt"} and whole & words("places_penalty"):
        return True  # before the stewards had their say
    if _is_before_penalty(page, start, sentence):
        return True
    if "war" in keys and page.cut.tokens[first].key == "ziel":
        return True  # `Ziel war Platz fünf`
    pairs = set(pairwise(page.cut.words[first:last]))
    is_first = ("the", "leading") in pairs  # `the leading Lynk & Co runner in sixth`
    return bool(keys & words("places_course") - ({"leading"} if is_first else set())) or _is_on_the_way(
        page, start, before
    )


def _is_before_penalty(page: Page, start: int, sentence: Sentence) -> bool:
    """`kam als Zweiter ins Ziel, erhielt aber eine Strafe und wurde Dritter`: a penalty told behind the place, at once."""
    tokens = page.cut.tokens
    behind = tokens[page.cut.token_at(start) + 1 : sentence.last]
    after = page.cut.sentences[sentence.number + 1 : sentence.number + 2]
    if after and after[0].paragraph == sentence.paragraph:
        behind = [*behind, *tokens[after[0].first : min(after[0].first + _AT_ONCE, after[0].last)]]
    return any(token.key.endswith(_PENALTIES) for token in behind)


def _is_on_the_way(page: Page, start: int, before: list[str]) -> bool:
    """`up to sixth by the end of lap one`, `in Runde fünf Dritter`, `from fourth to third`: no final place."""
    if _GRID_FROM & set(before[-1:]) or before[-2:-1] == ["from"]:
        return True
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = page.cut.words[first:last]
    if any(pair in _MEANWHILE for pair in pairwise(keys)) or ("nach", "einer", "runde") in zip(
        keys, keys[1:], keys[2:], strict=False
    ):
        return True
    for one, other in pairwise(keys):
        if one in _ROUND and (cardinal(other) or other in {"of", "to"}):
            return True
        if other in _ROUND and (one == "." or (ordinal(one) and not cardinal(one))):
            return True
    return bool({"anfang", "beginn", "stunden", "hours", "schlussphase", "mitte", "halbzeit"} & set(keys))


def _is_session_place(page: Page, start: int, sentence: Sentence) -> bool:
    """A table is only meant in the clause that speaks of it, or where neither a session nor a result is spoken of."""
    before = page.words_before(start, 2)
    if before[-1:] in (["for"], ["fur"]) and before[0].startswith(_POINTS):
        return True  # `took home 18 points for second`
    setting = page.settings[sentence.number]
    token = page.cut.token_at(start)
    clause = page.clause(sentence, token)
    table, table_level = setting.latest("table", token, clause)
    if table is not None and table_level > 1 and clause[0] <= table.at < clause[1]:
        keys = page.keys_of(clause)
        # `sammelten als Zweite 18 Punkte`: points of the race, and no table
        return page.cut.tokens[table.at].key.startswith(_POINTS) and bool(
            keys & (words("tables_earned") | {"kam", "kamen"})
        )
    results = words("places_results") & page.keys_of(clause)
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
    is_into_race = before[-2:-1] in (["ging"], ["gingen"]) and "rennen" in after[:5]
    if before[-1:] == ["als"] and (before[-2:-1] in (["startete"], ["starteten"], ["startet"]) or is_into_race):
        return True  # `startete als Zweite der GT3`
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


def _is_won_at_the_start(page: Page, start: int, after: list[str]) -> bool:
    """`jumped to first at the start`, `was first at the start of hour two`: no place on the grid, and none at the end."""
    if after[:2] not in (["am", "start"], ["at", "the"]):
        return False
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    keys = page.keys_of((first, last))
    of = after[2:3] if after[0] == "am" else after[3:4]
    return of in (["of"], ["der"]) or bool(keys & words("places_moving"))
