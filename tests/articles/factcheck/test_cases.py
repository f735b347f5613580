"""The engine on cases with known verdicts: the gold cases and our own, those held back too."""

import json

import pytest

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.misses import missed
from bench.factcheck.mutants import MutantScore, mutate_case
from bench.factcheck.scoring import CASES, load, score_folder
from tests.articles.factcheck.build_cases import build
from tests.shared import SHARED, needs_shared


@pytest.mark.parametrize("folder", ["gold", ".", "held"])
def test_errors_are_found_and_true_claims_confirmed_without_false_alarms(folder):
    score = score_folder(CASES / folder)
    assert score.total("false_alarms") == 0, score.misses
    assert score.total("found") >= 0.9 * score.total("seeded"), score.misses
    assert score.total("confirmed") >= 0.9 * score.total("confirmable"), score.misses


@pytest.mark.parametrize(
    ("folder", "least"),
    [("fresh", 0.75), ("fresh2", 0.7), ("fresh3", 0.75), ("fresh4", 0.55), ("learned", 0.72), ("sealed", 0.65)],
)
def test_what_strangers_wrote_raises_few_alarms(folder, least):
    """Floors below what was measured: a rule that helps one text must not harm the others."""
    score = score_folder(CASES / folder)
    assert score.total("confirmable") > 200
    assert score.total("false_alarms") <= 0.01 * score.total("confirmable"), score.misses
    assert score.total("found") >= least * score.total("seeded"), score.misses
    assert score.total("confirmed") >= 0.85 * score.total("confirmable"), score.misses


def test_every_error_that_is_not_found_has_a_reason():
    cases = load(CASES / "fresh2")
    reasons = [reason for case in cases for _gold, reason in missed(case)]
    score = score_folder(CASES / "fresh2")
    assert len(reasons) == score.total("seeded") - score.total("found")
    assert all(reason[0] in "abcdefghi" for reason in reasons)


def test_cases_are_what_their_sources_say():
    for source in sorted(CASES.glob("sources/**/*.txt")):
        stored = CASES / source.relative_to(CASES / "sources").with_suffix(".json")
        assert json.loads(stored.read_text("utf-8")) == build(source.read_text("utf-8")), source.name


@pytest.mark.slow
def test_mutants_are_found_and_alarm_nobody_else():
    score = MutantScore()
    for case in load(CASES / "gold"):
        mutate_case(case, score)
    assert sum(score.made.values()) > 500
    assert sum(score.found.values()) >= 0.8 * sum(score.made.values())
    assert score.false_alarms <= 0.01 * score.true_claims


def test_no_claim_of_a_true_report_is_contradicted():
    sheets = {
        case["id"]: FactSheet.from_records(case["data"])
        for folder in ("gold", ".", "held")
        for case in load(CASES / folder)
    }
    alarms = [
        f"{path.name}: {finding.claim.text}: {finding.verdict.why}"
        for path in sorted(CASES.glob("true/*.txt"))
        for finding in check_text(path.read_text("utf-8"), sheets[path.name.split("-")[0]])
        if finding.verdict.judgement == "contradicted"
    ]
    assert alarms == []


@pytest.mark.parametrize("path", sorted(CASES.glob("true_more/*.txt")), ids=lambda path: path.stem)
def test_no_claim_of_true_reports_about_other_events_is_contradicted(path):
    """Several reports a file, parted by `----`; each is read by itself."""
    case = build(path.read_text("utf-8"))
    sheet = FactSheet.from_records(case["data"])
    findings = [finding for report in case["body"].split("\n----\n") for finding in check_text(report, sheet)]
    alarms = [
        f"{finding.claim.text}: {finding.verdict.why}"
        for finding in findings
        if finding.verdict.judgement == "contradicted"
    ]
    assert alarms == []
    assert sum(finding.verdict.judgement == "confirmed" for finding in findings) >= 5


@needs_shared
def test_no_claim_of_the_first_seed_is_contradicted_by_its_facts():
    (seed,) = (SHARED / "seeds").glob("000_*.txt")
    sheet = FactSheet.from_records(build((CASES / "sheets" / "000.txt").read_text("utf-8"))["data"])
    findings = check_text(seed.read_text("utf-8"), sheet)
    assert [finding.verdict.why for finding in findings if finding.verdict.judgement == "contradicted"] == []
    assert sum(finding.verdict.judgement == "confirmed" for finding in findings) >= 20
