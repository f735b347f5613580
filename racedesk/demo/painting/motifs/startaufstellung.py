"""The grid from the last row, red lights on."""

from PIL import Image, ImageDraw

from racedesk.demo.painting.canvas import BLACK, HEIGHT, KERB_RED, WHITE, WIDTH, Canvas, colour, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#0d1117")), (0.5, colour("#33404d")), (0.56, colour("#ff9d6b")), (1, colour("#1a1c20")))
    for index in range(17):
        x = index * 104.0 - 50
        height = 40 + canvas.between(0, 66)
        canvas.shape([(x, 504), (x, 504 - height), (x + 92, 504 - height - 12), (x + 92, 504)], colour("#14191f"))
    canvas.shape([(0, 500), (WIDTH, 500), (WIDTH, HEIGHT), (0, HEIGHT)], colour("#233226"))
    canvas.flat(_track(canvas), [(700, 502), (900, 502), (1980, HEIGHT + 40), (-380, HEIGHT + 40)])
    canvas.shape([(330, 150), (1270, 150), (1270, 318), (330, 318)], colour("#0b0d10"))
    canvas.lines([[(350, 318), (350, 520)], [(1250, 318), (1250, 520)]], colour("#0b0d10"), 16)
    lamps = [(470 + index * 165, 234) for index in range(5)]
    for x, y in lamps:
        canvas.disc((x, y), 58, colour("#1d2127"))
        canvas.disc((x, y), 48, colour("#e3131f"))
    canvas.glow([([lamp], colour("#ff2733"), 130) for lamp in lamps], 55)
    canvas.glow([([(lamp[0], lamp[1] - 10)], colour("#ff9a8a"), 44) for lamp in lamps], 16)
    canvas.mist(505, 900, colour("#e3131f"), 0.16)


def _track(canvas: Canvas) -> Image.Image:
    """The start straight from above: tyre marks, kerbs, boxes, the line."""
    track = Image.new("RGB", (1000, 2600), colour("#2c2f34"))
    draw = ImageDraw.Draw(track)
    for _ in range(900):
        left, top = canvas.between(0, 1000), canvas.between(0, 2600)
        draw.line(
            (left, top, left, top + canvas.between(40, 260)),
            fill=mixed(colour("#2c2f34"), BLACK, canvas.between(0.05, 0.4)),
            width=3,
        )
    for y in range(0, 2600, 80):
        draw.rectangle((0, y, 34, y + 40), fill=KERB_RED)
        draw.rectangle((0, y + 40, 34, y + 80), fill=WHITE)
        draw.rectangle((966, y, 1000, y + 40), fill=WHITE)
        draw.rectangle((966, y + 40, 1000, y + 80), fill=KERB_RED)
    for row in range(9):
        for side, x in ((0, 200), (1, 580)):
            y = 150 + row * 290 + side * 145
            draw.line((x, y + 110, x, y, x + 220, y, x + 220, y + 110), fill=WHITE, width=13)
    _line(draw)
    return track


def _line(draw: ImageDraw.ImageDraw) -> None:
    for column in range(20):
        for line in range(2):
            if (column + line) % 2:
                draw.rectangle((column * 50, 40 + line * 40, column * 50 + 50, 80 + line * 40), fill=WHITE)
