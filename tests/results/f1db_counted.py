"""What the files of F1DB say, counted slowly and obviously: the oracle of the statistics. Knows nothing of our database."""

import csv
from collections import Counter, defaultdict
from dataclasses import dataclass, field

NOT_STARTED = {"DNS", "DNQ", "DNPQ", "DNP"}


@dataclass
class Counted:
    """One driver or constructor. A race is (year, round); `own` are the races that count for a streak: those started, and of poles also those not started."""

    wins: set = field(default_factory=set)
    poles: set = field(default_factory=set)
    podium_races: set = field(default_factory=set)
    fastest_laps: set = field(default_factory=set)
    starts: set = field(default_factory=set)
    finishes: set = field(default_factory=set)
    sprint_wins: set = field(default_factory=set)
    podium_cars: set = field(default_factory=set)

    def own(self, feat):
        return sorted(self.starts | feat)

    def longest(self, feat):
        best = run = 0
        for race in self.own(feat):
            run = run + 1 if race in feat else 0
            best = max(best, run)
        return best

    def current(self, feat):
        run = 0
        for race in reversed(self.own(feat)):
            if race not in feat:
                break
            run += 1
        return run


def read(folder, name, years):
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if int(row["year"]) in years]


def count(folder, years, column="driverId"):
    """By driver (or constructor) what he did; poles by the definition of docs/formats.md."""
    results = list(read(folder, "results.csv", years))
    races = sorted({race_of(row) for row in results if row["session"] == "race"})
    found = defaultdict(Counted)
    with_grid_one = set()
    for row in results:
        one, race = found[row[column]], race_of(row)
        place = int(row["position"]) if row["position"].isdigit() else None
        if row["session"] == "sprint":
            if place == 1:
                one.sprint_wins.add(race)
            continue
        thrown_out = row["position"] == "EX" and not row["laps"] and not row["gridPosition"]
        if row["position"] not in NOT_STARTED and not thrown_out:
            one.starts.add(race)
        if place:
            one.finishes.add(race)
        if place == 1:
            one.wins.add(race)
        if place and place <= 3:
            one.podium_races.add(race)
            one.podium_cars.add((race, row["driverNumber"]))
        if row["gridPosition"] == "1":
            one.poles.add(race)
            with_grid_one.add(race)
    for row in read(folder, "qualifying.csv", years):
        if row["position"] == "1" and race_of(row) in races and race_of(row) not in with_grid_one:
            found[row[column]].poles.add(race_of(row))
    best = {}
    laps = read(folder, "fastest_laps.csv", years)
    for row in laps:
        if row["time"]:
            best[race_of(row)] = min(best.get(race_of(row), 10**9), milliseconds(row["time"]))
    for row in laps:
        if row["time"] and milliseconds(row["time"]) == best[race_of(row)]:
            found[row[column]].fastest_laps.add(race_of(row))
    return found, races


def race_of(row):
    return int(row["year"]), int(row["round"])


def milliseconds(text):
    *minutes, seconds = text.split(":")
    return (int(minutes[0]) * 60_000 if minutes else 0) + round(float(seconds) * 1000)


def total(found, feat):
    return Counter({name: len(getattr(one, feat)) for name, one in found.items() if getattr(one, feat)})
