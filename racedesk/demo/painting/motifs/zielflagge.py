"""The chequered flag in the wind."""

import math

from racedesk.demo.painting.canvas import WHITE, Canvas, Point, colour, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#8a0d18")), (0.6, colour("#d5141f")), (1, colour("#5c0810")))
    rows, columns, size = 9, 16, 104

    def at(column: float, row: float) -> Point:
        x = column * size - 30 + 26 * math.sin(row / 2.2 + column / 3.4)
        y = row * size * 0.86 + 20 + 74 * math.sin(column / 2.1 + row / 5) + column * 12 - 60
        return x, y

    pieces = []
    for column in range(columns):
        light = 0.5 + 0.5 * math.cos(column / 2.1 + 1.9)
        for row in range(rows):
            square = [at(column, row), at(column + 1, row), at(column + 1, row + 1), at(column, row + 1)]
            base = WHITE if (row + column) % 2 else colour("#15171c")
            shaded = mixed(base, colour("#1b0a14"), 0.62 * (1 - light))
            pieces.append((square, mixed(shaded, WHITE, 0.12 * light)))
    canvas.patchwork(pieces)
    canvas.glow([([(420, 120)], colour("#ff8a6a"), 360)], 170)
