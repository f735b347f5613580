"""A piece before all linters."""

from __future__ import annotations

from articles.factcheck.lint.linters import linters
from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Remark


def lint(piece: Piece) -> list[Remark]:
    """Every remark once, in the order of the text; those about pictures first."""
    found = {remark: None for linter in linters() for remark in linter(piece)}
    return sorted(found, key=lambda remark: (remark.start, remark.end, remark.kind, remark.text))
