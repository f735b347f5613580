"""Seventy years of Formula 1 as the oracle: what the penalties of a race did to it, the arithmetic does again.

The file holds the official result and who was given how many seconds. Taken off, they give the order in which the cars
crossed the line; ruled once more, all at once, they must give the official one: places, totals and gaps.
"""

import csv
from dataclasses import replace
from itertools import groupby

import pytest

from results.notation import parse_lap_time
from results.rulings import Line, Ruling, compute
from tests.shared import SHARED, needs_shared

RESULTS = SHARED / "data" / "f1db" / "results.csv"
RACES = 80  # a file cut short would prove little


def races():
    """Official lines with their penalties, of every race in which each punished car has a time."""
    with RESULTS.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["session"] == "race"]
    for (year, number), found in groupby(rows, lambda row: (row["year"], row["round"])):
        listed = list({row["order"]: row for row in found}.values())
        placed = [row for row in listed if row["position"].isdigit()]
        punished = [row for row in listed if row["timePenalty"]]
        if punished and all(row["time"] and row["position"].isdigit() for row in punished):
            yield f"{year}/{number}", [_line(row, placed[0]) for row in placed]


def _line(row, winner):
    total = parse_lap_time(row["time"]) if row["time"] else None
    return Line(
        car=int(row["order"]), line=1, label=row["driverId"], position=int(row["position"]), laps=int(row["laps"]),
        total_ms=total, penalty_ms=parse_lap_time(row["timePenalty"].lstrip("+")) if row["timePenalty"] else 0,
        gap_ms=total - parse_lap_time(winner["time"]) if total and row is not winner else None,
        gap_laps=int(winner["laps"]) - int(row["laps"]) or None if not total else None,
    )  # fmt: skip


def on_the_road(official):
    """The lines without their penalties, in the order of the flag."""
    bare = [
        replace(line, total_ms=line.total_ms - line.penalty_ms, penalty_ms=0) if line.total_ms else line
        for line in official
    ]
    timed = sorted((line for line in bare if line.total_ms), key=lambda line: (-line.laps, line.total_ms))
    ordered = [*timed, *(line for line in bare if not line.total_ms)]
    first = ordered[0]
    return [
        replace(
            line, position=place, gap_ms=line.total_ms - first.total_ms if line.total_ms and line is not first else None
        )
        for place, line in enumerate(ordered, start=1)
    ]


@needs_shared
@pytest.mark.skipif(not RESULTS.is_file(), reason="no results of f1db")
def test_the_penalties_of_every_race_give_its_official_result():
    tried, wrong = 0, []
    for name, official in races():
        rulings = [Ruling(line.car, "time", line.car, line.penalty_ms) for line in official if line.penalty_ms]
        outcome = compute(on_the_road(official), rulings, timed=False)
        tried += 1
        if list(outcome.lines) != official:
            wrong.append(name)

    assert (wrong, tried > RACES) == ([], True)
