"""The rules of a championship as the arithmetic reads them: from its row, with the desk's decisions, in keys of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache

from results.models import Championship, ChampionshipDecision, Season, Series, SeriesAlias
from results.names import fold
from results.points import packs, rules
from results.points.facts import Key
from results.standings.named import in_keys

_YEAR = re.compile(r"(?:18|19|20|21)[0-9]{2}")


@cache
def _by_name() -> Mapping[str, packs.Pack]:
    """The shipped packs by every folded name of their series."""
    return {fold(name): pack for pack in packs.packs() for name in (pack.series, pack.name, *pack.names)}


def pack_of(series: Series) -> packs.Pack | None:
    """The shipped pack of a series, known by any of its names."""
    names = [series.folded or fold(series.name), fold(series.short_name), fold(series.slug)]
    known = _by_name()
    if not any(name in known for name in names):
        names += SeriesAlias.objects.filter(series=series.pk).values_list("folded", flat=True)
    return next((known[name] for name in names if name in known), None)


def pack_named(key: str) -> packs.Pack | None:
    """The shipped pack whose own name a championship keeps."""
    return next((pack for pack in _by_name().values() if pack.series == key), None)


def series_named(name: str) -> Series | None:
    """The stored series to which a shipped pack goes that has this name too (`formula-1` is Formel 1)."""
    pack = _by_name().get(fold(name))
    if pack is None:
        return None
    wanted = {fold(one) for one in (pack.series, pack.name, *pack.names)}
    return next((one for one in Series.objects.all() if wanted & {one.folded, fold(one.short_name)}), None)


def year_of(season: Season) -> int | None:
    """The year by which packs know a season: 2018 for `2018-19`; None where the label holds none."""
    found = _YEAR.search(season.label)
    return int(found[0]) if found else None


def rules_of(championship: Championship) -> rules.Championship:
    """The rules of the row alone, competitors still named as the pack names them. Raises PackRefused."""
    read = packs.read_rules(
        championship.rules, key=championship.key, subject=championship.subject, place=championship.name
    )
    own = championship.racing_class.name if championship.racing_class else read.racing_class
    classes = tuple(fold(one) for one in read.classes)
    return replace(read, racing_class=fold(own), classes=classes, cup=fold(read.cup))


def in_our_keys(
    championship: Championship,
    *,
    decisions: Iterable[ChampionshipDecision],
    rounds: Mapping[int, int],
    crews: Iterable[Key] = (),
) -> rules.Championship:
    """The rules with decisions, competitors as (kind, primary key). `rounds` by event; `crews` are those of the season.

    Raises PackRefused.
    """
    read = in_keys(championship, rules_of(championship), pack_named(championship.pack))
    for decision in decisions:
        for competitor in _whom(decision, championship, crews):
            read = _with(read, decision, competitor, rounds)
    return read


def _whom(decision: ChampionshipDecision, championship: Championship, crews: Iterable[Key]) -> list[Key]:
    """The competitors a decision means; in a championship of crews every crew in which the named driver sits."""
    if decision.driver_id is not None:
        driver: Key = ("driver", decision.driver_id)
        if championship.subject == Championship.Subject.CREW:
            return [crew for crew in crews if isinstance(crew, tuple) and driver in crew]
        return [driver]
    kinds = {"team": decision.team_id, "manufacturer": decision.manufacturer_id, "constructor": decision.car_model_id}
    return [(kind, pk) for kind, pk in kinds.items() if pk is not None] or [("entrant", decision.entrant)]


def _with(
    read: rules.Championship, decision: ChampionshipDecision, competitor: Key, rounds: Mapping[int, int]
) -> rules.Championship:
    kinds = ChampionshipDecision.Kind
    number = rounds.get(decision.event_id or 0, 1)
    if decision.kind == kinds.POINTS and decision.points is not None:
        one = rules.Adjustment(competitor, decision.points, number, decision.reason, key=("decision", decision.pk))
        return replace(read, adjustments=(*read.adjustments, one))
    if decision.kind == kinds.WITHOUT:
        return replace(read, ineligible=read.ineligible | {(number, competitor)})
    if decision.kind == kinds.ANNULLED:
        since = rounds.get(decision.since_id or 0, number)
        gone = rules.Exclusion(competitor, until=number, since=since, reason=decision.reason)
        return replace(read, exclusions=(*read.exclusions, gone))
    out = rules.Exclusion(competitor, decision.printed, since=number, reason=decision.reason)
    return replace(read, exclusions=(*read.exclusions, out))
