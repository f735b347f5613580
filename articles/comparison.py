"""Two memories of an article side by side, word by word, for reading."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from articles.body import to_plain_text
from articles.content import Content, same
from articles.models import Article, SidebarItem

# Beyond this many words two texts are shown whole: comparing them word by word takes the square of their length.
MOST_WORDS = 6_000
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
class Change:
    """A part of the article that differs; `pieces` in reading order."""

    label: str
    pieces: list[Piece]


def compare(old: Content, new: Content) -> list[Change]:
    """The parts of an article that differ between two revisions; an empty `old` shows all."""
    return [
        Change(label(part), pieces(words(part, old.get(part)), words(part, new[part])))
        for part in PARTS
        if not same({part: old.get(part)}, {part: new[part]}) and (old or words(part, new[part]))
    ]


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
    named = [box[name]["name"] for name in ("session", "event", "series") if box[name]]
    told = [box[name] for name in ("heading", "checkpoint", "class_name", "cars", "text") if box[name]]
    return " · ".join([kind, *named, *told])


def _picture(picture: Content) -> str:
    return "\n".join(picture[name] for name in ("title", "alt", "caption", "credit") if picture.get(name))


def _choice(choices: list[tuple[str, Any]]) -> Callable[[str], str]:
    return lambda value: str(dict(choices).get(value, value))


_TOLD: dict[str, Callable[[Any], str]] = {
    "body": to_plain_text,
    "sidebar": _sidebar,
    "lead_image": _picture,
    "kind": _choice(Article.Kind.choices),
}
