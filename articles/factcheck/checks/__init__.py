"""One check a module, found by convention: it names its `TYPES` and has `check(claim, sheet) -> Verdict`.

Checks do not know each other and ask nobody but the sheet.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.sheet import FactSheet
from articles.factcheck.verdict import Verdict

Check = Callable[[Claim, FactSheet], Verdict]


@cache
def checks() -> dict[ClaimType, Check]:
    """The check of every type of claim."""
    found: dict[ClaimType, Check] = {}
    for module in iter_modules(__path__):
        loaded = import_module(f"{__name__}.{module.name}")
        for kind in loaded.TYPES:
            if kind in found:
                raise RuntimeError(f"two checks for {kind}: {module.name} is one of them")
            found[kind] = loaded.check
    return found
