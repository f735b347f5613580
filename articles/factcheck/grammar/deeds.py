"""Days of deeds: who won the one race or took the one pole of an event did so on that session's day, whatever day is printed.

`Der Weltmeister gewann am Samstag` is told of the race by the winner himself: where the sheet has one race, he won it, and it
was on Sunday, the day is wrong. Nobody else's deed says which session is meant.
"""

from __future__ import annotations

import datetime as dt

from articles.factcheck.claim import Context, Subject
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import FactSheet, Row, Session

_SURE = 2
_TELLING = words("deeds_wins") | words("deeds_poles")


def session_of_deed(page: Page, start: int, end: int) -> Session | None:
    """The one session of the event whose win or pole the words around a day tell of its very winner; else None."""
    sentence = page.sentence_at(start)
    if page.cut.keys[sentence.number].isdisjoint(_TELLING):
        return None
    first, last = page.clause(sentence, page.cut.token_at(start))
    keys = {token.key for token in page.cut.tokens[first:last]}
    is_win, is_pole = bool(keys & words("deeds_wins")), bool(keys & words("deeds_poles"))
    if is_win is is_pole or keys & words("deeds_not") or (is_pole and not keys & words("deeds_takes")):
        return None
    if is_win and keys & {"hatte", "hatten", "had"}:
        return None  # `hatte am Samstag gewonnen`: something else, and earlier
    if page.context(start) is not Context.PLAIN or page.scene(start).is_interim:
        return None
    return _only(page, page.subject(start, end), is_race=is_win)


def _only(page: Page, subject: Subject, *, is_race: bool) -> Session | None:
    """The one race of the event that the subject won, or the one qualifying that he led; of several races on several days."""
    stands = set(page.sheet.checkpoints.values())
    kind = [one for one in page.sheet.sessions if one.is_race or one.kind == "qualifying"]
    pool = [one for one in kind if one.is_race is is_race and one not in stands]
    races = [one for one in kind if one.is_race and one not in stands]
    led = [one for one in pool if _is_first(one, subject)]
    if len(led) != 1 or any(not one.is_run for one in pool):
        return None
    is_one = len(pool) == len(races) == 1
    if is_one:
        return led[0]
    is_overall = led[0].by_number[subject.car or ""].position == 1 and subject.is_plain
    return led[0] if is_overall and len({one.day for one in pool}) == len(pool) else None


def _is_first(session: Session, subject: Subject) -> bool:
    row: Row | None = session.by_number.get(subject.car or "")
    return subject.level >= _SURE and row is not None and 1 in {row.position, row.class_position}


def nearest(weekday: int, session: Session) -> dt.date | None:
    """The day of that weekday that is nearest to the session."""
    if session.day is None:
        return None
    days = (session.day + dt.timedelta(days=step) for step in range(-3, 4))
    return next(day for day in days if day.weekday() == weekday)


def nearest_to_event(weekday: int, sheet: FactSheet) -> dt.date | None:
    """A day on which the event has no session: that of the weekday nearest to its last race."""
    raced = [session for session in sheet.run if session.is_race and session.day]
    return nearest(weekday, raced[-1]) if raced else None
