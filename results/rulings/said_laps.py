"""Which laps a decision deletes, as a person types them: `6`, `Runde 6; 8:03,370; 09:59:44`. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from results.deletions import Clue
from results.notation import (
    DAY,
    HOUR,
    MINUTE,
    SECOND,
    NotationError,
    format_lap_time,
    parse_clock,
    parse_lap_time,
    shown,
)

MOST_LAPS = 100  # of one decision
_LAP = re.compile(r"(?:Runde|Rd\.?|Lap|R)? ?([0-9]{1,4})", re.IGNORECASE)
_CLOCK = re.compile(r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:[.,][0-9]{1,3})?(?: ?Uhr)?", re.IGNORECASE)
_TIME = re.compile(r"[0-9:]*[0-9][.,][0-9]{1,3}")


class LapsRefused(ValueError):  # noqa: N818 - reads as the sentence it stands for
    """One of the words is no lap; the message is one German sentence."""


def read_laps(text: str) -> tuple[Clue, ...]:
    """One clue a lap, parted by semicolons, lines or commas with a blank behind them. Raises LapsRefused.

    A whole number is a lap, a time with a decimal sign a lap time, three pairs with colons a time of day.
    """
    words = [word.strip() for word in re.split(r"[;\n]|,\s|\sund\s", text) if word.strip()]
    if len(words) > MOST_LAPS:
        raise LapsRefused(f"Mehr als {MOST_LAPS} Runden streicht keine Entscheidung.")
    return tuple(dict.fromkeys(_clue(word) for word in words))


def _clue(word: str) -> Clue:
    lap = _LAP.fullmatch(word)
    try:
        if lap and int(lap[1]) > 0:
            return Clue(lap=int(lap[1]))
        if _CLOCK.fullmatch(word):
            return Clue(day_ms=parse_clock(re.sub(r"\s*Uhr\Z", "", word, flags=re.IGNORECASE)))
        if _TIME.fullmatch(word) and (time := parse_lap_time(word)):
            return Clue(lap_ms=time)
    except NotationError as error:
        raise LapsRefused(str(error)) from error
    raise LapsRefused(
        f"„{shown(word)}“ ist keine Runde: erwartet wird eine Nummer (6), eine Zeit (8:03,370) oder eine Uhrzeit (09:59:44)."
    )


def laps_as_typed(clues: Iterable[Clue]) -> str:
    """How the clues stand in the field; `read_laps` reads them back."""
    return "; ".join(_as_typed(clue) for clue in clues)


def _as_typed(clue: Clue) -> str:
    if clue.lap is not None:
        return str(clue.lap)
    if clue.lap_ms is not None:
        return format_lap_time(clue.lap_ms)
    moment = (clue.day_ms or 0) % DAY
    seconds, rest = divmod(moment % MINUTE, SECOND)
    exact = f",{rest:03d}" if rest else ""
    return f"{moment // HOUR:02d}:{moment // MINUTE % 60:02d}:{seconds:02d}{exact}"
