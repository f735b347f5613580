"""Whom a decision of the desk means: somebody who is in the season, an entrant by the very name that his cars carry."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from results.models import Championship, ChampionshipDecision, Entry
from results.names import fold
from results.points.award import numbered
from results.points.packs import PackRefused
from results.standings.rulebook import rules_of


class NobodyMeant(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The decision would concern nobody of the season."""


def mean_competitor(decision: ChampionshipDecision) -> None:
    """Gives an entrant the spelling of the season. Raises NobodyMeant for whom no car of it has; silent before the first car."""
    entries = Entry.objects.filter(event__season=decision.championship.season_id)
    if not entries.exists():
        return
    if decision.entrant:
        decision.entrant = _entrant(decision.entrant, _names(decision.championship, entries))
        return
    asked = {
        "driver_id": Q(crew__driver=decision.driver_id) | Q(session_entries__crew__driver=decision.driver_id),
        "team_id": Q(team=decision.team_id),
        "manufacturer_id": Q(car_model__manufacturer=decision.manufacturer_id),
        "car_model_id": Q(car_model=decision.car_model_id),
    }
    for name, condition in asked.items():
        if getattr(decision, name) is not None and not entries.filter(condition).exists():
            raise _nobody(str(decision.competitor))


def _names(championship: Championship, entries: QuerySet[Entry]) -> set[str]:
    """What the tables call the entrants: where each car counts for itself, its number belongs to the name."""
    cars = entries.values_list("entrant", "team__name", "number").distinct()
    called = [(entrant or team, number) for entrant, team, number in cars if entrant or team]
    try:
        by_car = rules_of(championship).by_car
    except PackRefused:
        by_car = False
    return {numbered(name, number) if by_car else name for name, number in called}


def _entrant(said: str, names: set[str]) -> str:
    if said in names:
        return said
    alike = [one for one in names if fold(one) == fold(said)]
    if len(alike) != 1:
        raise _nobody(said)
    return alike[0]


def _nobody(name: str) -> NobodyMeant:
    return NobodyMeant(
        _("No car of this season belongs to “%(name)s”: the decision would concern nobody.") % {"name": name}
    )
