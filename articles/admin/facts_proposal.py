"""What the text of a draft proposes for its boxes, event and tags, and how the chosen lines get into the form.

Nothing is written here. A chosen line becomes what a person would have typed into the form: its event, its tags, another
box; the form is then saved as ever, with its rights, its comparison with what others saved and one revision.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AnonymousUser, User
from django.db.models import F, Func, Prefetch, Q, Value
from django.db.models.fields import CharField
from django.http import QueryDict
from django.utils.translation import gettext as _

from articles.body import to_plain_text
from articles.factcheck.database import records_of
from articles.factcheck.events import EventGuess, Reason, Trait
from articles.factcheck.naming import Named, Wording, keys_of
from articles.factcheck.proposal import Doubt, DoubtKind, NamedCar, Place, SidebarProposal, ToldSession, propose
from articles.factcheck.register import likely_events
from articles.factcheck.sheet import Driver, FactSheet
from articles.gate import DRAFT_TITLE
from articles.models import Article, SidebarItem, Tag
from results.models import Entry, Event, LapSet, Session
from results.names import fold, slugify_german

RIGHTS = ("results.view_event", "results.view_session")
BUTTON = "_propose"
_MOST_EVENTS = 4
_MOST_TAGS = 20
_MOST_RELATED = 6
_MOST_LOOKED_AT = 60
_LONGEST_TEXT = 100_000  # no story is longer, and opening the form must not take long
_LONGEST_CARS = SidebarItem._meta.get_field("cars").max_length or 0
_LONGEST_HEADING = SidebarItem._meta.get_field("heading").max_length or 0
_HEAD = 250  # characters: title and standfirst
_ENTERED = "entries"  # a list of cars is no session


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event the text may be about, and why. `is_chosen`: the best of them, where it leads clearly."""

    event: Event
    reasons: tuple[str, ...]
    is_chosen: bool
    is_coming: bool


def _printed(number: str) -> str:
    return number.partition("·")[0]


@dataclass(frozen=True, slots=True)
class CarLine:
    """A car the text names. `value` is what the form sends for it."""

    named: NamedCar
    value: str
    at: str
    is_chosen: bool

    @property
    def number(self) -> str:
        """As it is painted on the car: a sheet tells two cars of one number apart by more."""
        return _printed(self.named.car.number)

    @property
    def words(self) -> str:
        return self.named.places[0].words

    @property
    def crew(self) -> str:
        return "/".join(driver.last for driver in self.named.car.drivers)


@dataclass(frozen=True, slots=True)
class ClassLine:
    """The named cars of a class. `is_there`: a box beside the story shows them already."""

    name: str
    cars: tuple[CarLine, ...]
    is_there: bool


@dataclass(frozen=True, slots=True)
class SessionLine:
    """A session whose result the boxes may show, and how many statements of the text are about it."""

    pk: int
    name: str
    count: int
    words: str
    is_chosen: bool
    has_laps: bool
    is_run: bool


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag of the register, the words that name it and how often they stand there."""

    tag: Tag
    words: str
    count: int
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """Another story of the desk about the same."""

    article: Article
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """All that a text proposes. `event` is the one whose cars and sessions are listed: the article's, else the likely one."""

    events: tuple[EventLine, ...] = ()
    needs_event: bool = False
    event: Event | None = None
    classes: tuple[ClassLine, ...] = ()
    sessions: tuple[SessionLine, ...] = ()
    doubts: tuple[str, ...] = ()
    offers_schedule: bool = False
    tags: tuple[TagLine, ...] = ()
    related: tuple[RelatedLine, ...] = ()

    @property
    def has_boxes(self) -> bool:
        return bool(self.classes and self.sessions) or self.offers_schedule

    @property
    def has_lines(self) -> bool:
        """Whether anything can be chosen."""
        return bool(self.events or self.tags or self.has_boxes)

    @property
    def is_empty(self) -> bool:
        return not (self.has_lines or self.doubts or self.related)


def text_of(article: Article) -> str:
    """What is read of a draft: its head lines and its text, each a paragraph of its own."""
    title = "" if article.title == DRAFT_TITLE else article.title
    parts = (title, article.kicker, article.standfirst, to_plain_text(article.body))
    return "\n".join(part for part in parts if part.strip())


def proposal(article: Article, text: str, *, sheet: FactSheet | None = None) -> Proposal:
    """What the text proposes for a stored article; `sheet` spares reading that of its event again, once it has results.

    About two dozen queries, whatever the size of the register. The caller asks whether the person may see events (`RIGHTS`).
    """
    text = text[:_LONGEST_TEXT]
    if not text.strip():
        return Proposal()
    guesses = likely_events(_with_date(article, text), written=_written(article))
    events = _events(guesses)
    own = article.lead_event
    likely = next(
        (events[guess.facts.key] for guess in guesses if guess.is_certain and guess.facts.key in events), None
    )
    event = own or likely
    is_read = sheet is not None and sheet.run and own
    found = propose(text, sheet if sheet and is_read else sheet_for(event)) if event else None
    boxes, lines = list(article.sidebar.all()), _Lines.of(article, text)
    sessions = _session_lines(found, event) if found and event else ()
    return Proposal(
        events=_event_lines(article, guesses, events),
        needs_event=own is None,
        event=event,
        classes=_class_lines(found, _shown_classes(boxes, sessions), lines) if found else (),
        sessions=sessions,
        doubts=(*_other_event(own, likely), *(_doubt_words(doubt, lines) for doubt in (found.doubts if found else ()))),
        offers_schedule=event is not None and _lacks_schedule(event, sessions, boxes),
        tags=_tag_lines(article, text, found, guesses),
        related=_related(article, event, found),
    )


# ------------------------------------------------------------------ the event


def _written(article: Article) -> dt.date | None:
    """The day of the story: the day of reference of an imported text, else the day the draft was begun."""
    imported = article.imports.order_by("-imported_at", "-pk").values_list("as_of", flat=True).first()
    if imported or article.source_id:
        return imported
    return article.created_at.date()


def _with_date(article: Article, text: str) -> str:
    """The date an imported text had stands in the notes of its draft."""
    begin = _("Date in the text: %(date)s") % {"date": ""}
    dates = [line for line in article.notes.splitlines() if line.startswith(begin)]
    return "\n".join([text, *dates[:1]])


def _events(guesses: Sequence[EventGuess]) -> dict[int, Event]:
    keys = [guess.facts.key for guess in guesses[: 2 * _MOST_EVENTS]]
    return Event.objects.select_related("season__series", "circuit").in_bulk(keys) if keys else {}


def _event_lines(article: Article, guesses: Sequence[EventGuess], events: Mapping[int, Event]) -> tuple[EventLine, ...]:
    """Those the article does not have yet. Where it has its event, only places the text names are worth a line."""
    has_event = article.lead_event_id is not None
    known = {article.lead_event_id, *article.further_events.values_list("pk", flat=True)}
    lines = [
        EventLine(
            events[guess.facts.key],
            tuple(words for reason in guess.reasons if (words := _reason_words(reason))),
            is_chosen=guess.is_certain and not has_event,
            is_coming=guess.is_coming,
        )
        for guess in guesses
        if guess.facts.key in events
        and guess.facts.key not in known
        and (not has_event or guess.traits & {Trait.NAME, Trait.CIRCUIT})
    ]
    return tuple(lines[:_MOST_EVENTS])


def _other_event(own: Event | None, likely: Event | None) -> list[str]:
    """An article that has one event while its text leaves no doubt that it is about another."""
    if own is None or likely is None or own.pk == likely.pk:
        return []
    return [_("The article is filed under %(own)s, its text names %(other)s.") % {"own": own, "other": likely}]


def _reason_words(reason: Reason) -> str:
    words = {
        Trait.NAME: _("event: “%(words)s”"),
        Trait.CIRCUIT: _("circuit: “%(words)s”"),
        Trait.SERIES: _("series: “%(words)s”"),
        Trait.DAY: _("day: “%(words)s”"),
        Trait.MONTH: _("month: “%(words)s”"),
        Trait.YEAR: _("year: “%(words)s”"),
        Trait.WEEKDAY: _("the weekday fits"),
        Trait.NEAR: _("held around the day of the story"),
        Trait.PEOPLE: _("%(count)s of its drivers, such as %(words)s"),
        Trait.OTHER_DAY: _("but the text names another day"),
        Trait.OTHER_YEAR: _("but the text names another year"),
    }[reason.trait]
    return words % {"words": reason.words, "count": reason.count}


# ------------------------------------------------------------------ the boxes


def sheet_for(event: Event) -> FactSheet:
    """The facts of an event; before anything has been run with the cars entered for it."""
    records = records_of(event)
    if not any(session["classification"] for session in records["sessions"]):
        entered = {"id": "", "name": "", "kind": _ENTERED, "date": "", "classification": _entered(event)}
        records = records | {"sessions": [*records["sessions"], entered]}
    return FactSheet.from_records(records)


def _entered(event: Event) -> list[dict[str, Any]]:
    entries = Entry.objects.filter(event=event).select_related("team", "racing_class", "car_model__manufacturer")
    return [
        {
            "number": entry.number,
            "class": entry.racing_class.name if entry.racing_class else None,
            "team": entry.team.name if entry.team else entry.entrant,
            "car": str(entry.car_model) if entry.car_model else "",
            "drivers": [
                {"first": seat.driver.first_name, "last": seat.driver.last_name, "nationality": seat.driver.nationality}
                for seat in sorted(entry.crew.all(), key=lambda seat: seat.seat)
            ],
        }
        for entry in entries.prefetch_related("crew__driver").order_by("pk")
    ]


@dataclass(frozen=True, slots=True)
class _Lines:
    """Where a place stands, as a person would say it: the head lines by their name, paragraphs counted behind them."""

    heads: tuple[str, ...]

    @classmethod
    def of(cls, article: Article, text: str) -> "_Lines":
        names = {
            line.strip(): name
            for words, name in (
                (article.standfirst, _("standfirst")),
                (article.kicker, _("kicker")),
                (article.title, _("title")),
            )
            for line in words.splitlines()
        }
        heads: list[str] = []
        for line in filter(None, text.splitlines()):
            if line.strip() not in names:
                break
            heads.append(names[line.strip()])
        return cls(tuple(heads))

    def words(self, place: Place) -> str:
        if place.paragraph <= len(self.heads):
            return self.heads[place.paragraph - 1]
        return _("paragraph %(number)s") % {"number": place.paragraph - len(self.heads)}


def _shown_classes(boxes: Sequence[SidebarItem], sessions: Sequence[SessionLine]) -> set[str]:
    """Classes that have a box already, of a session that is proposed."""
    proposed = {line.pk for line in sessions if line.is_chosen}
    kind = SidebarItem.Kind.CLASSIFICATION
    return {fold(box.class_name) for box in boxes if box.kind == kind and box.session_id in proposed}


def _class_lines(found: SidebarProposal, there: set[str], lines: _Lines) -> tuple[ClassLine, ...]:
    return tuple(
        ClassLine(
            group.name,
            tuple(
                CarLine(
                    named,
                    f"{_printed(named.car.number)}|{group.name}",
                    lines.words(named.places[0]),
                    is_chosen=not named.is_aside and fold(group.name) not in there,
                )
                for named in group.cars
            ),
            is_there=fold(group.name) in there,
        )
        for group in found.groups
    )


def _session_lines(found: SidebarProposal, event: Event) -> tuple[SessionLine, ...]:
    """Sessions with results, the most told first; where none has one yet, those that will."""
    rows = {session.key: session for session in event.sessions.order_by("sequence", "starts_at", "pk")}
    timed = set(LapSet.objects.filter(session__event=event).values_list("session", flat=True))
    told = [one for one in found.sessions if one.session.key in rows]
    lines = [_session_line(rows[one.session.key], one, timed) for one in told]
    if lines:
        return tuple(lines)
    coming = [session for session in rows.values() if session.kind != "grid"]
    return tuple(SessionLine(one.pk, one.name, 0, "", is_chosen=False, has_laps=False, is_run=False) for one in coming)


def _session_line(session: Session, told: ToldSession, timed: set[int]) -> SessionLine:
    return SessionLine(
        session.pk,
        session.name,
        told.count,
        told.place.words if told.place else "",
        is_chosen=told.is_proposed,
        has_laps=session.pk in timed,
        is_run=True,
    )


def _lacks_schedule(event: Event, sessions: Sequence[SessionLine], boxes: Sequence[SidebarItem]) -> bool:
    """Before the first result a story is a preview, and its box the programme."""
    has_one = any(box.kind == SidebarItem.Kind.SCHEDULE and box.event_id == event.pk for box in boxes)
    return not has_one and bool(sessions) and not any(line.is_run for line in sessions)


def _doubt_words(doubt: Doubt, lines: _Lines) -> str:
    cars = ", ".join(f"#{number}" for number in dict.fromkeys(map(_printed, doubt.numbers)))
    words = {
        DoubtKind.SHARED: _("“%(words)s” (%(at)s) may be %(cars)s."),
        DoubtKind.CONFLICT: _("“%(words)s” (%(at)s) does not go together: %(cars)s."),
        DoubtKind.UNKNOWN: _("“%(words)s” (%(at)s) is no car of this event."),
    }[doubt.kind]
    return words % {"words": doubt.place.words, "at": lines.words(doubt.place), "cars": cars}


# ------------------------------------------------------------------ tags


def _tag_lines(
    article: Article, text: str, found: SidebarProposal | None, guesses: Sequence[EventGuess]
) -> tuple[TagLine, ...]:
    """Tags that stand in the text, and those of people, series and circuits that it names in other words."""
    wording = Wording(text)
    otherwise = _named_otherwise(found, guesses)
    chosen = set(article.tags.values_list("pk", flat=True))
    lines = [
        line
        for tag in _possible_tags(wording, otherwise)
        if tag.pk not in chosen and (line := _tag_line(tag, wording, otherwise))
    ]
    return tuple(sorted(lines, key=lambda line: (-line.count, line.tag.name))[:_MOST_TAGS])


def _named_otherwise(found: SidebarProposal | None, guesses: Sequence[EventGuess]) -> dict[str, str]:
    """Folded full names and the words that stand for them: `kevin estre` for “Estre”."""
    people: Iterable[tuple[Driver, Place]] = found.people if found else ()
    names = {fold(driver.name): place.words for driver, place in people}
    for guess in guesses[:1]:
        for reason in guess.reasons:
            spellings = {Trait.SERIES: guess.facts.series, Trait.CIRCUIT: guess.facts.places}.get(reason.trait, ())
            names |= {fold(name): reason.words for name in spellings if guess.is_certain}
    return names


class _FirstWord(Func):
    function = "split_part"
    output_field = CharField()


def _possible_tags(wording: Wording, otherwise: Mapping[str, str]) -> list[Tag]:
    """Tags whose first word stands in the text: few, however many the register has. One query."""
    words = {word.text for word in wording.words if not word.text[0].islower()}
    first = {slugify_german(part, default="") for word in words for part in (word, word.removesuffix("s"))}
    slugs = {slugify_german(name, default="") for name in otherwise}
    tags = Tag.objects.annotate(first_word=_FirstWord(F("slug"), Value("-"), Value(1)))
    return list(tags.filter(Q(first_word__in=first - {""}) | Q(slug__in=slugs - {""})).order_by("name"))


def _tag_line(tag: Tag, wording: Wording, otherwise: Mapping[str, str]) -> TagLine | None:
    keys = keys_of(tag.name)
    short = tag.name if len(keys) == 1 and tag.name.isupper() else ""
    named: Named | None = wording.named(wording.phrase(keys, as_written=short), is_whole=True)
    if named:
        count = len(named.places)
        return TagLine(tag, named.words, count, is_chosen=count > 1 or named.start < _HEAD)
    words = otherwise.get(fold(tag.name), "")
    if not words:
        return None
    count = len(wording.phrase(keys_of(words)))
    return TagLine(tag, words, max(count, 1), is_chosen=count > 1)


# ------------------------------------------------------------------ related stories


def _related(article: Article, event: Event | None, found: SidebarProposal | None) -> tuple[RelatedLine, ...]:
    """Stories of the desk about the same event, or of the season with boxes of the same cars; the nearest first."""
    if event is None:
        return ()
    numbers = set(map(_printed, found.numbers)) if found else set()
    of_season = SidebarItem.objects.filter(session__event__season=event.season_id).exclude(cars="")
    others = (
        Article.objects.on_the_desk()
        .exclude(pk=article.pk)
        .filter(Q(lead_event=event) | Q(further_events=event) | Q(pk__in=of_season.values("article")))
        .distinct()
        .order_by("-changed_at")
        .only("pk", "title", "changed_at", "lead_event")
        .prefetch_related("further_events", Prefetch("sidebar", queryset=of_season, to_attr="season_boxes"))
    )
    weighed = [_related_line(other, event, numbers) for other in others[:_MOST_LOOKED_AT]]
    lines = sorted((line for line in weighed if line[1].reasons), key=lambda line: -line[0])
    return tuple(line for _weight, line in lines[:_MOST_RELATED])


def _related_line(other: Any, event: Event, numbers: set[str]) -> tuple[int, RelatedLine]:
    is_same = other.lead_event_id == event.pk or any(one.pk == event.pk for one in other.further_events.all())
    shown = {number.strip() for box in other.season_boxes for number in box.cars.split(",")}
    shared = sorted(shown & numbers, key=lambda number: (len(number), number))
    cars = ", ".join(f"#{number}" for number in shared)
    reasons = [_("same event")] if is_same else []
    reasons += [_("also shows %(cars)s") % {"cars": cars}] if shared else []
    return 100 * is_same + len(shared), RelatedLine(other, tuple(reasons))


# ------------------------------------------------------------------ into the form


def form_proposal(
    article: Article | None, person: User | AnonymousUser, *, sheet: FactSheet | None = None
) -> Proposal | None:
    """What the form shows of a stored draft to whoever may see events; None where there is nothing to show."""
    if article is None or article.pk is None or not person.has_perms(RIGHTS):
        return None
    return proposal(article, text_of(article), sheet=sheet)


def with_chosen(sent: QueryDict) -> QueryDict:
    """The form with the chosen lines filled in, where the button was pressed; any other form as it is.

    Keys that name nothing are left to the form, which refuses them. Boxes go behind those that are there.
    """
    if BUTTON not in sent:
        return sent
    data = sent.copy()
    event = sent.get("propose-event", "")
    if event:
        data["lead_event"] = event
    lead = data.get("lead_event", "")
    _add(data, "further_events", [key for key in sent.getlist("propose-further") if key != lead])
    _add(data, "tags", sent.getlist("propose-tag"))
    shown = sent.get("propose-for", "")
    if not event or event == shown:  # the lines of another event than the chosen one are not meant
        for box in _boxes(sent, shown):
            _append(data, box)
    data["_continue"] = "1"
    return data


def comment_of(sent: QueryDict) -> str:
    """What the revision says of a save that took proposals over."""
    return _("Proposals of the text taken over") if BUTTON in sent else ""


def _add(data: QueryDict, name: str, keys: Iterable[str]) -> None:
    known = data.getlist(name)
    data.setlist(name, [*known, *(key for key in dict.fromkeys(keys) if key not in known)])


Box = dict[str, str]


def _boxes(sent: QueryDict, event: str) -> list[Box]:
    """A box for each chosen session and class, one of lap times where asked, the schedule last."""
    sessions = _chosen_sessions(sent, event)
    classes = _chosen_cars(sent)
    wanted, timed = set(sent.getlist("propose-session")), set(sent.getlist("propose-laps"))
    found: list[Box] = []
    for session in sessions:
        for name, numbers in classes.items() if str(session.pk) in wanted else ():
            box = _box(SidebarItem.Kind.CLASSIFICATION, session, numbers) | {"class_name": name}
            found.append(box | {"heading": _heading(session, name, len(classes))})
        if str(session.pk) in timed and classes:
            everybody = [number for numbers in classes.values() for number in numbers]
            found.append(_box(SidebarItem.Kind.LAP_TIMES, session, everybody))
    if event and sent.get("propose-schedule") == event:
        found.append({"kind": SidebarItem.Kind.SCHEDULE.value, "event": event})
    return found


def _chosen_sessions(sent: QueryDict, event: str) -> list[Session]:
    keys = {*sent.getlist("propose-session"), *sent.getlist("propose-laps")}
    wanted = [int(key) for key in keys if re.fullmatch(r"[0-9]{1,18}", key)]
    if not wanted or not re.fullmatch(r"[0-9]{1,18}", event):
        return []
    return list(Session.objects.filter(pk__in=wanted, event=int(event)).order_by("sequence", "starts_at", "pk"))


def _chosen_cars(sent: QueryDict) -> dict[str, list[str]]:
    classes: dict[str, list[str]] = {}
    for value in sent.getlist("propose-car"):
        number, _sign, name = value.partition("|")
        if re.fullmatch(r"[^\s,;|]{1,10}", number):
            numbers = classes.setdefault(name, [])
            numbers.extend([] if number in numbers else [number])
    return classes


def _box(kind: SidebarItem.Kind, session: Session, numbers: Sequence[str]) -> Box:
    return {
        "kind": kind.value,
        "session": str(session.pk),
        "cars": _as_far_as_it_fits(numbers),
        "limit": str(len(numbers)),
    }


def _as_far_as_it_fits(numbers: Sequence[str]) -> str:
    """The numbers that the column holds; the rest is left to the person."""
    cars = ""
    for number in numbers:
        longer = f"{cars}, {number}" if cars else number
        if len(longer) > _LONGEST_CARS:
            break
        cars = longer
    return cars


def _heading(session: Session, name: str, classes: int) -> str:
    return f"{session.name} · {name}"[:_LONGEST_HEADING] if name and classes > 1 else ""


def _append(data: QueryDict, box: Box) -> None:
    """One more row of the sidebar, as the form's own script would add it."""
    total = data.get("sidebar-TOTAL_FORMS", "")
    if not total.isdecimal():
        return  # whoever may not edit boxes has no rows to send
    empty: dict[str, str] = dict.fromkeys(
        ("id", "position", "heading", "session", "event", "series", "checkpoint", "class_name", "cars", "text"), ""
    )
    limit = str(SidebarItem._meta.get_field("limit").default)
    data.update({f"sidebar-{total}-{name}": value for name, value in (empty | {"limit": limit} | box).items()})
    data["sidebar-TOTAL_FORMS"] = str(int(total) + 1)
