"""Two people, one article: what the one who comes second sees, and how neither loses a word.

Three states meet: what both started from (the revision of that number), what is stored now, what was sent. What only
one side changed is taken from that side; what both changed stays as sent, with the stored text beside it. Nothing is
saved: the merged form is shown again, with the stored version as its new starting point.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.body import sanitise
from articles.comparison import label, readable, words
from articles.content import (
    SIDEBAR_FIELDS,
    SIDEBAR_REFERENCES,
    STANDING_FIELDS,
    STANDING_REFERENCES,
    TEXT_FIELDS,
    Content,
    remember,
)
from articles.gate import DRAFT_TITLE
from articles.models import Article, Author, Byline, Image, Revision, SidebarItem, Tag
from results.models import Event, Season, Series, Session

BOX_REFERENCES = (*SIDEBAR_REFERENCES, *STANDING_REFERENCES)
BOX_FIELDS = (*SIDEBAR_FIELDS, *STANDING_FIELDS, *BOX_REFERENCES)
ROW_FIELDS = {"bylines": ("author",), "sidebar": BOX_FIELDS}
REFERENCES: dict[str, type[Model]] = {
    "lead_event": Event,
    "further_events": Event,
    "tags": Tag,
    "lead_image": Image,
    "author": Author,
    "session": Session,
    "event": Event,
    "series": Series,
    "season": Season,
}

Row = dict[str, str]
# Strings as a form sends them; rows of an inline in their order.
Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Difference:
    """One part of the article that is stored otherwise than it was sent, in words for reading."""

    label: str
    stored: str
    sent: str
    # Both sides changed it: the sent text stays in the form, the stored one would be lost by saving.
    is_contested: bool


@dataclass(frozen=True, slots=True)
class Conflict:
    """What became of a save that came too late. `data` is the form to show again."""

    stored: Revision | None
    differences: list[Difference]
    data: QueryDict
    # What the form that is shown again says above its fields: why it was not saved.
    because: str = ""
    # Whether every part that was sent is what is stored.
    is_stored: bool = False

    @property
    def is_empty(self) -> bool:
        """Whether the sender had nothing to add to what is stored."""
        return not self.differences


def conflict_of(article: Article, sent: QueryDict, expected: int | None) -> Conflict:
    """Compare a form that came too late with the article as it is stored now."""
    base = article.revisions.filter(number=expected).first() if expected else None
    stored, mine = _stored_values(remember(article)), _sent_values(sent, article)
    # Without a common start every difference counts as meant by both.
    start = _stored_values(base.content) if base else None
    merged, differences = dict(mine), []
    for name in mine:
        if mine[name] == stored[name]:
            continue
        if start and mine[name] == start[name]:
            merged[name] = stored[name]
            continue
        contested = start is None or stored[name] != start[name]
        differences.append(Difference(label(name), _words(name, stored[name]), _words(name, mine[name]), contested))
    return Conflict(
        article.revisions.first(),
        differences,
        _form_data(article, sent, mine, merged),
        because=_("Nothing was saved: the article was changed in the meantime."),
        is_stored=all(mine[name] == stored[name] for name in mine),
    )


def _stored_values(content: Content) -> Values:
    values: Values = {name: _line(str(content[name])) for name in TEXT_FIELDS}
    for name in ("lead_event", "lead_image"):
        values[name] = _pk(content[name])
    for name in ("further_events", "tags"):
        values[name] = sorted(_pk(thing) for thing in content[name])
    values["bylines"] = [{"author": str(line["author"])} for line in content["bylines"]]
    values["sidebar"] = [
        {name: _pk(box.get(name)) if name in BOX_REFERENCES else _line(str(box.get(name, ""))) for name in BOX_FIELDS}
        for box in content["sidebar"]
    ]
    return values


def _pk(reference: Content | None) -> str:
    return str(reference["id"]) if reference else ""


def _sent_values(sent: QueryDict, article: Article) -> Values:
    """What was sent, in the shape of what is stored; a part that the form did not hold counts as unchanged."""
    stored = _stored_values(remember(article))
    values: Values = {name: _line(sent.get(name, "")) if name in sent else stored[name] for name in TEXT_FIELDS}
    values["title"] = values["title"] or DRAFT_TITLE
    values["slug"] = values["slug"] or stored["slug"]
    values["body"] = sanitise(values["body"])
    for name in ("lead_event", "lead_image"):
        values[name] = sent.get(name, stored[name])
    for name in ("further_events", "tags"):
        values[name] = sorted(sent.getlist(name))
    for prefix, fields in ROW_FIELDS.items():
        rows = [{name: row[name] for name in fields} for row in _sent_rows(sent, prefix)]
        values[prefix] = rows if f"{prefix}-TOTAL_FORMS" in sent else stored[prefix]
    return values


def _line(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _sent_rows(sent: QueryDict, prefix: str) -> list[Row]:
    """The filled rows of an inline that are not to be deleted, in their order, with their ids."""
    total = sent.get(f"{prefix}-TOTAL_FORMS", "0")
    rows = []
    for number in range(min(int(total), 1000) if total.isdecimal() else 0):
        row = {
            name: _line(sent.get(f"{prefix}-{number}-{name}", "")) for name in ("id", "position", *ROW_FIELDS[prefix])
        }
        if _is_filled(row, prefix) and f"{prefix}-{number}-DELETE" not in sent:
            rows.append(row if prefix == "bylines" else _box(row))
    return sorted(rows, key=lambda row: int(row["position"]) if row["position"].isdecimal() else 32_767)


def _is_filled(row: Row, prefix: str) -> bool:
    """Whether a row says anything: the limit of a new box is filled in by the form."""
    return any(row[name] for name in ROW_FIELDS[prefix] if name != "limit")


def _box(row: Row) -> Row:
    """A box as it would be stored: see `articles.forms.SidebarItemForm`."""
    default = str(SidebarItem._meta.get_field("limit").default)
    return {**row, "kind": row["kind"] or SidebarItem.Kind.FREE.value, "limit": row["limit"] or default}


def _form_data(article: Article, sent: QueryDict, mine: Values, merged: Values) -> QueryDict:
    """The form to show again: merged values, rows tied to those that are stored, and the version that is stored."""
    data = sent.copy()
    for name, value in merged.items():
        if name in ROW_FIELDS:
            chosen = _sent_rows(sent, name) if value == mine[name] else _stored_rows(article, name)
            if f"{name}-TOTAL_FORMS" in sent:
                _write_rows(data, name, chosen, article)
        elif value != mine[name]:
            data.setlist(name, value if isinstance(value, list) else [value])
    data["lock_version"] = str(article.lock_version)
    return data


def _stored_rows(article: Article, prefix: str) -> list[Row]:
    rows: Iterable[Byline | SidebarItem] = article.bylines.all() if prefix == "bylines" else article.sidebar.all()
    columns = {name: f"{name}_id" if name in REFERENCES else name for name in ROW_FIELDS[prefix]}
    return [
        {
            "id": str(row.pk),
            "position": str(row.position),
            **{name: "" if (value := getattr(row, column)) is None else str(value) for name, column in columns.items()},
        }
        for row in rows
    ]


def _write_rows(data: QueryDict, prefix: str, chosen: list[Row], article: Article) -> None:
    """An inline's rows: those that exist first, the ones not chosen marked for deletion, then the new ones."""
    stored = _stored_rows(article, prefix)
    for name in [name for name in data if re.match(rf"{prefix}-\d", name)]:
        del data[name]
    by_id = {row["id"]: row for row in chosen if row["id"]}
    loose = [row for row in chosen if row["id"] not in {row["id"] for row in stored}]
    lines: list[Row] = []
    for row in stored:
        kept = by_id.get(row["id"]) or next(
            (new for new in loose if prefix == "bylines" and new["author"] == row["author"]), None
        )
        if kept in loose:
            loose.remove(kept)
        lines.append({**kept, "id": row["id"]} if kept else {**row, "DELETE": "on"})
    lines += [{**row, "id": ""} for row in loose]
    for number, row in enumerate(lines):
        data.update({f"{prefix}-{number}-{name}": value for name, value in row.items()})
        data[f"{prefix}-{number}-article"] = str(article.pk)
    data[f"{prefix}-TOTAL_FORMS"] = str(len(lines))
    data[f"{prefix}-INITIAL_FORMS"] = str(len(stored))


def _words(name: str, value: Any) -> str:
    """A part of the form in words for reading; of the text also what is not words, such as where a link leads."""
    if name == "body":
        return readable(value)
    return words(name, _as_remembered(name, value))


def _as_remembered(name: str, value: Any) -> Any:
    """Values of a form in the shape in which a revision remembers them, as far as words need it."""
    if name == "bylines":
        return _named("author", [row["author"] for row in value])
    if name == "sidebar":
        return [
            {**row, **{field: next(iter(_named(field, [row[field]])), None) for field in BOX_REFERENCES}}
            for row in value
        ]
    if name == "lead_image":
        return next(({"title": picture["name"]} for picture in _named(name, [value])), None)
    if name in REFERENCES:
        return _named(name, value if isinstance(value, list) else [value])
    return value


def _named(field: str, keys: Iterable[str]) -> list[Content]:
    wanted = [int(key) for key in keys if re.fullmatch(r"[0-9]{1,18}", key)]
    found = REFERENCES[field]._default_manager.in_bulk(wanted)
    return [{"name": str(found[pk])} for pk in wanted if pk in found]
