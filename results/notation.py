"""Lap times, race durations and gaps as timing files and articles print them, in and out of integer milliseconds.

Two grammars are read and kept apart. Timing files write `1:46.540`, `1:46,250`, `6:01:29,5`, `5:44'41.101`; articles
also `8.31,192 min.`, `0,290 Sekunden`, `2h57m`. A dot alone with one or two digits behind it (`1.47`) may be minutes
or a decimal point; nobody but the reader's context can tell, so it raises `AmbiguousTimeError` with both readings.

Only ASCII digits count. No text longer than a time can be is looked at, so every function runs in constant time.
The sentences in the errors are German: they reach the editor as they stand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Language = Literal["de", "en"]

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
MAX_MS = 2**31 - 1  # an `integer` column; 596 hours
MAX_LAPS = 32_767  # a `smallint` column
MAX_LENGTH = 60

_SHOWN = 40
_SIXTY = 60
_EXACT = 3  # digits behind the point that whole milliseconds hold


class NotationError(ValueError):
    """The text is no time, gap or penalty; the message is one German sentence, `reason` its second half."""

    def __init__(self, text: str, reason: str, kind: str = "keine Zeit") -> None:
        self.text = text
        self.reason = reason
        super().__init__(f"„{shown(text)}“ ist {kind}: {reason}.")


class AmbiguousTimeError(NotationError):
    """A dot alone: `readings` holds what it may mean in ms, minutes first."""

    def __init__(self, text: str, readings: tuple[int, int]) -> None:
        self.readings = readings
        minutes, decimal = (format_lap_time(reading) for reading in readings)
        super().__init__(text, f"gemeint sein kann {minutes} oder {decimal}", "mehrdeutig")


@dataclass(frozen=True, slots=True)
class Gap:
    """A distance to the leader or the car ahead: milliseconds or laps, never both."""

    ms: int | None = None
    laps: int | None = None

    def __post_init__(self) -> None:
        if (self.ms is None) == (self.laps is None):
            raise ValueError("a gap is a time or a number of laps")
        if not (0 <= (self.ms or 0) <= MAX_MS and 1 <= (1 if self.laps is None else self.laps) <= MAX_LAPS):
            raise ValueError("a gap is never negative, and at least one lap where it counts laps")


@dataclass(frozen=True, slots=True)
class Penalty:
    """What stewards add: milliseconds, laps or both (`2:35.306/-1 lap`)."""

    ms: int = 0
    laps: int = 0


def shown(text: str) -> str:
    """The text as it may stand in a message: short and free of control characters."""
    clean = "".join(sign if sign.isprintable() else "�" for sign in text[: _SHOWN + 1])
    return clean if len(clean) <= _SHOWN else clean[:_SHOWN] + "…"


# ------------------------------------------------------------------ reading

# Le Mans prints `24:00:18.099‡`, others `1:46.540*`, `1:46.540 ¹` or `1:46.540 [2]`.
_FOOTNOTES = re.compile(r"[ \u00a0]?(?:[*†‡§°#¹²³⁴-⁹]{1,3}|\[[0-9a-z]{1,2}\])\Z")
_DIGITS = frozenset("0123456789")
_TIMING = re.compile(r"(?:([0-9]+)[:h])?(?:([0-9]{1,2})[:'’′])?([0-9]{1,2})(?:[.,]([0-9]{1,4}))?")
_APOSTROPHE = re.compile(r"([0-9]+)['’′]([0-9]{1,2})(?:[.,]([0-9]{1,4}))?")
_UNITS = re.compile(
    r"(?:([0-9]{1,3}) ?(?:h|Std\.?|Stunden?|hours?))?"
    r"(?: ?([0-9]{1,4}) ?(?:m|min\.?|Min\.?|Minuten?|minutes?|mins))?"
    r"(?: ?([0-9]{1,6})(?:[.,]([0-9]{1,4}))? ?(?:s|sec\.?|Sek\.?|Sekunden?|seconds?|secs))?",
    re.IGNORECASE,
)
_WRONG_SIGNS = re.compile(r"[^0-9:.,'’′h+\-−– \u00a0]", re.IGNORECASE)


def parse_lap_time(text: str) -> int | None:
    """A time of a timing file in ms; None for the printed nothing (`00.000`, `0:00.000`), 0 only for `0.000`.

    Grammar: `[hours:][minutes:]seconds[.fraction]`, one prefix alone being minutes; `h` and `'` stand for the colon.
    Seconds and minutes stay below 60 where a larger unit stands before them. A short fraction is padded on the right
    (`29,5` is 500 ms); a fourth digit must be 0, for whether a series rounds or cuts it is not for us to guess.
    Footnote marks behind the time are dropped. Raises NotationError, also for an empty text.
    """
    clean = _clean(text)
    match = _TIMING.fullmatch(clean)
    if match:
        larger, middle, seconds, fraction = match.groups()
        if larger is not None and middle is None and "h" not in clean:
            larger, middle = None, larger  # one prefix alone means minutes
        elif larger is not None and middle is None:
            raise NotationError(text, "hinter „h“ fehlen die Minuten")
    else:
        match = _APOSTROPHE.fullmatch(clean)
        if not match:
            raise NotationError(text, _why_not(clean))
        larger = None
        middle, seconds, fraction = match.groups()
    value = _total(text, larger, middle, seconds, fraction)
    return value if value or clean in {"0.000", "0,000"} else None


def parse_duration(text: str) -> int | None:
    """A race time in ms: everything `parse_lap_time` reads, and units written out (`2h57m`, `1m10s`, `127s`, `6 Std.`)."""
    clean = _clean(text)
    match = _UNITS.fullmatch(clean)
    if match and clean:
        hours, minutes, seconds, fraction = match.groups()
        return _total(text, hours, minutes, seconds or "0", fraction)
    return parse_lap_time(text)


def parse_clock(text: str) -> int:
    """A time of day such as `09:14:37.531` in ms since midnight; hours and minutes must be there."""
    clean = _clean(text)
    if clean.count(":") == 1:
        clean += ":00"  # hours and minutes only
    match = _TIMING.fullmatch(clean)
    if not match or match[2] is None:
        raise NotationError(text, "erwartet wird Stunde:Minute:Sekunde", "keine Uhrzeit")
    value = _total(text, *match.groups())
    if value >= DAY:
        raise NotationError(text, "ein Tag hat 24 Stunden", "keine Uhrzeit")
    return value


def _clean(text: str) -> str:
    """The text without blanks around it and without footnote marks; refuses what no time can be."""
    if len(text) > MAX_LENGTH:
        raise NotationError(text, f"die Angabe ist länger als {MAX_LENGTH} Zeichen")
    clean = text.strip()
    if clean[-1:] not in _DIGITS:
        clean = _FOOTNOTES.sub("", clean)
    if not clean:
        raise NotationError(text, "die Angabe ist leer")
    return clean


def _why_not(clean: str) -> str:
    if clean[0] in "-−–":
        return "sie darf nicht negativ sein"
    wrong = _WRONG_SIGNS.search(clean)
    if wrong:
        return f"das Zeichen „{shown(wrong[0])}“ gehört nicht hinein"
    if re.search(r"[.,][0-9]{5,}\Z", clean):
        return "mehr als drei Nachkommastellen kann eine Zeit in Millisekunden nicht haben"
    return "erwartet wird zum Beispiel 1:46,250 oder 6:01:29,500"


def _total(text: str, hours: str | None, minutes: str | None, seconds: str, fraction: str | None) -> int:
    """Adds the parts up; each unit stays below 60 where a larger one stands before it."""
    if minutes is not None and int(seconds) >= _SIXTY:
        raise NotationError(text, "hinter Minuten gehen die Sekunden nur bis 59")
    if hours is not None and int(minutes or 0) >= _SIXTY:
        raise NotationError(text, "hinter Stunden gehen die Minuten nur bis 59")
    if fraction and fraction[_EXACT:] not in {"", "0"}:
        raise NotationError(text, "Zehntausendstel lassen sich nicht in ganzen Millisekunden halten")
    value = int(hours or 0) * HOUR + int(minutes or 0) * MINUTE + int(seconds) * SECOND
    value += int((fraction or "0").ljust(_EXACT, "0")[:_EXACT])
    if value > MAX_MS:
        raise NotationError(text, "so lange dauert kein Rennen")
    return value


# ------------------------------------------------------------------ reading articles

_UNIT_WORD = re.compile(
    r"[ \u00a0]?(?:(?P<h>Stunden?|Std\.?|hours?|hrs?\.?|h)|(?P<m>Minuten?|Min\.?|minutes?|mins?\.?)|"
    r"(?P<s>Sekunden?|Sek\.?|seconds?|secs?\.?|s))\Z",
    re.IGNORECASE,
)
# `8.31,192` and `1.32.47,209`: dots between the units, a comma before the fraction; `1.46.540`: three digits at the end.
_DOTTED = re.compile(r"(?:([0-9]{1,2})\.)?([0-9]{1,3})\.([0-9]{2})(?:,([0-9]{1,4}))")
_TWO_DOTS = re.compile(r"([0-9]{1,2})\.([0-9]{2})\.([0-9]{3})")
_DOT_ALONE = re.compile(r"([0-9]{1,3})\.([0-9]{1,2})")
_NUMBER = re.compile(r"([0-9]{1,6})(?:,([0-9]{1,4}))?")
_SCALE = {"h": HOUR, "m": MINUTE, "s": SECOND}
_UNIT_NAMES = {"h": "Stunden", "m": "Minuten", "s": "Sekunden"}


def parse_article_time(text: str, *, dot: Literal["minutes", "decimal"] | None = None) -> int:
    """A time or duration in an article in ms, with or without its unit word (`1:46,250 Minuten`, `8.31,192 min.`).

    `dot` decides what a dot alone with one or two digits behind it means; undecided it raises AmbiguousTimeError. A
    unit word that contradicts the figure (`1:46,250 Sekunden`) and everything else that is no time raise NotationError.
    """
    clean = _clean(text)
    dotted = _dotted(text, clean, dot)
    if dotted is not None:
        return dotted
    duration = _UNITS.fullmatch(clean)
    unit = _UNIT_WORD.search(clean)
    if unit is None or (duration and len([part for part in duration.groups()[:3] if part]) > 1):
        return _needed(text, parse_duration(clean))
    return _with_unit(text, clean[: unit.start()], str(unit.lastgroup), dot)


def _needed(text: str, value: int | None) -> int:
    if value is None:
        raise NotationError(text, "Null ist keine Zeit")
    return value


def _dotted(text: str, clean: str, dot: str | None) -> int | None:
    """The forms with a dot between units; None where there is none."""
    match = _DOTTED.fullmatch(clean)
    if match:
        hours, minutes, seconds, fraction = match.groups()
        return _total(text, hours, minutes, seconds, fraction)
    match = _TWO_DOTS.fullmatch(clean)
    if match:
        return _total(text, None, *match.groups())
    match = _DOT_ALONE.fullmatch(clean)
    return _dot_alone(text, match, dot) if match else None


def _dot_alone(text: str, match: re.Match[str], dot: str | None) -> int:
    before, behind = match.groups()
    decimal = _total(text, None, None, before, behind)
    if dot == "decimal" or len(behind) == 1 or int(behind) >= _SIXTY:
        return decimal  # `46.5` and `1.75` cannot be minutes and seconds
    minutes = _total(text, None, before, behind, None)
    if dot == "minutes":
        return minutes
    raise AmbiguousTimeError(text, (minutes, decimal))


def _with_unit(text: str, figure: str, unit: str, dot: str | None) -> int:
    """A figure followed by its unit word; the word must fit the figure's largest part."""
    number = _NUMBER.fullmatch(figure)
    if number:
        return _plain(text, number, _SCALE[unit])
    value = _dotted(text, figure, dot or ("decimal" if unit == "s" else None))
    colons = len(re.findall(r"[:'’′]|\.(?=.*,)", figure))
    if value is None and unit == "h" and colons == 1 and not re.search(r"[.,]", figure):
        value = _needed(text, parse_lap_time(figure + ":00"))  # `6:01 Stunden`
    elif value is None:
        value = _needed(text, parse_lap_time(figure))
    if (unit == "s" and colons) or (unit == "m" and colons > 1) or (unit == "h" and value < HOUR):
        raise NotationError(text, f"„{_UNIT_NAMES[unit]}“ passt nicht zu den Ziffern")
    return value


def _plain(text: str, number: re.Match[str], scale: int) -> int:
    """`65 Sekunden`, `8,5 Minuten`; must come out in whole milliseconds."""
    whole, fraction = number[1], number[2] or ""
    scaled = int(whole + fraction) * scale
    parts: int = 10 ** len(fraction)
    value, rest = divmod(scaled, parts)
    if rest:
        raise NotationError(text, "sie geht nicht in ganzen Millisekunden auf")
    if value > MAX_MS:
        raise NotationError(text, "so lange dauert kein Rennen")
    return value


# ------------------------------------------------------------------ gaps and penalties

_LAPS = re.compile(
    r"(?:\+|[-−–] ?)?([0-9]{1,5}) ?(?:laps?|Runden?|Umläufe?|Rdn?\.?|L)(?: (?:zurück|zur\.|back|behind|down))?",
    re.IGNORECASE,
)
# `+127.345`: behind a plus sign seconds may be a hundred and more, where a time would need its minutes.
_SECONDS_ALONE = re.compile(r"([0-9]{3,6})(?:[.,]([0-9]{1,4}))?")
_BEHIND = re.compile(r" (?:zurück|zur\.?|back|behind)\Z", re.IGNORECASE)
_LEADER = frozenset({"-", "–", "—", "−"})


def parse_gap(text: str) -> Gap | None:
    """A gap in time (`+0.385`, `0,290 Sekunden`, `2,624 Sek. zur.`) or laps (`1 Runde`, `28 Rd.`, `- 2L`); None for the
    leader's dash. Raises NotationError for a negative time, no laps at all, and whatever else is no gap.
    """
    clean = _clean(text)
    if clean in _LEADER:
        return None
    laps = _laps(text, clean)
    if laps is not None:
        return Gap(laps=laps)
    try:
        return Gap(ms=_gap_time(clean))
    except NotationError as error:
        raise NotationError(text, error.reason, "kein Rückstand") from error


def _laps(text: str, clean: str) -> int | None:
    match = _LAPS.fullmatch(clean)
    if not match:
        return None
    laps = int(match[1])
    if not 1 <= laps <= MAX_LAPS:
        raise NotationError(text, "eine solche Zahl von Runden gibt es nicht", "kein Rückstand")
    return laps


def _gap_time(clean: str) -> int:
    """Without a unit a gap is a timing time (a dot is a decimal point), with one it is an article's."""
    figure = _BEHIND.sub("", clean)
    signed = figure.startswith("+")
    figure = figure[1:].lstrip() if signed else figure
    seconds = _SECONDS_ALONE.fullmatch(figure) if signed else None
    if seconds:
        return _total(clean, None, None, *seconds.groups())
    if _UNIT_WORD.search(figure):
        return parse_article_time(figure, dot="decimal")
    return parse_lap_time(figure) or 0


def parse_penalty(text: str) -> Penalty:
    """A penalty in time (`30.000`, `1:05.000`), laps (`-1 lap`, `2 Rd.`) or both (`2:35.306/-1 lap`)."""
    clean = _clean(text)
    time, slash, laps = clean.partition("/")
    try:
        count = _laps(text, laps.strip() if slash else clean)
        if count is not None:
            return Penalty(_gap_time(time.strip()) if slash else 0, count)
        return Penalty(_gap_time(clean))
    except NotationError as error:
        raise NotationError(text, error.reason, "keine Strafe") from error


# ------------------------------------------------------------------ writing

_DECIMAL = {"de": ",", "en": "."}


def format_lap_time(ms: int, language: Language = "de") -> str:
    """`1:46,250`, `53,276` below a minute, `6:01:29,500` from an hour on; `parse_lap_time` takes each back.

    Raises ValueError for a negative number: no time is.
    """
    if not 0 <= ms <= MAX_MS:
        raise ValueError(f"{ms} ms is no time")
    seconds, fraction = divmod(ms, SECOND)
    minutes, seconds = divmod(seconds, _SIXTY)
    hours, minutes = divmod(minutes, _SIXTY)
    tail = f"{_DECIMAL[language]}{fraction:03d}"
    if hours:
        return f"{hours}:{minutes:02d}:{seconds:02d}{tail}"
    return f"{minutes}:{seconds:02d}{tail}" if minutes else f"{seconds}{tail}"


def format_duration(ms: int, language: Language = "de") -> str:
    """A race time; written as a lap time is, with hours where it has them."""
    return format_lap_time(ms, language)


def format_gap(gap: Gap | None, language: Language = "de") -> str:
    """`+0,290`, `+1 Rd.`, in English `+0.290`, `+1 lap`, `+2 laps`; `-` for the leader, who has none."""
    if gap is None:
        return "-"
    if gap.ms is not None:
        return f"+{format_lap_time(gap.ms, language)}"
    if language == "de":
        return f"+{gap.laps} Rd."
    return f"+{gap.laps} lap{'' if gap.laps == 1 else 's'}"


def format_penalty(penalty: Penalty, language: Language = "de") -> str:
    """`+30,000`, `+1 Rd.`, both joined by a slash; empty without a penalty."""
    parts = [format_gap(Gap(ms=penalty.ms), language)] if penalty.ms else []
    parts += [format_gap(Gap(laps=penalty.laps), language)] if penalty.laps else []
    return "/".join(parts)
