"""What references say now: to readers, who know public facts alone, or to the desk, which also knows embargoed ones.

As many queries as there are kinds of facts, whatever the number of references.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from articles.facts import notation
from articles.facts.distance import between
from articles.facts.reference import (
    EXTRACT,
    OF_A_CAR,
    OF_A_DRIVER,
    OF_A_ROW,
    OF_A_SESSION,
    OF_A_TABLE,
    OF_TWO_ROWS,
    Reference,
)
from articles.models import SidebarItem
from articles.sidebar import BoxSpec
from articles.sidebar.results import BoxResult, results_of
from results.importers.status import STATUSES
from results.models import (
    Classification,
    ClassificationRow,
    Driver,
    Entry,
    Event,
    PrintedStanding,
    PrintedStandingRow,
    Season,
    Session,
)
from results.models.identity import FormerAddress
from results.notation import Language
from results.selectors import crew_of_entry
from results.venue_time import GERMANY, zone_name

Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fact:
    """What a reference says: `text` for the sentence, `value` for machines (ms, a number, ISO 8601), `about` in words.

    `is_public` tells the desk whether readers know it too. `source` is what a publication keeps beside it: the session,
    and version and state of its result.
    """

    text: str
    value: str
    about: str
    is_public: bool
    source: dict[str, Any]


def facts_of(texts: Iterable[str], *, language: Language = "de", for_desk: bool = False) -> dict[str, Fact]:
    """By reference, as it is written in a text, what it says now; one that says nothing is missing."""
    asked = {text: reference for text in texts if (reference := Reference.parse(text))}
    by_kind: dict[tuple[str, ...], list[Reference]] = {}
    for reference in asked.values():
        for kinds in _FINDERS:
            if reference.kind in kinds:
                by_kind.setdefault(kinds, []).append(reference)
    found: dict[Reference, Fact] = {}
    for kinds, references in by_kind.items():
        found |= _FINDERS[kinds](references, language, for_desk)
    return {text: found[reference] for text, reference in asked.items() if reference in found}


# ------------------------------------------------------------------ lines of results


def session_is(prefix: str, path: tuple[str, ...]) -> Q:
    """The session at a path of series, season, event and key."""
    return event_is(f"{prefix}event__", path) & Q(**{f"{prefix}key": path[3]})


def event_is(prefix: str, path: tuple[str, ...]) -> Q:
    series, season, event = path[:3]
    names = {"season__series__slug": series, "season__slug": season, "slug": event}
    return Q(**{prefix + name: value for name, value in names.items()})


def classifications(*, for_desk: bool) -> QuerySet[Classification]:
    """The results that count: those readers see, or those the desk works on."""
    those = Classification.objects.current() if for_desk else Classification.objects.public()
    return those.exclude(state=Classification.State.ANNULLED)


def result_rows(which: Q, *, for_desk: bool) -> QuerySet[ClassificationRow, Any]:
    """Lines of results as dictionaries, with the names of their session; `which` speaks of the row."""
    entry, session = "session_entry__entry", "classification__session"
    return (
        ClassificationRow.objects.filter(which, classification__in=classifications(for_desk=for_desk))
        .order_by("classification", "display_order")
        .values(
            "line",
            "position",
            "class_position",
            "status",
            "laps",
            "total_ms",
            "gap_ms",
            "gap_laps",
            "best_lap_ms",
            "grid",
            number=F(f"{entry}__number"),
            number_line=F(f"{entry}__line"),
            team=F(f"{entry}__team__name"),
            car=F(f"{entry}__car_model__name"),
            class_name=F(f"{entry}__racing_class__name"),
            checkpoint=F("classification__checkpoint"),
            version=F("classification__version"),
            state=F("classification__state"),
            session_id=F(session),
            session_key=F(f"{session}__key"),
            session_kind=F(f"{session}__kind"),
            session_name=F(f"{session}__name"),
            event_slug=F(f"{session}__event__slug"),
            event_name=F(f"{session}__event__name"),
            season_slug=F(f"{session}__event__season__slug"),
            series_slug=F(f"{session}__event__season__series__slug"),
            crew=crew_of_entry(),
            is_public=Exists(Classification.objects.public().filter(pk=OuterRef("classification"))),
        )
    )


def session_path(record: Record) -> tuple[str, str, str, str]:
    return record["series_slug"], record["season_slug"], record["event_slug"], record["session_key"]


def _lines_of(references: list[Reference], *, for_desk: bool) -> dict[tuple[object, ...], Record]:
    """The lines of results that references speak of, by session, checkpoint, number, its line and the row's: one query."""
    of_session: dict[tuple[str, ...], set[str]] = {}
    for reference in references:
        asked = of_session.setdefault((*reference.path, reference.checkpoint), set())
        asked.update((reference.number, *reference.cars))
    which = Q()
    for (*path, checkpoint), numbers in of_session.items():
        which |= (
            session_is("classification__session__", tuple(path))
            & Q(classification__checkpoint=checkpoint)
            & Q(session_entry__entry__number__in=numbers)
        )
    return {
        (*session_path(row), row["checkpoint"], row["number"], row["number_line"], row["line"]): row
        for row in result_rows(which, for_desk=for_desk)
    }


def _rows(references: list[Reference], language: Language, for_desk: bool) -> dict[Reference, Fact]:  # noqa: FBT001
    rows = _lines_of(references, for_desk=for_desk)
    found = {}
    for reference in references:
        car = (reference.number, reference.line, reference.row_line)
        row = rows.get((*reference.path, reference.checkpoint, *car))
        fact = row_fact(row, reference.kind, language) if row else None
        if fact:
            found[reference] = fact
    return found


def _distances(references: list[Reference], language: Language, for_desk: bool) -> dict[Reference, Fact]:  # noqa: FBT001
    rows = _lines_of(references, for_desk=for_desk)
    found = {}
    for reference in references:
        where = (*reference.path, reference.checkpoint)
        one = rows.get((*where, reference.number, reference.line, reference.row_line))
        other = rows.get((*where, reference.cars[0], 1, 1))
        text, value = between(one, other, language) if one and other else ("", "")
        if one and other and text:
            cars = f"#{one['number']}–#{other['number']}"
            about = " · ".join(filter(None, (one["session_name"], one["checkpoint"], cars, kind_words("distance"))))
            found[reference] = Fact(text, value, about, one["is_public"], _source(one))
    return found


def _source(row: Record) -> dict[str, Any]:
    return {name: row[name] for name in ("session_id", "checkpoint", "version", "state")}


def row_fact(row: Record, kind: str, language: Language) -> Fact | None:
    """What a line of a result says of a kind; None where it says nothing."""
    text, value = _OF_A_ROW[kind](row, language)
    if not text:
        return None
    where = " · ".join(filter(None, (row["session_name"], row["checkpoint"], f"#{row['number']}")))
    return Fact(text, value, f"{where} · {kind_words(kind)}", row["is_public"], _source(row))


def _place(name: str) -> Callable[[Record, Language], tuple[str, str]]:
    def place(row: Record, _language: Language) -> tuple[str, str]:
        if row[name]:
            return str(row[name]), str(row[name])
        status = STATUSES[row["status"]]
        return ("", "") if row["status"] == "classified" else (status.german, status.abbreviation)

    return place


def _time(name: str, written: Callable[[int, Language], str]) -> Callable[[Record, Language], tuple[str, str]]:
    return lambda row, language: (written(row[name], language), str(row[name])) if row[name] else ("", "")


def _gap(row: Record, language: Language) -> tuple[str, str]:
    text = notation.gap(row["gap_ms"], row["gap_laps"], language)
    value = f"{row['gap_laps']}L" if row["gap_laps"] else str(row["gap_ms"])
    return (text, value) if text else ("", "")


_OF_A_ROW: dict[str, Callable[[Record, Language], tuple[str, str]]] = {
    "lap": _time("best_lap_ms", notation.lap_time),
    "total": _time("total_ms", notation.total_time),
    "gap": _gap,
    "position": _place("position"),
    "class-position": _place("class_position"),
    "laps": _time("laps", lambda laps, _language: str(laps)),
    "grid": _time("grid", lambda place, _language: str(place)),
}


def kind_words(kind: str) -> str:
    """What a kind of fact is called at the desk."""
    return {
        "lap": _("best lap time"),
        "total": _("race time"),
        "gap": _("gap to the leader"),
        "position": _("place in the result"),
        "class-position": _("place in class"),
        "laps": _("laps"),
        "grid": _("place on the grid"),
        "distance": _("gap to another car"),
        "number": _("car number"),
        "car": _("car"),
        "team": _("team"),
        "crew": _("crew"),
        "driver": _("driver"),
        "surname": _("driver, surname alone"),
        "start": _("day and start time"),
        "clock": _("start time"),
        "points": _("points"),
        "standing": _("place in the championship"),
        "result": _("extract of a classification"),
        "table": _("championship table"),
        "title": _("title race"),
    }.get(kind, kind)


# ------------------------------------------------------------------ cars, drivers, times, tables


def entries(which: Q, *, for_desk: bool) -> QuerySet[Entry]:
    public = Entry.objects.public()
    those = Entry.objects.all() if for_desk else public
    return (
        those.filter(which)
        .select_related("team", "car_model", "event__season__series")
        .prefetch_related("crew__driver")
        .annotate(is_public=Exists(public.filter(pk=OuterRef("pk"))))
    )


def car_texts(entry: Entry) -> dict[str, str]:
    """What may be said of a car, by kind."""
    crew = [seat.driver.full_name for seat in sorted(entry.crew.all(), key=lambda seat: seat.seat)]
    return {
        "number": f"#{entry.number}",
        "car": entry.car_model.name if entry.car_model else "",
        "team": entry.team.name if entry.team else entry.entrant,
        "crew": ", ".join(crew),
    }


def _cars(references: list[Reference], _language: Language, for_desk: bool) -> dict[Reference, Fact]:  # noqa: FBT001
    which = Q()
    for reference in references:
        which |= event_is("event__", reference.path) & Q(number=reference.number, line=reference.line)
    by_key: dict[tuple[object, ...], Entry] = {}
    for entry in entries(which, for_desk=for_desk):
        season = entry.event.season
        by_key[season.series.slug, season.slug, entry.event.slug, entry.number, entry.line] = entry
    found = {}
    for reference in references:
        known = by_key.get((*reference.path, reference.number, reference.line))
        text = car_texts(known)[reference.kind] if known else ""
        if known and text:
            about = f"{known.event.name} · #{known.label} · {kind_words(reference.kind)}"
            value = known.number if reference.kind == "number" else ""
            found[reference] = Fact(text, value, about, known.is_public, {})  # type: ignore[attr-defined]
    return found


def _drivers(references: list[Reference], _language: Language, for_desk: bool) -> dict[Reference, Fact]:  # noqa: FBT001
    slugs = {reference.path[0] for reference in references}
    former = dict(FormerAddress.objects.filter(model="driver", slug__in=slugs).values_list("slug", "object_id"))
    public = Driver.objects.public()
    those = (Driver.objects.all() if for_desk else public).filter(Q(slug__in=slugs) | Q(pk__in=former.values()))
    drivers = list(those.annotate(is_known=Exists(public.filter(pk=OuterRef("pk")))))
    by_slug, by_pk = {driver.slug: driver for driver in drivers}, {driver.pk: driver for driver in drivers}
    found = {}
    for reference in references:
        slug = reference.path[0]
        driver = by_slug.get(slug) or by_pk.get(former.get(slug, 0))
        if driver:
            text = driver.full_name if reference.kind == "driver" else driver.last_name
            found[reference] = Fact(text, "", kind_words(reference.kind), driver.is_known, {})  # type: ignore[attr-defined]
    return found


def sessions(which: Q, *, for_desk: bool) -> QuerySet[Session]:
    public = Session.objects.public()
    those = Session.objects.all() if for_desk else public
    return (
        those.filter(which)
        .select_related("event__season__series")
        .annotate(is_public=Exists(public.filter(pk=OuterRef("pk"))))
    )


def session_texts(session: Session, language: Language) -> dict[str, tuple[str, str]]:
    """When a session starts, by kind, as text and value: on German clocks, for that is where it is read."""
    if session.starts_at is None:
        date = session.local_date
        return {"start": (notation.day(date, language), date.isoformat())} if date else {}
    start = session.starts_at.astimezone(GERMANY)
    clock = notation.clock(start, zone_name(start, GERMANY), language)
    value = session.starts_at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {"start": (f"{notation.day(start.date(), language)}, {clock}", value), "clock": (clock, value)}


def _times(references: list[Reference], language: Language, for_desk: bool) -> dict[Reference, Fact]:  # noqa: FBT001
    which = Q()
    for reference in references:
        which |= session_is("", reference.path)
    by_path: dict[tuple[str, ...], Session] = {}
    for session in sessions(which, for_desk=for_desk):
        season = session.event.season
        by_path[season.series.slug, season.slug, session.event.slug, session.key] = session
    found = {}
    for reference in references:
        known = by_path.get(reference.path)
        text, value = session_texts(known, language).get(reference.kind, ("", "")) if known else ("", "")
        if known and text:
            about = f"{known.event.name} · {known.name} · {kind_words(reference.kind)}"
            found[reference] = Fact(text, value, about, known.is_public, {"session_id": known.pk})  # type: ignore[attr-defined]
    return found


def table_rows(which: Q, *, for_desk: bool) -> QuerySet[PrintedStandingRow]:
    """Lines of championship tables; readers know those of public tables in public seasons after public events."""
    public = PrintedStanding.objects.public().filter(
        Q(after_event=None) | Q(after_event__in=Event.objects.public()), season__in=Season.objects.public()
    )
    those = PrintedStandingRow.objects.filter(which)
    return (
        (those if for_desk else those.filter(standing__in=public))
        .select_related("standing__season__series")
        .annotate(is_public=Exists(public.filter(pk=OuterRef("standing"))))
        .order_by("standing", "display_order")
    )


def table_key(row: PrintedStandingRow) -> tuple[str, str, str, str]:
    return row.standing.name, row.standing.class_name, row.standing.after, row.folded


def table_texts(row: PrintedStandingRow, language: Language) -> dict[str, tuple[str, str]]:
    place = str(row.position or "")
    return {
        "points": (notation.points(row.points, language), f"{row.points.normalize():f}"),
        "standing": (place, place),
    }


def _tables(references: list[Reference], language: Language, for_desk: bool) -> dict[Reference, Fact]:  # noqa: FBT001
    which = Q()
    for reference in references:
        (series, season), (name, class_name, after, folded) = reference.path, reference.table
        which |= Q(
            standing__season__series__slug=series,
            standing__season__slug=season,
            standing__name=name,
            standing__class_name=class_name,
            standing__after=after,
            folded=folded,
        )
    by_key: dict[tuple[str, ...], PrintedStandingRow] = {}
    for row in table_rows(which, for_desk=for_desk):
        season_of = row.standing.season
        by_key.setdefault((season_of.series.slug, season_of.slug, *table_key(row)), row)
    found = {}
    for reference in references:
        known = by_key.get((*reference.path, *reference.table))
        text, value = table_texts(known, language)[reference.kind] if known else ("", "")
        if known and text:
            about = f"{known.standing.name} · {known.entrant} · {kind_words(reference.kind)}"
            found[reference] = Fact(text, value, about, known.is_public, {})  # type: ignore[attr-defined]
    return found


_FINDERS: dict[tuple[str, ...], Callable[[list[Reference], Language, bool], dict[Reference, Fact]]] = {
    OF_A_ROW: _rows,
    OF_TWO_ROWS: _distances,
    OF_A_CAR: _cars,
    OF_A_DRIVER: _drivers,
    OF_A_SESSION: _times,
    OF_A_TABLE: _tables,
}

# ------------------------------------------------------------------ extracts


def extracts_of(texts: Iterable[str]) -> dict[str, BoxResult]:
    """By reference the public extract it asks for, at most three queries; one without any line is missing."""
    asked = {text: ref for text in texts if (ref := Reference.parse(text)) and ref.kind == EXTRACT}
    if not asked:
        return {}
    which = Q()
    for reference in asked.values():
        which |= session_is("", reference.path)
    ids: dict[tuple[str, ...], int] = {}
    for session in sessions(which, for_desk=False):
        season = session.event.season
        ids[season.series.slug, season.slug, session.event.slug, session.key] = session.pk
    specs = {text: _spec(reference, ids[reference.path]) for text, reference in asked.items() if reference.path in ids}
    results = results_of(list(specs.values()))
    return {text: results[spec] for text, spec in specs.items() if spec in results and results[spec].rows}


def _spec(reference: Reference, session_id: int) -> BoxSpec:
    return BoxSpec(
        kind=SidebarItem.Kind.CLASSIFICATION,
        heading="",
        session_id=session_id,
        event_id=None,
        series_id=None,
        checkpoint=reference.checkpoint,
        class_name=reference.class_name,
        cars=reference.cars,
        limit=reference.rows,
        text_html="",
    )
