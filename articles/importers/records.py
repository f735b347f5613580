"""What every article importer yields: the parts of a story, and for each line of the original what it was taken for.

Times are local to the venue as the text prints them. Sentences in `doubts` are German: an editor reads them.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ArticleRefused(Exception):  # noqa: N818
    """The text as a whole cannot become an article; the message is one German sentence for a person."""


class Label(StrEnum):
    """What a line of the original is. A person may change it; the parser takes it over on the next reading."""

    EMPTY = "empty"
    TITLE = "title"
    STANDFIRST = "standfirst"
    PARAGRAPH = "paragraph"
    SUBHEAD = "subhead"
    LIST_ITEM = "list_item"
    CAPTION = "caption"
    CREDIT = "credit"
    ALT = "alt"
    KICKER = "kicker"
    BYLINE = "byline"
    DATE = "date"
    AGENCY = "agency"
    WIDGET_HEAD = "widget_head"
    WIDGET_VENUE = "widget_venue"
    WIDGET_RANGE = "widget_range"
    WIDGET_SESSION = "widget_session"
    BROADCAST = "broadcast"
    FURNITURE = "furniture"
    COOKIE = "cookie"
    LOGO = "logo"
    PLACEHOLDER = "placeholder"
    UNKNOWN = "unknown"  # dropped from the story because nothing says what it is; always a doubt


@dataclass(frozen=True, slots=True)
class LabelledLine:
    """One line of the original, counted from 1. `note` says in German what was taken out of it, if anything."""

    number: int
    text: str
    label: Label
    note: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """A picture as the text leaves it behind: any of the three may be missing, never all."""

    text: str | None
    credit: str | None
    alt: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the body in reading order; `kind` is paragraph, subhead, list_item or caption."""

    kind: Label
    text: str
    caption: Caption | None = None


@dataclass(frozen=True, slots=True)
class ProposedSession:
    """`day` is None where the weekday does not lie in the range, `time` where the text prints none."""

    name: str
    day: dt.date | None
    time: dt.time | None

    @property
    def starts_at(self) -> str | None:
        """Local ISO minutes (`2025-05-24T09:35`), the bare day where no time is known, None without a day."""
        if self.day is None:
            return None
        if self.time is None:
            return self.day.isoformat()
        return dt.datetime.combine(self.day, self.time).isoformat(timespec="minutes")


@dataclass(frozen=True, slots=True)
class Widget:
    """An announced event with its sessions. `years` are the fitting years near the reference, nearest first."""

    series: str | None
    venue: str | None
    start: dt.date | None
    end: dt.date | None
    sessions: tuple[ProposedSession, ...]
    year_doubtful: bool
    years: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class AnnouncedBroadcast:
    """A television or stream line: the line itself, and channel, series and start where they could be read."""

    text: str
    channel: str | None = None
    series: str | None = None
    starts_at: str | None = None


@dataclass(frozen=True, slots=True)
class ParsedArticle:
    """All an importer understood of one text. `date` is `2021-11` or `2021-11-05`; blocks hold the body in order."""

    language: str
    title: str | None
    teaser: str | None
    date: str | None
    agency: str | None
    dateline: str | None
    blocks: tuple[Block, ...]
    captions: tuple[Caption, ...]
    widgets: tuple[Widget, ...]
    broadcasts: tuple[AnnouncedBroadcast, ...]
    quotes: tuple[str, ...]
    lines: tuple[LabelledLine, ...]
    authors: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    encoding: str = "utf-8"
    kicker: str | None = None
    markup: Mapping[str, str] = field(default_factory=dict)  # words of a line -> its inline HTML, unsanitised
    address: str = ""  # where the page says it lives
    format: str = "text"

    @property
    def body_paragraphs(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind in {Label.PARAGRAPH, Label.LIST_ITEM})

    @property
    def subheads(self) -> tuple[str, ...]:
        return tuple(block.text for block in self.blocks if block.kind is Label.SUBHEAD)
