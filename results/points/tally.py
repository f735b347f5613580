"""What the scorings of a season gave so far, scoring by scoring, so that a table after each costs only what is new."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from results.points.award import adjustments_until, awards_in, graded_of, is_in, places_of, rule_of, scoring_for
from results.points.facts import Award, Key, Scoring
from results.points.rules import Championship, ScoreRule


@dataclass(frozen=True, slots=True)
class Finishes:
    """Where somebody finished in races, in order: (round, place). `scoring` only counts places that gave points.

    `started` is the number of rounds in which he took part. `by_race` tells the races of one round apart: (which race of
    the season from 1 on, place). `qualifying` are places in qualifyings, kept where they decide a tie.
    """

    every: tuple[tuple[int, int], ...] = ()
    scoring: tuple[tuple[int, int], ...] = ()
    started: int = 0
    by_race: tuple[tuple[int, int], ...] = ()
    qualifying: tuple[tuple[int, int], ...] = ()


@dataclass(slots=True)
class _Record:
    """All that one competitor has brought about, in the order of the scorings."""

    awards: list[Award]
    every: list[tuple[int, int]]
    paid: list[tuple[int, int]]
    started: set[int]
    seats: list[tuple[Key, Key, int]]  # scoring, car, share of it
    by_race: list[tuple[int, int]]
    qualifying: list[tuple[int, int]]

    def copy(self) -> _Record:
        return _Record(
            list(self.awards),
            list(self.every),
            list(self.paid),
            set(self.started),
            list(self.seats),
            list(self.by_race),
            list(self.qualifying),
        )


class Tally:
    """Awards and finishes by competitor; `last` is the last round that was added, 0 before the first.

    Competitors stand in the order in which they first scored, then those who only took part.
    """

    def __init__(self, championship: Championship) -> None:
        self.championship = championship
        self.last = 0
        self._races = 0
        self._records: dict[Key, _Record] = {}
        self._scorers: dict[Key, None] = {}

    def add(self, scoring: Scoring) -> None:
        """Counts one more scoring; whoever adds them brings them in the order of the season."""
        self.last = max(self.last, scoring.round)
        for award in awards_in(self.championship, scoring):
            self._scorers.setdefault(award.competitor)
            self._record(award.competitor).awards.append(award)
        self._finish(scoring)

    def only(self, competitors: Collection[Key]) -> Tally:
        """A tally of its own that knows these competitors alone: what others did is in their places already."""
        return self._copy(self.championship, [one for one in self._records if one in competitors])

    def under(self, championship: Championship) -> Tally:
        """A tally of its own of the same scorings, by rules that award the same for each of them."""
        return self._copy(championship, self._records)

    def _copy(self, championship: Championship, competitors: Collection[Key]) -> Tally:
        found = Tally(championship)
        found.last, found._races = self.last, self._races
        found._records = {one: self._records[one].copy() for one in competitors}
        found._scorers = {one: None for one in self._scorers if one in found._records}
        return found

    def ledger(self) -> dict[Key, list[Award]]:
        """The awards by competitor, decisions of the time included, nothing dropped yet."""
        found = {one: list(self._records[one].awards) for one in self._scorers}
        for award in adjustments_until(self.championship, self.last):
            found.setdefault(award.competitor, []).append(award)
        return found

    def finishes(self) -> dict[Key, Finishes]:
        """By competitor, every race that he took part in; who has no place in it has none to count."""
        return {
            one: Finishes(
                tuple(record.every),
                tuple(record.paid),
                len(record.started),
                tuple(record.by_race),
                tuple(record.qualifying),
            )
            for one, record in self._records.items()
        }

    def seats(self) -> dict[Key, tuple[tuple[Key, Key, int], ...]]:
        """By competitor, the cars he sat in: scoring, car, and which share of it. Equal ones shared every car."""
        return {one: tuple(record.seats) for one, record in self._records.items()}

    def rounds_started(self) -> dict[Key, frozenset[int]]:
        """By competitor, the rounds in which he took part."""
        return {one: frozenset(record.started) for one, record in self._records.items()}

    def _record(self, competitor: Key) -> _Record:
        return self._records.setdefault(competitor, _Record([], [], [], set(), [], [], []))

    def _finish(self, scoring: Scoring) -> None:
        if scoring.kind == "qualifying" and "qualifying" in self.championship.ties:
            self._qualify(scoring)
        rule = rule_of(self.championship, scoring)
        if rule is None:
            return
        for line in scoring.lines:
            if line.is_guest or not is_in(self.championship, line):
                continue  # who only drives in another class, or as a guest, cannot win this title
            for competitor in graded_of(self.championship, line):
                record = self._record(competitor)
                record.seats.append((scoring.key, line.car, line.share))
                if line.has_started:
                    record.started.add(scoring.round)
        if scoring.kind == "race":  # a sprint decides no tie
            self._place(scoring, rule)

    def _qualify(self, scoring: Scoring) -> None:
        for place, line in places_of(self.championship, scoring):
            for competitor in graded_of(self.championship, line):
                self._record(competitor).qualifying.append((scoring.round, place))

    def _place(self, scoring: Scoring, rule: ScoreRule) -> None:
        self._races += 1
        for place, line in places_of(self.championship, scoring):
            scoring_here = scoring_for(self.championship, line)
            for competitor in graded_of(self.championship, line):
                record = self._record(competitor)
                record.every.append((scoring.round, place))
                record.by_race.append((self._races, place))
                if competitor in scoring_here and (rule.by_starters or rule.table.at(place)):
                    record.paid.append((scoring.round, place))
