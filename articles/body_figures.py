"""The nodes of a text that are more than words: data values, and figures for extracts, pictures and quotations.

Canonical forms, which `articles.body.sanitise` leaves behind and everything here expects:

    <data value="106250" data-ref="lap:wec/2021/bahrain/Q#7">1:46,250</data>
    <figure data-extract="result:wec/2021/bahrain/Q?rows=3"><figcaption>Die ersten drei</figcaption></figure>
    <figure data-image="TOKEN"><figcaption>Caption</figcaption></figure>
    <figure data-quote=""><blockquote><p>Words</p></blockquote><figcaption>Source</figcaption></figure>

No Django and no database. Linear in the length of the text.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape, unescape

# What may stand in `data-ref` and `data-extract`: no sign that HTML, XML or JSON would have to escape.
REFERENCE = re.compile(r"[A-Za-z0-9:/#@;=?,.!~%_+-]{1,400}")
IMAGE_TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")

# A tag of clean HTML: quotes are balanced there, and signs of markup in text are escaped.
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^\">]|\"[^\"]*\")*)>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')
_KINDS = {"data-extract": "extract", "data-image": "image", "data-quote": "quote"}
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_INLINE = frozenset({"strong", "em", "a", "data"})
_WHOLE_FIGURE = re.compile(r"<figure (data-[a-z]+)=\"([^\"]*)\">(.*?)</figure>", re.DOTALL)
_CAPTION = re.compile(r"<figcaption>(.*?)</figcaption>", re.DOTALL)
_VALUE = re.compile(r"<data((?:[^\">]|\"[^\"]*\")*)>([^<]*)</data>")


@dataclass(frozen=True, slots=True)
class DataValue:
    """A value in the text: its reference, what machines read (`106250`) and what stands there (`1:46,250`)."""

    reference: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: `kind` is `extract`, `image` or `quote`; `reference` of the extract, or the token of the picture.

    `caption` is plain text, the source of a quotation; `inner` the clean HTML of a quotation's words.
    """

    kind: str
    reference: str
    caption: str
    inner: str = ""

    def quotation(self) -> str:
        """A quotation as every page and feed shows it."""
        source = escape(self.caption, quote=False)
        return f"<figure><blockquote>{self.inner}</blockquote><figcaption>{source}</figcaption></figure>"


def values(clean: str) -> Iterator[DataValue]:
    """The values of a sanitised text that refer to something, in order."""
    for match in _VALUE.finditer(clean):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        if "data-ref" in attributes:
            yield DataValue(attributes["data-ref"], attributes.get("value", ""), unescape(match[2]))


def figures(clean: str) -> Iterator[Figure]:
    """The figures of a sanitised text, in order."""
    yield from (_figure(match) for match in _WHOLE_FIGURE.finditer(clean))


def replace_figures(clean: str, render: Callable[[Figure], str]) -> str:
    """A sanitised text with every figure replaced by what `render` makes of it, which is HTML and printed as it is."""
    return _WHOLE_FIGURE.sub(lambda match: render(_figure(match)), clean)


def _figure(match: re.Match[str]) -> Figure:
    kind, reference, inner = _KINDS[match[1]], match[2], match[3]
    caption = _CAPTION.search(inner)
    words = unescape(caption[1]) if caption else ""
    if kind != "quote":
        return Figure(kind, reference, words)
    quotation = inner[: caption.start()] if caption else inner
    return Figure(kind, "", words, quotation.removeprefix("<blockquote>").removesuffix("</blockquote>"))


# ------------------------------------------------------------------ making them canonical


@dataclass(slots=True)
class _Open:
    """A figure being read: what it is, what of it is kept, and how deep in it the reading stands."""

    kind: str
    held: str
    depth: int = 1
    in_caption: int = 0
    words: list[str] = field(default_factory=list)
    caption: list[str] = field(default_factory=list)

    def add(self, text: str) -> None:
        (self.caption if self.in_caption or self.kind != "quote" else self.words).append(text)

    def written(self) -> str:
        caption = _BLANKS.sub(" ", "".join(self.caption)).strip()
        if self.kind != "quote":
            name = "data-extract" if self.kind == "extract" else "data-image"
            below = f"<figcaption>{caption}</figcaption>" if caption else ""
            return f'<figure {name}="{self.held}">{below}</figure>'
        inner = "".join(self.words).strip()
        if not re.sub(r"<[^>]*>", "", inner).strip():
            return f"<p>{caption}</p>"
        quotation = f"<blockquote>{inner}</blockquote>"
        if not caption:
            return quotation
        return f'<figure data-quote="">{quotation}<figcaption>{caption}</figcaption></figure>'


class _Writer:
    """Writes clean HTML anew, tag by tag, with values and figures in their canonical form."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.figure: _Open | None = None
        self.data = 0

    def text(self, text: str) -> None:
        if not text:
            return
        if self.figure:
            self.figure.add(text)
        else:
            self.out.append(text)

    def tag(self, match: re.Match[str]) -> None:
        name, closes = match[2], bool(match[1])
        if name == "data":
            self._data(match, closes=closes)
        elif self.data:
            return  # a value holds words and nothing else
        elif self.figure:
            self._inside(match, self.figure, name, closes=closes)
        elif name == "figure":
            self._open(match, closes=closes)
        elif name == "figcaption":
            self.out.append("</p>" if closes else "<p>")
        else:
            self.out.append(match[0])

    def _data(self, match: re.Match[str], *, closes: bool) -> None:
        self.data += -1 if closes else 1
        keeps = not self.figure or (self.figure.kind == "quote" and not self.figure.in_caption)
        if keeps and self.data == (0 if closes else 1):
            self.text(match[0])

    def _open(self, match: re.Match[str], *, closes: bool) -> None:
        attributes = dict(_ATTRIBUTE.findall(match[3]))
        known = next((name for name in _KINDS if name in attributes), None)
        if known and not closes:
            self.figure = _Open(_KINDS[known], attributes[known])

    def _inside(self, match: re.Match[str], figure: _Open, name: str, *, closes: bool) -> None:
        step = -1 if closes else 1
        if name == "figure":
            figure.depth += step
            if not figure.depth:
                self.out.append(figure.written())
                self.figure = None
        elif name == "figcaption":
            figure.in_caption += step
        elif figure.in_caption or figure.kind != "quote":
            figure.add("" if name in _INLINE else " ")
        elif name != "blockquote":
            figure.add(match[0])


def canonical(clean: str) -> str:
    """Clean HTML with every value and figure in its canonical form; figures that say nothing we know give up their tag."""
    writer, end = _Writer(), 0
    for match in _TAG.finditer(clean):
        writer.text(clean[end : match.start()])
        writer.tag(match)
        end = match.end()
    writer.text(clean[end:])
    return "".join(writer.out)
