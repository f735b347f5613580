"""Which lap a deletion means. Sources point at laps by number, by time or by the hour; pure.

The rules, tried on the messages of SRO ("CANCELLATION OF CURRENT LAP TIME TRACK LIMIT T4 AT 09:59:44") and on the mark
of NLS files (`CANCELLED`, which stands on the lap itself):

1. A lap number means that lap.
2. A lap time means the only lap of that time; of several the hour decides, if it is given.
3. An hour means the lap that ran then. Messages count whole seconds, so it is every lap that ran within that second:
   if the car crossed the line in it, two laps are meant equally and none is deleted.
4. If none ran then, the car had just come in: it means the lap that ended last, up to a minute before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from results.notation import DAY, HOUR, MINUTE, SECOND, format_lap_time
from results.stints import DrivenLap

JUST_FINISHED = MINUTE


@dataclass(frozen=True, slots=True)
class Clue:
    """What a source says of the deleted lap; `day_ms` counts from midnight of the session's first day."""

    lap: int | None = None
    lap_ms: int | None = None
    day_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Meant:
    """The lap that is meant, or None and why, as a German sentence."""

    lap: int | None
    why: str = ""


def lap_meant(clue: Clue, laps: Sequence[DrivenLap]) -> Meant:
    """The lap of a car, in order of numbers, that a deletion means."""
    if clue.lap is not None:
        known = any(lap.number == clue.lap for lap in laps)
        return Meant(clue.lap) if known else Meant(None, f"Eine Runde {clue.lap} hat dieses Auto nicht.")
    if clue.lap_ms is not None:
        return _by_time(clue, laps)
    if clue.day_ms is not None:
        return _by_clock(clue.day_ms, laps)
    return Meant(None, "Welche Runde gemeint ist, sagt die Meldung nicht.")


def deleted_of(clues: Iterable[Clue], laps: Sequence[DrivenLap]) -> frozenset[int]:
    """The numbers of the laps that do not count: those meant by deletions and those the file marks itself."""
    meant = {lap_meant(clue, laps).lap for clue in clues}
    return frozenset(lap for lap in meant if lap is not None) | {lap.number for lap in laps if not lap.valid}


def _by_time(clue: Clue, laps: Sequence[DrivenLap]) -> Meant:
    same = [lap for lap in laps if lap.time_ms == clue.lap_ms]
    if len(same) == 1:
        return Meant(same[0].number)
    time = format_lap_time(clue.lap_ms or 0)
    if not same:
        return Meant(None, f"Eine Runde in {time} hat dieses Auto nicht.")
    if clue.day_ms is not None:
        meant = _by_clock(clue.day_ms, laps)
        if meant.lap in {lap.number for lap in same}:
            return meant
    return Meant(None, f"Die Zeit {time} fuhr dieses Auto in den Runden {_listed(same)}.")


def _by_clock(moment: int, laps: Sequence[DrivenLap]) -> Meant:
    until = moment + SECOND - 1 if moment % SECOND == 0 else moment
    running = [
        lap for lap, start in _starts(laps) if lap.day_ms is not None and start <= until and moment <= lap.day_ms
    ]
    if len(running) == 1:
        return Meant(running[0].number)
    if running:
        return Meant(
            None, f"Um {_hour(moment)} fuhr das Auto über die Linie: gemeint sein kann Runde {_listed(running)}."
        )
    ended = [lap for lap in laps if lap.day_ms is not None and lap.day_ms < moment]
    last = max(ended, key=lambda lap: lap.day_ms or 0, default=None)
    if last is not None and moment - (last.day_ms or 0) <= JUST_FINISHED:
        return Meant(last.number)
    return Meant(None, f"Um {_hour(moment)} fuhr dieses Auto keine Runde, deren Uhrzeit bekannt ist.")


def _starts(laps: Sequence[DrivenLap]) -> Iterable[tuple[DrivenLap, float]]:
    """Laps with the moment they began: their end less their time, else the end of the lap before, else never."""
    before: DrivenLap | None = None
    for lap in laps:
        if lap.day_ms is not None:
            if lap.time_ms is not None:
                yield lap, lap.day_ms - lap.time_ms + 1
            elif before is not None and before.number == lap.number - 1 and before.day_ms is not None:
                yield lap, before.day_ms + 1
        before = lap


def _hour(moment: int) -> str:
    day = moment % DAY
    return f"{day // HOUR:02d}:{day // MINUTE % 60:02d}:{day // SECOND % 60:02d} Uhr"


def _listed(laps: Sequence[DrivenLap]) -> str:
    *others, last = [str(lap.number) for lap in laps]
    return f"{', '.join(others)} oder {last}" if others else last
