"""How a title stands, in German sentences for editors and readers. Pure; names come from the caller."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from results.points.facts import Key
from results.points.prospects import NOWHERE, Contender, Margin, Title

Name = Callable[[Key], str]
MOST_NAMED = 4  # for whom the title can be decided; nobody reads more names in one sentence
_NUMBERS = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_ORDINALS = [
    "nullter",
    "Sieger",
    "Zweiter",
    "Dritter",
    "Vierter",
    "Fünfter",
    "Sechster",
    "Siebter",
    "Achter",
    "Neunter",
    "Zehnter",
    "Elfter",
    "Zwölfter",
]


def number(value: int) -> str:
    """`drei`, from thirteen on in figures."""
    return _NUMBERS[value] if value < len(_NUMBERS) else str(value)


def finishing(place: int) -> str:
    """`Sieger`, `Zweiter`, `13.`: what somebody is who comes in at that place."""
    return _ORDINALS[place] if place < len(_ORDINALS) else f"{place}."


def alone(contender: Contender, name: Name) -> str:
    """What is enough whatever the others do."""
    who = name(contender.competitor)
    if not contender.is_known:
        return f"Was {who} reicht, lässt sich bei diesen Regeln nicht sicher sagen."
    if contender.alone is None:
        if contender.is_last:
            return f"{who} kann den Titel nicht aus eigener Kraft sichern."
        return f"{who} kann den Titel in der nächsten Wertung noch nicht aus eigener Kraft sichern."
    if contender.alone == 1:
        return f"{who} ist mit einem Sieg auf jeden Fall Meister."
    return f"Platz {number(contender.alone)} reicht {who} auf jeden Fall."


def against(contender: Contender, name: Name) -> list[str]:
    """One sentence for each rival, in the order of the table: what is enough, or how far apart they are."""
    duels = [_duel(rival, needed, contender.unpaid, name) for rival, needed in contender.against.items()]
    return [*duels, *(_apart(rival, margin, name) for rival, margin in contender.margins.items())]


def _apart(rival: Key, margin: Margin, name: Name) -> str:
    """`Gegen Piastri: 24 Punkte Vorsprung; der Gegner kann noch höchstens 58 holen.`"""
    if margin.lead > 0:
        return f"Gegen {name(rival)}: {_points(margin.lead)} Vorsprung; der Gegner kann noch höchstens {_plain(margin.its)} holen."
    behind = f"{_points(-margin.lead)} Rückstand" if margin.lead else "punktgleich"
    return f"Gegen {name(rival)}: {behind}; zu holen sind noch höchstens {_points(margin.own)}."


def _points(value: Decimal) -> str:
    return f"{_plain(value)} {'Punkt' if value == 1 else 'Punkte'}"


def _plain(value: Decimal) -> str:
    return f"{value.normalize() + 0:f}".replace(".", ",")


def _duel(rival: Key, needed: Mapping[int, int | None], unpaid: int | None, name: Name) -> str:
    """`Gegen Buemi: siegt der Gegner, reicht Platz drei; …`; places of the rival that ask for the same go together."""
    groups: list[tuple[int, int, int | None]] = []
    for its, own in sorted(needed.items()):
        if groups and groups[-1][2] == own:
            groups[-1] = (groups[-1][0], its, own)
        else:
            groups.append((its, its, own))
    parts = [f"{_when(first, last, own, unpaid)} {_then(own)}" for first, last, own in groups]
    return f"Gegen {name(rival)}: {'; '.join(parts)}."


def _when(first: int, last: int, own: int | None, unpaid: int | None) -> str:
    """The rival's places; from the first that gives no points on it is all the same where he finishes."""
    if unpaid is not None and first >= unpaid:
        return "bleibt der Gegner ohne Punkte,"
    if own == NOWHERE:
        return "auch bei einem Sieg des Gegners" if first == 1 else f"ab Platz {number(first)} des Gegners"
    if unpaid is not None and last >= unpaid:
        return "was auch immer der Gegner erreicht," if first == 1 else f"ab Platz {number(first)} des Gegners"
    if first == last:
        return "siegt der Gegner," if first == 1 else f"wird der Gegner {finishing(first)},"
    return f"bei Platz {number(first)} bis {number(last)} des Gegners"


def _then(own: int | None) -> str:
    if own is None:
        return "reicht kein eigener Platz"
    if own == NOWHERE:
        return "ist jedes Ergebnis genug"
    return "hilft nur der Sieg" if own == 1 else f"reicht Platz {number(own)}"


def headline(title: Title, name: Name) -> str:
    """How it stands in one sentence."""
    if title.champion is not None:
        return f"{name(title.champion)} ist Meister."
    names = [name(one.competitor) for one in title.contenders]
    if not names:
        return "Es ist noch nichts gewertet."
    if len(names) == 1:
        return f"{names[0]} führt, der Titel ist noch offen."
    return f"{number(len(names)).capitalize()} können noch Meister werden: {', '.join(names[:-1])} und {names[-1]}."


def earliest(found: tuple[int, tuple[Key, ...]] | None, name: Name, event: Callable[[int], str]) -> str:
    """When the title can be decided at the earliest, and for whom; empty where nothing is to come.

    Of many no names are given: that it can be one of the whole field says nothing.
    """
    if found is None:
        return ""
    number_of_round, could = found
    said = f"Frühestens nach „{event(number_of_round)}“ kann der Titel vergeben sein"
    if len(could) > MOST_NAMED:
        return f"{said}."
    names = [name(one) for one in could]
    who = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} oder {names[-1]}"
    return f"{said}, dann an {who}."
