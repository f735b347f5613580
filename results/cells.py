"""Cells of an exported table that no spreadsheet takes for a formula, and back. Pure.

A cell that begins with `=`, `+`, `-`, `@`, a tab or a line break gets an apostrophe before it, and so does what follows a
separator inside a cell, for a program that splits at another sign than we do makes a cell of its own from it. `+0,385`
leaves as `'+0,385`. `restore` takes exactly these apostrophes away again, for every text: a text that had one already
gets a second.
"""

from __future__ import annotations

import re

_STARTS = "=+\\-@\t\r\n＝＋－＠"
_OPENING = r"(?:^|(?<=[;,|\t\r\n]))"
_DANGEROUS = re.compile(rf"{_OPENING}(?=[ ']*[{_STARTS}])")
_GUARDED = re.compile(rf"{_OPENING}'(?=[ ']*[{_STARTS}])")


def neutralise(text: str) -> str:
    """The text as it may stand in a CSV file: `=1+1` becomes `'=1+1`, `+0,385` becomes `'+0,385`."""
    return _DANGEROUS.sub("'", text)


def restore(text: str) -> str:
    """The text that `neutralise` was given; other texts come back as they are."""
    return _GUARDED.sub("", text)
