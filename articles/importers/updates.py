"""A source that changed after it became an article: found again, compared three ways, taken over field by field.

Three states meet: what the source said when it was last imported, what it says now, what the draft holds. What the desk
alone has changed stays and is not asked about; a person decides the rest.
"""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import lxml.etree
import lxml.html
from django.db.models import Q
from django.utils.translation import gettext as _

from articles.body import sanitise, to_plain_text
from articles.comparison import Piece, label, pieces
from articles.importers.merge import merge
from articles.importers.reading import FIELDS, LONGEST_TITLE, reading_of
from articles.importers.records import ParsedArticle
from articles.models import Article, ImportedText

DRAFT, SOURCE, MERGED = "draft", "source", "merged"
_SAME_NAME, _SAME_TITLE, _SAME_TEXT = 0.2, 0.2, 0.7  # shares of words in a row that two versions have in common
_CANDIDATES = 20
_ROW = 4
_WORD = re.compile(r"\w+")
_BLOCKS = frozenset({"body", "notes"})


@dataclass(frozen=True, slots=True)
class Former:
    """The article an earlier version of a text became, and how that is known, in German."""

    article: Article
    because: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One field for a person to decide. `default` is draft, source or merged; `merged` only where both fit together."""

    name: str
    label: str
    draft: str
    source: str
    merged: str | None
    default: str
    by_hand: bool  # whether the desk has changed it since the last import

    @property
    def options(self) -> list[str]:
        return [DRAFT, SOURCE, *([MERGED] if self.merged is not None else [])]

    @property
    def key(self) -> str:
        return f"take-{self.name}"

    @property
    def pieces(self) -> list[Piece]:
        """The draft on its way to the source's new words."""
        return pieces(plain(self.name, self.draft), plain(self.name, self.source))

    def value(self, choice: str) -> str:
        """The field as chosen; what is no choice here means the default."""
        texts = {DRAFT: self.draft, SOURCE: self.source, MERGED: self.merged}
        chosen = texts.get(choice)
        if chosen is None:
            chosen = texts[self.default]
        return chosen or ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a new version of a source would change. `kept` are the parts only the desk has changed: they stay."""

    decisions: tuple[Decision, ...]
    kept: tuple[str, ...]

    @property
    def is_empty(self) -> bool:
        return not self.decisions


def compare(article: Article, parsed: ParsedArticle) -> Comparison:
    """The source as it reads now, beside the draft as it is stored."""
    former, now = former_reading(article), reading_of(parsed)
    decisions, kept = [], []
    for name in FIELDS:
        draft = str(getattr(article, name))
        if _same(name, now[name], draft):
            continue
        if _same(name, now[name], former.get(name, "")):
            kept.append(label(name))
            continue
        by_hand = not _same(name, former.get(name, ""), draft)
        together = _merged(name, former.get(name, ""), draft, now[name]) if by_hand else None
        default = SOURCE if not by_hand else MERGED if together is not None else DRAFT
        decisions.append(Decision(name, label(name), draft, now[name], together, default, by_hand))
    return Comparison(tuple(decisions), tuple(kept))


def former_reading(article: Article) -> Mapping[str, str]:
    """What the source said last; for an article of older days its first revision, which held just that."""
    imported = article.imports.first()
    if imported:
        return dict(imported.content)
    first = article.revisions.order_by("number").first() if article.source_id else None
    return {name: str(first.content.get(name, "")) for name in FIELDS} if first else {}


def find_former(parsed: ParsedArticle, *, name: str, pasted: str) -> Former | None:
    """The article this text seems to be a new version of; `pasted` is the name all pasted texts have."""
    if parsed.address:
        at_address = ImportedText.objects.filter(address=parsed.address, article__trashed_at=None).first()
        if at_address:
            return Former(at_address.article, _("same address of the page"))
    rows = _rows_of(to_plain_text(reading_of(parsed)["body"]))
    near: list[tuple[float, float, Article]] = []
    for article in _candidates(parsed, name, pasted):
        share = _share(rows, _rows_of(to_plain_text(former_reading(article).get("body", ""))))
        if name != pasted and article.source and article.source.name == name and share >= _SAME_NAME:
            return Former(article, _("same file name, similar text"))
        if (
            parsed.title
            and article.title.casefold() == parsed.title[:LONGEST_TITLE].casefold()
            and share >= _SAME_TITLE
        ):
            return Former(article, _("same title, similar text"))
        if share >= _SAME_TEXT:
            near.append((share, _likeness(article.title, parsed.title or ""), article))
    if not near:
        return None
    # Previews of one series repeat whole paragraphs: the nearest one is meant, not the newest.
    return Former(max(near, key=lambda one: one[:2])[2], _("nearly the same text"))


def _candidates(parsed: ParsedArticle, name: str, pasted: str) -> Sequence[Article]:
    alike = Q(source__name=name) if name != pasted else Q()
    if parsed.title:
        alike |= Q(title__iexact=parsed.title[:LONGEST_TITLE])
    imported = Article.objects.on_the_desk().filter(source__isnull=False).select_related("source")
    imported = imported.defer("source__content").prefetch_related(None)
    named = list(imported.filter(alike).order_by("-pk")[:_CANDIDATES]) if alike else []
    recent = imported.exclude(pk__in=[article.pk for article in named]).order_by("-pk")[:_CANDIDATES]
    return [*named, *recent]


def _rows_of(text: str) -> set[tuple[str, ...]]:
    words = [word.casefold() for word in _WORD.findall(text)]
    return {tuple(words[place : place + _ROW]) for place in range(len(words) - _ROW + 1)}


def _share(one: set[tuple[str, ...]], other: set[tuple[str, ...]]) -> float:
    return len(one & other) / max(len(one), len(other)) if one and other else 0.0


def _likeness(one: str, other: str) -> float:
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def _same(name: str, one: str, other: str) -> bool:
    return parts_of(name, one) == parts_of(name, other)


def _merged(name: str, former: str, draft: str, source: str) -> str | None:
    if name not in _BLOCKS:
        return None
    merged = merge(parts_of(name, former), parts_of(name, draft), parts_of(name, source))
    return None if merged is None else "\n".join(merged)


def parts_of(name: str, text: str) -> list[str]:
    """The blocks of a body, the lines of notes, any other field whole; the same whoever wrote the HTML down."""
    if name == "body":
        return _blocks(sanitise(text))
    lines = text.replace("\r\n", "\n").strip()
    return (
        [line.strip() for line in lines.split("\n") if line.strip()] if name == "notes" else [" ".join(lines.split())]
    )


def _blocks(html: str) -> list[str]:
    if not html:
        return []
    blocks = []
    for part in lxml.html.fragments_fromstring(html):
        if isinstance(part, str):
            blocks += [part.strip()] if part.strip() else []
            continue
        part.tail = None
        blocks.append(lxml.etree.tostring(part, encoding="unicode", method="html").replace("\u00a0", "&nbsp;"))
    return blocks


def plain(name: str, text: str) -> str:
    return to_plain_text(text) if name == "body" else text


def chosen(comparison: Comparison, choices: Mapping[str, Any]) -> dict[str, str]:
    """The values of the fields that change by what a person chose (field -> draft, source, merged)."""
    values = {one.name: one.value(str(choices.get(one.name, ""))) for one in comparison.decisions}
    drafts = {one.name: one.draft for one in comparison.decisions}
    return {name: value for name, value in values.items() if value != drafts[name]}
