"""Which kind of session a word speaks of, and which one of several."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from articles.factcheck.grammar.cue import Cue
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.ordered import counted, elliptical, elliptical_stage, stage
from articles.factcheck.grammar.sessions import goes_on, named_sessions
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.weekdays import DAY
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet, Session, fold_words

_KIND_LISTS = (("qualifying", "qualifying"), ("practice", "practice"), ("sprint", "sprint"), ("stage", "stage"))
_RACE_VERBS = words("race") - words("race_nouns")
_AFTER_REACH = 8  # tokens between `nach` and a session


def kind_cues(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> list[Cue]:
    """What the word says of kind, name and number of a session."""
    if {"nach", "after"} & {token.key for token in tokens[max(index - 2, sentence.first) : index]}:
        return []  # `nach dem Sprint auch den zweiten Sieg` plays later
    if index > sentence.first and tokens[index - 1].key in words("kinds_any"):
        return []  # `manche Rennen werden am Samstag entschieden`
    found = list(_found(tokens, index, sentence, sheet))
    if not found:
        return found
    reach = reach_of_after(tokens, index, sentence)
    if reach:
        return [replace(cue, is_aside=True, end=index + 1 if reach > 1 else 0) for cue in found]
    if _is_attribute(tokens, index, sentence) or _is_compared(tokens, index, sentence):
        return [replace(cue, is_aside=True, end=index + 1) for cue in found]
    return found


def _is_compared(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`machte gegenüber dem Qualifying einen Platz gut`: what he is measured by."""
    return "gegenuber" in {token.key for token in tokens[max(index - 3, sentence.first) : index]}


def _found(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> Iterator[Cue]:
    named = named_sessions(tokens, index, sentence, sheet)
    if named:
        yield Cue(index, "sessions", named)
    elif goes_on(tokens, index, sentence, sheet):
        return
    kind = _kind(tokens, index, sentence, sheet)
    if kind:
        yield Cue(index, "kind", kind)
    elif _speaks_of_race(tokens, index, sentence):
        yield Cue(index, "verb", "race")
    number = _counted(tokens, index, sentence, sheet, kind)
    if number is not None:
        yield Cue(index, "sessions", number)


def _counted(
    tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet, kind: str
) -> tuple[Session, ...] | None:
    if kind == "stage":
        return stage(tokens, index, sentence, sheet)
    if tokens[index].key == "qualifikationsrennen" and not _is_named(tokens[index].key, sheet):
        return ()
    if kind:
        return counted(tokens, index, sentence, sheet, kind)
    if tokens[index].key in words("scenes_total") and (final := total(sheet)):
        return (final,)
    return elliptical(tokens, index, sentence, sheet, "race") or elliptical_stage(tokens, index, sentence, sheet)


def _is_named(word: str, sheet: FactSheet) -> bool:
    """Whether the event or one of its sessions is called so."""
    return any(word in fold_words(name) for name in (sheet.event, *(session.name for session in sheet.sessions)))


def _speaks_of_race(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """Words of the end of a race; but `(Hamm/Sieg)` is a town."""
    key = tokens[index].key
    if key in _RACE_VERBS:
        return index == sentence.first or tokens[index - 1].text != "/"
    return _comes_home(tokens, index, sentence) or _is_in_the_end(tokens, index, sentence)


def _is_attribute(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`Sieger des ersten Rennens`, `the winner of the sprint`: only tells who somebody is."""
    if index + 2 < sentence.last and tokens[index + 1].text == "-" and tokens[index + 1].glued:
        behind = tokens[index + 2].key  # `Flörsch, Qualifying-22., arbeitete sich vor`
        if behind.isdecimal() or ordinal(behind):
            return True
    for at in range(index - 1, max(index - _AFTER_REACH // 2, sentence.first) - 1, -1):
        if tokens[at].key in {"fur", "for"}:
            return all(_describes(token) for token in tokens[at + 1 : index])  # `the front row for Sunday's race`
        if tokens[at].key in {"des", "of", "vom", "aus", "from"}:
            before = tokens[max(at - 1, sentence.first)].key
            return at > sentence.first and before in words("kinds_owned")
        if tokens[at].text in ",;:":
            return False
    return False


def _describes(token: Token) -> bool:
    """Articles, days and adjectives, which lead from a preposition to its noun."""
    return (
        token.key in words("lint_articles")
        or token.key in pairs("days")
        or (token.text[0].islower() and token.key not in words("strangers_verbs"))
    )


def reach_of_after(tokens: list[Token], index: int, sentence: Sentence) -> int:
    """1 behind `nach einem verpatzten Zeittraining`, 2 behind `nach Platz zwölf im ersten Durchgang`, 0 behind no `nach`.

    The next sentence does not go on there; behind the second kind not even the rest of this one: `diesmal Neunte`.
    """
    is_inside = False
    for at in range(index - 1, max(index - _AFTER_REACH, sentence.first) - 1, -1):
        key = tokens[at].key
        is_inside |= key in {"im", "in", "beim", "am", "at", "on"}
        if key in {"nach", "after", "following"}:
            return 2 if is_inside else 1
        if tokens[at].text in ",;:" or key in words("strangers_verbs"):
            return 0
    return 0


@lru_cache(maxsize=16)
def total(sheet: FactSheet) -> Session | None:
    """What all runs or stages add up to."""
    return next((session for session in reversed(sheet.run) if session.kind == "rally"), None)


def _is_in_the_end(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`am Ende wurden sie Zwölfte`, `at the finish`: when a race was over."""
    key = tokens[index].key
    if key == "ended":
        return index + 1 < sentence.last and tokens[index + 1].key == "up"  # `qualified fourth and ended up fifth`
    return key in {"ende", "schluss"} and index > sentence.first and tokens[index - 1].key == "am"


def _comes_home(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`brought the Alpine home`."""
    before = {token.key for token in tokens[max(index - 7, sentence.first) : index]}
    return tokens[index].key == "home" and bool(
        before & {"brought", "came", "trailed", "led", "nursed", "chased", "followed"}
    )


def _kind(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> str:
    key = tokens[index].key
    if key in {"freien", "freies"} or (key == "warm" and tokens[index].is_capital):
        return "practice"
    for name, kind in _KIND_LISTS:
        if key in words(name) or (kind == "stage" and key.endswith("prufung")):
            known = any(session.kind == kind for session in sheet.sessions)
            if not known and key in {"training", "trainings"} and not _is_free(tokens, index, sentence):
                return "qualifying"  # on the Nordschleife the qualifying is "das Training"
            return kind if known or kind != "stage" else "race"
    day = DAY.fullmatch(key)
    if key == "prix" and _is_main_race(tokens, index, sentence):
        return "race"
    if key in words("race_nouns") or (day and day[3].endswith(("rennen", "lauf", "race"))):
        return "race"
    return ""


def _is_main_race(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`im Grand Prix wurde er Neunter`; but `beim Grand Prix von Monaco` is the whole event."""
    before = [token.key for token in tokens[max(index - 2, sentence.first) : index]]
    after = tokens[index + 1].key if index + 1 < sentence.last else ""
    return before in (["im", "grand"], ["the", "grand"]) and after not in {"von", "of", "de", "in", "am"}


def _is_free(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    return index > sentence.first and tokens[index - 1].key in {"freien", "freies", "freie", "warm", "up"}
