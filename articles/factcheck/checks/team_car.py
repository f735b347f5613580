"""Teams and makes: does the one named beside somebody hold his car?"""

from __future__ import annotations

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Evidence, Verdict, confirmed, contradicted, uncheckable

TYPES = (ClaimType.TEAM_CAR,)


def check(claim: Claim, sheet: FactSheet) -> Verdict:
    """`claim.near` holds the cars of the team or make that is named."""
    own = set(claim.subject.cars)
    named = set(claim.near)
    both = sorted(own & named)
    if both:
        return confirmed(_evidence(both[0], sheet))
    if not own:
        return uncheckable("Zu wem das Auto gehört, ist nicht sicher.")
    first = min(own)
    if claim.hint == "loose" or claim.subject.is_plural:
        return uncheckable("Ob es sein Auto ist, ist nicht sicher.", _evidence(first, sheet))
    if len({sheet.cars[number].model.split()[0] for number in own if sheet.cars[number].model}) > 1:
        return uncheckable("Das Team setzt mehrere Marken ein.", _evidence(first, sheet))
    return contradicted(_evidence(first, sheet), f"„{claim.value}“")


def _evidence(number: str, sheet: FactSheet) -> Evidence:
    car = sheet.cars[number]
    return Evidence("Nennung", f"#{number}", "Team und Auto", f"{car.team}, {car.model}".strip(", "))
