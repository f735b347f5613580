"""A street circuit at night, between lit fronts."""

from racedesk.demo.painting.canvas import HEIGHT, WHITE, WIDTH, Canvas, Point, colour, mixed

TONES = ("#ff3d81", "#ffd23f", "#31d0ff", "#9dff8a", "#c79bff", "#ff8a3c")


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#05060f")), (0.5, colour("#1b1140")), (0.62, colour("#4a1b58")), (1, colour("#08080d")))
    vanish: Point = (820.0, 540.0)

    def at(side: int, depth: float, height: float) -> Point:
        near = 1 / (1 + 5 * depth)
        return vanish[0] + side * 980 * near, vanish[1] + height * near

    for side in (-1, 1):
        for index in reversed(range(7)):
            start, end = index * 0.22, index * 0.22 + 0.2
            high = -520 - 170 * ((index * 3 + (side > 0)) % 4)
            lit = colour(TONES[(index + (side > 0) * 2) % len(TONES)])
            front = [at(side, start, high), at(side, end, high), at(side, end, 160), at(side, start, 160)]
            canvas.shape(front, mixed(colour("#0c0d18"), lit, 0.16))
            rows = [
                [
                    at(side, start + 0.02, y),
                    at(side, end - 0.02, y),
                    at(side, end - 0.02, y + 26),
                    at(side, start + 0.02, y + 26),
                ]
                for y in range(high + 60, 40, 92)
            ]
            canvas.shapes(rows, mixed(lit, WHITE, 0.15), 0.55 + 0.3 * (index % 2))
            canvas.glow([([at(side, start, high), at(side, end, high)], lit, 14)], 16)
    road = [at(-1, 2.2, 150), at(1, 2.2, 150), (WIDTH + 200, HEIGHT), (-200, HEIGHT)]
    canvas.shape(road, colour("#12131b"))
    for number, tone in enumerate(TONES):
        x = 180 + number * 250
        canvas.glow(
            [
                (
                    [(x, HEIGHT), (vanish[0] + (x - vanish[0]) * 0.18, 600)],
                    mixed(colour("#000000"), colour(tone), 0.5),
                    60,
                )
            ],
            46,
        )
    canvas.glow([([vanish], colour("#ffe9c4"), 150)], 60)
    trails = [
        ([(vanish[0] + 14 * step, 574), (vanish[0] + 260 * step, HEIGHT + 20)], colour("#fff2d8"), 7)
        for step in (-0.9, -0.4)
    ]
    trails += [
        ([(vanish[0] + 14 * step, 574), (vanish[0] + 260 * step, HEIGHT + 20)], colour("#ff2d3c"), 7)
        for step in (0.7, 1.3)
    ]
    canvas.streaks(trails)
