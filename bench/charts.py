"""What a chart of 60 cars and 400 laps costs, beside a bare join of as many numbers: python -m bench.charts

CPU milliseconds to draw it and to render its SVG, and its bytes as they are and compressed. Asks no database.
"""

import gzip
import os
import random
import time
from collections.abc import Callable

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "racedesk.settings")

import django

django.setup()

from django.template.loader import render_to_string  # noqa: E402
from django.utils import translation  # noqa: E402

from results import charts  # noqa: E402
from results.charts.field import Car, Spell  # noqa: E402
from results.stints import DrivenLap, shares_of, stints_of, traces_of  # noqa: E402

CARS, LAPS, RUNS = 60, 400, 7
STINT = 30


def race(cars: int = CARS, laps: int = LAPS) -> dict[str, list[DrivenLap]]:
    """A day at Le Mans: every car a little slower than the one before, lap times scattered by four seconds."""
    dice = random.Random(24)
    field = {}
    for car in range(1, cars + 1):
        clock, driven = 57_600_000, []
        for lap in range(1, laps + 1):
            into_pits = lap % STINT == car % STINT
            time_ms = 205_000 + car * 120 + dice.randrange(4_000) + 60_000 * into_pits
            clock += time_ms
            seat = (lap + STINT - 1 - car % STINT) // STINT % 3 + 1  # the next one takes over after the stop
            driven.append(DrivenLap(lap, seat, time_ms, clock, into_pits))
        field[str(car)] = driven
    return field


def summarise(laps: dict[str, list[DrivenLap]]) -> None:
    traces_of(laps)
    for driven in laps.values():
        shares_of(stints_of(driven))


def field_of(laps: dict[str, list[DrivenLap]]) -> list[Car]:
    traces = traces_of(laps)
    return [
        Car(
            number=number,
            team=f"Rennstall {number}",
            trace=traces[number],
            class_name=f"Klasse {int(number) % 3}",
            class_sequence=int(number) % 3,
            spells=tuple(
                Spell(f"Fahrer{stint.seat}", stint.seat, stint.first_lap, stint.last_lap, stint.laps)
                for stint in stints_of(driven)
            ),
        )
        for number, driven in laps.items()
    ]


def svg(kind: str, field: list[Car]) -> bytes:
    """A chart of all cars as its page holds it."""
    chart = charts.draw(kind, field, [car.number for car in field])
    context = {"chart": chart, "name": "chart", "heading": "Bench"}
    return render_to_string("results/charts/chart.svg", context).encode()


def bare(field: list[Car]) -> bytes:
    """The least one could do: the same numbers, joined."""
    return " ".join(str(time) for car in field for time in car.trace.times_ms).encode()


def cpu_ms(act: Callable[[], object]) -> float:
    best = float("inf")
    for _ in range(RUNS):
        began = time.process_time()
        act()
        best = min(best, time.process_time() - began)
    return best * 1_000


def main() -> None:
    translation.activate("de")
    laps = race()
    field = field_of(laps)
    least = cpu_ms(lambda: bare(field))
    print(f"{CARS} cars, {LAPS} laps {'ms':>18} {'x bare':>8} {'kB':>8} {'kB gzip':>8}")
    packed = len(gzip.compress(bare(field))) / 1e3
    print(f"{'bare join':24} {least:10.1f} {1:8.1f} {len(bare(field)) / 1e3:8.1f} {packed:8.1f}")
    cost = cpu_ms(lambda: summarise(laps))
    print(f"{'traces and stints':24} {cost:10.1f} {cost / least:8.1f}")
    for kind in charts.KINDS:
        drawn = svg(kind, field)
        cost = cpu_ms(lambda kind=kind: svg(kind, field))
        sizes = len(drawn) / 1e3, len(gzip.compress(drawn)) / 1e3
        print(f"{kind:24} {cost:10.1f} {cost / least:8.1f} {sizes[0]:8.1f} {sizes[1]:8.1f}")


if __name__ == "__main__":
    main()
