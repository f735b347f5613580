"""What a drawing is made of: a plot in units of the data, lines, bars and marks in it, ticks and labels around it.

Lines stand in a nested `svg` whose `viewBox` counts laps and places (or tenths, or milliseconds), so the numbers of a
path are those of the data and no point is rounded to a pixel. Everything outside is whole units of the page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from django.utils.translation import gettext as _

from results.charts.field import Car
from results.notation import HOUR, MINUTE, SECOND, format_lap_time

Weight = Literal["plain", "strong", "faint"]

WIDTH = 1000
TONES, DASHES = 8, 4
# For a file that stands alone, where the site's style sheet does not reach: the tones of the light scheme.
COLOURS = ("#b5121e", "#1450a8", "#13693a", "#ad4200", "#65309f", "#00646b", "#7d5700", "#4a5160")
DASH_ARRAYS = ("", "7 4", "2 3", "10 3 2 3")
STROKES = {"plain": "1.6", "strong": "3", "faint": "1"}
LONGEST_LABEL = 21


@dataclass(frozen=True, slots=True)
class Stroke:
    """How a line looks: tone and dash say the same thing, so that one of them is enough."""

    tone: int
    dash: int = 0
    weight: Weight = "plain"

    @property
    def colour(self) -> str:
        return COLOURS[self.tone]

    @property
    def dashes(self) -> str:
        return DASH_ARRAYS[self.dash]

    @property
    def width(self) -> str:
        return STROKES[self.weight]


@dataclass(frozen=True, slots=True)
class Plot:
    """Where the data are drawn, in units of the page, and which data: `left` to `right`, `top` to `bottom`."""

    x: int
    y: int
    width: int
    height: int
    left: int
    right: int
    top: float
    bottom: float

    @property
    def view_box(self) -> str:
        return f"{self.left} {_number(self.top)} {max(self.right - self.left, 1)} {_number(max(self.bottom - self.top, 1))}"

    @property
    def end(self) -> int:
        return self.x + self.width

    @property
    def floor(self) -> int:
        return self.y + self.height

    def across(self, value: float) -> int:
        """The data's x as a unit of the page."""
        return self.x + round((value - self.left) / max(self.right - self.left, 1) * self.width)

    def down(self, value: float) -> int:
        """The data's y as a unit of the page."""
        return self.y + round((value - self.top) / max(self.bottom - self.top, 1) * self.height)


@dataclass(frozen=True, slots=True)
class Tick:
    at: int
    text: str


@dataclass(frozen=True, slots=True)
class Text:
    x: int
    y: int
    text: str
    anchor: str = "start"
    kind: str = "label"


@dataclass(frozen=True, slots=True)
class Bar:
    """A segment of a bar, in the units of the data; `height` and `y` are numbers as text."""

    x: int
    y: str
    width: int
    height: str
    stroke: Stroke
    name: str


@dataclass(frozen=True, slots=True)
class Shape:
    """All that is drawn of one car: paths in the units of the data, and texts and `stops` in those of the page.

    `rings` are points of the line (laps into the pits), `stops` the same laps in the strip below the plot.
    """

    number: str
    name: str
    stroke: Stroke
    line: str = ""
    rings: str = ""
    stops: str = ""
    bars: tuple[Bar, ...] = ()
    texts: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True)
class Key:
    """A line of the legend."""

    stroke: Stroke
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """The same data in words: each row begins with what it is about."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    kind: str
    title: str
    description: str
    summary: tuple[str, ...]
    plot: Plot
    height: int
    x_title: str
    y_title: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    shapes: tuple[Shape, ...]
    table: Callable[[], Table]  # worked out only where it is shown
    keys: tuple[Key, ...] = ()
    texts: tuple[Text, ...] = field(default=())
    width: int = WIDTH


# ------------------------------------------------------------------ lines


def path_of(values: Sequence[int | None], *, first: int = 1) -> str:
    """A path through the values at `first`, `first + 1` …; None is a gap, a value alone is a dot.

    Relative and without blanks where SVG needs none: `M1 3h4l1 2 1-1`.
    """
    parts: list[str] = []
    before: int | None = None
    level = 0  # laps at the same height that are not written yet
    drawing = False  # whether the last command was an `l`, whose pairs may follow one another
    for x, value in enumerate([*values, None], start=first):
        if before is None:
            if value is not None:
                parts.append(f"M{x}{_signed(value)}")
                drawing, level = False, 0
        elif value == before:
            level += 1
        else:
            alone = parts[-1][0] == "M" and not level and value is None
            if level or alone:
                parts.append(f"h{level}")
                drawing, level = False, 0
            if value is not None:
                parts.append(f"{' ' if drawing else 'l'}1{_signed(value - before)}")
                drawing = True
        before = value
    return "".join(parts)


def dots(points: Iterable[tuple[int, int]]) -> str:
    """Points as lines of no length, which round caps make visible."""
    return "".join(f"M{x}{_signed(y)}h0" for x, y in points)


def _signed(value: int) -> str:
    """A minus separates as well as a blank does."""
    return str(value) if value < 0 else f" {value}"


def _number(value: float) -> str:
    return f"{value:g}" if value != int(value) else str(int(value))


# ------------------------------------------------------------------ looks and ticks


def strokes(field: Sequence[Car], chosen: Collection[str] = ()) -> dict[str, Stroke]:
    """A look for every car: by class where there are several, else by car.

    Of chosen ones each has a look of its own and a strong line, all others are faint.
    """
    classes = sorted({(car.class_sequence, car.class_name) for car in field})
    own = iter(range(len(field)))
    looks = {}
    for order, car in enumerate(field):
        if car.number in chosen:
            looks[car.number] = look(next(own), "strong")
            continue
        index = classes.index((car.class_sequence, car.class_name)) if len(classes) > 1 else order
        looks[car.number] = look(index, "faint" if chosen else "plain")
    return looks


def look(index: int, weight: Weight = "plain") -> Stroke:
    """The n-th look; 32 of them differ."""
    return Stroke(index % TONES, (index + index // TONES) % DASHES, weight)


def keys_of(field: Sequence[Car], looks: dict[str, Stroke], chosen: Collection[str] = ()) -> tuple[Key, ...]:
    """The chosen cars, else the classes where there are several, and how their lines look."""
    if chosen:
        return tuple(Key(looks[car.number], car.label) for car in field if car.number in chosen)
    found = {(car.class_sequence, car.class_name): looks[car.number] for car in field if car.class_name}
    return (
        tuple(Key(stroke, name) for (_order, name), stroke in sorted(found.items(), key=lambda item: item[0]))
        if len(found) > 1
        else ()
    )


def lap_ticks(plot: Plot) -> tuple[Tick, ...]:
    """Round lap numbers below the plot, with the first and the last lap."""
    step = _step(plot.right, (1, 2, 5, 10, 20, 25, 50, 100), most=14)
    laps = [lap for lap in range(step, plot.right + 1, step) if plot.left <= lap and plot.right - lap >= step / 2]
    return tuple(Tick(plot.across(lap), str(lap)) for lap in sorted({max(plot.left, 1), *laps, plot.right}))


TIME_STEPS = (
    tuple(step * SECOND for step in (1, 2, 5, 10, 15, 30))
    + tuple(step * MINUTE for step in (1, 2, 5, 10, 15, 30))
    + tuple(step * HOUR for step in (1, 2, 5))
)


def time_step(span_ms: int, *, most: int = 8) -> int:
    """A round distance of ticks, so that `span_ms` has at most that many."""
    return _step(span_ms, TIME_STEPS, most=most)


def _step(span: int, steps: Sequence[int], *, most: int) -> int:
    return next((step for step in steps if span <= step * most), steps[-1] * max(1, -(-span // (steps[-1] * most))))


def time_in_words(ms: int) -> str:
    """`3,068 Sekunden`, `7:58,177 Minuten`, as a German sentence has it."""
    unit = _("%(time)s seconds") if ms < MINUTE else _("%(time)s minutes") if ms < HOUR else _("%(time)s hours")
    return unit % {"time": format_lap_time(ms)}


def shortened(text: str, longest: int = LONGEST_LABEL) -> str:
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"
