"""An object of a foreign source in which every figure is text: read key by key, every wrong figure collected."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import TypeVar

from results.importers.document import Fields
from results.importers.encoding import tidy, unfit
from results.importers.table import MAX_COUNT, is_car_number
from results.notation import MAX_MS, NotationError, shown

_T = TypeVar("_T")
_FIGURE = re.compile(r"[0-9]{1,10}")
_POINTS = re.compile(r"-?[0-9]{1,6}(?:\.[0-9]{1,3})?")


class Printed(Fields):
    """Fields whose numbers may come as text or as numbers; an empty text is nothing."""

    __slots__ = ()

    def plain(self, key: str, limit: int = 120) -> str:
        """Text or a whole number as text, empty where there is nothing."""
        value = self.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        return self.text(key, limit) or ""

    def figure(self, key: str, *, low: int = 0, high: int = MAX_COUNT) -> int | None:
        """A whole number within its bounds."""
        printed = self.plain(key, 40)
        if not printed:
            return None
        if _FIGURE.fullmatch(printed) and low <= int(printed) <= high:
            return int(printed)
        self.reject(key, f"„{shown(printed)}“ ist keine ganze Zahl von {low} bis {high}.")
        return None

    def ms(self, key: str) -> int | None:
        """Whole milliseconds; 0 is the printed nothing."""
        return self.figure(key, high=MAX_MS) or None

    def points(self, key: str) -> Decimal | None:
        """Points as text, `26` or `12.5`."""
        printed = self.plain(key, 40)
        if _POINTS.fullmatch(printed):
            return Decimal(printed)
        self.reject(key, f"„{shown(printed)}“ sind keine Punkte." if printed else f"„{key}“ fehlt.")
        return None

    def car_number(self, key: str) -> str:
        printed = self.plain(key, 40)
        if not is_car_number(printed):
            self.reject(key, f"„{shown(printed)}“ ist keine Startnummer." if printed else "Die Startnummer fehlt.")
        return printed

    def notation(self, key: str, parser: Callable[[str], _T | None]) -> _T | None:
        """A time or gap as the source prints it."""
        printed = self.plain(key, 60)
        if not printed:
            return None
        try:
            return parser(printed)
        except NotationError as error:
            self.reject(key, str(error))
            return None

    def part(self, key: str, level: str) -> Printed:
        """The object under a key; an empty one where there is none."""
        value = self.get(key)
        return Printed({} if value is None else value, self.report, level=level, where=self.where, line=self.line)


def fit_for_print(text: str, limit: int) -> str | None:
    """A line of a screen as it may be stored, cut at the limit; None for what must not be stored."""
    clean = tidy(text)
    return None if unfit(clean) or not clean else clean[:limit]
