"""A lap as a dial: three sectors, the fastest in purple."""

from racedesk.demo.painting.canvas import GREEN, PURPLE, WHITE, YELLOW, Canvas, around, colour


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#0b0e16")), (1, colour("#171026")))
    centre = (1010.0, 520.0)
    canvas.glow([([centre], colour("#4a1f7a"), 620)], 190)
    for every, start, tint, width in ((1, 340, "#7d8298", 2), (15, 322, "#ffffff", 4)):
        ticks = [150 + index * 240 / 180 for index in range(0, 181, every)]
        canvas.lines(
            [[around(centre, start, degrees), around(centre, 356, degrees)] for degrees in ticks], colour(tint), width
        )
    sectors = ((150, 226, PURPLE), (229, 312, GREEN), (315, 366, YELLOW))
    for start, end, tone in sectors:
        ring = [around(centre, 400, start + (end - start) * step / 40) for step in range(41)]
        canvas.glow([(ring, tone, 40)], 30)
        canvas.arc(centre, 416, (start, end), tone, 32)
    canvas.arc(centre, 416, (366, 390), colour("#2b2f40"), 32)
    needle = 366.0
    tip, left, right = around(centre, 376, needle), around(centre, 26, needle - 90), around(centre, 26, needle + 90)
    canvas.glow([([centre, tip], colour("#ff5a4f"), 16)], 14)
    canvas.shape([tip, left, around(centre, -60, needle), right], colour("#ff4a3f"))
    canvas.disc(centre, 46, colour("#0b0e16"))
    canvas.disc(centre, 30, WHITE)
    heights = [canvas.between(0.15, 1) for _ in range(38)]
    for index, height in enumerate(heights):
        x = 60 + index * 14.5
        tone = PURPLE if index in {9, 27} else GREEN if height > 0.72 else colour("#353a52")
        canvas.shape([(x, 820), (x, 820 - height * 210), (x + 9, 820 - height * 210), (x + 9, 820)], tone)
    canvas.line([(60, 824), (606, 824)], colour("#7d8298"), 3)
