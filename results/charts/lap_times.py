"""Lap times of a few cars: one line a car, fast laps below; rings are laps into the pits, crosses deleted ones."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from statistics import median_low

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    dots,
    lap_ticks,
    look,
    path_of,
    shortened,
    time_in_words,
    time_step,
)
from results.charts.field import Car, longest, picked
from results.charts.gaps import apart
from results.notation import SECOND, format_lap_time

USUAL = 3
LEFT, RIGHT, TOP, HEIGHT, FOOT = 66, 196, 24, 420, 44
SLOWEST = 1.15  # of the median of the laps without a stop: slower ones leave the picture
LABEL_HEIGHT = 14
HUNDREDTH = 10


def draw(field: Sequence[Car], chosen: Collection[str] = ()) -> Chart:
    """The chosen cars or the first three of the result, in hundredths; upside down, so that fast laps are below."""
    cars = picked(field, chosen, USUAL)
    fastest, slowest = _span(cars)
    strip = LABEL_HEIGHT * len(cars)  # a row a car below the plot: where it stopped
    plot = Plot(LEFT, TOP, WIDTH - LEFT - RIGHT, HEIGHT, 0, longest(cars), height_of(slowest), height_of(fastest))
    looks = [look(order, "strong" if len(cars) <= USUAL else "plain") for order in range(len(cars))]
    return Chart(
        kind="rundenzeiten",
        title=_("Lap times"),
        description=_(
            "One line for each car; fast laps are below. Rings are laps into the pits, crosses deleted laps. Laps slower than %(limit)s leave the picture."
        )
        % {"limit": time_in_words(slowest)},
        summary=summary(cars, field),
        plot=plot,
        height=plot.floor + FOOT + strip,
        x_title=_("Lap"),
        y_title=_("Lap time"),
        x_ticks=lap_ticks(plot),
        y_ticks=_ticks(plot, fastest, slowest),
        shapes=tuple(_shapes(cars, looks, plot)),
        table=partial(_table, cars),
        keys=tuple(Key(stroke, car.label) for car, stroke in zip(cars, looks, strict=True)),
    )


def height_of(time_ms: int) -> int:
    """The data's y of a time: negative hundredths of a second, finer than any screen shows it."""
    return -round(time_ms / HUNDREDTH)


def _span(cars: Sequence[Car]) -> tuple[int, int]:
    """The fastest and the slowest time the picture shows, in ms, with a little air."""
    clean = sorted(time for car in cars for time in _clean_times(car))
    if not clean:
        return 0, SECOND
    slowest = min(clean[-1], round(median_low(clean) * SLOWEST))
    air = max((slowest - clean[0]) // 25, 1)
    return clean[0] - air, slowest + air


def _clean_times(car: Car) -> list[int]:
    """Times of laps that neither began nor ended in the pits; all where there is no other."""
    pits = set(car.trace.pit_laps)
    touched = pits | {lap + 1 for lap in pits}
    times = [(lap, time) for lap, time in enumerate(car.trace.times_ms, start=1) if time is not None]
    return [time for lap, time in times if lap not in touched] or [time for _lap, time in times]


def _ticks(plot: Plot, fastest: int, slowest: int) -> tuple[Tick, ...]:
    step = time_step(slowest - fastest)
    first = -(-fastest // step) * step
    return tuple(
        Tick(plot.down(height_of(time)), format_lap_time(time).partition(",")[0])
        for time in range(first, slowest + 1, step)
    )


def _shapes(cars: Sequence[Car], looks: Sequence[Stroke], plot: Plot) -> list[Shape]:
    ends = [_last(car) for car in cars]
    rows = [min(max(plot.down(height_of(end[1])), plot.y), plot.floor) if end else plot.y for end in ends]
    rows = apart(rows, least=LABEL_HEIGHT, most=plot.floor)
    return [
        Shape(
            number=car.number,
            name=car.label,
            stroke=stroke,
            line=path_of([None if time is None else height_of(time) for time in car.trace.times_ms]),
            rings=dots((lap, height_of(time)) for lap, time in _known(car, car.trace.pit_laps)),
            stops=dots((plot.across(lap), _strip_row(plot, order) - 4) for lap in car.trace.pit_laps),
            texts=(
                *((Text(plot.across(end[0]) + 8, row + 4, shortened(car.label)),) if end else ()),
                *_crosses(car, plot),
                *_strip_head(car, plot, order),
            ),
        )
        for order, (car, stroke, end, row) in enumerate(zip(cars, looks, ends, rows, strict=True))
    ]


def _known(car: Car, laps: Collection[int]) -> list[tuple[int, int]]:
    """These laps with their times, as far as they have one."""
    times = car.trace.times_ms
    return [(lap, time) for lap in laps if lap <= len(times) and (time := times[lap - 1]) is not None]


def _last(car: Car) -> tuple[int, int] | None:
    known = _known(car, range(1, car.laps + 1))
    return known[-1] if known else None


def _crosses(car: Car, plot: Plot) -> list[Text]:
    """A cross over every deleted lap in the picture."""
    return [
        Text(plot.across(lap), plot.down(height_of(time)) + 5, "×", anchor="middle", kind="cross")
        for lap, time in _known(car, car.trace.deleted_laps)
        if plot.top <= height_of(time) <= plot.bottom
    ]


def _strip_row(plot: Plot, order: int) -> int:
    """Where the row below the plot is that says where a car stopped, also in laps too slow for the picture."""
    return plot.floor + FOOT + LABEL_HEIGHT * order


def _strip_head(car: Car, plot: Plot, order: int) -> list[Text]:
    if not car.trace.pit_laps:
        return []
    said = _("Pits #%(number)s") % {"number": car.number}
    return [Text(plot.x - 6, _strip_row(plot, order), said, anchor="end", kind="start")]


def _table(cars: Sequence[Car]) -> Table:
    """A row for each lap, for few cars have many of them."""
    rows = ((str(lap), *(_cell(car, lap) for car in cars)) for lap in range(1, longest(cars) + 1))
    return Table((_("Lap"), *(car.label for car in cars)), tuple(rows))


def _cell(car: Car, lap: int) -> str:
    if lap > car.laps:
        return ""
    time = car.trace.times_ms[lap - 1]
    said = "–" if time is None else format_lap_time(time)
    marks = [
        word for word, laps in ((_("pits"), car.trace.pit_laps), (_("deleted"), car.trace.deleted_laps)) if lap in laps
    ]
    return f"{said} ({', '.join(marks)})" if marks else said


# ------------------------------------------------------------------ in words


def summary(cars: Sequence[Car], field: Sequence[Car]) -> tuple[str, ...]:
    """The fastest lap of the session, then of each car, with its stops."""
    bests = [(best, car) for car in field if (best := fastest_lap(car))]
    if not bests:
        return (_("The source has no lap times."),)
    (time, lap), car = min(bests, key=lambda one: one[0])
    values = {"car": car.label, "time": time_in_words(time), "lap": lap}
    sentences = [_("The fastest lap of all drove %(car)s in lap %(lap)s: %(time)s.") % values]
    return (*sentences, *(_of_car(car) for car in cars if fastest_lap(car)))


def fastest_lap(car: Car) -> tuple[int, int] | None:
    """Time and number of a car's fastest lap that counts."""
    deleted = set(car.trace.deleted_laps)
    times = enumerate(car.trace.times_ms, start=1)
    return min(((time, lap) for lap, time in times if time is not None and lap not in deleted), default=None)


def _of_car(car: Car) -> str:
    time, lap = fastest_lap(car) or (0, 0)
    values = {"car": car.label, "time": time_in_words(time), "lap": lap}
    said = _("%(car)s: fastest lap %(time)s (lap %(lap)s)") % values
    stops, deleted = len(car.trace.pit_laps), len(car.trace.deleted_laps)
    if stops:
        said += ", " + ngettext("%(count)s stop", "%(count)s stops", stops) % {"count": stops}
    if deleted:
        said += ", " + ngettext("%(count)s lap deleted", "%(count)s laps deleted", deleted) % {"count": deleted}
    return f"{said}."
