"""Which of our championships a printed table is of: by its name and class, as sources write them, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from results.models import Championship, PrintedStanding
from results.names import fold


def link_tables(
    tables: Iterable[PrintedStanding], championships: Iterable[Championship] | None = None
) -> list[PrintedStanding]:
    """Links stored tables that belong to none of our championships yet, where it is sure; those that were linked.

    Only `championships` are linked to, any of the season without; what is sure is asked among all of the season either way.
    """
    loose = [one for one in tables if one.championship_id is None]
    seasons = {one.season_id for one in loose}
    if not seasons:
        return []
    own = list(Championship.objects.filter(season__in=seasons).select_related("racing_class"))
    allowed = {one.pk for one in (own if championships is None else championships)}
    before = _linked_before(seasons)
    found = []
    for table in loose:
        championship = _meant(table, own, before.get(_key(table), set()))
        if championship is not None and championship.pk in allowed:
            table.championship = championship
            found.append(table)
    PrintedStanding.objects.bulk_update(found, ["championship"])
    return found


def _meant(table: PrintedStanding, own: Iterable[Championship], before: set[int]) -> Championship | None:
    """Where all earlier tables of that name hang, for a person may have put them there; without any, whose name it has."""
    mine = [one for one in own if one.season_id == table.season_id]
    if before:
        return next((one for one in mine if {one.pk} == before), None)
    return named_by(table, mine)


def named_by(table: PrintedStanding, championships: Iterable[Championship]) -> Championship | None:
    """The one championship that has the name of the table; None where none has it, or several."""
    mine = [one for one in championships if _has_the_name(one, table)]
    return mine[0] if len(mine) == 1 else None


def claimed_by_tables(season_id: int) -> set[int]:
    """The championships of a season that printed tables hang on, or have the name of though they hang on none.

    Those a person may have taken away: if the championship went and came anew, they would find it again.
    """
    tables = list(PrintedStanding.objects.filter(season=season_id))
    loose = [one for one in tables if one.championship_id is None]
    own = Championship.objects.filter(season=season_id).select_related("racing_class") if loose else ()
    named = {one.pk for one in own if any(_has_the_name(one, table) for table in loose)}
    return named | {one.championship_id for one in tables if one.championship_id is not None}


def _has_the_name(championship: Championship, table: PrintedStanding) -> bool:
    """The same name and class. The class of either may stand in the name or beside it, in both or in one of them."""
    own = _class_of(championship)
    ours, _is_in_ours = _without_class(championship.name, own)
    theirs, is_in_theirs = _without_class(table.name, own)
    is_of_class = _squeezed(table.class_name) == _squeezed(own) or (not table.class_name and is_in_theirs)
    return is_of_class and ours == theirs


def _without_class(name: str, class_name: str) -> tuple[str, bool]:
    """`Fahrer GT3`, `GT3-Fahrer` or `Fahrer (GT 3)` as `fahrer`, and whether the class stood there as words of its own."""
    words, own = fold(name).split(), _squeezed(class_name)
    spans = ((start, end) for start in range(len(words)) for end in range(start + 1, len(words) + 1))
    for start, end in spans if own else ():
        if "".join(words[start:end]) == own:
            return "".join(words[:start] + words[end:]), True
    return "".join(words), False


def _class_of(championship: Championship) -> str:
    """The one class whose cars count; empty where all count, or several classes."""
    if championship.racing_class is not None:
        return championship.racing_class.name
    rules = championship.rules if isinstance(championship.rules, dict) else {}
    classes = rules.get("classes")
    alone = classes[0] if isinstance(classes, list) and len(classes) == 1 else ""
    return str(rules.get("class") or alone)


def _squeezed(name: str) -> str:
    """`Fahrer-Weltmeisterschaft` and `Fahrerweltmeisterschaft` are one name."""
    return fold(name).replace(" ", "")


def _key(table: PrintedStanding) -> tuple[int, str, str]:
    return table.season_id, fold(table.name), fold(table.class_name)


def _linked_before(seasons: set[int]) -> dict[tuple[int, str, str], set[int]]:
    """By season, name and class, on which championships stored tables of that name hang."""
    found: dict[tuple[int, str, str], set[int]] = defaultdict(set)
    for one in PrintedStanding.objects.filter(season__in=seasons, championship__isnull=False):
        if one.championship_id is not None:
            found[_key(one)].add(one.championship_id)
    return found
