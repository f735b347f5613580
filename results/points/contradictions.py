"""Rules of which each word is right and that cannot hold together: named in German, one sentence each. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator

from results.points.rules import Championship, Selection


def contradictions(rules: Championship) -> Iterator[str]:
    """What contradicts itself, with the word of the rules in front."""
    for drop in rules.drops:
        if drop.last is not None and drop.last < drop.first:
            yield f"drops: Der Abschnitt endet mit Lauf {drop.last}, beginnt aber erst mit Lauf {drop.first}."
    for pair in _twice(", ".join(sorted(one.ratings)) for one in rules.pairings):
        yield f"pairings: Für die Einstufungen {pair} sind zwei Faktoren genannt."
    for below in _twice(one.below for one in rules.shortened):
        yield f"shortened: Für weniger als {below} der Distanz sind zwei Faktoren genannt."
    for tie in _twice(rules.ties):
        yield f"ties: „{tie}“ steht zweimal da."
    if rules.classes and rules.scope != "class" and any(one.by_starters is not None for one in rules.scores):
        yield "classes: Punkte nach den Startern einer Klasse brauchen Plätze der Klasse (scope = „class“)."
    for word, where in _selections(rules):
        yield from (f"{word}: {sentence}" for sentence in _of_rounds(where, rules.rounds))


def _selections(rules: Championship) -> Iterator[tuple[str, Selection]]:
    yield from (("scores", one.where) for one in rules.scores)
    yield from (("bonuses", one.where) for one in rules.bonuses)


def _of_rounds(where: Selection, rounds: int | None) -> Iterator[str]:
    if where.rounds and where.rounds <= where.without:
        yield "Alle genannten Läufe stehen auch in „without_rounds“, die Regel gilt also nie."
    beyond = sorted(number for number in where.rounds if rounds is not None and number > rounds)
    if beyond:
        yield f"Lauf {beyond[0]} ist genannt, die Saison hat {rounds} Läufe."


def _twice(values: Iterable[Hashable]) -> list[Hashable]:
    return [value for value, number in Counter(values).items() if number > 1]
