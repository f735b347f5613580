"""The pit lane at night: one garage after the other."""

from racedesk.demo.painting.canvas import BLACK, HEIGHT, WHITE, YELLOW, Canvas, Point, colour, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#0a0c12")), (0.55, colour("#151a26")), (1, colour("#0a0c10")))
    vanish = (360.0, 470.0)

    def at(depth: float, height: float) -> Point:
        """A point of the garages' wall: depth 0 is at the right edge, 1 in the distance."""
        near = 1 / (1 + 7 * depth)
        return vanish[0] + (1720 - vanish[0]) * near, vanish[1] + height * near

    tones = ("#ffb454", "#5fd0ff", "#ff5a5f", "#9dff8a", "#c79bff", "#ffd23f", "#5fd0ff", "#ff9d6b")
    canvas.shape([at(0, -420), at(1.6, -420), at(1.6, 300), at(0, 300)], colour("#1d2330"))
    for index, tone in enumerate(tones):
        start, end = index * 0.15 + 0.01, index * 0.15 + 0.125
        lit = colour(tone)
        door = [at(start, -190), at(end, -190), at(end, 250), at(start, 250)]
        canvas.shape(door, mixed(lit, BLACK, 0.2))
        canvas.shape([at(start, -190), at(end, -190), at(end, -60), at(start, -60)], mixed(lit, WHITE, 0.55))
        canvas.shape([at(start, -300), at(end, -300), at(end, -225), at(start, -225)], mixed(lit, BLACK, 0.45))
        middle = at((start + end) / 2, 40)
        near = 1 / (1 + 7 * (start + end) / 2)
        canvas.glow([([middle], mixed(BLACK, lit, 0.5), 420 * near)], 120 * near + 6)
        floor = [
            at(start, 250),
            at(end, 250),
            (at(end, 250)[0] - 420 * near, HEIGHT),
            (at(start, 250)[0] - 520 * near, HEIGHT),
        ]
        canvas.shape(floor, lit, 0.13)
    speed = [[(vanish[0], vanish[1] + 6), (x, HEIGHT + 10)] for x in (-260, 150)]
    canvas.lines(speed, colour("#f7f5f0"), 7, 0.85)
    dashes = []
    for index in range(14):
        near, far = 1 / (1 + index * 0.9), 1 / (1.35 + index * 0.9)
        dashes.append(
            [(vanish[0] + 300 * near, vanish[1] + 430 * near), (vanish[0] + 300 * far, vanish[1] + 430 * far)]
        )
    canvas.lines(dashes, YELLOW, 6)
    canvas.glow([([vanish], colour("#9fc2ff"), 90)], 40)
