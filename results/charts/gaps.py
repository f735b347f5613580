"""The gap to the leader by lap: one line a car, the leader on top, time going down."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from itertools import pairwise

from django.utils.translation import gettext as _

from results.charts.drawing import (
    WIDTH,
    Chart,
    Key,
    Plot,
    Shape,
    Stroke,
    Table,
    Text,
    Tick,
    lap_ticks,
    look,
    path_of,
    shortened,
    time_in_words,
    time_step,
)
from results.charts.field import Car, longest, picked
from results.charts.positions import leaders_of
from results.notation import Gap, format_gap, format_lap_time

USUAL = 10
TENTH = 100
LEFT, RIGHT, TOP, HEIGHT, FOOT = 66, 196, 24, 520, 40
LABEL_HEIGHT = 14


def draw(field: Sequence[Car], chosen: Collection[str] = ()) -> Chart:
    """The chosen cars or the first ten of the result, in tenths of a second."""
    cars = picked(field, chosen, USUAL)
    laps, deepest = longest(cars), max((_deepest(car) for car in cars), default=0)
    plot = Plot(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, 1, laps, 0, max(tenths(deepest) or 0, 1))
    looks = [look(order) for order in range(len(cars))]
    return Chart(
        kind="abstand",
        title=_("Gap to the leader"),
        description=_(
            "One line for each car: how far behind the leader it ended each lap, on the road and without time penalties. The leader is at the top."
        ),
        summary=summary(cars, field),
        plot=plot,
        height=plot.floor + FOOT,
        x_title=_("Lap"),
        y_title=_("Gap"),
        x_ticks=lap_ticks(plot),
        y_ticks=_ticks(plot, deepest),
        shapes=tuple(_shapes(cars, looks, plot)),
        table=partial(_table, cars, laps),
        keys=tuple(Key(stroke, car.label) for car, stroke in zip(cars, looks, strict=True)),
    )


def tenths(ms: int | None) -> int | None:
    """A chart 520 units high needs no more, and a third of the bytes."""
    return None if ms is None else round(ms / TENTH)


def _deepest(car: Car) -> int:
    return max((gap for gap in car.trace.gaps_ms if gap is not None), default=0)


def _ticks(plot: Plot, deepest: int) -> tuple[Tick, ...]:
    step = time_step(deepest)
    return tuple(
        Tick(plot.down(gap // TENTH), f"+{format_lap_time(gap).partition(',')[0]}" if gap else "0")
        for gap in range(0, deepest + 1, step)
    )


def _shapes(cars: Sequence[Car], looks: Sequence[Stroke], plot: Plot) -> list[Shape]:
    ends = [_end(car) for car in cars]
    rows = apart([plot.down(end[1]) if end else 0 for end in ends], least=LABEL_HEIGHT, most=plot.floor)
    return [
        Shape(
            number=car.number,
            name=car.label,
            stroke=stroke,
            line=path_of([tenths(gap) for gap in car.trace.gaps_ms]),
            texts=(Text(plot.across(end[0]) + 6, row + 4, shortened(car.label)),) if end else (),
        )
        for car, stroke, end, row in zip(cars, looks, ends, rows, strict=True)
    ]


def _end(car: Car) -> tuple[int, int] | None:
    """The last lap with a known gap, and that in tenths."""
    known = [(lap, round(gap / TENTH)) for lap, gap in enumerate(car.trace.gaps_ms, start=1) if gap is not None]
    return known[-1] if known else None


def apart(rows: Sequence[int], *, least: int, most: int) -> list[int]:
    """The rows moved so far that labels on them do not touch, in the same order, above `most` where they can be."""
    order = sorted(range(len(rows)), key=lambda place: rows[place])
    moved = list(rows)
    for before, after in pairwise(order):
        moved[after] = max(moved[after], moved[before] + least)
    limit = most
    for place in reversed(order):
        moved[place] = min(moved[place], limit)
        limit = moved[place] - least
    return moved


def _table(cars: Sequence[Car], laps: int) -> Table:
    rows = ((car.label, *(_cell(gap) for gap in car.trace.gaps_ms), *[""] * (laps - car.laps)) for car in cars)
    return Table((_("Car"), *(str(lap) for lap in range(1, laps + 1))), tuple(rows))


def _cell(gap: int | None) -> str:
    if gap is None:
        return "–"
    return format_gap(Gap(ms=gap)) if gap else "0"


# ------------------------------------------------------------------ in words


def summary(cars: Sequence[Car], field: Sequence[Car]) -> tuple[str, ...]:
    """The gap at the end and the largest lead."""
    leaders = leaders_of(field)
    last = len(leaders)
    behind = [_second(field, lap) for lap in range(last)]
    sentences = []
    leader, second = (leaders[-1], behind[-1]) if last else (None, None)
    if leader and second:
        values = {"laps": last, "car": leader.label, "gap": time_in_words(second[0]), "other": second[1].label}
        sentences.append(_("After %(laps)s laps %(car)s was %(gap)s ahead of %(other)s.") % values)
    leads = [(found[0], lap) for lap, found in enumerate(behind) if found and leaders[lap]]
    if leads:
        largest, lap = max(leads, key=lambda lead: (lead[0], -lead[1]))
        ahead = leaders[lap]
        values = {"car": ahead.label if ahead else "", "gap": time_in_words(largest), "lap": lap + 1}
        sentences.append(_("The largest lead was that of %(car)s in lap %(lap)s: %(gap)s.") % values)
    if not sentences:
        return (_("The source has no clock, so the order by lap is not known."),)
    return tuple(sentences)


def _second(field: Sequence[Car], lap: int) -> tuple[int, Car] | None:
    """Who ended the lap second, and how far behind."""
    for car in field:
        if lap < car.laps and car.trace.positions[lap] == 2:  # noqa: PLR2004 - second is second
            gap = car.trace.gaps_ms[lap]
            return (gap, car) if gap is not None else None
    return None
