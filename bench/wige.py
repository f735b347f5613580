"""What reading 20,000 wige laps costs, beside merely splitting the same lines: python -m bench.wige."""

import time
from collections.abc import Callable
from pathlib import Path

from results.importers import wige

LAPS = 20_000
RUNS = 5
SAMPLE = Path(__file__).parent.parent / "tests" / "data" / "wige" / "laps_race.csv"


def lap_file(count: int) -> bytes:
    """The sample's laps driven again by ever more cars."""
    head, *lines = SAMPLE.read_bytes().rstrip(b"\n").split(b"\n")
    copies = [b"%d%s" % (100 + number // len(lines), lines[number % len(lines)]) for number in range(count)]
    return b"\n".join([head, *copies])


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
