"""The words of an article as one plain text, and the way back: which field, and which place in the HTML, a span came from.

Pure: no Django and no database. Linear in the length of the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape, unescape

from articles.body import BLOCKS, sanitise

KICKER, TITLE, STANDFIRST, BODY, CAPTION = "kicker", "title", "standfirst", "body", "caption"
_GAP = "\n\n"
_FINE = 200_000  # signs; the desk reads fewer of a text
_PART = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^\">]|\"[^\"]*\")*)>|([^<]+)")
_SIGN = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z][A-Za-z0-9]*);|[ \t\r\n\f]+|[^& \t\r\n\f]+(?: [^& \t\r\n\f]+)*|&")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_SPACES = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Run:
    """Signs of the text that stand in one piece in a field; of the body `begin` to `end` is their place in the HTML.

    `is_literal`: as many signs there as here, so that a place inside can be counted.
    """

    start: int
    field: str
    begin: int
    end: int
    length: int
    is_literal: bool = True


@dataclass(frozen=True, slots=True)
class Node:
    """A value that is bound to the data: where it stands in the text and to what it refers."""

    start: int
    end: int
    reference: str
    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where words stand for a person: the field, and which occurrence of them in it is meant (from 0)."""

    field: str
    words: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class StoryText:
    """The plain text of an article with its runs in order, its bound values, and where each field begins and ends."""

    text: str
    runs: tuple[Run, ...]
    nodes: tuple[Node, ...]
    fields: Mapping[str, tuple[int, int]]
    quoted: tuple[tuple[int, int], ...]
    body: str

    def field_at(self, position: int) -> str:
        for name, (start, end) in self.fields.items():
            if start <= position < end:
                return name
        return BODY

    def place(self, start: int, end: int) -> Place:
        """Field, words and occurrence of a span."""
        field = self.field_at(start)
        words = self.text[start:end]
        return Place(field, words, self.text.count(words, self.fields.get(field, (start, 0))[0], start))

    def is_quoted(self, position: int) -> bool:
        """Whether the words stand in a quotation that a node marks, not signs."""
        return any(start <= position < end for start, end in self.quoted)

    def node_at(self, start: int, end: int) -> Node | None:
        """A bound value that the span touches: the last one that begins before its end, for none covers another."""
        at = bisect_left(self.nodes, end, key=lambda node: node.start)
        return self.nodes[at - 1] if at and start < self.nodes[at - 1].end else None

    def replaced(self, start: int, end: int, html: str) -> str | None:
        """The body with a span of its words replaced by HTML; None where the span is no words of one block."""
        runs = [run for run in self.runs if run.field == BODY and run.start < end and start < run.start + run.length]
        if not runs or self.field_at(start) != BODY or _GAP in self.text[start:end] or self.node_at(start, end):
            return None
        cuts = [_cut(run, start, end) for run in runs]
        out, at = [], 0
        for number, (begin, stop) in enumerate(cuts):
            out += [self.body[at:begin], "" if number else html]
            at = stop
        return "".join([*out, self.body[at:]])


def _cut(run: Run, start: int, end: int) -> tuple[int, int]:
    """The part of a run's HTML that a span covers; signs that are written longer than they are go whole."""
    if not run.is_literal:
        return run.begin, run.end
    return run.begin + max(start - run.start, 0), run.begin + min(end - run.start, run.length)


def story_text(*, title: str, standfirst: str, body: str, captions: Iterable[str] = (), kicker: str = "") -> StoryText:
    """The article's words in the order in which they are read. `captions` are those of pictures the article only shows."""
    writer = _Writer(sanitise(body))
    writer.plain(KICKER, kicker)
    writer.plain(TITLE, title)
    writer.plain(STANDFIRST, standfirst)
    writer.html()
    for caption in captions:
        writer.plain(CAPTION, caption)
    return writer.finished()


@dataclass(frozen=True, slots=True)
class _Value:
    """A value that is being read: where it began in the text and among its parts."""

    start: int
    part: int
    attributes: dict[str, str]


class _Writer:
    """Puts the parts together, sign by sign, and remembers where each came from."""

    def __init__(self, body: str) -> None:
        self.body = body
        self.out: list[str] = []
        self.length = 0
        self.runs: list[Run] = []
        self.nodes: list[Node] = []
        self.fields: dict[str, tuple[int, int]] = {}
        self.is_fresh = True  # nothing stands in this block yet
        self.quoted: list[tuple[int, int]] = []
        self.depth = 0  # of quotations
        self.quotes_from = 0

    def finished(self) -> StoryText:
        text, spans = "".join(self.out), tuple(self.quoted)
        return StoryText(text, tuple(self.runs), tuple(self.nodes), self.fields, spans, self.body)

    def plain(self, field: str, words: str) -> None:
        if not words.strip():
            return
        self._block()
        start = self.length
        self._add(words, field, 0, len(words))
        self.fields[field] = (self.fields.get(field, (start, 0))[0], self.length)
        self.is_fresh = False

    def html(self) -> None:
        self._block()
        start = self.length
        value: _Value | None = None
        for part in _PART.finditer(self.body):
            tag, closes = part[2], bool(part[1])
            if tag is None:
                self._words(part[4], part.start(4))
            elif tag == "data":
                if closes and value:
                    self._close_value(value)
                value = None if closes else _Value(self.length, len(self.out), dict(_ATTRIBUTE.findall(part[3])))
            else:
                self._tag(tag, closes=closes)
        self.fields[BODY] = (start, max(self.length, start))

    def _close_value(self, value: _Value) -> None:
        reference = value.attributes.get("data-ref", "")
        if reference:
            self.nodes.append(Node(value.start, self.length, reference, "".join(self.out[value.part :])))

    def _tag(self, tag: str, *, closes: bool) -> None:
        if tag == "br":
            self._put("\n")
        elif tag in BLOCKS:
            self._block()
            if tag == "blockquote":
                self._quote(-1 if closes else 1)

    def _quote(self, step: int) -> None:
        if step > 0 and not self.depth:
            self.quotes_from = self.length
        self.depth = max(self.depth + step, 0)
        if step < 0 and not self.depth:
            self.quoted.append((self.quotes_from, self.length))

    def _words(self, html: str, at: int) -> None:
        for sign in _SIGN.finditer(html):
            if self.length > _FINE:
                self._rest(html[sign.start() :], at + sign.start())
                return
            written = sign[0]
            words = " " if _SPACES.fullmatch(written) else unescape(written)
            if words == " " and self.is_fresh:
                continue
            self._add(words, BODY, at + sign.start(), at + sign.end())
            self.is_fresh = False

    def _rest(self, html: str, at: int) -> None:
        """Words that nobody will point into, in one piece: a million signs written as entities would be a million runs."""
        words = unescape(_SPACES.sub(" ", html))
        words = words.lstrip(" ") if self.is_fresh else words
        if words:
            self.runs.append(Run(self.length, BODY, at, at + len(html), len(words), is_literal=False))
            self._put(words)
            self.is_fresh = False

    def _add(self, words: str, field: str, begin: int, end: int) -> None:
        self.runs.append(Run(self.length, field, begin, end, len(words), is_literal=len(words) == end - begin))
        self._put(words)

    def _put(self, words: str) -> None:
        self.out.append(words)
        self.length += len(words)

    def _block(self) -> None:
        if not self.is_fresh:
            self._put(_GAP)
        self.is_fresh = True


def end_of_reading(text: str, longest: int) -> int:
    """Where a very long text is left, between two lines or two words: half a figure would be another one."""
    if len(text) <= longest:
        return len(text)
    ends = (text.rfind(sign, longest // 2, longest) for sign in ("\n", ". ", " "))
    return next((end + 1 for end in ends if end >= 0), longest // 2)


def as_html(words: str) -> str:
    """Words of a person for the place of others in the body."""
    return escape(words, quote=False)


def sentence_around(text: str, start: int, end: int, reach: int = 160) -> tuple[str, str]:
    """The words before and after a span, to its sentence's ends where they are near."""
    before = text[max(start - reach, 0) : start].rsplit("\n", 1)[-1]
    after = text[end : end + reach].split("\n", 1)[0]
    opening = max(before.rfind(sign) for sign in (". ", "! ", "? "))
    closing = min((place for sign in (". ", "! ", "? ") if (place := after.find(sign)) >= 0), default=len(after) - 1)
    return before[opening + 2 if opening >= 0 else 0 :].lstrip(), after[: closing + 1]
