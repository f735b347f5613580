"""Sessions that are counted: the second race, the 14th stage, the state after six hours.

None: the words count nothing. An empty answer: they count one that the sheet does not hold.
"""

from __future__ import annotations

import re

from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import FactSheet, Session
from results.notation import HOUR


def counted(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> tuple[Session, ...] | None:
    """`zweites Rennen`, `Race 2`, `erster Lauf`, `14. Prüfung` where there are several sessions of the kind."""
    before = tokens[index - 1] if index > sentence.first else None
    after = tokens[index + 1] if index + 1 < sentence.last else None
    number = ordinal(before.key) if before else None
    if number is None and before and before.text == "." and index - 2 >= sentence.first:
        number = cardinal(tokens[index - 2].key)
    if number is None and after:
        number = cardinal(after.key)
    key = tokens[index].key
    if key in words("race_words_uncounted"):
        return None
    if key == "opener":
        number = 1
    is_last = before is not None and before.key in {"final", "last", "letzten", "abschliessenden", "closing"}
    if number is None and not is_last:
        return None
    kinds = ("qualifying",) if key in words("qualifying") else ("race", "sprint", "rally")
    states = sheet.checkpoints.values()  # of a race after some hours: no race more
    sessions = [session for session in sheet.sessions if session.kind in kinds and session not in states]
    number = number or len(sessions)
    if before and ordinal(before.key) == number and number > len(sessions) == 1:
        return ()  # `im zweiten Rennen`, and one is stored
    return (sessions[number - 1],) if 0 < number <= len(sessions) > 1 else None


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


def stage(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> tuple[Session, ...] | None:
    """`Auftaktprüfung`, `letzte Prüfung`, `14. Prüfung`: the stage of that number, or none where it is not stored."""
    stages = [session for session in sheet.sessions if session.kind == "stage"]
    key = tokens[index].key
    before = [token.key for token in tokens[max(index - 2, sentence.first) : index]]
    after = tokens[index + 1].key if index + 1 < sentence.last else ""
    number = next((found for word in reversed(before) if (found := ordinal(word))), None)
    if before[-1:] == ["."]:
        number = cardinal(before[0])
    if after.isdigit():
        number = int(after)
    if key.startswith("auftakt") or "opening" in before:
        number = 1
    if number:
        named = [session for session in stages if number in _numbers(session.name)]
        return tuple(named)
    if key.startswith(("abschluss", "schluss", "power")) or {"letzte", "letzten", "final", "last", "closing"} & set(
        before
    ):
        return tuple(stages[-1:])
    return None


def _numbers(name: str) -> set[int]:
    return {int(digits) for digits in re.findall(r"\d+", name)}
