"""What the result of a session would be with decisions of the stewards. Nothing here writes.

Decisions are never worked into the lines that other decisions gave. A version remembers its `base`, the lines as they
were imported or entered, and which decisions stand in it; the next one is computed from that base and all decisions that
stand then, at once. So two decisions give the same result whichever came first, and one that falls leaves no trace.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from results import grids, states
from results.chain_lines import LineKey, as_line, as_rows, rows_of_version, rulings_of
from results.differences import CellChange, compare_lines
from results.models import Classification, ClassificationRow, Decision, Session, SessionKind
from results.refusal import ReleaseRefused
from results.release_clock import database_now
from results.rulings import COLUMNS, STRIKES, Line, Ruling, RulingRefused, Verdict, compute, effects_of, overturned

Effects = Mapping[Any, Mapping[LineKey, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a result would be with these decisions. Nothing is stored.

    `before` are the lines readers see, `rows` unsaved lines in their new order. `computed` are the decisions worked into
    them, `contained` those that the base held already and that stand, `fallen` those that stand in the current version
    and would not any more. `changes` is every cell that differs from the current version, `effects` what each decision
    did by line, `doubts` German sentences a person has to look at. `grid` is what follows for the starting grid, if
    anything.
    """

    current: Classification
    base: Classification
    before: Sequence[ClassificationRow]
    rows: Sequence[ClassificationRow]
    computed: Sequence[Decision]
    contained: Sequence[Decision]
    fallen: Sequence[Decision]
    changes: tuple[CellChange, ...]
    effects: Effects
    doubts: tuple[str, ...]
    state: str
    grid: grids.GridProposal | None = None
    fingerprint: str = field(default="")

    @property
    def fresh(self) -> list[Decision]:
        """The decisions that do not stand in the current version."""
        inside = _inside(self.current)
        return [one for one in self.computed if one.pk not in inside]

    @property
    def is_empty(self) -> bool:
        """Whether the result would stay as it is, in its lines and in what stands in it."""
        return not self.changes and not self.fresh and not self.fallen


def decisions_of(session: Session, checkpoint: str = "") -> list[Decision]:
    """Every decision entered for this result, oldest first; warnings and those without a car included."""
    found = Decision.objects.filter(session=session, checkpoint=checkpoint)
    listed = found.select_related("session_entry__entry", "session", "document").defer("document__content")
    return list(listed.order_by("decided_at", "pk"))


def pending(session: Session, checkpoint: str = "") -> list[Decision]:
    """Decisions that could change the result and are not in its current version."""
    current = current_version(session, checkpoint)
    return not_inside(decisions_of(session, checkpoint), _inside(current) if current else set())


def unsettled(session: Session, checkpoint: str = "") -> list[Decision]:
    """What the current version does not follow yet: decisions that are not in it, and those in it that fell."""
    current = current_version(session, checkpoint)
    inside = _inside(current) if current else set()
    return open_of(decisions_of(session, checkpoint), inside)


def open_of(entered: Collection[Decision], inside: Collection[int]) -> list[Decision]:
    """Of the decisions of one result: those missing in a version that holds `inside`, and those in it that fell."""
    fallen = fallen_of(entered)
    missing = {one.pk for one in not_inside(entered, inside)}
    return [one for one in entered if one.pk in missing or (one.pk in fallen and one.pk in inside)]


def not_inside(entered: Collection[Decision], inside: Collection[int]) -> list[Decision]:
    """Of the decisions of one result, those that stand, could change it and are not in `inside`."""
    fallen = fallen_of(entered)
    return [one for one in entered if one.pk not in inside and counts(one) and one.pk not in fallen]


def current_version(session: Session, checkpoint: str = "") -> Classification | None:
    """The released version the desk works on."""
    chain = Classification.objects.filter(session=session, checkpoint=checkpoint, is_current=True)
    related = chain.select_related("session__event__season__series", "base", "base__session")
    return related.prefetch_related("applied", "base__applied").first()


def propose(session: Session, checkpoint: str = "", *, decisions: Collection[Decision] | None = None) -> Proposal:
    """The result with the decisions it holds and these, less those that fell. Without `decisions`: all that are entered.

    A reinstatement that is not among them takes nothing back yet. Raises ReleaseRefused with a German sentence where
    there is no released result, or a decision cannot be worked in.
    """
    current = current_version(session, checkpoint)
    if current is None:
        raise ReleaseRefused(_("There is no released result to which a decision could be applied."))
    if current.state == states.ANNULLED:
        raise ReleaseRefused(_("The result is annulled: no decision changes it. Please go back to a version first."))
    base = current.base or current
    entered = decisions_of(session, checkpoint)
    inside, noted = _inside(current), _contained(base)
    chosen = {one.pk for one in (entered if decisions is None else decisions)} | inside | noted
    considered = [one for one in entered if one.pk in chosen]
    fallen = fallen_of(considered)
    standing = [one for one in considered if one.pk not in fallen]
    computed = [one for one in standing if one.pk not in noted and counts(one)]
    lifted = [one for one in considered if one.pk in noted and one.pk in fallen]
    if lifted and current.session.kind == SessionKind.GRID:
        raise ReleaseRefused(_("A penalty in this starting grid no longer stands. Please form the grid anew."))
    return _proposal(
        current, base, rulings_of(computed, lifted=lifted), computed=computed,
        contained=[one for one in standing if one.pk in noted],
        fallen=[one for one in considered if one.pk in inside and one.pk in fallen],
    )  # fmt: skip


def what_if(session: Session, checkpoint: str = "", *, rulings: Collection[Ruling]) -> Proposal:
    """The result if these rulings came on top of the decisions it holds. Raises ReleaseRefused like `propose`."""
    held = propose(session, checkpoint, decisions=())
    noted = _contained(held.base)
    lifted = [one for one in decisions_of(session, checkpoint) if one.pk in noted] if noted else []
    standing_noted = {one.pk for one in held.contained}
    back = {one.car for one in rulings if one.kind == "reinstated"}
    # A strike that racedesk worked in falls with the reinstatement; one that the lines hold is lifted by it.
    computed = [one for one in held.computed if not (one.kind in STRIKES and one.session_entry_id in back)]
    standing = rulings_of(computed, lifted=[one for one in lifted if one.pk not in standing_noted])
    return _proposal(
        held.current, held.base, [*standing, *rulings], computed=held.computed, contained=held.contained,
        fallen=held.fallen,
    )  # fmt: skip


def counts(decision: Decision) -> bool:
    """Whether a decision can change this result: about a car, no warning, and places on the grid only in a grid."""
    if decision.session_entry_id is None or decision.kind == Decision.Kind.WARNING:
        return False
    return decision.kind != Decision.Kind.GRID or decision.session.kind == SessionKind.GRID


def fallen_of(decisions: Iterable[Decision]) -> frozenset[Any]:
    """The keys of those that no longer stand."""
    return overturned(
        Verdict(
            key=one.pk,
            kind=one.kind,
            car=one.session_entry_id,
            is_appeal_won=one.appeal == Decision.Appeal.WON,
            overturns=one.overturns_id,
            order=_moment(one),
        )
        for one in decisions
    )


def _moment(decision: Decision) -> tuple[float, int]:
    """When it was decided, as far as anybody knows; what is being entered comes last."""
    at = decision.decided_at or decision.entered_at
    return (at.timestamp() if isinstance(at, dt.datetime) else float("inf"), decision.pk or 0)


def _inside(version: Classification) -> set[int]:
    return {one.decision_id for one in version.applied.all()}


def _contained(base: Classification) -> set[int]:
    """What the lines of a base held when they came."""
    return {one.decision_id for one in base.applied.all() if not one.is_computed}


def _proposal(
    current: Classification,
    base: Classification,
    rulings: Sequence[Ruling],
    *,
    computed: Sequence[Decision],
    contained: Sequence[Decision],
    fallen: Sequence[Decision],
) -> Proposal:
    bare = rows_of_version(base)
    lines = [as_line(row) for row in bare]
    how: dict[str, Any] = {
        "timed": current.session.is_timed or current.session.kind == SessionKind.GRID,
        "former": _former(base, lines, {one.car for one in rulings if one.is_lifted and one.kind == "lap_deleted"}),
        "is_complete": base.is_complete,
    }
    try:
        outcome = compute(lines, rulings, **how)
        effects = effects_of(lines, rulings, outcome, COLUMNS, **how)
    except RulingRefused as refusal:
        raise ReleaseRefused(str(refusal)) from refusal
    version = Classification(
        session=current.session, checkpoint=current.checkpoint, state=next_state(current),
        is_complete=base.is_complete, part_names=base.part_names,
    )  # fmt: skip
    rows = as_rows(outcome.lines, bare, version)
    before = rows_of_version(current) if current.pk != base.pk else bare
    changes = tuple(compare_lines(labelled(before), labelled(rows)))
    made = Proposal(
        current=current, base=base, before=before, rows=rows, computed=tuple(computed), contained=tuple(contained),
        fallen=tuple(fallen), changes=changes, effects=effects,
        doubts=(
            *outcome.doubts, *_held_already(lines, rulings), *_left_without_a_time(lines, outcome.lines, rulings),
            *untold(computed),
        ),
        state=version.state, grid=grids.follow(current, rows) if changes else None,
    )  # fmt: skip
    return _with_fingerprint(made)


def next_state(current: Classification) -> str:
    """What the next version of a chain is when nobody says: what was final is amended, what was not is revised."""
    return states.usual_next(current.state)


def labelled(rows: Iterable[ClassificationRow]) -> dict[tuple[str, int], ClassificationRow]:
    """The rows by the car's label and its line."""
    return {(row.session_entry.entry.label, row.line): row for row in rows}


def _former(base: Classification, lines: Sequence[Line], cars: Collection[int]) -> dict[LineKey, Line]:
    """The lines of struck cars, and of those in `cars`, from the newest earlier version in which they were not struck.

    Only versions as they were imported or typed: what decisions made of a line is worked in anew.
    """
    struck = {line.key for line in lines if line.status in STRIKES.values() or line.car in cars}
    if not struck:
        return {}
    rows = (
        ClassificationRow.objects.filter(
            classification__session=base.session_id, classification__checkpoint=base.checkpoint,
            classification__version__lt=base.version, classification__released_at__isnull=False,
            classification__base__isnull=True,
            session_entry__in=[car for car, _line in struck],
        )
        .exclude(status__in=list(STRIKES.values()))
        .select_related("session_entry__entry__racing_class")
        .order_by("classification__version")
    )  # fmt: skip
    return {(row.session_entry_id, row.line): as_line(row) for row in rows}


def _held_already(lines: Sequence[Line], rulings: Iterable[Ruling]) -> Iterable[str]:
    """A penalty that the source seems to have counted in before the desk did."""
    penalties = {line.car: line for line in lines}
    for one in rulings:
        line = penalties.get(one.car)
        if line is None or one.is_lifted:
            continue
        if one.kind == "time" and one.amount and line.penalty_ms >= one.amount:
            yield _("%(car)s: the result holds a time penalty already. Is this decision counted in?") % {
                "car": line.label
            }
        if one.kind == "laps" and one.amount and line.penalty_laps >= one.amount:
            yield _("%(car)s: the result holds a lap penalty already. Is this decision counted in?") % {
                "car": line.label
            }


def _left_without_a_time(before: Iterable[Line], after: Iterable[Line], rulings: Iterable[Ruling]) -> Iterable[str]:
    """Cars whose only known time goes: they may have driven another one that nobody has told."""
    deleted = {one.car for one in rulings if one.kind == "lap_deleted" and not one.is_lifted}
    had = {line.key for line in before if line.best_lap_ms is not None}
    for line in after:
        if line.car in deleted and line.key in had and line.best_lap_ms is None:
            yield _("%(car)s is left without a time. Is the best lap that stands then not known?") % {"car": line.label}


def untold(decisions: Sequence[Decision]) -> Iterable[str]:
    """Decisions that readers may not know of yet: a result with them would tell."""
    now = database_now() if decisions else None
    for one in decisions:
        if now is not None and (one.public_from is None or one.public_from > now):
            yield _("%(decision)s is not public yet, the result would tell of it.") % {"decision": in_words(one)}


def in_words(decision: Decision) -> str:
    """`Entscheidung 27: #7 Zeitstrafe`."""
    car = f"#{decision.session_entry.entry.label} " if decision.session_entry else ""
    number = _("Decision %(number)s: ") % {"number": decision.number} if decision.number else ""
    return f"{number}{car}{decision.get_kind_display()}"


def reason_of(proposal: Proposal) -> str:
    """What came in or fell, in one line; a decision that readers may not see stays unnamed. Empty if nothing did."""
    now = database_now()
    opens = max(now, proposal.current.public_from or now)

    def is_public(decision: Decision) -> bool:
        return decision.public_from is not None and decision.public_from <= opens

    said = [in_words(one) for one in proposal.fresh if is_public(one)]
    said += [_("no longer stands: %(what)s") % {"what": in_words(one)} for one in proposal.fallen if is_public(one)]
    hidden = _("Decision of the stewards") if proposal.fresh or proposal.fallen else ""
    return "; ".join(said)[:300] or hidden


def _with_fingerprint(proposal: Proposal) -> Proposal:
    """A word for exactly what a person saw: the same facts give the same word."""
    seen = (
        proposal.current.pk,
        sorted(one.pk for one in (*proposal.computed, *proposal.contained)),
        sorted(one.pk for one in proposal.fallen),
        [(str(change), change.entry, change.column) for change in proposal.changes],
        proposal.grid.fingerprint if proposal.grid else "",
    )
    object.__setattr__(proposal, "fingerprint", hashlib.sha256(repr(seen).encode()).hexdigest()[:32])
    return proposal
