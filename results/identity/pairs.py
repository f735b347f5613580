"""Pairs of similar names of which a person said that they are two."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext as _

from results.identity.references import IdentityRefused, T, locked
from results.models import DistinctPair, Driver, Team


def pair_of(one: Driver | Team, other: Driver | Team) -> dict[str, object]:
    """The columns by which the pair is found, whichever is named first."""
    low, high = sorted((one.pk, other.pk))
    return {"model": one._meta.model_name, "low": low, "high": high}


@transaction.atomic
def set_apart(one: T, other: T, *, by: User) -> DistinctPair:
    """Notes that the two are two, so that nobody is asked again; saying it twice changes nothing."""
    if one.pk == other.pk:
        raise IdentityRefused(_("Nobody is two."))
    locked(one, other)
    pair, _created = DistinctPair.objects.get_or_create(**pair_of(one, other), defaults={"by": by})
    return pair


@transaction.atomic
def forget_pair(one: T, other: T, *, by: User) -> None:
    """Takes the note back: the two may be proposed and merged again."""
    DistinctPair.objects.filter(**pair_of(one, other)).delete()
