"""What each paragraph of a page is: first what shows itself, then what only its neighbours tell."""

import re
from collections.abc import Mapping
from itertools import pairwise

from articles.importers import furniture, opening, pictures
from articles.importers.lines import Unit, ends_sentence, ends_with_stop, has_cells, strip_list_mark
from articles.importers.records import Label
from articles.importers.series import looks_like_series

LONGEST_TITLE, LONGEST_STANDFIRST, LONGEST_SUBHEAD = 140, 320, 120
LONGEST_LEAD = 220  # a standfirst closing like a paragraph is shorter than one
_EXCLAMATION, _FEW_WORDS = 90, 4  # `Alles offen!` heads, a longer exclamation is a paragraph
_BUTTON, _BUTTONS = 40, 6  # characters of a button, and buttons in a row
_KICKER, _KICKER_WORDS = 60, 3  # characters, words
_GROWTH = 1.2  # the first paragraph is longer than a standfirst by this at least
_QUOTES = '"„“”»«'
_SEVERAL_SENTENCES = re.compile(r"[.!?…][\"“”»«]?\s+[\"„“»«]?[A-ZÄÖÜ0-9]")
_DATE_WORD = re.compile(
    r"(?:veröffentlicht|erschienen|erstellt|aktualisiert|zuletzt|stand|datum|published|updated|posted|last updated)\b",
    re.IGNORECASE,
)
_KICKERS = re.compile(
    r"(?:(?:motorsport|rennsport|sport|news|nachrichten|regional|lokal\w*|aktuell|exklusiv|interview|vorschau|rennbericht|bericht|analyse|"
    r"kommentar|langstrecke\w*|nürburgring|nordschleife|formel ?\w|dtm|wec|fia wec|vln\w*|nls|imsa|elms|gt ?\d|gt-?sport|adac gt masters|"
    r"gt world challenge\w*|blancpain\w*|24h(?: nürburgring| le mans| spa)?|24-?stunden-?rennen|le mans|rallye|race report|preview|report|"
    r"feature|breaking|presse-?(?:mitteilung|meldung|information|info|text)|medien-?(?:mitteilung|information|info)|press release|media release|media information)"
    r"(?:\s(?:nr\.?|no\.?|vom)?\s?\d[\d/.-]{0,12})?[\s/|:,–-]*){1,4}",
    re.IGNORECASE,
)
_TO_SOMEBODY = re.compile(r"\b(?:Sie|Ihnen|Ihre?\w?|[Dd]u|[Dd]ir|[Dd]ich|[Dd]eine?\w?|[Ii]hr|[Ee]uch|[Yy]ou|[Yy]our)\b")
_PUBLISHER = re.compile(r"\b(?:GmbH|AG|KG|Verlag|Media|Medien|Zeitung|Redaktion|e\.\s?V\.|Ltd|Inc)(?!\w)")
_INTERVIEW = 2  # questions
_CALLING = re.compile(r"(?:jetzt|hier|mehr|alle|now|click|get|buy|jedes|immer)\b", re.IGNORECASE)


def judge(units: list[Unit], forced: Mapping[int, Label], lead: int | None, hinted: Mapping[int, Label]) -> None:
    """Gives every unit its label; `lead` is the line an export date stood on, `hinted` what a page's markup says."""
    for unit in units:
        number = unit.lines[0].number
        unit.label = forced.get(number) or hinted.get(number)
    _judge_banners(units)
    told = False  # whether the story has begun
    for unit in units:
        if unit.label is None:
            unit.label = _obvious(unit, told=told)
        told = told or (unit.label in {None, Label.PARAGRAPH} and is_paragraph(unit.text))
    _judge_names(units)
    _judge_doubles(units)
    _judge_pictures(units)
    _judge_copyright(units)
    _judge_opening(units, lead, hinted=bool(hinted))
    _judge_body(units)
    _judge_authors(units)


# -- what shows itself


def _judge_banners(units: list[Unit]) -> None:
    for unit in units:
        if unit.label is None and "cookie" in unit.text.casefold():
            story, banner = furniture.cut_cookie_text(unit.text)
            if story and banner:
                unit.text, unit.note = story, f"Cookie-Hinweis abgetrennt: {banner[:60]} …"
    banners = [unit.label is None and not unit.note and furniture.is_cookie_text(unit.text) for unit in units]
    for position, unit in enumerate(units):
        if banners[position]:
            unit.label = Label.COOKIE
    for order in (units, units[::-1]):
        _spread_banner(order)


def _spread_banner(units: list[Unit]) -> None:
    """Buttons and further consent paragraphs beside a banner belong to it, and whatever stands in one row with a button."""
    beside = False
    rows = _button_rows(units)
    for unit in units:
        if unit.label is Label.COOKIE:
            beside = True
        elif beside and unit.label is None and (_asks_consent(unit.text) or id(unit) in rows):
            unit.label = Label.COOKIE
        else:
            beside = False


def _button_rows(units: list[Unit]) -> set[int]:
    """Short lines between two empty ones, of which at least one is a consent button. A text without empty lines has none."""
    found: set[int] = set()
    row: list[Unit] = []
    for unit in sorted(units, key=lambda unit: unit.lines[0].number):
        if unit.gap:
            found |= _as_row(row)
            row = []
        row.append(unit)
    return found


def _as_row(row: list[Unit]) -> set[int]:
    short = len(row) <= _BUTTONS and all(len(unit.text) <= _BUTTON and not ends_sentence(unit.text) for unit in row)
    return (
        {id(unit) for unit in row} if short and any(furniture.is_consent_button(unit.text) for unit in row) else set()
    )


def _asks_consent(text: str) -> bool:
    return furniture.is_consent_button(text) or furniture.is_cookie_text(text, beside_banner=True)


def _obvious(unit: Unit, *, told: bool) -> Label | None:
    text = unit.text
    if furniture.is_logo_strip(text):
        return Label.LOGO
    if pictures.read_alt(text) is not None:
        return Label.ALT
    if opening.read_date_line(text) and (not told or _DATE_WORD.match(text)):
        return Label.DATE
    if opening.read_byline(text) is not None or pictures.read_text_and_picture(text):
        return Label.BYLINE
    return _obvious_picture(text) or _obvious_small(text)


def _obvious_picture(text: str) -> Label | None:
    if pictures.read_credit(text):
        return Label.CREDIT
    caption = pictures.read_caption(text)
    if caption is None or (caption.text and ends_with_stop(caption.text) and _SEVERAL_SENTENCES.search(caption.text)):
        return None
    return Label.CAPTION


def _obvious_small(text: str) -> Label | None:
    found = opening.cut_opening(text, "")
    signed = text.partition(" ")
    if opening.is_agency(signed[0]) and opening.is_initials(signed[2]):  # `SID mk`
        return Label.AGENCY
    if (found.agency and not found.rest) or opening.is_agency(text.strip("() -–")):
        return Label.AGENCY
    return furniture.recognise(text)


def _judge_names(units: list[Unit]) -> None:
    """A name beside the date line of a page is its author's; the first line of all would be the headline."""
    for above, below in pairwise(units[1:]):
        for name, date in ((above, below), (below, above)):
            if name.label is None and date.label is Label.DATE and opening.is_person(name.text):
                name.label = Label.BYLINE


def _judge_doubles(units: list[Unit]) -> None:
    """The same short line twice in a row is a picture's caption, printed as alternative text and below it."""
    for first, second in pairwise(units):
        if first.text != second.text or second.label not in {None, Label.CAPTION}:
            continue
        second.note = "doppelt"
        if first is units[0] and first.label is None:
            second.label = Label.FURNITURE  # a headline repeated from the page's title
        elif len(first.text) <= pictures.LONGEST_CAPTION:
            first.label = first.label or Label.CAPTION
            second.label = Label.CAPTION


def _judge_pictures(units: list[Unit]) -> None:
    """Lines that are captions because of the credit below them or the alternative text above."""
    told = [unit for unit in units if unit.label in {None, Label.PARAGRAPH} and is_paragraph(unit.text)]
    last_prose = max((unit.lines[-1].number for unit in told), default=0)
    for above, below in pairwise(units):
        if (
            below.label is Label.CREDIT
            and above.label is None
            and not below.gap
            and (pictures.is_alone_below(above.text) or _is_sentence_below(above, below, last_prose))
        ):
            above.label = Label.CAPTION if above is not units[0] else None
        if above.label is Label.ALT and below.label is None and pictures.is_alone_below(below.text):
            below.label = Label.CAPTION


def _judge_copyright(units: list[Unit]) -> None:
    """`© SID` behind the last word of a text is the text's, not a picture's."""
    told = [unit for unit in units if unit.label in {None, Label.PARAGRAPH, Label.CREDIT, Label.CAPTION, Label.ALT}]
    if len(told) > 1 and told[-1].label is Label.CREDIT and told[-2].label in {None, Label.PARAGRAPH}:
        name = pictures.read_copyright(told[-1].text)
        if name and opening.is_agency(name):
            told[-1].label = Label.AGENCY
        elif name and _PUBLISHER.search(name):
            told[-1].label = Label.FURNITURE


def _judge_authors(units: list[Unit]) -> None:
    """A last paragraph that tells of the author whom the byline names."""
    names = [name for unit in units if unit.label is Label.BYLINE for name in opening.read_byline(unit.text) or ()]
    for unit in units:
        if unit.label in {Label.SUBHEAD, Label.UNKNOWN} and unit.text in names:
            unit.label = Label.BYLINE
    prose = [unit for unit in units if unit.label is Label.PARAGRAPH]
    if len(prose) > 2 and any(opening.tells_of(prose[-1].text, name) for name in names):  # noqa: PLR2004
        prose[-1].label = Label.FURNITURE


def _is_sentence_below(above: Unit, below: Unit, last_prose: int) -> bool:
    """One short sentence apart from the rest, a credit right under it, and the story goes on: a caption with a full stop."""
    short = len(above.text) <= pictures.LONGEST_CAPTION // 2 and not _SEVERAL_SENTENCES.search(above.text)
    return short and above.gap and above.lines[0].number > 1 and below.lines[0].number < last_prose


# -- what the neighbours tell


def _judge_below_title(units: list[Unit]) -> None:
    """Kicker and standfirst where the markup names the title alone."""
    title = next((position for position, unit in enumerate(units) if unit.label is Label.TITLE), None)
    for unit in units[: title or 0]:
        if unit.label in {None, Label.SUBHEAD} and len(unit.text) <= _KICKER and not ends_sentence(unit.text):
            unit.label = Label.KICKER
    if title is None or any(unit.label is Label.STANDFIRST for unit in units):
        return
    content = [units[title], *(unit for unit in units[title + 1 :] if unit.label in {None, Label.PARAGRAPH})]
    if len(content) > 2 and content[1].label is None and _is_standfirst(units, content):  # noqa: PLR2004
        content[1].label = Label.STANDFIRST


def _judge_opening(units: list[Unit], lead: int | None, *, hinted: bool) -> None:
    """Title and standfirst, where the text has them."""
    if any(unit.label in {Label.TITLE, Label.STANDFIRST} for unit in units):
        if hinted:
            _judge_below_title(units)
        return
    content = [unit for unit in units if unit.label in {None, Label.PARAGRAPH}]
    if content and content[0].label is None and content[0].lines[0].number == lead:
        _judge_lead(content)
        return
    while len(content) > 1 and content[0].label is None and _is_kicker(content):
        content.pop(0).label = Label.KICKER
    if not content or content[0].label is not None or not is_headline(content[0].text):
        return
    content[0].label = Label.TITLE
    while len(content) > 2 and content[1].label is None and _KICKERS.fullmatch(content[1].text):  # noqa: PLR2004
        content.pop(1).label = Label.KICKER
    if len(content) > 2 and content[1].label is None and _is_standfirst(units, content):  # noqa: PLR2004
        content[1].label = Label.STANDFIRST


def _judge_lead(content: list[Unit]) -> None:
    """What is glued to an export date fills the export's teaser field, unless it heads the text or names an agency."""
    lead = content[0]
    if is_headline(lead.text) and len(content) > 1:
        lead.label = Label.TITLE
    elif len(content) > 1 and not opening.cut_opening(lead.text, "").agency:
        lead.label = Label.STANDFIRST


def _is_kicker(content: list[Unit]) -> bool:
    first = content[0].text
    named = len(first.split()) <= _KICKER_WORDS and looks_like_series(first) and not ends_sentence(first)
    issue = opening.read_issue_line(first) is not None
    return (named or issue or bool(_KICKERS.fullmatch(first))) and is_headline(content[1].text)


def is_headline(text: str) -> bool:
    return len(text) <= LONGEST_TITLE and not ends_with_stop(text) and not text.endswith((",", ";"))


def _is_standfirst(units: list[Unit], content: list[Unit]) -> bool:
    """The second paragraph, if it stands like a standfirst: without full stop, or short before the body begins."""
    second, third = content[1], content[2]
    if len(second.text) > LONGEST_STANDFIRST or opening.cut_opening(second.text, _whole(units)) != opening.Opening(
        second.text
    ):
        return False
    if not ends_with_stop(second.text):
        return is_paragraph(third.text)
    between = units[units.index(second) + 1 : units.index(third)]
    parted = any(unit.label in {Label.BYLINE, Label.DATE, Label.AGENCY} for unit in between)
    opened = opening.cut_opening(third.text, _whole(units)) != opening.Opening(third.text)
    return parted or opened or (len(second.text) <= LONGEST_LEAD and len(third.text) >= _GROWTH * len(second.text))


def _whole(units: list[Unit]) -> str:
    return "\n".join(unit.text for unit in units)


def is_paragraph(text: str) -> bool:
    """Whether a text is a paragraph by itself: it closes with a full stop, or it is longer than any subhead."""
    if ends_with_stop(text):
        return not is_spoken_subhead(text)
    return len(text) > LONGEST_SUBHEAD or (ends_sentence(text) and len(text) > _EXCLAMATION)


def is_spoken_subhead(text: str) -> bool:
    """One short sentence wholly in quotation marks; as a paragraph it would say who speaks."""
    quoted = text[:1] in _QUOTES and text[-1:] in _QUOTES
    return quoted and len(text) <= _EXCLAMATION and not _SEVERAL_SENTENCES.search(text)


def _judge_body(units: list[Unit]) -> None:
    open_units = [unit for unit in units if unit.label is None]
    listed = _list_members(units)
    for unit in open_units:
        if id(unit) in listed:
            unit.label = Label.LIST_ITEM
        elif is_paragraph(unit.text) or opening.cut_opening(unit.text, "").agency:
            unit.label = Label.PARAGRAPH
    body = [unit for unit in units if unit.label in {None, Label.PARAGRAPH, Label.LIST_ITEM, Label.SUBHEAD}]
    _judge_questions([unit for unit in body if unit.label is None and unit.text.endswith("?")])
    for position, unit in enumerate(body):
        if unit.label is None:
            unit.label = _short_one(unit, body[position + 1 :])


def _judge_questions(asked: list[Unit]) -> None:
    """Several questions to somebody make an interview; a subhead may be a question as well, but asks nobody."""
    if sum(bool(_TO_SOMEBODY.search(unit.text)) for unit in asked) >= _INTERVIEW:
        for unit in asked:
            unit.label = Label.PARAGRAPH


def _list_members(units: list[Unit]) -> set[int]:
    """Two or more neighbours with bullets or numbers, or with cells as in a table."""
    marked = [
        unit.label is None and (strip_list_mark(unit.text) is not None or has_cells(unit.lines[0])) for unit in units
    ]
    pairs = [(a, b) for a, b in zip(range(len(units)), range(1, len(units)), strict=False) if marked[a] and marked[b]]
    return {id(units[position]) for pair in pairs for position in pair}


def _short_one(unit: Unit, below: list[Unit]) -> Label:
    """A short line without full stop: a subhead where body follows, a paragraph where it speaks, else nobody knows."""
    speaking = ends_sentence(unit.text) and len(unit.text.split()) > _FEW_WORDS and not _CALLING.match(unit.text)
    text_follows = any(other.label in {Label.PARAGRAPH, Label.LIST_ITEM} for other in below)
    if not text_follows:
        return Label.PARAGRAPH if speaking else Label.UNKNOWN
    introduces = unit.text.endswith(":") and below[0].text[:1] in _QUOTES
    return Label.PARAGRAPH if introduces or unit.text.endswith((",", ";")) else Label.SUBHEAD
