"""`python -m bench.factcheck.misses [--half 0|1] [--words] [FOLDER...]`: why seeded errors are not found, counted by type and reason.

The reason is the first step of the engine that let the error go: nothing read there, a mood that is not judged, a car or a
session left open, a second reading that agrees. `--half` takes the cases of even or odd numbers alone: a rule is written with
one half before the eyes and measured on the other.
"""

import argparse
import re
from collections import Counter
from typing import Any

from articles.factcheck.checks import checks
from articles.factcheck.claim import UNJUDGED
from articles.factcheck.run import Finding, check_text
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import NO_DATA, NO_SUBJECT, TWO_READINGS, Judgement
from bench.factcheck.scoring import CASES, load, overlaps

FOLDERS = ("gold", ".", "held", "fresh", "fresh2", "learned", "sealed")
_NAMED = 2  # level of a subject


def main() -> None:
    parser = argparse.ArgumentParser(prog="bench.factcheck.misses", description=__doc__)
    parser.add_argument("folders", nargs="*", default=FOLDERS)
    parser.add_argument("--half", type=int, choices=(0, 1))
    parser.add_argument("--words", action="store_true", help="print every miss with its sentence")
    wanted = parser.parse_args()
    counted: Counter[tuple[str, str]] = Counter()
    for folder in wanted.folders:
        for case in load(CASES / folder):
            if wanted.half is None or number_of(case) % 2 == wanted.half:
                for gold, reason in missed(case):
                    counted[gold["type"], reason] += 1
                    if wanted.words:
                        print(f"[{reason}] {case['id']} {gold['type']}\n    {_sentence(case, gold)}\n    {gold['why']}")
    print(_table(counted))


def number_of(case: dict[str, Any]) -> int:
    """The number a case begins with."""
    found = re.match(r"\d+", str(case["id"]))
    return int(found[0]) if found else 0


def missed(case: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    """The seeded errors of a case that are not found, each with the reason."""
    sheet = FactSheet.from_records(case["data"])
    findings = check_text(case["body"], sheet)
    found = []
    for gold in case["claims"]:
        if gold["verdict"] != Judgement.CONTRADICTED:
            continue
        start, end = gold["start"], gold["start"] + len(gold["text"])
        here = [finding for finding in findings if overlaps(finding, start, end, gold["type"])]
        if not any(finding.verdict.judgement is Judgement.CONTRADICTED for finding in here):
            found.append((gold, _reason(gold, here, sheet)))
    return found


def _reason(gold: dict[str, Any], here: list[Finding], sheet: FactSheet) -> str:
    if not here:
        return "a not read"
    finding = next((one for one in here if one.claim.type == gold["type"]), here[0])
    return _of_verdict(finding, sheet) or _of_words(finding)


def _of_verdict(finding: Finding, sheet: FactSheet) -> str:
    """The reason where the verdict itself tells it, else nothing."""
    claim, verdict = finding.claim, finding.verdict
    is_first_thought = checks()[claim.type](claim, sheet).judgement is Judgement.CONTRADICTED
    reasons = (
        (claim.context in UNJUDGED, f"b mood: {claim.context}"),
        (verdict.judgement is Judgement.CONFIRMED, "c another reading confirms"),
        (verdict.why == TWO_READINGS and is_first_thought, "d second thoughts agree"),
        (verdict.why == TWO_READINGS, "d check sees two readings"),
        (verdict.why == NO_DATA, "e no value stored"),
    )
    return next((reason for is_so, reason in reasons if is_so), "")


def _of_words(finding: Finding) -> str:
    """What the words left open: who, where, or what the check itself is not sure of."""
    claim, subject = finding.claim, finding.claim.subject
    reasons = (
        (not (subject.cars or subject.people), "f nobody"),
        (subject.is_doubted, "f subject doubted"),
        (subject.level < _NAMED, "f subject only understood"),
        (not claim.scene.level, "g session unsaid"),
        (claim.scene.is_interim, "g interim"),
        (bool(claim.hint), f"h hint {claim.hint}"),
        (finding.verdict.why == NO_SUBJECT, "i check unsure"),
    )
    return next((reason for is_so, reason in reasons if is_so), f"i {finding.verdict.why[:40]}")


def _sentence(case: dict[str, Any], gold: dict[str, Any]) -> str:
    body, start = case["body"], gold["start"]
    end = start + len(gold["text"])
    before = max(body.rfind(". ", 0, start), body.rfind("\n", 0, start)) + 1
    stops = [at for at in (body.find(". ", end), body.find("\n", end)) if at >= 0]
    return f"{body[before:start]}«{body[start:end]}»{body[end : min(stops, default=len(body))]}".strip()


def _table(counted: Counter[tuple[str, str]]) -> str:
    kinds = sorted({kind for kind, _reason in counted})
    reasons = sorted({reason for _kind, reason in counted})
    lines = [f"{'':34}" + "".join(f"{kind[:9]:>10}" for kind in kinds) + f"{'all':>6}"]
    lines += [
        f"{reason[:33]:34}"
        + "".join(f"{counted[kind, reason] or '':>10}" for kind in kinds)
        + f"{sum(counted[kind, reason] for kind in kinds):6}"
        for reason in reasons
    ]
    lines.append(
        f"{'all':34}" + "".join(f"{sum(counted[kind, one] for one in reasons):10}" for kind in kinds)
        + f"{sum(counted.values()):6}"
    )  # fmt: skip
    return "\n".join(lines)


if __name__ == "__main__":
    main()
