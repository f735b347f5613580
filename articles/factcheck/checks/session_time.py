"""Hours: when a session starts, by the clock of the venue."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet, Later, Session
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

TYPES = (ClaimType.SESSION_TIME,)
_HOME = ZoneInfo("Europe/Berlin")
_FAR = 180  # minutes; who is further off speaks of something else
_NAMES = {"race": ("rennen", "race", "lauf"), "qualifying": ("quali", "zeittraining"), "sprint": ("sprint",)}


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = str(claim.value)
    if claim.hint in {"zone", "home"}:
        return _of_zone(claim, value, sheet)
    if claim.later is not None:
        return _of_calendar(sheet.calendar[claim.later], claim, value)
    clocks = {session.clock for session in claim.scene.sessions if session.clock}
    is_one = len(clocks) == 1 and claim.scene.level > 0 and claim.hint == "start"
    is_of_day = claim.hint == "start" and claim.scene.day is not None and all(one.clock for one in claim.scene.sessions)
    found = _found(value, claim.scene.sessions, sheet, is_one=is_one)
    if found:
        return confirmed(found)
    days = {session.day for session in claim.scene.sessions}
    is_said = claim.scene.level > 1 or claim.scene.day in days
    others = [session for session in sheet.sessions if not is_one or not is_said or session.day in days]
    if any(value in {session.clock, session.home_clock} for session in others):
        return uncheckable("Um diese Zeit beginnt eine andere Session; welche gemeint ist, ist nicht sicher.")
    session = min(
        (one for one in claim.scene.sessions if one.clock), key=lambda one: _apart(one.clock, value), default=None
    )
    if session and (is_one or (is_of_day and claim.scene.level > 0 and _apart(session.clock, value) <= _FAR)):
        return contradicted(Evidence(session.name, "", "Beginn", f"{session.clock} Uhr"), f"{value} Uhr")
    return uncheckable("Zu dieser Uhrzeit ist nichts gespeichert.")


def _of_zone(claim: Claim, value: str, sheet: FactSheet) -> Verdict:
    """An hour by another clock than the venue's; by the newsroom's own (`um 21 Uhr deutscher Zeit`) it can be wrong."""
    if claim.hint == "zone":
        own = _found(value, claim.scene.sessions, sheet, is_one=True) if claim.later is None else None
        return confirmed(own) if own else uncheckable("Die Uhrzeit gilt in einer anderen Zeitzone.")
    clocks = {session: _home_clock(session, sheet) for session in claim.scene.sessions}
    agreeing = next((session for session, clock in clocks.items() if clock == value), None)
    if agreeing:
        return confirmed(Evidence(agreeing.name, "", "Beginn", f"{value} Uhr deutscher Zeit"))
    at_venue = next((session for session in clocks if session.clock == value), None)
    if at_venue and clocks[at_venue] and claim.scene.level > 0 and len(set(clocks.values())) == 1:
        return contradicted(
            Evidence(at_venue.name, "", "Beginn", f"{clocks[at_venue]} Uhr deutscher Zeit"), f"{value} Uhr"
        )
    return uncheckable("Die Uhrzeit gilt in einer anderen Zeitzone.")


def _home_clock(session: Session, sheet: FactSheet) -> str:
    """The start by the clock of Berlin; empty where it is not known."""
    if session.home_clock or session.day is None or not session.clock or not sheet.timezone:
        return session.home_clock
    try:
        venue = ZoneInfo(sheet.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        return ""
    begin = dt.datetime.combine(session.day, dt.time.fromisoformat(session.clock), venue)
    return f"{begin.astimezone(_HOME):%H:%M}"


def _apart(one: str, other: str) -> int:
    """Minutes between two hours of a day."""
    first, second = (60 * int(clock[:2]) + int(clock[3:]) for clock in (one, other))
    return abs(first - second)


def _of_calendar(later: Later, claim: Claim, value: str) -> Verdict:
    """An hour of the event that the sentence names: that of the session spoken of, where one alone is of its kind."""
    kinds = {session.kind for session in claim.scene.sessions} if claim.scene.level > 1 else set[str]()
    wanted = [words for kind, words in _NAMES.items() if kind in kinds]
    meant = [
        (name, clock) for name, clock in later.clocks if any(word in name.lower() for words in wanted for word in words)
    ]
    pool = meant if len(kinds) == 1 else later.clocks
    for name, clock in pool:
        if clock == value:
            return confirmed(Evidence(later.name, name, "Beginn", f"{clock} Uhr"))
    name, clock = min(pool, key=lambda one: _apart(one[1], value), default=("", ""))
    is_far = not clock or _apart(clock, value) > _FAR
    if claim.hint == "start" and (len(meant) == 1 == len(kinds) or not is_far):
        return contradicted(Evidence(later.name, name, "Beginn", f"{clock} Uhr"), f"{value} Uhr")
    return uncheckable("Zu dieser Uhrzeit ist nichts gespeichert.")


def _found(value: str, meant: tuple[Session, ...], sheet: FactSheet, *, is_one: bool) -> Evidence | None:
    """Where the hour stands: at the session meant, at any other where none is, in the calendar."""
    for session in meant if is_one else (*meant, *sheet.sessions):
        if value in {session.clock, session.home_clock}:
            return Evidence(session.name, "", "Beginn", f"{value} Uhr")
    for later in sheet.calendar:
        for name, clock in later.clocks:
            if clock == value:
                return Evidence(later.name, name, "Beginn", f"{clock} Uhr")
    return None
