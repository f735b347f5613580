"""What stands twice when two become one: which of two rows goes, or why the merge is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from results.identity.references import IdentityRefused, Reference
from results.models import (
    CrewMember,
    DriverAlias,
    DriverGrade,
    DriverShare,
    Lap,
    SessionCrewMember,
    SessionEntry,
    TeamSuccession,
)


def clashes(reference: Reference, kept: int, other: int) -> Iterable[tuple[Any, Any]]:
    """Rows of the two that may not stand side by side under one owner: (row of the kept one, row of the other)."""
    for fields in _unique_with(reference):
        mine = {_values(row, fields): row for row in reference.rows(kept)}
        for theirs in reference.rows(other).order_by("pk"):
            twin = mine.get(_values(theirs, fields))
            if twin is not None:
                yield twin, theirs


def surplus(mine: models.Model, theirs: models.Model) -> models.Model:
    """The row that goes; IdentityRefused where a person has to decide first."""
    resolve = RESOLVE.get(type(mine))
    if resolve is None:
        raise IdentityRefused(
            _("Both have a row of “%(kind)s” where only one may stand (%(row)s). Please settle that first.")
            % {"kind": mine._meta.verbose_name, "row": theirs}
        )
    return resolve(mine, theirs)


def _unique_with(reference: Reference) -> Iterable[list[str]]:
    """The other columns of each uniqueness that the reference takes part in."""
    field = next(one for one in reference.model._meta.concrete_fields if one.attname == reference.column)
    if field.unique:
        yield []
    for constraint in reference.model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint) and field.name in constraint.fields:
            yield [name for name in constraint.fields if name != field.name]


def _values(row: models.Model, fields: list[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, row._meta.get_field(name).attname) for name in fields)  # type: ignore[union-attr]


def _second(_mine: models.Model, theirs: models.Model) -> models.Model:
    """Both say the same."""
    return theirs


def _same_grade(mine: DriverGrade, theirs: DriverGrade) -> models.Model:
    if mine.grade != theirs.grade:
        raise IdentityRefused(
            _("In %(season)s one is rated %(mine)s, the other %(theirs)s. Please correct one of the two first.")
            % {
                "season": mine.season,
                "mine": mine.get_grade_display(),
                "theirs": theirs.get_grade_display(),
            }
        )
    return theirs


def _seat_without_laps(mine: Any, theirs: Any) -> models.Model:
    """Two seats of one car, as when qualifying and race print a name differently: the seat nobody drove from goes.

    Two people who both drove are two: laps know their driver by the seat.
    """
    if not _drove(theirs):
        return theirs  # type: ignore[no-any-return]
    if not _drove(mine):
        return mine  # type: ignore[no-any-return]
    raise IdentityRefused(
        _("Both drove laps in the same car (%(mine)s, %(theirs)s). They are two.")
        % {"mine": _place(mine), "theirs": _place(theirs)}
    )


def _drove(seat: CrewMember | SessionCrewMember) -> bool:
    if isinstance(seat, SessionCrewMember):
        cars = SessionEntry.objects.filter(pk=seat.session_entry_id)
    else:
        cars = SessionEntry.objects.filter(
            entry=seat.entry_id, crew__isnull=True
        )  # the others have a crew of their own
    laps = Lap.objects.filter(session_entry__in=cars, seat=seat.seat)
    shares = DriverShare.objects.filter(Q(driver=seat.driver_id) | Q(seat=seat.seat), session_entry__in=cars)
    return laps.exists() or shares.exists()


def _place(seat: CrewMember | SessionCrewMember) -> str:
    if isinstance(seat, SessionCrewMember):
        return f"{seat.session_entry}, {seat.driver}"
    return f"{seat.entry.event} {seat.entry}, {seat.driver}"


RESOLVE: dict[type[models.Model], Callable[[Any, Any], models.Model]] = {
    CrewMember: _seat_without_laps,
    SessionCrewMember: _seat_without_laps,
    DriverAlias: _second,
    DriverGrade: _same_grade,
    TeamSuccession: _second,
}
