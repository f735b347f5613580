"""A text beside a sheet: its claims, each with its verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from articles.factcheck.checks import checks
from articles.factcheck.claim import Claim, ClaimType, Context
from articles.factcheck.claims import read_claims
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Judgement, Verdict, uncheckable

_UNJUDGED = {
    Context.QUOTE: "Wörtliche Rede wird berichtet, nicht geprüft.",
    Context.HYPOTHETICAL: "Eine Möglichkeit, keine Tatsache.",
    Context.HISTORICAL: "Eine Aussage über frühere Zeiten; dazu sagen diese Daten nichts.",
}
_TIMES = frozenset({ClaimType.LAP_TIME, ClaimType.GAP_TIME})


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
        if reason is None:
            yield Finding(claim, known[claim.type](claim, sheet))
            continue
        found = known[claim.type](claim, sheet) if _tells_itself(claim) else None
        is_held = found is not None and found.judgement is Judgement.CONFIRMED
        yield Finding(claim, found if found and is_held else uncheckable(reason))


def _tells_itself(claim: Claim) -> bool:
    """A time to the thousandth that the sheet holds is of this event, whatever else its sentence speaks of; but no speech."""
    return claim.context is not Context.QUOTE and claim.type in _TIMES and claim.precision_ms == 1 and not claim.op
