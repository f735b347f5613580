"""What a reader can choose on a list of cars, and how the chosen cars stand among themselves."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet
from django.db.models.functions import JSONObject

from results.importers.status import CLASSIFIED, STATUSES
from results.models import Classification, ClassificationRow, Cup, Entry
from results.notation import Gap
from results.selectors import crew_entered, crew_of_entry

Line = Mapping[str, Any]
Choice = tuple[str, str]  # slug and name

CAR = {
    "class_slug": "racing_class__slug",
    "class_name": "racing_class__name",
    "class_sequence": "racing_class__sequence",
    "team_slug": "team__slug",
    "team_name": "team__name",
    "maker_slug": "car_model__manufacturer__slug",
    "maker": "car_model__manufacturer__name",
}


@dataclass(frozen=True, slots=True)
class Facets:
    """The lines of a list of cars, unfiltered and in printed order, and what they can be filtered by."""

    lines: list[Line]
    classes: list[Choice]
    cups: list[Choice]
    teams: list[Choice]
    makers: list[Choice]
    drivers: list[Choice]
    statuses: list[Choice]

    @property
    def best_lap_ms(self) -> int | None:
        """The fastest lap of all."""
        return min((line["best_lap_ms"] for line in self.lines if line["best_lap_ms"]), default=None)

    def with_driver(self, slug: str) -> list[int]:
        """The primary keys of the lines that name this driver."""
        return [line["pk"] for line in self.lines if any(driver["slug"] == slug for driver in line["people"])]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the cars of a class or cup stand among themselves: places and gaps to the car ahead, by row."""

    places: Mapping[int, int]
    ahead: Mapping[int, Gap]


def facets_of(classification: Classification) -> Facets:
    """The lines of a classification with what tells them apart; one query."""
    car = "session_entry__entry"
    lines = (
        ClassificationRow.objects.filter(classification=classification)
        .order_by("display_order")
        .values(
            "pk",
            "line",
            "session_entry",
            "status",
            "position",
            "class_position",
            "laps",
            "total_ms",
            "gap_ms",
            "gap_laps",
            "best_lap_ms",
            **_car_columns(f"{car}__"),
            cup_choices=_cups_of(OuterRef(car)),
            people=crew_of_entry(slug="driver__slug"),
        )
    )
    return _facets(list(lines))


def facets_of_entries(entries: QuerySet[Entry]) -> Facets:
    """The cars of an entry list with what tells them apart; one query."""
    people = crew_entered(slug="driver__slug", first="driver__first_name", last="driver__last_name")
    lines = entries.values("pk", **_car_columns(""), cup_choices=_cups_of(OuterRef("pk")), people=people)
    return _facets(list(lines))


def _car_columns(way: str) -> dict[str, F]:
    """Class, team and maker of a car that is `way` away from the model asked."""
    return {name: F(way + path) for name, path in CAR.items()}


def _cups_of(entry: OuterRef) -> ArraySubquery:
    cups = Cup.objects.filter(entries=entry).order_by("folded")
    return ArraySubquery(cups.values(json=JSONObject(slug="slug", name="name")))


def _facets(lines: list[Line]) -> Facets:
    in_order = sorted(lines, key=lambda line: (line["class_sequence"] or 0, (line["class_name"] or "").casefold()))
    occurring = {line.get("status", CLASSIFIED) for line in lines}
    return Facets(
        lines=lines,
        classes=list({line["class_slug"]: (line["class_slug"], line["class_name"]) for line in in_order}.values()),
        cups=_by_name((cup["slug"], cup["name"]) for line in lines for cup in line["cup_choices"]),
        teams=_by_name((line["team_slug"], line["team_name"]) for line in lines),
        makers=_by_name((line["maker_slug"], line["maker"]) for line in lines),
        drivers=_by_name((one["slug"], _surname_first(one)) for line in lines for one in line["people"]),
        statuses=[(code, status.german) for code, status in STATUSES.items() if code in occurring],
    )


def _by_name(choices: Iterable[Choice]) -> list[Choice]:
    """Each choice once, in the order of names; what has no address is none."""
    return sorted({slug: (slug, name) for slug, name in choices if slug}.values(), key=lambda one: one[1].casefold())


def _surname_first(driver: Mapping[str, str]) -> str:
    return ", ".join(filter(None, (driver["last"], driver["first"])))


# --- standing of the chosen cars --------------------------------------------------------------------------------------


def standing_of(facets: Facets, *, class_slug: str = "", cup_slug: str = "", timed: bool) -> Standing:
    """Places and gaps among the cars of a class, a cup or both; among all without either. `timed`: ranked by best lap.

    A place in the class is the printed one where the source prints any.
    """
    members = [line for line in facets.lines if _is_in(line, class_slug, cup_slug)]
    ranked = sorted((line for line in members if line["position"]), key=lambda line: line["position"])
    printed = any(line["class_position"] for line in members)
    places: dict[int, int] = {}
    if class_slug and not cup_slug and printed:
        places = {line["pk"]: line["class_position"] for line in members if line["class_position"]}
    elif class_slug or cup_slug:
        positions = [line["position"] for line in ranked]
        places = {line["pk"]: bisect_left(positions, line["position"]) + 1 for line in ranked}
    distance = _best_lap if timed and not any(line["gap_ms"] for line in members) else _gap
    return Standing(places, _gaps_ahead(ranked, distance))


def _is_in(line: Line, class_slug: str, cup_slug: str) -> bool:
    if class_slug and line["class_slug"] != class_slug:
        return False
    return not cup_slug or any(cup["slug"] == cup_slug for cup in line["cup_choices"])


Distance = tuple[int, int | None]  # laps behind the winner and, on his lap, the ms


def _gap(line: Line) -> Distance | None:
    if line["gap_laps"]:
        return line["gap_laps"], None
    if line["gap_ms"] is not None:
        return 0, line["gap_ms"]
    return (0, 0) if line["position"] == 1 else None


def _best_lap(line: Line) -> Distance | None:
    return (0, line["best_lap_ms"]) if line["best_lap_ms"] else None


def _gaps_ahead(ranked: list[Line], distance: Callable[[Line], Distance | None]) -> dict[int, Gap]:
    """By row: how far behind the car before it; left out where the data do not say. A shared car is one car."""
    gaps: dict[int, Gap] = {}
    for ahead, line in pairwise([line for line in ranked if line["line"] == 1]):
        gap = _between(distance(ahead), distance(line)) or _by_total(ahead, line)
        if gap is not None:
            gaps[line["pk"]] = gap
    return gaps


def _between(ahead: Distance | None, behind: Distance | None) -> Gap | None:
    if ahead is None or behind is None:
        return None
    if behind[0] > ahead[0]:
        return Gap(laps=behind[0] - ahead[0])
    if behind[0] == ahead[0] and ahead[1] is not None and behind[1] is not None and behind[1] >= ahead[1]:
        return Gap(ms=behind[1] - ahead[1])
    return None


def _by_total(ahead: Line, behind: Line) -> Gap | None:
    """Two cars that did the same laps are apart by their times."""
    times = ahead["total_ms"], behind["total_ms"]
    if None in times or not ahead["laps"] or ahead["laps"] != behind["laps"] or times[1] < times[0]:
        return None
    return Gap(ms=times[1] - times[0])
