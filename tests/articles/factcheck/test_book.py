"""The books of passages: sentences of many reporters about a few events, each with spots that are right or wrong.

A book is a file of `tests/data/claims/book`: an `@event` in the compact form of `build_cases.py`, up to its `@body`, then the
passages about it, one a line, `¶` for a new paragraph. `[[right|wrong]]` marks a spot. `#` begins a comment, `~` a passage of
which an error is known to be missed: once all of them are found the test asks for the mark to go.
"""

import re
from functools import cache
from typing import NamedTuple

import pytest

from articles.factcheck.run import check_text
from articles.factcheck.sheet import FactSheet
from bench.factcheck.scoring import CASES
from tests.articles.factcheck.build_cases import build
from tests.articles.factcheck.test_phrases import _SLOT, filled

BOOK = CASES / "book"


class Passage(NamedTuple):
    """A passage about an event of a book; `is_missed`: marked as one with an error that is not found."""

    book: str
    event: str
    text: str
    is_missed: bool


def _parts(book):
    """The events of a book: name, source in compact form, lines of passages."""
    for block in re.split(r"^@event ", (BOOK / book).read_text("utf-8"), flags=re.MULTILINE)[1:]:
        name, _, rest = block.partition("\n")
        source, _, lines = rest.partition("@body\n")
        yield name.strip(), f"{source}@body\n-\n", [line for line in lines.splitlines() if line and line[0] != "#"]


@cache
def sheet_of(book, event):
    sources = {name: source for name, source, _lines in _parts(book)}
    return FactSheet.from_records(build(sources[event])["data"])


PASSAGES = [
    Passage(path.name, event, line.removeprefix("~").strip().replace("¶", "\n"), line[0] == "~")
    for path in sorted(BOOK.glob("*.txt"))
    for event, _source, lines in _parts(path.name)
    for line in lines
]


def _contradicted(passage, text):
    findings = check_text(text, sheet_of(passage.book, passage.event))
    return [finding for finding in findings if finding.verdict.judgement == "contradicted"]


def _is_found(passage, number):
    """Whether the wrong words of a spot are called wrong; of a name, where the sentence is that it is put into."""
    text, spans = filled(passage.text, number)
    start, end = spans[number]
    wrong = _contradicted(passage, text)
    is_name = text[start:end].istitle() and not re.search(r"\d", text[start:end])
    return any((one.claim.start < end and start < one.claim.end) or is_name for one in wrong)


@pytest.mark.parametrize("passage", PASSAGES)
def test_nothing_right_is_called_wrong(passage):
    text, _spans = filled(passage.text)
    assert [finding.claim.text for finding in _contradicted(passage, text)] == []


@pytest.mark.parametrize("passage", PASSAGES)
def test_errors_are_found_but_those_known_to_be_missed(passage):
    wrong = [number for number, match in enumerate(_SLOT.finditer(passage.text)) if match[2]]
    missed = [number for number in wrong if not _is_found(passage, number)]
    assert bool(missed) is passage.is_missed, missed
