"""Hours: when a session starts, by the clock of the venue."""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

TYPES = (ClaimType.SESSION_TIME,)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    value = str(claim.value)
    if claim.hint == "zone":
        return uncheckable("Die Uhrzeit gilt in einer anderen Zeitzone.")
    for session in (*claim.scene.sessions, *sheet.sessions):
        if session.clock == value:
            return confirmed(Evidence(session.name, "", "Beginn", f"{value} Uhr"))
    for later in sheet.calendar:
        for name, clock in later.clocks:
            if clock == value:
                return confirmed(Evidence(later.name, name, "Beginn", f"{clock} Uhr"))
    clocks = {session.clock for session in claim.scene.sessions if session.clock}
    if len(clocks) == 1 and claim.scene.level and claim.hint == "start":
        session = next(session for session in claim.scene.sessions if session.clock)
        return contradicted(Evidence(session.name, "", "Beginn", f"{session.clock} Uhr"), f"{value} Uhr")
    return uncheckable("Zu dieser Uhrzeit ist nichts gespeichert.")
