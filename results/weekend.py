"""What the page of an event sums up: winner, pole and fastest lap of each race, over all and by class."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, F, Q, When, Window
from django.db.models.functions import Rank

from results.importers.status import DSQ, EXCLUDED
from results.models import Classification, ClassificationRow, Session, SessionKind
from results.selectors import RACES, IsAnyOf, Result, crew_of_entry

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ClassSummary:
    """Who won, started first and was fastest in a class, or over all where `name` is empty; rows may be missing.

    `pole_ms` is the time that brought the pole, where a qualifying says so.
    """

    name: str
    sequence: int
    winners: list[Row]
    pole: Row | None
    pole_ms: int | None
    fastest: Row | None


@dataclass(frozen=True, slots=True)
class RaceSummary:
    session: Session
    classes: list[ClassSummary]
    has_poles: bool
    has_fastest: bool


def summaries_of(results: list[Result]) -> list[RaceSummary]:
    """The races among an event's results of which more is known than the winner, in the order given; one query."""
    marks = _marks_of([result.session for result in results if result.session.kind in RACES])
    summaries = [
        _summary(result, marks.get(result.session.pk, []), _qualifying_for(result.session, results))
        for result in results
        if result.session.kind in RACES
    ]
    return [summary for summary in summaries if summary.has_poles or summary.has_fastest]


def _qualifying_for(race: Session, results: list[Result]) -> Result | None:
    """The last qualifying that did not start after the race; one whose hour nobody knows came before it that day."""
    before = [
        result
        for result in results
        if result.session.kind == SessionKind.QUALIFYING and not _is_after(result.session, race)
    ]
    return before[-1] if before else None


def _is_after(one: Session, other: Session) -> bool:
    if one.starts_at and other.starts_at:
        return one.starts_at > other.starts_at
    return bool(one.local_date and other.local_date and one.local_date > other.local_date)


def _summary(race: Result, marks: list[Row], qualifying: Result | None) -> RaceSummary:
    names = dict.fromkeys((row["class_name"], row["class_sequence"]) for row in (*race.leaders, *marks))
    classes = [_overall(race, marks, qualifying)]
    if len(names) > 1:
        classes += [_of_class(name, race, marks, qualifying) for name in names if name[0]]
    return RaceSummary(
        session=race.session,
        classes=classes,
        has_poles=any(one.pole for one in classes),
        has_fastest=any(one.fastest for one in classes),
    )


def _overall(race: Result, marks: list[Row], qualifying: Result | None) -> ClassSummary:
    pole, pole_ms = _pole(
        [row for row in marks if row["grid"] == 1], [row for row in _leaders(qualifying) if row["position"] == 1]
    )
    fastest = [row for row in marks if _is_fastest(row)]
    return ClassSummary("", 0, race.overall, pole, _time(race, pole_ms), min(fastest, key=_best, default=None))


def _of_class(key: tuple[str, int], race: Result, marks: list[Row], qualifying: Result | None) -> ClassSummary:
    name, sequence = key
    inside = [row for row in marks if row["class_name"] == name]
    pole, pole_ms = _pole(
        [row for row in inside if row["first_on_grid"] == 1 and row["grid"]],
        [row for row in _leaders(qualifying) if row["class_name"] == name and row["class_position"] == 1],
    )
    fastest = [row for row in inside if _is_fastest(row)]
    winners = [row for row in race.leaders if row["class_name"] == name and row["class_position"] == 1]
    return ClassSummary(name, sequence, winners, pole, _time(race, pole_ms), fastest[0] if fastest else None)


def _time(race: Result, pole_ms: int | None) -> int | None:
    """The time that brought the pole; the grid of a sprint may come from a session of its own, so none is claimed."""
    return None if race.session.kind == SessionKind.SPRINT else pole_ms


def _pole(on_grid: list[Row], fastest: list[Row]) -> tuple[Row | None, int | None]:
    """The car first on the grid; where the race does not print its grid, the fastest of the qualifying and its time."""
    if on_grid:
        same = [row for row in fastest if row["number"] == on_grid[0]["number"]]
        return on_grid[0], same[0]["best_lap_ms"] if same else None
    return (fastest[0], fastest[0]["best_lap_ms"]) if fastest else (None, None)


def _leaders(qualifying: Result | None) -> list[Row]:
    return qualifying.leaders if qualifying else []


def _is_fastest(row: Row) -> bool:
    return row["fastest"] == 1 and bool(row["best_lap_ms"]) and row["status"] not in {DSQ, EXCLUDED}


def _best(row: Row) -> int:
    best: int = row["best_lap_ms"]
    return best


def _marks_of(races: Iterable[Session]) -> dict[int, list[Row]]:
    """By race: the cars that started first or lapped fastest in their class, as readers see it now."""
    standing = Classification.objects.public().filter(session__in=races, checkpoint="")
    standing = standing.exclude(state=Classification.State.ANNULLED)
    partition = [F("classification"), F("session_entry__entry__racing_class")]
    counts = ~Q(status__in=(DSQ, EXCLUDED))  # what a struck car drove is not the fastest lap
    best = Case(When(counts, then=F("best_lap_ms")))
    rows = (
        ClassificationRow.objects.filter(IsAnyOf(F("classification_id"), ArraySubquery(standing.values("pk"))))
        .annotate(
            fastest=Window(Rank(), partition_by=partition, order_by=best.asc(nulls_last=True)),
            first_on_grid=Window(Rank(), partition_by=partition, order_by=F("grid").asc(nulls_last=True)),
        )
        .filter(Q(counts, fastest=1, best_lap_ms__isnull=False) | Q(first_on_grid=1, grid__isnull=False, grid__gt=0))
        .order_by("session_entry__entry__racing_class__sequence", "session_entry__entry__racing_class__folded", "pk")
        .values(
            "best_lap_ms",
            "best_lap_number",
            "grid",
            "status",
            "fastest",
            "first_on_grid",
            session=F("classification__session"),
            number=F("session_entry__entry__number"),
            team=F("session_entry__entry__team__name"),
            entrant=F("session_entry__entry__entrant"),
            car=F("session_entry__entry__car_model__name"),
            class_name=F("session_entry__entry__racing_class__name"),
            class_sequence=F("session_entry__entry__racing_class__sequence"),
            crew=crew_of_entry(slug="driver__slug"),
        )
    )
    marks: dict[int, list[Row]] = {}
    for row in rows:
        marks.setdefault(row["session"], []).append(row)
    return marks
