"""The rules of one stored championship in words: competitors by their names, rounds by their events."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from results.models import Championship
from results.points.facts import Key
from results.points.packs import PackRefused, read_rules
from results.points.rule_words import Part, in_words
from results.standings.reading import Names
from results.standings.rulebook import in_our_keys
from results.standings.schedule import calendar_of


def explained(championship: Championship) -> list[Part]:
    """What the rules of the row do, saved or not, decisions of the desk left out; empty where they cannot be read."""
    try:
        plain = read_rules(
            championship.rules, key=championship.key, subject=championship.subject, place=championship.name
        )
        ours = in_our_keys(championship, decisions=(), rounds={})
    except PackRefused:
        return []
    named: set[Key] = {one.competitor for one in ours.exclusions} | {one.competitor for one in ours.adjustments}
    named |= {key for _number, key in ours.ineligible} | {key for _number, keys in ours.fastest for key in keys}
    names = Names.of(championship, named)
    rounds = round_names(championship)

    def round_name(number: int) -> str:
        return f"Lauf {number} ({rounds[number]})" if number in rounds else f"Lauf {number}"

    racing_class = championship.racing_class.name if championship.racing_class else plain.racing_class
    return in_words(
        replace(ours, racing_class=racing_class, classes=plain.classes, cup=plain.cup),
        name=lambda key: names.name_of(key) or str(key),
        round_name=round_name,
    )


def round_names(championship: Championship) -> Mapping[int, str]:
    """The events of the season by the number of their round."""
    calendar = calendar_of(championship.season)
    return {number: event.name for number, event in enumerate(calendar.events, start=1)}
