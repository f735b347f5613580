"""Tables as they are shown: the lines of a computation with the names and keys of their competitors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import ngettext

from results.models import (
    CarKey,
    CarModel,
    Championship,
    Computation,
    Driver,
    DriverKey,
    Manufacturer,
    Standing,
    Team,
)
from results.names import fold
from results.points.facts import Key
from results.standings.rulebook import pack_named

Thing = Driver | Team | Manufacturer | CarModel
MODELS: Mapping[str, type[Thing]] = {
    "driver": Driver, "crew": Driver, "team": Team, "manufacturer": Manufacturer, "constructor": CarModel,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a table. `competitor` is the row's key in the ledger, `things` the drivers, team, maker or car meant.

    `key` is what the source of the rule file calls him, else his address.
    """

    competitor: int
    name: str
    key: str
    things: tuple[Thing, ...]
    position: int | None
    printed: str
    is_tied: bool
    points: Decimal
    gross: Decimal
    dropped: Decimal
    wins: int
    gap: Decimal
    is_provisional: bool


class Names:
    """Names and keys of the competitors of one championship; things are read once, when they are first asked for."""

    def __init__(self, championship: Championship, things: Iterable[int]) -> None:
        self._subject = championship.subject
        model = MODELS.get(championship.subject)
        wanted = set(things)
        self._things: dict[int, Thing] = dict(model._default_manager.in_bulk(wanted)) if model and wanted else {}
        pack = pack_named(championship.pack)
        known = _source_keys(model, wanted, pack.keys) if model and pack and pack.keys else {}
        self._keys = {(model, pk): key for pk, key in known.items() if model}

    @classmethod
    def of(cls, championship: Championship, keys: Iterable[Key]) -> Names:
        """The names of competitors as the arithmetic knows them."""
        return cls(championship, (thing for key in keys for thing in things_of(key)))

    def things(self, keys: Iterable[int]) -> tuple[Thing, ...]:
        return tuple(self._things[key] for key in keys if key in self._things)

    def name(self, keys: Iterable[int], entrant: str = "") -> str:
        return name_from(self._subject, self.things(keys), entrant)

    def key(self, keys: Iterable[int], entrant: str = "") -> str:
        return key_from(self.things(keys), entrant, self._keys)

    def name_of(self, key: Key) -> str:
        """The name of a competitor as the arithmetic knows him."""
        return self.name(things_of(key), _entrant(key))

    def key_of(self, key: Key) -> str:
        return self.key(things_of(key), _entrant(key))


def name_from(subject: str, things: Sequence[Thing], entrant: str = "") -> str:
    """`Max Verstappen`, `Conway/Kobayashi/López` for a crew, the printed name of an entrant."""
    if subject == Championship.Subject.CREW:
        return "/".join(one.last_name for one in things if isinstance(one, Driver))
    return entrant or ", ".join(str(one) for one in things)


def key_from(things: Sequence[Thing], entrant: str, keys: Mapping[tuple[type[Thing], int], str]) -> str:
    """What the source of the rules calls him (`keys` by model and primary key), else his address or folded name."""
    own = "+".join(keys.get((type(one), one.pk), one.slug) for one in things)
    return own or fold(entrant).replace(" ", "-")


def things_of(key: Key) -> list[int]:
    """The primary keys inside a key of the arithmetic; none for an entrant or a name that nobody has stored."""
    parts = key if isinstance(key, tuple) and key and isinstance(key[0], tuple) else (key,)
    return [one[1] for one in parts if isinstance(one, tuple) and one[0] != "entrant"]


def _entrant(key: Key) -> str:
    if isinstance(key, tuple):
        return str(key[1]) if key[0] == "entrant" else ""
    return str(key)


def _source_keys(model: type[Thing] | None, things: set[int], source: str) -> dict[int, str]:
    if model is Driver:
        return dict(DriverKey.objects.filter(source=source, driver__in=things).values_list("driver", "key"))
    if model is CarModel:
        return dict(CarKey.objects.filter(source=source, car_model__in=things).values_list("car_model", "key"))
    return {}


def table(computation: Computation, *, after: int | None = None) -> list[TableLine]:
    """The table after a round (the last there is at or before it), the newest one without; empty before the first."""
    lines = Standing.objects.filter(competitor__computation=computation)
    if after is not None:
        lines = lines.filter(round__lte=after)
    newest = lines.order_by("-round").values_list("round", flat=True).first()
    if not newest:
        return []
    rows = list(lines.filter(round=newest).select_related("competitor").order_by("display_order"))
    return lines_of(computation, rows)


def tables(computation: Computation, numbers: Iterable[int]) -> dict[int, list[TableLine]]:
    """The tables after these rounds, each as `table` gives it; as many queries for any number of them."""
    stored = Standing.objects.filter(competitor__computation=computation)
    scored = set(stored.order_by().values_list("round", flat=True).distinct())
    newest = {number: max((one for one in scored if one <= number), default=0) for number in numbers}
    rows = list(
        stored.filter(round__in=set(newest.values())).select_related("competitor").order_by("round", "display_order")
    )
    by_round: dict[int, list[TableLine]] = {}
    for row, line in zip(rows, lines_of(computation, rows), strict=True):
        by_round.setdefault(row.round, []).append(line)
    return {number: by_round.get(round_, []) for number, round_ in newest.items()}


def lines_of(computation: Computation, rows: Sequence[Standing]) -> list[TableLine]:
    """Rows of one computation with names and keys."""
    names = Names(computation.championship, (thing for row in rows for thing in row.competitor.things))
    return [
        TableLine(
            competitor=row.competitor_id, name=names.name(row.competitor.things, row.competitor.entrant),
            key=names.key(row.competitor.things, row.competitor.entrant), things=names.things(row.competitor.things),
            position=row.position, printed=row.printed, is_tied=row.is_tied, points=row.points, gross=row.gross,
            dropped=row.dropped, wins=row.wins, gap=row.gap, is_provisional=row.is_provisional,
        )
        for row in rows
    ]  # fmt: skip


def plain(points: Decimal) -> str:
    """Points as an exact decimal without needless digits: `25`, `4.5`, `-15`."""
    return f"{points.normalize() + 0:f}"


def in_german(points: Decimal) -> str:
    """The same as a German page prints it: `25`, `4,5`, `−15`."""
    return plain(points).replace(".", ",").replace("-", "\N{MINUS SIGN}")


def in_words(points: Decimal) -> str:
    """`25 Punkte`, `1 Punkt`."""
    # German says one point only of exactly one: 0,5 Punkte, 1,5 Punkte.
    said = ngettext("%(points)s point", "%(points)s points", 1 if abs(points) == 1 else 2)
    return said % {"points": in_german(points)}
