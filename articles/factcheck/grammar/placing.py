"""One place a text gives: whether it is one on the grid, in a table, in a class or in a session, and whether it lasted."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from articles.factcheck.claim import Claim, ClaimType, Context, Scene, Subject
from articles.factcheck.grammar.among import among
from articles.factcheck.grammar.leaders import stand_of
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.starts import is_grid, is_start_again, says_begin
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.words import words
from articles.factcheck.grids import grids_of
from articles.factcheck.sheet import RACE_KINDS

_GRID_FROM = words("places_grid_from")
_STARTS = words("places_starts")
_GIVING = frozenset({("went", "to"), ("goes", "to"), ("fell", "to"), ("ging", "an"), ("geht", "an"), ("gingen", "an")})
_OF_ALL = frozenset({"gesamtklassement", "gesamtwertung", "gesamtergebnis", "gesamtfeld"})
_OF_RESULTS = frozenset(
    {"gesamtklassement", "gesamtergebnis", "gesamtfeld"}
)  # and no `Gesamtwertung`, which is a table
_TABLE_WORDS = ("tabelle", "meisterschaft", "gesamtwertung", "fahrerwertung", "championship", "standings")
_NOW_REACH = 8  # words
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
_ENDS = frozenset({
    ("im", "ziel"), ("am", "ende"), ("am", "schluss"), ("the", "flag"), ("the", "finish"), ("the", "end"), ("chequered", "flag"),
})  # fmt: skip
_BUT = frozenset({"but", "aber", "doch", "jedoch", "yet", "though"})
_NOUNS = frozenset({"rang", "platz"})  # `rettete als Fünfter Rang drei in der Gesamtwertung`
_COME = frozenset({"gegangen", "gereist", "angereist"})
_INSTEAD = frozenset({"statt", "anstatt", "anstelle", "instead"})
_LEFT = frozenset({"position", "platz"})  # a rank may be one of the table, `from fourth` one of the race
_SAID = 3  # level of what the clause itself says
_CLASS_GRID = frozenset({("class", "grid"), ("klassen", "startaufstellung")})
_NOT_HERE = words("places_not_here")


def place(page: Page, start: int, end: int, number: int, noun: str) -> Claim:
    """A claim of a place, filed by what the words around it speak of: grid, table, class or the session."""
    before, after = page.words_before(start, 4), page.words_after(end, 5)
    if _is_won_at_the_start(page, start, after):
        return page.claim(ClaimType.POSITION, start, end, number, scene=page.scene(start), hint="duel")
    claim = _on_grid(page, start, end, number, noun)
    if claim is not None:
        return claim
    scene = _of_the_end(page.scene(start), after)
    kind, hint = _kind(page, start, noun, scene)
    if _is_pushed(page, start):
        hint = "duel"
    if hint not in {"overall", "class", "table"} and _is_passing(page, start, before):
        hint = "duel"
    given = given_to(page, start, end)
    if given is not None:
        return page.claim(kind, start, end, number, scene=scene, hint=hint, subject=given)
    claim = page.claim(kind, start, end, number, scene=scene, hint=hint)
    if hint != "table":
        return claim
    table = among(page.cut.tokens, page.sentence_at(start), page.cut.token_at(start))
    return replace(claim, among=table, stand=stand_of(page, start))


def _of_the_end(scene: Scene, after: list[str]) -> Scene:
    """`kam als Sechster ins Ziel`: of the race, whatever else the passage speaks of."""
    is_end = after[:2] in (["ins", "ziel"], ["im", "ziel"]) and after[2:3] not in (["der"], ["des"])
    is_race = len(scene.sessions) == 1 and scene.sessions[0].is_race
    return replace(scene, level=max(scene.level, _SAID)) if is_end and is_race and scene.level > 1 else scene


def _keys_before(page: Page, start: int) -> frozenset[str]:
    token = page.cut.token_at(start)
    first, _last = page.clause(page.sentence_at(start), token)
    return frozenset(other.key for other in page.cut.tokens[first:token])


def _on_grid(page: Page, start: int, end: int, number: int, noun: str) -> Claim | None:
    """A place on the grid where the words speak of one; none where they do not."""
    before, after = page.words_before(start, 4), page.words_after(end, 5)
    is_started = bool(_GRID_FROM & set(before[-2:]) and _STARTS & _keys_before(page, start))
    is_started = is_started or after[:2] in (
        [",", "gestartete"],
        [",", "gestarteten"],
    )  # `Der vom letzten, Rang zehn, gestartete Hesse`
    is_started = is_started or is_start_again(page, start, before)
    if is_started or is_grid(noun, before, after[: after.index(",")] if "," in after else after):
        hint = _start(page, start, noun, before, after)
        return page.claim(ClaimType.GRID_POSITION, start, end, number, scene=whole(page, start), hint=hint)
    is_english = page.text[end - 2 : end] in {"st", "nd", "rd", "th"} and before[-1:] == ["from"]
    if not ((noun and _GRID_FROM & set(before[-1:])) or is_english):
        return None
    hint = "starts" if says_begin(page, start) else "from"
    hint = "left" if noun in _LEFT and not _is_penalised(page, start) else hint
    found = page.claim(ClaimType.GRID_POSITION, start, end, number, scene=_left(page, start), hint=hint)
    is_instead = before[-2:-1] and before[-2] in _INSTEAD  # `statt von Rang neun nur von Position 15`
    return replace(found, context=Context.HYPOTHETICAL) if is_instead else found


def _start(page: Page, start: int, noun: str, before: list[str], after: list[str]) -> str:
    """What kind of start the words tell: of a class, of a later race, one that was made; `from` an uncertain place."""
    if _is_penalised(page, start) and not any(session.kind == "grid" for session in page.sheet.run):
        return "from"
    if (
        _CLASS_GRID & set(pairwise(after))
        or after[:2] in (["der", "klasse"], ["in", "class"])
        or noun.startswith("klassen")
    ):
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
    scene = page.scene(start, frozenset({"qualifying", "grid"}))
    race = page.scene(start, RACE_KINDS)
    printed = [one for one in page.sheet.run if one.kind == "grid"]
    if not printed and not words("places_reversed").isdisjoint(page.cut.keys[page.sentence_at(start).number]):
        return replace(scene, is_interim=True)  # `from reversed-grid front row`: a grid that no sheet holds
    if len(printed) == 1 and scene.sessions != tuple(printed) and _is_lined_up(page, start):
        return replace(scene, sessions=(printed[0],), level=max(scene.level, 2))
    if len(race.sessions) != 1 or not race.level or (scene.level > 1 and len(scene.sessions) == 1):
        return scene
    grid = grids_of(page.sheet).get(race.sessions[0])  # `stand in Rennen eins auf Startplatz zwei`
    return replace(scene, sessions=(grid,), level=race.level) if grid else scene


def _is_lined_up(page: Page, start: int) -> bool:
    """`im Zeittraining noch Zweiter, nach einer Strafe von Startplatz sechs losgefahren`: from the grid as it was printed."""
    token = page.cut.token_at(start)
    first, last = page.clause(page.sentence_at(start), token)
    keys = {other.key for other in page.cut.tokens[first:last]}
    is_start = page.cut.tokens[token].key.startswith("start") or "startplatz" in page.words_after(start, 2)
    is_moved = _is_penalised(page, start) and not {"qualifying", "grid"} & set(keys - {"grid"})
    return is_start and (bool(keys & words("places_begun")) or is_moved)


def _left(page: Page, start: int) -> Scene:
    """The scene of a start that no word but `von` tells: `verdrängte Fink von Rang drei` may speak of a table."""
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    scene = page.scene(start, frozenset({"qualifying", "grid"}))
    return scene if scene.in_table or keys & words("places_pushing") else whole(page, start)


def given_to(page: Page, start: int, end: int) -> Subject | None:
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
    before = page.words_before(start, 3)
    is_overall = any(word in _OF_ALL for word in before) and (not noun or not _OF_RESULTS.isdisjoint(before))
    if noun.startswith("gesamt") or is_overall or _says_overall(after[1:]):
        return ClaimType.POSITION, "overall"
    if ("in", "class") in pairwise(after) or noun.startswith("klassen"):
        return ClaimType.CLASS_POSITION, "class"
    is_of_rank = before[-1:] == ["als"] and after[1:2] and after[1] in _NOUNS and cardinal(after[2])
    is_table = not is_of_rank and "in" in after[:3] and {"points", *words("standings")} & set(after[1:5])
    if is_table or noun in _OF_TABLES or (page.sheet.tables and _has_points(after)):
        return ClaimType.POSITION, "table"
    before = before[-2:]
    is_left = is_of_rank or (noun and before[-1:] == ["nach"])  # `in der EM ist Llarena nach Platz vier …`
    # `baute mit dem zweiten Platz die WM-Führung aus`; but `mit dem zweiten Platz in der WM`
    is_left = is_left or (noun and "mit" in before and not {"in", "der"} & set(after[1:3]))
    if page.sheet.tables and _is_now_in_table(page, start):
        return ClaimType.POSITION, "table"
    if scene.in_table and not is_left and not _is_session_place(page, start, page.sentence_at(start)):
        return ClaimType.POSITION, "table"
    return ClaimType.CLASS_POSITION if scene.class_name else ClaimType.POSITION, ""


def _is_now_in_table(page: Page, start: int) -> bool:
    """`als Tabellenführer angereist, … und liegt nun auf Rang drei`: of the table, where the sentence speaks of one."""
    token = page.cut.token_at(start)
    sentence = page.sentence_at(start)
    first, _last = page.clause(sentence, token)
    before = {other.key for other in page.cut.tokens[max(first, token - _NOW_REACH) : token]}
    if not before & {"nun", "jetzt", "now"} or not before & words("leaders_now_in_table"):
        return False
    said = page.cut.keys[max(sentence.number - 1, 0) : sentence.number + 1]
    return any(key.startswith(_TABLE_WORDS) for keys in said for key in keys)


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
    if _is_final(page, start) or _is_stored_stand(page, start):
        return bool(_NOT_HERE & set(before[-2:]))
    return _is_passing_by_neighbours(page, start, before) or _is_passing_by_clause(page, start, before)


def _is_final(page: Page, start: int) -> bool:
    """`slipped to third by the flag`, `im Ziel nur noch Dritter`: how it ended."""
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    keys = [token.key for token in page.cut.tokens[first:last]]
    if page.words_before(start, 2) == ["grid", "to"]:
        return True  # `climbed from eighth on the grid to third`
    if keys[0] == "ziel" or not words("places_course").isdisjoint(keys):
        return False
    # not `by the end of lap one`, `am Ende der ersten Runde`
    ends = zip(pairwise(keys), [*keys[2:], ""], strict=False)
    return any(pair in _ENDS and behind not in {"of", "der", "des", "einer"} for pair, behind in ends)


def _is_of_named_day(page: Page, start: int) -> bool:
    """`fiel am Sonntag auf Rang neun zurück`: how the race of that day ended."""
    scene = page.scene(start)
    after = page.words_after(start, 4)
    return scene.day is not None and len(scene.sessions) == 1 and scene.sessions[0].is_race and "zuruck" in after


def _is_stored_stand(page: Page, start: int) -> bool:
    """`zur Halbzeit Vierte`, where the sheet holds how it stood."""
    scene = page.scene(start)
    return scene.level > 1 and len(scene.sessions) == 1 and scene.sessions[0] in page.sheet.checkpoints.values()


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
            and not _is_of_named_day(page, start)
        )
    )


def _is_passing_by_clause(page: Page, start: int, before: list[str]) -> bool:
    """By what the clause tells: overtaking, wishing, crossing the line before a penalty."""
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    first, last = _without_ands(page, (first, last), page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    whole = {token.key for token in page.cut.tokens[sentence.first : sentence.last]}
    if keys & {"crossed", "abgewinkt"} and whole & words("places_penalty"):
        return True  # before the stewards had their say
    if _is_before_penalty(page, start, sentence):
        return True
    if ("war" in keys and page.cut.tokens[first].key == "ziel") or (keys & _COME and {"mit", "in"} <= keys):
        return True  # `Ziel war Platz fünf`, `der mit einem achten Rang in den Sonntag gegangen war`
    pairs = set(pairwise(page.cut.words[first:last]))
    is_first = ("the", "leading") in pairs  # `the leading Lynk & Co runner in sixth`
    return bool(keys & words("places_course") - ({"leading"} if is_first else set())) or _is_on_the_way(
        page, start, before
    )


def _without_ands(page: Page, clause: tuple[int, int], token: int) -> tuple[int, int]:
    """`verlor einen Platz und wurde Fünfter`, `wurde Vierter und liegt nun …`: the part of a clause between its `und`."""
    tokens, (first, last) = page.cut.tokens, clause
    for at in range(token - 1, first, -1):
        if tokens[at].key in {"und", "and"}:
            behind = {other.key for other in tokens[at + 1 : min(at + 3, token)]}
            first = at + 1 if behind & words("places_results") else first
            break
    for at in range(token + 1, last - 1):
        if tokens[at].key in {"und", "and"} and tokens[at + 1].key in words("leaders_now"):
            return first, at
    return first, last


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
    if table is not None and token < table.at and _BUT & {one.key for one in page.cut.tokens[token : table.at]}:
        return True  # `were sixth but keep the points lead`
    if table is not None and table_level > 1 and clause[0] <= table.at < clause[1]:
        keys = page.keys_of(clause)
        # `sammelten als Zweite 18 Punkte`: points of the race, and no table
        return page.cut.tokens[table.at].key.startswith(_POINTS) and bool(
            keys & (words("tables_earned") | {"kam", "kamen"})
        )
    results = words("places_results") & page.keys_of(clause)
    return bool(results) or any(cue.what in ("kind", "verb") for cue in setting.cues)


def _is_won_at_the_start(page: Page, start: int, after: list[str]) -> bool:
    """`jumped to first at the start`, `was first at the start of hour two`: no place on the grid, and none at the end."""
    if after[:2] not in (["am", "start"], ["at", "the"]):
        return False
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    keys = page.keys_of((first, last))
    of = after[2:3] if after[0] == "am" else after[3:4]
    return of in (["of"], ["der"]) or bool(keys & words("places_moving"))
