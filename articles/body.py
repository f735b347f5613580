"""The text of a story: the HTML that is allowed in it, and what becomes of it on a page, in a feed and as plain text.

The subset is semantic: paragraphs, two levels of heading, emphasis, links, lists, quotations, line breaks, `data` for a
value that stands for a fact, and `figure` for what is more than words (`articles.body_figures`): an extract of a
classification, a picture of the library, a quotation with its source. Everything else is dropped, its words kept. No
Django and no database.
"""

import re
from collections import Counter
from dataclasses import dataclass
from html import escape
from html.parser import HTMLParser

import nh3

from articles.body_figures import IMAGE_TOKEN, REFERENCE, Figure, canonical, figures, replace_figures, values

BLOCKS = frozenset({"p", "h2", "h3", "ul", "ol", "li", "blockquote", "figure", "figcaption"})
TAGS = BLOCKS | {"strong", "em", "a", "br", "data"}
FEED_TAGS = TAGS - {"data"}
ATTRIBUTES = {
    "*": set[str](),  # nh3 adds two of its own
    "a": {"href", "title"},
    "data": {"value", "data-ref"},
    "figure": {"data-extract", "data-image", "data-quote"},
}
# What the attributes of data and figure may hold; any other value is dropped.
_HELD = {
    "value": re.compile(r"[A-Za-z0-9.:+-]{1,40}"),
    "data-ref": REFERENCE,
    "data-extract": REFERENCE,
    "data-image": IMAGE_TOKEN,
    "data-quote": re.compile(""),
}
SCHEMES = {"http", "https", "mailto"}
# Their content is no prose: it goes with the tag.
DROPPED_WITH_CONTENT = {"script", "style", "svg", "math", "template", "noscript", "iframe", "object", "head", "title"}

# Two tags of HTML's older days that editors and scraped pages still use for what we call strong and em.
_OLD_EMPHASIS = re.compile(r"<(/?)(b|i)(?=[\s>/])", re.IGNORECASE)
_HAS_BLOCK = re.compile(r"<(?:p|h2|h3|ul|ol|blockquote|figure)[\s>]", re.IGNORECASE)
_EMPTY_PARAGRAPH = re.compile(r"<p>(?:\s|&nbsp;|<br>)*</p>")
# Blanks between blocks show nowhere. The editor writes none: text that came with some would differ by being opened.
_BETWEEN_BLOCKS = re.compile(
    r"(</(?:p|h2|h3|ul|ol|li|blockquote|figure|figcaption)>|<(?:ul|ol|blockquote)>)[ \t\r\n\f]+(?=</?(?:p|h2|h3|ul|ol|li|blockquote|figure)[\s>])"
)
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_NO_MARKUP = {"href": {ord("<"): "%3C", ord(">"): "%3E"}, "title": {ord("<"): "‹", ord(">"): "›"}}
# Deeper than any text, and shallow enough for every reader of the HTML.
_DEEPEST = 40
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)")
# Elements without content, and those that the next of their kind closes.
_NEVER_STACKED = frozenset(
    {"br", "img", "hr", "input", "meta", "link", "p", "li", "dt", "dd", "tr", "td", "th", "option"}
)


def _attribute(tag: str, attribute: str, value: str) -> str | None:
    """Drop addresses that leave the site while looking relative (`//host`, `\\\\host`), and titles that say nothing."""
    if attribute == "title" and not value.strip():
        return None
    if (tag, attribute) == ("a", "href") and re.match(r"[\s\x00-\x20]*[/\\]{2}|[\s\x00-\x20]*[/\\][\s]*[/\\]", value):
        return None
    if tag == "a":  # a sign of markup in an attribute would look like a tag to whoever reads the text tag by tag
        return value.translate(_NO_MARKUP[attribute]) if attribute in _NO_MARKUP else value
    if attribute in _HELD and not _HELD[attribute].fullmatch(value):
        return None
    return value


_CLEANER = nh3.Cleaner(
    tags=set(TAGS),
    attributes=ATTRIBUTES,
    attribute_filter=_attribute,
    url_schemes=SCHEMES,
    link_rel="noopener noreferrer",
    clean_content_tags=DROPPED_WITH_CONTENT,
)


def _is_too_deep(html: str) -> bool:
    """Whether tags that stay open are stacked higher than any text needs; such a text is taken without its tags."""
    open_tags: Counter[str] = Counter()
    depth = 0
    for match in _ANY_TAG.finditer(html):
        tag = match[2].lower()
        if tag in _NEVER_STACKED or (match[1] and not open_tags[tag]):
            continue
        step = -1 if match[1] else 1
        open_tags[tag] += step
        depth += step
        if depth > _DEEPEST:
            return True
    return False


def _paragraphs(html: str) -> str:
    """Text without any block becomes paragraphs at its empty lines: so types someone whose browser runs no script."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", html.replace("\r\n", "\n")))
    return "".join(f"<p>{part}</p>" for part in parts if part)


def sanitise(html: str) -> str:
    """The allowed subset of any HTML; sanitising the result again changes nothing. Linear in the length of the text."""
    text = html.replace("\x00", "")
    if _is_too_deep(text):
        text = escape(re.sub(r"<[^<>]*>", " ", text), quote=False)
    clean = _once(_OLD_EMPHASIS.sub(_modern, text))
    if not _HAS_BLOCK.search(clean):
        clean = _once(_paragraphs(clean))
    return clean.strip()


def _once(html: str) -> str:
    clean = _CLEANER.clean(html)
    if "<fig" in clean or "<data" in clean:
        # What the figures give up stands elsewhere now, and must be nested rightly there.
        clean = _CLEANER.clean(canonical(clean))
    return _BETWEEN_BLOCKS.sub(r"\1", _EMPTY_PARAGRAPH.sub("", clean))


def _modern(match: re.Match[str]) -> str:
    return f"<{match[1]}{'strong' if match[2].lower() == 'b' else 'em'}"


class _Words(HTMLParser):
    """Collects the words of sanitised HTML, one entry a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[list[str]] = [[]]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.blocks[-1].append("\n")
        elif tag in BLOCKS:
            self.blocks.append([])

    def handle_endtag(self, tag: str) -> None:
        if tag in BLOCKS:
            self.blocks.append([])

    def handle_data(self, data: str) -> None:
        self.blocks[-1].append(_BLANKS.sub(" ", data))


def references(html: str) -> list[str]:
    """The references of all values and extracts in a text, each once, in order (grammar: `articles.facts.reference`)."""
    clean = sanitise(html)
    found = [value.reference for value in values(clean)]
    found += [figure.reference for figure in figures(clean) if figure.kind == "extract"]
    return list(dict.fromkeys(found))


def picture_tokens(html: str) -> list[str]:
    """The tokens of all pictures in a text, each once, in order."""
    return list(dict.fromkeys(figure.reference for figure in figures(sanitise(html)) if figure.kind == "image"))


def to_plain_text(html: str) -> str:
    """The words alone: blocks apart by an empty line, line breaks kept, entities resolved.

    Of an extract or a picture the caption; `articles.body_nodes.plain_text` says what they show.
    """
    words = _Words()
    words.feed(sanitise(html))
    words.close()
    lines = ("".join(block) for block in words.blocks)
    return "\n\n".join(text for line in lines if (text := re.sub(r" *\n *", "\n", line).strip()))


@dataclass(frozen=True, slots=True)
class CleanHtml:
    """HTML that went through `sanitise`; templates print it as it is. Made by `articles.body_nodes` and `render_page`."""

    html: str

    def __str__(self) -> str:
        return self.html

    def __html__(self) -> str:
        return self.html


def render_page(html: str) -> CleanHtml:
    """The text as a page shows it where nothing was kept for its figures: of those the caption alone."""
    return CleanHtml(replace_figures(sanitise(html), caption_alone))


def render_feed(html: str, *, base_url: str) -> str:
    """The text as a feed carries it: absolute links, data values as plain words. The caller escapes it for XML.

    Figures stay as they are, for `replace_figures`.
    """
    return nh3.clean(
        sanitise(html),
        tags=set(FEED_TAGS),
        attributes={"a": {"href"}, "figure": ATTRIBUTES["figure"]},
        url_schemes=SCHEMES,
        link_rel=None,
        url_relative=("rewrite_with_base", base_url.rstrip("/") + "/"),
    )


def caption_alone(figure: Figure) -> str:
    """A quotation whole; of an extract or a picture what somebody wrote below it."""
    if figure.kind == "quote":
        return figure.quotation()
    return f"<p>{escape(figure.caption, quote=False)}</p>" if figure.caption else ""
