"""What templates say of championships: points, places won, rows of the ledger in words."""

from decimal import Decimal

from django import template

from results.models import Session
from results.standings import account, reading
from results.standings.shown import ShownChampionship
from results.standings.summaries import championships_with_points

register = template.Library()


@register.filter
def german_points(points: Decimal) -> str:
    """`4,5`, `−15`."""
    return reading.in_german(points)


@register.filter
def dropped_in_words(row: account.AccountRow) -> str:
    return account.dropped_in_words(row)


@register.filter
def round_number(shown: ShownChampionship, session: Session) -> int | str:
    """Which round of the championship a session belongs to."""
    found = shown.rounds.of_event(session.event_id)
    return found.number if found else ""


@register.simple_tag
def points_given(session: Session) -> list[ShownChampionship]:
    """The championships in which a session gave points; three queries where it did, one else."""
    return championships_with_points(session)
