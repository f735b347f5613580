"""What a person looks at before saying that two are one: both side by side in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from results import partial_dates
from results.identity.splitting import entries_of
from results.models import ClassificationRow, Driver, Entry, Team

MOST_NAMED = 8


def side_by_side(one: Driver | Team, other: Driver | Team) -> list[tuple[str, str, str]]:
    """Rows of label, what is known of the one, what of the other; rows that are empty for both are left out."""
    pairs = zip(_portrait(one), _portrait(other), strict=True)
    return [(label, mine or "–", theirs or "–") for (label, mine), (_label, theirs) in pairs if mine or theirs]


def shared_cars(one: Driver | Team, other: Driver | Team) -> list[str]:
    """Cars that name both: a misspelling of one sheet, or two people of one family."""
    if isinstance(one, Team):
        return []
    both = entries_of(one) & entries_of(other)
    return [f"{entry.event} {entry}" for entry in both.select_related("event__season__series")[:MOST_NAMED]]


def _portrait(thing: Driver | Team) -> list[tuple[str, str]]:
    entries = entries_of(thing)
    cars = list(
        entries.select_related("event__season__series", "team").order_by("-event__starts_on", "-event__pk", "number")
    )
    rows = ClassificationRow.objects.filter(classification__is_current=True, session_entry__entry__in=entries).count()
    spellings = ", ".join(thing.aliases.order_by("folded").values_list("name", flat=True)[:MOST_NAMED])
    return [
        (_("Name"), str(thing)),
        (_("Address"), thing.slug),
        (_("Other spellings"), spellings),
        *(_of_driver(thing, cars) if isinstance(thing, Driver) else _of_team(thing, cars)),
        (_("Seasons"), _some(entry.event.season for entry in cars)),
        (_("Cars"), str(len(cars))),
        (_("Lines in results"), str(rows)),
        (_("Last race"), f"{cars[0].event} {cars[0]}" if cars else ""),
    ]


def _of_driver(driver: Driver, cars: list[Entry]) -> list[tuple[str, str]]:
    return [
        (_("Born"), partial_dates.in_german(driver.birth_date)),
        (_("Nationality"), driver.nationality),
        (_("Town"), driver.town),
        (_("Teams"), _some(entry.team for entry in cars if entry.team)),
    ]


def _of_team(team: Team, cars: list[Entry]) -> list[tuple[str, str]]:
    return [(_("Country"), team.country), (_("Car numbers"), _some(entry.number for entry in cars))]


def _some(things: Any) -> str:
    """The first few, each once."""
    names = list(dict.fromkeys(str(thing) for thing in things))
    return ", ".join(names[:MOST_NAMED]) + (" …" if len(names) > MOST_NAMED else "")
