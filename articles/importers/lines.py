"""Lines of a scraped text: cleaned, counted, and put together again where a mail program broke them at a width."""

import html
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

from articles.importers.records import Label

_NEWLINES = ("\r\r\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", "\v", "\f")
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,10}|#\d{1,6}|#x[0-9A-Fa-f]{1,5});")
# Control signs, zero-width signs, direction marks and soft hyphens: debris in a scraped text, never meant.
_INVISIBLE = dict.fromkeys(
    [
        *range(9),
        *range(14, 32),
        *range(127, 160),
        0xAD,
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        0xFEFF,
        0xFFFC,
    ]
)
_LIST_MARK = re.compile(r"(?:[•*·▪►]|[-–—](?=\s)|\d{1,2}[.)](?=\s))\s*")
_ALT_START = re.compile(r"(?:titel-?|aufmacher-?|artikel-?)?(?:bild|foto) zu[rm] \w+\s?:", re.IGNORECASE)
_CREDIT_START = re.compile(r"\(?(?:fotos?|bild(?:er)?|photos?|credit|©)\s*:?\s", re.IGNORECASE)
_CREDIT_END = re.compile(r"\b(?:fotos?|bild(?:er)?|photos?|credit)\s*:\s[^.:]{2,60}$|\sZoom$", re.IGNORECASE)
_TIMED = re.compile(
    r"(?:(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday"
    r"|tuesday|wednesday|thursday|friday|saturday|sunday)\b[.,:]?\s{0,3}.{0,14}?)?\d{1,2}(?:[:.]\d{2}|\s?uhr)(?!\d)",
    re.IGNORECASE,
)
_LISTED = re.compile(_TIMED.pattern + r"(?:\s?uhr)?\s?[:,–-]", re.IGNORECASE)
_DAY_LINE = re.compile(
    r"(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"(?:,? (?:den )?\d{1,2}\.? ?(?:\w{3,9}|\d{1,2}\.)?(?: ?\d{4})?)?:?",
    re.IGNORECASE,
)
_ROW = re.compile(  # `Qualifying Sa. 11:40 Uhr`, and no sentence that ends with a time
    r"(?:\d\.\s)?[A-ZÄÖÜ][^.,;]{1,40}?[\s:]+(?:mo|di|mi|do|fr|sa|so|mon|tue|wed|thu|fri|sat|sun)\w{0,7}[.,]?\s{1,3}\d{1,2}(?:[:.]\d{2})?\s?(?:uhr|[ap]m)?",
    re.IGNORECASE,
)
_CELL_GAP = re.compile(r"\t+ *| {2,}")
_CLUBS = ("e.V.", "e. V.", " Ltd.", " Inc.")  # names of clubs and companies close with a full stop and no sentence
_CLOSERS = "\"'“”„»«’‘)]"
_COMPANIONS = {"und", "oder", "bzw.", "sowie", "and", "or", "bis"}

_MANY_RUNNING, _SHOWING = 3, 3
NARROWEST, WIDEST = 40, 110  # widths in characters at which programs break paragraphs
RAGGED = 15  # so much may be missing to the full width where a sentence runs on


@dataclass(frozen=True, slots=True)
class Line:
    """One line: `raw` as it stood, `text` with white space collapsed; numbers count from 1."""

    number: int
    raw: str
    text: str

    @property
    def width(self) -> int:
        """Characters as printed, an export head that was taken out of `text` included."""
        return len(self.raw.strip())


@dataclass(slots=True)
class Unit:
    """A paragraph's worth of lines. `gap` is true where an empty line (or the start of the text) lies before it."""

    lines: list[Line]
    text: str
    gap: bool
    label: Label | None = None
    note: str = ""

    def add(self, line: Line, *, known: set[str], language: str) -> None:
        self.text = glue(self.text, line.text, known=known, language=language)
        self.lines.append(line)


def clean(text: str) -> str:
    """The text with one kind of newline, composed accents, resolved entities, and without invisible signs."""
    for newline in _NEWLINES:
        text = text.replace(newline, "\n")
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return unicodedata.normalize("NFC", text.translate(_INVISIBLE))


def split_lines(text: str) -> list[Line]:
    """All lines of a cleaned text, empty ones included."""
    return [Line(number, raw, " ".join(raw.split())) for number, raw in enumerate(text.split("\n"), start=1)]


def ends_sentence(text: str) -> bool:
    """Whether the text closes like a sentence: full stop, exclamation or question mark, quotation marks aside."""
    return text.rstrip(_CLOSERS).endswith((".", "!", "?", "…"))


def ends_with_stop(text: str) -> bool:
    """Whether it closes with a full stop, as a paragraph does and a headline does not."""
    bare = text.rstrip(_CLOSERS)
    return bare.endswith(".") and not bare.endswith("...") and not (len(bare) <= NARROWEST and bare.endswith(_CLUBS))


def has_cells(line: Line) -> bool:
    """Whether a line is the row of a table pasted as text: cells parted by bars, by tabs, or by several wide gaps."""
    if line.width > WIDEST or ends_with_stop(line.text):
        return False
    return line.text.count(" | ") > 1 or len(_CELL_GAP.findall(line.raw.strip())) > 1


def strip_list_mark(text: str) -> str | None:
    """The text behind a bullet or number, None where the line has neither."""
    match = _LIST_MARK.match(text)
    return text[match.end() :] if match and match.end() < len(text) else None


def glue(before: str, after: str, *, known: set[str], language: str) -> str:
    """Two lines of one paragraph as running text.

    A hyphen at the break stays (`Audi-` + `Pilot`), unless the text itself writes the word without, or two German
    lower-case halves meet; `Vor-` + `und` keeps its space.
    """
    if not before.endswith("-") or before.endswith(" -"):
        return f"{before} {after}"
    head = before[:-1].rsplit(" ", 1)[-1]
    tail = after.split(" ", 1)[0]
    if tail in _COMPANIONS:
        return f"{before} {after}"
    whole = (head + tail).rstrip(".,;:!?")
    if whole in known or (language == "de" and head.isalpha() and head.islower() and tail[:1].islower()):
        return before[:-1] + after
    return before + after


def group(
    lines: Iterable[Line],
    labels: Mapping[int, Label],
    forced: Mapping[int, Label],
    language: str,
    *,
    breaks: Collection[int] | None = None,
) -> list[Unit]:
    """Lines without a label, and lines a person labelled, as units; wrapped paragraphs become one unit.

    `breaks`: the lines come from markup, where each is a block of its own but for these.
    """
    lines = list(lines)
    free = [line for line in lines if line.text and (line.number not in labels or line.number in forced)]
    width = wrap_width(free, breaks)
    widths = _widths(free, width) if width else {}
    known = {word.strip('.,;:!?"“”„()') for line in free for word in line.text.split()} if width else set()
    units: list[Unit] = []
    for line in free:
        last = units[-1] if units else None
        adjacent = last is not None and last.lines[-1].number + 1 == line.number
        loose = breaks is None or (line.number in breaks and width > 0)
        if (
            last
            and adjacent
            and loose
            and _belong(last.lines[-1], line, width=widths.get(line.number, width), forced=forced)
        ):
            last.add(line, known=known, language=language)
        else:
            units.append(Unit([line], line.text, gap=not adjacent and _gap_before(line, lines)))
    return units


def _gap_before(line: Line, lines: list[Line]) -> bool:
    return line.number == 1 or not lines[line.number - 2].text


def wrap_width(lines: list[Line], breaks: Collection[int] | None = None) -> int:
    """The width in characters at which the text was broken, 0 where its lines are its paragraphs.

    A program breaks a line where the next word no longer fits; that, not the mere length, is what is looked for, and at
    least one sentence that runs on in a small letter. Where parts were broken at several widths, many of those prove it.
    """
    pairs = [(a, b) for a, b in pairwise(lines) if (breaks is None or b.number in breaks) and _could_continue(a, b)]
    if not pairs:
        return 0
    width = max(line.width for pair in pairs for line in pair)
    full = sum(_full(a, b, width) for a, b in pairs)
    running = [(a, b) for a, b in pairs if not ends_sentence(a.text)]
    small = sum(b.text[:1].islower() for _, b in running)
    proven = (small and full / len(pairs) >= 0.6) or (small >= _MANY_RUNNING and small / len(pairs) >= 0.4)  # noqa: PLR2004
    return width if proven else 0


def _widths(lines: list[Line], width: int) -> dict[int, int]:
    """The width of each line's own paragraph, where it has lines enough to show one; of others that of the text."""
    found: dict[int, int] = {}
    block: list[Line] = []
    for line in [*lines, None]:
        if line and (not block or block[-1].number + 1 == line.number) and line.width <= width:
            block.append(line)
            continue
        local = max((one.width for one in block), default=0) if len(block) >= _SHOWING else width
        found |= {one.number: local for one in block}
        block = [line] if line else []
    return found


def _could_continue(a: Line, b: Line) -> bool:
    if _ALT_START.match(a.text):  # a caption follows it as often as its own rest
        return False
    return a.number + 1 == b.number and NARROWEST <= a.width <= WIDEST and b.width <= WIDEST and not _apart(a, b)


def _apart(above: Line, below: Line) -> bool:
    """Whether two neighbouring lines can never be one paragraph: doubled, a list, a table, a picture's credit."""
    a, b = above.text, below.text
    if has_cells(above) and has_cells(below):
        return True
    credited = _CREDIT_END.search(a) and a.count("(") == a.count(")")
    if _TIMED.match(a) and _TIMED.match(b):  # rows of a timetable or a television list
        return True
    if _LISTED.match(a) and not b[:1].islower():
        return True
    if any(_DAY_LINE.fullmatch(text) or _ROW.fullmatch(text) for text in (a, b)):
        return True
    return a == b or _list_goes_on(a, b) or bool(_CREDIT_START.match(b) or credited)


def _list_goes_on(a: str, b: str) -> bool:
    """One mark alone proves nothing: a wrapped line may begin with `22. September` or with a dash."""
    return strip_list_mark(b) is not None and (strip_list_mark(a) is not None or a.endswith(":"))


def _full(a: Line, b: Line, width: int) -> bool:
    return a.width + 1 + len(b.text.split(" ", 1)[0]) > width


def _belong(a: Line, b: Line, *, width: int, forced: Mapping[int, Label]) -> bool:
    if forced.get(a.number) != forced.get(b.number) or _apart(a, b):
        return False
    runs_on = not ends_sentence(a.text)
    if runs_on and a.width >= NARROWEST and b.text[:1].islower():
        return True
    if not width or max(a.width, b.width) > width:
        return False
    return _full(a, b, width) or (runs_on and _full(a, b, width - RAGGED))
