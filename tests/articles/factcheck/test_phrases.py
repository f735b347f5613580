"""The phrase book: each way of saying a thing is confirmed where it is right and contradicted where it is wrong."""

import re

import pytest

from articles.factcheck.run import check_text
from bench.factcheck.scoring import CASES
from tests.articles.factcheck.desk import SHEET

_SLOT = re.compile(r"\[\[([^|\]]+)(?:\|([^\]]+))?\]\]")
PHRASES = [line for line in (CASES / "phrases.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]


def filled(phrase, wrong=None):
    """The text with every slot right, but slot number `wrong`; and the span of each slot."""
    text, spans, last = "", [], 0
    for number, match in enumerate(_SLOT.finditer(phrase)):
        text += phrase[last : match.start()]
        words = match[2] if number == wrong else match[1]
        spans.append((len(text), len(text) + len(words)))
        text += words
        last = match.end()
    return text + phrase[last:], spans


def verdicts(text, span):
    found = [
        finding for finding in check_text(text, SHEET) if finding.claim.start < span[1] and span[0] < finding.claim.end
    ]
    return {str(finding.verdict.judgement) for finding in found}


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
