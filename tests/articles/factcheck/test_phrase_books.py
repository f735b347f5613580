"""The phrase books of places and of numbers: each way of saying a thing right and wrong, and what says nothing of the event."""

import pytest

from bench.factcheck.scoring import CASES
from tests.articles.factcheck.test_phrases import _SLOT, filled, verdicts

BOOKS = ("places", "quantities")
BEFORE = ("", "Im Rennen siegte Bussard vor Condor und Elster. ")


def lines(name):
    return [line for line in (CASES / f"{name}.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


PHRASES = [phrase for book in BOOKS for phrase in lines(book)]
NEVER = [sentence for book in BOOKS for sentence in lines(f"{book}_never")]


@pytest.mark.parametrize("phrase", PHRASES)
def test_right_words_are_confirmed_and_nothing_is_contradicted(phrase):
    text, spans = filled(phrase)
    assert all("confirmed" in verdicts(text, span) for span in spans)
    assert "contradicted" not in verdicts(text, (0, len(text)))


@pytest.mark.parametrize("phrase", [phrase for phrase in PHRASES if "|" in phrase])
def test_wrong_words_are_contradicted(phrase):
    for number, match in enumerate(_SLOT.finditer(phrase)):
        if match[2]:
            text, spans = filled(phrase, number)
            assert "contradicted" in verdicts(text, spans[number]), text


@pytest.mark.parametrize("before", BEFORE)
@pytest.mark.parametrize("sentence", NEVER)
def test_other_moments_are_not_contradicted(before, sentence):
    text = before + sentence
    assert "contradicted" not in verdicts(text, (0, len(text)))
