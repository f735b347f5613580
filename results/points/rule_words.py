"""What the rules of a championship do, in German sentences for the desk. Pure; names of competitors and rounds come from the caller."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from results.points.facts import Key
from results.points.rules import THOUSANDTHS, Bonus, Championship, Drop, Exclusion, Rounding, ScoreRule, Selection

Name = Callable[[Key], str]
RoundName = Callable[[int], str]

SUBJECTS = {
    "driver": ("Fahrer", "Gewertet wird jeder Fahrer für sich; die Fahrer einer Besatzung bekommen je die vollen Punkte."),
    "crew": ("Besatzungen", "Gewertet wird die Besatzung eines Autos als ein Bewerber, in genau dieser Zusammensetzung."),
    "team": ("Teams", "Gewertet wird das Team."),
    "entrant": ("Bewerber", "Gewertet wird der Bewerber, unter dessen Namen das Auto genannt ist."),
    "manufacturer": ("Marken", "Gewertet wird die Marke des Autos."),
    "constructor": ("Konstrukteure", "Gewertet wird der Konstrukteur, also Chassis und Motor zusammen."),
}  # fmt: skip
KINDS = {
    "race": "Rennen", "sprint": "Sprint", "qualifying": "Qualifying", "practice": "Training", "warmup": "Warm-up",
    "grid": "Startaufstellung", "stage": "Wertungsprüfung", "rally": "Rallye",
}  # fmt: skip
HOWS = {
    "half_up": "kaufmännisch gerundet",
    "half_even": "zur geraden Zahl gerundet",
    "up": "aufgerundet",
    "down": "abgerundet",
}
TIES = {
    "countback": "wer mehr Siege hat, dann mehr zweite Plätze und so fort, alle Plätze in Rennen gezählt, ohne Sprints",
    "countback_scoring": "wer mehr Siege hat, dann mehr zweite Plätze und so fort, nur Plätze mit Punkten in Rennen gezählt",
    "earliest": "wer das bessere beste Ergebnis hat, bei gleichen, wer es früher in der Saison hatte, dann ebenso das nächste",
    "qualifying": "wer öfter Erster im Qualifying war, dann öfter Zweiter und so fort",
    "latest": "wer im letzten Rennen vorn war, dann in dem davor und so fort; wer in einem Rennen keinen Platz hat, liegt dort hinten",
}
LISTS = {
    "scorers": "In der Tabelle steht, wer Punkte hat.",
    "finishers": "In der Tabelle steht auch, wer ohne Punkte ein Rennen beendet hat.",
    "starters": "In der Tabelle steht jeder, der angetreten ist, auch ohne Punkte.",
}
SHARINGS = {
    "each": "Übernehmen Fahrer ein Auto voneinander, bekommt jeder die vollen Punkte.",
    "split": "Übernehmen Fahrer ein Auto voneinander, teilen sie sich die Punkte.",
    "none": "Übernehmen Fahrer ein Auto voneinander, bekommt keiner von ihnen Punkte.",
}
CAUSES = {
    "fastest_lap": "die schnellste Runde",
    "pole": "den ersten Platz in dieser Sitzung (Pole-Position)",
    "laps_led": "jedes Auto, das wenigstens eine Runde geführt hat, soweit Runden bekannt sind",
    "most_led": "die meisten Führungsrunden, soweit Runden bekannt sind",
}
RATINGS = {"platinum": "Platin", "gold": "Gold", "silver": "Silber", "bronze": "Bronze"}
_HALF, _QUARTERS = Fraction(1, 2), Fraction(3, 4)
_FRACTIONS = {
    _HALF: "die halben",
    Fraction(1): "die vollen",
    Fraction(2): "die doppelten",
    Fraction(3): "die dreifachen",
}


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs together under one head."""

    title: str
    sentences: tuple[str, ...]


def _plain_name(key: Key) -> str:
    return str(key)


def _plain_round(number: int) -> str:
    return f"Lauf {number}"


def in_words(rules: Championship, *, name: Name = _plain_name, round_name: RoundName = _plain_round) -> list[Part]:
    """Everything the rules say and all that holds where they are silent, part by part; every part has a sentence."""
    parts = (
        ("Wer gewertet wird", _who(rules)),
        ("Was ein Platz wert ist", _scores(rules)),
        ("Punkte daneben", _bonuses(rules, name, round_name)),
        ("Verkürzte Rennen", _shortened(rules, round_name)),
        ("Streichresultate", _drops(rules)),
        ("Bei gleicher Punktzahl", _ties(rules)),
        ("Was eigens entschieden ist", _decided(rules, name, round_name)),
        ("Wer in der Tabelle steht", iter([LISTS[rules.lists]])),
    )
    return [Part(title, tuple(sentences)) for title, sentences in parts]


# ------------------------------------------------------------------ who


def _who(rules: Championship) -> Iterator[str]:
    yield SUBJECTS[rules.subject][1]
    if rules.by_car:
        yield "Jedes Auto zählt für sich, unter dem Namen mit der Startnummer."
    yield from _entered(rules)
    yield _places(rules)
    yield _guests(rules)
    if rules.cars is not None:
        yield _cars(rules)
    if rules.subject == "driver" or rules.sharing == "none":
        yield _sharing(rules)
    if rules.subject == "driver":  # a crew, a team scores as a whole
        yield from _drivers(rules)
    for one in rules.pairings:
        ratings = " und ".join(RATINGS[rating] for rating in one.ratings)
        yield f"Sitzen im Auto Fahrer der Einstufung {ratings}, zählen die Punkte mal {_ratio(one.factor)}."


def _entered(rules: Championship) -> Iterator[str]:
    if rules.racing_class:
        yield f"Nur Autos der Klasse {rules.racing_class} zählen."
    if rules.classes:
        yield f"Nur Autos dieser Klassen zählen: {', '.join(rules.classes)}."
    if rules.cup:
        yield f"Nur Autos, die für die Wertung {rules.cup} genannt sind, zählen."


def _drivers(rules: Championship) -> Iterator[str]:
    """Which drivers of a car score."""
    if rules.least_seconds is not None:
        yield f"Ein Fahrer punktet nur, wenn er mindestens {rules.least_seconds // 60} Minuten gefahren ist, soweit das bekannt ist."
    if rules.least_part is not None:
        yield (
            f"Ein Fahrer punktet nur, wenn er mindestens {_percent(rules.least_part)} der Runden seines Autos gefahren ist, "
            "soweit das bekannt ist."
        )
    if rules.graded:
        ratings = " oder ".join(RATINGS[rating] for rating in rules.graded)
        yield f"Nur Fahrer der Einstufung {ratings} punkten, soweit die Einstufung bekannt ist."
    if rules.seats:
        seats = _and(str(one) for one in sorted(rules.seats))
        yield f"Gewertet wird nur, wer als Fahrer {seats} der Besatzung genannt ist."


def _places(rules: Championship) -> str:
    if rules.scope == "class":
        among = "in der Klasse, unter diesen Autos gezählt" if rules.cup or rules.classes else "in der Klasse"
        return f"Es gilt der Platz {among}, nicht der im Gesamtergebnis."
    if rules.cup or rules.classes:
        return "Es gilt der Platz unter diesen Autos: Wer hinter anderen ankommt, rückt in der Wertung auf."
    return "Es gilt der Platz im Gesamtergebnis."


def _guests(rules: Championship) -> str:
    if rules.moves_up:
        return "Gaststarter sind unsichtbar: Wer hinter ihnen ankommt, rückt in der Wertung auf."
    return "Gaststarter punkten nicht, behalten aber ihren Platz: Niemand rückt auf."


def _cars(rules: Championship) -> str:
    many = "nur das beste Auto" if rules.cars == 1 else f"nur die besten {rules.cars} Autos"
    behind = (
        "Die übrigen nehmen den Autos dahinter keinen Platz weg."
        if rules.cars_move_up
        else "Die übrigen behalten ihren Platz, ihre Punkte verfallen."
    )
    return f"Je Wertungslauf zählt für jeden Bewerber {many}. {behind}"


def _sharing(rules: Championship) -> str:
    said = SHARINGS[rules.sharing]
    if rules.split_rounding != THOUSANDTHS:
        return f"{said} {_rounded(rules.split_rounding)}"
    return said


# ------------------------------------------------------------------ scores


def _scores(rules: Championship) -> Iterator[str]:
    for rule in rules.scores:
        yield f"{_where(rule.where)}: {_score(rule)}"
    if len(rules.scores) > 1:
        yield "Treffen auf einen Lauf mehrere dieser Regeln zu, gilt die letzte."


def _score(rule: ScoreRule) -> str:
    said = []
    starters = rule.by_starters
    if starters is not None and starters.how == "proportional":
        said.append(
            f"{_number(starters.full)} Punkte mal dem Anteil der Klasse, der geschlagen wurde, man selbst halb gezählt "
            "(bei n Startern und Platz p: mal (2n − 2p + 1) / 2n)"
        )
        if rule.table.points:
            said.append(f"nicht nach der Tabelle {_table(rule.table.points)}")
    else:
        said.append(_table(rule.table.points))
    if rule.table.rest:
        said.append(f"{_number(rule.table.rest)} für jeden weiteren Gewerteten")
    if starters is not None and starters.how == "shift":
        said.append(
            f"starten in der Klasse weniger als {len(rule.table.points)}, gibt es für jeden fehlenden die Punkte eines "
            "Platzes weiter hinten"
        )
    if rule.factor != 1:
        said.append(f"mal {_ratio(rule.factor)}")
    if rule.rounding != THOUSANDTHS:
        said.append(_rounded(rule.rounding, ends=False))
    return ", ".join(said) + "."


def _table(points: Sequence[Decimal]) -> str:
    return "-".join(_number(one) for one in points)


# ------------------------------------------------------------------ beside


def _bonuses(rules: Championship, name: Name, round_name: RoundName) -> Iterator[str]:
    for bonus in rules.bonuses:
        yield _bonus(bonus)
    if rules.classes and any(bonus.cause == "pole" for bonus in rules.bonuses):
        yield "Für die Pole zählt der Erste jeder dieser Klassen."
    for number, keys in rules.fastest:
        yield f"{round_name(number)}: Die schnellste Runde gilt als die von {_and(name(key) for key in keys)}."
    if rules.bonuses and rules.split_rounding != THOUSANDTHS:
        yield f"Auch Punkte neben dem Platz werden {_rounded(rules.split_rounding, ends=False)}."
    if not rules.bonuses:
        yield "Neben dem Platz gibt es keine Punkte."


def _bonus(bonus: Bonus) -> str:
    said = f"{_where(bonus.where)}: {_points(bonus.points)} für {CAUSES[bonus.cause]}"
    if bonus.within is not None:
        said += f", nur für Gewertete bis Platz {bonus.within}"
    if bonus.is_split:
        said += "; wer zeitgleich war, teilt sich die Punkte"
    return f"{said}."


def _shortened(rules: Championship, round_name: RoundName) -> Iterator[str]:
    for one in sorted(rules.shortened, key=lambda one: one.below):
        yield f"Ist weniger als {_percent(one.below)} der Distanz gefahren, gibt es {_part(one.factor)}."
    for number, share in rules.shares:
        yield f"{round_name(number)}: Es gibt {_part(share)}."
    if not rules.shortened and not rules.shares:
        yield "Auch ein verkürztes Rennen gibt die vollen Punkte."
    else:
        yield "Gekürzt wird nur, was ein Platz im Rennen wert ist; Sprints und Punkte neben dem Platz bleiben ganz."
    if rules.shortened:
        yield "Welcher Teil gefahren ist, steht beim gewerteten Lauf; ohne Angabe gilt die ganze Distanz."


def _part(factor: Fraction) -> str:
    if factor == 0:
        return "keine Punkte"
    return f"{_FRACTIONS[factor]} Punkte" if factor in _FRACTIONS else f"die Punkte mal {_ratio(factor)}"


# ------------------------------------------------------------------ drops, ties


def _drops(rules: Championship) -> Iterator[str]:
    for drop in rules.drops:
        yield _drop(drop)
    if rules.drops:
        yield "Ein Lauf zählt mit all seinen Punkten oder gar nicht; was eigens entschieden ist, wird nie gestrichen."
    else:
        yield "Alle Läufe zählen."
    if rules.rounds is not None:
        yield f"Die Saison hat {rules.rounds} Läufe."
    selections = [*(rule.where for rule in rules.scores), *(bonus.where for bonus in rules.bonuses)]
    left_out = sorted({number for where in selections for number in where.without})
    if left_out:
        yield f"Nicht gewertet: {_rounds(left_out)}."


def _drop(drop: Drop) -> str:
    span = ""
    if drop.first > 1 or drop.last is not None:
        span = f" von Lauf {drop.first}" + (f" bis {drop.last}" if drop.last is not None else " an")
    said = f"Es zählen die {drop.best} besten Läufe{span}" if drop.best > 1 else f"Es zählt der beste Lauf{span}"
    if drop.if_started is not None:
        said += f", aber nur für den, der in mindestens {drop.if_started} Läufen angetreten ist; sonst wird nichts gestrichen"
    return f"{said}."


def _ties(rules: Championship) -> Iterator[str]:
    for place, tie in enumerate(rules.ties):
        yield f"{'Es entscheidet' if place == 0 else 'Danach'}: {TIES[tie]}."
    yield (
        "Wer danach immer noch gleich ist, teilt sich den Platz."
        if rules.ties
        else "Wer gleich viele Punkte hat, teilt sich den Platz."
    )


# ------------------------------------------------------------------ decided


def _decided(rules: Championship, name: Name, round_name: RoundName) -> Iterator[str]:
    said = False
    by_round: dict[int, list[Key]] = {}
    for number, key in rules.ineligible:
        by_round.setdefault(number, []).append(key)
    for number in sorted(by_round):
        said = True
        who = _and(sorted(name(key) for key in by_round[number]))
        one = len(by_round[number]) == 1
        behind = (
            "wer dahinter ankam, rückt auf"
            if rules.moves_up
            else f"{'sein Platz' if one else 'ihr Platz'} bleibt besetzt"
        )
        yield f"{round_name(number)}: {who} {'bekommt' if one else 'bekommen'} keine Punkte, {behind}."
    for exclusion in rules.exclusions:
        said = True
        yield _exclusion(exclusion, name, round_name)
    for one_ in rules.adjustments:
        said = True
        verb = "dazu" if one_.points >= 0 else "abgezogen"
        after = f"nach {round_name(one_.after)}" if one_.after else "von Anfang an"
        yield f"{name(one_.competitor)}: {_points(abs(one_.points))} {verb}, {after}{_why(one_.reason)}."
    if not said:
        yield "Nichts."


def _exclusion(one: Exclusion, name: Name, round_name: RoundName) -> str:
    who = name(one.competitor)
    if one.until is not None:
        return (
            f"{who} verliert alle Punkte bis {round_name(one.until)}, zu sehen in der Tabelle ab "
            f"{round_name(one.since)}{_why(one.reason)}."
        )
    since = f"ab {round_name(one.since)}" if one.since > 1 else "von Anfang an"
    return f"{who} ist {since} ausgeschlossen; statt des Platzes steht {one.printed}{_why(one.reason)}."


def _why(reason: str) -> str:
    return f" ({reason})" if reason else ""


# ------------------------------------------------------------------ words


def _where(where: Selection) -> str:
    """`Rennen (8h), Wertung nach 6h, nur Läufe 1 bis 4`."""
    said = _and(sorted((KINDS[kind] for kind in where.kinds), key=list(KINDS.values()).index))
    if where.tags:
        said += f" mit dem Merkmal {_and(sorted(where.tags))}"
    if where.checkpoint:
        said += f", Zwischenwertung nach {where.checkpoint}"
    if where.rounds:
        said += f", nur {_rounds(sorted(where.rounds))}"
    return said


def _rounds(numbers: Sequence[int]) -> str:
    """`Lauf 3`, `Läufe 1 bis 4 und 7`."""
    if len(numbers) == 1:
        return f"Lauf {numbers[0]}"
    spans: list[list[int]] = [[numbers[0], numbers[0]]]
    for before, number in pairwise(numbers):
        if number == before + 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    words = [f"{first} bis {last}" if last > first else str(first) for first, last in spans]
    return f"Läufe {_and(words)}"


def _rounded(rounding: Rounding, *, ends: bool = True) -> str:
    to = "ganze Punkte" if rounding.step == 1 else f"Schritte von {_number(rounding.step)}"
    said = f"auf {to} {HOWS[rounding.how]}"
    return f"Dabei wird {said}." if ends else said


def _points(points: Decimal) -> str:
    return f"{_number(points)} {'Punkt' if points == 1 else 'Punkte'}"


def _number(value: Decimal) -> str:
    return f"{value.normalize() + 0:f}".replace(".", ",").replace("-", "−")


def _ratio(value: Fraction) -> str:
    """`1,5`; `1/3` where the decimals would not end."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return _number(Decimal(value.numerator) / Decimal(value.denominator)) if rest == 1 else str(value)


def _percent(part: Fraction) -> str:
    return f"{_ratio(part * 100)} Prozent"


def _and(words: Iterable[str] | Collection[str]) -> str:
    listed = list(words)
    return " und ".join(part for part in (", ".join(listed[:-1]), *listed[-1:]) if part)
