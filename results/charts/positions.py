"""Position by lap: one line a car, the leader on top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import partial
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.charts.drawing import (
    WIDTH,
    Chart,
    Plot,
    Shape,
    Stroke,
    Table,
    Text,
    Tick,
    keys_of,
    lap_ticks,
    path_of,
    shortened,
    strokes,
)
from results.charts.field import Car, longest

LEFT, RIGHT, TOP, FOOT = 66, 196, 24, 40
NEARLY_ALL = 0.9  # of the laps: who drove them was there at the end
BASELINE = 4


def draw(field: Sequence[Car], chosen: Collection[str] = ()) -> Chart:
    return _draw(field, chosen, row=_row_height(len(field)))


def draw_preview(field: Sequence[Car]) -> Chart:
    """The first five of the result among all others, small."""
    return _draw(field, [car.number for car in field[:5]], row=7, label_all=False)


def _draw(field: Sequence[Car], chosen: Collection[str], *, row: int, label_all: bool = True) -> Chart:
    laps, places = longest(field), max((_worst(car) for car in field), default=1)
    height = max(places * row, 200)
    plot = Plot(LEFT, TOP, WIDTH - LEFT - RIGHT, height, 1, laps, 0.5, places + 0.5)
    looks = strokes(field, chosen)
    drawn = sorted(field, key=lambda car: car.number in chosen)  # chosen cars on top of the others
    return Chart(
        kind="positionen",
        title=_("Position by lap"),
        description=_(
            "One line for each car from lap 1 to lap %(laps)s, on the road and without time penalties; the leader is at the top."
        )
        % {"laps": laps},
        summary=summary(field),
        plot=plot,
        height=plot.floor + FOOT,
        x_title=_("Lap"),
        y_title=_("Rank"),
        x_ticks=lap_ticks(plot),
        y_ticks=tuple(
            Tick(plot.down(place), str(place)) for place in range(1, places + 1) if place == 1 or not place % 5
        ),
        shapes=tuple(
            _shape(car, looks[car.number], plot, with_label=label_all or car.number in chosen) for car in drawn
        ),
        table=partial(_table, field, laps),
        keys=keys_of(field, looks, chosen),
    )


def _row_height(cars: int) -> int:
    return 18 if cars <= 30 else 14 if cars <= 70 else 12  # noqa: PLR2004 - as much as the text needs


def _worst(car: Car) -> int:
    return max((place for place in car.trace.positions if place), default=1)


def _shape(car: Car, stroke: Stroke, plot: Plot, *, with_label: bool) -> Shape:
    return Shape(
        number=car.number,
        name=car.label,
        stroke=stroke,
        line=path_of(car.trace.positions),
        texts=_labels(car, plot) if with_label else (),
    )


def _labels(car: Car, plot: Plot) -> tuple[Text, ...]:
    """The car's number where its line begins, and behind its end, there with the team if there is room."""
    known = [(lap, place) for lap, place in enumerate(car.trace.positions, start=1) if place]
    if not known:
        return ()
    (first, start), (last, end) = known[0], known[-1]
    text = shortened(car.label) if last >= plot.right * NEARLY_ALL else f"#{car.number}"
    labels = [Text(plot.across(last) + 6, plot.down(end) + BASELINE, text)]
    if first == 1:
        labels.append(Text(plot.x - 6, plot.down(start) + BASELINE, car.number, anchor="end", kind="start"))
    return tuple(labels)


def _table(field: Sequence[Car], laps: int) -> Table:
    heads = (_("Car"), *(str(lap) for lap in range(1, laps + 1)))
    rows = (
        (car.label, *("–" if place is None else str(place) for place in car.trace.positions), *[""] * (laps - car.laps))
        for car in field
    )
    return Table(heads, tuple(rows))


# ------------------------------------------------------------------ in words


def leaders_of(field: Sequence[Car]) -> list[Car | None]:
    """Who led at the end of each lap; None where nobody knows."""
    leaders: list[Car | None] = [None] * longest(field)
    for car in field:
        for lap, place in enumerate(car.trace.positions):
            if place == 1 and leaders[lap] is None:
                leaders[lap] = car
    return leaders


def summary(field: Sequence[Car]) -> tuple[str, ...]:
    """Who led how long, how often the lead changed, who gained most."""
    leaders = leaders_of(field)
    known = [leader for leader in leaders if leader is not None]
    if not known:
        return (_("The source has no clock, so the order by lap is not known."),)
    sentences = [_led(known, len(leaders)), _changes(known)]
    if len(known) < len(leaders):
        missing = len(leaders) - len(known)
        sentences.append(
            ngettext(
                "At the end of %(count)s lap the leader is not known.",
                "At the end of %(count)s laps the leader is not known.",
                missing,
            )
            % {"count": missing}
        )
    return (*sentences, *_gain(field))


def _led(known: Sequence[Car], laps: int) -> str:
    """Who led how many laps: the three who did longest, the others counted."""
    counts = Counter(car.label for car in known)
    (first, most), *others = counts.most_common()
    said = ngettext("%(car)s led %(count)s of %(laps)s lap", "%(car)s led %(count)s of %(laps)s laps", laps) % {
        "car": first,
        "count": most,
        "laps": laps,
    }
    further = [_("%(car)s in %(count)s") % {"car": car, "count": count} for car, count in others[:2]]
    said = ", ".join([said, *further]) + "."
    rest = len(counts) - 1 - len(further)
    if not rest:
        return said
    return f"{said} " + ngettext("%(count)s other car led too.", "%(count)s other cars led too.", rest) % {
        "count": rest
    }


def _changes(known: Sequence[Car]) -> str:
    changes = sum(before is not after for before, after in pairwise(known))
    if not changes:
        return _("The lead never changed.")
    return ngettext(
        "At the line the lead changed %(count)s time.", "At the line the lead changed %(count)s times.", changes
    ) % {"count": changes}


def _gain(field: Sequence[Car]) -> list[str]:
    """The car at the end that had gained most places since lap 1."""
    laps = longest(field)
    gains = []
    for car in field:
        places = car.trace.positions
        if len(places) >= laps * NEARLY_ALL and places[0] and places[-1]:
            gains.append((places[0] - places[-1], car.label, places[0], places[-1]))
    best = max(gains, default=(0, "", 0, 0))
    if best[0] <= 0:
        return []
    values = {"car": best[1], "start": best[2], "end": best[3]}
    return [_("%(car)s gained most places: from %(start)s after lap 1 to %(end)s.") % values]
