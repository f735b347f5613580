"""Formula 1 seasons as the arithmetic of championships reads them, from the files of F1DB; read, never copied."""

import csv
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path

from results.points.facts import Line, Scoring

FOLDER = Path(__file__).parents[4] / "shared" / "data" / "f1db"


@cache
def _rows(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _by_year(name):
    found = defaultdict(list)
    for row in _rows(name):
        found[int(row["year"])].append(row)
    return found


def constructor(row):
    return f"{row['constructorId']}+{row['engineManufacturerId']}"


@cache
def scorings(year):
    """The races and sprints of a season in order; the points column is never read."""
    sessions, fastest = defaultdict(list), defaultdict(set)
    for row in _by_year("results")[year]:
        sessions[int(row["round"]), row["session"] != "sprint"].append(row)
    for row in _by_year("fastest_laps")[year]:
        if row["position"] == "1":
            fastest[int(row["round"])].add(row["driverId"])
    return [
        _scoring(number, "race" if is_race else "sprint", rows, fastest[number] if is_race else set())
        for (number, is_race), rows in sorted(sessions.items())
    ]


def _scoring(number, kind, rows, fastest):
    lines = []
    for row in rows:
        place = int(row["position"]) if row["position"].isdigit() else None
        lines.append(
            Line(
                car=(row["driverNumber"], constructor(row)), drivers=(row["driverId"],), position=place,
                status="classified" if place else "dnf", constructor=constructor(row),
            )
        )  # fmt: skip
    best = {driver: next(i for i, line in enumerate(lines) if driver in line.drivers) for driver in fastest}
    return Scoring((number, kind), number, kind, tuple(lines), fastest=tuple(sorted(best.values())))


@cache
def tables():
    """What F1DB prints after each round: (year, championship, round) -> {competitor: (position, points)}."""
    found = defaultdict(dict)
    for row in _rows("standings_after_round"):
        key = int(row["year"]), row["championship"], int(row["round"])
        found[key][row["driverId"] or constructor(row)] = row["position"], Decimal(row["points"])
    return found


@cache
def deciders():
    """The round that decided each title: (year, championship) -> round."""
    found = {}
    for row in _rows("races"):
        for name in ("driver", "constructor"):
            if row[f"{name}sChampionshipDecider"].lower() == "true":
                found[int(row["year"]), name] = int(row["round"])
    return found
