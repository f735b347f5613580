"""Days and parts of days that set a scene: `am Samstagabend`, `tags darauf`, `the day before`."""

from __future__ import annotations

import datetime as dt
import re

from articles.factcheck.grammar.cue import Cue
from articles.factcheck.grammar.numerals import ordinal
from articles.factcheck.grammar.tokens import Sentence, Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet, Session

DAY = re.compile(
    r"(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)(s|abend|morgen|vormittag|nachmittag|mittag|nacht|fruh)?(\w{0,12})"
)
_HOURS = {"morning": (0, 13), "noon": (11, 15), "afternoon": (12, 19), "evening": (16, 24)}
# `Samstagssieger` and `his Saturday result` tell who or what, not when.
_SESSIONS = ("rennen", "lauf", "race", "qualifying", "quali", "training", "zeittraining", "finale", "abend", "morgen")
_WINNERS = ("sieger", "siegern", "siegers", "siegerin", "siegerduo", "siegerteam")
_HEROES = frozenset({"winner", "winners", "victor", "victors", "polesitter", "pole", "hero", "heroes", "sieger"})
_POSSESSIVE = frozenset({"his", "her", "their", "its", "seinem", "seinen", "ihrem", "ihren"})
_DAYS = frozenset({"tags", "tag", "day"})
_NEXT_DAY = frozenset({"darauf", "drauf", "danach", "later", "spater", "after"})
_DAY_BEFORE = frozenset({"zuvor", "davor", "vorher", "earlier", "before"})


def winner_day(key: str) -> str:
    """The day that `Samstagssieger` names; nothing where the word is no winner of a day."""
    match = DAY.fullmatch(key) if key.endswith(_WINNERS) else None
    return match[1] if match else ""


def day_cues(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet, last: Cue | None) -> list[Cue]:
    key = tokens[index].key
    compared = [token.key for token in tokens[max(index - 3, sentence.first) : index]]
    if words("scenes_comparing") & set(compared) and not (
        compared[0] in {"als", "than"} and compared[1:] and ordinal(compared[1])
    ):
        return []  # `besser als am Samstag`, `gegenüber dem Vortag`
    match = DAY.fullmatch(key)
    if match:
        day = day_of(match[1], sheet)
        before = tokens[index - 1].key if index > sentence.first else ""
        after = tokens[index + 1].key if index + 1 < sentence.last else ""
        is_told = before in _POSSESSIVE or bool(match[3] and not match[3].endswith(_SESSIONS)) or after in _HEROES
        is_left = not is_told and _is_left_behind(tokens, index, sentence)
        cues = [Cue(index, "day", day, is_aside=is_told or is_left, end=index + 1 if is_told else 0)]
        half = pairs("halves").get(match[2] or "")
        return cues + ([Cue(index, "half", half)] if half else [])
    before = tokens[index - 1].key if index > sentence.first else ""
    if key in pairs("halves") and (before in {"am", "the", "in", "this"} or before in pairs("days")):
        return [Cue(index, "half", pairs("halves")[key])]
    shift = _shift(tokens, index, sentence)
    if shift:
        day = last.value if last and isinstance(last.value, dt.date) else _last_day(sheet) if shift < 0 else None
        return [Cue(index, "day", day + dt.timedelta(days=shift), is_aside=shift < 0)] if day else []
    return []


def _is_left_behind(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`bounced back from a difficult Saturday`: the next sentence does not go on there."""
    keys = [token.key for token in tokens[max(index - 3, sentence.first) : index]]
    return len(keys) > 1 and keys[0] in {"from", "after", "nach"} and keys[1] in {"a", "the", "einem", "dem"}


def _shift(tokens: list[Token], index: int, sentence: Sentence) -> int:
    """`tags darauf`, `the following day` is one day on, `tags zuvor`, `am Vortag`, `the day before` one day back."""
    key = tokens[index].key
    after = tokens[index + 1].key if index + 1 < sentence.last else ""
    before = tokens[index - 1].key if index > sentence.first else ""
    if key in {"vortag", "vorabend"} or (key in _DAYS and (after in _DAY_BEFORE or before in {"previous", "vorigen"})):
        return -1
    if key == "folgetag" or (
        key in _DAYS and (after in _NEXT_DAY or before in {"next", "following", "nachsten", "folgenden"})
    ):
        return 1
    return 0


def _last_day(sheet: FactSheet) -> dt.date | None:
    return max((session.day for session in sheet.run if session.day), default=None)


def day_of(name: str, sheet: FactSheet) -> dt.date | None:
    """The day of the event that is this weekday; None where no session falls on it."""
    wanted = int(pairs("days")[name])
    own = [session for session in sheet.sessions if session.day and session.day.weekday() == wanted]
    races = [session for session in own if session.is_race]
    return next((session.day for session in races or own), None)  # of two Sundays that of the race


def half_fits(session: Session, half: object) -> bool:
    if not session.clock or half not in _HOURS:
        return True
    begin, end = _HOURS[str(half)]
    return begin <= int(session.clock[:2]) < end
