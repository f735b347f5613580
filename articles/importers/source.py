"""A file as numbered lines of text, whatever it came as: plain text, an HTML page, a Word document.

What the markup says of a line (it is a heading, a menu, a caption) goes along as a hint. Hints say less than a person
and less than an announcement box, and more than what the line's neighbours would make of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from articles.importers.records import Label

TEXT, HTML, DOCX = "text", "html", "docx"


@dataclass(frozen=True, slots=True)
class Source:
    """`markup` has the inline HTML of lines that carry any, by their words. `date` and `authors` come from the head."""

    text: str
    encoding: str = "utf-8"
    format: str = TEXT
    hints: Mapping[int, Label] = field(default_factory=dict)
    paragraphs: frozenset[int] = frozenset()  # lines the markup calls so, for where nothing else says what they are
    breaks: frozenset[int] = (
        frozenset()
    )  # lines that stand below a line break within a block, so may be its wrapped text
    markup: Mapping[str, str] = field(default_factory=dict)
    date: str | None = None
    authors: tuple[str, ...] = ()
    address: str = ""  # the page's own, as it states it


@dataclass(slots=True)
class Written:
    """A line while a document is walked through: its words, the same as inline HTML, and what the markup calls it."""

    text: str
    html: str
    label: Label | None = None
    is_paragraph: bool = False
    gap: bool = True  # whether an empty line goes before it
    is_broken: bool = False  # whether nothing but a line break stands before it
