"""What messages of race control say about lap times that do not count; pure.

The messages are typed by people, differently at every meeting: `CAR 177 CANCELLATION OF CURRENT LAP TIME TRACK LIMIT T4
AT 09:59:44`, `CAR 58 (MARCIELLO) LAP TIME DELETED - TRACK LIMITS T4 - 14:32:11`, `CAR 44 (HAM) TIME 1:23.456 DELETED -
TRACK LIMITS AT TURN 4 LAP 12 14:32:11`. So no message is matched as a whole: what is deleted, whose, where and when are
looked for one by one, and a message that only speaks *about* a deletion (investigation, reinstatement) is none.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from results.importers.records import DeletionRecord
from results.importers.table import MAX_COUNT
from results.notation import DAY, HOUR, NotationError, parse_clock, parse_lap_time

MAX_TEXT = 500
MAX_CARS = 12
WRAP = 12 * HOUR  # a clock so much later than its own message belongs to the day before

_WHAT = r"(?:LAP\s?TIMES?|LAPS?|(?<!DRIVE )(?<!DRIVING )(?<!STOP )(?<!STINT )TIMES?|RUNDENZEIT(?:EN)?|RUNDEN?)"
_VERB = r"(?:DELET(?:ED|ION)|CANCEL(?:L?ED|L?ATION)|DISALLOWED|INVALID(?:ATED)?|REMOVED|STRUCK|GESTRICHEN)"
_DELETION = re.compile(rf"\b{_WHAT}\b.{{0,40}}?\b{_VERB}\b|\b{_VERB}\b.{{0,40}}?\b{_WHAT}\b", re.IGNORECASE)
_ABOUT = re.compile(
    r"\bINVESTIGAT|\bNOTED\b|\bRE-?INSTAT|\bRESTOR|\bNOT\s(?:BE\s|BEEN\s)?(?:DELET|CANCEL|INVALID)|\bNO\s(?:FURTHER|DELETION|LAP)"
    r"|\bMAY\b|\bPENALTY\b|\bWARNING\b|\bREVIEW|\bIF\b|\bWILL\b|\bSESSION\b|\bMESSAGE\b|\bIGNORE\b|\bWIEDER\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"\b(?:LAP|TIME)S?\b.{0,60}\b(?:RE-?INSTATED?|RESTORED)\b", re.IGNORECASE)
_CARS = re.compile(
    r"\b(?:CARS?|NO\.?|NUMBERS?|AUTOS?|STARTNUMMERN?)\s{0,3}#?\s?([0-9]{1,4}[A-Z]?\b"
    r"(?:\s{0,2}\([^)]{0,30}\))?(?:\s{0,2}(?:,|&|\+|/|-|AND|UND)\s{0,2}#?[0-9]{1,4}[A-Z]?\b(?:\s{0,2}\([^)]{0,30}\))?){0,11})",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]{0,30}\)")
_NUMBER = re.compile(r"[0-9]{1,4}[A-Z]?", re.IGNORECASE)
_CORNER = re.compile(r"\b(?:T|TURNS?\s?|CORNERS?\s?|KURVE\s?)\s?([0-9]{1,2}[A-Z]?(?:[/-][0-9]{1,2}[A-Z]?)?)\b(?!:)", re.IGNORECASE)  # fmt: skip
_CLOCK = re.compile(r"(?<![0-9:.])((?:[01]?[0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:[.,][0-9]{1,3})?)(?![0-9:])")
_LAP_TIME = re.compile(r"(?<![0-9:.])([0-9]{1,2}:[0-5][0-9][.,][0-9]{3})(?![0-9:])")
_LAP = re.compile(r"\b(?:LAP|RUNDE)\s?(?:NO\.?\s?|#)?([0-9]{1,4})\b(?![:.,][0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Message:
    """A message with the time it was sent: ms since midnight of the session's first day, as LapRecord has it."""

    text: str
    day_ms: int | None = None
    line: int | None = None


def deletions_in(message: Message) -> tuple[DeletionRecord, ...]:
    """One record for each car whose lap time the message deletes; () for every other message.

    The clock in the text is when the car went wide, not when the message was sent; where it stands alone it counts
    towards the same day as the message, or the one before at midnight.
    """
    text = " ".join(message.text[:MAX_TEXT].split())
    if not _DELETION.search(text) or _ABOUT.search(text):
        return ()
    cars = _CARS.search(text)
    if cars is None:
        return ()
    rest = text[: cars.start()] + " " + text[cars.end() :]
    numbers = dict.fromkeys(_NUMBER.findall(_BRACKETS.sub(" ", cars[1]))[:MAX_CARS])
    corner, lap, time = _CORNER.search(rest), _LAP.search(rest), _LAP_TIME.search(rest)
    return tuple(
        DeletionRecord(
            number=number.upper(),
            lap=int(lap[1]) if lap and int(lap[1]) <= MAX_COUNT else None,
            lap_ms=_lap_time(time[1]) if time else None,
            day_ms=_clock(rest, message.day_ms),
            corner=f"T{corner[1].upper()}" if corner else "",
            source="message",
            text=text,
            line=message.line,
        )
        for number in numbers
    )


def speaks_of_lap_times(text: str) -> bool:
    """Whether the message is about lap times that count or do not; one that deletes none then needs a person's eyes."""
    return _DELETION.search(text[:MAX_TEXT]) is not None or _BACK.search(text[:MAX_TEXT]) is not None


def _lap_time(printed: str) -> int | None:
    try:
        return parse_lap_time(printed)
    except NotationError:
        return None


def _clock(text: str, sent: int | None) -> int | None:
    """The last time of day in the text, on the day of the message."""
    clocks = _CLOCK.findall(text)
    if not clocks:
        return None
    day_ms = parse_clock(clocks[-1])
    if sent is None:
        return day_ms
    midnight = sent - sent % DAY
    return midnight + day_ms - (DAY if day_ms - sent % DAY > WRAP and midnight else 0)


def day_ms_of(moment: dt.datetime, first_day: dt.date) -> int:
    """A local time as ms since midnight of the session's first day; negative for the day before."""
    since = moment.replace(tzinfo=None) - dt.datetime.combine(first_day, dt.time())
    return round(since / dt.timedelta(milliseconds=1))
