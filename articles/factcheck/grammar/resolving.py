"""Who is meant where the words name nobody for certain: by class, by nation, as sister car or winner, by what stood before."""

from __future__ import annotations

from collections import deque
from functools import lru_cache
from typing import TYPE_CHECKING

from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.weekdays import day_of, winner_day
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import Driver, FactSheet

if TYPE_CHECKING:
    from articles.factcheck.grammar.page import Page

_MOST_RECENT = 16


def resolve(page: Page) -> None:
    """Narrows every group by class, nation and what stood before; notes the car in mind for each sentence."""
    topic: str | None = None
    last: dict[str, str] = {}  # the car of each team that was spoken of last
    recent: deque[tuple[Driver, frozenset[str]]] = deque(maxlen=_MOST_RECENT)
    for sentence in page.cut.sentences:
        page.topics.append(topic)
        here = topic  # the car spoken of last inside the sentence
        for group in page.groups(sentence):
            if group.car is None and _is_sister_of(page, group):
                group.cars = group.cars - {last.get(page.sheet.cars[car].team, "") for car in group.cars}
            _narrow(page, sentence, group, here if group.is_sister else topic, recent)
            here = group.car or here
            if group.car in page.sheet.cars:
                last[page.sheet.cars[group.car or ""].team] = group.car or ""
            for part in group.people:
                recent.extendleft((driver, part.cars) for driver in part.people)
        topic = _next_topic(page, sentence, topic)


@lru_cache(maxsize=256)
def _is_only_one(sheet: FactSheet, nation: str) -> bool:
    """Whether one person of the whole field has the nation: then nobody else can be meant."""
    return sum(person.nation == nation for person in sheet.people) == 1


def _is_sister_of(page: Page, group: Group) -> bool:
    """`das Schwesterauto von ROWE`: the one that was not spoken of."""
    before = page.cut.tokens[max(group.first - 3, 0) : group.first]
    return any(token.key in words("sister") for token in before) and not group.people and not group.numbers


def _narrow(
    page: Page, sentence: Sentence, group: Group, topic: str | None, recent: deque[tuple[Driver, frozenset[str]]]
) -> None:
    if group.nation:
        meant = next(((person, cars) for person, cars in recent if person.nation == group.nation), None)
        group.cars = meant[1] if meant else frozenset()
        group.level = 2 if topic in group.cars or (meant and _is_only_one(page.sheet, group.nation)) else 1
    elif group.is_sister:
        group.cars = _team_mates(page, topic)
    elif group.is_winner:
        group.cars = _winner(page, sentence, group)
    if len(group.cars) <= 1 or group.is_plural:
        return
    driven = _driven(page, sentence, group)
    if driven:
        group.cars = driven
        return
    class_cars = _cars_of_class(page, sentence, group)
    narrowed = group.cars & class_cars if class_cars else group.cars
    if len(narrowed) > 1 and topic in narrowed and not group.people and not group.numbers:
        narrowed = narrowed - {topic} if page.is_object(group) else frozenset({topic})
        group.level = 1
    group.cars = narrowed or group.cars


def _driven(page: Page, sentence: Sentence, group: Group) -> frozenset[str]:
    """`Gounon parkte den Bentley`: of all cars of a make or a team the one in which somebody sits who stands before it."""
    if group.people or group.numbers or group.nation or group.is_winner:
        return frozenset()
    first, _last = page.clause(sentence, group.first)
    before = [other for other in page.groups(sentence) if first <= other.first < group.first and other.people]
    if len(before) != 1 or page.is_object(before[0]) or page.is_object(group):
        return frozenset()
    shared = group.cars & before[0].cars
    return shared if len(shared) == 1 else frozenset()


def _cars_of_class(page: Page, sentence: Sentence, group: Group) -> frozenset[str]:
    clause = page.clause(sentence, group.first)
    cue, level = page.settings[sentence.number].latest("class", group.first, clause)
    if cue is not None and level == 1 and group.last <= cue.at < sentence.last:
        return frozenset()  # named in another clause behind: `…, und ein Podium in der Bronze-Wertung`
    if cue is None:
        return frozenset()
    return page.sheet.numbers_by_class.get(str(cue.value), frozenset())


def _winner(page: Page, sentence: Sentence, group: Group) -> frozenset[str]:
    """`die Sieger` where one race has been run, `die Samstagssieger`; in a class context that class's."""
    races = [session for session in page.sheet.run if session.is_race]
    day = winner_day(page.cut.tokens[group.first].key)
    if day:
        races = [session for session in races if session.day == day_of(day, page.sheet)]
    if len(races) != 1:
        return frozenset()
    cue, level = page.settings[sentence.number].latest("class", group.first, page.clause(sentence, group.first))
    is_overall = page.cut.tokens[group.first].key.startswith("gesamt")
    first = races[0].class_leader(str(cue.value)) if cue and not is_overall else None
    rows = [first] if first and level > 1 else [first, races[0].by_position.get(1)]  # a class spoken of before: either
    return frozenset(row.number for row in rows if row)


def _team_mates(page: Page, car: str | None) -> frozenset[str]:
    own = page.sheet.cars.get(car or "")
    return page.sheet.numbers_by_team.get(own.team, frozenset()) - {own.number} if own else frozenset()


def _next_topic(page: Page, sentence: Sentence, topic: str | None) -> str | None:
    single = [group for group in page.groups(sentence) if group.car]
    free = [group for group in single if not page.is_object(group)]
    if free:
        return free[0].car
    return single[0].car if single and topic is None else topic
