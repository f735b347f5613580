"""Classifications on paper, written by the tests: the same cells ruled or not, on one page or several, wrapped or turned."""

import io
from itertools import chain

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen import canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table

TITLE = ParagraphStyle("title", fontName="Helvetica-Bold", fontSize=13, leading=17)
NOTE = ParagraphStyle("note", fontName="Helvetica", fontSize=7, leading=10)


class Turned(Flowable):
    """A name of a column that runs upwards."""

    def __init__(self, text, size):
        super().__init__()
        self.text, self.size = text, size

    def wrap(self, *_available):
        return self.size * 1.2, len(self.text) * self.size * 0.62

    def draw(self):
        self.canv.saveState()
        self.canv.rotate(90)
        self.canv.setFont("Helvetica-Bold", self.size)
        self.canv.drawString(1, -self.size, self.text)
        self.canv.restoreState()


def printed(
    head, rows, *, above=(), below=(), ruled=False, zebra=False, wide=False, size=8, right=(), middle=False, per_page=None,
    repeat=True, turned=(), heads=1, spans=(), sections=None, pad=4,
):  # fmt: skip
    """The bytes of a PDF. `head` is a list of names, or of lists with `heads` 2; `sections` are {row: text above it}."""
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=landscape(A4) if wide else A4,
        leftMargin=30,
        rightMargin=30,
        topMargin=36,
        bottomMargin=36,
        invariant=1,
        pageCompression=0,
    )
    lines = [list(line) for line in (head if heads > 1 else [head])]
    lines[-1] = [Turned(name, size) if name in turned else name for name in lines[-1]]
    story = [Paragraph(text, TITLE) for text in above] + [Spacer(1, 14)]
    step = per_page or len(rows)
    widths = [
        max(_width(line[place], size) for line in [*lines, *rows]) + 2 * pad + 1 for place in range(len(lines[-1]))
    ]
    for start in range(0, len(rows), step):
        body, extra = [], []
        for place, row in enumerate(rows[start : start + step], start=start):
            if sections and place in sections:
                extra.append(len(body))
                body.append([sections[place]] + [""] * (len(row) - 1))
            body.append(list(row))
        top = lines if repeat or start == 0 else []
        table = Table(top + body, repeatRows=len(top) if repeat else 0, colWidths=widths)
        below_head = [len(top) + line for line in extra]
        table.setStyle(
            _style(
                len(top), len(top + body), sections=below_head, spans=spans if top else (), ruled=ruled, zebra=zebra,
                size=size, right=right, middle=middle, pad=pad,
            )
        )  # fmt: skip
        story += ([PageBreak()] if start else []) + [table]
    story += [Spacer(1, 18)] + [Paragraph(text, NOTE) for text in below]
    document.build(story)
    return out.getvalue()


def _width(cell, size):
    if isinstance(cell, Turned):
        return size * 1.2
    return max(stringWidth(text, "Helvetica-Bold", size) for text in cell.split("\n"))


def _style(heads, count, *, sections, spans, ruled, zebra, size, right, middle, pad):
    style = [
        ("FONT", (0, 0), (-1, -1), "Helvetica", size), ("FONT", (0, 0), (-1, heads - 1), "Helvetica-Bold", size),
        ("VALIGN", (0, 0), (-1, -1), "MIDDLE" if middle else "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), pad),
        ("RIGHTPADDING", (0, 0), (-1, -1), pad), ("TOPPADDING", (0, 0), (-1, -1), 1.5), ("BOTTOMPADDING", (0, 0), (-1, -1), 1.5),
        *(("ALIGN", (column, 0), (column, -1), "RIGHT") for column in right),
        *(("SPAN", (0, line), (-1, line)) for line in sections),
        *(("SPAN", (first, 0), (last, 0)) for first, last in spans),
    ]  # fmt: skip
    if not heads:
        style.pop(1)
    if ruled:
        style.append(("GRID", (0, 0), (-1, -1), 0.4, colors.black))
    if zebra:
        style += [("BACKGROUND", (0, line), (-1, line), colors.whitesmoke) for line in range(heads, count, 2)]
    return style


def drawn(lines, *, pagesize=A4):
    """A PDF of single texts: pages of (x, y from the top, text, size)."""
    out = io.BytesIO()
    paper = canvas.Canvas(out, pagesize=pagesize, invariant=1, pageCompression=0)
    for page in lines:
        for x, y, text, size in page:
            paper.setFont("Helvetica", size)
            paper.drawString(x, pagesize[1] - y, text)
        paper.showPage()
    paper.save()
    return out.getvalue()


def clock(ms):
    """`1:32:15.123`, below an hour `1:46.250`."""
    seconds, part = divmod(ms, 1_000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{part:03}" if hours else f"{minutes}:{seconds:02}.{part:03}"


FIRST = ["Ada", "Bea", "Cem", "Dirk", "Eva", "Finn", "Gösta", "Hanna", "Ida", "Jörg", "Kim", "Lea"]
LAST = ["Müller", "Groß", "O'Brien", "van der Linde", "Öztürk", "García", "Strauß", "Weiß-Lang", "Kühn", "Sørensen"]


def name(number):
    return f"{FIRST[number % len(FIRST)]} {LAST[number * 7 % len(LAST)]}"


def race(cars, *, laps=57, classes=("GT3",), gaps="time"):
    """Rows of a race that adds up: position, number, driver, team, class, class place, laps, total, gap, best lap."""
    leader, rows, placed = 5_535_123, [], dict.fromkeys(classes, 0)
    for place in range(1, cars + 1):
        class_name = classes[place % len(classes)]
        placed[class_name] += 1
        behind = max(0, place - cars * 2 // 3)
        total = leader + (place - 1) * 2_345 + behind * 11
        gap = (
            ""
            if place == 1
            else f"+{behind} {'Runden' if behind > 1 else 'Runde'}"
            if behind
            else f"+{clock(total - leader)[2:]}"
        )
        if gap.startswith("+") and ":" not in gap and " " not in gap and total - leader >= 60_000:
            gap = f"+{clock(total - leader)}"
        rows.append([
            str(place), str(place * 3 + 1), name(place), f"Team {LAST[place % len(LAST)]}", class_name, str(placed[class_name]),
            str(laps - behind), clock(total), gap, clock(92_000 + place * 37),
        ])  # fmt: skip
    return rows


def flat(rows):
    return list(chain.from_iterable(rows))
