"""The book of passages: what reporters write about events of our own, each with its right and its wrong words.

A file in `tests/data/claims/book` holds blocks of `@event`, an event in compact form (see build_cases.py) up to `@body`, and
passages, one a line; `¶` breaks a paragraph, `#` begins a comment. In `[[right|wrong]]` stand the true words and an
error. Right words raise no alarm anywhere in their passage, wrong ones are found. `~` begins a passage of which an error is
not found yet, `!` one that raises a false alarm: both lists may only shrink.
"""

import re
from functools import cache

import pytest

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import CASES
from tests.articles.factcheck.build_cases import build
from tests.articles.factcheck.test_phrases import _SLOT, filled

BOOKS = sorted((CASES / "book").glob("*.txt"))


@cache
def read(path):
    """The passages of a book: mark, sheet, text."""
    found = []
    for block in re.split(r"^@event.*\n", path.read_text("utf-8"), flags=re.MULTILINE)[1:]:
        head, _, body = block.partition("@body\n")
        sheet = FactSheet.from_records(build(head + "@body\n-\n")["data"])
        lines = [line.strip() for line in body.splitlines() if line.strip() and line[0] != "#"]
        found += [(line[0] if line[0] in "~!" else "", sheet, line.lstrip("~!").strip()) for line in lines]
    return found


def contradicted(passage, sheet, wrong=None):
    text, _spans = filled(passage.replace("¶", "\n\n"), wrong)
    return [finding for finding in check_text(text, sheet) if finding.verdict.judgement == "contradicted"]


def missed(passage, sheet):
    """The wrong words of a passage that nobody finds."""
    slots = list(_SLOT.finditer(passage))
    return [match[2] for at, match in enumerate(slots) if match[2] and not contradicted(passage, sheet, at)]


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_what_is_right_raises_no_alarm(path):
    alarms = [passage for mark, sheet, passage in read(path) if mark != "!" and contradicted(passage, sheet)]
    assert alarms == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_what_is_wrong_is_found(path):
    lost = [(passage, words) for mark, sheet, passage in read(path) if not mark and (words := missed(passage, sheet))]
    assert lost == []


@pytest.mark.parametrize("path", BOOKS, ids=lambda path: path.stem)
def test_a_passage_marked_as_missed_is_missed(path):
    """Whoever mends one takes its mark away."""
    mended = [passage for mark, sheet, passage in read(path) if mark == "~" and not missed(passage, sheet)]
    mended += [passage for mark, sheet, passage in read(path) if mark == "!" and not contradicted(passage, sheet)]
    assert mended == []
