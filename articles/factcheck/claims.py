"""Race prose to claims: what it states, about whom, in which session. Pure; `FactSheet` supplies the names.

The grammar has one module a family of claims in `grammar/`; each is a function `find(page)`.
"""

from __future__ import annotations

from articles.factcheck.claim import Claim
from articles.factcheck.grammar import (
    bare,
    calendar,
    cars,
    counts,
    crews,
    fates,
    happenings,
    laps,
    leaders,
    places,
    standing,
    tables,
    times,
)
from articles.factcheck.grammar.markup import put_back, without_marks
from articles.factcheck.grammar.page import Page, read_page
from articles.factcheck.sheet import FactSheet

_FAMILIES = (times, laps, standing, bare, places, tables, counts, crews, cars, calendar, fates, happenings, leaders)


def read_claims(text: str, sheet: FactSheet) -> list[Claim]:
    """All claims of a text in its order; spans are code points of the text."""
    plain, spots = without_marks(text)
    claims = claims_of(read_page(plain, sheet))
    return [put_back(claim, text, spots) for claim in claims] if spots else claims


def claims_of(page: Page) -> list[Claim]:
    found = {(claim.start, claim.end, claim.type): claim for family in _FAMILIES for claim in family.find(page)}
    return sorted(found.values(), key=lambda claim: (claim.start, claim.end, claim.type))
