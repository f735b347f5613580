"""Numbers, seats, fates, days and sessions in the many ways they are told, about a weekend of two races."""

import pytest

from bench.factcheck.scoring import CASES
from tests.articles.factcheck.weekend import verdicts

LINES = [line for line in (CASES / "weekend.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


def _of(mark):
    return [line[2:] for line in LINES if line[0] == mark]


@pytest.mark.parametrize("text", _of("+"))
def test_what_is_true_is_confirmed_and_not_contradicted(text):
    found = verdicts(text)
    assert "confirmed" in found
    assert "contradicted" not in found


@pytest.mark.parametrize("text", _of("-"))
def test_what_is_wrong_is_contradicted(text):
    assert "contradicted" in verdicts(text)


@pytest.mark.parametrize("text", _of("?"))
def test_what_says_nothing_wrong_is_not_contradicted(text):
    assert "contradicted" not in verdicts(text)
