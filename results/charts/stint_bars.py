"""Who drove when: a bar for each car, a segment for each stint."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.charts.drawing import (
    WIDTH,
    Bar,
    Chart,
    Plot,
    Shape,
    Stroke,
    Table,
    Text,
    lap_ticks,
    look,
)
from results.charts.field import Car, Spell, longest
from results.notation import format_duration, format_lap_time

LEFT, RIGHT, TOP, FOOT = 66, 20, 24, 44
ROW = 20
THICK, AIR = "0.76", 0.12
SIGN = 7  # units of the page that a letter of a bar's text needs
SHORT_NAME = 3


def draw(field: Sequence[Car], chosen: Collection[str] = ()) -> Chart:
    """The chosen cars or all of them."""
    cars = [car for car in field if car.spells and (not chosen or car.number in chosen)]
    laps = max((spell.last_lap for car in cars for spell in car.spells), default=longest(cars))
    plot = Plot(LEFT, TOP, WIDTH - LEFT - RIGHT, max(len(cars), 1) * ROW, 0, max(laps, 1), 0, max(len(cars), 1))
    return Chart(
        kind="stints",
        title=_("Stints"),
        description=_("A bar for each car in order of the result; a segment is what one driver drove without a stop."),
        summary=summary(cars),
        plot=plot,
        height=plot.floor + FOOT,
        x_title=_("Lap"),
        y_title=_("Car"),
        x_ticks=lap_ticks(plot),
        y_ticks=(),
        shapes=tuple(_shape(car, row, plot) for row, car in enumerate(cars)),
        table=partial(_table, cars),
    )


def _shape(car: Car, row: int, plot: Plot) -> Shape:
    middle = plot.down(row + 0.5) + 4
    texts = [Text(plot.x - 6, middle, f"#{car.number}", anchor="end", kind="start")]
    bars = []
    for spell in car.spells:
        start, width = spell.first_lap - 1, spell.last_lap - spell.first_lap + 1
        bars.append(Bar(start, f"{row + AIR:g}", width, THICK, _stroke(spell), _name(spell)))
        room = (plot.across(start + width) - plot.across(start)) // SIGN
        text = _fitting(spell, room)
        if text:
            centre = (plot.across(start) + plot.across(start + width)) // 2
            texts.append(Text(centre, middle, text, anchor="middle", kind="on-bar"))
    return Shape(car.number, car.label, Stroke(0), bars=tuple(bars), texts=tuple(texts))


def _stroke(spell: Spell) -> Stroke:
    """A tone for each seat; who is unknown looks grey."""
    return Stroke(7) if spell.seat is None else Stroke(look(spell.seat).tone)


def _fitting(spell: Spell, room: int) -> str:
    """The surname, its first letters or the seat: what a bar has room for."""
    seat = "" if spell.seat is None else str(spell.seat)
    shorter = (spell.driver, spell.driver[:SHORT_NAME].upper(), seat)
    return next((text for text in shorter if text and len(text) <= room), "")


def _name(spell: Spell) -> str:
    driver = spell.driver or (_("seat %(seat)s") % {"seat": spell.seat} if spell.seat else _("driver unknown"))
    return _("%(driver)s, laps %(first)s to %(last)s") % {
        "driver": driver, "first": spell.first_lap, "last": spell.last_lap,
    }  # fmt: skip


def _table(cars: Sequence[Car]) -> Table:
    heads = (_("Car"), _("Driver"), _("Laps"), _("Number"), _("Time"), _("Best lap"), _("Stop after it"))
    return Table(heads, tuple(_row(car, spell) for car in cars for spell in car.spells))


def _row(car: Car, spell: Spell) -> tuple[str, ...]:
    stop = format_lap_time(spell.pit_ms) if spell.pit_ms else _("yes") if spell.ends_in_pit else ""
    return (
        car.label,
        spell.driver or ("" if spell.seat is None else str(spell.seat)),
        f"{spell.first_lap}–{spell.last_lap}",
        str(spell.laps),
        format_duration(spell.drive_ms) if spell.drive_ms else "–",
        format_lap_time(spell.best_lap_ms) if spell.best_lap_ms else "–",
        stop,
    )


# ------------------------------------------------------------------ in words


def summary(cars: Sequence[Car]) -> tuple[str, ...]:
    """How many stops there were, and the longest stint."""
    spells = [(spell.laps, car, spell) for car in cars for spell in car.spells]
    if not spells:
        return (_("The source does not say who drove when."),)
    return (_stops(cars), _longest(max(spells, key=lambda one: one[0])))


def _stops(cars: Sequence[Car]) -> str:
    counts = {car.label: sum(spell.ends_in_pit for spell in car.spells) for car in cars}
    total = sum(counts.values())
    if not total:
        return _("The source does not mark laps into the pits; a segment ends where the driver changed.")
    most = max(counts, key=lambda car: counts[car])
    said = ngettext("%(count)s stop in all", "%(count)s stops in all", total) % {"count": total}
    values = {"total": said, "car": most, "count": counts[most]}
    return _("%(total)s, most of them by %(car)s: %(count)s.") % values


def _longest(found: tuple[int, Car, Spell]) -> str:
    laps, car, spell = found
    values = {"laps": laps, "car": car.label, "stint": _name(spell)}
    return _("The longest stint had %(laps)s laps: %(car)s, %(stint)s.") % values
