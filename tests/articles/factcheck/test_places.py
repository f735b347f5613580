"""The phrase book of numbers: points, gaps, laps and counts, each right and with a wrong value."""

import pytest

from bench.factcheck.scoring import CASES
from tests.articles.factcheck.test_phrases import _SLOT, filled, verdicts

PHRASES = [line for line in (CASES / "places.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
NEVER = [line for line in (CASES / "places_never.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


@pytest.mark.parametrize("phrase", PHRASES)
def test_right_numbers_are_confirmed_and_nothing_is_contradicted(phrase):
    text, spans = filled(phrase)
    assert all("confirmed" in verdicts(text, span) for span in spans)
    assert "contradicted" not in verdicts(text, (0, len(text)))


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if "|" in phrase])
def test_wrong_numbers_are_contradicted(phrase):
    for number, match in enumerate(_SLOT.finditer(phrase)):
        if match[2]:
            text, spans = filled(phrase, number)
            assert "contradicted" in verdicts(text, spans[number]), text


@pytest.mark.parametrize("before", ["", "Im Rennen siegte Bussard vor Condor und Elster. "])
@pytest.mark.parametrize("sentence", NEVER)
def test_numbers_of_other_moments_are_not_contradicted(before, sentence):
    text = before + sentence
    assert "contradicted" not in verdicts(text, (0, len(text)))
