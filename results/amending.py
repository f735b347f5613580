"""Working decisions of the stewards into a result, and typing in a result by hand: the next version of the chain.

Decisions are never worked into the lines that other decisions gave. A version remembers its `base`, the lines as they
were imported or entered, and which decisions stand in it; the next one is computed from that base and all decisions that
stand then, at once. So two decisions give the same result whichever came first, and one that falls leaves no trace.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results import grids
from results.chain_lines import LineKey, as_line, as_rows, rows_of_version, rulings_of
from results.differences import CellChange, compare_heads, compare_lines
from results.models import (
    AppliedDecision,
    Classification,
    ClassificationRow,
    Decision,
    DecisionEffect,
    Session,
    SessionKind,
    SourceDocument,
)
from results.release import ReleaseRefused, publish_version, working_version
from results.rulings import COLUMNS, STRIKES, Line, Ruling, RulingRefused, Verdict, compute, effects_of, overturned

State = Classification.State
Effects = Mapping[Any, Mapping[LineKey, tuple[str, ...]]]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a result would be with these decisions. Nothing is stored.

    `rows` are unsaved lines in their new order, `computed` the decisions worked into them, `contained` those that the
    base held already, `changes` every cell that differs from the current version, `effects` what each decision did by
    line, `doubts` German sentences a person has to look at. `grid` is what follows for the starting grid, if anything.
    """

    current: Classification
    base: Classification
    rows: Sequence[ClassificationRow]
    computed: Sequence[Decision]
    contained: Sequence[Decision]
    changes: tuple[CellChange, ...]
    effects: Effects
    doubts: tuple[str, ...]
    state: str
    grid: grids.GridProposal | None = None
    fingerprint: str = field(default="")

    @property
    def is_empty(self) -> bool:
        """Whether the result would stay as it is, in its lines and in what stands in it."""
        return not self.changes and {one.pk for one in self.computed} == _computed_in(self.current)


def decisions_of(session: Session, checkpoint: str = "") -> list[Decision]:
    """Every decision entered for this result, oldest first; warnings and those without a car included."""
    found = Decision.objects.filter(session=session, checkpoint=checkpoint)
    return list(found.select_related("session_entry__entry", "document").order_by("decided_at", "pk"))


def pending(session: Session, checkpoint: str = "") -> list[Decision]:
    """Decisions that could change the result and are not in its current version."""
    current = current_version(session, checkpoint)
    inside = set(current.applied.values_list("decision", flat=True)) if current else set()
    listed = decisions_of(session, checkpoint)
    fallen = _fallen(listed)
    return [one for one in listed if one.pk not in inside and _counts(one) and one.pk not in fallen]


def current_version(session: Session, checkpoint: str = "") -> Classification | None:
    """The released version the desk works on."""
    chain = Classification.objects.filter(session=session, checkpoint=checkpoint, is_current=True)
    return chain.select_related("session__event__season__series", "base").first()


def propose(session: Session, checkpoint: str = "", *, decisions: Collection[Decision] | None = None) -> Proposal:
    """The result with the decisions it holds and these, less those that fell. Without `decisions`: all that are entered.

    Raises ReleaseRefused with a German sentence where there is no released result, or a decision cannot be worked in.
    """
    current = current_version(session, checkpoint)
    if current is None:
        raise ReleaseRefused(_("There is no released result to which a decision could be applied."))
    base = current.base or current
    entered = decisions_of(session, checkpoint)
    inside = {one.decision_id: one.is_computed for one in current.applied.all()}
    chosen = {one.pk for one in (entered if decisions is None else decisions)} | set(inside)
    fallen = _fallen(entered)
    contained = [one for one in entered if inside.get(one.pk) is False]
    standing = [
        one
        for one in entered
        if one.pk in chosen and one.pk not in fallen and inside.get(one.pk) is not False and _counts(one)
    ]
    lifted = [one for one in contained if one.pk in fallen]
    rulings = rulings_of(standing, lifted=lifted)
    return _proposal(current, base, rulings, standing, contained)


def what_if(session: Session, checkpoint: str = "", *, rulings: Collection[Ruling]) -> Proposal:
    """The result if these rulings came on top of the decisions it holds. Raises ReleaseRefused like `propose`."""
    held = propose(session, checkpoint, decisions=())
    standing = rulings_of(held.computed, lifted=[one for one in held.contained if one.pk in _fallen(held.contained)])
    return _proposal(held.current, held.base, [*standing, *rulings], held.computed, held.contained)


def _counts(decision: Decision) -> bool:
    """Whether a decision can change a result: about a car, and no warning."""
    return decision.session_entry_id is not None and decision.kind != Decision.Kind.WARNING


def _fallen(decisions: Iterable[Decision]) -> frozenset[Any]:
    return overturned(
        Verdict(one.pk, one.kind, one.session_entry_id, one.appeal == Decision.Appeal.WON, one.overturns_id)
        for one in decisions
    )


def _computed_in(version: Classification) -> set[int]:
    return {one.decision_id for one in version.applied.all() if one.is_computed}


def _proposal(
    current: Classification,
    base: Classification,
    rulings: Sequence[Ruling],
    computed: Sequence[Decision],
    contained: Sequence[Decision],
) -> Proposal:
    before = rows_of_version(base)
    lines = [as_line(row) for row in before]
    how: dict[str, Any] = {
        "timed": current.session.is_timed or current.session.kind == SessionKind.GRID,
        "former": _former(base, lines),
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
    rows = as_rows(outcome.lines, before, version)
    shown = rows_of_version(current) if current.pk != base.pk else before
    changes = tuple(compare_lines(_labelled(shown), _labelled(rows)))
    grid = grids.follow(current, rows) if changes else None
    made = Proposal(
        current, base, rows, tuple(computed), tuple(contained), changes, effects,
        (*outcome.doubts, *_held_already(lines, rulings)), version.state, grid,
    )  # fmt: skip
    return _with_fingerprint(made)


def next_state(current: Classification) -> str:
    """What the next version of a chain is when nobody says: what was final is amended, what was not is revised."""
    return State.REVISED if current.state in {State.PROVISIONAL, State.REVISED} else State.AMENDED


def _labelled(rows: Iterable[ClassificationRow]) -> dict[tuple[str, int], ClassificationRow]:
    return {(row.session_entry.entry.label, row.line): row for row in rows}


def _former(base: Classification, lines: Sequence[Line]) -> dict[LineKey, Line]:
    """The lines of struck cars from the newest earlier version in which they were not struck."""
    struck = {line.key for line in lines if line.status in STRIKES.values()}
    if not struck:
        return {}
    rows = (
        ClassificationRow.objects.filter(
            classification__session=base.session_id, classification__checkpoint=base.checkpoint,
            classification__version__lt=base.version, classification__released_at__isnull=False,
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


def _with_fingerprint(proposal: Proposal) -> Proposal:
    """A word for exactly what a person saw: the same facts give the same word."""
    seen = (
        proposal.current.pk,
        sorted(one.pk for one in proposal.computed),
        [(str(change), change.entry, change.column) for change in proposal.changes],
        proposal.grid.fingerprint if proposal.grid else "",
    )
    object.__setattr__(proposal, "fingerprint", hashlib.sha256(repr(seen).encode()).hexdigest()[:32])
    return proposal


# ------------------------------------------------------------------ writing


@transaction.atomic
def apply_decisions(
    session: Session,
    checkpoint: str = "",
    *,
    decisions: Collection[Decision] | None = None,
    by: User,
    reason: str = "",
    state: str = "",
    seen: str | None = None,
    with_grid: bool = True,
) -> Classification:
    """Commits what `propose` shows as the next version, released like its predecessor, every changed line linked.

    `seen` is the fingerprint of the proposal a person looked at. Raises ReleaseRefused where it is another one by now,
    where nothing would change, or where `propose` refuses.
    """
    _lock(session)
    proposal = propose(session, checkpoint, decisions=decisions)
    if seen is not None and proposal.fingerprint != seen:
        raise ReleaseRefused(_("The result has changed since you looked at it. Please look again."))
    if proposal.is_empty:
        raise ReleaseRefused(_("These decisions change nothing in the result."))
    version = _write(
        proposal.current, proposal.rows, by=by, reason=reason.strip() or reason_of(proposal), state=state or proposal.state,
        base=proposal.base, document=_document_of(proposal), applied=_applied(proposal), effects=proposal.effects,
        changes=proposal.changes,
    )  # fmt: skip
    if with_grid and proposal.grid is not None:
        _write_grid(proposal.grid, cause=version, by=by)
    return version


def _applied(proposal: Proposal) -> list[AppliedDecision]:
    return [
        *(AppliedDecision(decision=one, is_computed=True) for one in proposal.computed),
        *(AppliedDecision(decision=one, is_computed=False) for one in proposal.contained),
    ]


def _document_of(proposal: Proposal) -> SourceDocument | None:
    """The paper of the newest decision that came in, else that of the lines."""
    fresh = [one for one in proposal.computed if one.pk not in _computed_in(proposal.current)]
    papers = [one.document for one in fresh if one.document is not None]
    return papers[-1] if papers else proposal.base.document


def reason_of(proposal: Proposal) -> str:
    """`Entscheidung 27: #7 Zeitstrafe`: what came in or fell, in one line."""
    inside = _computed_in(proposal.current)
    fresh = [one for one in proposal.computed if one.pk not in inside]
    gone = [one for one in decisions_of(proposal.current.session, proposal.current.checkpoint)
            if one.pk in inside and one.pk not in {kept.pk for kept in proposal.computed}]  # fmt: skip
    said = [_in_words(one) for one in fresh] + [
        _("no longer stands: %(what)s") % {"what": _in_words(one)} for one in gone
    ]
    return "; ".join(said)[:300]


def _in_words(decision: Decision) -> str:
    car = f"#{decision.session_entry.entry.label} " if decision.session_entry else ""
    number = _("Decision %(number)s: ") % {"number": decision.number} if decision.number else ""
    return f"{number}{car}{decision.get_kind_display()}"


@transaction.atomic
def enter_rows(
    session: Session,
    checkpoint: str = "",
    *,
    rows: Sequence[ClassificationRow],
    by: User,
    reason: str,
    state: str,
    expected: int | None,
    release: bool,
    is_complete: bool = True,
    part_names: Sequence[str] = (),
) -> Classification:
    """Stores typed lines, in their order, as the next version; `expected` is the version they were typed over, or None.

    The decisions that stood stay noted as held by the lines. Raises ReleaseRefused where another version came in
    between, where nothing changed, or where readers would see a change without a reason.
    """
    _lock(session)
    newest = _chain(session, checkpoint).order_by("-version").first()
    if (newest.version if newest else None) != expected:
        raise ReleaseRefused(_("Somebody else has saved another version meanwhile."))
    current = _chain(session, checkpoint).filter(is_current=True).first()
    for order, row in enumerate(rows, start=1):
        row.display_order = order
    head = Classification(
        session=session, checkpoint=checkpoint, state=state, is_complete=is_complete, part_names=list(part_names)
    )
    base = current if release else working_version(session, checkpoint)
    changes: tuple[CellChange, ...] = ()
    if base is not None:
        changes = (*compare_heads(base, head), *compare_lines(_labelled(rows_of_version(base)), _labelled(rows)))
        if not changes:
            raise ReleaseRefused(_("Nothing has changed."))
    if release and current is not None and not reason.strip():
        raise ReleaseRefused(_("A reason is needed: readers see version %(version)s.") % {"version": current.version})
    held = (
        [AppliedDecision(decision_id=one.decision_id, is_computed=False) for one in base.applied.all()] if base else []
    )
    return _write(
        newest, rows, by=by, reason=reason.strip(), state=state, base=None, document=None, applied=held, effects={},
        changes=changes, head=head, release=release,
    )  # fmt: skip


@transaction.atomic
def note_as_contained(version: Classification, decision: Decision) -> None:
    """Notes that the lines of a version hold a decision already, so that it is not worked in a second time.

    Raises ReleaseRefused where it stands in that version, or belongs to another result.
    """
    _lock(version.session)
    if (decision.session_id, decision.checkpoint) != (version.session_id, version.checkpoint):
        raise ReleaseRefused(_("This decision belongs to another result."))
    if version.applied.filter(decision=decision).exists():
        raise ReleaseRefused(_("This decision stands in the result already."))
    if version.base_id is not None:
        raise ReleaseRefused(_("This version was computed: its lines hold only the decisions that are named."))
    AppliedDecision.objects.create(classification=version, decision=decision, is_computed=False)


def _write(
    previous: Classification | None,
    rows: Sequence[ClassificationRow],
    *,
    by: User,
    reason: str,
    state: str,
    base: Classification | None,
    document: SourceDocument | None,
    applied: Sequence[AppliedDecision],
    effects: Effects,
    changes: tuple[CellChange, ...],
    head: Classification | None = None,
    release: bool = True,
) -> Classification:
    made = head or rows[0].classification
    newest = _chain(made.session, made.checkpoint).order_by("-version").values_list("version", flat=True).first()
    made.version, made.state, made.reason, made.base = (newest or 0) + 1, state, reason, base
    made.document, made.created_by, made.import_run = document, by, None
    made.save()
    for row in rows:
        row.pk, row.classification = None, made
        row._state.adding = True  # noqa: SLF001 - how Django documents the copying of a row
    ClassificationRow.objects.bulk_create(rows)
    for one in applied:
        one.classification = made
    AppliedDecision.objects.bulk_create(applied)
    DecisionEffect.objects.bulk_create(
        DecisionEffect(
            classification=made, decision_id=decision, session_entry_id=car, line=line, columns=list(columns)
        )
        for decision, lines in effects.items()
        for (car, line), columns in lines.items()
    )
    if release:
        heads = tuple(compare_heads(previous, made)) if previous is not None and head is None else ()
        publish_version(made, changes=(*heads, *changes))
    return made


def _write_grid(grid: grids.GridProposal, *, cause: Classification, by: User) -> Classification:
    why = _("follows from %(session)s, version %(version)s") % {"session": cause.session.name, "version": cause.version}
    head = Classification(
        session=grid.current.session, checkpoint="", is_complete=grid.current.is_complete,
        part_names=grid.current.part_names,
    )  # fmt: skip
    held = [AppliedDecision(decision_id=one.decision_id, is_computed=False) for one in grid.current.applied.all()]
    return _write(
        grid.current, grid.rows, by=by, reason=why, state=next_state(grid.current), base=None, document=cause.document,
        applied=held, effects={}, changes=grid.changes, head=head,
    )  # fmt: skip


def _chain(session: Session, checkpoint: str) -> Any:
    return Classification.objects.filter(session=session, checkpoint=checkpoint)


def _lock(session: Session) -> None:
    """Versions of a session come one after the other, whoever makes them."""
    Session.objects.select_for_update(no_key=True).only("pk").get(pk=session.pk)
