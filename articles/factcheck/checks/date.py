"""Days: does the session the words speak of fall on them?"""

from __future__ import annotations

import datetime as dt

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Later, Session
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

TYPES = (ClaimType.DATE,)
_SAME_EVENT = dt.timedelta(days=8)
_BESIDE = dt.timedelta(days=3)
_SAID = 3  # level of what the clause itself says
_NEAR = dt.timedelta(days=21)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    first, _, last = str(claim.value).partition("/")
    begin = dt.date.fromisoformat(first)
    end = dt.date.fromisoformat(last) if last else begin
    if claim.later is not None:
        return _of_calendar(claim, sheet.calendar[claim.later], begin, end)
    if last:
        return _range(begin, end, sheet)
    return _of_session(claim, begin) or _of_any(claim, begin, sheet)


def _of_session(claim: Claim, begin: dt.date) -> Verdict | None:
    """Of the sessions in mind one that began on the day, or that ran into it."""
    meant = claim.scene.sessions
    started = next((session for session in meant if begin in {session.day, session.home_day}), None)
    if started:
        return confirmed(_evidence(started))
    if any(begin in session.days for session in meant):
        return uncheckable("Das Rennen ging über Mitternacht; wann es endete, ist nicht gespeichert.")
    return None


def _of_any(claim: Claim, begin: dt.date, sheet: FactSheet) -> Verdict:
    if claim.hint == "deed":
        return contradicted(_evidence(claim.scene.sessions[0]), german(begin))
    calendar = next((later for later in sheet.calendar if later.start <= begin <= later.end), None)
    if calendar:
        return confirmed(Evidence("Kalender", calendar.name, "Datum", german(calendar.start)))
    other = next((session for session in sheet.sessions if begin in session.days), None)
    if _is_open(claim, begin, other):
        return confirmed(_evidence(other)) if other else uncheckable("Welche Session gemeint ist, ist nicht sicher.")
    return contradicted(_evidence(claim.scene.sessions[0]), german(begin))


def _is_open(claim: Claim, begin: dt.date, other: Session | None) -> bool:
    """Whether the words leave it open which session is meant, or the day belongs to no day of this event."""
    meant = claim.scene.sessions
    is_printed = claim.hint == "date" and other is None  # `am 8. September`: a day of which the event has no session
    if not meant or claim.scene.level < (1 if is_printed else 2) or claim.scene.is_interim or meant[0].day is None:
        return True
    if len({session.day for session in meant}) != 1:
        return True
    return abs(begin - meant[0].day) > (_BESIDE if is_printed else _SAME_EVENT) or (
        claim.hint == "weekday" and other is None and claim.scene.level < _SAID
    )


def _of_calendar(claim: Claim, later: Later, begin: dt.date, end: dt.date) -> Verdict:
    """The days of the event that the sentence names; a single day may be any of them."""
    shown = f"{german(later.start)} bis {german(later.end)}"
    evidence = Evidence("Kalender", later.name, "Datum", shown)
    if (begin, end) == (later.start, later.end) or (begin == end and later.start <= begin <= later.end):
        return confirmed(evidence)
    if later.start <= begin <= end <= later.end and (" und " in claim.text or " and " in claim.text):
        return confirmed(evidence)  # days of it
    if abs(begin - later.start) > _NEAR:
        return uncheckable("Zu diesen Tagen ist nichts gespeichert.", evidence)
    return contradicted(evidence, german(begin) if begin == end else f"{german(begin)} bis {german(end)}")


def _range(begin: dt.date, end: dt.date, sheet: FactSheet) -> Verdict:
    for later in sheet.calendar:
        if (later.start, later.end) == (begin, end):
            return confirmed(Evidence("Kalender", later.name, "Datum", f"{german(begin)} bis {german(end)}"))
    days = [session.day for session in sheet.sessions if session.day]
    if days and begin <= min(days) and max(days) <= end:
        return confirmed(Evidence(sheet.event, "", "Datum", f"{german(min(days))} bis {german(max(days))}"))
    for later in sheet.calendar:
        if later.start <= end and begin <= later.end:
            evidence = Evidence("Kalender", later.name, "Datum", f"{german(later.start)} bis {german(later.end)}")
            return contradicted(evidence, f"{german(begin)} bis {german(end)}")
    return uncheckable("Zu diesen Tagen ist nichts gespeichert.")


def german(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _evidence(session: Session) -> Evidence:
    return Evidence(session.name, "", "Datum", german(session.day) if session.day else "")
