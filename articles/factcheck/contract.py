"""Findings as the JSON that `check_facts` prints; the form is a contract."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from articles.factcheck.claim import Claim, Subject, Value
from articles.factcheck.run import Finding


def as_objects(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """One object a claim, in the text's order."""
    return [_as_object(finding) for finding in findings]


def _as_object(finding: Finding) -> dict[str, Any]:
    claim, verdict = finding.claim, finding.verdict
    found = {
        "start": claim.start,
        "text": claim.text,
        "type": str(claim.type),
        "subject": _subject(claim.subject),
        "value": _plain(claim.value),
        "verdict": str(verdict.judgement),
        "evidence": {
            "session": verdict.evidence.source,
            "car": verdict.evidence.car,
            "column": verdict.evidence.column,
            "value": verdict.evidence.value,
        },
        "why": verdict.why,
    }
    return found | _extras(claim)


def _extras(claim: Claim) -> dict[str, Any]:
    """What the gold cases give only where it says something."""
    said = {"op": claim.op, "context": str(claim.context), "class": claim.scene.class_name}
    return {key: value for key, value in said.items() if value}


def _subject(subject: Subject) -> str:
    return "/".join(f"#{car}" for car in subject.cars[:4]) or subject.name


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value
