"""What the page of a title says: how it stands, what each contender needs, the list of all that is enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from results.models import Event, Session
from results.points import title_words
from results.points.combinations import Combination, Limit
from results.points.facts import Key
from results.points.prospects import NOWHERE, Contender
from results.standings.reading import in_words
from results.standings.title_race import TitleRace
from results.title_game import in_figures
from results.title_sentences import alone, is_pole

SHOWN = 30  # contenders; a young season has a whole field of them
LEADERS = 3  # who stand below a title that is decided
NAMED = 5  # contenders whom a sentence names; more stand in the list below it
FEW = 4  # rivals of whom a sentence each is worth reading


@dataclass(frozen=True, slots=True)
class ContenderLine:
    """A contender with his place in the table, points in words, and what he needs, in sentences."""

    place: int | None
    name: str
    points: str
    gap: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CombinationTable:
    """What makes one contender champion: a row for each own finish, a column for each rival."""

    name: str
    rivals: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]


class TitlePage:
    """A title race in words."""

    def __init__(self, race: TitleRace) -> None:
        self._race = race
        self._survey = race.survey
        self._rows = {one.competitor: one for one in race.survey.race.table}

    @property
    def is_decided(self) -> bool:
        return self._race.title.is_decided

    @property
    def is_level(self) -> bool:
        """Whether nothing is to come and yet nobody is alone in front."""
        return not self.is_decided and self.next_event is None and not self._survey.race.coming

    @cached_property
    def headline(self) -> str:
        """How it stands in one sentence."""
        contenders = self._race.title.contenders
        if self.is_level and len(contenders) > 1:  # one alone leads, and what readers do not know of may change it
            names = [self._race.name_of(one.competitor) for one in contenders]
            return _("Level by every rule: %(names)s.") % {"names": ", ".join(names)}
        if len(contenders) > NAMED:
            return _("The title is open: %(count)s can still win it.") % {"count": title_words.number(len(contenders))}
        return title_words.headline(self._race.title, self._race.name_of)

    @property
    def decided_by(self) -> Event | None:
        """The event after which nobody could pass the champion."""
        return self._race.events.get(self._survey.decided_after or 0)

    @property
    def after(self) -> Event | None:
        """The event after which the table stands."""
        return self._race.events.get(self._race.last_round)

    @property
    def next_event(self) -> Event | None:
        coming = self._race.next_coming
        return self._race.events.get(coming.round) if coming else None

    @property
    def next_session(self) -> Session | None:
        coming = self._race.next_coming
        return self._race.session_of(coming) if coming else None

    @property
    def earliest(self) -> str:
        """When the title can be decided at the earliest, and for whom; empty where it is, or that is far away."""
        if self.is_decided or self._survey.earliest is None:
            return ""
        return title_words.earliest(self._survey.earliest, self._race.name_of, self._race.event_name)

    @cached_property
    def skips_guests(self) -> bool:
        """Whether places are those of the table alone, for guests who finish between give theirs to the next."""
        guests = any(line.is_guest for one in self._race.scorings for line in one.lines)
        return self._race.rules.moves_up and guests

    @cached_property
    def contenders(self) -> list[ContenderLine]:
        return [self._line(one) for one in self._race.title.contenders[:SHOWN]]

    @cached_property
    def leaders(self) -> list[ContenderLine]:
        """The champion and who comes next in the table; empty while the title is open. A crew stands once."""
        if not self.is_decided:
            return []
        mates = {one for crew in self._race.title.crews.values() for one in crew[1:]}
        rows = [one for one in self._survey.race.table if one.position is not None and one.competitor not in mates]
        return [self._line(Contender(one.competitor, None, {})) for one in rows[:LEADERS]]

    @property
    def says_needs(self) -> bool:
        """Whether anything is said of what anybody needs; a young season has names and points only."""
        return any(one.sentences for one in self.contenders)

    def _line(self, one: Contender) -> ContenderLine:
        row = self._rows[one.competitor]
        gap = self._survey.race.table[0].points - row.points
        return ContenderLine(
            row.position, self._race.name_of(one.competitor), in_words(row.points), in_figures(gap) if gap else "",
            tuple(self._sentences(one)),
        )  # fmt: skip

    def _sentences(self, one: Contender) -> list[str]:
        coming = self._race.next_coming
        if coming is None or not self._survey.is_detailed:
            return []
        said = alone(self._race, one, coming, self._race.name_of)
        if is_pole(self._race, coming):
            return [said] if said else []
        # Margins of many rivals are what the table says.
        rivals = title_words.against(one, self._race.name_of) if len(one.margins) < FEW else []
        return [said, *rivals]

    @cached_property
    def combinations(self) -> list[CombinationTable]:
        """For two to four contenders before the last scoring; nobody is left out, one without a chance has no rows."""
        return [self._table(key, rows) for key, rows in self._survey.combinations.items()]

    @cached_property
    def by_pole(self) -> list[tuple[str, list[CombinationTable]]]:
        """The same for each pole before the last race, under whose it is."""
        return [
            (
                _("Pole position: %(name)s") % {"name": self._race.name_of(pole)}
                if pole is not None
                else _("Pole position: nobody of these"),
                [self._table(key, rows) for key, rows in found.items()],
            )
            for pole, found in self._survey.by_pole.items()
        ]

    def _table(self, key: Key, rows: Sequence[Combination]) -> CombinationTable:
        rivals = tuple(self._race.name_of(one.rival) for one in rows[0].limits) if rows else ()
        lines = tuple((self._own(row), tuple(self._limit(key, row, one) for one in row.limits)) for row in rows)
        return CombinationTable(self._race.name_of(key), rivals, lines)

    def _own(self, row: Combination) -> str:
        if row.first == NOWHERE:
            return _("no points")
        if row.first == row.last:
            return _("Victory") if row.first == 1 else _("Place %(place)s") % {"place": row.first}
        return _("Places %(first)s to %(last)s") % {"first": row.first, "last": row.last}

    def _limit(self, key: Key, row: Combination, limit: Limit) -> str:
        """`höchstens Platz 3`, and what the fastest lap changes of it."""
        # Who wins leaves the second place to those of his class.
        best = 2 if row.first == row.last == 1 and not self._survey.race.is_apart(key, limit.rival) else 1
        said = self._best(best, limit.place)
        further = []
        if limit.is_sensitive and limit.with_lap != limit.place:
            further.append(_("with the fastest lap: %(limit)s") % {"limit": self._best(best, limit.with_lap)})
        if limit.is_sensitive and limit.own_lap != limit.place:
            further.append(_("with the own fastest lap: %(limit)s") % {"limit": self._best(best, limit.own_lap)})
        return "; ".join([said, *further])

    def _best(self, best: int, place: int | None) -> str:
        """`place` as the limit of a rival who can be `best` at most."""
        unpaid = self._survey.race.unpaid(self._survey.race.coming[-1])
        if place is None:
            return _("never enough")
        if place == NOWHERE:
            return _("not classified")
        if place <= best:
            return _("any place")
        if unpaid is not None and place >= unpaid:
            return _("no points")
        return _("place %(place)s at best") % {"place": place}
