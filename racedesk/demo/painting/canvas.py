"""What every motif is painted with: gradients, soft light, curves, grain. Sizes are in units of the finished picture."""

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

WIDTH, HEIGHT = 1600, 900
SCALE = 2  # shapes are drawn larger and scaled down, for smooth edges
SOFT = 4  # light is drawn smaller and blurred, for speed

Point = tuple[float, float]
Colour = tuple[int, int, int]


WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def colour(text: str) -> Colour:
    """`#ff6b62` -> `(255, 107, 98)`."""
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


KERB_RED, YELLOW = colour("#d5141f"), colour("#ffd23f")
PURPLE, GREEN = colour("#b44bff"), colour("#2fd07a")  # fastest of all, and one's own best


def mixed(first: Colour, second: Colour, share: float) -> Colour:
    """So much of the second in the first: 0 to 1."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def scaled(points: Iterable[Point], factor: float) -> list[Point]:
    return [(x * factor, y * factor) for x, y in points]


def curve(points: Sequence[Point], *, closed: bool = False, steps: int = 24) -> list[Point]:
    """A smooth line through all points (Catmull-Rom)."""
    count = len(points)
    inner = points if closed else [points[0], *points, points[-1]]
    segments = range(count) if closed else range(1, count)
    line: list[Point] = []
    for index in segments:
        before, start, end, after = (inner[(index + offset) % len(inner)] for offset in (-1, 0, 1, 2))
        line += [_between(before, start, end, after, step / steps) for step in range(steps)]
    return line if closed else [*line, points[-1]]


def _between(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    x, y = (
        0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t * t + (3 * b - a - 3 * c + d) * t * t * t)
        for a, b, c, d in zip(before, start, end, after, strict=True)
    )
    return x, y


class Canvas:
    """A picture in the making. Later strokes lie over earlier ones."""

    def __init__(self, seed: str) -> None:
        self.random = Random(seed)  # noqa: S311 - pictures, not secrets
        self.image = Image.new("RGB", (WIDTH, HEIGHT))

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * self.random.random()

    def sky(self, *stops: tuple[float, Colour]) -> None:
        """A gradient from top to bottom; each stop is a height (0 to 1) and its colour."""
        column = Image.new("RGB", (1, HEIGHT))
        for y in range(HEIGHT):
            share = y / (HEIGHT - 1)
            above = max((stop for stop in stops if stop[0] <= share), default=stops[0])
            below = min((stop for stop in stops if stop[0] > share), default=stops[-1])
            span = below[0] - above[0]
            column.putpixel((0, y), mixed(above[1], below[1], (share - above[0]) / span if span > 0 else 0))
        self.image.paste(column.resize((WIDTH, HEIGHT)))

    def shape(self, points: Iterable[Point], fill: Colour, opacity: float = 1) -> None:
        self.shapes([list(points)], fill, opacity)

    def shapes(self, polygons: Iterable[Sequence[Point]], fill: Colour, opacity: float = 1) -> None:
        """Polygons of one colour with smooth edges."""
        pieces = list(polygons)
        with self._ink(fill, opacity, [point for piece in pieces for point in piece]) as ink:
            for piece in pieces:
                ink.draw.polygon(ink.at(piece), fill=ink.tone)

    def patchwork(self, pieces: Iterable[tuple[Sequence[Point], Colour]]) -> None:
        """Many polygons, each of its own colour, at the price of one."""
        large = self.image.resize((WIDTH * SCALE, HEIGHT * SCALE), Image.Resampling.NEAREST)
        draw = ImageDraw.Draw(large)
        for polygon, fill in pieces:
            draw.polygon(scaled(polygon, SCALE), fill=fill)
        self.image = large.reduce(SCALE)

    def line(self, points: Sequence[Point], fill: Colour, width: float, opacity: float = 1) -> None:
        self.lines([points], fill, width, opacity)

    def lines(self, lines: Iterable[Sequence[Point]], fill: Colour, width: float, opacity: float = 1) -> None:
        """Many lines of one look at once."""
        strokes = list(lines)
        with self._ink(fill, opacity, [point for stroke in strokes for point in stroke], width) as ink:
            for stroke in strokes:
                ink.draw.line(ink.at(stroke), fill=ink.tone, width=max(1, round(width * SCALE)), joint="curve")

    def disc(self, centre: Point, radius: float, fill: Colour, opacity: float = 1) -> None:
        with self._ink(fill, opacity, [centre], radius) as ink:
            ink.draw.ellipse(ink.at(box_around(centre, radius)), fill=ink.tone)

    def arc(self, centre: Point, radius: float, angles: tuple[float, float], fill: Colour, width: float) -> None:
        """Part of a ring; degrees clockwise from three o'clock."""
        with self._ink(fill, 1, [centre], radius) as ink:
            ink.draw.arc(ink.at(box_around(centre, radius)), *angles, fill=ink.tone, width=round(width * SCALE))

    def glow(self, strokes: Iterable[tuple[Sequence[Point], Colour, float]], blur: float) -> None:
        """Light added to what is there: lines of a colour and width, blurred. One point is a disc of that width."""
        layer = Image.new("RGB", (WIDTH // SOFT, HEIGHT // SOFT))
        draw = ImageDraw.Draw(layer)
        for points, fill, width in strokes:
            small = scaled(points, 1 / SOFT)
            if len(small) == 1:
                (x, y), reach = small[0], width / SOFT / 2
                draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=fill)
            else:
                draw.line(small, fill=fill, width=max(1, round(width / SOFT)), joint="curve")
        soft = layer.filter(ImageFilter.GaussianBlur(blur / SOFT)).resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
        self.image = ImageChops.screen(self.image, soft)

    def streaks(self, strokes: Iterable[tuple[Sequence[Point], Colour, float]]) -> None:
        """Light with sharp edges, added to what is there."""
        layer = Image.new("RGB", (WIDTH, HEIGHT))
        draw = ImageDraw.Draw(layer)
        for points, fill, width in strokes:
            draw.line(list(points), fill=fill, width=max(1, round(width)), joint="curve")
        self.image = ImageChops.screen(self.image, layer.filter(ImageFilter.GaussianBlur(0.8)))

    def mist(self, top: float, bottom: float, fill: Colour, opacity: float) -> None:
        """A veil that thickens from `top` to `bottom`."""
        veil = Image.linear_gradient("L").resize((WIDTH, round(bottom - top)))
        mask = Image.new("L", (WIDTH, HEIGHT))
        mask.paste(veil.point([round(value * opacity) for value in range(256)]), (0, round(top)))
        self.image.paste(fill, (0, 0), mask)

    def blurred(self, radius: float) -> None:
        self.image = self.image.filter(ImageFilter.GaussianBlur(radius))

    def finish(self, *, grain: float = 0.05, shade: float = 0.45) -> Image.Image:
        """Darker corners and a little grain, so that no gradient shows bands."""
        vignette = Image.radial_gradient("L").resize((WIDTH, HEIGHT))
        mask = vignette.point([round(max(0, value - 90) / 165 * 255 * shade) for value in range(256)])
        self.image.paste(BLACK, (0, 0), mask)
        noise = Image.frombytes("L", (WIDTH, HEIGHT), self.random.randbytes(WIDTH * HEIGHT))
        noise = noise.filter(ImageFilter.GaussianBlur(0.6))
        return Image.blend(self.image, ImageChops.soft_light(self.image, Image.merge("RGB", [noise] * 3)), grain * 4)

    def flat(self, image: Image.Image, corners: Sequence[Point]) -> None:
        """Lay a picture on a plane: its corners, clockwise from top left, come to lie on those points."""
        coefficients = perspective(corners, image.size)
        size = (WIDTH, HEIGHT)
        mask = Image.new("L", image.size, 255).transform(size, Image.Transform.PERSPECTIVE, coefficients)
        laid = image.transform(size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
        self.image.paste(laid, (0, 0), mask)

    @contextmanager
    def _ink(self, fill: Colour, opacity: float, points: Sequence[Point], reach: float = 0) -> Iterator["Ink"]:
        """Draw with smooth edges, on no more of the picture than the points with their reach take up."""
        left = max(0, math.floor(min(x for x, _y in points) - reach) - 1)
        top = max(0, math.floor(min(y for _x, y in points) - reach) - 1)
        right = min(WIDTH, math.ceil(max(x for x, _y in points) + reach) + 1)
        bottom = min(HEIGHT, math.ceil(max(y for _x, y in points) + reach) + 1)
        mask = Image.new("L", (max(1, right - left) * SCALE, max(1, bottom - top) * SCALE))
        yield Ink(ImageDraw.Draw(mask), round(255 * opacity), left, top)
        if right > left and bottom > top:
            self.image.paste(fill, (left, top, right, bottom), mask.reduce(SCALE))


@dataclass(frozen=True, slots=True)
class Ink:
    """Where a stroke is drawn before it comes into the picture: enlarged, with its own corner."""

    draw: ImageDraw.ImageDraw
    tone: int
    left: int
    top: int

    def at(self, points: Iterable[Point]) -> list[Point]:
        return [((x - self.left) * SCALE, (y - self.top) * SCALE) for x, y in points]


def box_around(centre: Point, radius: float) -> list[Point]:
    (x, y) = centre
    return [(x - radius, y - radius), (x + radius, y + radius)]


def perspective(corners: Sequence[Point], size: tuple[int, int]) -> list[float]:
    """The eight numbers with which a flat picture is seen at an angle; solves for them by elimination."""
    width, height = size
    source = [(0, 0), (width, 0), (width, height), (0, height)]
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(corners, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y, u], [0, 0, 0, x, y, 1, -v * x, -v * y, v]]
    unknowns = len(rows)
    for column in range(unknowns):
        pivot = max(range(column, unknowns), key=lambda index: abs(rows[index][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for index in range(unknowns):
            factor = rows[index][column] if index != column else 0
            rows[index] = [a - factor * b for a, b in zip(rows[index], rows[column], strict=True)]
    return [row[-1] for row in rows]


def around(centre: Point, radius: float, degrees: float) -> Point:
    """A point on a circle; degrees clockwise from three o'clock."""
    angle = math.radians(degrees)
    return centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
