"""One factory a model. Defaults make a public, finished weekend at the Nürburgring; tests name only what matters to them."""

import datetime as dt
import zoneinfo

import factory
from django.contrib.auth.models import User

from articles import models as stories
from articles import workflow
from racedesk.roles import group_of
from results import models as facts
from results.standings.due import gathering

UTC = dt.UTC
LONG_AGO = dt.datetime(2021, 1, 1, tzinfo=UTC)


class SeriesFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Series

    name = factory.Sequence(lambda n: f"Serie {n}")
    slug = factory.Sequence(lambda n: f"serie-{n}")


class SeasonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Season

    series = factory.SubFactory(SeriesFactory)
    label = "2021"
    slug = factory.LazyAttribute(lambda season: season.label)


class CircuitFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Circuit

    name = factory.Sequence(lambda n: f"Rundkurs {n}")
    slug = factory.Sequence(lambda n: f"rundkurs-{n}")


class ArchiveSpanFactory(factory.django.DjangoModelFactory):
    """The archive of a series is whole, poles and fastest laps too, from `first_season` on."""

    class Meta:
        model = facts.ArchiveSpan

    first_season = factory.SubFactory(SeasonFactory)
    series = factory.SelfAttribute("first_season.series")
    covers_history = True
    has_poles = True
    has_fastest_laps = True


class LayoutFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Layout

    circuit = factory.SubFactory(CircuitFactory)
    name = "Grand Prix"
    length_m = 5148


class EventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Event

    season = factory.SubFactory(SeasonFactory)
    name = factory.Sequence(lambda n: f"{n} Stunden von Irgendwo")
    slug = factory.Sequence(lambda n: f"rennen-{n}")
    circuit = factory.SubFactory(CircuitFactory)
    starts_on = dt.date(2021, 11, 5)
    ends_on = dt.date(2021, 11, 6)
    time_zone = "Europe/Berlin"
    public_from = LONG_AGO


class SessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Session

    event = factory.SubFactory(EventFactory)
    key = factory.Sequence(lambda n: f"S{n}")
    name = "Rennen"
    slug = factory.LazyAttribute(lambda session: session.key.lower())
    kind = facts.SessionKind.RACE
    starts_at = dt.datetime(2021, 11, 6, 11, 0, tzinfo=UTC)
    public_from = LONG_AGO


def told_before(at=None, on=None, *, until=None, zone="Europe/Berlin", circuit="", note=""):
    """What a new session or event shows as announced before; afterwards only changes of its date say so."""
    day = on or at.astimezone(zoneinfo.ZoneInfo(zone)).date()
    one = {"at": at and at.isoformat(), "on": day.isoformat(), "until": until and until.isoformat(), "zone": zone}
    return {"moved_from": at or on, "former_times": [{**one, "circuit": circuit, "note": note}]}


class BroadcastFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Broadcast

    event = factory.SubFactory(EventFactory)
    channel = "Sportkanal"


class DriverFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Driver

    first_name = "Erika"
    last_name = factory.Sequence(lambda n: f"Muster{n}")
    slug = factory.Sequence(lambda n: f"fahrer-{n}")


class TeamFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Team

    name = factory.Sequence(lambda n: f"Team {n}")
    slug = factory.Sequence(lambda n: f"team-{n}")


class ManufacturerFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Manufacturer

    name = factory.Sequence(lambda n: f"Marke {n}")
    slug = factory.Sequence(lambda n: f"marke-{n}")


class CarModelFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.CarModel

    name = factory.Sequence(lambda n: f"Wagen {n}")
    slug = factory.Sequence(lambda n: f"wagen-{n}")


class RacingClassFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.RacingClass

    series = factory.SubFactory(SeriesFactory)
    name = factory.Sequence(lambda n: f"Klasse {n}")
    slug = factory.Sequence(lambda n: f"klasse-{n}")


class CupFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Cup

    series = factory.SubFactory(SeriesFactory)
    name = factory.Sequence(lambda n: f"Cup {n}")
    slug = factory.Sequence(lambda n: f"cup-{n}")


class ComputedOnce(factory.django.DjangoModelFactory):
    """What comes in several rows, each of which makes the championships of its season due: they are computed once, at the end."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with gathering():
            return super()._generate(strategy, params)


class EntryFactory(ComputedOnce):
    """A car; `crew=[driver, …]` seats drivers in that order, `cups=[cup, …]` enters it for cups."""

    class Meta:
        model = facts.Entry
        skip_postgeneration_save = True

    event = factory.SubFactory(EventFactory)
    number = factory.Sequence(lambda n: str(n + 1000))  # beyond the numbers that tests choose
    team = factory.SubFactory(TeamFactory)
    car_model = factory.SubFactory(CarModelFactory)

    @factory.post_generation
    def crew(self, create, drivers):
        for seat, driver in enumerate(drivers or [], start=1):
            facts.CrewMember.objects.create(entry=self, driver=driver, seat=seat)

    @factory.post_generation
    def cups(self, create, cups):
        if cups:
            self.cups.set(cups)


class CrewMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.CrewMember

    entry = factory.SubFactory(EntryFactory)
    driver = factory.SubFactory(DriverFactory)
    seat = 1


class SessionEntryFactory(ComputedOnce):
    class Meta:
        model = facts.SessionEntry

    session = factory.SubFactory(SessionFactory)
    entry = factory.SubFactory(EntryFactory, event=factory.SelfAttribute("..session.event"))


class SourceDocumentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.SourceDocument

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    name = "ergebnis.csv"
    size = 5
    content = b"Platz"


class ImportRunFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.ImportRun

    document = factory.SubFactory(SourceDocumentFactory)


class ClassificationFactory(factory.django.DjangoModelFactory):
    """A released, current, final result; `hidden=True` leaves it a draft of the desk.

    `rows=[{"position": 1}, …]` gives its lines, in printed order, before the release freezes them.
    """

    class Meta:
        model = facts.Classification

    class Params:
        hidden = factory.Trait(is_current=False, released_at=None, public_from=None)

    session = factory.SubFactory(SessionFactory)
    version = 1
    state = facts.Classification.State.FINAL
    # A version that changes what readers saw says why.
    reason = factory.LazyAttribute(lambda one: "" if one.version == 1 else "Berichtigt.")
    is_current = True
    released_at = dt.datetime(2021, 11, 6, 18, 30, tzinfo=UTC)
    public_from = factory.SelfAttribute("released_at")
    document = factory.SubFactory(SourceDocumentFactory)

    @classmethod
    def _create(cls, model_class, *args, rows=(), **values):
        window = {key: values.pop(key, None) for key in ("released_at", "public_from", "public_until")}
        window["is_current"] = values.pop("is_current")
        classification = model_class.objects.create(*args, **values)
        with gathering():  # each of its cars makes the championships due
            for order, row in enumerate(rows, start=1):
                ClassificationRowFactory(classification=classification, display_order=order, **row)
        model_class.objects.filter(pk=classification.pk).update(**window)
        classification.refresh_from_db()
        return classification


class ClassificationRowFactory(factory.django.DjangoModelFactory):
    """A classified car of a result that is not released yet; `entry__…` describes the car."""

    class Meta:
        model = facts.ClassificationRow

    class Params:
        entry = factory.SubFactory(EntryFactory, event=factory.SelfAttribute("..classification.session.event"))

    classification = factory.SubFactory(ClassificationFactory, hidden=True)
    session_entry = factory.SubFactory(
        SessionEntryFactory,
        session=factory.SelfAttribute("..classification.session"),
        entry=factory.SelfAttribute("..entry"),
    )
    display_order = factory.Sequence(lambda n: n % 30_000 + 1)
    status = "classified"

    @classmethod
    def _generate(cls, strategy, params):
        """Whoever names the car needs no other: without this one would be made, entered for the event and thrown away."""
        return super()._generate(strategy, {"entry": None, **params} if "session_entry" in params else params)


class LapSetFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.LapSet

    session = factory.SubFactory(SessionFactory)
    document = factory.SubFactory(SourceDocumentFactory)
    import_run = factory.SubFactory(ImportRunFactory, document=factory.SelfAttribute("..document"))
    count = 0


class LapFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Lap

    session_entry = factory.SubFactory(SessionEntryFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    time_ms = 106_250


class ChampionshipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Championship

    season = factory.SubFactory(SeasonFactory)
    key = factory.Sequence(lambda n: f"cup-{n}")
    name = "Fahrerwertung"
    subject = "driver"
    is_by_hand = True
    rules = factory.LazyFunction(lambda: {"scores": [{"table": [25, 18, 15]}]})


class ScoringEventFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.ScoringEvent

    championship = factory.SubFactory(ChampionshipFactory)
    session = factory.LazyAttribute(lambda one: SessionFactory(event__season=one.championship.season))
    checkpoint = "6h"
    is_by_hand = True


class ChampionshipDecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.ChampionshipDecision

    championship = factory.SubFactory(ChampionshipFactory)
    kind = "points"
    driver = factory.SubFactory(DriverFactory)
    points = -5
    reason = "Sportgericht"


class PrintedStandingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.PrintedStanding

    season = factory.SubFactory(SeasonFactory)
    name = "Fahrerwertung"


class PrintedStandingRowFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.PrintedStandingRow

    standing = factory.SubFactory(PrintedStandingFactory)
    display_order = factory.Sequence(lambda n: n % 30_000 + 1)
    entrant = "Erika Muster"
    points = 25


class DriverKeyFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.DriverKey

    driver = factory.SubFactory(DriverFactory)
    source = "f1db"
    key = factory.Sequence(lambda n: f"erika-muster-{n}")


class DriverGradeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.DriverGrade

    driver = factory.SubFactory(DriverFactory)
    season = factory.SubFactory(SeasonFactory)
    grade = "silver"


class TeamSuccessionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.TeamSuccession

    predecessor = factory.SubFactory(TeamFactory)
    successor = factory.SubFactory(TeamFactory)


class SessionCrewMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.SessionCrewMember

    session_entry = factory.SubFactory(SessionEntryFactory)
    driver = factory.SubFactory(DriverFactory)
    seat = 1


class LapSectorsFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.LapSectors

    session_entry = factory.SubFactory(SessionEntryFactory)
    number = factory.Sequence(lambda n: n % 30_000 + 1)
    sectors_ms = [30_000, 40_000, 36_250]


class StintFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Stint

    session_entry = factory.SubFactory(SessionEntryFactory)
    sequence = factory.Sequence(lambda n: n % 30_000 + 1)
    first_lap = 1
    last_lap = 10
    laps = 10


class DriverShareFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.DriverShare

    session_entry = factory.SubFactory(SessionEntryFactory)
    seat = 1
    laps = 10


class CarTraceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.CarTrace

    session_entry = factory.SubFactory(SessionEntryFactory)
    positions = [1, 1]
    gaps_ms = [0, 0]
    times_ms = [107_000, 106_250]
    pit_laps = []


class DecisionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.Decision

    session = factory.SubFactory(SessionFactory)
    session_entry = factory.SubFactory(SessionEntryFactory, session=factory.SelfAttribute("..session"))
    number = factory.Sequence(lambda n: f"D{n}")
    kind = "time"
    amount = 5_000
    text = "Fünf Sekunden wegen zu hoher Geschwindigkeit in der Boxengasse."
    public_from = LONG_AGO


class AppliedDecisionFactory(factory.django.DjangoModelFactory):
    """A decision that stands in a draft; a released version takes only `is_computed=False`."""

    class Meta:
        model = facts.AppliedDecision

    classification = factory.SubFactory(ClassificationFactory, hidden=True)
    decision = factory.SubFactory(DecisionFactory, session=factory.SelfAttribute("..classification.session"))


class DecisionEffectFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.DecisionEffect

    classification = factory.SubFactory(ClassificationFactory, hidden=True)
    decision = factory.SubFactory(DecisionFactory, session=factory.SelfAttribute("..classification.session"))
    session_entry = factory.SelfAttribute("decision.session_entry")
    columns = factory.LazyFunction(lambda: ["position"])


class LapDeletionFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.LapDeletion

    session_entry = factory.SubFactory(SessionEntryFactory)
    session = factory.SelfAttribute("session_entry.session")
    lap = factory.Sequence(lambda n: n % 30_000 + 1)
    source = "message"


class RaceControlMessageFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.RaceControlMessage

    session = factory.SubFactory(SessionFactory)
    sequence = factory.Sequence(lambda n: n + 1)
    text = "TRACK CLEAR"


class WeatherReadingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.WeatherReading

    session = factory.SubFactory(SessionFactory)
    at = factory.Sequence(lambda n: dt.datetime(2021, 11, 6, 11, 0, tzinfo=UTC) + dt.timedelta(minutes=n % 30_000))


class ColumnMappingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.ColumnMapping

    source = "Zeitnahme Irgendwo"
    header = factory.Sequence(lambda n: f"pos nr fahrer {n}")
    columns = {}
    kind = "classification"


class ImportBatchFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.ImportBatch

    by = factory.SubFactory("tests.factories.UserFactory")


class ImportItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.ImportItem

    batch = factory.SubFactory(ImportBatchFactory)
    sequence = factory.Sequence(lambda n: n % 30_000 + 1)
    name = "ergebnis.csv"


class IdentityChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.IdentityChange

    act = "merge"
    model = "driver"
    kept = factory.Sequence(lambda n: 2 * n + 1)
    other = factory.Sequence(lambda n: 2 * n + 2)
    words = "Erika Muster und E. Muster sind eine."
    by = factory.SubFactory("tests.factories.UserFactory")


class DistinctPairFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.DistinctPair

    model = "driver"
    low = factory.Sequence(lambda n: 2 * n + 1)
    high = factory.Sequence(lambda n: 2 * n + 2)
    by = factory.SubFactory("tests.factories.UserFactory")


class FormerAddressFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = facts.FormerAddress

    model = "driver"
    slug = factory.Sequence(lambda n: f"frueher-{n}")
    object_id = 1


class UserFactory(factory.django.DjangoModelFactory):
    """Someone of the desk; `role="chief"` puts the person into the group of that role (`racedesk.roles`)."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"person{n}")
    is_staff = True

    @factory.post_generation
    def role(self, create, key):
        if key:
            self.groups.add(group_of(key))


class AuthorFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = stories.Author

    name = factory.Sequence(lambda n: f"Autorin {n}")


class TagFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = stories.Tag

    name = factory.Sequence(lambda n: f"Thema {n}")


class ImageFactory(factory.django.DjangoModelFactory):
    """A row of the library without any file behind it; `articles.pictures.store_upload` makes real ones."""

    class Meta:
        model = stories.Image

    original = "originals/xx/nothing.jpg"
    width = 1600
    height = 900
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    title = factory.Sequence(lambda n: f"Bild {n}")
    alt = "Ein Rennwagen in der Boxengasse"
    credit = "Foto: Redaktion"

    @classmethod
    def _create(cls, model_class, *args, **values):
        # An ImageField reads the file to learn its size when a model is made from it; here is no file.
        image = model_class(*args, **{name: value for name, value in values.items() if name != "original"})
        model_class.objects.bulk_create([image])
        model_class.objects.filter(pk=image.pk).update(original=values["original"])
        return model_class.objects.get(pk=image.pk)


class ArticleFactory(factory.django.DjangoModelFactory):
    """A complete draft that passes the gate: `authors=[author, …]` signs it in that order, `authors=[]` leaves it open."""

    class Meta:
        model = stories.Article
        skip_postgeneration_save = True

    title = factory.Sequence(lambda n: f"Rennbericht {n}")
    standfirst = "Was geschah, in einem Satz."
    body = "<p>Der Bericht.</p>"

    @factory.post_generation
    def authors(self, create, authors):
        for position, author in enumerate([AuthorFactory()] if authors is None else authors, start=1):
            stories.Byline.objects.create(article=self, author=author, position=position)


class SidebarItemFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = stories.SidebarItem

    article = factory.SubFactory(ArticleFactory)
    position = factory.Sequence(lambda n: n % 30_000 + 1)
    kind = stories.SidebarItem.Kind.FREE
    text = "Ein Kasten."


def publish(article=None, *, by=None, visible_from=None, note="", moved_to=None, **article_fields):
    """A story that readers see: published by a chief; `moved_to=(from, until)` then moves its window of visibility."""
    article = article or ArticleFactory(**article_fields)
    by = by or UserFactory(role="chief")
    publication = workflow.publish(article, by=by, visible_from=visible_from, correction_note=note)
    if moved_to:
        start, end = moved_to
        stories.Publication.objects.filter(pk=publication.pk).update(visible_from=start, visible_until=end)
        publication.refresh_from_db()
    return publication


def drive(car, *times, start_ms=43_200_000, pits=(), seats=None):
    """Laps of a car in a session from that time of day, in ms, and the lap set; a time of None leaves the clock open.

    Whoever needs what follows from the laps calls `write_summaries` when all cars have driven.
    """
    clock = start_ms
    for number, time in enumerate(times, start=1):
        clock = None if clock is None or time is None else clock + time
        facts.Lap.objects.create(
            session_entry=car, number=number, time_ms=time, day_ms=clock, in_pit=number in pits,
            seat=seats[number - 1] if seats else 1,
        )  # fmt: skip
    if not facts.LapSet.objects.filter(session=car.session).exists():
        LapSetFactory(session=car.session)
