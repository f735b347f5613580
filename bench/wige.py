"""What reading 20,000 wige laps costs, beside merely splitting the same lines: python -m bench.wige."""

import time
from collections.abc import Callable
from pathlib import Path

from results.importers import wige
from results.notation import DAY, HOUR, MINUTE, format_lap_time

LAPS = 20_000
CARS = 130
RUNS = 5
SAMPLE = Path(__file__).parent.parent / "tests" / "data" / "wige" / "laps_race.csv"


def lap_file(count: int) -> bytes:
    """Laps of as many cars as a 24 hours race has, each car in the columns of the sample's first line."""
    head, first, *_ = SAMPLE.read_text("cp1252").split("\n")
    columns = {name: place for place, name in enumerate(head.split(";"))}
    lines = [head]
    for number in range(count):
        lap, car = number // CARS + 1, number % CARS + 1
        time_ms = 480_000 + car * 37
        day_ms = (15 * HOUR + lap * time_ms) % DAY
        values = {
            "STNR": str(car),
            "RUNDE": str(lap),
            "RUNDENZEIT": format_lap_time(time_ms, "en"),
            "RUNDENZEIT_SEKUNDEN": f"{time_ms // 1000},{time_ms % 1000:03d}",
            "TAGESZEIT": f"{day_ms // HOUR:02d}:{day_ms // MINUTE % 60:02d}:{day_ms % MINUTE / 1000:06.3f}",
        }
        fields = first.split(";")
        for name, value in values.items():
            fields[columns[name]] = value
        lines.append(";".join(fields))
    return "\n".join(lines).encode("cp1252")


def cpu_ms(act: Callable[[], object]) -> float:
    """The best of a few runs, in milliseconds of processor time."""
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best * 1_000


def main() -> None:
    data = lap_file(LAPS)
    split = cpu_ms(lambda: [line.split(";") for line in data.decode("cp1252").split("\n")])
    parsed = cpu_ms(lambda: wige.parse(data))
    print(f"{LAPS} laps, {len(data) / 1e6:.1f} MB")
    print(f"decode and split   {split:7.1f} ms   1.0")
    print(f"parse and check    {parsed:7.1f} ms   {parsed / split:.1f}")


if __name__ == "__main__":
    main()
