"""Who has the most at a circuit: drivers, teams and makers beside one another, for the circuit's page."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results.models import Circuit
from results.records import KINDS
from results.statistics import Archive, Ranked, Ranking, rankings_at
from results.statistics.sentences import in_a_row

MOST_NAMED = 3
SHOWN = {
    "wins": gettext_lazy("most wins"),
    "podiums": gettext_lazy("most podiums"),
    "poles": gettext_lazy("most pole positions"),
    "fastest_laps": gettext_lazy("most fastest laps"),
}


@dataclass(frozen=True, slots=True)
class Leaders:
    """Who has the most, in words; no number where nobody has any."""

    number: int | None
    names: str


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One record: of drivers, of teams, of makers."""

    label: str
    leaders: list[Leaders]


@dataclass(frozen=True, slots=True)
class CircuitRecords:
    """The records at a circuit in one series."""

    archive: Archive
    races: int
    heads: list[str]
    lines: list[RecordLine]


def records_of(circuit: Circuit) -> list[CircuitRecords]:
    """By series whose archive somebody vouches for; three queries."""
    by_kind = [rankings_at(circuit, kind) for kind, _label in KINDS.values()]
    heads = [str(label) for _kind, label in KINDS.values()]
    return [
        CircuitRecords(of_kinds[0].archive, of_kinds[0].races, heads, _lines(of_kinds))
        for of_kinds in zip(*by_kind, strict=True)
    ]


def _lines(of_kinds: Sequence[Ranking]) -> list[RecordLine]:
    lines = [
        RecordLine(str(label), [_leaders(ranking.lines, field) for ranking in of_kinds])
        for field, label in SHOWN.items()
    ]
    return [line for line in lines if any(leaders.number for leaders in line.leaders)]


def _leaders(lines: Sequence[Ranked], field: str) -> Leaders:
    """`5 Michael Schumacher und Lewis Hamilton`; of many with the same number how many they are."""
    most = max((getattr(line, field) or 0 for line in lines), default=0)
    if not most:
        return Leaders(None, "")
    names = sorted(line.name for line in lines if getattr(line, field) == most)
    if len(names) > MOST_NAMED:
        return Leaders(most, _("by %(n)s of them each") % {"n": len(names)})
    return Leaders(most, in_a_row(names) if len(names) == 1 else _("%(names)s each") % {"names": in_a_row(names)})
