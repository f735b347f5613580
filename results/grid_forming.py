"""Forming the starting grid from a qualifying and the penalties for the grid, and where such a penalty belongs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.amending import enter_rows
from results.chain_lines import rows_of_version, rulings_of
from results.locking import lock_sessions
from results.models import Classification, ClassificationRow, Decision, Session, SessionEntry, SessionKind
from results.names import RESERVED_SESSIONS, free_slug
from results.proposal import current_version, fallen_of, in_words, next_state, untold
from results.refusal import ReleaseRefused
from results.release_clock import opening_of
from results.rulings import Line, RulingRefused, compute

RACES = frozenset({SessionKind.RACE, SessionKind.SPRINT})
State = Classification.State


@dataclass(frozen=True, slots=True)
class FormedGrid:
    """The version of the grid, the penalties in it, and what a person has to look at: German sentences."""

    version: Classification
    penalties: tuple[Decision, ...]
    doubts: tuple[str, ...]


def grid_of(session: Session) -> Session | None:
    """The starting grid to which a penalty for the grid belongs that was given in this session; None where none is set."""
    if session.kind == SessionKind.GRID:
        return session
    race = race_of(session)
    if race is None:
        return None
    grids = [one for one in _in_order(race) if one.kind == SessionKind.GRID and one.sequence <= race.sequence]
    earlier = [one for one in _in_order(race) if one.kind in RACES and one.pk != race.pk]
    # The grid of an earlier race of the weekend is not ours.
    own = [grid for grid in grids if not any(grid.sequence <= one.sequence < race.sequence for one in earlier)]
    return own[-1] if own else None


def race_of(session: Session) -> Session | None:
    """The race that starts from this qualifying or grid: itself, or the next one of the weekend."""
    if session.kind in RACES:
        return session
    races = [one for one in _in_order(session) if one.kind in RACES and one.sequence >= session.sequence]
    return races[0] if races else None


def qualifying_of(race: Session) -> Session | None:
    """The last qualifying before a race that has a released result."""
    known = [
        one
        for one in _in_order(race)
        if one.kind == SessionKind.QUALIFYING and one.sequence <= race.sequence and current_version(one) is not None
    ]
    return known[-1] if known else None


def has_result(session: Session) -> bool:
    """Whether a result of the session is released, embargoed or not."""
    return Classification.objects.current().filter(session=session, checkpoint="").exists()


def _in_order(session: Session) -> list[Session]:
    return list(Session.objects.filter(event=session.event_id).order_by("sequence", "starts_at", "pk"))


def seen_of(qualifying: Session, race: Session) -> str:
    """A word for what a grid would be formed from and over, as a person sees it now."""
    source, grid = current_version(qualifying), grid_of(race)
    over = Classification.objects.filter(session=grid, checkpoint="").order_by("-version").first() if grid else None
    penalties = sorted(one.pk for one in _penalties(qualifying, race, grid))
    return f"{source.pk if source else 0}/{over.pk if over else 0}/{','.join(map(str, penalties))}"


def penalties_for(qualifying: Session, race: Session) -> tuple[list[Decision], list[str]]:
    """The penalties that would be worked in, and which of them readers may not know of yet, as German sentences."""
    found = _penalties(qualifying, race, grid_of(race))
    return found, list(untold(found))


@transaction.atomic
def form_grid(qualifying: Session, *, race: Session, by: User, seen: str | None = None) -> FormedGrid:
    """Makes the starting grid of a race from the released result of a qualifying and the penalties for the grid.

    The session of the grid is made where there is none; a grid that stands becomes the next version. Penalties entered
    for the qualifying or the race move to the grid. Readers see it no sooner than the qualifying. `seen` is what a
    person looked at (`seen_of`). Raises ReleaseRefused where that is another by now, the qualifying has no result or the
    race has one.
    """
    lock_sessions(Session.objects.filter(event=race.event_id))
    entered = Decision.objects.filter(session__event=race.event_id, kind=Decision.Kind.GRID).order_by("pk")
    list(entered.select_for_update(of=("self",), no_key=True).values_list("pk"))
    if seen is not None and seen != seen_of(qualifying, race):
        raise ReleaseRefused(_("The result has changed since you looked at it. Please look again."))
    source = current_version(qualifying)
    if qualifying.kind != SessionKind.QUALIFYING or source is None or source.state == State.ANNULLED:
        raise ReleaseRefused(_("There is no released result of a qualifying to form the grid from."))
    if has_result(race):
        raise ReleaseRefused(_("%(race)s has a result already: its grid no longer changes.") % {"race": race.name})
    grid = grid_of(race) or _new_grid(race, source)
    placed, left_out = _placed(source)
    cars = {row.session_entry.entry_id: _car(grid, row) for row in placed}
    penalties = _penalties(qualifying, race, grid)
    for one in penalties:
        _move(one, grid, cars)
    standing = [one for one in penalties if one.session_id == grid.pk]
    lines = _lines(placed, cars)
    try:
        outcome = compute(lines, rulings_of(standing), timed=True)
    except RulingRefused as refusal:
        raise ReleaseRefused(str(refusal)) from refusal
    former, opens = current_version(grid), opening_of(source)
    newest = Classification.objects.filter(session=grid, checkpoint="").order_by("-version").first()
    version = enter_rows(
        grid, rows=_rows(outcome.lines, placed, cars), by=by, expected=newest.version if newest else None,
        release=opens is not None or grid.public_from is None,
        reason=_("from %(session)s, version %(version)s") % {"session": qualifying.name, "version": source.version},
        state=next_state(former) if former else State.PROVISIONAL, is_complete=source.is_complete and not left_out,
        held=standing, not_before=opens,
    )  # fmt: skip
    doubts = [*outcome.doubts, *_left_out(left_out), *_lost(penalties, standing), *untold(standing)]
    return FormedGrid(version, tuple(standing), tuple(doubts))


def _new_grid(race: Session, source: Classification) -> Session:
    """The session of the grid, right before its race and seen no sooner than race and qualifying."""
    sessions = _in_order(race)
    name = _("Starting grid")
    if sum(one.kind in RACES for one in sessions) > 1:
        name = f"{name} {race.name}"
    keys = {one.key for one in sessions}
    key = next(one for one in ("GRID", *(f"GRID{number}" for number in range(2, len(keys) + 3))) if one not in keys)
    moments = [race.public_from, opening_of(source)]
    grid = Session.objects.create(
        event=race.event, key=key, name=name, kind=SessionKind.GRID, local_date=race.local_date,
        slug=free_slug(name, {one.slug for one in sessions} | RESERVED_SESSIONS, limit=70),
        public_from=None if None in moments else max(one for one in moments if one is not None),
    )  # fmt: skip
    place = [one.pk for one in sessions].index(race.pk)
    for sequence, one in enumerate([*sessions[:place], grid, *sessions[place:]], start=1):
        if one.sequence != sequence:
            Session.objects.filter(pk=one.pk).update(sequence=sequence)
            one.sequence = sequence
    return grid


def _placed(source: Classification) -> tuple[list[ClassificationRow], list[ClassificationRow]]:
    """The cars with a place in the qualifying, in order, and those without; of a shared car the first line."""
    first: dict[int, ClassificationRow] = {}
    for row in rows_of_version(source):
        first.setdefault(row.session_entry_id, row)
    placed = sorted((row for row in first.values() if row.position), key=lambda row: row.position or 0)
    return placed, [row for row in first.values() if not row.position]


def _car(grid: Session, row: ClassificationRow) -> SessionEntry:
    car, _created = SessionEntry.objects.get_or_create(session=grid, entry=row.session_entry.entry)
    return car


def _penalties(qualifying: Session, race: Session, grid: Session | None) -> list[Decision]:
    """The penalties for the grid that stand, wherever they were entered; those of a result stay with it."""
    at = [one for one in (qualifying, race, grid) if one is not None]
    entered = list(
        Decision.objects.filter(session__in=at, checkpoint="")
        .select_related("session", "session_entry__entry")
        .order_by("pk")
    )
    fallen = fallen_of(entered)
    return [
        one
        for one in entered
        if one.kind == Decision.Kind.GRID and one.session_entry_id is not None and one.pk not in fallen
    ]


def _move(decision: Decision, grid: Session, cars: dict[int, SessionEntry]) -> None:
    car = cars.get(decision.session_entry.entry_id) if decision.session_entry else None
    if decision.session_id != grid.pk and car is not None:
        decision.session, decision.session_entry = grid, car
        decision.save(update_fields=["session", "session_entry"])


def _lines(placed: Sequence[ClassificationRow], cars: dict[int, SessionEntry]) -> list[Line]:
    """As many places as cars; who has no place in class in the qualifying has none on the grid."""
    counters: dict[int | None, int] = {}
    lines = []
    for place, row in enumerate(placed, start=1):
        entry, in_class = row.session_entry.entry, None
        if row.class_position is not None:
            in_class = counters[entry.racing_class_id] = counters.get(entry.racing_class_id, 0) + 1
        lines.append(
            Line(
                car=cars[entry.pk].pk, line=1, label=f"#{entry.label}", position=place, class_position=in_class,
                racing_class=entry.racing_class.slug if entry.racing_class else "",
            )
        )  # fmt: skip
    return lines


def _rows(
    lines: Iterable[Line], placed: Sequence[ClassificationRow], cars: dict[int, SessionEntry]
) -> list[ClassificationRow]:
    by_car = {cars[row.session_entry.entry_id].pk: row.session_entry.entry for row in placed}
    made = []
    for line in lines:
        car = cars[by_car[line.car].pk]
        car.entry = by_car[line.car]
        made.append(
            ClassificationRow(
                session_entry=car, status=line.status, position=line.position, class_position=line.class_position
            )
        )
    return made


def _left_out(rows: Sequence[ClassificationRow]) -> Iterable[str]:
    for row in rows:
        yield _("%(car)s has no place in the qualifying and is not on the grid. Please add it by hand.") % {
            "car": f"#{row.session_entry.entry.label}"
        }


def _lost(penalties: Sequence[Decision], standing: Sequence[Decision]) -> Iterable[str]:
    kept = {one.pk for one in standing}
    for one in penalties:
        if one.pk not in kept:
            yield _("%(decision)s: the car is not on the grid, nothing was worked in.") % {"decision": in_words(one)}
