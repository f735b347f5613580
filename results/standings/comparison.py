"""The organiser's printed table beside ours: who differs, by how much, and where in our ledger the difference arises."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from results.models import Computation, PointsAward, PrintedStanding, PrintedStandingRow
from results.standings.matching import Matcher
from results.standings.reading import TableLine, plain, table
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
    book = _Book(printed)
    if book.why_not or book.round is None:
        return Comparison(why_not=book.why_not)
    pairs = book.pairs(printed, book.round)
    if with_origins:
        pairs = [book.with_origin(pair) if pair.points else pair for pair in pairs]
    return Comparison(tuple(pairs), book.round)


class _Book:
    """Our tables of one championship and the printed ones beside them."""

    def __init__(self, printed: PrintedStanding) -> None:
        self.round: int | None = None
        self.why_not = ""
        self.printed = printed
        championship = printed.championship
        if championship is None or printed.after_event_id is None:
            self.why_not = _("To be compared, the table needs our championship and the event after which it stands.")
            return
        self.rounds = calendar_of(championship.season).rounds
        self.round = self.rounds.get(printed.after_event_id)
        if self.round is None:
            self.why_not = _("This event is no round of the season.")
            return
        self.championship = championship
        found = Computation.objects.current().filter(championship=championship)
        self.computation = found.select_related("championship").first()
        if self.computation is None:
            self.why_not = _("We have no table: no result is scored, or the rules cannot be read.")
        elif not self.ours(self.round):
            self.why_not = _("We have no table: no result is scored until then.")

    def ours(self, number: int) -> list[TableLine]:
        return table(self.computation, after=number) if self.computation is not None else []

    def pairs(self, printed: PrintedStanding, number: int) -> list[Pair]:
        lines = self.ours(number)
        matcher = Matcher(self.championship, lines)
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

    def with_origin(self, pair: Pair) -> Pair:
        assert pair.ours is not None and self.round is not None and pair.points is not None  # noqa: S101, PT018 - both sides
        since, first, delta = self._first_that_differs(pair)
        found = PointsAward.objects.filter(
            competitor=pair.ours.competitor, round__gt=since, round__lte=first
        ).select_related("session__event", "entry", "decision")
        rows = tuple(found.order_by("sequence"))
        suspects = frozenset(row.pk for row in rows if row.points == -delta)
        return Pair(pair.printed, pair.ours, pair.points, pair.place, Origin(since, first, rows, suspects))

    def _first_that_differs(self, pair: Pair) -> tuple[int, int, Decimal]:
        """The last round at which both were equal, the first printed one at which they are not, and by how much there."""
        since = 0
        for number, printed in self._printed_until():
            own = next((one for one in self._of(printed, number) if _same(one.ours, pair.ours)), None)
            if own is None or own.points is None:
                continue
            if own.points:
                return since, number, own.points
            since = number
        return since, self.round or 0, pair.points or Decimal(0)

    def _printed_until(self) -> list[tuple[int, PrintedStanding]]:
        """The printed tables of this championship up to this one, by round."""
        if not hasattr(self, "_earlier"):
            others = PrintedStanding.objects.filter(championship=self.championship).prefetch_related("rows")
            numbered = [(self.rounds.get(one.after_event_id or 0), one) for one in others]
            until = self.round or 0
            self._earlier = sorted(
                ((number, one) for number, one in numbered if number is not None and number <= until),
                key=lambda found: (found[0], found[1].pk),
            )
        return self._earlier

    def _of(self, printed: PrintedStanding, number: int) -> list[Pair]:
        known: dict[int, list[Pair]] = self.__dict__.setdefault("_pairs", {})
        if printed.pk not in known:
            known[printed.pk] = self.pairs(printed, number)
        return known[printed.pk]


def _pair(row: PrintedStandingRow, line: TableLine, *, alone: bool) -> Pair:
    place = row.position - line.position if row.position and line.position and alone else None
    return Pair(row, line, row.points - line.points, place)


def _same(one: TableLine | None, other: TableLine | None) -> bool:
    return one is not None and other is not None and one.competitor == other.competitor


# ------------------------------------------------------------------ kept numbers


def note_differences(tables: Iterable[PrintedStanding]) -> None:
    """Keeps how many lines of each table differ from ours, for the board; in the transaction of whatever moved either."""
    for printed in tables:
        found = compare(printed)
        number = None if found.why_not else len(found.differing)
        PrintedStanding.objects.filter(pk=printed.pk).update(differences=number, mark=found.mark)
        printed.differences, printed.mark = number, found.mark


def compare_season(season_id: int) -> None:
    """Compares every printed table of a season that belongs to a championship of ours."""
    linked = PrintedStanding.objects.filter(season=season_id, championship__isnull=False)
    note_differences(
        linked.select_related("championship__season__series", "championship__racing_class").prefetch_related("rows")
    )


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
