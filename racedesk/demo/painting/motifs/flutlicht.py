"""The last laps of a season: a track by a harbour, floodlights against the dusk."""

from racedesk.demo.painting.canvas import HEIGHT, WHITE, WIDTH, Canvas, colour, curve, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky((0, colour("#0b1440")), (0.45, colour("#3b2f7a")), (0.66, colour("#d9675c")), (0.74, colour("#ffb27a")))
    skyline = [(0, 640), (120, 640), (160, 560), (300, 560), (330, 600), (520, 600)]
    canvas.shape([*skyline, (600, 520), (980, 470), (1240, 520), (1290, 640), (WIDTH, 640), (WIDTH, 720), (0, 720)],
                 colour("#1a1440"))  # fmt: skip
    cells = [[(620 + 40 * i, 560 + 14 * (i % 3)), (648 + 40 * i, 560 + 14 * (i % 3)),
              (648 + 40 * i, 572 + 14 * (i % 3)), (620 + 40 * i, 572 + 14 * (i % 3))] for i in range(15)]  # fmt: skip
    canvas.shapes(cells, colour("#c79bff"), 0.8)
    canvas.shape([(0, 690), (WIDTH, 680), (WIDTH, 760), (0, 770)], colour("#16335e"))
    for index in range(9):
        x = 90 + index * 175 + canvas.between(-20, 20)
        canvas.shape([(x, 712), (x + 86, 712), (x + 70, 732), (x + 12, 732)], colour("#e9edf5"), 0.9)
        canvas.line([(x + 40, 712), (x + 40, 650)], colour("#e9edf5"), 2, 0.7)
    canvas.shape([(0, 770), (WIDTH, 755), (WIDTH, HEIGHT), (0, HEIGHT)], colour("#14151f"))
    edge = curve([(-20, 880), (420, 822), (900, 806), (1640, 842)])
    canvas.line(edge, WHITE, 6, 0.9)
    canvas.line([(x, y - 22) for x, y in edge], colour("#d5141f"), 10, 0.85)
    lights = []
    for index, x in enumerate((170, 520, 880, 1250, 1520)):
        top = 150 + 26 * (index % 2)
        canvas.line([(x, 770), (x, top)], colour("#10121c"), 9)
        canvas.shape(
            [(x - 62, top - 34), (x + 62, top - 34), (x + 56, top + 18), (x - 56, top + 18)], colour("#222637")
        )
        lights += [([(x + step, top - 8)], mixed(WHITE, colour("#9fc2ff"), 0.35), 46) for step in (-40, -13, 13, 40)]
    canvas.glow(lights, 26)
    canvas.glow([(points, fill, 16) for points, fill, _width in lights], 4)
    canvas.streaks([([(x, 812 + x / 90), (x + 300, 815 + x / 90)], colour("#ff5a3c"), 5) for x in (260, 720, 1180)])
