"""What the figures of a text show: kept when it is published, printed on its page, in feeds and as plain text.

Nothing here asks for a fact when a story is read: what stands there is what stood there at publication.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from articles import body, body_tables
from articles.body import CleanHtml, caption_alone, references, sanitise
from articles.body_figures import Figure, replace_figures, values
from articles.facts.current import extracts_of, facts_of
from articles.facts.reference import EXTRACT, TABLE, TITLE, Reference
from articles.facts.tables import tables_of
from articles.sidebar import BoxResult, BoxStanding, BoxTitle
from results.importers.status import STATUSES
from results.models import Classification
from results.notation import Language
from results.venue_time import moment

if TYPE_CHECKING:
    from articles.stories import Picture

Content = dict[str, Any]


# ------------------------------------------------------------------ keeping


def freeze(html: str, *, language: Language) -> Content:
    """What a publication keeps of its values and extracts: their references, and what they showed.

    `values`: reference, text and value as they stand in the text, about (words), and of a result session_id,
    checkpoint, version and state. `extracts`: reference and shown (as of a sidebar box, with address and is_timed).
    `tables`: reference and shown of championship tables and titles, as of their sidebar boxes.
    """
    clean = sanitise(html)
    asked = references(clean)
    facts = facts_of(asked, language=language)
    extracts = extracts_of(asked)
    return {
        "values": [
            {
                "reference": value.reference,
                "text": value.text,
                "value": value.value,
                "about": facts[value.reference].about if value.reference in facts else "",
                **(facts[value.reference].source if value.reference in facts else {}),
            }
            for value in dict.fromkeys(values(clean))
        ],
        "extracts": [
            {"reference": reference, "session_id": result.session_id, "shown": shown_of(result)}
            for reference, result in extracts.items()
        ],
        "tables": [{"reference": reference, "shown": part.shown()} for reference, part in tables_of(asked).items()],
    }


def shown_of(result: BoxResult) -> Content:
    return result.shown() | {
        "address": result.address,
        "checkpoint": result.checkpoint,
        "is_timed": result.is_timed,
        "is_complete": result.is_complete,
        "accent": result.accent,
    }


# ------------------------------------------------------------------ showing


@dataclass(frozen=True, slots=True)
class ExtractRow:
    """A line of an extract in words: `place` is a number or `DNF`, `time` what the session is ranked by."""

    place: str
    place_words: str
    is_out: bool
    number: str
    crew: str
    car: str
    class_name: str
    time: str
    further: str

    @property
    def words(self) -> str:
        """`1. #7 Conway, Kobayashi (Toyota): 1:46,250`."""
        place = f"{self.place}." if self.place.isdecimal() else self.place
        who = self.crew or self.car
        beside = f" ({self.car})" if self.crew and self.car else ""
        time = f": {self.time}" if self.time else ""
        return f"{place} #{self.number} {who}{beside}{time}"


@dataclass(frozen=True, slots=True)
class Extract:
    """An extract of a classification as it was kept."""

    caption: str
    session: str
    event: str
    class_name: str
    checkpoint: str
    state: str
    as_of: dt.datetime
    source: str
    address: str
    is_timed: bool
    is_complete: bool
    accent: int
    rows: tuple[ExtractRow, ...]

    @classmethod
    def from_kept(cls, reference: str, shown: Content, caption: str = "") -> "Extract":
        asked = Reference.parse(reference)
        class_name = asked.class_name if asked else ""
        return cls(
            caption=caption,
            session=shown["session"],
            event=shown["event"],
            class_name=class_name,
            checkpoint=shown["checkpoint"],
            state=shown["state"],
            as_of=dt.datetime.fromisoformat(shown["as_of"]),
            source=shown["source"],
            address=shown["address"],
            is_timed=shown["is_timed"],
            is_complete=shown["is_complete"],
            accent=shown["accent"],
            rows=tuple(_row(row, in_class=bool(class_name), timed=shown["is_timed"]) for row in shown["rows"]),
        )

    @property
    def name(self) -> str:
        """What stands above it: the caption somebody wrote, else what it is."""
        further = f" · {self.class_name}" if self.class_name else ""
        return self.caption or f"{self.event}: {self.session}{further}"

    @property
    def state_words(self) -> str:
        return {
            Classification.State.FINAL: _("Final result"),
            Classification.State.AMENDED: _("Final result, amended"),
            Classification.State.REVISED: _("Provisional result, revised"),
        }.get(Classification.State(self.state), _("Provisional result"))

    @property
    def source_words(self) -> str:
        """`Vorläufiges Ergebnis, Stand 6. November 2021, 16:42 Uhr MEZ`."""
        return _("%(state)s, as of %(moment)s") % {"state": self.state_words, "moment": moment(self.as_of)}

    @property
    def has_classes(self) -> bool:
        return len({row.class_name for row in self.rows if row.class_name}) > 1


def _row(row: Content, *, in_class: bool, timed: bool) -> ExtractRow:
    position = row["class_position"] if in_class else row["position"]
    status = STATUSES[row["status"]]
    is_out = row["status"] != "classified"
    if timed:
        time, further = row["best_lap"], row["gap"]
    else:
        time, further = row["gap"] or row["total"], ""
    return ExtractRow(
        place=str(position or "") if not is_out else status.abbreviation,
        place_words=status.german if is_out else "",
        is_out=is_out,
        number=row["number"],
        crew=", ".join(row["crew"]),
        car=" · ".join(filter(None, (row["team"], row["car"]))),
        class_name=row["class"],
        time=time,
        further=further,
    )


class _Kept:
    """The figures of a publication with what it keeps for them."""

    def __init__(self, content: Content) -> None:
        self.extracts = {kept["reference"]: kept["shown"] for kept in content.get("extracts", ())}
        self.tables = {kept["reference"]: kept["shown"] for kept in content.get("tables", ())}
        self.images = {kept["token"]: kept for kept in content.get("body_images", ())}

    def extract(self, figure: Figure) -> Extract | None:
        shown = self.extracts.get(figure.reference)
        return Extract.from_kept(figure.reference, shown, figure.caption) if shown and shown["rows"] else None

    def table(self, figure: Figure) -> BoxStanding | BoxTitle | None:
        shown = self.tables.get(figure.reference) if figure.kind == "extract" else None
        return body_tables.from_kept(figure.reference, shown) if shown else None

    def has_picture(self, figure: Figure) -> bool:
        return figure.kind == "image" and figure.reference in self.images


def page(html: str, content: Content, pictures: Mapping[str, "Picture"], *, without: Collection[str] = ()) -> CleanHtml:
    """The text as its page shows it. `content` is that of the publication, `pictures` its pictures by token.

    `without` holds references of tables that were taken back since: nothing of them stays.

    Of a picture that it keeps and that is not among them, for it was blocked since, nothing stays: no caption either.
    """
    kept = _Kept(content)

    def show(figure: Figure) -> str:
        if figure.reference in without:
            return ""
        extract = kept.extract(figure) if figure.kind == "extract" else None
        if extract:
            return render_to_string("components/body/extract.html", {"extract": extract})
        if table := kept.table(figure):
            return body_tables.page(table, figure.caption)
        picture = pictures.get(figure.reference) if figure.kind == "image" else None
        if picture:
            context = {"picture": picture, "caption": figure.caption or picture.caption}
            return render_to_string("components/body/picture.html", context)
        return "" if kept.has_picture(figure) else caption_alone(figure)

    return CleanHtml(replace_figures(sanitise(html), show))


def feed(
    html: str, content: Content, pictures: Mapping[str, "Picture"], *, base_url: str, without: Collection[str] = ()
) -> str:
    """The text as a feed carries it: plain tables and pictures with absolute addresses. The caller escapes it for XML.

    `without` as for its page.
    """
    kept = _Kept(content)
    base = base_url.rstrip("/")

    def show(figure: Figure) -> str:
        if figure.reference in without:
            return ""
        extract = kept.extract(figure) if figure.kind == "extract" else None
        if extract:
            return _feed_extract(extract, base)
        if table := kept.table(figure):
            return body_tables.feed(table, figure.caption, base)
        picture = pictures.get(figure.reference) if figure.kind == "image" else None
        if picture:
            return _feed_picture(picture, figure.caption, base)
        return "" if kept.has_picture(figure) else caption_alone(figure)

    return replace_figures(body.render_feed(html, base_url=base_url), show)


def _feed_extract(extract: Extract, base: str) -> SafeString:
    rows = format_html_join(
        "",
        "<tr><td>{}</td><td>#{}</td><td>{}</td><td>{}</td></tr>",
        ((row.place, row.number, _who(row), row.time) for row in extract.rows),
    )
    timing = _("Best lap") if extract.is_timed else _("Time/gap")
    return format_html(
        "<table><caption>{}</caption><thead><tr><th>{}</th><th>{}</th><th>{}</th><th>{}</th></tr></thead>"
        '<tbody>{}</tbody></table><p>{} · <a href="{}">{}</a></p>',
        extract.name,
        _("Pos."),
        _("No."),
        _("Drivers, team"),
        timing,
        rows,
        extract.source_words,
        f"{base}{extract.address}",
        _("Whole result"),
    )


def _who(row: ExtractRow) -> str:
    return " · ".join(filter(None, (row.crew, row.car)))


def _feed_picture(picture: "Picture", caption: str, base: str) -> SafeString:
    source = picture.fallback
    return format_html(
        '<figure><img src="{}" width="{}" height="{}" alt="{}"><figcaption>{}</figcaption></figure>',
        f"{base}{source.address}",
        source.width,
        source.height,
        picture.alt,
        " · ".join(filter(None, (caption or picture.caption, picture.credit))),
    )


def plain_text(html: str, content: Content, *, without: Collection[str] = ()) -> str:
    """The words of a publication: extracts as lines, pictures as caption with credit, blocks apart by an empty line.

    `without` holds tokens of pictures and references of tables of which nothing is said.
    """
    kept = _Kept(content)

    def show(figure: Figure) -> str:
        if figure.reference in without:
            return ""
        extract = kept.extract(figure) if figure.kind == "extract" else None
        if extract:
            return _paragraph([extract.name, *(row.words for row in extract.rows), extract.source_words])
        if table := kept.table(figure):
            name = figure.caption or body_tables.name_of(table)
            return _paragraph([name, *body_tables.lines_of(table), body_tables.source_of(table)])
        image = kept.images.get(figure.reference) if figure.kind == "image" else None
        if image:
            return _paragraph([" · ".join(filter(None, (figure.caption or image["caption"], image["credit"])))])
        return caption_alone(figure)

    return body.to_plain_text(replace_figures(sanitise(html), show))


def _paragraph(lines: Iterable[str]) -> str:
    return f"<p>{'<br>'.join(escape(line, quote=False) for line in lines)}</p>"


def is_extract(reference: str) -> bool:
    parsed = Reference.parse(reference)
    return parsed is not None and parsed.kind in {EXTRACT, TABLE, TITLE}
