"""A piece before all linters."""

from __future__ import annotations

from articles.factcheck.lint.linters import linters
from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Remark


def lint(piece: Piece) -> list[Remark]:
    """Every remark once, in the order of the text; those about pictures first."""
    found: dict[tuple[object, ...], Remark] = {}
    for linter in linters():
        for remark in linter(piece):
            # A team may bear the name of its driver: two linters, one slip.
            place = (remark.start, remark.end, remark.suggestion) if remark.suggestion else (remark,)
            found.setdefault(place, remark)
    return sorted(found.values(), key=lambda remark: (remark.start, remark.end, remark.kind, remark.text))
