"""Days against what their sentence tells to the thousandth: a lap, a gap or a distance that one session alone holds.

`Lindqvist holte sich am Freitag in 1:18,914 Minuten die Pole`: that lap was driven on Saturday, so it was no Friday. A day
that stands in words looking back (`nach dem Sieg am Samstag fehlten ihm …`) belongs to something else.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import replace

from articles.factcheck.checks import checks
from articles.factcheck.checks.date import german
from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Session
from articles.factcheck.verdict import Evidence, Judgement, Verdict, contradicted

_SENTENCE_END = re.compile(r"[.!?]\s+[A-ZÄÖÜ\d„“\"]|\n")
_ENDS = re.compile(r"[.!?]\s|\n")
_LOOKING_BACK = re.compile(
    r"\b(?:nach|vor|trotz|wie|als|seit|bis|für|statt|after|before|since|despite|than|from|like|unlike|for|auch|also|noch|schon|bereits)"
    r"\b[^,;:]*$",
    re.IGNORECASE,
)
_STILL = re.compile(r"\W+(?:noch|schon|bereits|zuvor|davor|still|already)\b", re.IGNORECASE)
_WHEN = re.compile(r", (?:als|when)\b", re.IGNORECASE)  # one deed, told in two clauses
_DOING = re.compile(
    r"^, (?:(?:their|his|her) \w+ )?\w+ing\b", re.IGNORECASE
)  # `on Sunday, their Oreca taking the flag`
_RELATIVE = re.compile(r", (?:den|das|die|in dem|bei dem|which) ")
_PARTED = re.compile(
    r"[,;–—()]|\s-\s|\b(?:und|and|but|aber|ehe|bevor|before|after|nach(?!\s\d)|nachdem)\b", re.IGNORECASE
)
_EXACT = frozenset({ClaimType.LAP_TIME, ClaimType.GAP_TIME, ClaimType.LAPS_COMPLETED})
_LEADING = re.compile(r"(?:,|\bnach|\bafter|\s)+$", re.IGNORECASE)  # what leads to the figure itself
_FEW_LAPS = 9
_NAMED = 2  # level of a subject
_SAID = 3  # level of what the clause itself says

Judged = tuple[Claim, Verdict]


def redated(claim: Claim, verdict: Verdict, beside: Iterable[Judged], sheet: FactSheet, text: str) -> Verdict | None:
    """A contradiction where the exact figures of the sentence are all of another day; else None."""
    if claim.type is not ClaimType.DATE or claim.hint not in {"weekday", "date"} or claim.later is not None:
        return None
    if verdict.judgement is Judgement.CONTRADICTED or not claim.is_judged:
        return None
    mates = [(one, found) for one, found in beside if one is not claim and _is_joined(one, claim, text)]
    days = [one for one, _found in mates if one.type is ClaimType.DATE]
    mates = [(one, found) for one, found in mates if not any(_is_nearer(day, claim, one) for day in days)]
    sessions = [session for one, found in mates for session in _anchors(one, found, claim, sheet, text)]
    day = dt.date.fromisoformat(str(claim.value))
    if not sessions or any(session.day is None or _may_be_on(day, session) for session in sessions):
        return None
    if len({session.day for session in sessions}) > 1:
        return None
    own = sessions[0].day
    assert own is not None  # noqa: S101 - asked above
    return contradicted(Evidence(sessions[0].name, "", "Datum", german(own)), german(day))


def _is_nearer(day: Claim, claim: Claim, one: Claim) -> bool:
    """Whether another day of the sentence stands nearer to a figure: of two days each has its own session."""
    return abs(day.start - one.start) < abs(claim.start - one.start)


def _may_be_on(day: dt.date, session: Session) -> bool:
    """By the weekday: of two Sundays of an event the other one is printed in no text."""
    return day.weekday() in {one.weekday() for one in session.days}


def _is_joined(one: Claim, other: Claim, text: str) -> bool:
    return not _SENTENCE_END.search(text, min(one.end, other.end), max(one.start, other.start))


def _anchors(one: Claim, found: Verdict, claim: Claim, sheet: FactSheet, text: str) -> tuple[Session, ...]:
    """The sessions that an exact figure of the sentence proves to be spoken of where the day stands."""
    if one.type is ClaimType.SESSION_TIME:
        return _starting(one, claim, sheet, text)
    if one.type not in _EXACT or one.op or not one.is_judged or not _is_exact(one, sheet):
        return ()
    is_relative = (
        _RELATIVE.match(text, claim.end) and claim.end < one.start
    )  # `nach dem Sprint am Samstag, den er mit …`
    if _looks_back(claim, text) and one.type is not ClaimType.LAP_TIME and not is_relative:
        return ()
    between = _LEADING.sub("", _WHEN.sub("", text[min(one.end, claim.end) : max(one.start, claim.start)]))
    between = _DOING.sub("", between) if claim.end <= one.start else between
    if _PARTED.search(between.removeprefix(",") if is_relative else between):
        return ()
    if one.type is not ClaimType.LAPS_COMPLETED and found.judgement is Judgement.CONFIRMED:
        return tuple(session for session in sheet.run if session.name == found.evidence.source)
    return _fitting(one, sheet)


def _starting(one: Claim, claim: Claim, sheet: FactSheet, text: str) -> tuple[Session, ...]:
    """`am Freitag um 16 Uhr`: the one session that starts at the hour right behind the day."""
    between = text[claim.end : one.start].strip(" ,")
    if (
        one.start < claim.end
        or between not in {"um", "at", ""}
        or one.hint in {"zone", "home"}
        or one.later is not None
    ):
        return ()
    started = [session for session in sheet.sessions if one.value in {session.clock, session.home_clock}]
    return tuple(started) if len({session.day for session in started}) == 1 else ()


def _fitting(one: Claim, sheet: FactSheet) -> tuple[Session, ...]:
    """The one session whose figures agree, if the day is not asked; none where nobody is named."""
    if one.subject.level < _NAMED or one.subject.car is None or one.subject.is_doubted:
        return ()
    check = checks()[one.type]
    scenes = [(session, replace(one.scene, sessions=(session,), level=_SAID, day=None)) for session in sheet.run]
    agreeing = [
        session
        for session, scene in scenes
        if (found := check(replace(one, scene=scene), sheet)).judgement is Judgement.CONFIRMED
        and found.evidence.source == session.name
    ]
    return tuple(agreeing) if len(agreeing) == 1 else ()


def _looks_back(claim: Claim, text: str) -> bool:
    before = _ENDS.split(text[max(claim.start - 60, 0) : claim.start])[-1]
    return bool(_LOOKING_BACK.search(before) or _STILL.match(text, claim.end))


def _is_exact(one: Claim, sheet: FactSheet) -> bool:
    if one.type is ClaimType.LAPS_COMPLETED:
        return int(str(one.value)) > _FEW_LAPS
    return one.precision_ms <= sheet.step_ms
