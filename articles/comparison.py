"""Two memories of an article side by side, for reading: texts word by word, boxes and relations one by one."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from typing import Any

from django.utils.translation import gettext as _
from lxml.html import fragments_fromstring

from articles.body import sanitise, to_plain_text
from articles.body_figures import Figure, replace_figures
from articles.content import Content, same
from articles.facts.current import kind_words
from articles.facts.reference import EXTRACT, TABLE, Reference
from articles.models import Article, SidebarItem

# Beyond this many words two texts are shown whole: comparing them word by word takes the square of their length.
MOST_WORDS = 6_000
# Parts that are lists of things.
LISTS = frozenset({"bylines", "sidebar", "tags", "further_events"})
SIGNS = {"h2": "## ", "h3": "### "}
EMPHASIS = {"strong": "**", "b": "**", "em": "_", "i": "_"}
# In the order of the form.
PARTS = (
    "kicker",
    "title",
    "standfirst",
    "body",
    "bylines",
    "sidebar",
    "lead_image",
    "lead_event",
    "further_events",
    "tags",
    "kind",
    "language",
    "dateline",
    "agency",
    "slug",
    "notes",
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in both texts (`same`), only in the old one (`gone`) or only in the new one (`new`)."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One box, author, topic or event of a list: `same`, `new`, `gone`, `moved` from place `was`, or `changed`."""

    kind: str
    pieces: list[Piece]
    was: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """A part of the article that differs: `pieces` of a text in reading order, or the `items` of a list in its new order."""

    label: str
    pieces: list[Piece]
    items: list[Item] = field(default_factory=list)


def compare(old: Content, new: Content) -> list[Change]:
    """The parts of an article that differ between two revisions; an empty `old` shows all."""
    return [
        _change(part, old.get(part), new.get(part))
        for part in PARTS
        if not same({part: old.get(part)}, {part: new.get(part)}) and (old or words(part, new.get(part)))
    ]


def _change(part: str, old: Any, new: Any) -> Change:
    if part in LISTS:
        return Change(label(part), [], _items(part, old or [], new or []))
    if part == "body":
        return Change(label(part), pieces(readable(old or ""), readable(new or "")))
    return Change(label(part), pieces(words(part, old), words(part, new)))


def _items(part: str, old: list[Content], new: list[Content]) -> list[Item]:
    """The new list in its order, each item with what became of it, and then what is gone.

    Equal items are the same one wherever they stand; of the others, two of one kind about one thing are one that changed.
    An item counts as moved where its neighbours among those that stayed are others than before.
    """
    tell = _box if part == "sidebar" else lambda thing: str(thing["name"])
    origin = _pairs(old, new, lambda a, b: same({"x": a}, {"x": b}), {})
    origin = _pairs(old, new, lambda a, b: part == "sidebar" and _is_one_box(a, b), origin)
    stayed = _longest_run([origin[place] for place in sorted(origin)])
    items = []
    for place, thing in enumerate(new):
        was = origin.get(place)
        if was is None:
            items.append(Item("new", [Piece("new", tell(thing))]))
            continue
        is_equal = same({"x": old[was]}, {"x": thing})
        kind = ("same" if was in stayed else "moved") if is_equal else "changed"
        told = [Piece("same", tell(thing))] if is_equal else pieces(tell(old[was]), tell(thing))
        items.append(Item(kind, told, was + 1 if kind != "same" and was not in stayed else 0))
    kept = set(origin.values())
    return items + [Item("gone", [Piece("gone", tell(thing))]) for place, thing in enumerate(old) if place not in kept]


def _pairs(
    old: list[Content], new: list[Content], is_one: Callable[[Content, Content], bool], known: dict[int, int]
) -> dict[int, int]:
    """From places in the new list to places in the old one, those known before kept."""
    found, taken = dict(known), set(known.values())
    for place, thing in enumerate(new):
        if place in found:
            continue
        match = next((i for i, other in enumerate(old) if i not in taken and is_one(other, thing)), None)
        if match is not None:
            found[place] = match
            taken.add(match)
    return found


def _longest_run(places: list[int]) -> set[int]:
    """The longest part of the places that kept its order: whatever is outside of it was moved."""
    runs: list[list[int]] = [[]]
    for place in places:
        before: list[int] = max((run for run in runs if not run or run[-1] < place), key=len)
        runs.append([*before, place])
    longest: list[int] = max(runs, key=len)
    return set(longest)


def _is_one_box(old: Content, new: Content) -> bool:
    """Whether two boxes are about one thing; of those about none, whether heading or text stayed."""
    if _about(old) != _about(new):
        return False
    return any(_about(new)[1:]) or any(old[name] and old[name] == new[name] for name in ("heading", "text"))


def _about(box: Content) -> tuple[Any, ...]:
    return (
        box["kind"],
        *((box.get(name) or {}).get("id") for name in ("session", "event", "series", "season")),
        box.get("table", ""),
    )


def readable(body: str) -> str:
    """The text with a sign for what is not words: headings, lists, quotations, emphasis, where links and nodes lead.

    So a changed link or a line that became a heading is a difference too. One line for each block.
    """
    if not body.strip():
        return ""
    lines: list[str] = []
    for block in fragments_fromstring(body):
        if isinstance(block, str):
            lines.append(block.strip())
            continue
        lines += _lines(block)
    return "\n".join(line for line in lines if line)


def _lines(block: Any) -> list[str]:
    if block.tag in {"ul", "ol"}:
        return [f"– {_inline(item).strip()}" for item in block.iter("li")]
    if block.tag == "blockquote":
        return [f"> {line}" for line in _inline(block).strip().split("\n")]
    return [f"{SIGNS.get(block.tag, '')}{_inline(block).strip()}"]


def _inline(node: Any) -> str:
    """The words of a node with its signs; `[…]` holds where a link leads and what a node refers to."""
    sign = EMPHASIS.get(node.tag, "")
    inner = (node.text or "") + "".join(_inline(child) + (child.tail or "") for child in node)
    named = [(name, value) for name, value in node.attrib.items() if name == "href" or name.startswith("data-")]
    refers = [_reference(name, value) for name, value in named if value]
    brk = "\n" if node.tag in {"br", "p"} else ""
    return f"{sign}{inner}{sign}{brk}" + (f" [{' '.join(refers)}]" if refers else "")


def _reference(name: str, value: str) -> str:
    """Where a link leads as it stands; what a value or an extract refers to in words, with all that tells it apart."""
    if name == "data-image":
        return f"{_('picture')} {value[:6]}"
    found = Reference.parse(value)
    if found is None:
        return value
    parts = [kind_words(found.kind), "/".join(found.path), found.checkpoint]
    parts += [f"#{number}" for number in (found.number, *found.cars) if number]
    parts += [str(number) for number in (found.line, found.row_line) if number > 1]
    parts += [*found.table, found.class_name]
    parts += [f"{found.rows} {_('rows')}"] if found.kind in {EXTRACT, TABLE} else []
    return " · ".join(part for part in parts if part)


def pieces(old: str, new: str) -> list[Piece]:
    """The new text with what was taken out and put in."""
    before, after = _tokens(old), _tokens(new)
    if len(before) + len(after) > MOST_WORDS:
        return [piece for piece in (Piece("gone", old), Piece("new", new)) if piece.text]
    found: list[Piece] = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Piece("same", "".join(before[a:b])))
            continue
        found += [Piece("gone", "".join(before[a:b]))] if b > a else []
        found += [Piece("new", "".join(after[c:d]))] if d > c else []
    return found


def _tokens(text: str) -> list[str]:
    return re.findall(r"\s+|[^\s]+", text)


def label(part: str) -> str:
    named = {"bylines": _("authors"), "sidebar": _("sidebar")}
    return named.get(part) or str(Article._meta.get_field(part).verbose_name)  # type: ignore[union-attr]


def words(part: str, value: Any) -> str:
    """A part of a memory in words for reading."""
    if not value:
        return ""
    if part in _TOLD:
        return _TOLD[part](value)
    if isinstance(value, list):
        return ", ".join(thing["name"] for thing in value)
    return str(value["name"]) if isinstance(value, dict) else str(value)


def _sidebar(boxes: list[Content]) -> str:
    return "\n".join(f"{number}. {_box(box)}" for number, box in enumerate(boxes, start=1))


def _box(box: dict[str, Any]) -> str:
    kind = str(dict(SidebarItem.Kind.choices).get(box["kind"], box["kind"]))
    named = [box[name]["name"] for name in ("session", "event", "series", "season") if box.get(name)]
    told = [
        box[name]
        for name in ("heading", "table", "competitor", "checkpoint", "class_name", "cars", "text")
        if box.get(name)
    ]
    told += [str(SidebarItem.Told(box["told"]).label)] if box.get("told") else []
    # Said where somebody has changed it.
    is_usual = str(box["limit"]) == str(SidebarItem._meta.get_field("limit").default)
    rows = [] if is_usual else [f"{box['limit']} {_('rows')}"]
    return " · ".join([kind, *named, *told, *rows])


def _picture(picture: Content) -> str:
    return "\n".join(picture[name] for name in ("title", "alt", "caption", "credit") if picture.get(name))


def _text(html: str) -> str:
    """The words of a text, and of its extracts and pictures what they refer to."""

    def name(figure: Figure) -> str:
        if figure.kind == "quote":
            return figure.quotation()
        caption = f"{figure.caption} " if figure.caption else ""
        told = _reference("data-image" if figure.kind == "image" else "data-extract", figure.reference)
        return f"<p>{escape(caption, quote=False)}[{escape(told, quote=False)}]</p>"

    return to_plain_text(replace_figures(sanitise(html), name))


def _choice(choices: list[tuple[str, Any]]) -> Callable[[str], str]:
    return lambda value: str(dict(choices).get(value, value))


_TOLD: dict[str, Callable[[Any], str]] = {
    "body": _text,
    "sidebar": _sidebar,
    "lead_image": _picture,
    "kind": _choice(Article.Kind.choices),
    "language": _choice(Article._meta.get_field("language").flatchoices),
}
