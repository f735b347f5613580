"""Sessions that are counted: the second race, the 14th stage, the state after six hours.

None: the words count nothing. An empty answer: they count one that the sheet does not hold.
"""

from __future__ import annotations

import re
from functools import lru_cache

from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import FactSheet, Session, fold_words
from results.notation import HOUR

_ARTICLES = frozenset({"ein", "eine", "einen", "einer"})
_MOST_RACES = 6  # of one event; `im 24. Rennen` counts something else
_HOURS = frozenset({"stunde", "stunden", "hour", "hours", "rennstunde"})


def counted(
    tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet, kind: str
) -> tuple[Session, ...] | None:
    """`zweites Rennen`, `Race 2`, `erster Lauf`, `Finale` where there are several sessions of the kind."""
    key = tokens[index].key
    if key in words("race_words_uncounted") or _of_season(tokens, index, sentence):
        return None
    before = tokens[index - 1] if index > sentence.first else None
    number, is_ordinal = _number_beside(tokens, index, sentence)
    if key in words("ordered_openers") or (before is not None and before.key in {"opening", "auftakt"}):
        number, is_ordinal = 1, True
    is_last = before is not None and before.key in words("ordered_last")
    if number is None and not is_last:
        return None
    sessions = numbered(sheet, kind)
    if number is None:
        return sessions[max(sessions)] if len(sessions) > 1 else None
    if number not in sessions:
        is_unknown = is_ordinal or len(sessions) > 1
        is_unknown &= all(session.kind != "stage" for found in sessions.values() for session in found)
        return (
            ()
            if is_unknown
            and sessions
            and number > max(sessions)
            and number <= (_MOST_RACES if len(sessions) > 1 else 2)
            else None
        )
    return sessions[number] if len(sessions) > 1 else None


def _number_beside(tokens: list[Token], index: int, sentence: Sentence) -> tuple[int | None, bool]:
    """The number that counts a noun, and whether it is an ordinal: `zweites Rennen`, `2. Rennen`, `Rennen zwei`."""
    before = tokens[index - 1] if index > sentence.first else None
    number = ordinal(before.key) if before else None
    if number is None and before and before.text == "." and index - 2 >= sentence.first:
        number = cardinal(tokens[index - 2].key)
    if number is not None:
        return number, True
    at = index + 1
    if at < sentence.last and tokens[at].key in {"nummer", "number", "no"}:
        at += 1
    after = tokens[at] if at < sentence.last else None
    if after is None or after.key in {"ein", "eine", "einen", "einem", "einer", "eines", "beide", "beiden", "both"}:
        return None, False
    follows = tokens[at + 1] if at + 1 < sentence.last else None
    if (
        follows is not None
        and follows.glued
        and follows.text in ",.:"
        and at + 2 < sentence.last
        and tokens[at + 2].glued
    ):
        return None, False  # `im Rennen 2,031 Sekunden`
    if follows is not None and (follows.key in words("ordered_units") or follows.text == "."):
        return (cardinal(after.key), False) if follows.text == "." and at + 2 >= sentence.last else (None, False)
    return cardinal(after.key), False


def elliptical(
    tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet, kind: str
) -> tuple[Session, ...] | None:
    """`im zweiten wurde sie Zweite`: the noun was said before."""
    number = ordinal(tokens[index].key)
    if number is None or index == sentence.first:
        return None
    before = tokens[index - 1].key
    after = tokens[index + 1] if index + 1 < sentence.last else None
    is_german = before in {"im", "beim", "vom"}
    is_english = before == "the" and index - 2 >= sentence.first and tokens[index - 2].key in {"in", "of", "from"}
    if not (is_german or is_english):
        return None
    if after is not None and not (after.text in ",.;:" or after.key in words("ordered_after")):
        is_adjective = (
            after.key not in _ARTICLES
            and after.key.endswith(("e", "en", "er", "es", "em"))
            and after.key not in words("strangers_verbs")
        )
        is_told = after.text[0].islower() and not is_adjective
        if not is_german or not (is_told or ordinal(after.key)):
            return None  # `im zweiten Stint`, `im dritten freien Training`
    sessions = numbered(sheet, kind)
    return sessions.get(number) if len(sessions) > 1 else None


def elliptical_stage(
    tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet
) -> tuple[Session, ...] | None:
    """`auf der ersten Prüfung Fünfter und auf der zweiten Sechster`: a stage, where the sentence has named one before."""
    number = ordinal(tokens[index].key)
    if number is None or [token.key for token in tokens[max(index - 2, sentence.first) : index]] != ["auf", "der"]:
        return None
    after = tokens[index + 1] if index + 1 < sentence.last else None
    if after is not None and after.is_capital and not ordinal(after.key):
        return None  # `auf der zweiten Schleife`
    said = {token.key for token in tokens[sentence.first : index]}
    if said.isdisjoint(words("stage")) and not any(key.endswith("prufung") for key in said):
        return None
    stages = [session for session in sheet.sessions if session.kind == "stage"]
    return tuple(session for session in stages if number in _numbers(session.name))


def _of_season(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`das zweite Rennen der Saison`: counted through the year, not through the event."""
    after = {token.key for token in tokens[index + 1 : min(index + 4, sentence.last)]}
    return bool(after & {"saison", "season", "jahres", "year", "karriere", "career", "serie", "meisterschaft"})


@lru_cache(maxsize=64)
def numbered(sheet: FactSheet, kind: str) -> dict[int, tuple[Session, ...]]:
    """The sessions of a kind by their number: that in their names, else by their order."""
    kinds = (kind,) if kind in {"qualifying", "practice"} else ("race", "sprint")
    if not any(session.kind in kinds for session in sheet.sessions):
        kinds = ("stage",)  # the runs of a hill climb
    checkpoints = set(sheet.checkpoints.values())
    sessions = [
        session
        for session in sheet.sessions
        if session.kind in kinds
        and session not in checkpoints
        and not (set(fold_words(session.name)) & words("ordered_heats"))
    ]
    found: dict[int, tuple[Session, ...]] = {}
    in_names = [(session, _numbers(session.name)) for session in sessions]
    if any(numbers for _session, numbers in in_names):
        for session, numbers in in_names:
            for number in numbers:
                found[number] = (*found.get(number, ()), session)
        return found
    return {place: (session,) for place, session in enumerate(sessions, start=1)}


def checkpoint(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> tuple[Session, ...] | None:
    """`nach sechs Stunden`, `at the six-hour mark`, `zur Halbzeit`: a checkpoint, or one that is not stored."""
    if not sheet.checkpoints:
        return None
    key = tokens[index].key
    final = max((session for session in sheet.run if session.is_race), key=lambda one: one.leader_laps)
    leader = final.by_position.get(1)
    whole = round(leader.time_ms / HOUR) if leader and leader.time_ms else 0
    if key in words("halfway"):
        hours: int | None = whole // 2
    elif key in {"stunden", "hours", "hour"}:
        before = [token.key for token in tokens[max(index - 4, sentence.first) : index] if token.text != "-"]
        after = tokens[index + 1].key if index + 1 < sentence.last else ""
        is_stand = {"nach", "after", "by", "at", "bei", "zur", "until"} & set(before) and after not in words(
            "hours_not"
        )
        hours = cardinal(before[-1]) if before and is_stand else None
    else:
        return None
    if not hours or hours >= whole:
        return None
    stored = sheet.checkpoints.get(hours)
    return (stored,) if stored else ()


@lru_cache(maxsize=16)
def _hours_of_race(sheet: FactSheet) -> float:
    """How long the longest race took its winner."""
    times = [
        row.time_ms for session in sheet.run if session.is_race and (row := session.by_position.get(1)) and row.time_ms
    ]
    return max(times, default=0) / HOUR


def is_at_an_hour(tokens: list[Token], sheet: FactSheet) -> bool:
    """`nach zwei Stunden`, `in der dritten Stunde`, `after four hours` of a race that went on: how it stood on the way."""
    whole = _hours_of_race(sheet)
    for at, token in enumerate(tokens[2:], start=2):
        if token.key not in _HOURS:
            continue
        before = [other.key for other in tokens[max(at - 3, 0) : at]]
        number = cardinal(before[-1]) or ordinal(before[-1])
        if number and {"nach", "after", "in", "im"} & set(before) and number + 0.5 < whole:
            return True
    return False


def stage(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> tuple[Session, ...] | None:
    """`Auftaktprüfung`, `letzte Prüfung`, `14. Prüfung`: the stage of that number, or none where it is not stored."""
    stages = [session for session in sheet.sessions if session.kind == "stage"]
    key = tokens[index].key
    before = [token.key for token in tokens[max(index - 3, sentence.first) : index]]
    after = tokens[index + 1].key if index + 1 < sentence.last else ""
    number = next((found for word in reversed(before) if (found := ordinal(word))), None)
    if before[-1:] == ["."]:
        number = cardinal(before[-2]) if len(before) > 1 else None
    if after.isdecimal():
        number = int(after)
    if key.startswith("auftakt") or "opening" in before:
        number = 1
    if number and key in {"etappe", "leg", "tag", "day"} and {"nach", "after"} & set(before):
        stands = [session for session in sheet.run[:-1] if session.kind == "rally"]
        return tuple(session for session in stands if number in _numbers(session.name))
    if number:
        named = [session for session in stages if number in _numbers(session.name)]
        return tuple(named)
    if key.startswith(("abschluss", "schluss", "power")) or words("ordered_last_stage") & set(before):
        return tuple(stages[-1:])
    return None


def _numbers(name: str) -> set[int]:
    return {int(digits) for digits in re.findall(r"\d{1,9}", name)}
