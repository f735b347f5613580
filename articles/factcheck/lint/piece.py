"""What linters see of a text: its words, the names of its event and of the register, days, pictures. Frozen."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import cached_property

from articles.factcheck.facts import Driver, fold_words
from articles.factcheck.grammar.lexicon import split_model
from articles.factcheck.grammar.tokens import Cut, cut
from articles.factcheck.lint.register import Register
from articles.factcheck.sheet import FactSheet

_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")


@dataclass(frozen=True, slots=True)
class Crew:
    """Those who share a car; `make` is folded: `aston martin`."""

    drivers: tuple[Driver, ...]
    team: str = ""
    make: str = ""


@dataclass(frozen=True)
class Starters:
    """Who races at the event of the text, and its days."""

    crews: tuple[Crew, ...] = ()
    days: tuple[dt.date, ...] = ()

    @classmethod
    def of(cls, sheet: FactSheet) -> Starters:
        days = {session.day for session in sheet.sessions if session.day}
        days |= {day for later in sheet.calendar for day in (later.start, later.end)}
        crews = (Crew(car.drivers, car.team, make_of(car.model)) for car in sheet.cars.values())
        return cls(tuple(crews), tuple(sorted(days))).prepared()

    def prepared(self) -> Starters:
        """The same with everything looked up by texts made ready."""
        _ = self.register.prepared(), self.mates, self.drivers
        return self

    @cached_property
    def register(self) -> Register:
        """The names of the event alone."""
        drivers = dict.fromkeys(driver for crew in self.crews for driver in crew.drivers)
        return Register(
            drivers=tuple(drivers), teams=tuple(dict.fromkeys(crew.team for crew in self.crews if crew.team))
        )

    @cached_property
    def drivers(self) -> frozenset[Driver]:
        return frozenset(self.register.drivers)

    @cached_property
    def mates(self) -> dict[str, list[tuple[Driver, ...]]]:
        """The crews in which somebody with that folded word in his last name drives."""
        found: dict[str, list[tuple[Driver, ...]]] = {}
        for crew in self.crews:
            for word in {word for driver in crew.drivers for word in fold_words(driver.last)}:
                found.setdefault(word, []).append(crew.drivers)
        return found


def make_of(model: str) -> str:
    """The maker in the name of a car: `Aston Martin Vantage GT3` -> `aston martin`."""
    return " ".join(split_model(model)[0])


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of the story. `is_in_text`: its caption is among the words of the text, too."""

    token: str
    title: str
    caption: str
    credit: str
    alt: str
    is_in_text: bool = False


@dataclass(frozen=True, eq=False)
class Piece:
    """A text and all that is known beside it. `written` is its day, None where nobody knows."""

    text: str
    register: Register
    starters: Starters = Starters()
    written: dt.date | None = None
    pictures: tuple[Shown, ...] = ()

    @cached_property
    def cut(self) -> Cut:
        return cut(self.text)

    @cached_property
    def paragraphs(self) -> list[tuple[int, int]]:
        """Where every line begins and ends, blanks around it left out."""
        found = []
        for match in _PARAGRAPH.finditer(self.text):
            line = match[0]
            start = match.start() + len(line) - len(line.lstrip())
            if line.strip():
                found.append((start, start + len(line.strip())))
        return found

    @property
    def near(self) -> Register:
        """The names of the event alone."""
        return self.starters.register
