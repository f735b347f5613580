"""Which of our championships a printed table is of: by its name and class, as sources write them, or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from results.models import Championship, PrintedStanding
from results.names import fold


def link_tables(
    tables: Iterable[PrintedStanding], championships: Sequence[Championship] | None = None
) -> list[PrintedStanding]:
    """Links stored tables that belong to none of our championships yet, where it is sure; those that were linked.

    `championships` are those that may be meant, all of the season without.
    """
    loose = [one for one in tables if one.championship_id is None]
    seasons = {one.season_id for one in loose}
    if not seasons:
        return []
    known = Championship.objects.filter(season__in=seasons).select_related("racing_class")
    if championships is not None:
        known = known.filter(pk__in=[one.pk for one in championships])
    own = list(known)
    others = _linked_before(seasons)
    found = []
    for table in loose:
        mine = [one for one in own if one.season_id == table.season_id]
        championship = named_by(table, mine) or others.get(_key(table))
        if championship is not None and championship in mine:
            table.championship = championship
            found.append(table)
    PrintedStanding.objects.bulk_update(found, ["championship"])
    return found


def named_by(table: PrintedStanding, championships: Iterable[Championship]) -> Championship | None:
    """The one championship that has the name of the table; None where none has it, or several."""
    said = _full(table.name, table.class_name)
    mine = [one for one in championships if _full(one.name, _class_of(one)) == said and _fits(one, table.class_name)]
    return mine[0] if len(mine) == 1 else None


def linked_by_hand(championships: Iterable[Championship]) -> set[int]:
    """Those of these championships that have a table which would not come back to them by its name."""
    mine = {one.pk: one for one in championships}
    tables = PrintedStanding.objects.filter(championship__in=mine)
    return {
        one.championship_id
        for one in tables
        if one.championship_id is not None and named_by(one, mine.values()) != mine[one.championship_id]
    }


def _full(name: str, class_name: str) -> str:
    """`Fahrer GT3` for that of the class GT3, whether the class stands in the name or beside it."""
    squeezed, own = _squeezed(name), _squeezed(class_name)
    return squeezed if own in squeezed else squeezed + own


def _class_of(championship: Championship) -> str:
    rules = championship.rules if isinstance(championship.rules, dict) else {}
    return championship.racing_class.name if championship.racing_class else str(rules.get("class", ""))


def _fits(championship: Championship, class_name: str) -> bool:
    """A table of a class is none of another; one that names no class may have it in its name."""
    return not class_name or _squeezed(class_name) == _squeezed(_class_of(championship))


def _squeezed(name: str) -> str:
    """`Fahrer-Weltmeisterschaft` and `Fahrerweltmeisterschaft` are one name."""
    return "".join(letter for letter in fold(name) if letter.isalnum())


def _key(table: PrintedStanding) -> tuple[int, str, str]:
    return table.season_id, fold(table.name), fold(table.class_name)


def _linked_before(seasons: set[int]) -> dict[tuple[int, str, str], Championship]:
    """By season, name and class, where earlier tables of that name belong, as long as all say the same."""
    linked = PrintedStanding.objects.filter(season__in=seasons, championship__isnull=False)
    found: dict[tuple[int, str, str], set[Championship]] = {}
    for one in linked.select_related("championship"):
        if one.championship is not None:
            found.setdefault(_key(one), set()).add(one.championship)
    return {key: next(iter(those)) for key, those in found.items() if len(those) == 1}
