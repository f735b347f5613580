"""Two rows that are one driver or one team become one row; whatever referred to the other refers to the kept one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from results.identity.conflicts import clashes, surplus
from results.identity.ledger import Ledger, dump
from results.identity.pairs import pair_of
from results.identity.references import IdentityRefused, Reference, T, addresses_of, locked, references_to
from results.models import (
    DistinctPair,
    Driver,
    DriverAlias,
    FormerAddress,
    IdentityChange,
    Team,
    TeamAlias,
    TeamSuccession,
)

FORMER = Reference(FormerAddress, "object_id")
# What the kept one takes over where it knows nothing itself.
GAPS: dict[type[Driver | Team], tuple[str, ...]] = {Driver: ("nationality", "birth_date", "town"), Team: ("country",)}
LONGEST_WORDS = 400


@transaction.atomic
def merge(kept: T, other: T, *, by: User, reason: str = "") -> IdentityChange:
    """Makes two drivers, or two teams, one; the other's name becomes an alias, its address goes on leading there.

    Raises IdentityRefused, with nothing changed, where the two contradict each other or were said to be two. Released
    results stay untouched: they refer to cars, not to people.
    """
    if kept.pk == other.pk:
        raise IdentityRefused(_("Please choose somebody else: these are the same row."))
    kept, other = locked(kept, other)
    _refuse_contradictions(kept, other)
    ledger = Ledger()
    for reference in references_to(type(kept)):
        for mine, theirs in clashes(reference, kept.pk, other.pk):
            ledger.remove(surplus(mine, theirs))
        ledger.move(reference, reference.rows(other.pk), kept.pk)
    ledger.move(FORMER, addresses_of(other), kept.pk)
    _carry_pairs(kept, other, ledger, by)
    filled = _fill_gaps(kept, other)
    former = dump(other)
    other_pk = other.pk
    other.delete()
    _keep_address(kept, former["columns"]["slug"], ledger)
    _learn_name(kept, str(other), former["columns"]["folded"], ledger)
    return IdentityChange.objects.create(
        act=IdentityChange.Act.MERGE,
        model=str(kept._meta.model_name),
        kept=kept.pk,
        other=other_pk,
        words=(_("“%(other)s” was merged into “%(kept)s”.") % {"other": other, "kept": kept})[:LONGEST_WORDS],
        before={"other": former, "filled": filled, "removed": ledger.removed, "added": ledger.added},
        moved=ledger.moved,
        reason=reason.strip(),
        by=by,
    )


def _refuse_contradictions(kept: Any, other: Any) -> None:
    pair = DistinctPair.objects.filter(**pair_of(kept, other)).select_related("by").first()
    if pair is not None:
        raise IdentityRefused(
            _("%(by)s noted that “%(kept)s” and “%(other)s” are two. Take that back first.")
            % {"by": pair.by, "kept": kept, "other": other}
        )
    if isinstance(kept, Driver) and not _one_birth(kept.birth_date, other.birth_date):
        raise IdentityRefused(
            _("The dates of birth contradict each other: %(mine)s and %(theirs)s. Please correct one of them first.")
            % {"mine": kept.birth_date, "theirs": other.birth_date}
        )
    if isinstance(kept, Team):
        line = Q(predecessor=kept, successor=other) | Q(predecessor=other, successor=kept)
        if TeamSuccession.objects.filter(line).exists():
            raise IdentityRefused(
                _("“%(kept)s” and “%(other)s” are predecessor and successor. Delete that first if they are one.")
                % {"kept": kept, "other": other}
            )


def _one_birth(mine: str, theirs: str) -> bool:
    """Whether two dates of any precision can be one; an empty one always can."""
    return mine.startswith(theirs) or theirs.startswith(mine)


def _fill_gaps(kept: Any, other: Any) -> dict[str, list[str]]:
    """Takes over what only the other knows, or knows more exactly: column -> [before, after]."""
    filled = {}
    for column in GAPS[type(kept)]:
        mine, theirs = getattr(kept, column), getattr(other, column)
        if theirs and (not mine or (column == "birth_date" and len(theirs) > len(mine))):
            filled[column] = [mine, theirs]
            setattr(kept, column, theirs)
    if filled:
        kept.save(update_fields=list(filled))
    return filled


def _carry_pairs(kept: Any, other: Any, ledger: Ledger, by: User) -> None:
    """Whoever is not the other is not the kept one either."""
    name = str(kept._meta.model_name)
    for pair in DistinctPair.objects.filter(Q(low=other.pk) | Q(high=other.pk), model=name).order_by("pk"):
        third = pair.high if pair.low == other.pk else pair.low
        ledger.remove(pair)
        low, high = sorted((kept.pk, third))
        if not DistinctPair.objects.filter(model=name, low=low, high=high).exists():
            ledger.add(DistinctPair(model=name, low=low, high=high, by=by))


def _keep_address(kept: Any, slug: str, ledger: Ledger) -> None:
    name = str(kept._meta.model_name)
    if not FormerAddress.objects.filter(model=name, slug=slug).exists():
        ledger.add(FormerAddress(model=name, slug=slug, object_id=kept.pk))


def _learn_name(kept: Any, name: str, folded: str, ledger: Ledger) -> None:
    """The other's name leads to the kept one from now on."""
    if folded == kept.folded or kept.aliases.filter(folded=folded).exists():
        return
    if isinstance(kept, Driver):
        ledger.add(DriverAlias(driver=kept, name=name))
    elif not TeamAlias.objects.filter(folded=folded).exists():
        ledger.add(TeamAlias(team=kept, name=name))
