"""The organiser's printed table beside ours: who differs, by how much, and where in our ledger the difference arises."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.models import Championship, Computation, PointsAward, PrintedStanding, PrintedStandingRow
from results.standings.matching import Matcher, aliases_of
from results.standings.reading import TableLine, plain, tables
from results.standings.schedule import calendar_of


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a difference arises: the first printed table that has it, the one before, and our rows of the rounds between.

    `since` is the round of the last printed table in which both were equal, 0 without one; `round` that of the first one
    that differs. `suspects` are keys of rows worth exactly the difference.
    """

    since: int
    round: int
    rows: tuple[PointsAward, ...]
    suspects: frozenset[int]


@dataclass(frozen=True, slots=True)
class Pair:
    """A line of the printed table and ours; either may be missing. `points` and `place` are theirs minus ours."""

    printed: PrintedStandingRow | None
    ours: TableLine | None
    points: Decimal | None = None
    place: int | None = None
    origin: Origin | None = None

    @property
    def differs(self) -> bool:
        return self.printed is None or self.ours is None or bool(self.points) or bool(self.place)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both tables after one round, in the order of the printed one, then who stands only in ours. `why_not` in words."""

    pairs: tuple[Pair, ...] = ()
    round: int | None = None
    why_not: str = ""

    @property
    def differing(self) -> Sequence[Pair]:
        return [one for one in self.pairs if one.differs]

    @property
    def mark(self) -> str:
        """Equal for equal differences."""
        said = [
            (one.printed.entrant if one.printed else "", one.ours.name if one.ours else "", str(one.points), one.place)
            for one in self.differing
        ]
        return hashlib.sha256(repr(said).encode()).hexdigest() if said else ""


def compare(printed: PrintedStanding, *, with_origins: bool = False) -> Comparison:
    """The printed table beside ours after its event, on the results that the desk works on."""
    if printed.championship is None:
        return Comparison(why_not=_lacks())
    return _Book(printed.championship).compared(printed, with_origins=with_origins)


def _lacks() -> str:
    return _("To be compared, the table needs our championship and the event after which it stands.")


class _Book:
    """Our tables of one championship and the printed ones beside them; `rounds` of the season by event."""

    def __init__(self, championship: Championship, rounds: Mapping[int, int] | None = None) -> None:
        self.championship = championship
        self.rounds = calendar_of(championship.season).rounds if rounds is None else rounds
        found = Computation.objects.current().filter(championship=championship)
        self.computation = found.select_related("championship").first()
        self.stored = list(PrintedStanding.objects.filter(championship=championship).prefetch_related("rows"))
        numbered = [(self.rounds.get(one.after_event_id or 0), one) for one in self.stored]
        self.printed = sorted(
            ((number, one) for number, one in numbered if number is not None), key=lambda found: (found[0], found[1].pk)
        )
        self._known: dict[int, list[Pair]] = {}

    @cached_property
    def _tables(self) -> Mapping[int, list[TableLine]]:
        """Ours after each round after which a printed one stands."""
        numbers = {number for number, _printed in self.printed}
        return tables(self.computation, numbers) if self.computation is not None else {}

    @cached_property
    def _aliases(self) -> Mapping[int, list[str]]:
        return aliases_of([line for lines in self._tables.values() for line in lines])

    def compared(self, printed: PrintedStanding, *, with_origins: bool = False) -> Comparison:
        if printed.after_event_id is None:
            return Comparison(why_not=_lacks())
        number = self.rounds.get(printed.after_event_id)
        if number is None:
            return Comparison(why_not=_("This event is no round of the season."))
        if self.computation is None:
            return Comparison(why_not=_("We have no table: no result is scored, or the rules cannot be read."))
        if not self._tables.get(number):
            return Comparison(why_not=_("We have no table: no result is scored until then."))
        pairs = self._of(printed, number)
        if with_origins:
            pairs = [self.with_origin(pair, number) if pair.points else pair for pair in pairs]
        return Comparison(tuple(pairs), number)

    def pairs(self, printed: PrintedStanding, number: int) -> list[Pair]:
        lines = self._tables.get(number, [])
        matcher = Matcher(self.championship, lines, self._aliases)
        rows = list(printed.rows.all())
        matched = [(row, matcher.match(row.entrant).lines) for row in rows]
        counted: dict[int, int] = {}
        for _row, found in matched:
            for line in found:
                counted[line.competitor] = counted.get(line.competitor, 0) + 1
        pairs: list[Pair] = []
        for row, found in matched:
            mine = [line for line in found if counted[line.competitor] == 1]  # two names for one: neither is sure
            pairs += [_pair(row, line, alone=len(found) == 1) for line in mine] or [Pair(row, None)]
        taken = {pair.ours.competitor for pair in pairs if pair.ours is not None}
        worth = min((row.points for row in rows), default=Decimal(0))
        # An excerpt of the first ten says nothing of the eleventh.
        return pairs + [
            Pair(None, line)
            for line in lines
            if line.competitor not in taken and line.points >= worth and line.points > 0
        ]

    def with_origin(self, pair: Pair, number: int) -> Pair:
        assert pair.ours is not None and pair.points is not None  # noqa: S101, PT018 - both sides
        since, first, delta = self._first_that_differs(pair, number)
        found = PointsAward.objects.filter(
            competitor=pair.ours.competitor, round__gt=since, round__lte=first
        ).select_related("session__event", "entry", "decision")
        rows = tuple(found.order_by("sequence"))
        suspects = frozenset(row.pk for row in rows if row.points == -delta)
        return Pair(pair.printed, pair.ours, pair.points, pair.place, Origin(since, first, rows, suspects))

    def _first_that_differs(self, pair: Pair, until: int) -> tuple[int, int, Decimal]:
        """The last round at which both were equal, the first printed one at which they are not, and by how much there."""
        since = 0
        for number, printed in self.printed:
            own = next((one for one in self._of(printed, number) if _same(one.ours, pair.ours)), None)
            if number > until or own is None or own.points is None:
                continue
            if own.points:
                return since, number, own.points
            since = number
        return since, until, pair.points or Decimal(0)

    def _of(self, printed: PrintedStanding, number: int) -> list[Pair]:
        if printed.pk not in self._known:
            self._known[printed.pk] = self.pairs(printed, number)
        return self._known[printed.pk]


def _pair(row: PrintedStandingRow, line: TableLine, *, alone: bool) -> Pair:
    place = row.position - line.position if row.position and line.position and alone else None
    return Pair(row, line, row.points - line.points, place)


def _same(one: TableLine | None, other: TableLine | None) -> bool:
    return one is not None and other is not None and one.competitor == other.competitor


# ------------------------------------------------------------------ kept numbers


def note_differences(printed: Iterable[PrintedStanding]) -> None:
    """Keeps how many lines of each table differ from ours, for the board; in the transaction of whatever moved either."""
    for one in printed:
        _note(one, compare(one))


def compare_season(season_id: int) -> None:
    """Compares every printed table of a season that belongs to a championship of ours."""
    of_season = {"season": season_id, "printed_standings__isnull": False}
    linked = Championship.objects.filter(**of_season).distinct().select_related("season__series", "racing_class")
    rounds: Mapping[int, int] | None = None
    for championship in linked:
        book = _Book(championship, rounds)
        rounds = book.rounds
        for one in book.stored:
            found = book.compared(one)
            if _kept_of(found) != (one.differences, one.mark):
                _note(one, found)


def _kept_of(found: Comparison) -> tuple[int | None, str]:
    return None if found.why_not else len(found.differing), found.mark


def _note(printed: PrintedStanding, found: Comparison) -> None:
    number, mark = _kept_of(found)
    PrintedStanding.objects.filter(pk=printed.pk).update(differences=number, mark=mark)
    printed.differences, printed.mark = number, mark


@transaction.atomic
def explain(printed: PrintedStanding, *, by: User, reason: str, mark: str) -> bool:
    """Says why the table differs: the board is silent until the differences are others. False where they are by now."""
    return bool(
        PrintedStanding.objects.filter(pk=printed.pk, mark=mark, differences__gt=0).update(
            settled_mark=mark, settled_reason=reason.strip(), settled_by=by, settled_at=Now()
        )
    )


def in_points(difference: Decimal) -> str:
    """`+2`, `−1,5`, as the desk reads it."""
    return f"{'+' if difference > 0 else ''}{plain(difference)}".replace("-", "−").replace(".", ",")
