"""A title as readers may know it: what stands on the tables they see, and the sessions they know to come. Nothing is written.

What costs time is kept by computation and calendar: a release, a withdrawal, an edit makes another computation, and a
session that is shown or called off another calendar. So nothing kept is ever older than what readers may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from results.models import (
    CalendarStatus,
    Championship,
    ChampionshipDecision,
    Classification,
    Computation,
    Entry,
    Event,
    ScoringEvent,
    Session,
)
from results.points import decide, rules
from results.points.award import competitors_of
from results.points.combinations import Combination, combinations_by_pole, combinations_of
from results.points.contention import Race
from results.points.facts import Key, Scoring
from results.points.game import Game
from results.points.prospects import Coming, Contender, Title
from results.standings.compute import rules_with
from results.standings.feed import Version, coming_of, scorings_of, sheets_of
from results.standings.reading import Names
from results.standings.schedule import RACES, Calendar, calendar_of, tags_of
from results.standings.titles import cars_of, with_starters

KEPT = 12  # championships of one process; a large one takes some megabytes
DETAILED = 12  # contenders of whom is said what each needs; with more the season is young


@dataclass(frozen=True, slots=True)
class Scored:
    """What readers see of a championship: its rules, what was scored, and the places of annulled results."""

    rules: rules.Championship
    scorings: tuple[Scoring, ...]
    annulled: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Survey:
    """All that the arithmetic says of a title: how it stands, since when, from when on, by what, and the game.

    `by_pole`: the combinations for each pole, where one is given before the last race; None is somebody else's.

    `is_detailed`: it is open between so few that what each needs was worked out. `is_withheld`: races of which readers do
    not know may change all of it.
    """

    title: Title
    is_detailed: bool
    decided_after: int | None
    earliest: tuple[int, tuple[Key, ...]] | None
    combinations: Mapping[Key, tuple[Combination, ...]]
    race: Race
    game: Game
    by_pole: Mapping[Key | None, Mapping[Key, tuple[Combination, ...]]] = field(default_factory=dict)
    is_withheld: bool = False

    @property
    def can_be_played(self) -> bool:
        """Whether readers get the game: it would call somebody champion, too."""
        return self.game.is_open and not self.is_withheld


@dataclass(frozen=True, slots=True)
class TitleRace:
    """A public championship with its title, names, and the events and sessions by which rounds are called."""

    championship: Championship
    computation: Computation
    survey: Survey
    rules: rules.Championship
    scorings: tuple[Scoring, ...]
    names: Names
    events: Mapping[int, Event]  # by round
    sessions: Mapping[int, Session]

    @property
    def title(self) -> Title:
        return self.survey.title

    @property
    def last_round(self) -> int:
        return max((one.round for one in self.scorings), default=0)

    @property
    def is_provisional(self) -> bool:
        return any(one.is_provisional for one in self.scorings)

    def name_of(self, key: Key) -> str:
        """Who it is; the crew for whom a driver stands."""
        return "/".join(self.names.name_of(one) for one in self.title.crews.get(key, (key,)))

    def event_name(self, number: int) -> str:
        """The event of a round; its number where readers do not know the event any more."""
        event = self.events.get(number)
        return event.name if event else str(number)

    @property
    def next_coming(self) -> Coming | None:
        return self.survey.race.coming[0] if self.survey.race.coming else None

    def session_of(self, coming: Coming) -> Session | None:
        key = coming.key
        return self.sessions.get(key[0]) if isinstance(key, tuple) and isinstance(key[0], int) else None


def title_race(championship: Championship) -> TitleRace | None:
    """The title of a championship for readers; None while none of its tables is public.

    `championship` comes with season and class. About eight queries, and as many again after something has changed.
    """
    computation = Computation.objects.public().filter(championship=championship).first()
    if computation is None:
        return None
    whole = calendar_of(championship.season)
    known = public_part(whole)
    scored = _scored(_Asked(championship, computation, whole))
    counted = [
        one
        for one in ScoringEvent.objects.filter(championship=championship)
        if (one.session_id, one.checkpoint) not in scored.annulled
    ]
    cars = cars_of(championship, scored.scorings)
    coming = [*coming_of(counted, scored.scorings, known, cars=cars), *_races_to_come(scored, known, cars=cars)]
    rounds = {known.rounds[one.pk]: one.pk for one in known.events}
    coming = with_starters(championship, coming, scored.scorings, rounds, entries=Entry.objects.public())
    coming.sort(key=lambda one: one.round)
    survey = _survey(computation.pk, _Held(scored), tuple(coming))
    all_ahead = coming_of(counted, scored.scorings, whole, cars=cars)
    if _is_more(all_ahead, coming):
        is_sure = survey.title.is_decided and _is_decided(scored, tuple(all_ahead))
        # Decided all the same, but with a race more perhaps one round later than with those that readers know.
        survey = replace(survey, decided_after=None) if is_sure else _withheld(survey)
    names = Names.of(championship, [one.competitor for one in survey.race.table])
    events = {known.rounds[one.pk]: one for one in known.events}
    return TitleRace(championship, computation, survey, scored.rules, scored.scorings, names, events, known.sessions)


def public_part(calendar: Calendar) -> Calendar:
    """What readers may know of a season's calendar; rounds keep the numbers by which rules and tables know them."""
    seasons = {one.season_id for one in calendar.events}
    events = set(Event.objects.public().filter(season__in=seasons).values_list("pk", flat=True))
    sessions = set(Session.objects.public().filter(event__in=events).values_list("pk", flat=True))
    shown = [one for one in calendar.events if one.pk in events and one.status != CalendarStatus.CANCELLED]
    return Calendar(
        shown,
        {
            pk: one
            for pk, one in calendar.sessions.items()
            if pk in sessions and CalendarStatus.CANCELLED not in {one.status, one.event.status}
        },
        calendar.rounds,
    )


def _races_to_come(scored: Scored, known: Calendar, *, cars: int) -> Iterable[Coming]:
    """Events of which readers know sessions but no race yet: a race belongs to them all the same."""
    with_race = {one.event_id for one in known.sessions.values() if one.kind in RACES}
    with_sessions = {one.event_id for one in known.sessions.values()}
    done = {one.round for one in scored.scorings}
    for event in known.events:
        number = known.rounds[event.pk]
        if event.pk in with_sessions - with_race and number not in done:
            yield Coming(("event", event.pk), number, tags=frozenset(tags_of(event, None, None)), cars=cars)


# ------------------------------------------------------------------ kept


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """A computation with what is at hand for reading it; equal if it is the same one."""

    championship: Championship
    computation: Computation
    calendar: Calendar

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self.computation.pk == other.computation.pk

    def __hash__(self) -> int:
        return hash(self.computation.pk)


@dataclass(frozen=True, slots=True, eq=False)
class _Held:
    """Rides along with the key of its computation and is no part of it."""

    scored: Scored

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held)

    def __hash__(self) -> int:
        return 0


def scored_for_readers(championship: Championship, computation: Computation) -> Scored:
    """What a public computation stands on; `championship` comes with season and class."""
    return _scored(_Asked(championship, computation, calendar_of(championship.season)))


@lru_cache(maxsize=KEPT)
def _scored(asked: _Asked) -> Scored:
    """What a computation stands on. Its versions never change, and whatever else does makes another computation."""
    championship = asked.championship
    rows = Classification.objects.filter(pk__in=asked.computation.versions).order_by("pk")
    versions = [
        Version(pk, (session, checkpoint), state, is_current=True, opens=None, closes=None)
        for pk, session, checkpoint, state in rows.values_list("pk", "session", "checkpoint", "state")
    ]
    counted = ScoringEvent.objects.filter(championship=championship)
    sheets = sheets_of(championship.season, asked.computation.versions)
    scorings = tuple(scorings_of(counted, versions, sheets, asked.calendar))
    decisions = list(ChampionshipDecision.objects.filter(championship=championship))
    read = rules_with(championship, decisions, scorings, asked.calendar.rounds)
    annulled = (one.at for one in versions if one.state == Classification.State.ANNULLED)
    return Scored(_about_seen(read, scorings), scorings, frozenset(annulled))


def _about_seen(read: rules.Championship, scorings: Sequence[Scoring]) -> rules.Championship:
    """The rules without decisions about somebody whom no result that readers see has named."""
    seen = {competitor for one in scorings for line in one.lines for competitor in competitors_of(read, line)}
    return replace(read, adjustments=tuple(one for one in read.adjustments if one.competitor in seen))


def _is_decided(scored: Scored, coming: tuple[Coming, ...]) -> bool:
    """Whether the title is decided with all that is to come, races of which readers do not know yet included."""
    return decide.title_of(scored.rules, scored.scorings, coming, details=False).is_decided


def _is_more(ahead: Sequence[Coming], known: Sequence[Coming]) -> bool:
    """Whether more is to come than readers know, or something that counts in another way."""
    return bool(Counter(map(_kind_of, ahead)) - Counter(map(_kind_of, known)))


def _kind_of(one: Coming) -> tuple[object, ...]:
    return one.round, one.kind, one.checkpoint, one.tags, one.table, one.factor


def _withheld(survey: Survey) -> Survey:
    """The same without anything that races can change of which readers do not know: it says who leads and no more."""
    title = survey.title
    leaders = [title.champion] if title.champion is not None else [one.competitor for one in title.contenders[:1]]
    title = Title(None, tuple(Contender(one, None, {}) for one in leaders), title.crews)
    return replace(
        survey,
        title=title,
        is_detailed=False,
        decided_after=None,
        earliest=None,
        combinations={},
        by_pole={},
        is_withheld=True,
    )


@lru_cache(maxsize=KEPT)
def _survey(computation: int, held: _Held, coming: tuple[Coming, ...]) -> Survey:
    """The arithmetic for a computation and what lies ahead."""
    read, scorings = held.scored.rules, held.scored.scorings
    race = decide.race_of(read, scorings, coming)
    champion, order = race.outcome()
    decided = decide.decided_after(read, scorings, coming) if champion is not None else None
    detailed = champion is None and len(order) <= DETAILED and race.is_provable
    contenders = [race.contender(one, order) if detailed else Contender(one, None, {}) for one in order]
    game = Game(read, race, order)
    return Survey(
        title=Title(champion, tuple(contenders), race.crews),
        is_detailed=detailed,
        decided_after=decided[1] if decided else None,
        earliest=decide.earliest_of(race, order) if detailed else None,
        combinations=combinations_of(read, race, game.cars) if detailed else {},
        by_pole=combinations_by_pole(read, race, game.cars) if detailed else {},
        race=race,
        game=game,
    )
