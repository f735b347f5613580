"""Fog over a moor at dawn, a ribbon of track running into it."""

import math
from collections.abc import Sequence

from racedesk.demo.painting.canvas import (
    BLACK,
    HEIGHT,
    KERB_RED,
    WHITE,
    WIDTH,
    Canvas,
    Colour,
    Point,
    colour,
    curve,
    mixed,
)


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#29485c")), (0.3, colour("#7f9aa0")), (0.52, colour("#f5d9ab")), (1, colour("#c7b894")))
    canvas.glow([([(470, 400)], colour("#ffdf9c"), 300)], 120)
    canvas.disc((470, 400), 64, colour("#fff4d6"))
    layers = (
        (430, 26, "#8ba39c", 0.1),
        (486, 34, "#5f7f7b", 1.7),
        (560, 36, "#3c5d5b", 3.3),
        (650, 30, "#24413f", 5.1),
    )
    for height, swing, tone, phase in layers:
        ridge = [
            (x, height + swing * math.sin(x / 240 + phase) + swing / 2 * math.sin(x / 83 + phase * 2))
            for x in range(0, WIDTH + 10, 10)
        ]
        canvas.shape([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], colour(tone))
        _trees(canvas, ridge, mixed(colour(tone), BLACK, 0.12), swing * 1.9)
        canvas.mist(height + 10, height + 130, colour("#ecd9b4"), 0.42)
    canvas.shape([(0, 720), (420, 690), (1000, 705), (WIDTH, 680), (WIDTH, HEIGHT), (0, HEIGHT)], colour("#142523"))
    spine = curve(
        [(1500, 1010), (1150, 850), (820, 770), (880, 700), (1120, 664), (1190, 632), (1090, 610), (1010, 598)],
        steps=40,
    )
    widths = [190 * (1 - index / len(spine)) ** 2.1 + 4 for index in range(len(spine))]
    _kerbs(canvas, *_edges(spine, widths, 1.92))
    for share, tone in ((1.65, "#d9d4c8"), (1.56, "#30353a")):
        left, right = _edges(spine, widths, share)
        canvas.shape([*left, *reversed(right)], colour(tone))
    canvas.glow([([(1075, 616)], colour("#fff6dc"), 60), ([(1110, 617)], colour("#fff6dc"), 60)], 26)
    canvas.glow([([(1078, 616)], WHITE, 12), ([(1104, 617)], WHITE, 12)], 4)
    canvas.mist(560, 720, colour("#f3e0b8"), 0.2)


def _trees(canvas: Canvas, ridge: Sequence[Point], tone: Colour, height: float) -> None:
    trees = []
    for _ in range(70):
        x, y = ridge[int(canvas.between(0, len(ridge) - 1))]
        top, half = height * canvas.between(0.4, 1), height * canvas.between(0.08, 0.16)
        trees.append([(x - half, y + 8), (x, y - top), (x + half, y + 8)])
    canvas.shapes(trees, tone)


def _edges(spine: Sequence[Point], widths: Sequence[float], share: float) -> tuple[list[Point], list[Point]]:
    """Both sides of a ribbon."""
    both = list(zip(spine, widths, strict=True))
    return [(x - width * share, y) for (x, y), width in both], [(x + width * share, y) for (x, y), width in both]


def _kerbs(canvas: Canvas, left: Sequence[Point], right: Sequence[Point]) -> None:
    """Red and white stripes along the ribbon's edges, longer the nearer they are."""
    stripes: tuple[list[list[Point]], list[list[Point]]] = ([], [])
    for index in range(0, len(left) - 6, 6):
        part = [*left[index : index + 7], *reversed(right[index : index + 7])]
        stripes[index // 6 % 2].append(part)
    canvas.shapes(stripes[0], KERB_RED)
    canvas.shapes(stripes[1], WHITE)
