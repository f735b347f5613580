"""Rule packs: files that say by which rules a series awarded points in which season. Unknown words are refused.

A pack lists its championships and `[[rules]]`, each with the seasons it is good for. What holds in a season is all
entries that are good for it, laid over each other in the order of the file: a later one replaces, key by key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from results.points import rank
from results.points.contradictions import contradictions
from results.points.rule_shapes import misfits, writable
from results.points.rules import (
    ROUNDINGS,
    Adjustment,
    Bonus,
    ByStarters,
    Cause,
    Championship,
    Drop,
    Exclusion,
    Pairing,
    Rounding,
    ScoreRule,
    Selection,
    Sharing,
    Shortened,
    Subject,
    Table,
)

FOLDER = Path(__file__).parent.parent / "rules"
OPEN_END = 9999
# More than that no place was ever worth; of less, two cars in a hundred scorings make a total that a table can hold.
MOST_FOR_A_PLACE = 2_000
_KINDS = frozenset({"race", "sprint", "qualifying", "practice", "warmup", "grid", "stage", "rally"})
_HEAD = ("series", "name", "source", "championships", "rules")
# `per_class`: a table for each class of its own. `unproven`: seasons of whose rules nobody has found proof.
_OF_ITS_RULES = frozenset(
    {"class", "classes", "cup", "scope", "by_car"}
)  # what a championship may say in its own entry
_CHAMPIONSHIP = frozenset({"subject", "name", "from", "until", "per_class", "unproven"}) | _OF_ITS_RULES
_SPAN = frozenset({"from", "until", "championship", "source"})
# In the order in which a person reads them.
RULE_WORDS = (
    "scores", "bonuses", "shortened", "shares", "scope", "class", "classes", "cup", "by_car", "cars", "cars_move_up",
    "sharing", "split_step", "split_how", "seats", "least_minutes", "least_part", "graded", "pairings", "moves_up",
    "ineligible", "fastest", "drops", "ties", "lists",
    "rounds", "without_rounds", "exclusions", "adjustments",
)  # fmt: skip
_RULE = frozenset(RULE_WORDS)
_SCORE = frozenset(
    {"kinds", "rounds", "tags", "checkpoint", "table", "rest", "factor", "step", "how", "by_starters", "full"}
)
_BONUS = frozenset({"cause", "kinds", "rounds", "tags", "checkpoint", "points", "within", "split"})


class PackRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """A pack that cannot be used; the message is one German sentence that names file and place."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of a series. `championships` are the keys of its championships with their entries.

    `names` are those of the series. `keys` is the source whose keys name competitors in the rules ("f1db"). `tags` say by
    which words in the name of an event or session a scoring gets a tag.
    """

    series: str
    name: str
    source: str
    championships: Mapping[str, Mapping[str, Any]]
    entries: tuple[Mapping[str, Any], ...]
    names: tuple[str, ...] = ()
    keys: str = ""
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def keys_of(self, season: int) -> list[str]:
        """The championships that were held in a season, in the order of the file."""
        return [
            key
            for key, said in self.championships.items()
            if _is_good(said, season) and season not in said.get("unproven", ())
        ]

    def unproven_in(self, season: int) -> list[str]:
        """The championships that were held in a season and of whose rules nobody has found proof."""
        return [key for key, said in self.championships.items() if season in said.get("unproven", ())]

    def is_unproven(self, season: int) -> bool:
        """Whether championships were held of whose rules nobody has found proof, and none whose rules are known."""
        return not self.keys_of(season) and bool(self.unproven_in(season))

    def said(self, key: str, season: int) -> dict[str, Any]:
        """What the file says of a championship in a season, as plain values. Raises PackRefused where it says nothing."""
        if key not in self.keys_of(season):
            raise PackRefused(f"{self.name}: Für {season} gibt es keine Wertung „{key}“.")
        said: dict[str, Any] = {name: value for name, value in self.championships[key].items() if name in _OF_ITS_RULES}
        for entry in self.entries:
            if _is_good(entry, season) and entry.get("championship", key) == key:
                said |= {name: value for name, value in entry.items() if name not in _SPAN}
        if "scores" not in said:
            raise PackRefused(f"{self.name}: Für {season} sagt keine Regel, was ein Platz wert ist.")
        return said

    def championship(self, key: str, season: int) -> Championship:
        """The rules of a championship in a season. Raises PackRefused where the pack holds none."""
        subject = self.championships[key]["subject"] if key in self.championships else ""
        return read_rules(self.said(key, season), key=key, subject=subject, place=f"{self.name}, {key} {season}")


def read_rules(said: Mapping[str, Any], *, key: str, subject: str, place: str) -> Championship:
    """Rules from plain values as a pack or the desk gives them.

    Raises PackRefused for an unknown word, a contradiction, or values of another shape; `place` begins its sentence.
    """
    reader = _Reader(place)
    reader.only(said, _RULE, "eine Regel")
    for path, reason in misfits(said):
        raise reader.refuse(f"{path[0]}: {reason}")
    if not said.get("scores"):
        raise reader.refuse("Keine Regel sagt, was ein Platz wert ist („scores“).")
    try:
        return reader.championship(key, reader.word(subject, get_args(Subject), "subject"), said)
    except (TypeError, ValueError, AttributeError, KeyError) as error:
        raise reader.refuse(f"Ein Wert hat die falsche Form ({error}).") from error


def load_pack(path: Path) -> Pack:
    """A pack from its file. Raises PackRefused with a German sentence for anything it does not know."""
    try:
        said = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PackRefused(f"{path.name}: Das ist kein gültiges TOML ({error}).") from error
    return read_pack(said, name=path.name)


def packs() -> list[Pack]:
    """Every pack that is shipped, by file name."""
    return [load_pack(path) for path in sorted(FOLDER.glob("*.toml"))]


def read_pack(said: Mapping[str, Any], *, name: str) -> Pack:
    """A pack from the values of its file; every season it names is read once, so that no error waits for its year."""
    reader = _Reader(name)
    reader.only(said, {*_HEAD, "names", "keys", "tags"}, "die Datei")
    for key in _HEAD:
        if not said.get(key):
            raise PackRefused(f"{name}: Es fehlt „{key}“.")
    for key, one in said["championships"].items():
        reader.only(one, _CHAMPIONSHIP, f"die Wertung „{key}“")
        reader.word(one.get("subject"), get_args(Subject), f"subject der Wertung „{key}“")
    for number, entry in enumerate(said["rules"], start=1):
        _check_entry(reader, entry, number, said["championships"])
    pack = Pack(
        said["series"],
        said["name"],
        said["source"],
        said["championships"],
        tuple(said["rules"]),
        names=tuple(said.get("names", ())),
        keys=said.get("keys", ""),
        tags={tag: tuple(words) for tag, words in said.get("tags", {}).items()},
    )
    for key, season in _seasons(pack):
        pack.championship(key, season)
    return pack


def _check_entry(reader: _Reader, entry: Mapping[str, Any], number: int, championships: Collection[str]) -> None:
    reader.only(entry, _SPAN | _RULE, f"die Regel {number}")
    if "from" not in entry:
        raise reader.refuse(f"Regel {number} sagt nicht, ab wann sie gilt.")
    if _first(entry) > _last(entry):
        raise reader.refuse(f"Regel {number} gilt bis {entry['until']}, aber erst ab {entry['from']}.")
    if entry.get("championship") not in {None, *championships}:
        raise reader.refuse(f"Regel {number} nennt die unbekannte Wertung „{entry['championship']}“.")


def _seasons(pack: Pack) -> Iterable[tuple[str, int]]:
    """Every season in which something begins or ends, for each championship: between them nothing changes."""
    borders = {_first(entry) for entry in pack.entries} | {_last(entry) + 1 for entry in pack.entries}
    last = max(border for border in borders if border < OPEN_END)
    for key in pack.championships:
        for season in sorted(border for border in borders if border <= last):
            if key in pack.keys_of(season) and any(_is_good(entry, season) for entry in pack.entries):
                yield key, season


def _first(said: Mapping[str, Any]) -> int:
    return int(said.get("from", 0))


def _last(said: Mapping[str, Any]) -> int:
    return int(said.get("until", OPEN_END))


def _is_good(said: Mapping[str, Any], season: int) -> bool:
    return _first(said) <= season <= _last(said)


class _Reader:
    """Values of a file as rules; `place` says where in errors."""

    def __init__(self, place: str) -> None:
        self.place = place

    def refuse(self, reason: str) -> PackRefused:
        return PackRefused(writable(f"{self.place}: {reason}"))

    def only(self, said: Mapping[str, Any], known: Collection[str], where: str) -> None:
        unknown = sorted(set(said) - set(known))
        if unknown:
            raise self.refuse(f"„{unknown[0]}“ ist kein Wort, das {where} kennt.")

    def word(self, value: Any, known: Iterable[str], where: str) -> Any:
        if value not in set(known):
            raise self.refuse(f"{where}: „{value}“ ist unbekannt, möglich sind {', '.join(sorted(known))}.")
        return value

    def number(self, value: Any, where: str) -> Decimal:
        try:
            found = Decimal(str(value))
        except InvalidOperation as error:
            raise self.refuse(f"{where}: „{value}“ ist keine Zahl.") from error
        if not found.is_finite():
            raise self.refuse(f"{where}: „{value}“ ist keine Zahl.")
        return found

    def ratio(self, value: Any, where: str) -> Fraction:
        try:
            return Fraction(str(value))
        except (ValueError, ZeroDivisionError) as error:
            raise self.refuse(f"{where}: „{value}“ ist kein Bruch.") from error

    def championship(self, key: str, subject: Subject, said: Mapping[str, Any]) -> Championship:
        without = frozenset(said.get("without_rounds", ()))
        read = self._read(key, subject, said, without)
        for sentence in contradictions(read):
            raise self.refuse(sentence)
        most = max(Fraction(1), *(one.factor for one in read.pairings), Fraction(1))
        for rule in read.scores:
            full = rule.by_starters.full if rule.by_starters else Decimal(0)
            worth = max(map(abs, (*rule.table.points, rule.table.rest, full)))
            if Fraction(worth) * rule.factor * most > MOST_FOR_A_PLACE:
                raise self.refuse(f"scores: Mit allen Faktoren wäre ein Platz mehr als {MOST_FOR_A_PLACE} Punkte wert.")
        return read

    def _read(self, key: str, subject: Subject, said: Mapping[str, Any], without: frozenset[int]) -> Championship:
        return Championship(
            key=key,
            subject=subject,
            scores=tuple(self._score(one, without) for one in said["scores"]),
            bonuses=tuple(self._bonus(one, without) for one in said.get("bonuses", ())),
            drops=self._drops(said.get("drops", ())),
            ties=tuple(self.word(one, rank.TIES, "ties") for one in said.get("ties", ("countback",))),
            racing_class=said.get("class", ""),
            classes=tuple(said.get("classes", ())),
            scope=self.word(said.get("scope", "overall"), ("overall", "class"), "scope"),
            cup=said.get("cup", ""),
            by_car=self._by_car(said, subject),
            cars=said.get("cars"),
            cars_move_up=said.get("cars_move_up", False),
            least_seconds=60 * said["least_minutes"] if "least_minutes" in said else None,
            graded=self._ratings(said.get("graded", ()), "graded"),
            least_part=self.ratio(said["least_part"], "least_part") if "least_part" in said else None,
            seats=frozenset(said.get("seats", ())),
            pairings=tuple(self._pairing(one) for one in said.get("pairings", ())),
            shortened=tuple(self._shortened(one) for one in said.get("shortened", ())),
            sharing=self.word(said.get("sharing", "each"), get_args(Sharing), "sharing"),
            split_rounding=self._rounding(said.get("split_step", "0.001"), said.get("split_how", "half_up")),
            shares=tuple((int(number), self.ratio(one, "shares")) for number, one in said.get("shares", {}).items()),
            ineligible=frozenset(
                (int(number), one) for number, listed in said.get("ineligible", {}).items() for one in listed
            ),
            fastest=tuple((int(number), tuple(listed)) for number, listed in said.get("fastest", {}).items()),
            moves_up=said.get("moves_up", True),
            exclusions=tuple(self._exclusion(one) for one in said.get("exclusions", ())),
            adjustments=tuple(self._adjustment(one) for one in said.get("adjustments", ())),
            lists=self.word(said.get("lists", "scorers"), ("scorers", "finishers", "starters"), "lists"),
            rounds=said.get("rounds"),
        )

    def _by_car(self, said: Mapping[str, Any], subject: Subject) -> bool:
        found = bool(said.get("by_car", False))
        if found and subject != "entrant":
            raise self.refuse("by_car: Autos einzeln zählt nur eine Wertung der Bewerber.")
        return found

    def _selection(self, said: Mapping[str, Any], without: frozenset[int]) -> Selection:
        kinds = frozenset(self.word(one, _KINDS, "kinds") for one in said.get("kinds", ("race",)))
        rounds = frozenset(said.get("rounds", ()))
        return Selection(kinds, said.get("checkpoint", ""), rounds, without, frozenset(said.get("tags", ())))

    def _score(self, said: Mapping[str, Any], without: frozenset[int]) -> ScoreRule:
        self.only(said, _SCORE, "scores")
        points = tuple(self.number(one, "table") for one in said.get("table", ()))
        starters = self._by_starters(said)
        if not points and (starters is None or starters.how == "shift"):
            raise self.refuse("scores: Die Punktetabelle ist leer.")
        if any(later > earlier for earlier, later in pairwise(points)):
            raise self.refuse("scores: In der Punktetabelle ist ein späterer Platz mehr wert als ein früherer.")
        return ScoreRule(
            where=self._selection(said, without),
            table=Table(points, self.number(said.get("rest", 0), "rest")),
            factor=self.ratio(said.get("factor", 1), "factor"),
            rounding=self._rounding(said.get("step", "0.001"), said.get("how", "half_up")),
            by_starters=starters,
        )

    def _by_starters(self, said: Mapping[str, Any]) -> ByStarters | None:
        if "by_starters" not in said:
            return None
        how = self.word(said["by_starters"], ("shift", "proportional"), "by_starters")
        return ByStarters(how, self.number(said.get("full", 10), "full"))

    def _pairing(self, said: Mapping[str, Any]) -> Pairing:
        self.only(said, {"ratings", "factor"}, "pairings")
        return Pairing(self._ratings(said.get("ratings", ()), "ratings"), self.ratio(said.get("factor"), "factor"))

    def _ratings(self, said: Iterable[Any], where: str) -> tuple[str, ...]:
        return tuple(self.word(one, ("platinum", "gold", "silver", "bronze"), where) for one in said)

    def _shortened(self, said: Mapping[str, Any]) -> Shortened:
        self.only(said, {"below", "factor"}, "shortened")
        return Shortened(self.ratio(said.get("below"), "below"), self.ratio(said.get("factor"), "factor"))

    def _rounding(self, step: Any, how: Any) -> Rounding:
        found = self.number(step, "step")
        if found <= 0:
            raise self.refuse("step: Gerundet wird auf Schritte, die größer als null sind.")
        return Rounding(found, self.word(how, ROUNDINGS, "how"))

    def _bonus(self, said: Mapping[str, Any], without: frozenset[int]) -> Bonus:
        self.only(said, _BONUS, "bonuses")
        cause = self.word(said.get("cause"), get_args(Cause), "cause")
        points = self.number(said.get("points"), "points")
        return Bonus(cause, points, self._selection(said, without), said.get("within"), bool(said.get("split", False)))

    def _drops(self, said: Iterable[Mapping[str, Any]]) -> tuple[Drop, ...]:
        drops = []
        for one in said:
            self.only(one, {"best", "first", "last", "if_started"}, "drops")
            if not isinstance(one.get("best"), int) or one["best"] < 1:
                raise self.refuse("drops: „best“ muss eine Zahl ab 1 sein.")
            drops.append(Drop(one["best"], one.get("first", 1), one.get("last"), one.get("if_started")))
        for before, after in pairwise(drops):
            if before.last is None or after.first <= before.last:
                raise self.refuse("drops: Zwei Abschnitte der Saison überschneiden sich.")
        return tuple(drops)

    def _exclusion(self, said: Mapping[str, Any]) -> Exclusion:
        self.only(said, {"competitor", "printed", "until", "since", "reason"}, "exclusions")
        if bool(said.get("printed")) == (said.get("until") is not None):
            raise self.refuse("exclusions: Entweder „printed“ oder „until“ sagt, was der Ausschluss bedeutet.")
        return Exclusion(
            said["competitor"], said.get("printed", ""), said.get("until"), said.get("since", 1), said.get("reason", "")
        )

    def _adjustment(self, said: Mapping[str, Any]) -> Adjustment:
        self.only(said, {"competitor", "points", "after", "reason"}, "adjustments")
        return Adjustment(
            said["competitor"],
            self.number(said.get("points"), "points"),
            int(said.get("after", 0)),
            said.get("reason", ""),
        )
