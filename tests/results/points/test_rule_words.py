"""Every rule has its sentence: whatever differs in the rules differs in the words."""

from dataclasses import MISSING, fields, replace
from decimal import Decimal
from fractions import Fraction

import pytest

from results.points import packs, rank, rules
from results.points.rule_words import CAUSES, HOWS, KINDS, LISTS, RATINGS, SHARINGS, SUBJECTS, TIES, in_words

RACE = rules.Selection()


def every_season():
    """The rules of every championship of every pack in every season that differs from the one before."""
    for pack in packs.packs():
        for key in pack.championships:
            seen = None
            for season in range(1946, 2030):
                if key not in pack.keys_of(season):
                    continue
                try:
                    read = pack.championship(key, season)
                except packs.PackRefused:
                    continue
                if read != seen:
                    seen = read
                    yield pytest.param(read, id=f"{pack.series}-{key}-{season}")


def text(read):
    return "\n".join(sentence for part in in_words(read) for sentence in part.sentences)


def default_of(field):
    return None if field.default is MISSING else field.default


def is_silent(read, name):
    """Where a value means nothing: the key, and what becomes of shared cars and short stints but for drivers."""
    if name == "least_seconds" and read.subject != "driver":
        return True
    shares = read.subject == "driver" or read.sharing == "none"
    return name == "key" or (not shares and (name == "sharing" or (name == "split_rounding" and not read.bonuses)))


@pytest.mark.parametrize("read", list(every_season()))
def test_whatever_a_pack_says_of_a_season_is_said_in_words(read):
    said = text(read)
    silent = []
    for field in fields(rules.Championship):
        value, default = getattr(read, field.name), default_of(field)
        if is_silent(read, field.name) or value == default or field.default is MISSING:
            continue
        if text(replace(read, **{field.name: default})) == said:
            silent.append(field.name)
    assert silent == []
    for number, rule in enumerate(read.scores):
        assert all(f"{point.normalize():f}".replace(".", ",") in said for point in rule.table.points), number
    assert all(part.sentences for part in in_words(read))


def base(**values):
    values = {"key": "x", "subject": "driver", "scores": (rules.ScoreRule(RACE, rules.Table((Decimal(10),))),)} | values
    return rules.Championship(**values)


def score(**values):
    return base(scores=(replace(base().scores[0], **values),))


def where(**values):
    return score(where=rules.Selection(**values))


def bonus(*, subject="driver", split_rounding=rules.THOUSANDTHS, **values):
    values = {"cause": "pole", "points": Decimal(1), "where": RACE} | values
    return base(subject=subject, split_rounding=split_rounding, bonuses=(rules.Bonus(**values),))


def drop(**values):
    return base(drops=(rules.Drop(**({"best": 3} | values)),))


def exclusion(**values):
    return base(exclusions=(rules.Exclusion(**({"competitor": "a", "printed": "EX"} | values)),))


def adjustment(**values):
    values = {"competitor": "a", "points": Decimal(-5), "after": 2} | values
    return base(adjustments=(rules.Adjustment(**values),))


SHIFT = rules.ByStarters("shift")
DIFFERENT = [
    (base(), base(racing_class="Pro")),
    (base(), base(cup="Junior")),
    (base(), base(scope="class")),
    (base(), base(moves_up=False)),
    (base(cars=1), base(cars=2)),
    (base(cars=1), base(cars=1, cars_move_up=True)),
    (base(), base(least_seconds=1500)),
    (base(), base(least_part=Fraction(1, 4))),
    (base(), base(seats=frozenset({1}))),
    (bonus(), bonus(cause="laps_led")),
    (bonus(cause="laps_led"), bonus(cause="most_led")),
    (base(), base(ties=("countback", "qualifying"))),
    (base(), base(pairings=(rules.Pairing(("silver", "bronze"), Fraction(3, 2)),))),
    (bonus(subject="team"), bonus(subject="team", split_rounding=rules.Rounding(Decimal(1)))),
    (base(), base(split_rounding=rules.Rounding(Decimal("0.5")))),
    (score(), score(factor=Fraction(1, 3))),
    (score(), score(table=rules.Table((Decimal(10),), rest=Decimal("0.5")))),
    (score(), score(rounding=rules.Rounding(Decimal(1), "up"))),
    (score(), score(by_starters=SHIFT)),
    (score(by_starters=SHIFT), score(by_starters=rules.ByStarters("proportional"))),
    (
        score(by_starters=rules.ByStarters("proportional")),
        score(by_starters=rules.ByStarters("proportional", Decimal(7))),
    ),
    (where(), where(kinds=frozenset({"race", "sprint"}))),
    (where(), where(checkpoint="6h")),
    (where(), where(rounds=frozenset({1, 2, 5}))),
    (where(), where(without=frozenset({3}))),
    (where(), where(tags=frozenset({"8h"}))),
    (bonus(), bonus(cause="fastest_lap")),
    (bonus(), bonus(points=Decimal("0.5"))),
    (bonus(), bonus(within=10)),
    (bonus(), bonus(is_split=True)),
    (bonus(), bonus(where=rules.Selection(tags=frozenset({"lemans"})))),
    (base(), base(shortened=(rules.Shortened(Fraction(3, 4), Fraction(1, 2)),))),
    (base(), base(shares=((4, Fraction(1, 2)),))),
    (base(), base(ineligible=frozenset({(4, "a")}))),
    (base(), base(fastest=((4, ("a",)),))),
    (base(), drop()),
    (drop(), drop(first=3)),
    (drop(), drop(last=5)),
    (drop(), drop(if_started=8)),
    (exclusion(), exclusion(printed="DSQ")),
    (exclusion(), exclusion(since=4)),
    (exclusion(), exclusion(reason="Spionage")),
    (exclusion(), exclusion(printed="", until=3)),
    (adjustment(), adjustment(points=Decimal(5))),
    (adjustment(), adjustment(after=3)),
    (adjustment(), adjustment(reason="Bremsen")),
    (base(), base(ties=())),
    (base(), base(rounds=16)),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_rules_that_differ_are_told_apart_by_their_words(one, other):
    assert text(one) != text(other)


def test_no_word_that_a_rule_may_have_is_without_german():
    assert set(SUBJECTS) == set(rules.Subject.__args__)
    assert set(SHARINGS) == set(rules.Sharing.__args__)
    assert set(HOWS) == set(rules.ROUNDINGS)
    assert set(TIES) == set(rank.TIES)
    assert set(KINDS) == packs._KINDS
    assert set(CAUSES) == set(rules.Cause.__args__)
    assert set(LISTS) == {"scorers", "finishers", "starters"}
    assert set(RATINGS) == {"platinum", "gold", "silver", "bronze"}


def test_the_wec_of_2021_in_words():
    wec = next(pack for pack in packs.packs() if pack.series == "wec")

    parts = {part.title: part.sentences for part in in_words(wec.championship("driver", 2021))}

    assert parts["Was ein Platz wert ist"] == (
        "Rennen: 25-18-15-12-10-8-6-4-2-1.",
        "Rennen mit dem Merkmal 8h: 38-27-23-18-15-12-9-6-3-2.",
        "Rennen mit dem Merkmal 10h: 38-27-23-18-15-12-9-6-3-2.",
        "Rennen mit dem Merkmal lemans: 50-36-30-24-20-16-12-8-4-2, 1 für jeden weiteren Gewerteten.",
        "Treffen auf einen Lauf mehrere dieser Regeln zu, gilt die letzte.",
    )
    assert parts["Punkte daneben"] == ("Qualifying: 1 Punkt für den ersten Platz in dieser Sitzung (Pole-Position).",)
    assert parts["Verkürzte Rennen"][0] == "Ist weniger als 75 Prozent der Distanz gefahren, gibt es die halben Punkte."
    assert parts["Streichresultate"] == ("Alle Läufe zählen.",)
