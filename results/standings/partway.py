"""Tables between the scorings of one round: after the first of two races, after six of 24 hours.

They are worked out when somebody asks, on the results that the tables of the rounds stand on, and never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from django.http import Http404
from django.utils.translation import gettext as _

from results.models import Classification, Competitor, Computation, Standing
from results.points import rules
from results.points.facts import Key, Scoring
from results.points.rank import Standing as Line
from results.points.rank import table_of
from results.standings.compute import SeasonWork, competitor_row
from results.standings.feed import PROVISIONAL
from results.standings.reading import TableLine, lines_of
from results.standings.rounds import Round
from results.standings.shown import ShownChampionship, ShownLine, shown_lines
from results.standings.title_race import scored_for_readers


@dataclass(frozen=True, slots=True)
class Partway:
    """A scoring of a round that others of it follow; `number` counts them from 1, `counted` are the results until then."""

    round: Round
    number: int
    result: Classification
    counted: Sequence[Classification]

    @property
    def wish(self) -> str:
        """How an address asks for it: `12.1`."""
        return f"{self.round.number}.{self.number}"

    @property
    def name(self) -> str:
        """`Rennen 1`, `Rennen (6 h)`."""
        session, checkpoint = self.result.session.name, self.result.checkpoint
        return (
            _("%(session)s (%(checkpoint)s)") % {"session": session, "checkpoint": checkpoint}
            if checkpoint
            else session
        )


def parts_of(shown: ShownChampionship, one: Round) -> list[Partway]:
    """The scorings of a scored round but the last one, after which the table is that of the round."""
    counted = shown.counted(one)
    before = [each for each in counted if each.session.event_id != one.event.pk]
    mine = sorted((each for each in counted if each.session.event_id == one.event.pk), key=_order)
    scoring = [each for each in mine if each.state != Classification.State.ANNULLED]
    return [
        Partway(one, number, each, [*before, *scoring[:number]]) for number, each in enumerate(scoring[:-1], start=1)
    ]


def _order(result: Classification) -> tuple[int, bool, str]:
    """By session; a checkpoint before the finish of its race, as the arithmetic takes them."""
    return result.session.sequence, not result.checkpoint, result.checkpoint.rjust(12)


def lines_partway(shown: ShownChampionship, part: Partway) -> list[ShownLine]:
    """The table after that scoring, in order. About ten queries more than for the table of a round."""
    if shown.computation is None:  # nobody asks before something is scored
        return []
    scored = scored_for_readers(shown.championship, shown.computation)
    try:
        table = table_partway(scored.rules, scored.scorings, (part.result.session_id, part.result.checkpoint))
    except LookupError as error:
        raise Http404 from error
    rows = rows_of(shown.computation, table, is_provisional=bool(provisional_partway(part)))
    return shown_lines(rows, shown.competitors)


def provisional_partway(part: Partway) -> list[Classification]:
    """The results until then that may still change."""
    return [one for one in part.counted if one.state in PROVISIONAL]


def table_partway(read: rules.Championship, scorings: Iterable[Scoring], key: Key) -> list[Line]:
    """The table after the scoring of that key. What is decided after its round is not decided yet.

    Raises LookupError where nothing of that key is scored: the table of the whole season would be another one.
    """
    scorings = list(scorings)
    at = next((place for place, one in enumerate(scorings) if one.key == key), None)
    if at is None:
        raise LookupError(key)
    until, number = scorings[: at + 1], scorings[at].round
    read = replace(
        read,
        adjustments=tuple(one for one in read.adjustments if one.after < number),
        exclusions=tuple(one for one in read.exclusions if one.since < number or one.since == 1),
    )
    return table_of(read, until)


def table_of_part(work: SeasonWork, computation: Computation, *, number: int, part: int) -> list[TableLine] | None:
    """What the desk sees after that scoring of a round; None where the championship counts fewer in it."""
    read, scorings = work.scored(computation.championship, tuple(computation.versions))
    mine = [one for one in scorings if one.round == number]
    if part > len(mine):
        return None
    until = mine[part - 1]
    table = table_partway(read, scorings, until.key)
    before = takewhile(lambda one: one is not until, scorings)
    is_provisional = until.is_provisional or any(one.is_provisional for one in before)
    return lines_of(computation, list(rows_of(computation, table, is_provisional=is_provisional)))


def rows_of(computation: Computation, table: Sequence[Line], *, is_provisional: bool) -> Iterable[Standing]:
    """The lines as they would be stored, with the competitors that are."""
    known = {(tuple(one.things), one.entrant): one for one in Competitor.objects.filter(computation=computation)}
    first = table[0].points if table else 0
    for order, line in enumerate(table, start=1):
        own = competitor_row(computation, line.competitor)
        if (competitor := known.get((tuple(own.things), own.entrant))) is not None:
            yield Standing(
                competitor=competitor, display_order=order, position=line.position, is_tied=line.is_tied, printed=line.printed,
                points=line.points, gross=line.gross, dropped=line.dropped, wins=line.wins, gap=first - line.points,
                is_provisional=is_provisional,
            )  # fmt: skip
