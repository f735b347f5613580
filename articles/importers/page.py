"""An HTML page as lines: every piece of text once, in reading order, with what the page's own markup says of it.

Which part of a page is the story is trafilatura's to say; what stands before and behind it is furniture. Nothing is
fetched, and no script or style ever becomes text.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterable
from html import escape
from urllib.parse import urljoin, urlsplit

import lxml.etree
import lxml.html
import nh3
import trafilatura
from lxml.html import HtmlElement

from articles.importers import pictures
from articles.importers.records import ArticleRefused, Label
from articles.importers.source import HTML, Source, Written

logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # a page without a story is no event of ours
logging.getLogger("htmldate").setLevel(logging.CRITICAL)

LIMIT = 5_000_000  # characters; pages of 2 MB exist, nearly all of it script
DEEPEST = 200
MOST_ELEMENTS = 60_000
MOST_LINES = 1_500
LONGEST_HREF = 1_000

# Their content is no text of the page.
_SKIPPED = {
    "script", "style", "noscript", "template", "svg", "math", "iframe", "canvas", "audio", "video", "select", "textarea",
    "head", "title",
}  # fmt: skip
_LINES = frozenset(
    {"p", "div", "section", "article", "main", "header", "footer", "nav", "aside", "h1", "h2", "h3", "h4", "h5", "h6",
     "ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tr", "caption", "figure", "figcaption",
     "blockquote", "pre", "button", "address", "details", "summary", "hr", "body", "html"}
)  # fmt: skip
_INLINE = frozenset(
    {
        "a",
        "b",
        "strong",
        "i",
        "em",
        "span",
        "small",
        "time",
        "br",
        "img",
        "td",
        "th",
        "cite",
        "q",
        "sub",
        "sup",
        "mark",
        "u",
        "abbr",
    }
)
_PARAGRAPHS = frozenset({"p", "blockquote", "dd"})
_CLOSE_BY = frozenset({"li", "tr", "dt", "dd", "figcaption"})  # no empty line before these
_EMPHASIS = {"b": "strong", "strong": "strong", "i": "em", "em": "em"}
_FURNITURE_TAGS = frozenset({"nav", "footer", "aside", "button"})
_ROLES = frozenset({"navigation", "banner", "contentinfo", "search", "complementary", "dialog", "menu", "toolbar"})
_ATTRIBUTES = ("class", "id", "role", "itemprop", "data-testid")
_CLEANER = nh3.Cleaner(
    tags=set(_LINES | _INLINE) - {"html", "body"},
    clean_content_tags=_SKIPPED,
    attributes={"*": {*_ATTRIBUTES, "hidden", "aria-hidden"}, "a": {"href"}, "img": {"alt"}},
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
)
_WORD = re.compile(r"[a-zäöü]+|[A-ZÄÖÜ][a-zäöü]+")
_COOKIE_WORDS = frozenset(
    {"cookie", "cookies", "consent", "gdpr", "dsgvo", "cmp", "onetrust", "usercentrics", "cookiebot", "borlabs"}
)
_FURNITURE_WORDS = frozenset(
    {"share", "sharing", "social", "newsletter", "related", "recommended", "recommendations", "comments", "breadcrumb",
     "breadcrumbs", "advert", "advertisement", "anzeige", "werbung", "ad", "ads", "sidebar", "navigation", "nav", "menu",
     "navbar", "promo", "paywall", "sponsor", "sponsors", "pagination", "toolbar", "outbrain", "taboola", "footer"}
)  # fmt: skip
_STANDFIRST_WORDS = frozenset(
    {"standfirst", "teaser", "lead", "vorspann", "intro", "subline", "subtitle", "excerpt", "abstract", "dek", "lede"}
)
_KICKER_WORDS = frozenset({"kicker", "dachzeile", "overline", "roofline", "topline", "eyebrow", "spitzmarke"})
_AUTHOR_WORDS = frozenset({"author", "authors", "byline", "autor", "autoren"})
_CAPTION_WORDS = frozenset({"caption", "bildunterschrift", "bu", "bildtext"})
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_NEVER_STACKED = frozenset(
    {"br", "img", "hr", "input", "meta", "link", "p", "li", "dt", "dd", "tr", "td", "th", "option", "source", "path",
     "area", "base", "col", "embed", "param", "track", "wbr"}
)  # fmt: skip
_XML_HEAD = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_MUCH = 200  # characters that both sides must have before trafilatura's word counts
_ALT_WORDS = 3
_LONGEST_BYLINE = 140
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})

_TOO_DEEP = f"Die Seite ist tiefer als {DEEPEST} Ebenen verschachtelt. Solche Seiten werden nicht gelesen."


def read_page(html: str, *, encoding: str = "utf-8") -> Source:
    """The lines of a page. Raises ArticleRefused with a German sentence."""
    if len(html) > LIMIT:
        raise ArticleRefused(f"Die Seite ist zu groß. Erlaubt sind {LIMIT // 1_000_000} Millionen Zeichen.")
    if is_too_deep(html):
        raise ArticleRefused(_TOO_DEEP)
    whole = _parsed(html)
    address = _address(whole)
    walk = _Walk(_body(html), address)
    walk.read()
    if len(walk.lines) > MOST_LINES:
        raise ArticleRefused(f"Die Seite hat mehr als {MOST_LINES} Zeilen Text. Das ist kein einzelner Artikel.")
    story = _Head(whole)
    _keep_to_story(walk.lines, _main_text(html), title=walk.title)
    _know_standfirst(walk.lines, story.description)
    if walk.title is None and story.title:
        walk.lines.insert(0, Written(story.title, escape(story.title, quote=False), Label.TITLE))
    return as_source(
        walk.lines, encoding=encoding, format_=HTML, date=story.date, authors=story.authors, address=address
    )


def read_document(html: str, *, format_: str) -> Source:
    """The lines of a document that is all story: no menus to leave out, the first heading its title."""
    if is_too_deep(html):
        raise ArticleRefused(_TOO_DEEP)
    if not html.strip():
        raise ArticleRefused("Das Dokument enthält keinen Text.")
    walk = _Walk(_body(html), "")
    walk.read()
    return as_source(walk.lines, encoding="utf-8", format_=format_)


def is_too_deep(html: str) -> bool:
    """Whether elements that stay open are stacked higher than on any honest page; linear, before anything is parsed."""
    open_tags: Counter[str] = Counter()
    depth = 0
    for match in _ANY_TAG.finditer(html):
        tag = match[2].lower()
        if tag in _NEVER_STACKED or (match[1] and not open_tags[tag]):
            continue
        step = -1 if match[1] else 1
        open_tags[tag] += step
        depth += step
        if depth > DEEPEST:
            return True
    return False


def as_source(
    lines: Iterable[Written],
    *,
    encoding: str,
    format_: str,
    date: str | None = None,
    authors: tuple[str, ...] = (),
    address: str = "",
) -> Source:
    """Numbered lines, with empty ones between blocks as in a text."""
    printed: list[str] = []
    hints: dict[int, Label] = {}
    markup: dict[str, str] = {}
    paragraphs: set[int] = set()
    breaks: set[int] = set()
    for line in lines:
        if line.gap and printed:
            printed.append("")
        printed.append(line.text)
        if line.label:
            hints[len(printed)] = line.label
        if line.is_paragraph:
            paragraphs.add(len(printed))
        if line.is_broken:
            breaks.add(len(printed))
        if line.html != escape(line.text, quote=False):
            markup[line.text] = line.html
    return Source(
        "\n".join(printed),
        encoding,
        format_,
        hints,
        frozenset(paragraphs),
        frozenset(breaks),
        markup,
        date,
        authors,
        address,
    )


def _body(html: str) -> HtmlElement:
    """The tree of what a browser would show. An unclosed form or object does not swallow the rest: its words stay."""
    return _parsed(f"<html><body>{_CLEANER.clean(_XML_HEAD.sub('', html))}</body></html>")


def _parsed(html: str) -> HtmlElement:
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=False)
    try:
        root = lxml.html.document_fromstring(_XML_HEAD.sub("", html), parser=parser)
    except (lxml.etree.LxmlError, ValueError) as error:
        raise ArticleRefused("In der HTML-Seite steht kein lesbarer Text.") from error
    if sum(1 for _ in zip(range(MOST_ELEMENTS + 1), root.iter(), strict=False)) > MOST_ELEMENTS:
        raise ArticleRefused(f"Die Seite hat mehr als {MOST_ELEMENTS} Elemente. Das ist kein einzelner Artikel.")
    return root


def _address(root: HtmlElement) -> str:
    """Where the page says it lives; a base for its links and the name by which its next version is known."""
    for path in ("//link[@rel='canonical']/@href", "//meta[@property='og:url']/@content"):
        for found in root.xpath(path)[:1]:
            address = str(found).strip()
            if urlsplit_or_none(address) and len(address) <= LONGEST_HREF:
                return address
    return ""


def urlsplit_or_none(address: str) -> str | None:
    """The host of a plain web address, None for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return parts.hostname if parts.scheme in {"http", "https"} else None


class _Head:
    """What the page says of itself where nobody reads it."""

    def __init__(self, root: HtmlElement) -> None:
        found = trafilatura.extract_metadata(root, extensive=False)
        self.title = _tidy(found.title or "") if found else ""
        self.date = found.date if found and re.fullmatch(r"\d{4}-\d\d-\d\d", found.date or "") else None
        self.description = _tidy(found.description or "") if found else ""
        names = (found.author or "") if found else ""
        self.authors = tuple(name for part in names.split(";") if (name := _tidy(part)))


class _Walk:
    """Goes once through the tree, without recursion, and writes down lines."""

    def __init__(self, root: HtmlElement, address: str) -> None:
        self.root, self.address = root, address
        self.lines: list[Written] = []
        self.title: Written | None = None
        self._heading = _heading(root)
        self._words: list[str] = []
        self._html: list[str] = []
        self._label: Label | None = None
        self._gap = True
        self._broken = False
        self._in_paragraph = False

    def read(self) -> None:
        # (element, label inherited, entering); a leaving entry closes what entering opened
        waiting: list[tuple[HtmlElement, Label | None, bool]] = [(self.root, None, True)]
        while waiting:
            element, label, entering = waiting.pop()
            if entering:
                inner = self._enter(element, label)
                waiting.append((element, label, False))
                waiting += [(child, inner, True) for child in reversed(element)]
            else:
                self._leave(element, label)
        self._flush()

    def _enter(self, element: HtmlElement, label: Label | None) -> Label | None:
        tag = str(element.tag)
        if tag in _LINES:
            self._flush()
            self._broken = False
            self._gap = tag not in _CLOSE_BY
            self._in_paragraph = tag in _PARAGRAPHS
        elif tag in {"td", "th"}:
            self._say(" ")
        inner = self._label_of(element, tag, label)
        self._label = inner
        self._open(element, tag)
        self._say(element.text)
        return inner

    def _leave(self, element: HtmlElement, label: Label | None) -> None:
        tag = str(element.tag)
        if tag in _EMPHASIS:
            self._html.append(f"</{_EMPHASIS[tag]}>")
        elif tag == "a" and self._href(element):
            self._html.append("</a>")
        elif tag in _LINES:
            self._flush()
        self._label = label
        self._say(element.tail)

    def _open(self, element: HtmlElement, tag: str) -> None:
        if tag == "br":
            self._flush()
            self._gap = False
            self._broken = bool(self.lines)
        elif tag == "img":
            self._picture(element)
        elif tag in _EMPHASIS:
            self._html.append(f"<{_EMPHASIS[tag]}>")
        elif tag == "a" and (href := self._href(element)):
            self._html.append(f'<a href="{escape(href)}">')

    def _href(self, element: HtmlElement) -> str:
        """Where a link leads, absolute; links that lead nowhere a reader could go are words only."""
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#") or len(href) > LONGEST_HREF:
            return ""
        try:
            href = urljoin(self.address, href)
        except ValueError:
            return ""
        return href if urlsplit_or_none(href) else ""

    def _picture(self, element: HtmlElement) -> None:
        alt = _tidy(element.get("alt") or "")
        if len(alt.split()) < _ALT_WORDS or len(alt) > pictures.LONGEST_CAPTION:
            return
        label = self._label or Label.ALT
        self._flush()
        self.lines.append(Written(alt, escape(alt, quote=False), label))
        self._gap = False

    def _say(self, text: str | None) -> None:
        if text:
            self._words.append(text)
            self._html.append(escape(text, quote=False))

    def _flush(self) -> None:
        text = _tidy("".join(self._words))
        if text:
            line = Written(
                text,
                _tidy(_closed("".join(self._html))),
                self._label_for(text),
                self._in_paragraph,
                self._gap,
                self._broken and not self._gap,
            )
            self.lines.append(line)
            if line.label is Label.TITLE:
                self.title = line
            self._gap = True
            self._broken = False
            self._html = []
        else:  # what was opened may close in the next line; sanitising sorts that out
            self._html = [piece for piece in self._html if piece.startswith("<")]
        self._words = []

    def _label_for(self, text: str) -> Label | None:
        if self._label is Label.CAPTION and pictures.read_credit(text):
            return Label.CREDIT
        if self._label is Label.TITLE and self.title is not None:
            return Label.SUBHEAD
        return self._label

    def _label_of(self, element: HtmlElement, tag: str, inherited: Label | None) -> Label | None:
        if inherited in {Label.FURNITURE, Label.COOKIE, Label.TITLE, Label.CAPTION}:
            return inherited
        if tag == "button" and next(element.iter("p"), None) is not None:
            return inherited  # one that was never closed
        said = frozenset(_said(element))
        if said & _COOKIE_WORDS and tag != "body":
            return Label.COOKIE
        if self._is_furniture(element, tag, said):
            return Label.FURNITURE
        return self._part_of_story(element, tag, said) or inherited

    def _is_furniture(self, element: HtmlElement, tag: str, said: frozenset[str]) -> bool:
        named = said & _FURNITURE_WORDS and tag not in {"body", "article", "main", "h1"} and not _holds_story(element)
        hidden = "hidden" in element.attrib or element.get("aria-hidden") == "true"
        known = tag in _FURNITURE_TAGS or element.get("role") in _ROLES
        return bool(named or hidden or known or self._is_page_head(element, tag))

    def _is_page_head(self, element: HtmlElement, tag: str) -> bool:
        if tag != "header" or self._heading is None:
            return False
        within = any(parent.tag in {"article", "main"} for parent in element.iterancestors())
        return not within and element not in set(self._heading.iterancestors())

    def _part_of_story(self, element: HtmlElement, tag: str, said: frozenset[str]) -> Label | None:
        if element is self._heading:
            return Label.TITLE
        if tag == "figcaption" or (said & _CAPTION_WORDS and tag in {"p", "div", "span", "small"}):
            return Label.CAPTION
        named = _named_part(element, tag, said)
        if named or tag not in _HEADINGS:
            return named or (Label.LIST_ITEM if tag == "li" else None)
        return Label.SUBHEAD


def _named_part(element: HtmlElement, tag: str, said: frozenset[str]) -> Label | None:
    """Kicker, standfirst and byline by what their classes say, on the element that holds their words."""
    small = (tag in _HEADINGS or tag in {"p", "span", "strong"}) or (tag == "div" and len(element) == 0)
    if small and said & _KICKER_WORDS:
        return Label.KICKER
    if small and said & _STANDFIRST_WORDS and not _holds_story(element):
        return Label.STANDFIRST
    short = said & _AUTHOR_WORDS and len(_words_of(element)) < _LONGEST_BYLINE
    return Label.BYLINE if short and tag in {"a", "span", "p", "div", "address"} else None


def _heading(root: HtmlElement) -> HtmlElement | None:
    """The story's headline: the first h1 of the article, else of the main part, else of the page; else an h2 of the article."""
    for path in ("//article//h1", "//main//h1", "//h1", "//article//h2[1]"):
        elements: list[HtmlElement] = root.xpath(path)
        for element in elements:
            if _words_of(element):
                return element
    return None


def _said(element: HtmlElement) -> Iterable[str]:
    """The words of which class names and the like are made: `article__teaser-text` says article, teaser, text."""
    for name in _ATTRIBUTES:
        value = element.get(name)
        if value:
            yield from (word.casefold() for word in _WORD.findall(value[:300]))


def _holds_story(element: HtmlElement) -> bool:
    """A wrapper called `sidebar-layout` or `lead` that holds the whole story is neither."""
    return sum(1 for _ in zip(range(4), element.iter("p"), strict=False)) > 2  # noqa: PLR2004


def _words_of(element: HtmlElement) -> str:
    return _tidy(" ".join(element.itertext()))


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _closed(html: str) -> str:
    """Inline elements that begin and end in this line; of others the words."""
    opened: list[str] = []
    for match in re.finditer(r"<(/?)(strong|em|a)\b", html):
        if not match[1]:
            opened.append(match[2])
        elif opened and opened[-1] == match[2]:
            opened.pop()
        else:
            return re.sub(r"</?(?:strong|em|a)\b[^>]*>", "", html)
    return html if not opened else re.sub(r"</?(?:strong|em|a)\b[^>]*>", "", html)


def _main_text(html: str) -> str:
    """The words of the story as trafilatura finds it, line by line; empty where it finds none."""
    found = trafilatura.extract(
        _XML_HEAD.sub("", html), fast=True, include_comments=False, include_tables=True, favor_recall=True, output_format="txt"
    )  # fmt: skip
    return found or ""


def _keep_to_story(lines: list[Written], main: str, *, title: Written | None) -> None:
    """What lies outside the story is furniture. Where the story is not found everything stays to be judged."""
    told = [_tidy(line.lstrip("-–•# ")) for line in main.splitlines()]
    whole = {line for line in told if line}
    if sum(map(len, whole)) < _MUCH:
        return
    places = [number for number, line in enumerate(lines) if line.text in whole and len(line.text) > len("Weiterlesen")]
    if not places:
        return
    first = min(lines.index(title), places[0]) if title in lines else places[0]
    for number, line in enumerate(lines):
        if number < first or number > places[-1]:
            near = line.label in {Label.KICKER, Label.BYLINE, Label.DATE} and first - 4 <= number < first
            picture = line.label in {Label.CAPTION, Label.CREDIT} and number <= places[-1] + 2
            if not near and not picture and line.label is not Label.COOKIE:
                line.label = Label.FURNITURE


def _know_standfirst(lines: list[Written], description: str) -> None:
    """One standfirst: the first the page calls so behind its title, else the line its description repeats."""
    named = [line for line in lines if line.label is Label.STANDFIRST]
    for line in named[1:]:
        line.label = None
    if named or not description:
        return
    for line in lines:
        if line.label in {None, Label.SUBHEAD} and line.text == description:
            line.label = Label.STANDFIRST
            return
