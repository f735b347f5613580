"""One linter a module, found by convention: it has `lint(piece) -> Iterator[Remark]`. Linters do not know each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Remark

Linter = Callable[[Piece], Iterator[Remark]]


@cache
def linters() -> tuple[Linter, ...]:
    """All linters, by the name of their module."""
    names = sorted(module.name for module in iter_modules(__path__))
    return tuple(import_module(f"{__name__}.{name}").lint for name in names)
