"""One row that is two drivers or two teams: chosen cars go to a new one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext as _

from results.identity.ledger import Ledger, dump
from results.identity.merging import LONGEST_WORDS
from results.identity.pairs import pair_of
from results.identity.references import MODELS, IdentityRefused, Reference, T, locked, references_to
from results.models import (
    ChampionshipDecision,
    CrewMember,
    DistinctPair,
    Driver,
    DriverAlias,
    DriverGrade,
    DriverKey,
    DriverShare,
    Entry,
    FormerAddress,
    IdentityChange,
    SessionCrewMember,
    Stint,
    Team,
    TeamAlias,
    TeamSuccession,
)
from results.names import fold, slugify_german

# How a row that goes along finds its car at an event.
BY_ENTRY: dict[type[models.Model], str] = {
    Entry: "pk",
    CrewMember: "entry",
    SessionCrewMember: "session_entry__entry",
    Stint: "session_entry__entry",
    DriverShare: "session_entry__entry",
}
# What belongs to no car stays with the one that was split.
STAYING: frozenset[type[models.Model]] = frozenset(
    {ChampionshipDecision, DriverAlias, DriverKey, DriverGrade, TeamAlias, TeamSuccession}
)


@transaction.atomic
def split(
    thing: T, *, by: User, entries: Collection[int], columns: Mapping[str, str], reason: str = ""
) -> IdentityChange:
    """Gives the named entries (primary keys), with every session in them, to a new driver or team.

    `columns` are the new one's: `first_name`, `last_name`, `nationality`, `birth_date`, `town`, or `name`, `country`.
    The two are noted as two. Raises IdentityRefused where there is nothing to split or the name of the team is taken.
    """
    [kept] = locked(thing)
    chosen = set(entries_of(kept).filter(pk__in=entries).values_list("pk", flat=True))
    if not chosen or len(chosen) < len(set(entries)):
        raise IdentityRefused(_("Please choose cars of “%(name)s”.") % {"name": kept})
    ledger = Ledger()
    new = _made(kept, columns)
    ledger.add(new)
    for reference in references_to(type(kept)):
        if reference.model in BY_ENTRY:
            rows = reference.rows(kept.pk).filter(**{f"{BY_ENTRY[reference.model]}__in": chosen})
            ledger.move(reference, rows, new.pk)
        elif reference.model not in STAYING:
            raise NotImplementedError(f"nobody has said whether {reference.label} goes along with a split")
    ledger.add(DistinctPair(**pair_of(kept, new), by=by))
    return IdentityChange.objects.create(
        act=IdentityChange.Act.SPLIT,
        model=str(kept._meta.model_name),
        kept=kept.pk,
        other=new.pk,
        words=(_("“%(new)s” was split off from “%(kept)s”.") % {"new": new, "kept": kept})[:LONGEST_WORDS],
        before={"other": dump(new), "filled": {}, "removed": [], "added": ledger.added},
        moved=ledger.moved,
        reason=reason.strip(),
        by=by,
    )


def entries_of(thing: Driver | Team) -> models.QuerySet[Entry]:
    """The cars somebody raced, or a team entered, also where one session's crew alone names the driver."""
    if isinstance(thing, Team):
        return Entry.objects.filter(team=thing)
    found = Entry.objects.none()
    for reference in references_to(Driver):
        if reference.model in BY_ENTRY:
            path = BY_ENTRY[reference.model]
            found |= Entry.objects.filter(pk__in=reference.rows(thing.pk).values(path))
    return found


def _made(kept: Any, columns: Mapping[str, str]) -> Any:
    values = {column: value.strip() for column, value in columns.items()}
    new = type(kept)(**values)
    if isinstance(new, Team):
        twin = Team.objects.filter(folded=fold(new.name)).first() or _by_alias(new)
        if twin is not None:
            raise IdentityRefused(_("The name is taken by “%(twin)s”.") % {"twin": twin})
    new.slug = free_slug(type(kept), str(new))
    return new


def _by_alias(team: Team) -> Team | None:
    alias = TeamAlias.objects.filter(folded=fold(team.name)).select_related("team").first()
    return alias.team if alias else None


def free_slug(model: type[Driver | Team], name: str) -> str:
    """An address nobody has or had."""
    base, number = slugify_german(name, limit=74), 1
    name_of_model = str(model._meta.model_name)
    taken = set(MODELS[name_of_model]._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    former = FormerAddress.objects.filter(model=name_of_model, slug__startswith=base)
    taken |= set(former.values_list("slug", flat=True))
    slug = base
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def moves_by_entry(reference: Reference) -> bool:
    """Whether rows of this kind go along with the car of a split."""
    return reference.model in BY_ENTRY
