"""How titles stand, from the database: the arithmetic of `points.decide` on a season's results and calendar."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.db.models import Count

from results.models import Championship, Classification, Entry
from results.models.entrants import EntryQuerySet
from results.names import fold
from results.points import decide
from results.points.award import competitors_of
from results.points.facts import Key, Scoring
from results.points.prospects import Coming, Contender, Title
from results.standings.compute import SeasonWork
from results.standings.feed import coming_of
from results.standings.reading import Names

MANY_CARS = 60  # before anybody has raced


@dataclass(frozen=True, slots=True)
class TitleState:
    """A title after what was scored: `decided_after` the round that decided it, `earliest` the first that can and for whom."""

    title: Title
    decided_after: int | None
    earliest: tuple[int, tuple[Key, ...]] | None
    names: Names

    def name_of(self, key: Key) -> str:
        """Who it is; the crew for whom a driver stands."""
        crew = self.title.crews.get(key)
        return "/".join(self.names.name_of(one) for one in crew) if crew else self.names.name_of(key)

    def key_of(self, key: Key) -> str:
        return "+".join(self.names.key_of(one) for one in self.title.crews.get(key, (key,)))

    @property
    def contenders(self) -> Sequence[Contender]:
        return self.title.contenders


def title_state(work: SeasonWork, championship: Championship, *, after: int | None = None) -> TitleState:
    """How the title stands after a round, or now. Whatever came later is treated as still to come."""
    whole = work.outcome(championship, work.current(championship))
    scorings = [one for one in whole.scorings if after is None or one.round <= after]
    coming = ahead_of(work, championship, scorings, cars=cars_of(championship, whole.scorings))
    title = decide.title_of(whole.rules, scorings, coming)
    decided = decide.decided_after(whole.rules, scorings, coming) if title.is_decided else None
    earliest = decide.earliest_decision(whole.rules, scorings, coming) if scorings and decided is None else None
    keys = {competitor for one in scorings for line in one.lines for competitor in competitors_of(whole.rules, line)}
    return TitleState(title, decided[1] if decided else None, earliest, Names.of(championship, keys))


def ahead_of(
    work: SeasonWork, championship: Championship, scorings: Sequence[Scoring], *, cars: int = 0
) -> list[Coming]:
    """What a championship still has to score after these scorings; `cars` take part, 0 for as many as there were.

    Where points depend on the starters of a class, whoever is entered is taken to start; without an entry list nobody knows.
    """
    cars = cars or cars_of(championship, scorings)
    annulled = {
        one.at for one in work.versions.values() if one.is_current and one.state == Classification.State.ANNULLED
    }
    counted = [one for one in work.counted[championship.pk] if (one.session_id, one.checkpoint) not in annulled]
    ahead = coming_of(counted, scorings, work.calendar, cars=cars)
    events = {number: event for event, number in work.calendar.rounds.items()}
    return with_starters(championship, ahead, scorings, events)


def with_starters(
    championship: Championship, ahead: list[Coming], scorings: Sequence[Scoring], events: Mapping[int, int], *,
    entries: EntryQuerySet | None = None,
) -> list[Coming]:  # fmt: skip
    """With the starters of each class where points depend on them; `events` by round, whose entry lists are asked.

    `entries` are those that may be counted: all there are, or those that readers see. A list on which a class is smaller
    than it ever was may not be whole, and says nothing of it.
    """
    if not any("by_starters" in one for one in championship.rules.get("scores", ())):
        return ahead
    asked = Entry.objects.all() if entries is None else entries
    entered = _entered(asked.filter(event__in={events[one.round] for one in ahead}))
    known = _most_started(scorings)
    for classes in entered.values():
        for name in [name for name, cars in classes.items() if cars < known[name]]:
            del classes[name]
    return [replace(one, starters=entered.get(events[one.round], {})) for one in ahead]


def _most_started(scorings: Sequence[Scoring]) -> Counter[str]:
    """The most cars that started in each class in one scoring."""
    most = Counter[str]()
    for scoring in scorings:
        most |= Counter(line.racing_class for line in scoring.lines if line.has_started and not line.is_guest)
    return most


def _entered(entries: EntryQuerySet) -> dict[int, dict[str, int]]:
    """How many cars are entered by event and folded name of their class; guests are none."""
    found: dict[int, dict[str, int]] = defaultdict(dict)
    own = entries.filter(is_guest=False, racing_class__isnull=False)
    for event, name, cars in own.values_list("event", "racing_class__name").annotate(cars=Count("pk")).order_by():
        found[event][fold(name)] = cars
    return found


def cars_of(championship: Championship, scorings: Sequence[Scoring]) -> int:
    """How many cars can take places: as many as there were at most so far."""
    own = championship.racing_class.name if championship.racing_class else ""
    return max((_in_class(one, own) for one in scorings), default=0) or MANY_CARS


def _in_class(scoring: Scoring, racing_class: str) -> int:
    return sum(not racing_class or line.racing_class == fold(racing_class) for line in scoring.lines)
