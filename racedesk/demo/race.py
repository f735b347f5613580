"""Drives invented cars lap by lap and classifies them from their laps. Pure, and the same for ever from one seed.

Only `Random.random` is drawn from: its sequence is the same in every version of Python, that of `gauss` or `choice` is
not promised. Times are integer milliseconds.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from random import Random

from racedesk.demo.field import Car

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE

PIT_IN = 6_500  # what the way into the pits costs on the lap before the stop
PIT_STOP = 52_000  # what stop and way out cost on the lap after it
CAUTION_PACE = 160  # percent of a normal lap under full course yellow
TRAFFIC = 0.24  # share of laps on which somebody is in the way
OUT_LAP, IN_LAP = 0, 3  # of a run in qualifying; two flying laps lie between
RUN = 4
OFF_TRACK = 0.006  # share of race laps deleted for leaving the track
OFF_TRACK_FLYING = 0.11  # and of laps on the limit in qualifying


@dataclass(frozen=True, slots=True)
class Lap:
    """One lap: `end_ms` since the start of the session, the seat of who drove, in the pits at its end or not."""

    number: int
    time_ms: int
    end_ms: int
    seat: int
    in_pit: bool = False
    valid: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """What is decided before a race is driven. Laps in `retired` are the last ones completed."""

    seed: str
    lap_ms: int  # a clean lap of the fastest class
    duration_ms: int
    caution: tuple[tuple[int, int], ...] = ()
    retired: Mapping[str, int] = field(default_factory=dict)
    repaired: Mapping[str, tuple[int, int]] = field(default_factory=dict)  # car -> (lap, ms lost)
    struck: Mapping[str, str] = field(default_factory=dict)  # car -> reason, after the finish
    penalised: Mapping[str, int] = field(default_factory=dict)  # car -> ms that the stewards added after the finish


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a classification. Position None: not classified. A gap is in time or in laps."""

    car: Car
    status: str
    laps: int
    position: int | None = None
    class_position: int | None = None
    total_ms: int | None = None
    gap_ms: int | None = None
    gap_laps: int | None = None
    best_ms: int | None = None
    best_lap: int | None = None
    grid: int | None = None


LapsByCar = dict[str, tuple[Lap, ...]]


def dice(seed: str) -> Random:
    """Chance that falls the same way every time."""
    return Random(seed)  # noqa: S311 - races, not secrets


def noise(random: Random, spread_ms: int) -> int:
    """Bell-shaped, within twice the spread on either side."""
    return round((random.random() + random.random() + random.random() + random.random() - 2) * spread_ms)


def talent(car: Car, seat: int) -> int:
    """What a driver of the crew gives away to the car's limit on each lap, in ms; always the same for one person."""
    person = car.crew[seat - 1]
    return round(dice(f"{person.first} {person.last}").random() * 420) + 170 * (seat - 1)


def clean_lap(car: Car, seat: int, lap_ms: int) -> int:
    return lap_ms * car.pace // 1_000 + talent(car, seat)


def under_caution(start: int, lap: int, caution: tuple[tuple[int, int], ...]) -> int:
    """The time of a lap that begins at `start` and would take `lap`, slowed while it runs inside a caution."""
    for begin, end in caution:
        if start < end and start + lap > begin:
            before = max(0, begin - start)
            inside = min((lap - before) * CAUTION_PACE // 100, end - max(start, begin))
            return before + inside + (lap - before - inside * 100 // CAUTION_PACE)
    return lap


def race_laps(car: Car, grid: int, plan: Plan) -> Iterator[Lap]:
    """The laps of one car until well after the end of the race, or to its retirement."""
    random = dice(f"{plan.seed}/R/{car.number}")
    elapsed, seat, stint_lap, number = 0, 1, 0, 0
    stint = car.stint + round(random.random() * 2)
    last = plan.retired.get(car.number)
    while elapsed < plan.duration_ms + 10 * MINUTE and number != last:
        number += 1
        stint_lap += 1
        # Nobody stops any more on the lap that ends the race.
        in_pit = stint_lap == stint and elapsed + plan.lap_ms * car.pace // 1_000 < plan.duration_ms
        lap = clean_lap(car, seat, plan.lap_ms) + 9 * stint_lap + abs(noise(random, 420))
        lap += round(random.random() * 2_400) if random.random() < TRAFFIC else 0
        lap += 4_000 + 260 * grid if number == 1 else 0
        lap += PIT_IN if in_pit else 0
        lap += PIT_STOP + noise(random, 2_600) if stint_lap == 1 and number > 1 else 0
        lap += plan.repaired[car.number][1] if plan.repaired.get(car.number, (0, 0))[0] == number else 0
        lap = under_caution(elapsed, lap, plan.caution)
        elapsed += lap
        yield Lap(number, lap, elapsed, seat, in_pit=in_pit, valid=in_pit or random.random() >= OFF_TRACK)
        if in_pit:
            seat, stint_lap, stint = seat % len(car.crew) + 1, 0, car.stint + round(random.random() * 2)


def drive_race(cars: tuple[Car, ...], grid: Mapping[str, int], plan: Plan) -> LapsByCar:
    """The laps of every car up to the flag: the leader ends the race at the line, everybody else when next there."""
    driven = {car.number: tuple(race_laps(car, grid[car.number], plan)) for car in cars}
    flag = flag_ms(driven, plan)
    return {number: to_the_flag(laps, flag) for number, laps in driven.items()}


def flag_ms(driven: LapsByCar, plan: Plan) -> int:
    """When the leader crosses the line for the first time after the duration."""
    arrivals = (next((lap for lap in laps if lap.end_ms >= plan.duration_ms), None) for laps in driven.values())
    leader = min((arrival for arrival in arrivals if arrival), key=lambda lap: (-lap.number, lap.end_ms))
    return leader.end_ms


def to_the_flag(laps: tuple[Lap, ...], flag: int) -> tuple[Lap, ...]:
    return tuple(lap for lap in laps if lap.end_ms - lap.time_ms < flag)


def qualifying_laps(car: Car, seed: str, lap_ms: int, duration_ms: int) -> Iterator[Lap]:
    """Runs of an out lap, two flying laps and an in lap by the car's fastest driver, until time is up."""
    random = dice(f"{seed}/{car.number}")
    elapsed = round(random.random() * 100 * SECOND)
    seat = min(range(1, len(car.crew) + 1), key=lambda candidate: talent(car, candidate))
    number = 0
    while elapsed < duration_ms:
        number += 1
        in_run = (number - 1) % RUN
        flying = OUT_LAP < in_run < IN_LAP
        lap = clean_lap(car, seat, lap_ms) - 650 - 40 * number + abs(noise(random, 380 if flying else 4_000))
        lap += {OUT_LAP: 23_000, IN_LAP: 31_000}.get(in_run, 0)
        elapsed += lap + (4 * MINUTE if in_run == OUT_LAP and number > 1 else 0)
        valid = not flying or random.random() >= OFF_TRACK_FLYING
        yield Lap(number, lap, elapsed, seat, in_pit=in_run == IN_LAP, valid=valid)


def drive_qualifying(
    cars: tuple[Car, ...], seed: str, lap_ms: int, duration_ms: int, absent: frozenset[str]
) -> LapsByCar:
    """The laps of everybody who went out."""
    return {
        car.number: tuple(qualifying_laps(car, seed, lap_ms, duration_ms)) for car in cars if car.number not in absent
    }


def best(laps: tuple[Lap, ...]) -> Lap | None:
    """The fastest lap that was not deleted."""
    return min((lap for lap in laps if lap.valid), key=lambda lap: lap.time_ms, default=None)


def classify_qualifying(cars: tuple[Car, ...], driven: LapsByCar) -> list[Row]:
    """By best lap; who set none stands last, without a position."""
    fastest = {car.number: best(driven.get(car.number, ())) for car in cars}
    timed = [(lap, car) for car in cars if (lap := fastest[car.number])]
    timed.sort(key=lambda pair: (pair[0].time_ms, pair[0].end_ms))
    seen: dict[str, int] = {}
    rows = []
    for position, (lap, car) in enumerate(timed, 1):
        seen[car.racing_class] = seen.get(car.racing_class, 0) + 1
        rows.append(
            Row(
                car,
                "classified",
                laps=len(driven[car.number]),
                position=position,
                class_position=seen[car.racing_class],
                gap_ms=lap.time_ms - timed[0][0].time_ms if position > 1 else None,
                best_ms=lap.time_ms,
                best_lap=lap.number,
            )
        )
    rows += [Row(car, "nc", laps=len(driven.get(car.number, ()))) for car in cars if not fastest[car.number]]
    return rows


def grid_of(rows: list[Row]) -> dict[str, int]:
    """Starting places from a qualifying: its order, those without a time at the end."""
    return {row.car.number: place for place, row in enumerate(rows, 1)}


def classify_race(
    cars: tuple[Car, ...], driven: LapsByCar, plan: Plan, grid: Mapping[str, int], *, struck: bool
) -> list[Row]:
    """By laps, then time. With `struck` the decisions taken after the finish count and everybody behind moves up."""
    out = plan.struck if struck else {}
    order = sorted(cars, key=lambda car: (-len(driven[car.number]), driven[car.number][-1].end_ms))
    finished = [car for car in order if car.number not in plan.retired and car.number not in out]
    leader = finished[0]
    seen: dict[str, int] = {}
    rows = []
    for position, car in enumerate(finished, 1):
        seen[car.racing_class] = seen.get(car.racing_class, 0) + 1
        places = (position, seen[car.racing_class])
        rows.append(race_row(car, "classified", driven, grid, places=places, leader=leader))
    retired = [car for car in order if car.number in plan.retired]
    rows += [race_row(car, "dnf", driven, grid) for car in retired]
    rows += [race_row(car, "dsq", driven, grid) for car in order if car.number in out]
    return rows


def race_row(
    car: Car,
    status: str,
    driven: LapsByCar,
    grid: Mapping[str, int],
    *,
    places: tuple[int | None, int | None] = (None, None),
    leader: Car | None = None,
) -> Row:
    """A car's line; the gap is to the leader, for classified cars behind him only."""
    laps = driven[car.number]
    fastest = best(laps)
    behind = len(driven[leader.number]) - len(laps) if leader else 0
    total = None if status == "dnf" else laps[-1].end_ms
    gap = laps[-1].end_ms - driven[leader.number][-1].end_ms if leader and leader is not car and not behind else None
    return Row(
        car,
        status,
        laps=len(laps),
        position=places[0],
        class_position=places[1],
        total_ms=total,
        gap_ms=gap,
        gap_laps=behind or None,
        best_ms=fastest.time_ms if fastest else None,
        best_lap=fastest.number if fastest else None,
        grid=grid[car.number],
    )
