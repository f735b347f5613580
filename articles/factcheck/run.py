"""A text beside a sheet: its claims, each with its verdict."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from articles.factcheck.checks import checks
from articles.factcheck.claim import Claim, ClaimType, Context
from articles.factcheck.claims import read_claims
from articles.factcheck.dating import redated
from articles.factcheck.reconsidering import reconsider
from articles.factcheck.relevance import speaks_of
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import TWO_READINGS, Evidence, Judgement, Verdict, uncheckable

checks()  # imported with the engine, so that no text has to wait for them

_UNJUDGED = {
    Context.QUOTE: "Wörtliche Rede wird berichtet, nicht geprüft.",
    Context.HYPOTHETICAL: "Eine Möglichkeit, keine Tatsache.",
    Context.HISTORICAL: "Eine Aussage über frühere Zeiten; dazu sagen diese Daten nichts.",
}
_MINUTES = re.compile(r"\d{1,2}[:.'’m]\d\d[.,]\d{3}")
_AROUND = 15  # claims
_FEW_LAPS = 9
_NEAR = 120  # signs
_SENTENCE_END = re.compile(r"[.!?]\s+[A-ZÄÖÜ]|\n")
_PLACES = frozenset({ClaimType.POSITION, ClaimType.CLASS_POSITION})
_SECONDED = _PLACES | {ClaimType.GAP_TIME, ClaimType.GAP_LAPS, ClaimType.LAPS_COMPLETED, ClaimType.LAP_TIME}
_OF_SESSIONS = frozenset({ClaimType.LAPS_COMPLETED, ClaimType.POSITION, ClaimType.CLASS_POSITION, ClaimType.STATUS})
_NAMED = 2  # level of a subject
_SAID = 3  # level of a scene that the clause says
_BESIDE = 20  # signs
_ROUGH = 100  # ms
_PASSAGE = 200  # signs
_SECONDING = frozenset(
    {ClaimType.POSITION, ClaimType.CLASS_POSITION, ClaimType.GRID_POSITION, ClaimType.LAPS_COMPLETED}
)
_MEASURED = frozenset({ClaimType.GAP_TIME, ClaimType.GAP_LAPS, ClaimType.LAPS_COMPLETED})
_SETTLING = _SECONDING | {ClaimType.LAP_TIME}
_TIMES = frozenset({ClaimType.LAP_TIME, ClaimType.GAP_TIME})


@dataclass(frozen=True, slots=True)
class Finding:
    """One claim and what the sheet says of it."""

    claim: Claim
    verdict: Verdict


def check_text(text: str, sheet: FactSheet) -> list[Finding]:
    """Every claim of the text with its verdict, in the text's order; none of a text that is about something else."""
    if not speaks_of(text, sheet):
        return []
    return list(judge(read_claims(text, sheet), sheet, text))


def judge(claims: list[Claim], sheet: FactSheet, text: str = "") -> Iterator[Finding]:
    """The verdicts of claims in the text's order."""
    findings = [Finding(claim, _verdict(claim, sheet)) for claim in claims]
    breaks = [match.start() for match in re.finditer("\n", text)]
    paragraphs = [bisect_right(breaks, claim.start) for claim in claims]
    for number, finding in enumerate(findings):
        first = max(number - _AROUND, bisect_left(paragraphs, paragraphs[number]))
        beside = findings[first : min(number + _AROUND, bisect_right(paragraphs, paragraphs[number]))]
        verdict = (_understood(finding, beside, sheet, text) if text else None) or finding.verdict
        if text and _is_corrected(finding.claim, verdict, findings[number + 1 : number + _AROUND], text):
            verdict = uncheckable(TWO_READINGS, verdict.evidence)
        if verdict.judgement is Judgement.CONTRADICTED:
            verdict = reconsider(finding.claim, verdict, sheet, _told(finding, beside))
        yield finding if verdict is finding.verdict else Finding(finding.claim, verdict)


def _understood(finding: Finding, beside: list[Finding], sheet: FactSheet, text: str) -> Verdict | None:
    """What is found where the claims beside show who is meant, or in which session; None where they do not."""
    return (
        _seconded(finding, beside, sheet, text)
        or _placed(finding, beside, sheet)
        or _settled(finding, beside, sheet, text)
        or redated(finding.claim, finding.verdict, [(one.claim, one.verdict) for one in beside], sheet, text)
    )


def _settled(finding: Finding, findings: list[Finding], sheet: FactSheet, text: str) -> Verdict | None:
    """A gap of a car of which the sentence says another thing that is true in one session alone: it is a gap of that one."""
    claim, car = finding.claim, finding.claim.subject.car
    is_rough = claim.type is ClaimType.GAP_TIME and claim.precision_ms >= _ROUGH  # that fits somewhere soon
    is_pair = claim.rival.car is not None and claim.rival.level >= _NAMED  # as far apart as somewhere else
    is_open = finding.verdict.judgement is Judgement.UNCHECKABLE or is_rough or is_pair
    if not is_open or claim.type not in _MEASURED or finding.verdict.judgement is Judgement.CONTRADICTED:
        return None
    if car is None or claim.subject.level < _NAMED or claim.subject.is_doubted or not claim.is_judged:
        return None
    sources = {
        other.verdict.evidence.source
        for other in findings
        if other.verdict.judgement is Judgement.CONFIRMED
        and other.claim.type in _SETTLING
        and other.verdict.evidence.car == f"#{car}"
        and not _SENTENCE_END.search(text, min(other.claim.end, claim.end), max(claim.start, other.claim.start))
    }
    sessions = tuple(session for session in sheet.run if session.name in sources)
    is_here = finding.verdict.judgement is Judgement.CONFIRMED and finding.verdict.evidence.source in sources
    if is_here or len(sessions) != 1 or (sessions == claim.scene.sessions and claim.scene.level > 1):
        return None
    is_told = is_pair and sessions == claim.scene.sessions and sessions[0].kind in {"race", "sprint"}
    if is_pair and not is_told and finding.verdict.judgement is not Judgement.UNCHECKABLE and not is_rough:
        return None
    level = _SAID if is_told else _NAMED
    found = checks()[claim.type](replace(claim, scene=replace(claim.scene, sessions=sessions, level=level)), sheet)
    return found if found.judgement is Judgement.CONTRADICTED else None


def _is_corrected(claim: Claim, verdict: Verdict, behind: list[Finding], text: str) -> bool:
    """`kam als Zweiter an und wurde auf Platz drei zurückgereiht`: the sentence itself goes on to say the right place."""
    if verdict.judgement is not Judgement.CONTRADICTED or claim.type is not ClaimType.POSITION:
        return False
    return any(
        other.claim.type is ClaimType.POSITION
        and other.claim.hint != "quick"
        and other.verdict.judgement is Judgement.CONFIRMED
        and other.verdict.evidence == verdict.evidence
        and not _SENTENCE_END.search(text, claim.end, max(other.claim.start, claim.end))
        for other in behind
    )


def _told(finding: Finding, findings: list[Finding]) -> frozenset[Evidence]:
    """What the passage says besides and the sheet confirms."""
    return frozenset(
        other.verdict.evidence
        for other in findings
        if other is not finding
        and other.verdict.judgement is Judgement.CONFIRMED
        and other.claim.hint != "pole"
        and abs(other.claim.start - finding.claim.start) < _PASSAGE
    )


def _verdict(claim: Claim, sheet: FactSheet) -> Verdict:
    known = checks()
    reason = _UNJUDGED.get(claim.context)
    if reason is None:
        found = known[claim.type](claim, sheet)
        return _as_other_time(claim, sheet, found) if claim.type in _TIMES else found
    told = known[claim.type](claim, sheet) if _tells_itself(claim) else None
    return told if told and told.judgement is Judgement.CONFIRMED else uncheckable(reason)


def _as_other_time(claim: Claim, sheet: FactSheet, found: Verdict) -> Verdict:
    """`schlug zurück: 1:41,118`: a lap that looks like a gap, or the other way round, where the sheet has it to the thousandth."""
    if found.judgement is Judgement.CONFIRMED or claim.precision_ms > 1 or claim.op:
        return found
    is_known = claim.value in sheet.times or _MINUTES.match(claim.text)
    if claim.type is ClaimType.GAP_TIME and not is_known:
        return found
    other = ClaimType.GAP_TIME if claim.type is ClaimType.LAP_TIME else ClaimType.LAP_TIME
    instead = checks()[other](replace(claim, type=other), sheet)
    is_lap = other is ClaimType.LAP_TIME and _MINUTES.match(claim.text)  # a lap that words of distance stand beside
    if is_lap and instead.judgement is Judgement.CONTRADICTED and found.judgement is Judgement.UNCHECKABLE:
        return instead
    return instead if instead.judgement is Judgement.CONFIRMED else found


def _tells_itself(claim: Claim) -> bool:
    """What agrees to the thousandth or to the lap is of this event, whatever else its sentence speaks of; but no speech."""
    if claim.context is Context.QUOTE or claim.op:
        return False
    if claim.type is ClaimType.LAPS_COMPLETED:
        return int(str(claim.value)) > _FEW_LAPS
    return claim.type in _TIMES and claim.precision_ms == 1


def _seconded(finding: Finding, findings: list[Finding], sheet: FactSheet, text: str) -> Verdict | None:
    """A claim of a car that is only understood, where the sentence says another thing that is true of that car.

    `… kam auf Rang sechs, 2:55,7 Minuten hinter Kreim`: the place shows that the right car is meant.
    """
    claim = finding.claim
    is_lacking = claim.type is ClaimType.LAPS_COMPLETED and not claim.hint  # perhaps how it stood on the way
    if finding.verdict.judgement is not Judgement.UNCHECKABLE or not claim.subject.car:
        return None
    if claim.subject.level != 1 and not (is_lacking and claim.subject.level > 1):
        return None
    if claim.type not in _SECONDED or not claim.is_judged:
        return None
    for other in findings:
        mate = other.claim
        is_measured = _is_measured(mate, claim)
        if (
            (is_measured or (mate.type in _SECONDING and claim.type not in _PLACES and claim.subject.level == 1))
            and mate.type is not claim.type
            and other.verdict.judgement is Judgement.CONFIRMED
            and mate.subject.car == claim.subject.car
            and -_NEAR < claim.start - mate.end < _NEAR
            and not _SENTENCE_END.search(text, min(mate.end, claim.end), max(claim.start, mate.start))
            and f"#{claim.subject.car}" in other.verdict.evidence.car
            and (not claim.subject.is_doubted or is_measured or _is_joined(text[mate.end : claim.start], mate))
        ):
            certain = replace(claim, subject=replace(claim.subject, level=2, is_doubted=False))
            if is_measured and claim.type is ClaimType.LAPS_COMPLETED and not claim.hint:
                certain = replace(certain, hint="result")  # the gap is that of the end
            return checks()[claim.type](certain, sheet)
    return None


def _is_measured(mate: Claim, claim: Claim) -> bool:
    """`kam als Zehnter an, 0,852 Sekunden hinter Lundqvist`: a gap so fine that it shows who is meant, and where."""
    is_wanted = claim.type in _PLACES or claim.type is ClaimType.LAPS_COMPLETED
    is_here = mate.scene.sessions == claim.scene.sessions
    return is_wanted and mate.type is ClaimType.GAP_TIME and mate.precision_ms == 1 and not mate.op and is_here


def _is_joined(between: str, mate: Claim) -> bool:
    """`they came home fifth, a lap behind`: nobody can stand between, and the place is his for certain."""
    return (
        mate.type is ClaimType.POSITION
        and len(between) < _BESIDE
        and between.islower() | (between.strip() in {",", "and", "und"})
    )


def _placed(finding: Finding, findings: list[Finding], sheet: FactSheet) -> Verdict | None:
    """A value of another race of the weekend, in a passage that is otherwise true of the one that is spoken of."""
    claim, verdict = finding.claim, finding.verdict
    is_open = verdict.judgement is Judgement.CONFIRMED or (
        verdict.why == TWO_READINGS and bool(verdict.evidence.source)
    )
    is_wanted = claim.type in _OF_SESSIONS and is_open and claim.scene.level == 1
    if not is_wanted or len(claim.scene.sessions) != 1 or claim.subject.level < _NAMED or claim.subject.car is None:
        return None
    here, there = claim.scene.sessions[0].name, verdict.evidence.source
    is_raced = not claim.scene.sessions[0].is_race and any(one.is_race for one in sheet.run if one.name == there)
    if here == there or is_raced:  # a place is soon one of the race
        return None
    sources = [
        other.verdict.evidence.source
        for other in findings
        if other is not finding
        and other.verdict.judgement is Judgement.CONFIRMED
        and other.claim.type is not ClaimType.GRID_POSITION  # `vor Polesetter Buemi` speaks of no qualifying
        and abs(other.claim.start - claim.start) < _PASSAGE
    ]
    if here not in sources or there in sources:
        return None
    scene = replace(claim.scene, level=3)
    found = checks()[claim.type](replace(claim, scene=scene), sheet)
    return found if found.judgement is Judgement.CONTRADICTED else None
