"""Names of a file that nobody of the database certainly bears, and whom a person said they mean."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from results.importers.plan import Newcomer


class Newcomers:
    """Collects unknown names while an import is planned. `same` holds the choices: key of a name -> primary key."""

    def __init__(self, same: Mapping[str, int] | None = None, key_source: str = "") -> None:
        self.same = dict(same or {})
        self.key_source = key_source
        self._names: dict[str, Newcomer] = {}
        self._seats: set[tuple[int, str]] = set()

    def note(self, newcomer: Newcomer) -> int | None:
        """Takes the name down, once; returns the primary key of whom it was said to be, None for somebody new."""
        chosen = self.same.get(newcomer.key)
        self._names.setdefault(newcomer.key, replace(newcomer, chosen=chosen))
        return chosen

    def meet(self, driver: int, number: str) -> None:
        """A driver the file names beyond doubt: a new name beside him is hardly the same person."""
        self._seats.add((driver, number))

    def names(self) -> tuple[Newcomer, ...]:
        return tuple(self._names.values())

    def seats(self) -> tuple[tuple[int, str], ...]:
        """Known drivers of the file with their cars."""
        return tuple(sorted(self._seats))
