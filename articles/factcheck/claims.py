"""Race prose to claims: what it states, about whom, in which session. Pure; `FactSheet` supplies the names.

The grammar has one module a family of claims in `grammar/`; each is a function `find(page)`.
"""

from __future__ import annotations

from articles.factcheck.claim import Claim
from articles.factcheck.grammar import calendar, cars, crews, fates, happenings, laps, places, standing, tables, times
from articles.factcheck.grammar.page import Page, read_page
from articles.factcheck.sheet import FactSheet

_FAMILIES = (times, laps, standing, places, tables, crews, cars, calendar, fates, happenings)


def read_claims(text: str, sheet: FactSheet) -> list[Claim]:
    """All claims of a text in its order; spans are code points of the text."""
    return claims_of(read_page(text, sheet))


def claims_of(page: Page) -> list[Claim]:
    found = {(claim.start, claim.end, claim.type): claim for family in _FAMILIES for claim in family.find(page)}
    return sorted(found.values(), key=lambda claim: (claim.start, claim.end, claim.type))
