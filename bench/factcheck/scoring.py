"""Findings against cases with known verdicts: found errors, false alarms, confirmed claims, per type."""

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from articles.factcheck.run import Finding, check_text
from articles.factcheck.sheet import FactSheet
from tests.articles.factcheck.build_cases import build

CASES = Path(__file__).resolve().parents[2] / "tests" / "data" / "claims"
COMPACT = frozenset({"fresh4", "learned", "sealed"})
FAMILIES = (
    ("position", "class_position", "grid_position", "count", "title", "status"), ("lap_time", "gap_time"),
    ("date", "session_time"), ("crew", "car_number", "team_car"), ("points", "points_gap"), ("gap_laps", "laps_completed"),
)  # fmt: skip
FAMILY = {kind: number for number, kinds in enumerate(FAMILIES) for kind in kinds}


@dataclass
class Score:
    """Counts per type, and every miss in words."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)

    def add(self, kind: str, what: str) -> None:
        self.counts.setdefault(kind, Counter())[what] += 1

    def total(self, what: str) -> int:
        return sum(counter[what] for counter in self.counts.values())

    def table(self) -> str:
        columns = ("confirmable", "confirmed", "seeded", "found", "unjudged", "judged_wrongly", "false_alarms")
        lines = [f"{'type':16}" + "".join(f"{column:>15}" for column in columns)]
        lines += [
            f"{kind:16}" + "".join(f"{self.counts[kind][column]:15}" for column in columns)
            for kind in sorted(self.counts)
        ]
        lines.append(f"{'all':16}" + "".join(f"{self.total(column):15}" for column in columns))
        return "\n".join(lines)

    def summary(self) -> str:
        def share(part: str, whole: str) -> str:
            return f"{100 * self.total(part) / max(self.total(whole), 1):.1f} %"

        return (
            f"seeded errors found {share('found', 'seeded')}, false alarms {self.total('false_alarms')} on "
            f"{self.total('confirmable')} true claims ({share('false_alarms', 'confirmable')}), "
            f"confirmed {share('confirmed', 'confirmable')}, unjudgeable judged {self.total('judged_wrongly')}"
        )


def load(folder: Path) -> list[dict[str, Any]]:
    """The cases of a folder: as JSON, or in the compact form where it holds sources (`learned`, `sealed`)."""
    if folder.name in COMPACT:
        return [build(path.read_text("utf-8")) for path in sorted(folder.glob("*.txt"))]
    return [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]


def overlaps(finding: Finding, start: int, end: int, kind: str) -> bool:
    claim = finding.claim
    return claim.start < end and start < claim.end and FAMILY[claim.type] == FAMILY[kind]


def score_case(case: dict[str, Any], score: Score) -> None:
    findings = check_text(case["body"], FactSheet.from_records(case["data"]))
    met: set[int] = set()
    for gold in case["claims"]:
        start, end = gold["start"], gold["start"] + len(gold["text"])
        here = [finding for finding in findings if overlaps(finding, start, end, gold["type"])]
        met |= set(map(id, here))
        _score_claim(case, gold, {str(finding.verdict.judgement) for finding in here}, score)
    for finding in findings:
        if id(finding) not in met and finding.verdict.judgement == "contradicted":
            score.add(finding.claim.type, "false_alarms")
            score.misses.append(
                f"{case['id']} EXTRA ALARM {finding.claim.type} «{finding.claim.text}»: {finding.verdict.why}"
            )


def _score_claim(case: dict[str, Any], gold: dict[str, Any], verdicts: set[str], score: Score) -> None:
    kind, where = gold["type"], f"{case['id']} {gold['type']} «{gold['text']}»"
    if gold["verdict"] == "contradicted":
        score.add(kind, "seeded")
        score.add(kind, "found" if "contradicted" in verdicts else "not_found")
        if "contradicted" not in verdicts:
            score.misses.append(f"{where} NOT FOUND {sorted(verdicts)}: {gold['why']}")
    elif gold["verdict"] == "confirmed":
        score.add(kind, "confirmable")
        if "contradicted" in verdicts:
            score.add(kind, "false_alarms")
            score.misses.append(f"{where} FALSE ALARM {sorted(verdicts)}: {gold['why']}")
        elif "confirmed" in verdicts:
            score.add(kind, "confirmed")
        else:
            score.misses.append(f"{where} not confirmed {sorted(verdicts)}: {gold['why']}")
    else:
        score.add(kind, "unjudged")
        if verdicts - {"uncheckable"}:
            score.add(kind, "judged_wrongly")
            score.misses.append(f"{where} JUDGED {sorted(verdicts)}: {gold['why']}")
            if "contradicted" in verdicts:
                score.add(kind, "false_alarms")


def score_folder(folder: Path) -> Score:
    score = Score()
    for case in load(folder):
        score_case(case, score)
    return score
