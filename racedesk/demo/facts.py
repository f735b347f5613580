"""Brings the demo's weekends into the database, through the same import as any file from outside."""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

import structlog
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import F

from racedesk.demo import sheets
from racedesk.demo.championships import load_championships
from racedesk.demo.field import DATA
from racedesk.demo.programme import Moved, Programme, Round, fridays, programme
from results.amending import apply_decisions, note_as_contained
from results.importers import exchange, f1db
from results.importers.f1db_sheets import COLUMNS
from results.importers.load import commit
from results.importers.loading.history import import_season
from results.importers.loading.vouching import vouch_for
from results.importers.plan import ImportRefused, ImportTarget, Upload
from results.models import (
    ArchiveSpan,
    Circuit,
    Classification,
    Decision,
    Event,
    Layout,
    RacingClass,
    Season,
    Series,
    Session,
    SessionEntry,
    SourceDocument,
    WeatherReading,
)
from results.names import slugify_german
from results.release import restate
from results.rescheduling import Act, move
from results.wall_clock import FIRST, instant_at, shown_at

log = structlog.get_logger("racedesk.demo")

NEWSROOM = "Europe/Berlin"
HALF_AN_HOUR = dt.timedelta(minutes=30)
HISTORY = "2025"
MOVED_BECAUSE = "Bulletin 2 der Rennleitung"
NEXT_MORNING = dt.timedelta(hours=15)
ANNOUNCED = dt.timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Brand:
    """What no results file says of a series: its short name, address and colour."""

    name: str
    short_name: str
    slug: str
    accent: int
    description: str = ""


SERIES = (
    Brand("FIA World Endurance Championship", "WEC", "wec", 1),
    Brand("ADAC GT Masters", "GT Masters", "adac-gt-masters", 6),
    Brand("Prototype Cup Germany", "Prototype Cup", "prototype-cup-germany", 5),
    Brand("Formel 1", "Formel 1", "formel-1", 2,
          "Daten der Saison 2025: F1DB (github.com/f1db/f1db), lizenziert unter CC BY 4.0."),
    Brand("racedesk Langstrecken-Cup", "Langstrecken-Cup", "langstrecken-cup", 0,
          "Fiktive Serie zur Demonstration von racedesk. Rennen, Teams, Autos und Personen sind erfunden."),
)  # fmt: skip
# Fastest class first, as a field is listed.
CLASSES = {
    "wec": ("Hypercar", "LMP2", "LMGTE Pro", "LMGTE Am"),
    "langstrecken-cup": ("Prototyp", "GT3", "Cup", "GT4"),
}
CIRCUITS = (
    ("Bahrain International Circuit", "as-Sachir", "BH"),
    ("Lausitzring", "Klettwitz", "DE"),
    ("Hockenheimring", "Hockenheim", "DE"),
)
# Length in metres and turns; the invented circuits are as long as their lap times want them.
LAYOUTS = (
    ("Bahrain International Circuit", 5_412, 15),
    ("Lausitzring", 3_478, 14),
    ("Hockenheimring", 4_574, 17),
    ("Kaltenbachring", 4_870, 16),
    ("Waldseering", 5_240, 18),
    ("Hohenmoor-Ring", 4_310, 12),
    ("Autódromo de Porto Areia", 5_020, 17),
)


def load_facts(*, by: User) -> None:
    """Series, weekends and results. What is there stays; weekends that lay ahead and are over move on."""
    for brand in SERIES:
        words = {name: getattr(brand, name) for name in ("name", "short_name", "accent", "description")}
        Series.objects.get_or_create(slug=brand.slug, defaults=words)
    season = programme()
    # By address: a weekend that somebody has renamed at the desk is there all the same.
    invented = {event.slug: event for event in Event.objects.filter(season__series__slug=SERIES[-1].slug)}
    for upload, reason in (*_real(), *_invented(season, invented)):
        wanted = exchange.parse(upload.content)
        try:
            commit(wanted, upload, target=ImportTarget(), by=by, accept=bool(reason), reason=reason)
        except ImportRefused as refusal:
            # What the desk has made of the demo since is worth more than the demo, and no reason not to start.
            log.warning("demo file left out", file=upload.name, reason=str(refusal))
    _import_history(by=by)
    if not invented:
        _complete(season, by=by)
    _move(season, by=by)
    load_championships(season, series=SERIES[-1].slug)


def _import_history(*, by: User) -> None:
    """A season of Formula 1 from an extract of F1DB, through the same import as the whole archive."""
    if Season.objects.filter(series__name=f1db.SERIES, label=HISTORY).exists():
        return
    files = {name: (DATA / f"f1db-{HISTORY}" / name).read_bytes() for name in COLUMNS}
    seasons = f1db.parse(files).seasons
    for season in seasons:
        import_season(season, files, by=by)
    vouch_for(seasons)


def _real() -> Iterator[tuple[Upload, str]]:
    """Files of weekends that took place, those not imported yet."""
    for path in sorted(DATA.glob("*.json")):
        upload = Upload(path.name, path.read_bytes())
        digest = hashlib.sha256(upload.content).hexdigest()
        if not SourceDocument.objects.filter(sha256=digest, runs__isnull=False).exists():
            yield upload, ""


def _invented(season: Programme, known: dict[str, Event]) -> Iterator[tuple[Upload, str]]:
    """Files of the invented season that are missing or out of date, each with the reason a change needs."""
    today = _today()
    days = fridays(season, today)
    for number, item in enumerate(season.driven, 1):
        if slugify_german(item.name) not in known:
            documents = sheets.results(season, days[item.name], upto=number)
            reasons = ["", *(item.plan.struck.values() if item.plan else ())]
            for version, (document, reason) in enumerate(zip(documents, reasons, strict=True), 1):
                yield _upload(document, f"-ergebnis-{version}"), reason
    next_one = known.get(slugify_german(season.ahead[0].name))
    if next_one is None or (next_one.ends_on and next_one.ends_on < today):
        for item in season.ahead:
            of_next = item is season.ahead[0]
            sheet = sheets.entry_list if of_next else sheets.weekend
            yield _upload(sheet(season, item, days[item.name]), "-zeitplan"), ""


def _upload(document: sheets.Document, suffix: str) -> Upload:
    return Upload(f"{slugify_german(document['event'])}{suffix}.json", sheets.as_bytes(document))


def _today() -> dt.date:
    """The newsroom's day by the database clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (now() AT TIME ZONE %s)::date", [NEWSROOM])
        (today,) = cursor.fetchone()
    return today  # type: ignore[no-any-return]


# ------------------------------------------------------------------ what the files do not say


def _complete(season: Programme, *, by: User) -> None:
    """Notes, lengths of sessions, order of classes, places, and when results were known."""
    Event.objects.filter(season__series__slug=SERIES[-1].slug).update(note=season.note)
    for name, town, country in CIRCUITS:
        Circuit.objects.filter(name=name, town="").update(town=town, country=country)
    for slug, names in CLASSES.items():
        for sequence, name in enumerate(names):
            RacingClass.objects.filter(series__slug=slug, name=name).update(sequence=sequence)
    for item in season.rounds:
        _set_lengths(item)
    for name, metres, turns in LAYOUTS:
        for circuit in Circuit.objects.filter(name=name, layouts__isnull=True):
            layout = Layout.objects.create(circuit=circuit, name="Grand-Prix-Kurs", length_m=metres, turns=turns)
            Event.objects.filter(circuit=circuit, layout=None).update(layout=layout)
    for item in season.driven:
        penalties = list(_penalise(item, by=by))
        _set_windows(item)
        _date(penalties)
        _measure_weather(item)
        _decide(item)
    # The series is invented and so is its beginning: its one season is all there ever was.
    only = Season.objects.get(series__slug=SERIES[-1].slug)
    complete = {"first_season": only, "covers_history": True, "has_poles": True, "has_fastest_laps": True}
    ArchiveSpan.objects.get_or_create(series=only.series, defaults=complete)


def _sessions(item: Round) -> list[tuple[Session, int]]:
    """The stored sessions of a round with their length in minutes."""
    stored = Session.objects.filter(event__season__series__slug=SERIES[-1].slug, event__name=item.name)
    return [(session, item.session(session.key).minutes) for session in stored.select_related("event")]


def _set_lengths(item: Round) -> None:
    for session, minutes in _sessions(item):
        end = F("starts_at") + dt.timedelta(minutes=minutes)
        Session.objects.filter(pk=session.pk).update(ends_at=end, end_estimated=False)


def _move(season: Programme, *, by: User) -> None:
    """What the desk moved after the programme was out; what stands at another time than announced has been moved."""
    for item in season.ahead:
        for session, moved in _moved_sessions(item):
            if session.starts_at is None:
                continue
            start = shown_at(session.starts_at, session.event.zone)
            if start.time() == item.session(session.key).time:
                there = instant_at(dt.datetime.combine(start.date(), moved.time), session.event.zone, FIRST)
                move(session, Act(by=by, reason=MOVED_BECAUSE, note=moved.note), starts_at=there)


def _moved_sessions(item: Round) -> Iterator[tuple[Session, Moved]]:
    for session, _minutes in _sessions(item):
        moved = item.session(session.key).moved
        if moved is not None:
            yield session, moved


def _measure_weather(item: Round) -> None:
    """A warm afternoon that cools down: a reading every ten minutes of the race."""
    for session, minutes in _sessions(item):
        if session.key == sheets.RACE and session.starts_at is not None:
            WeatherReading.objects.bulk_create(
                WeatherReading(
                    session=session,
                    at=session.starts_at + dt.timedelta(minutes=minute),
                    air_c=Decimal(215 - minute // 12) / 10,
                    track_c=Decimal(312 - minute // 5) / 10,
                    humidity=48 + minute // 20,
                    pressure_hpa=Decimal("1014.2"),
                    wind_kmh=Decimal(80 + minute % 50) / 10,
                    wind_degrees=(240 + minute) % 360,
                )
                for minute in range(0, minutes + 1, 10)
            )


def _decide(item: Round) -> None:
    """The stewards' ruling that the last version of the result rests on."""
    for number, reason in (item.plan.struck if item.plan else {}).items():
        car = SessionEntry.objects.filter(session__in=[one.pk for one, _ in _sessions(item)], session__key=sheets.RACE)
        for entry in car.filter(entry__number=number).select_related("session"):
            version = entry.session.classifications.order_by("-version").first()
            decision = Decision.objects.create(
                session=entry.session, session_entry=entry, number="1", kind=Decision.Kind.DISQUALIFIED, text=reason,
                decided_at=version.public_from if version else None,
                public_from=version.public_from if version else None,
            )  # fmt: skip
            if version is not None:
                note_as_contained(version, decision)  # the version came from a sheet that holds it


def _penalise(item: Round, *, by: User) -> Iterator[Decision]:
    """What the desk does with a time penalty: enter it, work it into the result, and declare the result final."""
    for session, _minutes in _sessions(item):
        if session.key != sheets.RACE or not (item.plan and item.plan.penalised):
            continue
        for number, amount in item.plan.penalised.items():
            yield Decision.objects.create(
                session=session, session_entry=SessionEntry.objects.get(session=session, entry__number=number),
                number="27", kind=Decision.Kind.TIME, amount=amount, entered_by=by,
                text="Überholen unter gelber Flagge in der letzten Rennstunde.",
            )  # fmt: skip
        apply_decisions(session, by=by)
        restate(session, by=by, state=Classification.State.FINAL, reason="Einspruchsfrist ohne Einspruch verstrichen")


def _date(penalties: list[Decision]) -> None:
    """A penalty was decided when the result first held it, not when the demo was loaded."""
    for one in penalties:
        version = one.applied.order_by("classification__version").select_related("classification")[0].classification
        Decision.objects.filter(pk=one.pk).update(decided_at=version.public_from, public_from=version.public_from)


def _set_windows(item: Round) -> None:
    """Results were known after the session, not when the demo was loaded; the stewards' version the next morning.

    Readers knew of the weekend before it began: nobody can have read a version of a session that was not public.
    """
    for session, _minutes in _sessions(item):
        if session.starts_at is not None:
            known_of = session.starts_at - ANNOUNCED
            Session.objects.filter(pk=session.pk).update(public_from=known_of)
            Event.objects.filter(pk=session.event_id, public_from__gt=known_of).update(public_from=known_of)
        chain = session.classifications.order_by("version")
        known = (session.ends_at or session.starts_at or dt.datetime.now(dt.UTC)) + HALF_AN_HOUR
        last = chain.last()
        for version in chain:
            until = None if version == last else known + NEXT_MORNING
            Classification.objects.filter(pk=version.pk).update(public_from=known, public_until=until)
            known += NEXT_MORNING
