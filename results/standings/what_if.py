"""What a result that the stewards may change would do to the championships that count it. Nothing here writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from results.models import Championship, ScoringEvent
from results.points import rules, title_words
from results.points.award import awards_in
from results.points.decide import as_known, title_from
from results.points.facts import Award, Key, Scoring
from results.points.prospects import Coming, Title
from results.points.rank import Standing, standings
from results.points.tally import Tally
from results.previews import Effect, EffectGroup
from results.proposal import Proposal
from results.standings.compute import SeasonWork
from results.standings.feed import sheet_of
from results.standings.reading import Names, plain
from results.standings.titles import ahead_of

NAMED = 5  # more contenders than that are only counted


def effect_on_championships(proposal: Proposal) -> EffectGroup | None:
    """Points, places, lead and title that a proposed result would change, in every championship that counts it."""
    version = proposal.current
    counted = ScoringEvent.objects.filter(session=version.session_id, checkpoint=version.checkpoint, counts=True)
    counting = set(counted.values_list("championship", flat=True))
    if not counting or not proposal.changes:
        return None
    season = version.session.event.season
    work = SeasonWork(season, plans=False)
    instead = {version.pk: sheet_of(season, proposal.rows)}
    cars = {one.session_entry.entry_id: one.session_entry.entry.label for one in (*proposal.before, *proposal.rows)}
    effects: list[Effect] = []
    for championship in work.championships:
        if championship.pk not in counting:
            continue
        keys = work.current(championship)
        place = (version.session_id, version.checkpoint)
        read, stands = work.scored(championship, keys)
        proposed, becomes = work.scored(championship, keys, instead=instead)
        tally, done = Tally(read), next((at for at, one in enumerate(stands) if one.key == place), len(stands))
        for scoring in stands[:done]:  # neither side differs before the result in question
            tally.add(scoring)
        coming = ahead_of(work, championship, stands)
        before = _Side(read, stands, tally, coming, since=done)
        after = _Side(proposed, becomes, tally, coming, since=done)
        effects += _Comparison(championship, before, after, cars).effects(place)
    return EffectGroup(gettext_lazy("Championships"), tuple(effects))


class _Side:
    """A championship before the proposed result or after it."""

    def __init__(
        self,
        read: rules.Championship,
        scorings: Sequence[Scoring],
        tally: Tally,
        coming: Sequence[Coming],
        *,
        since: int,
    ) -> None:
        """`tally` holds the scorings before the one at `since`; it stays as it is."""
        self.rules = read
        self.scorings = scorings
        whole = tally.under(read)
        for scoring in scorings[since:]:
            whole.add(scoring)
        self.table: Sequence[Standing] = standings(whole)
        known = as_known(read, after=whole.last)
        self.title: Title = title_from(whole.under(known), scorings, coming, details=False)

    def awards(self, place: Key) -> Mapping[Key, list[Award]]:
        """What that result gives, by competitor."""
        found: dict[Key, list[Award]] = defaultdict(list)
        for scoring in self.scorings:
            if scoring.key == place:
                for award in awards_in(self.rules, scoring):
                    found[award.competitor].append(award)
        return found


@dataclass(frozen=True, slots=True)
class _Won:
    """How the points of a result change for those who share a car."""

    cars: str
    before: Decimal
    after: Decimal


class _Comparison:
    """One championship before and after, in words. `cars` are the labels of entries."""

    def __init__(self, championship: Championship, before: _Side, after: _Side, cars: Mapping[int, str]) -> None:
        self._championship = championship
        self._before = before
        self._after = after
        self._cars = cars
        lines = chain(before.table, after.table)
        self._names = Names.of(championship, {one.competitor for one in lines} | set(_competitors(before, after)))

    def effects(self, place: Key) -> Iterator[Effect]:
        """What differs: points of the result, places in the table, who leads, how the title stands."""
        name = self._championship.name
        for won, who in self._points(place).items():
            what = _("%(championship)s, points: %(car)s (%(who)s)") % {
                "championship": name, "car": won.cars, "who": "/".join(map(self._names.name_of, who)),
            }  # fmt: skip
            yield Effect(what, in_figures(won.before), in_figures(won.after))
        for (was, becomes), who in self._places().items():
            what = _("%(championship)s, place: %(who)s") % {
                "championship": name, "who": "/".join(map(self._names.name_of, who)),
            }  # fmt: skip
            yield Effect(what, was, becomes)
        lead = _lead(self._before.table, self._names), _lead(self._after.table, self._names)
        if lead[0] != lead[1]:
            yield Effect(_("%(championship)s, lead") % {"championship": name}, *lead)
        title = self._before.title, self._after.title
        if _who_can(title[0]) != _who_can(title[1]):
            yield Effect(_("%(championship)s, title") % {"championship": name}, *map(self._title, title))

    def _points(self, place: Key) -> Mapping[_Won, list[Key]]:
        before, after = self._before.awards(place), self._after.awards(place)
        found: dict[_Won, list[Key]] = defaultdict(list)
        for competitor in dict.fromkeys((*after, *before)):
            mine = (before.get(competitor, []), after.get(competitor, []))
            was, becomes = (sum((one.points for one in awards), Decimal(0)) for awards in mine)
            if was != becomes:
                found[_Won(self._labels(chain(*mine)), was, becomes)].append(competitor)
        return found

    def _places(self) -> Mapping[tuple[str, str], list[Key]]:
        """Who is at another place than before; those who share the former and the new one, as a crew does, together."""
        before = {one.competitor: one for one in self._before.table}
        after = {one.competitor: one for one in self._after.table}
        found: dict[tuple[str, str], list[Key]] = defaultdict(list)
        for competitor in dict.fromkeys((*after, *before)):
            was, becomes = before.get(competitor), after.get(competitor)
            if _place(was) != _place(becomes):
                found[_standing(was), _standing(becomes)].append(competitor)
        return found

    def _labels(self, awards: Iterable[Award]) -> str:
        entries = dict.fromkeys(one.car for one in awards)
        return ", ".join(f"#{self._cars[one]}" for one in entries if isinstance(one, int) and one in self._cars)

    def _title(self, title: Title) -> str:
        if len(title.contenders) > NAMED:
            return _("%(number)s can still be champion.") % {"number": len(title.contenders)}
        return title_words.headline(title, lambda key: self._named(title, key))

    def _named(self, title: Title, key: Key) -> str:
        return "/".join(map(self._names.name_of, title.crews.get(key, (key,))))


def _competitors(*sides: _Side) -> Iterator[Key]:
    """Who may be champion, points or none."""
    for side in sides:
        yield from _who_can(side.title)[1]


def _who_can(title: Title) -> tuple[bool, frozenset[Key]]:
    """Whether a title is decided, and for whom; else who can have it. Each driver of a crew for himself."""
    found = [title.champion] if title.champion is not None else [one.competitor for one in title.contenders]
    return title.is_decided, frozenset(key for one in found for key in title.crews.get(one, (one,)))


def _place(line: Standing | None) -> tuple[int | None, str] | None:
    return None if line is None else (line.position, line.printed)


def _standing(line: Standing | None) -> str:
    """`2. (136 Punkte)`."""
    if line is None:
        return _("not in the table")
    place = f"{line.position}." if line.position is not None else line.printed
    return _("%(place)s (%(points)s points)") % {"place": place, "points": in_figures(line.points)}


def _lead(table: Sequence[Standing], names: Names) -> str:
    """`Ada führt mit 143 Punkten, 7 vor Bea.`"""
    first = [one for one in table if one.position == 1]
    if not first:
        return _("Nobody has points yet.")
    words = {"who": "/".join(names.name_of(one.competitor) for one in first), "points": in_figures(first[0].points)}
    behind = [one for one in table if one.position not in {1, None}]
    if not behind:
        return (
            ngettext("%(who)s leads with %(points)s points.", "%(who)s lead with %(points)s points.", len(first))
            % words
        )
    second = [one.competitor for one in behind if one.position == behind[0].position]
    words |= {"next": "/".join(map(names.name_of, second)), "gap": in_figures(first[0].points - behind[0].points)}
    if first[0].points == behind[0].points:
        return ngettext(
            "%(who)s leads with %(points)s points, level with %(next)s.",
            "%(who)s lead with %(points)s points, level with %(next)s.",
            len(first),
        ) % words  # fmt: skip
    return ngettext(
        "%(who)s leads with %(points)s points, %(gap)s ahead of %(next)s.",
        "%(who)s lead with %(points)s points, %(gap)s ahead of %(next)s.",
        len(first),
    ) % words  # fmt: skip


def in_figures(points: Decimal) -> str:
    """Points as the reader's language writes them: `4,5`."""
    return number_format(plain(points))
