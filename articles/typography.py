"""Typographic signs for typed ones: quotation marks, dashes, no-break spaces; German rules, and English ones.

Every rule turns a typed sign into a printed one and none turns one back, so applying them until nothing changes ends,
and applying them again changes nothing. Addresses, code and data values are left as they are. No Django and no database.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import unescape

from results.notation import Language

NBSP = "\u00a0"
# Each stands for something inside a block that is no text: a tag that opens, one that closes, a value or an address
# (for the rules a number), a line break (for the rules a blank).
_OPENS, _CLOSES, _ATOM, _BREAK = "\ue000", "\ue001", "\ue002", "\ue003"
_MARKS = frozenset({_OPENS, _CLOSES, _ATOM, _BREAK})
_SHOWN_AROUND = 18

_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)((?:[^\">]|\"[^\"]*\")*)>")
_INLINE = frozenset({"strong", "em", "a", "b", "i"})
_LEFT_ALONE = frozenset({"data", "code", "pre", "kbd", "samp"})
# Addresses of the web, of mail, and names of files.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>\"„“”]+|\b[\w.+-]{1,64}@[\w-]{1,63}\.[\w.-]+|"
    r"\b[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[a-z]{2,6}/[^\s<>\"„“”]*"
)


@dataclass(frozen=True, slots=True)
class Change:
    """One sign changed, with the words around it."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Typeset:
    """A text with its signs set; `changes` in the order in which they were made, empty where it was right already."""

    text: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class _Rule:
    pattern: re.Pattern[str]
    replacement: str | Callable[[re.Match[str]], str]


def typeset(text: str, language: Language = "de") -> Typeset:
    """A plain text such as a title."""
    changes: list[Change] = []
    return Typeset(_with_addresses(text, language, changes), tuple(changes))


def typeset_html(html: str, language: Language = "de") -> Typeset:
    """Sanitised HTML; a quotation may span tags inside its block."""
    blocks, changes = _Blocks(language), list[Change]()
    for piece in _pieces(html):
        blocks.add(piece, changes)
    blocks.end(changes)
    return Typeset("".join(blocks.out), tuple(changes))


# ------------------------------------------------------------------ rules

_BLANK = rf"\s{_BREAK}"
# A quotation begins behind these and ends before anything that is no letter.
_BEGINS = rf"(?:(?<=[{_BLANK}(\[{{/„‚“‘«»‹›–—{_OPENS}])|(?<![\s\S]))"
_ENDS = r"(?![\w])"
_NUMBER = rf"[\d{_ATOM}]"
_UNITS = (
    "km/h|km|cm|mm|m|kg|g|t|l|kW|PS|Nm|ccm|min|Min\\.|s|Sek\\.|h|Std\\.|Sekunden?|Minuten?|Stunden?|Runden?|Rd\\.|"
    "Meter|Metern|Kilometer|Kilometern|Punkten?|Punkt|Zählern?|Uhr|Prozent|Grad|°C|%|€|Euro"
)
_MONTHS = "Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember|Jan\\.|Feb\\.|Okt\\.|Nov\\.|Dez\\."
_PAIRS = ("z B", "d h", "u a", "i d R", "o Ä", "v l n r", "z T", "s o", "s u", "u U", "e V", "i A", "a D")


def _quotes(typed: str, opening: str, closing: str) -> _Rule:
    pattern = re.compile(rf"{_BEGINS}{typed}(?=[^{_BLANK}{typed}])([^{typed}]*?)(?<=[^{_BLANK}]){typed}{_ENDS}")
    return _Rule(pattern, lambda match: f"{opening}{match[1]}{closing}")


def _short_form(letters: str) -> _Rule:
    """`z.B.` and `z. B.` with a no-break space between."""
    parts = [re.escape(letter) + r"\." for letter in letters.split()]
    pattern = re.compile(r"(?<!\w)" + "(?:[ ]|)".join(parts))
    whole = f".{NBSP}".join(letters.split()) + "."
    return _Rule(pattern, whole)


_EVERYWHERE = (
    _Rule(re.compile(r"(?<!\.)\.\.\.(?!\.)"), "…"),
    # `12-14`, and neither a date (`2021-11-06`) nor a name (`GT3-911`).
    _Rule(re.compile(r"(?<![\w.,:/-])(\d[\d.,:]{0,12})-(?=\d[\d.,:]{0,12}(?![\w/-]))"), lambda match: f"{match[1]}–"),
    # A dash between words; at the start of a line it may be a list.
    _Rule(re.compile(rf"(?<=[^{_BLANK}])([ {NBSP}])--?(?=[ {NBSP}][^{_BLANK}])"), lambda match: f"{match[1]}–"),
    _Rule(re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])"), "’"),
)
_GERMAN = (
    _quotes('"', "„", "“"),
    _quotes("'", "‚", "‘"),
    # English marks around a German quotation.
    _Rule(re.compile(rf"{_BEGINS}“(?=[\w…{_OPENS}])([^“”„]*)”"), lambda match: f"„{match[1]}“"),
    _Rule(re.compile(r"„([^“”„]*)”"), lambda match: f"„{match[1]}“"),
    *map(_short_form, _PAIRS),
    _Rule(
        re.compile(r"(?<!\w)(Dr|Prof|Nr|St|Hr|Fr|Art|Abs|Bd|Kap|ca|vgl|bzw)\. (?=\w)"),
        lambda match: f"{match[1]}.{NBSP}",
    ),
    _Rule(re.compile(rf"({_NUMBER}) (?=(?:{_UNITS})(?![\w]))"), lambda match: f"{match[1]}{NBSP}"),
    _Rule(re.compile(rf"(?<!\w)(\d{{1,2}}\.) (?=(?:{_MONTHS})(?!\w))"), lambda match: f"{match[1]}{NBSP}"),
)
_ENGLISH = (
    _quotes('"', "“", "”"),
    _quotes("'", "‘", "’"),
    # German marks around an English quotation.
    _Rule(re.compile(r"„([^“”„\"]*)[“”]"), lambda match: f"“{match[1]}”"),
    _Rule(re.compile(r"(?<!\w)(Dr|Prof|Mr|Mrs|Ms|No|St)\. (?=\w)"), lambda match: f"{match[1]}.{NBSP}"),
    _Rule(
        re.compile(rf"({_NUMBER}) (?=(?:km/h|mph|km|cm|mm|m|kg|hp|kW|Nm|s|h|min|seconds?|minutes?|%|€)(?!\w))"),
        lambda match: f"{match[1]}{NBSP}",
    ),
)
_RULES = {"de": (*_EVERYWHERE, *_GERMAN), "en": (*_EVERYWHERE, *_ENGLISH)}


def _set(block: str, language: Language, changes: list[Change]) -> str:
    """All rules on a block, again and again until nothing changes."""
    before = None
    while block != before:
        before = block
        for rule in _RULES[language]:
            block = _apply(rule, block, changes)
    return block


def _apply(rule: _Rule, block: str, changes: list[Change]) -> str:
    out, end = [], 0
    for match in rule.pattern.finditer(block):
        new = match.expand(rule.replacement) if isinstance(rule.replacement, str) else rule.replacement(match)
        out += [block[end : match.start()], new]
        end = match.end()
        if new != match[0]:
            left = block[max(match.start() - _SHOWN_AROUND, 0) : match.start()]
            right = block[match.end() : match.end() + _SHOWN_AROUND]
            changes.append(Change(_words(left + match[0] + right), _words(left + new + right)))
    return "".join([*out, block[end:]])


def _words(text: str) -> str:
    """The text without what stands for tags; a value or an address shows as an ellipsis in brackets."""
    return text.replace(_ATOM, "[…]").replace(_BREAK, " ").replace(_OPENS, "").replace(_CLOSES, "")


# ------------------------------------------------------------------ texts and blocks


def _with_addresses(text: str, language: Language, changes: list[Change]) -> str:
    """A text with its addresses taken out before and put back after."""
    if _MARKS & set(text):
        return text  # signs without a meaning that stand for something here
    held = _ADDRESS.findall(text)
    return _put_back(_set(_ADDRESS.sub(_ATOM, text), language, changes), [(_ATOM, one) for one in held])


def _put_back(block: str, held: list[tuple[str, str]]) -> str:
    waiting = iter(held)
    return re.sub(f"[{_OPENS}{_CLOSES}{_ATOM}{_BREAK}]", lambda _mark: next(waiting)[1], block)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A tag of HTML with its name, or a text with none."""

    html: str
    name: str = ""
    closes: bool = False


def _pieces(html: str) -> Iterator[_Piece]:
    end = 0
    for match in _TAG.finditer(html):
        if match.start() > end:
            yield _Piece(html[end : match.start()])
        yield _Piece(match[0], match[2], bool(match[1]))
        end = match.end()
    if end < len(html):
        yield _Piece(html[end:])


@dataclass(slots=True)
class _Blocks:
    """Gathers a block as one line of text with marks for its tags, sets it, and writes it as HTML again."""

    language: Language
    out: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    held: list[tuple[str, str]] = field(default_factory=list)
    raw: list[str] = field(default_factory=list)  # the block as it came
    alone: str = ""
    alone_html: list[str] = field(default_factory=list)

    def add(self, piece: _Piece, changes: list[Change]) -> None:
        if self.alone:
            self.alone_html.append(piece.html)
            if piece.name == self.alone and piece.closes:
                self._hold(_ATOM, "".join(self.alone_html))
                self.alone, self.alone_html = "", []
        elif piece.name in _LEFT_ALONE and not piece.closes:
            self.alone, self.alone_html = piece.name, [piece.html]
        elif piece.name in _INLINE:
            self._hold(_CLOSES if piece.closes else _OPENS, piece.html)
        elif piece.name == "br":
            self._hold(_BREAK, piece.html)
        elif piece.name:
            self.end(changes)
            self.out.append(piece.html)
        else:
            self._text(unescape(piece.html))

    def _hold(self, mark: str, html: str) -> None:
        self.line.append(mark)
        self.held.append((mark, html))
        self.raw.append(html)

    def _text(self, text: str) -> None:
        end = 0
        for match in _ADDRESS.finditer(text):
            self._words(text[end : match.start()])
            self._hold(_ATOM, _escape(match[0]))
            end = match.end()
        self._words(text[end:])

    def _words(self, text: str) -> None:
        self.line.append(text)
        self.raw.append(_escape(text))

    def end(self, changes: list[Change]) -> None:
        """The block is over, or the text is."""
        if self.alone:
            self._hold(_ATOM, "".join(self.alone_html))
            self.alone, self.alone_html = "", []
        block = "".join(self.line)
        if sum(block.count(mark) for mark in _MARKS) == len(self.held):
            block = _set(block, self.language, changes)
            self.out.append(_put_back(_escape(block), self.held))
        else:  # the text itself has a sign that stands for a tag here
            self.out += self.raw
        self.line, self.held, self.raw = [], [], []


def _escape(text: str) -> str:
    """As the sanitiser writes text."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace(NBSP, "&nbsp;")
