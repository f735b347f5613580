"""What templates say of championships: points, places won, rows of the ledger in words."""

import re
from decimal import Decimal

from django import template
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from results.models import Session
from results.standings import account, reading
from results.standings.shown import ShownChampionship
from results.standings.summaries import championships_with_points

register = template.Library()

# Where a German title of a championship may be parted on a phone: `Fahrerwelt-meisterschaft`.
_TAIL = re.compile(r"(?<=\w{4})(?=(?:meisterschaft|wertung)\b)")
_SOFT_HYPHEN = "\N{SOFT HYPHEN}"


@register.filter
def german_points(points: Decimal) -> str:
    """`4,5`, `−15`."""
    return reading.in_german(points)


@register.filter
def points_in_words(points: Decimal) -> str:
    """`4,5 Punkte`, `1 Punkt`."""
    return reading.in_words(points)


@register.filter
def breakable(words: str) -> SafeString:
    """The words with leave to break the line behind a slash, for browsers keep a crew of three in one line."""
    first, *further = str(words).split("/")
    return format_html_join("", "{}", [(first,)]) + format_html_join("", "/<wbr>{}", ((one,) for one in further))


@register.filter
def hyphenated(name: str) -> str:
    """The name of a championship with a soft hyphen before its last word."""
    return _TAIL.sub(_SOFT_HYPHEN, name)


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
