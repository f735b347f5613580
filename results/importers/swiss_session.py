"""What Swiss Timing's screens call a session and when it was; shared by its XML and its JSON. Pure.

Competition and meeting are abbreviated as sponsors and columns demand (`GTWorldChEU pwrd by AWS Endurance Cup`), so the
records only propose them. Times are local to the track, which the files name and whose zone they do not.
"""

from __future__ import annotations

import datetime as dt
import re

from results.importers.document import FIRST_YEAR, LAST_YEAR
from results.importers.kinds import kind_of_name
from results.importers.records import key_from_name
from results.notation import NotationError

_MOMENT = re.compile(r"([0-9]{2})\.([0-9]{2})\.([0-9]{4}) ([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,3}))?")

# Only a name that says nothing else is shortened to letter and number: a "Bronze Test" is no first free practice.
_KEYS = (
    (re.compile(r"(?:free |official |paid )?practice(?: session)? ?(\d?)", re.IGNORECASE), "FP"),
    (re.compile(r"pre[- ]?qualifying ?(\d?)", re.IGNORECASE), "PQ"),
    (re.compile(r"(?:qualifying|qualification)(?: session)? ?(\d?)", re.IGNORECASE), "Q"),
    (re.compile(r"super ?pole ?(\d?)", re.IGNORECASE), "SP"),
    (re.compile(r"warm-? ?up ?(\d?)", re.IGNORECASE), "WU"),
    (re.compile(r"(?:main )?race ?(\d?)", re.IGNORECASE), "R"),
)


def key_of_session(name: str) -> str:
    """`Free Practice 1` is FP1, `Superpole 3` SP3; any other name is its own key."""
    for pattern, letters in _KEYS:
        match = pattern.fullmatch(name)
        if match:
            return letters + match[1]
    return key_from_name(name)


def kind_of_session(name: str) -> str | None:
    """The kind a name says; None for one that says nothing."""
    return kind_of_name(name) or None


def read_moment(text: str) -> dt.datetime:
    """`10.04.2026 14:25:00.000` as a local time without zone; raises NotationError."""
    match = _MOMENT.fullmatch(text.strip())
    if not match:
        raise NotationError(text, "erwartet wird 10.04.2026 14:25:00.000", "kein Zeitpunkt")
    day, month, year, hour, minute, second = (int(part) for part in match.groups()[:6])
    try:
        moment = dt.datetime(year, month, day, hour, minute, second, int((match[7] or "0").ljust(3, "0")) * 1000)  # noqa: DTZ001 - local to the track
    except ValueError as error:
        raise NotationError(text, "den gibt es nicht", "kein Zeitpunkt") from error
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise NotationError(text, f"das Jahr {year} kann nicht stimmen", "kein Zeitpunkt")
    return moment
