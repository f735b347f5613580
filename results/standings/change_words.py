"""What an act on a championship changed, in words: each value as it was and as it became. Rules by the sentences they mean."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from results.models import (
    CarModel,
    Championship,
    ChampionshipChange,
    ChampionshipDecision,
    Driver,
    Event,
    Manufacturer,
    RacingClass,
    ScoringEvent,
    Session,
    Team,
)
from results.points.packs import PackRefused, read_rules
from results.points.rule_words import in_words
from results.standings.reading import in_german
from results.venue_time import moment

NOTHING = "–"
# Columns that name a row of another table.
_ROWS: Mapping[str, Any] = {
    "racing_class_id": RacingClass, "session_id": Session, "driver_id": Driver, "team_id": Team,
    "manufacturer_id": Manufacturer, "car_model_id": CarModel, "event_id": Event, "since_id": Event,
}  # fmt: skip
# What the name of such a row is made of, beside itself.
_ABOVE: Mapping[Any, tuple[str, ...]] = {Session: ("event__season__series",), Event: ("season__series",)}
Rows = Mapping[Any, Mapping[Any, Any]]
_MODELS: Mapping[str, Any] = {
    **dict.fromkeys((ChampionshipChange.Act.SCORING,), ScoringEvent),
    **dict.fromkeys((ChampionshipChange.Act.DECIDED, ChampionshipChange.Act.UNDECIDED), ChampionshipDecision),
}


@dataclass(frozen=True, slots=True)
class Changed:
    """A value before an act and after it, NOTHING where there was none."""

    what: str
    before: str
    after: str


def changed_by(changes: Sequence[ChampionshipChange]) -> list[tuple[ChampionshipChange, list[Changed]]]:
    """What each act changed; what it left as it was is not said. A query for each kind of thing named, however many acts."""
    rows = _rows_named(changes)
    return [(change, _changed(change, rows)) for change in changes]


def _rows_named(changes: Iterable[ChampionshipChange]) -> Rows:
    """Whatever the acts name that is still there, by model and key."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    for change in changes:
        for said in (change.before, change.after):
            for name in _ROWS.keys() & said.keys():
                wanted[_ROWS[name]].add(said[name])
    return {
        model: model._default_manager.select_related(*_ABOVE.get(model, ())).in_bulk(keys - {None, ""})
        for model, keys in wanted.items()
    }


def _changed(change: ChampionshipChange, rows: Rows) -> list[Changed]:
    before, after = _values(change, change.before, rows), _values(change, change.after, rows)
    found = [
        Changed(what, before.get(what, NOTHING), after.get(what, NOTHING))
        for what in dict.fromkeys((*before, *after))
        if before.get(what, NOTHING) != after.get(what, NOTHING)
    ]
    return [*found, *_rules(change)]


def _values(change: ChampionshipChange, said: Mapping[str, Any], rows: Rows) -> dict[str, str]:
    """By its label each value in words, rules left out."""
    model = _MODELS.get(change.act, Championship)
    plain = {name: value for name, value in said.items() if name not in {"rules", "reason", "factor_denominator"}}
    if plain.get("factor_numerator") is not None:
        plain["factor_numerator"] = str(Fraction(plain["factor_numerator"], said.get("factor_denominator") or 1))
    return {
        str(model._meta.get_field(name.removesuffix("_id")).verbose_name): _in_words(model, name, value, rows)
        for name, value in plain.items()
        if value not in (None, "", [])
    }


def _in_words(model: Any, name: str, value: Any, rows: Rows) -> str:
    if name in _ROWS:
        row = rows[_ROWS[name]].get(value)
        return str(row) if row is not None else _("gone since")
    if name == "public_from":
        return moment(dt.datetime.fromisoformat(value))
    if name == "table":
        return "-".join(in_german(Decimal(one)) for one in value)
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    choices = dict(model._meta.get_field(name).flatchoices)
    if name in {"points", "share"}:
        return in_german(Decimal(value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(choices.get(value, value))


def _rules(change: ChampionshipChange) -> Iterator[Changed]:
    """Sentences that hold no more, then those that hold since; of rules that nobody can read the bare words."""
    old, new = change.before.get("rules"), change.after.get("rules")
    if old == new:
        return
    was, becomes = _sentences(change.championship, old), _sentences(change.championship, new)
    for title in dict.fromkeys((*was, *becomes)):
        before = [one for one in was.get(title, ()) if one not in becomes.get(title, ())]
        after = [one for one in becomes.get(title, ()) if one not in was.get(title, ())]
        if before or after:
            yield Changed(title, " ".join(before) or NOTHING, " ".join(after) or NOTHING)


def _sentences(championship: Championship, said: Any) -> dict[str, tuple[str, ...]]:
    """What the rules mean, part by part, with competitors and rounds as the text of the rules has them."""
    if said is None:
        return {}
    try:
        read = read_rules(said, key=championship.key, subject=championship.subject, place="")
    except PackRefused:
        return {_("rules"): (json.dumps(said, ensure_ascii=False, sort_keys=True),)}
    return {part.title: part.sentences for part in in_words(read)}
