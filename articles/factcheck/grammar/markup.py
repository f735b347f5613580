"""Marks of emphasis (`**2,141** Sekunden`) are no words: claims are read without them and put back where they stand."""

from __future__ import annotations

import re
from dataclasses import replace

from articles.factcheck.claim import Claim

_MARK = re.compile(r"\*{1,3}|(?<!\w)_{1,2}(?=\w)|(?<=\w)_{1,2}(?!\w)")


def without_marks(text: str) -> tuple[str, list[int]]:
    """The text without its marks, and for each of its signs where it stood; no list where nothing was taken away."""
    if "*" not in text and "_" not in text:
        return text, []
    parts: list[str] = []
    places: list[int] = []
    last = 0
    for match in _MARK.finditer(text):
        parts.append(text[last : match.start()])
        places += range(last, match.start())
        last = match.end()
    parts.append(text[last:])
    places += range(last, len(text))
    return "".join(parts), places


def put_back(claim: Claim, text: str, places: list[int]) -> Claim:
    """The claim with its span counted in the text as it was."""
    start, end = places[claim.start], places[claim.end - 1] + 1
    return replace(claim, start=start, end=end, text=text[start:end])
