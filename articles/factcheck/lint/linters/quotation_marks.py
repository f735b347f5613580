"""Quotation marks without partner: German, English, French and typed ones, nested, over several paragraphs.

What a mark does is read from its shape and its place: before a word it opens, behind one it closes. A quotation may go
on in the next paragraphs, with or without a new opening mark before each; it ends where one closes that none opened.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Kind, Remark

_MARKS = re.compile('["„“”‟«»‹›＂]')
_LONGEST = 8  # paragraphs a quotation may take
_UPPER = re.compile("[‘’']")
_BEFORE = frozenset("([„“”«»‚‹›\"'‘’")
_BEHIND = frozenset(".,;:!?)]…")
_BEFORE_WORDS = frozenset("….#„“‚‘»›«‹\"'")
_DASHES = frozenset("–—-/")
_FAMILY = {"‹": "‹›", "›": "‹›", "«": "«»", "»": "«»"}
_DEEPEST = 12  # marks that wait for a partner
_MOST = 40  # remarks; a text with more is no prose
_SHOWN = 3  # words behind a mark that are shown with it


@dataclass(slots=True)
class _Open:
    at: int
    family: str
    mark: str
    paragraph: int


@dataclass(slots=True)
class _Reader:
    text: str
    open: list[_Open] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)

    def paragraph(self, number: int, start: int, end: int) -> None:
        waiting = [one for one in self.open if number - one.paragraph <= _LONGEST]
        for lost in self.open:
            if lost not in waiting:
                self.unclosed(lost)
        self.open = waiting
        for match in _MARKS.finditer(self.text, start, end):
            if len(self.remarks) > _MOST:
                return
            if self._is_measure(match.start(), start):
                continue
            if self._opens(match[0], match.start(), start, end):
                self._begin(match[0], match.start(), start, number)
            else:
                self._end(match[0], match.start(), start, number)
        self._single_quotes(start, end)

    def _is_measure(self, at: int, start: int) -> bool:
        """Inches and seconds: `19"`, `1'58"`; not where a quotation ends behind a number."""
        return (
            self.text[at] == '"'
            and at > start
            and self.text[at - 1].isdecimal()
            and not any(one.family == '"' for one in self.open)
        )

    def _opens(self, mark: str, at: int, start: int, end: int) -> bool:
        before = self.text[at - 1] if at > start else " "
        after = self.text[at + 1] if at + 1 < end else " "
        is_open = any(one.family == _family(mark) for one in self.open)
        if mark == "„":
            return True
        if before.isspace():  # French signs keep blanks inside
            return not is_open if after.isspace() else not self._is_behind(after, at)
        if after.isspace() or self._is_behind(after, at) or (mark == "“" and any(one.mark == "„" for one in self.open)):
            return False
        return _begins_inside(before, after, is_open=is_open)

    def _is_behind(self, after: str, at: int) -> bool:
        """Whether the sign after a mark stands behind a quotation; three dots may begin one."""
        return after in _BEHIND and not self.text.startswith(("...", "…"), at + 1)

    def _begin(self, mark: str, at: int, start: int, number: int) -> None:
        family = _family(mark)
        again = next((one for one in self.open if one.family == family and one.paragraph < number), None)
        if again and at == start:  # the quotation goes on
            again.paragraph = number
            return
        same = next((one for one in self.open if one.family == family and one.paragraph == number), None)
        if same and family != '"':
            self.open.remove(same)
            self.unclosed(same)
        if len(self.open) == _DEEPEST:
            self.unclosed(self.open.pop(0))
        self.open.append(_Open(at, family, mark, number))

    def _end(self, mark: str, at: int, start: int, number: int) -> None:
        family = _family(mark)
        for place in range(len(self.open) - 1, -1, -1):
            one = self.open[place]
            if one.family == family or {one.family, family} == {'"', "“"}:
                for inner in self.open[place + 1 :]:
                    self.unclosed(inner)
                del self.open[place:]
                if one.family != family:
                    self._mixed(one, mark, at)
                return
        self._unopened(mark, at, start)

    def _mixed(self, opening: _Open, mark: str, at: int) -> None:
        right = {"„": "“", "“": "”"}.get(opening.mark, '"')
        why = f"Die Anführung beginnt mit {opening.mark} und endet mit {mark}."
        self.remarks.append(Remark(at, at + 1, mark, Kind.QUOTE, why, right))

    def unclosed(self, one: _Open) -> None:
        why = f"Diese Anführung wird nicht geschlossen: {self._beginning(one.at)} …"
        self.remarks.append(Remark(one.at, one.at + 1, one.mark, Kind.QUOTE, why))

    def _unopened(self, mark: str, at: int, start: int) -> None:
        words = self.text[start:at].split()
        shown = " ".join(words[-_SHOWN:])
        why = f"Hier endet eine Anführung, die nirgends beginnt: … {shown}{mark}"
        self.remarks.append(Remark(at, at + 1, mark, Kind.QUOTE, why))

    def _beginning(self, at: int) -> str:
        return " ".join(self.text[at : at + 80].split()[:_SHOWN])

    def _single_quotes(self, start: int, end: int) -> None:
        """A low single mark needs an upper one behind it; upper ones alone are apostrophes more often than not."""
        at = self.text.find("‚", start, end)
        while at >= 0:
            behind = next(
                (
                    one.start()
                    for one in _UPPER.finditer(self.text, at + 1, end)
                    if self._is_behind_a_word(one.start(), end)
                ),
                -1,
            )
            if behind < 0:
                self.unclosed(_Open(at, "‚", "‚", 0))
                return
            at = self.text.find("‚", behind, end)

    def _is_behind_a_word(self, at: int, end: int) -> bool:
        return at + 1 >= end or not self.text[at + 1].isalnum()


def _begins_inside(before: str, after: str, *, is_open: bool) -> bool:
    """Of a mark without blanks around it: behind a bracket, another mark or a dash, or where a blank was forgotten."""
    starts_a_word = after.isalnum() or after in _BEFORE_WORDS
    if before in _BEFORE:
        return starts_a_word or not is_open
    if before in _DASHES:
        return starts_a_word and not is_open
    return before in ".!?:," and after.isupper() and not is_open  # `an."Theoretisch`


def _family(mark: str) -> str:
    if mark in _FAMILY:
        return _FAMILY[mark]
    return '"' if mark in '"＂' else "“"


def lint(piece: Piece) -> Iterator[Remark]:
    reader = _Reader(piece.text)
    for number, (start, end) in enumerate(piece.paragraphs):
        if len(reader.remarks) > _MOST:
            break
        reader.paragraph(number, start, end)
    for one in reader.open:
        reader.unclosed(one)
    yield from reader.remarks[:_MOST]
