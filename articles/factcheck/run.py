"""A text beside a sheet: its claims, each with its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from articles.factcheck.checks import checks
from articles.factcheck.claim import Claim, Context
from articles.factcheck.claims import read_claims
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Verdict, uncheckable

_UNJUDGED = {
    Context.QUOTE: "Wörtliche Rede wird berichtet, nicht geprüft.",
    Context.HYPOTHETICAL: "Eine Möglichkeit, keine Tatsache.",
    Context.HISTORICAL: "Eine Aussage über frühere Zeiten; dazu sagen diese Daten nichts.",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim and what the sheet says of it."""

    claim: Claim
    verdict: Verdict


def check_text(text: str, sheet: FactSheet) -> list[Finding]:
    """Every claim of the text with its verdict, in the text's order."""
    return list(judge(read_claims(text, sheet), sheet))


def judge(claims: list[Claim], sheet: FactSheet) -> Iterator[Finding]:
    known = checks()
    for claim in claims:
        reason = _UNJUDGED.get(claim.context)
        yield Finding(claim, uncheckable(reason) if reason else known[claim.type](claim, sheet))
