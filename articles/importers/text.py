"""Raw text as scraped or pasted -> `ParsedArticle`: every line gets one label, the story is what is left.

The order of judgement: export head, boxes and television lists, page furniture, wrapped lines joined to paragraphs,
pictures, and only then title, standfirst, subheads and paragraphs, which are known by their neighbours.
"""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from articles.importers import furniture, language, opening
from articles.importers.encoding import decode_text
from articles.importers.judge import is_headline, is_paragraph
from articles.importers.lines import Line, Unit, clean, ends_sentence, group, split_lines, strip_list_mark
from articles.importers.opening import cut_date_head
from articles.importers.page import LIMIT as PAGE_LIMIT
from articles.importers.page import read_page
from articles.importers.records import ArticleRefused, Label, LabelledLine, ParsedArticle, ProposedSession, Widget
from articles.importers.source import DOCX, TEXT, Source
from articles.importers.story import Story, printed_date, tell
from articles.importers.timetable import Reference
from articles.importers.widgets import Boxes, find_boxes
from articles.importers.word import LIMIT as WORD_LIMIT
from articles.importers.word import looks_like as looks_like_archive
from articles.importers.word import read_word
from results.importers.records import FileRefused

LIMIT = 1_000_000  # bytes of plain text
LARGEST = max(LIMIT, PAGE_LIMIT, WORD_LIMIT)  # bytes of any file
MOST_LINES = 2_000
_MENU, _MENU_ITEM = 3, 25  # lines and words of a menu at least and at most; characters of one entry
_HEAD_LINES = 30  # non-empty lines among which an export head may stand, behind a cookie banner perhaps
_MARKUP = re.compile(
    r"</?(?:p|div|span|li|ul|h[1-6]|td|tr|a|body|article|section|script|style|svg)(?:\s[^<>]{0,200})?/?>", re.IGNORECASE
)
_PAGE = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--[^>]{0,200}-->\s*)?<(?:!doctype|html|head|body)\b", re.IGNORECASE
)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|rdf:)", re.IGNORECASE)
_DECLARES = re.compile(r"\s*(?:<\?xml[^>]{0,200}>\s*)?<!doctype\s[^>\[]{0,200}\[", re.IGNORECASE)
_MUCH_MARKUP = 3

_LEFT_OUT = {Label.FURNITURE, Label.COOKIE, Label.LOGO, Label.PLACEHOLDER}
_OTHER_FORMATS = (
    (b"%PDF", "Das ist eine PDF-Datei. Bitte den Text markieren, kopieren und hier einfügen."),
    (b"{\\rtf", "Das ist eine RTF-Datei. Bitte als DOCX oder Text speichern."),
    *(
        (mark, "Das ist ein Bild, kein Text.")
        for mark in (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"II*\0", b"MM\0*")
    ),
    (b"\xd0\xcf\x11\xe0", "Das ist ein altes Word-Dokument (DOC). Bitte als DOCX speichern."),
)

_EMPTY = "Der Text ist leer."
_HTML = (
    "Das ist eine HTML-Seite, kein Text. Bitte den Text der Seite im Browser markieren, kopieren und hier einfügen "
    "oder als Textdatei speichern."
)
_NOTHING = "In dem Text wurde kein Artikel gefunden: Alle Zeilen sind Seitenbeiwerk (Menüs, Werbung, Cookie-Hinweise)."


@dataclass(slots=True)
class _Page:
    """The lines of a text with what is known of them so far."""

    lines: list[Line]
    language: str
    forced: Mapping[int, Label]
    labels: dict[int, Label] = field(default_factory=dict)
    notes: dict[int, str] = field(default_factory=dict)
    hints: Mapping[int, Label] = field(default_factory=dict)
    date: str | None = None
    lead: int | None = None  # the line the export date was glued to


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the call and a person say beyond the text.

    `as_of` dates the boxes where the text has no date of its own; `today` only proposes a year then, as a doubt.
    `labels` are a person's (line number -> what the line is), `years` as well (number of the box from 0 -> year).
    """

    as_of: dt.date | None = None
    today: dt.date | None = None
    labels: Mapping[int, Label] = field(default_factory=dict)
    years: Mapping[int, int] = field(default_factory=dict)


def parse_bytes(data: bytes, wishes: Wishes | None = None) -> ParsedArticle:
    """A file in whatever encoding: plain text, an HTML page, a Word document. Raises ArticleRefused with a German sentence."""
    return parse_source(read_source(data), wishes)


def read_source(data: bytes) -> Source:
    """The lines of a file by what it is, not by its name. Raises ArticleRefused with a German sentence."""
    for mark, sentence in _OTHER_FORMATS:
        if data[: len(mark)] == mark:
            raise ArticleRefused(sentence)
    if looks_like_archive(data):
        return read_word(data)
    try:
        decoded = decode_text(data, limit=PAGE_LIMIT)
    except FileRefused as error:
        raise ArticleRefused(str(error)) from error
    text = decoded.text
    if _DECLARES.match(text[:1000]) or (_XML.match(text[:1000]) and not _PAGE.match(text[:1000])):
        raise ArticleRefused("Das ist eine XML-Datei. Gelesen werden Text, HTML-Seiten und Word-Dokumente (DOCX).")
    if "\x00" not in text and (_PAGE.match(text[:1000]) or _much_markup(text)):
        return read_page(text, encoding=decoded.encoding)
    if len(data) > LIMIT:
        raise ArticleRefused(f"Der Text ist zu groß. Erlaubt sind {LIMIT // 1000} kB.")
    return Source(text, decoded.encoding)


def parse_text(text: str, wishes: Wishes | None = None, *, encoding: str = "utf-8") -> ParsedArticle:
    """The article in a pasted text. Raises ArticleRefused with a German sentence."""
    return parse_source(Source(text, encoding), wishes)


def parse_source(source: Source, wishes: Wishes | None = None) -> ParsedArticle:
    """The article in these lines. Raises ArticleRefused with a German sentence."""
    wishes = wishes or Wishes()
    page = _open(source, wishes.labels)
    _cut_head(page)
    breaks = None if source.format == TEXT else source.breaks
    units = group(page.lines, {}, page.forced, page.language, breaks=breaks)
    running = {line.number for unit in units if len(unit.lines) > 1 for line in unit.lines}
    boxes = _cut_boxes(page, units, running, wishes)
    _drop_furniture(page, units, running)
    _take_hints(page)
    story = tell(
        group(page.lines, page.labels, page.forced, page.language, breaks=breaks),
        forced=page.forced,
        lead=page.lead,
        hinted=page.hints,
        paragraphs=source.paragraphs,
    )
    if not (story.title or story.teaser or story.blocks or any(unit.label is Label.UNKNOWN for unit in story.units)):
        if source.format == DOCX and not page.forced:  # what a person wrote is a story to the last line
            every = {line.number: Label.PARAGRAPH for line in page.lines if line.text}
            return parse_source(source, replace(wishes, labels=every))
        raise ArticleRefused(_NOTHING)
    return _article(page, boxes, story, source)


def _take_hints(page: _Page) -> None:
    """What the markup calls furniture is left out, unless a box was found in it or a person says otherwise."""
    for number, label in page.hints.items():
        if label in _LEFT_OUT and number not in page.forced:
            page.labels.setdefault(number, label)


def _open(source: Source, forced: Mapping[int, Label]) -> _Page:
    text = source.text
    if len(text) > LIMIT:
        raise ArticleRefused(
            f"Der Text ist mit {len(text) // 1000} 000 Zeichen zu lang. Erlaubt sind {LIMIT // 1000} 000."
        )
    if "\x00" in text:
        raise ArticleRefused("Der Text enthält ein NUL-Zeichen. So etwas steht in keiner Textdatei.")
    text = clean(text)
    if not text.strip():
        raise ArticleRefused(_EMPTY)
    if source.format == TEXT and (_PAGE.match(text[:1000]) or _much_markup(text)):
        raise ArticleRefused(_HTML)
    if text.count("\n") >= MOST_LINES:
        raise ArticleRefused(f"Der Text hat mehr als {MOST_LINES} Zeilen. Das ist kein einzelner Artikel.")
    return _Page(
        split_lines(text),
        language.detect(text) or "de",
        forced,
        hints=source.hints,
        date=source.date,
    )


def _much_markup(text: str) -> bool:
    found = _MARKUP.finditer(text)
    return sum(1 for _, _ in zip(range(_MUCH_MARKUP), found, strict=False)) >= _MUCH_MARKUP


def _cut_head(page: _Page) -> None:
    """Takes ` date 2021-11 ` off the line it is glued to."""
    filled = [line for line in page.lines if line.text][:_HEAD_LINES]
    for line in filled:
        date, rest = cut_date_head(line.text)
        if date is None:
            continue
        page.date = date
        page.notes[line.number] = f"Datum {date} herausgelöst"
        page.lines[line.number - 1] = Line(line.number, line.raw, rest)
        if rest:
            page.lead = line.number
        else:
            page.labels[line.number] = Label.DATE
        return


def _cut_boxes(page: _Page, units: list[Unit], running: Collection[int], wishes: Wishes) -> Boxes:
    date = page.date or printed_date(units)
    reference = Reference.of(date) if date else Reference(wishes.as_of, wishes.as_of) if wishes.as_of else None
    boxes = find_boxes(
        page.lines,
        running=running,
        reference=reference,
        today=wishes.today,
        forced=page.forced,
        years=wishes.years,
    )
    page.labels |= boxes.labels
    return boxes


def _drop_furniture(page: _Page, units: list[Unit], running: Collection[int]) -> None:
    """Labels page furniture line by line, the links below a heading such as `Mehr zum Thema`, and what tells of the author."""
    last_prose = max((unit.lines[-1].number for unit in units if _is_prose(unit.text)), default=0)
    links = _Links(page.lines, last_prose)
    for line in page.lines:
        known = line.number in page.labels or line.number in page.forced or line.number in running
        label = None if known else _furniture_of(line, last_prose)
        if label:
            page.labels[line.number] = label
            links.open_at(line)
        elif links.hold(line) and not known:
            page.labels[line.number] = Label.FURNITURE
    _drop_asides(page, units, last_prose)
    _drop_menus(page, units)


def _is_prose(text: str) -> bool:
    return is_paragraph(text) and furniture.recognise(text) is None and not furniture.is_cookie_text(text)


def _furniture_of(line: Line, last_prose: int) -> Label | None:
    if line.number > last_prose and furniture.names_source(line.text):
        return Label.FURNITURE
    return furniture.recognise(line.text)


class _Links:
    """Whether a line is a link to another story, below a heading that announces such links.

    Below the last paragraph every short line is. Above it the links stand right under their heading; behind an empty line
    only bullets, or several short lines together, for a single one could be a subhead.
    """

    def __init__(self, lines: list[Line], last_prose: int) -> None:
        self.lines, self.last_prose = lines, last_prose
        self.is_open = self.is_parted = False

    def open_at(self, furniture_line: Line) -> None:
        self.is_open, self.is_parted = furniture.opens_link_list(furniture_line.text), False

    def hold(self, line: Line) -> bool:
        if not line.text:
            self.is_open = self.is_open and (line.number > self.last_prose or not self.is_parted)
            self.is_parted = True
            return False
        if self.is_open and line.number <= self.last_prose:
            self.is_open = self._is_link(line)
        return self.is_open and len(line.text) <= furniture.LONGEST

    def _is_link(self, line: Line) -> bool:
        if strip_list_mark(line.text) is not None:
            return True
        if is_paragraph(line.text):
            return False
        above, below = (self._text(line.number + step) for step in (-1, 1))
        return not self.is_parted or bool(above) or (bool(below) and not is_paragraph(below))

    def _text(self, number: int) -> str:
        return self.lines[number - 1].text if 0 < number <= len(self.lines) else ""


def _drop_asides(page: _Page, units: list[Unit], last_prose: int) -> None:
    """`Über den Autor` behind the first paragraph, `Pressekontakt` behind the last, and the lines under it, as far as an empty one."""
    inside, told = False, False
    first_prose = _first_prose(units)
    for line in page.lines:
        if line.number in page.forced:
            inside = False
        elif (line.number > first_prose and furniture.heads_author_box(line.text)) or (
            line.number > last_prose and furniture.heads_contact(line.text)
        ):
            inside, told = True, False
            page.labels.setdefault(line.number, Label.FURNITURE)
        elif inside and line.text:
            told = True
            page.labels.setdefault(line.number, Label.FURNITURE)
        elif told:
            inside = False


def _first_prose(units: list[Unit]) -> int:
    """The line on which the first paragraph begins; behind all lines where there is none."""
    return next((unit.lines[0].number for unit in units if _is_prose(unit.text)), MOST_LINES)


def _drop_menus(page: _Page, units: list[Unit]) -> None:
    """Three or more very short lines together before the story begins: `Startseite`, `News`, `Termine`.

    The single line above a menu is the name of the site, where a headline follows below.
    """
    first_prose = _first_prose(units)
    row: list[Line] = []
    site: list[Line] = []
    for line in page.lines[:first_prose]:
        if line.text:
            row.append(line)
            continue
        if len(row) >= _MENU and all(_is_menu_item(item.text) for item in row):
            below = page.lines[row[-1].number : first_prose - 1]
            headed = any(_heads(item) and item.number not in page.labels for item in below)
            for item in row + (site if headed else []):
                if not {item.number} & (page.labels.keys() | page.forced.keys() | page.hints.keys()):
                    page.labels[item.number] = Label.FURNITURE
            site = []
        elif row:
            site = row if len(row) == 1 and _heads(row[0]) else []
        row = []


def _heads(line: Line) -> bool:
    return bool(line.text) and is_headline(line.text) and opening.read_date_line(line.text) is None


def _is_menu_item(text: str) -> bool:
    return len(text) <= _MENU_ITEM and len(text.split()) <= _MENU and not ends_sentence(text)


def _article(page: _Page, boxes: Boxes, story: Story, source: Source) -> ParsedArticle:
    return ParsedArticle(
        language=page.language,
        title=story.title,
        teaser=story.teaser,
        date=page.date or story.date,
        agency=story.agency,
        dateline=story.dateline,
        blocks=tuple(story.blocks),
        captions=tuple(story.captions),
        widgets=boxes.widgets,
        broadcasts=boxes.broadcasts,
        quotes=story.quotes,
        lines=tuple(_labelled(page, story)),
        authors=tuple(story.authors) or source.authors,
        doubts=tuple(_doubts(boxes, story)),
        encoding=source.encoding,
        kicker=story.kicker,
        markup=source.markup,
        address=source.address,
        format=source.format,
    )


def _labelled(page: _Page, story: Story) -> list[LabelledLine]:
    labels = {line.number: Label.EMPTY for line in page.lines if not line.text} | page.labels
    notes = dict(page.notes)
    for unit in story.units:
        for line in unit.lines:
            labels[line.number] = unit.label or Label.UNKNOWN
        if unit.note:  # said once, where the paragraph begins
            first = unit.lines[0].number
            notes[first] = "; ".join(filter(None, (notes.get(first), unit.note)))
    return [LabelledLine(line.number, line.raw, labels[line.number], notes.get(line.number, "")) for line in page.lines]


def _doubts(boxes: Boxes, story: Story) -> list[str]:
    unclear = [unit for unit in story.units if unit.label is Label.UNKNOWN]
    return [
        *([] if story.title else ["Der Text hat keine Überschrift."]),
        *story.doubts,
        *(
            f"Zeile {unit.lines[0].number}: „{unit.text[:80]}“ ist nicht einzuordnen und bleibt weg."
            for unit in unclear
        ),
        *(_year_doubt(widget) for widget in boxes.widgets if widget.year_doubtful),
        *(
            _day_doubt(widget, session)
            for widget in boxes.widgets
            for session in widget.sessions
            if not session.day and widget.start
        ),
    ]


def _year_doubt(widget: Widget) -> str:
    name = " ".join(filter(None, (widget.series, widget.venue))) or "Termin"
    if widget.start is None:
        return f"{name}: Das Jahr ist nicht zu bestimmen."
    return f"{name}: Das Jahr {widget.start.year} ist nur vermutet."


def _day_doubt(widget: Widget, session: ProposedSession) -> str:
    return (
        f"{widget.venue or widget.series or 'Termin'}: Der Tag von „{session.name}“ liegt nicht in den genannten Tagen."
    )
