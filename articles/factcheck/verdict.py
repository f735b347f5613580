"""What a check says of a claim: a verdict, the right value where it differs, the evidence and a German sentence.

Every check asks the same way. It collects readings of the claim: strong ones are what the words say, weak ones what they
might say as well. Any reading that agrees confirms or, where only a coarse weak one does, leaves the claim open; only
where the words leave no doubt and no reading agrees is the claim contradicted.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from articles.factcheck.claim import Claim


class Judgement(StrEnum):
    """The three verdicts."""

    CONFIRMED = "confirmed"
    CONTRADICTED = "contradicted"
    UNCHECKABLE = "uncheckable"


class Evidence(NamedTuple):
    """Where a value stands: session or table, car or entrant, column, the value as shown to people."""

    source: str = ""
    car: str = ""
    column: str = ""
    value: str = ""


NO_EVIDENCE = Evidence()


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check."""

    judgement: Judgement
    why: str
    evidence: Evidence = NO_EVIDENCE
    right: str = ""  # the right value, as it would be printed


class Reading(NamedTuple):
    """One way to understand a claim: what the data say under it. `truth` None: nothing stored."""

    truth: object
    evidence: Evidence
    agrees: bool


def confirmed(evidence: Evidence) -> Verdict:
    return Verdict(Judgement.CONFIRMED, f"{_where(evidence)}: {evidence.value}.", evidence)


def contradicted(evidence: Evidence, said: str) -> Verdict:
    why = f"Im Text steht {said}, in den Daten {evidence.value} ({_where(evidence)})."
    return Verdict(Judgement.CONTRADICTED, why, evidence, right=evidence.value)


def uncheckable(why: str, evidence: Evidence = NO_EVIDENCE) -> Verdict:
    return Verdict(Judgement.UNCHECKABLE, why, evidence)


NO_SUBJECT = "Von wem die Rede ist, lässt sich nicht sicher sagen."
NO_DATA = "Dazu ist nichts gespeichert."
TWO_READINGS = "Zwei Lesarten sind möglich; die Daten geben nur einer recht."


def _where(evidence: Evidence) -> str:
    """`Rennen, #6–#51, Abstand`; a column that the value names itself (`Rang 3`, `39 Runden`, `#91`) is not said twice."""
    is_said = evidence.column in evidence.value or evidence.value.startswith("#")
    parts = (evidence.source or "Datenblatt", evidence.car, "" if is_said else evidence.column)
    return ", ".join(part for part in parts if part)


def decide(
    claim: Claim,
    strong: list[Reading],
    weak: list[Reading],
    *,
    is_sure: bool,
    said: str,
    is_exact: bool,
    is_open: bool = False,
) -> Verdict:
    """The rule all checks share.

    `is_exact`: a value so fine that agreement is no accident. `is_open`: the words may as well mean a weak reading, so
    that one that agrees confirms; where none does the claim can be wrong all the same.
    """
    strong = [reading for reading in strong if reading.truth is not None]
    weak = [reading for reading in weak if reading.truth is not None]
    agreeing = next((reading for reading in strong if reading.agrees), None)
    if agreeing:
        return confirmed(agreeing.evidence)
    other = next((reading for reading in weak if reading.agrees), None)
    if other and (is_exact or is_open or not (strong and is_sure)):
        return confirmed(other.evidence)  # the words leave open who is meant, and one they may mean did it
    if other:
        return uncheckable(TWO_READINGS, other.evidence)
    if not strong:
        return uncheckable(NO_DATA if claim.subject.cars or claim.subject.people else NO_SUBJECT)
    if not is_sure:
        return uncheckable(NO_SUBJECT, strong[0].evidence)
    return contradicted(min(strong, key=lambda reading: not _is_slip(said, reading.evidence.value)).evidence, said)


def _is_slip(said: str, stored: str) -> bool:
    """The same digits in another order, or all but one: the reading that the writer most likely had before the eyes."""
    one, other = ([sign for sign in text if sign.isdecimal()] for text in (said, stored))
    if len(one) != len(other):
        return False
    return sorted(one) == sorted(other) or sum(a != b for a, b in zip(one, other, strict=True)) == 1
