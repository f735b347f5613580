"""A weekday beside a lap that only one session has: whether the session was on that day.

`In 1:19,423 Minuten holte er am Freitag die Pole`: words may leave open which session is meant, a lap to the thousandth does
not.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import Evidence, Judgement, Verdict, contradicted

_BREAK = re.compile(r"[.!?]\s|\n|;|[,:–]\s")
_AFTER = re.compile(
    r"\b(?:[Nn]ach|[Aa]fter)\s(?!\d)[^,.;:]*$"
)  # `nach der Bestzeit im Qualifying (1:27,904) gewann er am …`
_LOOKING_BACK = 60  # signs
_SENTENCE = re.compile(r"[.!?]\s|\n")
_SAID = 2  # level of a session that the sentence itself names
_WITHIN = 160  # signs


def misdated(claim: Claim, others: Sequence[tuple[Claim, Verdict]], sheet: FactSheet, text: str) -> Verdict | None:
    """The contradiction of a weekday by the session of an exact time in its clause, or in a sentence with no other day."""
    if claim.hint != "weekday" or not claim.is_judged or "/" in str(claim.value) or claim.scene.level >= _SAID:
        return None
    day = dt.date.fromisoformat(str(claim.value))
    days = [other for other, _verdict in others if other.type is ClaimType.DATE and other is not claim]
    reach = _SENTENCE if not any(_are_joined(claim, other, _SENTENCE, text) for other in days) else _BREAK
    names = {
        verdict.evidence.source
        for other, verdict in others
        if _is_exact(other)
        and verdict.judgement is Judgement.CONFIRMED
        and _are_joined(claim, other, reach, text)
        and not _AFTER.search(text, max(other.start - _LOOKING_BACK, 0), other.start)
    }
    sessions = [session for session in sheet.run if session.name in names]
    if len(names) != 1 or len(sessions) != 1 or not _differs(sessions[0], day):
        return None
    session = sessions[0]
    shown = _german(session.day) if session.day else ""
    return contradicted(Evidence(session.name, "", "Datum", shown), _german(day))


def _is_exact(claim: Claim) -> bool:
    return claim.type is ClaimType.LAP_TIME and claim.precision_ms == 1 and not claim.op


def _differs(session: Session, day: dt.date) -> bool:
    return session.day is not None and day not in session.days


def _are_joined(one: Claim, other: Claim, reach: re.Pattern[str], text: str) -> bool:
    first, last = (one, other) if one.start < other.start else (other, one)
    return last.start - first.end < _WITHIN and not reach.search(text, first.end, last.start)


def _german(day: dt.date) -> str:
    return f"{day.day}.{day.month}.{day.year}"
