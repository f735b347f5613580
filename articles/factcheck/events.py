"""Which event a text is about: candidates of the register weighed by what the words name, each with its reasons. Pure.

Every trait adds or takes away a fixed weight, so a proposal can be explained word by word. The best candidate is certain
only where it leads clearly; two that are level are both shown and none is chosen.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from articles.factcheck.days import SaidDay, said_days, said_weekdays
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.naming import Named, Wording, find_event, find_place, find_series, listed_here

FEWEST = 4.0  # below that an event is not proposed
CLEARLY = 1.0  # the lead that makes the best one certain
_FEWEST_PEOPLE = 3
_MOST_PEOPLE = 10
_HEAD = 250  # characters: title and standfirst
_NEAR, _SEASON = 10, 60  # days between the text and its event
_MOST_PLACES = 40
_OFTEN = 4  # what a story is about it names again
_DAY = dt.timedelta(days=1)
_COMING = listed_here("coming")
_AHEAD = _COMING | listed_here("ahead")


class Trait(StrEnum):
    """What speaks for an event, or against it."""

    NAME = "name"
    CIRCUIT = "circuit"
    SERIES = "series"
    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    WEEKDAY = "weekday"
    NEAR = "near"
    PEOPLE = "people"
    OTHER_DAY = "other_day"
    OTHER_YEAR = "other_year"


_PLACED = frozenset({Trait.NAME, Trait.CIRCUIT})
_AGAINST = frozenset({Trait.OTHER_DAY, Trait.OTHER_YEAR})


@dataclass(frozen=True, slots=True)
class Reason:
    """One trait with the words it rests on; `count` of people."""

    trait: Trait
    weight: float
    words: str = ""
    start: int = 0
    end: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class EventFacts:
    """An event of the register as far as a text may name it."""

    key: int
    name: str
    series: tuple[str, ...]
    places: tuple[str, ...]
    season: str
    starts_on: dt.date | None
    ends_on: dt.date | None

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        return (self.starts_on, self.ends_on or self.starts_on) if self.starts_on else None

    @property
    def years(self) -> frozenset[int]:
        said = {int(part) for part in self.season.split("-") if len(part) == 4 and part.isdecimal()}  # noqa: PLR2004
        return frozenset(said | {day.year for day in self.days or ()})


@dataclass(frozen=True, slots=True)
class EventGuess:
    """A candidate with its weight. `is_coming`: the text only announces it; `is_certain`: it leads clearly.

    `is_ahead`: the words beside its day look ahead, as those of a preview do, and those of a report on something else.
    """

    facts: EventFacts
    reasons: tuple[Reason, ...]
    is_coming: bool = False
    is_ahead: bool = False
    is_certain: bool = False

    @property
    def weight(self) -> float:
        return sum(reason.weight for reason in self.reasons)

    @property
    def traits(self) -> frozenset[Trait]:
        return frozenset(reason.trait for reason in self.reasons)

    @property
    def first_place(self) -> int | None:
        """Where the text names it first by its name or circuit."""
        return min((reason.start for reason in self.reasons if reason.trait in _PLACED), default=None)

    @property
    def is_named(self) -> bool:
        """Whether words of the text lead to it, and not its days alone."""
        by_people = Trait.PEOPLE in self.traits
        by_series = Trait.SERIES in self.traits and self.traits & {Trait.DAY, Trait.MONTH, Trait.NEAR}
        return bool(self.traits & _PLACED or by_people or by_series)


@dataclass(frozen=True, slots=True)
class Dated:
    """The days a text says, its weekdays, and the day it was written, where that is known."""

    days: list[SaidDay]
    weekdays: frozenset[int]
    written: dt.date | None

    @classmethod
    def of(cls, text: str, written: dt.date | None) -> Dated:
        return cls(said_days(text), said_weekdays(text), written)


def weigh(wording: Wording, dated: Dated, candidates: Iterable[EventFacts]) -> list[EventGuess]:
    """Every candidate with its reasons, the heaviest first."""
    guesses = (_weighed(wording, dated, facts) for facts in candidates)
    return sorted(guesses, key=_order)


def rank(guesses: Sequence[EventGuess], people: Mapping[int, Sequence[Named]]) -> list[EventGuess]:
    """Those worth proposing once it is known whom the text names: the most likely first, what is only announced last."""
    weighed = [_with_people(guess, people.get(guess.facts.key, ())) for guess in guesses]
    kept = [guess for guess in weighed if guess.weight >= FEWEST and guess.is_named]
    if not any(guess.traits & _PLACED and not guess.is_coming for guess in kept):
        kept = [replace(guess, is_coming=False) for guess in kept]
    kept.sort(key=_order)
    if kept and _leads(kept):
        kept[0] = replace(kept[0], is_certain=True)
    return kept


def _leads(kept: Sequence[EventGuess]) -> bool:
    """Whether the best is beyond doubt: nothing speaks against it, and the next is far behind or only announced.

    A story names first what it is about: another event of weight that stands before it leaves a doubt. So does a day the
    text looks ahead to, unless it was written in that week.
    """
    best, others = kept[0], [guess for guess in kept[1:] if not guess.is_coming]
    if best.traits & _AGAINST or (best.is_ahead and Trait.NEAR not in best.traits):
        return False
    if any(_is_before(other.first_place, best.first_place) for other in others):
        return False
    return not others or best.weight - others[0].weight >= CLEARLY


def _is_before(other: int | None, own: int | None) -> bool:
    return other is not None and (own is None or other < own)


def _order(guess: EventGuess) -> tuple[bool, float, int, int]:
    """By weight; of two alike the one that is named first."""
    place = guess.first_place
    return (guess.is_coming, -guess.weight, sys.maxsize if place is None else place, guess.facts.key)


# ------------------------------------------------------------------ reasons


def _weighed(wording: Wording, dated: Dated, facts: EventFacts) -> EventGuess:
    name, circuit, series = _name(wording, facts), _circuit(wording, facts), _series(wording, facts)
    reasons = [*_once(name[0], circuit[0]), *([series[0]] if series[0] else [])]
    places = [named for _reason, named in (name, circuit) if named]
    dates = [replace(reason, words=wording.text[reason.start : reason.end]) for reason in _dates(dated, facts)]
    ahead = any(reason.trait is Trait.DAY and _looks_ahead(wording, reason.start, _AHEAD) for reason in dates)
    return EventGuess(facts, (*reasons, *dates), is_coming=_is_announced(wording, places), is_ahead=ahead)


def _once(name: Reason | None, circuit: Reason | None) -> list[Reason]:
    """One word may be both, `Bahrain`: it counts once, and a little more."""
    if name is None or circuit is None:
        return [reason for reason in (name, circuit) if reason]
    is_same = name.start <= circuit.start < name.end or circuit.start <= name.start < circuit.end
    return [name, replace(circuit, weight=0.5) if is_same else circuit]


def _reason(trait: Trait, weight: float, named: Named) -> Reason:
    start, end = named.places[0]
    often = min(len(named.places) - 1, _OFTEN) / 4
    return Reason(trait, weight + often + (0.5 if start < _HEAD else 0.0), named.words, start, end)


def _name(wording: Wording, facts: EventFacts) -> tuple[Reason | None, Named | None]:
    found = find_event(wording, facts.name)
    if found is None:
        return None, None
    weight = 4.0 if found.named.is_whole else 2.0 * found.share
    weight += 1.5 if found.has_length and not found.named.is_whole else -0.5 if found.lacks_length else 0.0
    return _reason(Trait.NAME, weight, found.named), found.named


def _circuit(wording: Wording, facts: EventFacts) -> tuple[Reason | None, Named | None]:
    found = [named for name in facts.places if (named := find_place(wording, name))]
    if not found:
        return None, None
    best = max(found, key=lambda named: (named.is_whole, -named.start))
    return _reason(Trait.CIRCUIT, 2.0 if best.is_whole else 1.5, best), best


def _series(wording: Wording, facts: EventFacts) -> tuple[Reason | None, Named | None]:
    found = [named for name in facts.series if (named := find_series(wording, name))]
    if not found:
        return None, None
    best = max(found, key=lambda named: (named.is_whole, len(named.places), -named.start))
    return _reason(Trait.SERIES, 2.0 if best.is_whole else 1.5, best), best


def _is_announced(wording: Wording, named: list[Named]) -> bool:
    """Whether every sentence that names the place looks ahead: `Das nächste Rennen findet in Fuji statt`."""
    places = [place for one in named for place in one.places]
    return bool(places) and all(_looks_ahead(wording, start) for start, _end in places[:_MOST_PLACES])


def _looks_ahead(wording: Wording, start: int, cues: frozenset[str] = _COMING) -> bool:
    before = max((wording.text.rfind(sign, 0, start) for sign in (". ", "\n", "! ", "? ")), default=-1)
    ends = [at for sign in (". ", "\n", "! ", "? ") if (at := wording.text.find(sign, start)) >= 0]
    sentence = wording.text[before + 1 : min(ends, default=len(wording.text))]
    return any(fold_word(word.strip(".,;:()")) in cues for word in sentence.split()[:80])


def _dates(dated: Dated, facts: EventFacts) -> list[Reason]:
    reasons = [*_said(dated, facts), *_near(dated, facts)]
    if any(reason.trait is Trait.NEAR for reason in reasons):  # then a year looks back
        reasons = [reason for reason in reasons if reason.trait is not Trait.OTHER_YEAR]
    if facts.days and dated.weekdays and any(reason.weight > 0 for reason in reasons):
        first, last = facts.days
        own = {(first + _DAY * step).weekday() for step in range(min((last - first).days, 6) + 1)}
        if dated.weekdays & own:
            reasons.append(Reason(Trait.WEEKDAY, 0.25))
    return reasons


def _said(dated: Dated, facts: EventFacts) -> list[Reason]:
    """The surest date that fits; where the text says days or years and none fits, that speaks against the event."""
    best = max((_fit(said, facts) for said in dated.days), key=lambda reason: reason.weight, default=None)
    if best is not None and best.weight > 0:
        has_days = any(said.day and said.year for said in dated.days)
        away = [Reason(Trait.OTHER_DAY, -1.0)] if has_days and facts.days and best.trait is not Trait.DAY else []
        return [best, *away]
    years = {said.year for said in dated.days if said.year}
    if years and facts.years and not years & facts.years:
        return [Reason(Trait.OTHER_YEAR, -3.0)]
    return [Reason(Trait.OTHER_DAY, -1.0)] if facts.days and any(said.day for said in dated.days) else []


def _fit(said: SaidDay, facts: EventFacts) -> Reason:
    trait, weight = _how_near(said, facts)
    return Reason(trait, weight, start=said.start, end=said.end)


def _how_near(said: SaidDay, facts: EventFacts) -> tuple[Trait, float]:
    if facts.days and said.day:
        first, last = facts.days
        days = said.days_in(said.year or first.year)
        if days and days[0] <= last + _DAY and days[1] >= first - _DAY:
            return Trait.DAY, 4.0 if said.year else 3.0
    if said.day or said.year is None:
        return Trait.OTHER_DAY, 0.0
    if said.month and facts.days and any((day.year, day.month) == (said.year, said.month) for day in facts.days):
        return Trait.MONTH, 2.0
    return (Trait.YEAR, 1.0) if not said.month and said.year in facts.years else (Trait.OTHER_DAY, 0.0)


def _near(dated: Dated, facts: EventFacts) -> list[Reason]:
    """A story is mostly written in the week of its event, and hardly ever in another season."""
    if dated.written is None or facts.days is None:
        return []
    first, last = facts.days
    away = max((first - dated.written).days, (dated.written - last).days, 0)
    if away <= _NEAR:
        return [Reason(Trait.NEAR, 1.5 - away / (2 * _NEAR))]
    return [Reason(Trait.NEAR, 0.5)] if away <= _SEASON else []


def _with_people(guess: EventGuess, named: Sequence[Named]) -> EventGuess:
    if len(named) < _FEWEST_PEOPLE:
        return guess
    first = min(named, key=lambda one: one.start)
    words = ", ".join(one.words for one in sorted(named, key=lambda one: one.start)[:_FEWEST_PEOPLE])
    weight = min(len(named), _MOST_PEOPLE) / 2
    reason = Reason(Trait.PEOPLE, weight, words, *first.places[0], count=len(named))
    return replace(guess, reasons=(*guess.reasons, reason))
