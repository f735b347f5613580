"""A GT car head-on at full speed in the dusk."""

from collections.abc import Sequence

from racedesk.demo.painting.canvas import BLACK, WHITE, Canvas, Point, around, colour, curve, mixed


def paint(canvas: Canvas) -> None:
    canvas.sky(
        (0, colour("#061820")),
        (0.4, colour("#0f5a5c")),
        (0.56, colour("#f59a4c")),
        (0.58, colour("#1b2024")),
        (1, colour("#0a0c0f")),
    )
    vanish = (800.0, 512.0)
    rays = []
    for _ in range(150):
        degrees = canvas.between(178, 362)
        start = canvas.between(170, 620)
        length, width = canvas.between(120, 520), canvas.between(0.15, 0.75)
        far = start + length
        tone = mixed(
            colour("#0f5a5c"),
            colour("#ffd9a0" if canvas.between(0, 1) > 0.45 else "#4fe0d4"),
            canvas.between(0.12, 0.85),
        )
        rays.append(
            (
                [
                    around(vanish, start, degrees),
                    around(vanish, far, degrees - width),
                    around(vanish, far, degrees + width),
                ],
                tone,
            )
        )
    canvas.patchwork(rays)
    road = []
    for _ in range(120):
        degrees = canvas.between(2, 178)
        start, length = canvas.between(120, 700), canvas.between(80, 400)
        tone = mixed(colour("#15181b"), colour("#5d666d"), canvas.between(0, 0.8))
        road.append(
            (
                [
                    around(vanish, start, degrees),
                    around(vanish, start + length, degrees - 0.2),
                    around(vanish, start + length, degrees + 0.2),
                ],
                tone,
            )
        )
    canvas.patchwork(road)
    for side in (-1, 1):
        edge = [
            [(800 + side * 90 * near, 512 + 30 * near) for near in (1 + step * 1.3, 1 + (step + 0.65) * 1.3)]
            for step in range(10)
        ]
        canvas.lines(edge, WHITE, 12)
    canvas.glow([([vanish], colour("#ffc27a"), 420)], 150)
    _car_front(canvas, (800, 770), 1.16)


def _car_front(canvas: Canvas, at: Point, size: float) -> None:
    """A GT car seen from ahead; `at` is the middle of its splitter on the road."""

    def put(points: Sequence[Point]) -> list[Point]:
        return [(at[0] + x * size, at[1] + y * size) for x, y in points]

    def both(points: Sequence[Point]) -> list[list[Point]]:
        return [put(points), put([(-x, y) for x, y in points])]

    dark, body = colour("#07090c"), colour("#1a242b")
    canvas.glow([(put([(-330, 34), (330, 34)]), colour("#ffb45e"), 26)], 30)
    canvas.shape(put([(-372, 26), (372, 26), (330, 52), (-330, 52)]), BLACK, 0.6)
    canvas.shapes(both([(226, 36), (338, 36), (346, -78), (232, -78)]), dark)
    canvas.shapes(both([(232, -318), (246, -318), (262, -232), (214, -232)]), dark)
    canvas.shape(put([(-300, -332), (300, -332), (300, -312), (-300, -312)]), dark)
    canvas.shapes(both([(296, -352), (310, -352), (310, -276), (296, -276)]), colour("#f08a3c"))
    hull = curve([(-352, 20), (-366, -90), (-330, -160), (-250, -184), (-196, -262), (-130, -300), (0, -308), (130, -300), (196, -262),
                  (250, -184), (330, -160), (366, -90), (352, 20), (0, 30)], closed=True)  # fmt: skip
    canvas.shape(put(hull), body)
    canvas.shape(
        put(
            curve(
                [(-176, -252), (-120, -286), (0, -294), (120, -286), (176, -252), (222, -186), (0, -174), (-222, -186)],
                closed=True,
            )
        ),
        colour("#2a5f66"),
    )
    canvas.shape(put([(-178, -262), (178, -262), (188, -246), (-188, -246)]), colour("#f08a3c"))
    canvas.shape(put([(-70, -178), (70, -178), (104, -56), (-104, -56)]), colour("#f08a3c"))
    canvas.shape(put([(-34, -178), (34, -178), (52, -56), (-52, -56)]), colour("#e8f4ef"))
    canvas.shape(put([(-176, -50), (176, -50), (140, 8), (-140, 8)]), dark)
    grille = [put([(-166 + step * 16, -46), (-134 + step * 13, 4)]) for step in range(21)]
    canvas.lines(grille, colour("#2c353c"), 2)
    canvas.shapes(both([(196, -42), (322, -58), (318, 2), (214, 8)]), dark)
    canvas.shape(put([(-384, 14), (384, 14), (364, 34), (-364, 34)]), colour("#f08a3c"))
    canvas.shapes(both([(262, -206), (330, -216), (392, -222), (396, -190), (332, -186), (262, -188)]), body)
    lamps = put([(-276, -104), (276, -104), (-232, -98), (232, -98)])
    canvas.shapes(both([(196, -120), (322, -134), (334, -88), (206, -78)]), colour("#f6f1dd"))
    canvas.glow([([lamp], colour("#ffe7ae"), 210) for lamp in lamps[:2]], 95)
    canvas.glow([([(lamp[0] - 330, lamp[1]), (lamp[0] + 330, lamp[1])], colour("#ffdf9c"), 6) for lamp in lamps[:2]], 7)
    canvas.glow([([lamp], WHITE, 58) for lamp in lamps], 14)
    canvas.glow([(put([(side * 250, 60), (side * 380, 190)]), colour("#a8895a"), 60) for side in (-1, 1)], 45)
