"""A floodlit circuit in the desert after sunset."""

import math

from racedesk.demo.painting.canvas import HEIGHT, WIDTH, Canvas, colour, curve, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#140b33")), (0.42, colour("#5c1f5e")), (0.62, colour("#d8573c")), (0.7, colour("#ffc069")))
    canvas.glow([([(1130, 560)], colour("#ff9a4a"), 360)], 150)
    canvas.disc((1130, 545), 150, colour("#ffe1a0"))
    for index in range(6):
        top = 480 + index * 27
        reach = math.sqrt(max(0, 150**2 - (top - 545) ** 2)) + 6
        bar = [
            (1130 - reach, top),
            (1130 + reach, top),
            (1130 + reach, top + 4 + index * 2),
            (1130 - reach, top + 4 + index * 2),
        ]
        canvas.shape(bar, mixed(colour("#93406a"), colour("#e8714a"), index / 6))
    dunes = (("#7a2f45", 600, 34, 0.7), ("#4d1f3d", 655, 46, 2.1), ("#2a1230", 730, 40, 4.0), ("#170a20", 815, 30, 5.2))
    for tone, height, swing, phase in dunes:
        ridge = [
            (x, height + swing * math.sin(x / 310 + phase) + swing / 3 * math.sin(x / 117))
            for x in range(0, WIDTH + 20, 20)
        ]
        canvas.shape([*ridge, (WIDTH, HEIGHT), (0, HEIGHT)], colour(tone))
    lap = curve([(210, 700), (330, 330), (470, 250), (560, 330), (520, 470), (640, 520), (720, 380), (830, 300),
                 (930, 360), (880, 480), (940, 590), (1010, 690), (820, 760), (600, 720), (430, 780)], closed=True)  # fmt: skip
    closed = [*lap, lap[0]]
    canvas.glow([(closed, colour("#ff7a3c"), 34)], 26)
    canvas.glow([(closed, colour("#ffe9c4"), 14)], 7)
    canvas.line(closed, colour("#fff6e6"), 9)
    canvas.line(lap[150:235], colour("#ffd23f"), 9)
    for index in (12, 150, 235):
        canvas.disc(lap[index], 15, colour("#fff6e6"))
        canvas.disc(lap[index], 9, colour("#170a20"))
