"""Two cars of a session side by side: their result, their best laps, and lap by lap where the laps are released."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from results import laps, selectors
from results.duel import Driven, Duel, Round, duel
from results.filters import LeanSelect
from results.importers.status import CLASSIFIED, STATUSES
from results.lap_tables import DuelTable, lap_time
from results.models import Classification, Lap, LapSet, Session
from results.notation import Penalty, format_penalty
from results.tables import blank, ordinal, time_or_gap

Row = Mapping[str, Any]

PAIR = 2
BLOCK = 50  # laps a table
Cell = tuple[str, str, str]  # what, first car, second car


@dataclass(frozen=True, slots=True)
class Cars:
    """The cars of a session that readers may see, by the key of their address, in the order of the result."""

    session: Session
    rows: dict[str, Row]
    has_laps: bool
    classification: Classification | None

    @property
    def can_be_compared(self) -> bool:
        return len(self.rows) >= PAIR

    def choices(self) -> list[tuple[str, str]]:
        return [(key, f"#{row['number']} {_who(row)}".strip()) for key, row in self.rows.items()]


@dataclass(frozen=True, slots=True)
class LapBlock:
    title: str
    table: DuelTable
    is_open: bool


@dataclass(frozen=True, slots=True)
class Versus:
    """The two cars. `facts` are lines of their results, `blocks` their laps."""

    first: Row
    second: Row
    facts: list[Cell]
    blocks: list[LapBlock]
    duel: Duel | None
    classification: Classification | None


def cars_of(session: Session) -> Cars:
    """The cars to choose from: those of the public result, else those with released laps; three queries."""
    has_laps = LapSet.objects.public().filter(session=session).exists()
    versions = [
        version for version in selectors.classifications_of(session) if version.state != Classification.State.ANNULLED
    ]
    if versions:
        classification = versions[0] if not versions[0].checkpoint else versions[-1]
        rows = {laps.car_key(row["number"], row["number_line"]): row for row in selectors.rows_of(classification)}
        return Cars(session, rows, has_laps, classification)
    driven = laps.cars_with_laps(session) if has_laps else []
    return Cars(session, {laps.car_key(car["number"], car["line"]): car for car in driven}, has_laps, None)


class DuelForm(forms.Form):
    """Which two cars; two different ones."""

    a = forms.ChoiceField(label=gettext_lazy("First car"), widget=LeanSelect)
    b = forms.ChoiceField(label=gettext_lazy("Second car"), widget=LeanSelect)

    def __init__(self, *args: Any, cars: Cars, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("a", "b"):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
            field.choices = cars.choices()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("a") == cleaned.get("b"):
            raise forms.ValidationError(_("Choose two different cars."))
        return cleaned


def asked_or_first(asked: Mapping[str, Any], cars: Cars) -> dict[str, Any]:
    """The cars of the address; those nobody named are the first of the result."""
    others = (key for key in cars.rows if key not in (asked.get("a"), asked.get("b")))
    return {name: asked.get(name) or next(others, "") for name in ("a", "b")}


def compare(cars: Cars, first: str, second: str) -> Versus:
    """Two cars by their keys; two queries where laps are released, else none."""
    rows = cars.rows[first], cars.rows[second]
    fought = _fought(cars, rows) if cars.has_laps else None
    return Versus(
        first=rows[0],
        second=rows[1],
        facts=_facts(*rows) if cars.classification else [],
        blocks=_blocks(fought, rows) if fought else [],
        duel=fought,
        classification=cars.classification,
    )


def _fought(cars: Cars, rows: tuple[Row, Row]) -> Duel | None:
    keys = [row.get("session_entry", row["pk"]) for row in rows]
    struck = laps.struck_laps(keys)
    driven: dict[int, list[Driven]] = {key: [] for key in keys}
    found = Lap.objects.filter(session_entry__in=keys).order_by("number")
    for car, number, time, clock, in_pit, valid in found.values_list(
        "session_entry_id", "number", "time_ms", "day_ms", "in_pit", "is_valid"
    ):
        driven[car].append(Driven(number, time, clock, in_pit, valid and number not in struck[car]))
    return duel(driven[keys[0]], driven[keys[1]]) if all(driven.values()) else None


def _blocks(fought: Duel, rows: tuple[Row, Row]) -> list[LapBlock]:
    names = (rows[0]["number"], rows[1]["number"])
    size = len(fought.rounds) if len(fought.rounds) <= BLOCK + BLOCK // 2 else BLOCK
    parts = [fought.rounds[start : start + size] for start in range(0, len(fought.rounds), size)]
    return [
        LapBlock(_title(part), DuelTable(list(part), names=names, caption=_title(part)), is_open=part is parts[0])
        for part in parts
    ]


def _title(part: tuple[Round, ...]) -> str:
    return _("Laps %(first)d to %(last)d") % {"first": part[0].number, "last": part[-1].number}


def _facts(first: Row, second: Row) -> list[Cell]:
    """The lines of two results that at least one of them has."""
    lines = {
        _("Position"): [_place(row) for row in (first, second)],
        _("Class"): [row["class_name"] or "" for row in (first, second)],
        _("Position in class"): [ordinal(row["class_position"]) for row in (first, second)],
        _("Laps"): [blank(row["laps"]) for row in (first, second)],
        _("Time/gap"): [time_or_gap(row) for row in (first, second)],
        _("Best lap"): [lap_time(row["best_lap_ms"]) for row in (first, second)],
        _("Grid"): [blank(row["grid"]) for row in (first, second)],
        _("Penalty"): [format_penalty(Penalty(row["penalty_ms"], row["penalty_laps"])) for row in (first, second)],
    }
    return [(what, one, other) for what, (one, other) in lines.items() if one.strip("–") or other.strip("–")]


def _place(row: Row) -> str:
    return ordinal(row["position"]) if row["status"] == CLASSIFIED else STATUSES[row["status"]].german


def _who(row: Row) -> str:
    """Surnames of the crew, else the team."""
    return "/".join(one["last"] for one in row.get("crew", ())) or row["team"] or row["entrant"] or ""
