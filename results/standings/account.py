"""The account of one competitor: every row of the ledger that his points in a table are made of, with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from results.models import Event, PointsAward, Session, Standing
from results.standings.competitors import Seen
from results.standings.rounds import Round, Rounds
from results.standings.shown import ShownChampionship


@dataclass(frozen=True, slots=True)
class AccountRow:
    """A row of the ledger as it counts after the round of the account. `total` is the sum of what counts up to here.

    `dropped_after` and `void_since` are rounds as readers count them. A decision has no session, and an event only where
    readers know it.
    """

    award: PointsAward
    event: Event | None
    session: Session | None
    car: str
    counts: bool
    is_void: bool
    dropped_after: Sequence[int]
    void_since: int | None
    total: Decimal
    why_not: str

    @property
    def cause(self) -> str:
        """`Platz 3`, `schnellste Rennrunde`, `Entscheidung`."""
        if self.award.place is not None:
            return _("place %(place)s") % {"place": self.award.place}
        return str(self.award.get_cause_display())

    @property
    def origin(self) -> str:
        """Where it comes from, if not from the arithmetic."""
        return "" if self.award.origin == PointsAward.Origin.COMPUTED else str(self.award.get_origin_display())

    @property
    def factor(self) -> str:
        """`3/2`; empty where nothing was multiplied."""
        return "" if self.award.factor == "1" else self.award.factor


@dataclass
class Account:
    """All rows of a competitor up to a round, and his line of the table: the last `total` is its points.

    `standing` is None where the table after that round does not list him yet.
    """

    shown: ShownChampionship
    competitor: Seen
    after: Round
    rows: Sequence[AccountRow]
    standing: Standing | None

    @property
    def has_factors(self) -> bool:
        """Whether anything was multiplied."""
        return any(row.factor for row in self.rows)

    @property
    def export_address(self) -> str:
        """The address of the files without their ending."""
        return f"{self.shown.ledger_address(self.competitor).rstrip('/')}."

    @cached_property
    def total(self) -> Decimal:
        return self.rows[-1].total if self.rows else Decimal(0)


def account_of(shown: ShownChampionship, competitor: Seen, after: Round) -> Account:
    """The account of a competitor after a round; two queries."""
    standing = Standing.objects.filter(competitor=competitor.pk, round=after.stored).first()
    awards = PointsAward.objects.filter(competitor=competitor.pk, round__lte=after.stored)
    awards = awards.select_related("session", "entry", "decision").order_by("round", "sequence")
    is_out = standing is not None and standing.position is None
    why = _out(standing.printed) if standing is not None and is_out else _rule_of_drops(shown)
    reader = _Reader(shown.rounds, after, why)
    return Account(shown, competitor, after, [reader.row(award) for award in awards], standing)


class _Reader:
    """Rows one after the other, with the sum so far."""

    def __init__(self, rounds: Rounds, after: Round, why_dropped: str) -> None:
        self._rounds, self._after, self._why_dropped = rounds, after, why_dropped
        self._total = Decimal(0)

    def row(self, award: PointsAward) -> AccountRow:
        last = self._after.stored
        is_void = award.void_since is not None and award.void_since <= last
        is_dropped = last in award.dropped_after
        counts = not is_void and not is_dropped
        if counts:
            self._total += award.points
        event = self._event(award)
        session = award.session
        if session is not None and event is not None:
            session.event = event
        since = self._rounds.since(award.void_since) if award.void_since is not None else None
        told = [one for one in award.dropped_after if one <= last]
        return AccountRow(
            award, event, session, award.entry.number if award.entry else "", counts, is_void,
            self._rounds.numbers(told), since.number if since and is_void else None, self._total,
            self._why_dropped if is_dropped and not is_void else "",
        )  # fmt: skip

    def _event(self, award: PointsAward) -> Event | None:
        """The event of a row; that of a decision only where readers know of it."""
        if award.session is not None:
            found = self._rounds.of_event(award.session.event_id)
        elif award.decision is not None and award.decision.event_id is not None:
            found = self._rounds.of_event(award.decision.event_id)
        else:
            found = self._rounds.stored_as(award.round) if award.round else None
        return found.event if found else None


def _out(printed: str) -> str:
    return _("out of the table (%(printed)s)") % {"printed": printed}


def _rule_of_drops(shown: ShownChampionship) -> str:
    """`nur die 7 besten Läufe zählen`, for each part of the season where the rules cut it."""
    return "; ".join(_one_drop(one) for one in shown.championship.rules.get("drops", ()))


def _one_drop(drop: dict[str, Any]) -> str:
    best, first, last = int(drop["best"]), int(drop.get("first", 1)), drop.get("last")
    said = ngettext("only the best round counts", "only the best %(best)s rounds count", best) % {"best": best}
    if first == 1 and last is None:
        return said
    if last is None:
        return _("%(said)s from round %(first)s on") % {"said": said, "first": first}
    return _("%(said)s of rounds %(first)s to %(last)s") % {"said": said, "first": first, "last": last}


def dropped_in_words(row: AccountRow) -> str:
    """`gestrichen nach Lauf 3, 4 und 5`; empty for a row that always counted."""
    if not row.dropped_after:
        return ""
    numbers = _listed(row.dropped_after)
    return _("dropped after round %(numbers)s") % {"numbers": numbers}


def _listed(numbers: Sequence[int]) -> str:
    """`3`, `3 und 5`, `3–7`: unbroken stretches as one."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    said = [str(one[0]) if len(one) == 1 else f"{one[0]}\N{EN DASH}{one[-1]}" for one in stretches]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} {_('and')} {said[-1]}"
