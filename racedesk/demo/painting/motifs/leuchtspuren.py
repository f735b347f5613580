"""A long exposure at night: white lights come, red lights go."""

from collections.abc import Sequence

from racedesk.demo.painting.canvas import BLACK, HEIGHT, WHITE, WIDTH, Canvas, Colour, Point, colour, curve, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#04060e")), (0.46, colour("#0d1a33")), (0.5, colour("#16284a")), (1, colour("#05070d")))
    vanish = (980.0, 430.0)
    canvas.glow([([vanish], colour("#3a64b8"), 340)], 130)
    for index in range(11):
        x = index * 170 - 60 + canvas.between(-40, 40)
        tree = [
            (x, 440),
            (x + 50, 440 - canvas.between(30, 130)),
            (x + 120, 440 - canvas.between(10, 90)),
            (x + 200, 440),
        ]
        canvas.shape(tree, colour("#050912"))
    canvas.shape([(0, 438), (WIDTH, 438), (WIDTH, HEIGHT), (0, HEIGHT)], colour("#06080f"), 0.75)
    _trail(canvas, vanish, -620, 520, (colour("#fff3d0"), colour("#9fc2ff"), colour("#ffffff")))
    _trail(canvas, vanish, 900, 2080, (colour("#ff2a2f"), colour("#c40f1b"), colour("#ff6a3a")))
    canvas.glow([([vanish], WHITE, 46)], 22)
    lamp = ((640, 616, 30), (742, 612, 30), (838, 520, 16), (892, 518, 16))
    canvas.glow([([(x, y)], colour("#fff6dc"), size * 5) for x, y, size in lamp], 60)
    canvas.glow([([(x, y), (x - 40, y + 210)], colour("#6f87b5"), size) for x, y, size in lamp], 16)
    canvas.glow([([(x, y)], WHITE, size * 1.7) for x, y, size in lamp], 6)


def _trail(canvas: Canvas, vanish: Point, left: float, right: float, tones: Sequence[Colour]) -> None:
    strokes, halo = [], []
    for index in range(26):
        x = left + (right - left) * (index + canvas.between(0, 0.8)) / 26
        bend = canvas.between(0.42, 0.5)
        middle = (vanish[0] + (x - vanish[0]) * bend, vanish[1] + 150 + canvas.between(-26, 26))
        line = curve([vanish, (vanish[0] + (middle[0] - vanish[0]) * 0.3, vanish[1] + 26), middle, (x, HEIGHT + 30)])
        tone = mixed(BLACK, tones[index % len(tones)], canvas.between(0.35, 1))
        strokes.append((line, tone, canvas.between(1, 4.5)))
        halo.append((line, mixed(BLACK, tone, 0.55), 9))
    canvas.glow(halo, 14)
    canvas.streaks(strokes)
