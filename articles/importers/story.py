"""Labelled paragraphs -> the parts of the story: title, standfirst, body in order, pictures, speech."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from articles.importers import opening, pictures, quotations
from articles.importers.judge import judge
from articles.importers.lines import Unit, strip_list_mark
from articles.importers.records import Block, Caption, Label

_BODY = {Label.PARAGRAPH, Label.SUBHEAD, Label.LIST_ITEM}


@dataclass(slots=True)
class Story:
    """What a page tells, and the units it was read from with their labels and notes."""

    units: list[Unit]
    title: str | None = None
    kicker: str | None = None
    teaser: str | None = None
    date: str | None = None
    agency: str | None = None
    dateline: str | None = None
    blocks: list[Block] = field(default_factory=list)
    captions: list[Caption] = field(default_factory=list)
    authors: list[str] = field(default_factory=list)
    quotes: tuple[str, ...] = ()
    doubts: list[str] = field(default_factory=list)


def tell(
    units: list[Unit],
    *,
    forced: Mapping[int, Label],
    lead: int | None,
    hinted: Mapping[int, Label] | None = None,
    paragraphs: Collection[int] = (),
) -> Story:
    """The story of these units. Every unit has a label afterwards."""
    story = Story(units)
    _cut_signatures(story)
    judge(units, forced, lead, hinted or {})
    for unit in units:
        if unit.label is Label.UNKNOWN and unit.lines[0].number in paragraphs and not _is_signature(unit.text):
            unit.label = Label.PARAGRAPH
    _cut_opening(story)
    story.title = _joined(units, Label.TITLE)
    story.kicker = _joined(units, Label.KICKER)
    story.teaser = _joined(units, Label.STANDFIRST)
    _read_margins(story)
    _fill_body(story)
    story.quotes = _speech(story)
    return story


def _is_signature(text: str) -> bool:
    """A name alone, or a word or two of no sentence: whoever signs, not what is told."""
    return len(text.split()) <= 1 or opening.is_person(text)


def _joined(units: list[Unit], label: Label) -> str | None:
    return " ".join(unit.text for unit in units if unit.label is label) or None


def _cut_signatures(story: Story) -> None:
    """An agency or an author's letters behind the last sentence; cut first, for they hide the full stop."""
    for unit in story.units:
        text, name = opening.cut_signature(unit.text)
        if name and text:
            _note(unit, f"„{name}“ herausgelöst")
            unit.text = text
            story.agency = name if opening.is_agency(name) else story.agency


def _cut_opening(story: Story) -> None:
    """Agency and place stand before the first paragraph, or before the lead."""
    whole = "\n".join(unit.text for unit in story.units)
    prose = [unit for unit in story.units if unit.label in {Label.STANDFIRST, Label.PARAGRAPH}]
    for unit in prose[:1] + [unit for unit in prose[1:] if unit.label is Label.PARAGRAPH][:1]:
        found = opening.cut_opening(unit.text, whole)
        if not found.rest or found.rest == unit.text:
            continue
        cut = ", ".join(part for part in (found.place, found.agency, found.date) if part)
        _note(unit, f"„{cut}“ herausgelöst")
        unit.text = found.rest
        story.agency, story.dateline, story.date = found.agency or story.agency, found.place, found.date
        return


def _note(unit: Unit, words: str) -> None:
    unit.note = f"{unit.note}; {words}" if unit.note else words


def _read_margins(story: Story) -> None:
    """Bylines, date lines, and an agency standing alone."""
    for unit in story.units:
        if unit.label is Label.BYLINE:
            picture = pictures.read_text_and_picture(unit.text)
            story.authors += [picture] if picture else opening.read_byline(unit.text) or ()
            story.captions += [Caption(None, picture)] if picture else []
            if not picture and not opening.read_byline(unit.text) and opening.is_person(unit.text):
                story.authors.append(unit.text)
        elif unit.label is Label.AGENCY:
            story.agency = story.agency or opening.cut_opening(unit.text, "").agency or unit.text.strip("() -–")
    story.date = story.date or printed_date(story.units)


def printed_date(units: list[Unit]) -> str | None:
    """The date a page prints of itself: of its publication, else of its last change, else of a press release's dateline."""
    lines = [opening.read_date_line(unit.text) or opening.read_byline_date(unit.text) for unit in units]
    lines += [opening.read_issue_line(unit.text) for unit in units[:1]]
    for wanted in (True, False):
        for found in lines:
            if found and found[1] is wanted:
                return found[0]
    return next((date for unit in units[:6] if (date := opening.cut_opening(unit.text, "").date)), None)


def _fill_body(story: Story) -> None:
    alt: str | None = None
    for unit in story.units:
        if alt and unit.label not in {Label.CAPTION, Label.CREDIT}:
            _add_picture(story, Caption(None, None, alt))
            alt = None
        if unit.label is Label.ALT:
            alt = pictures.read_alt(unit.text) or unit.text
        elif unit.label is Label.CAPTION:
            caption = pictures.read_caption(unit.text) or Caption(unit.text, None)
            _add_picture(story, Caption(caption.text, caption.credit, alt))
            alt = None
        elif unit.label is Label.CREDIT:
            _add_credit(story, pictures.read_credit(unit.text) or unit.text, alt)
            alt = None
        elif unit.label in _BODY:
            _add_text(story, unit)
    if alt:
        _add_picture(story, Caption(None, None, alt))


def _add_picture(story: Story, caption: Caption) -> None:
    """A picture at its place in the body; a doubled one completes the first instead."""
    twin = next((one for one in story.captions if pictures.same(one, caption)), None)
    if twin is None:
        story.captions.append(caption)
        story.blocks.append(Block(Label.CAPTION, caption.text or "", caption))
        return
    fuller = pictures.fuller(twin, caption)
    if fuller != twin:
        story.captions = [fuller if one is twin else one for one in story.captions]
        story.blocks = [
            Block(Label.CAPTION, fuller.text or "", fuller) if block.caption is twin else block
            for block in story.blocks
        ]


def _add_credit(story: Story, credit: str, alt: str | None) -> None:
    """A credit below a caption without one belongs to it; otherwise it stands for a picture of its own."""
    last = story.blocks[-1] if story.blocks else None
    if last and last.caption and last.caption.credit == credit and alt is None:
        return  # said twice of one picture
    if last and last.caption and last.caption.credit is None and alt is None:
        fuller = Caption(last.caption.text, credit, last.caption.alt)
        story.captions = [fuller if one is last.caption else one for one in story.captions]
        story.blocks[-1] = Block(last.kind, last.text, fuller)
    else:
        _add_picture(story, Caption(None, credit, alt))


def _add_text(story: Story, unit: Unit) -> None:
    text, credit = unit.text, None
    if unit.label is Label.PARAGRAPH:
        text, credit = pictures.cut_credit(unit.text)
    elif unit.label is Label.LIST_ITEM and unit.text[:1] in "•*·▪►-–—":
        text = strip_list_mark(unit.text) or unit.text
    if text:
        story.blocks.append(Block(unit.label or Label.PARAGRAPH, text))
    if credit:
        _note(unit, f"Bildnachweis „{credit}“ herausgelöst")
        _add_picture(story, Caption(None, credit))


def _speech(story: Story) -> tuple[str, ...]:
    """Quotations of standfirst and body; a mark without partner is a doubt with the line it stands on."""
    quotes: list[str] = []
    for unit in story.units:
        if unit.label not in {Label.STANDFIRST, Label.PARAGRAPH, Label.LIST_ITEM}:
            continue
        speech = quotations.read_speech(unit.text)
        quotes += speech.quotations
        if speech.unbalanced:
            story.doubts.append(f"Zeile {unit.lines[0].number}: Ein Anführungszeichen hat kein Gegenstück.")
    return tuple(quotes)
