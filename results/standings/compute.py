"""Carries a season's championships out: reads what counts, does the arithmetic, writes ledger and tables as a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import cast

import structlog
from django.db import InterfaceError, OperationalError, transaction

from results.importers.loading.copying import copy_in
from results.models import (
    Championship,
    ChampionshipDecision,
    Competitor,
    Computation,
    PointsAward,
    PrintedStanding,
    ScoringEvent,
    Season,
    Standing,
)
from results.points import rules
from results.points.award import DECISION, competitors_of
from results.points.facts import Award, Key, Scoring
from results.points.packs import PackRefused
from results.points.rank import Standing as Line
from results.points.rank import annulments, tables_of
from results.release import database_now
from results.standings.comparison import compare_season
from results.standings.feed import Sheet, Version, scorings_of, sets_of, sheets_of, versions_of
from results.standings.linking import claimed_by_tables, link_tables
from results.standings.rulebook import in_our_keys, pack_of
from results.standings.schedule import Calendar, calendar_of, plan_championships, plan_scorings

log = structlog.get_logger(__name__)

# Whether rows change because championships are being computed, and not because somebody changed them.
_working: ContextVar[bool] = ContextVar("championships are being computed", default=False)


def is_working() -> bool:
    """Whether what is written right now is written by the arithmetic itself."""
    return _working.get()


@contextmanager
def by_itself() -> Iterator[None]:
    """Whatever is written inside sends nobody to compute."""
    token = _working.set(True)
    try:
        yield
    finally:
        _working.reset(token)


class NotComputed(Exception):  # noqa: N818 - reads as the sentence it stands for
    """A championship whose rules can be read, and make something that no table can hold. Nothing of it is stored."""


@transaction.atomic(savepoint=False)
def compute_season(season_id: int) -> None:
    """Computes all championships of a season anew, for every set of results that somebody sees or will see.

    The season is locked first: whoever releases another of its results at the same moment computes after us, with both.
    A championship whose rules cannot be read is left without tables, as if it had no results, and so is one whose tables
    cannot be computed: it never stands in the way of a result. A season that is gone has none.
    """
    locked = Season.objects.select_for_update(no_key=True, of=("self",)).select_related("series")
    season = locked.filter(pk=season_id).first()
    if season is None:
        return
    if pack_of(season.series) is None and not Championship.objects.filter(season=season).exists():
        return
    with by_itself():
        work = SeasonWork(season)
        forget(season_id)
        work.write()
        if work.fresh:
            link_tables(PrintedStanding.objects.filter(season=season, championship=None), work.fresh)
        compare_season(season_id)


def forget(season_id: int, *, championship: int | None = None) -> None:
    """Deletes what was computed for a season, or for one championship of it."""
    mine = {"computation__championship__season": season_id}
    if championship is not None:
        mine = {"computation__championship": championship}
    PointsAward.objects.filter(competitor__in=Competitor.objects.filter(**mine)).delete()
    Standing.objects.filter(competitor__in=Competitor.objects.filter(**mine)).delete()
    Competitor.objects.filter(**mine).delete()
    Computation.objects.filter(**{name.removeprefix("computation__"): key for name, key in mine.items()}).delete()


def set_aside(season_id: int) -> None:
    """Takes away all that comes by itself, so that nothing of it stands on a result that is about to go.

    A championship stays as long as printed tables hang on it or might: what people said of them is about that one.
    The season is locked first, as by whoever computes: of two that rewrite one ledger the second waits.
    """
    with by_itself():
        Season.objects.select_for_update(no_key=True).filter(pk=season_id).first()
        forget(season_id)
        ScoringEvent.objects.filter(championship__season=season_id, is_by_hand=False).delete()
        untouched = Championship.objects.filter(
            season=season_id, is_by_hand=False, public_from__isnull=True, scoring_events__isnull=True,
            decisions__isnull=True, changes__isnull=True,
        )  # fmt: skip
        untouched.exclude(pk__in=claimed_by_tables(season_id)).delete()


@dataclass(frozen=True, slots=True)
class Outcome:
    """A championship on certain versions: its rules in our keys, what was scored, the table after each round.

    `origins` say of each decision whether it was made by hand or taken from the organiser's table.
    """

    championship: Championship
    versions: tuple[int, ...]
    rules: rules.Championship
    scorings: Sequence[Scoring]
    tables: Mapping[int, Sequence[Line]]
    origins: Mapping[int, str]


class SeasonWork:
    """A season's championships with all that they count; about ten queries, whatever the number of races."""

    def __init__(self, season: Season, *, plans: bool = True) -> None:
        """With `plans` what counts is brought in line with pack and calendar first; without, nothing is written."""
        self.fresh = plan_championships(season) if plans else []
        found = Championship.objects.filter(season=season).select_related("racing_class").order_by("sequence", "key")
        self.championships = [one for one in found if is_readable(one)]
        self.calendar: Calendar = calendar_of(season)
        self.counted: dict[int, list[ScoringEvent]] = defaultdict(list)
        stored = ScoringEvent.objects.filter(championship__in=self.championships)
        for one in plan_scorings(self.championships, self.calendar) if plans else stored:
            self.counted[one.championship_id].append(one)
        self.now = database_now()
        places = {(one.session_id, one.checkpoint) for mine in self.counted.values() for one in mine}
        self.versions: dict[int, Version] = {
            one.pk: one for one in versions_of(season, now=self.now) if one.at in places
        }
        self.sheets: Mapping[int, Sheet] = sheets_of(season, self.versions)
        self._decisions: dict[int, list[ChampionshipDecision]] = defaultdict(list)
        for decision in ChampionshipDecision.objects.filter(championship__season=season):
            self._decisions[decision.championship_id].append(decision)

    def outcomes(self, championship: Championship) -> Iterable[Outcome]:
        """A championship on every set of versions that is shown to somebody."""
        places = [(one.session_id, one.checkpoint) for one in self.counted[championship.pk] if one.counts]
        for keys in sorted(sets_of(list(self.versions.values()), places, now=self.now)):
            if keys:  # without a result there is nothing to compute
                yield self.outcome(championship, keys)

    def outcome(self, championship: Championship, keys: tuple[int, ...]) -> Outcome:
        """One championship on these versions."""
        read, scorings = self.scored(championship, keys)
        origins = {one.pk: one.origin for one in self._decisions[championship.pk]}
        return Outcome(championship, keys, read, scorings, tables_of(read, scorings), origins)

    def scored(
        self, championship: Championship, keys: tuple[int, ...], *, instead: Mapping[int, Sheet] | None = None
    ) -> tuple[rules.Championship, list[Scoring]]:
        """The rules and what was scored in these versions; `instead` are other lines for some of them."""
        scorings = scorings_of(
            self.counted[championship.pk], [self.versions[key] for key in keys], {**self.sheets, **(instead or {})},
            self.calendar,
        )  # fmt: skip
        return self.rules(championship, scorings), scorings

    def rules(self, championship: Championship, scorings: Iterable[Scoring]) -> rules.Championship:
        """The rules in our keys, decisions included."""
        return rules_with(championship, self._decisions[championship.pk], scorings, self.calendar.rounds)

    def current(self, championship: Championship) -> tuple[int, ...]:
        """The versions that the desk works on, as far as the championship counts them."""
        places = {(one.session_id, one.checkpoint) for one in self.counted[championship.pk] if one.counts}
        return tuple(one.pk for one in self.versions.values() if one.is_current and one.at in places)

    # -- writing

    def write(self) -> None:
        """Stores all outcomes. A championship that cannot be computed gets none and is logged; the others stand."""
        for championship in self.championships:
            try:
                self.store(championship)
            except NotComputed:
                log.exception("championship_not_computed", championship=championship.pk)

    def store(self, championship: Championship) -> list[Outcome]:
        """Stores the outcomes of one championship, all or none. Raises NotComputed."""
        with its_own_fault(championship), transaction.atomic():
            outcomes = list(self.outcomes(championship))
            self._store(outcomes)
        return outcomes

    def _store(self, outcomes: Sequence[Outcome]) -> None:
        """Set by set: computations, competitors, then the ledger, then the tables on it."""
        computations = Computation.objects.bulk_create(
            Computation(championship=one.championship, versions=list(one.versions)) for one in outcomes
        )
        pages = [_Page(one, computation) for one, computation in zip(outcomes, computations, strict=True)]
        Competitor.objects.bulk_create(one for page in pages for one in page.competitors.values())
        events = {number: event for event, number in self.calendar.rounds.items()}
        copy_in(PointsAward, [award for page in pages for award in page.ledger()])
        copy_in(Standing, [line for page in pages for line in page.standings(events)])


def rules_with(
    championship: Championship,
    decisions: Sequence[ChampionshipDecision],
    scorings: Iterable[Scoring],
    rounds: Mapping[int, int],
) -> rules.Championship:
    """The rules in our keys with these decisions; a crew is meant by each of its drivers. `rounds` by event."""
    crews = set[Key]()
    if decisions and championship.subject == Championship.Subject.CREW:
        of_crews = in_our_keys(championship, decisions=(), rounds=rounds)
        crews = {key for one in scorings for line in one.lines for key in competitors_of(of_crews, line)}
    return in_our_keys(championship, decisions=decisions, rounds=rounds, crews=crews)


def is_readable(championship: Championship) -> bool:
    """Whether the arithmetic can read the rules."""
    try:
        in_our_keys(championship, decisions=(), rounds={})
    except PackRefused:
        return False
    return True


@contextmanager
def its_own_fault(championship: Championship) -> Iterator[None]:
    """Raises NotComputed for what goes wrong inside; what is no fault of the championship, such as a deadlock, as it is."""
    try:
        yield
    except (OperationalError, InterfaceError):
        raise
    except Exception as error:
        raise NotComputed(str(championship)) from error


class _Page:
    """One outcome as rows."""

    def __init__(self, outcome: Outcome, computation: Computation) -> None:
        self._outcome = outcome
        self._provisional = {one.round for one in outcome.scorings if one.is_provisional}
        keys = dict.fromkeys(line.competitor for table in outcome.tables.values() for line in table)
        self.competitors = {key: competitor_row(computation, key) for key in keys}

    def standings(self, events: Mapping[int, int]) -> Iterable[Standing]:
        """The line of each competitor after each round."""
        for number, table in self._outcome.tables.items():
            is_provisional = any(one <= number for one in self._provisional)
            first = table[0].points if table else 0
            for order, line in enumerate(table, start=1):
                yield Standing(
                    competitor=self.competitors[line.competitor], round=number, event_id=events[number],
                    display_order=order, position=line.position, is_tied=line.is_tied, printed=line.printed,
                    points=line.points, gross=line.gross, dropped=line.dropped, wins=line.wins, gap=first - line.points,
                    is_provisional=is_provisional,
                )  # fmt: skip

    def ledger(self) -> Iterable[PointsAward]:
        """Every award once, with the rounds after which it is dropped or annulled."""
        by_competitor: dict[Key, dict[int, list[Award]]] = defaultdict(dict)
        out: dict[Key, set[int]] = defaultdict(set)
        for number, table in self._outcome.tables.items():
            for line in table:
                by_competitor[line.competitor][number] = list(line.awards)
                if line.position is None:
                    out[line.competitor].add(number)
        for competitor, tables in by_competitor.items():
            yield from self._of(competitor, tables, out[competitor])

    def _of(self, competitor: Key, tables: Mapping[int, list[Award]], out: set[int]) -> Iterable[PointsAward]:
        last = max(tables)
        void = [one for one in annulments(self._outcome.rules, competitor) if one[1] <= last]
        whole = _whole(tables, void)
        dropped: list[list[int]] = [[] for _award in whole]
        if not out and not any(award.is_dropped for awards in tables.values() for award in awards):
            tables = {}  # nothing to look for: nothing ever dropped
        void_since = [min((since for until, since in void if award.round <= until), default=None) for award in whole]
        for number, awards in tables.items():
            listed = [
                place
                for place, award in enumerate(whole)
                if award.round <= number and ((since := void_since[place]) is None or number < since)
            ]
            flags = _flags(awards)
            for place in listed:
                if flags[replace(whole[place], is_dropped=False)].pop(0) or number in out:
                    dropped[place].append(number)
        for place, award in enumerate(whole):
            yield self._row(competitor, place, award, dropped[place], void_since[place])

    def _row(
        self, competitor: Key, order: int, award: Award, dropped: list[int], void_since: int | None
    ) -> PointsAward:
        session, checkpoint, decision = None, "", None
        if award.cause == DECISION:
            ref = award.scoring[1] if isinstance(award.scoring, tuple) else None
            decision = ref[1] if isinstance(ref, tuple) else None
        elif isinstance(award.scoring, tuple):
            session, checkpoint = award.scoring
        return PointsAward(
            competitor=self.competitors[competitor], sequence=order + 1, round=award.round, session_id=session,
            checkpoint=checkpoint, entry_id=cast("int | None", award.car), cause=award.cause, place=award.place, base=award.base,
            factor=award.factor, points=award.points, dropped_after=dropped, void_since=void_since,
            origin=self._outcome.origins.get(decision or 0, PointsAward.Origin.COMPUTED), decision_id=decision,
            reason=award.reason,
        )  # fmt: skip


def _flags(awards: Iterable[Award]) -> dict[Award, list[bool]]:
    """Whether each award is dropped; equal ones (two cars at one place) one after the other."""
    found: dict[Award, list[bool]] = defaultdict(list)
    for award in awards:
        found[replace(award, is_dropped=False)].append(award.is_dropped)
    return found


def _whole(tables: Mapping[int, list[Award]], void: Sequence[tuple[int, int]]) -> list[Award]:
    """All awards that ever counted: those of the last table, before them those annulled since, ruling by ruling."""
    annulled: list[Award] = []
    gone = -1  # up to which round they are annulled already
    for until, since in void:
        before = [number for number in tables if number < since]
        annulled += [award for award in tables[max(before)] if gone < award.round <= until] if before else []
        gone = max(gone, until)
    return [*annulled, *tables[max(tables)]]


def competitor_row(computation: Computation, key: Key) -> Competitor:
    """A competitor of the arithmetic as a row."""
    if isinstance(key, tuple) and key and isinstance(key[0], tuple):
        return Competitor(computation=computation, things=[one[1] for one in key])
    if isinstance(key, tuple) and key[0] == "entrant":
        return Competitor(computation=computation, things=[], entrant=str(key[1]))
    if isinstance(key, tuple):
        return Competitor(computation=computation, things=[key[1]])
    return Competitor(computation=computation, things=[], entrant=str(key))  # named by the rules, unknown to us
