"""Three steps in the spotlight, confetti falling."""

from racedesk.demo.painting.canvas import BLACK, HEIGHT, WHITE, WIDTH, Canvas, Colour, Point, around, colour, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#101a2e")), (0.7, colour("#1c3a6b")), (1, colour("#0b1220")))
    for lamp, lean, tone in ((260, 420, "#3f7bd9"), (800, 0, "#ffe9b8"), (1340, -420, "#3f7bd9")):
        cone = [(lamp - 26, -20), (lamp + 26, -20), (lamp + lean + 230, HEIGHT), (lamp + lean - 230, HEIGHT)]
        canvas.shape(cone, colour(tone), 0.13)
        canvas.glow([([(lamp, 0)], colour(tone), 120)], 60)
    canvas.shape([(0, 770), (WIDTH, 770), (WIDTH, HEIGHT), (0, HEIGHT)], colour("#0a1020"))
    steps = ((800, 420, "#f2c14e"), (480, 530, "#b9c2cf"), (1120, 590, "#c98a5b"))
    for x, top, tone in steps:
        front = colour(tone)
        canvas.shape([(x - 155, top), (x + 155, top), (x + 155, 790), (x - 155, 790)], mixed(front, BLACK, 0.3))
        canvas.shape(
            [(x - 155, top), (x - 120, top - 34), (x + 120, top - 34), (x + 155, top)], mixed(front, WHITE, 0.35)
        )
        canvas.shape([(x - 155, top), (x + 155, top), (x + 155, top + 14), (x - 155, top + 14)], front)
        for stripe in range(3):
            y = top + 60 + stripe * 26
            canvas.shape([(x - 62, y), (x + 80, y), (x + 62, y + 12), (x - 80, y + 12)], mixed(front, WHITE, 0.25), 0.8)
        _cup(canvas, (x, top - 22), 1.25 if x == 800 else 0.9, front)
    canvas.glow([([(800, 300)], colour("#ffdf8a"), 240)], 110)
    _confetti(canvas, 0.95)
    _confetti(canvas, 0.45)


def _cup(canvas: Canvas, foot: Point, size: float, tone: Colour) -> None:
    x, y = foot
    bowl = [(-40, -130), (40, -130), (34, -84), (14, -56), (8, -52), (8, -24), (30, -12), (30, 0), (-30, 0), (-30, -12), (-8, -24),
            (-8, -52), (-14, -56), (-34, -84)]  # fmt: skip
    for side in (-1, 1):
        centre = (x + side * 40 * size, y - 104 * size)
        canvas.arc(centre, 22 * size, (0, 360), mixed(tone, WHITE, 0.3), 6 * size)
    canvas.shape([(x + dx * size, y + dy * size) for dx, dy in bowl], mixed(tone, WHITE, 0.4))
    canvas.shape(
        [(x + dx * size, y + dy * size) for dx, dy in ((-30, -122), (-16, -122), (-14, -80), (-22, -80))], WHITE, 0.6
    )


def _confetti(canvas: Canvas, opacity: float) -> None:
    for tone in ("#f2c14e", "#ffffff", "#d5141f", "#3f7bd9", "#2fd07a"):
        bits = []
        for _ in range(34):
            centre = canvas.between(0, WIDTH), canvas.between(-20, 850)
            turn, size = canvas.between(0, 360), canvas.between(5, 15)
            bits.append([around(centre, size, turn + step) for step in (0, 60, 180, 240)])
        canvas.shapes(bits, colour(tone), opacity)
