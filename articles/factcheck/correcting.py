"""The words that would stand in place of a contradicted claim's: the right value in the notation the writer chose.

Where a plain exchange would not make a good sentence ("gewann", "eine Runde" for several) nothing is proposed and a person
writes. Pure: no Django and no database.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal, InvalidOperation

from articles.factcheck.claim import Claim, ClaimType
from articles.factcheck.facts import Driver
from articles.factcheck.grammar.numerals import cardinal, ordinal
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.verdict import Verdict
from articles.facts.notation import MONTHS
from results.names import fold
from results.notation import SECOND, NotationError, parse_duration

_FRACTIONS = {1: 3, 10: 2, 100: 1}
_FIGURES = re.compile(r"\d+(?:(?:[:.,']|m|h)\d+)*")
_GROUP = re.compile(r"\d+")
_DECIMAL = re.compile(r"\d+(?:[.,]\d+)?")
_WORD = re.compile(r"[^\W\d_]+")
_FEW_DIGITS = 2
_ROUNDED: dict[str, Callable[[float], int]] = {"<": math.ceil, ">": math.floor}
_STEMS = ["erst", "zweit", "dritt", "viert", "fünft", "sechst", "siebt", "acht", "neunt", "zehnt", "elft", "zwölft"]
_CARDINALS = ["zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf"]
_EN_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
]
_EN_CARDINALS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_ENDINGS = ("er", "en", "em", "es", "e")
_NUMERIC_DAY = re.compile(r"(\d{1,2})\.(\s?)(\d{1,2})\.(\s?)(\d{4}|\d{2})?")
_NAMED_DAY = re.compile(r"(\d{1,2})(\.?\s+)([^\W\d_]+)(\s+\d{4})?")
_CLOCK = re.compile(r"(\d{1,2})(?:([:.])(\d{2}))?(?=\s*Uhr\b|$)")


def corrected(claim: Claim, verdict: Verdict, people: Iterable[Driver] = ()) -> str:
    """The claim's words with the right value in them; empty where only a person can write them.

    `people` tell the last name of a driver from his first ones.
    """
    find = _BY_TYPE.get(claim.type)
    words = ""
    if verdict.right and claim.type is ClaimType.CREW:
        words = _crew(claim, verdict.right, {driver.name: driver.last for driver in people})
    elif verdict.right and find:
        words = find(claim, verdict.right)
    return words if words != claim.text else ""


def is_likely(claim: Claim, words: str) -> bool:
    """Whether the words differ as a slip of the pen does: of a figure one digit, or the same digits in another order.

    Any other figure may be the right value of another car: it is offered, and not as the first thing to do.
    """
    one, other = (re.sub(r"\D", "", text).lstrip("0") for text in (claim.text, words))
    if not one or not other or claim.type is ClaimType.CREW:
        return True
    if len(one) != len(other):
        return len(one) <= _FEW_DIGITS
    return sorted(one) == sorted(other) or sum(a != b for a, b in zip(one, other, strict=True)) == 1


# ------------------------------------------------------------------ times


def _time(claim: Claim, right: str) -> str:
    """`1:46,521` and `1m46.521s` with the digits of another time; as precise as they were."""
    figures = _FIGURES.findall(claim.text)
    truth = time_in(right)
    if len(figures) != 1 or truth is None:
        return ""
    filled = _filled(figures[0], truth, claim)
    return claim.text.replace(figures[0], filled, 1) if filled else ""


def time_in(words: str) -> int | None:
    """The time that stands in words as they are shown (`1:02,500 Minuten`), in ms."""
    match = _FIGURES.search(words)
    try:
        return parse_duration(match[0]) if match else None
    except NotationError:
        return None


def _filled(figures: str, truth: int, claim: Claim) -> str:
    groups = _GROUP.findall(figures)
    digits = _FRACTIONS.get(claim.precision_ms, 0)
    has_fraction = digits > 0 and len(groups[-1]) == digits and len(groups) > 1
    unit = claim.precision_ms if has_fraction else SECOND
    if claim.precision_ms > SECOND or (digits and not has_fraction):
        return ""
    steps = _ROUNDED.get(claim.op, round)(truth / unit)
    parts = [f"{steps % (SECOND // unit):0{digits}}"] if has_fraction else []
    rest = steps // (SECOND // unit)
    places = len(groups) - len(parts)
    for place in range(places):
        is_first = place == places - 1
        parts.insert(0, str(rest) if is_first else f"{rest % 60:02}")
        rest //= 60
    if places > 1 and parts[0] == "0":  # `0:48,210 Minuten` is no gap anybody writes
        return ""
    found = iter(parts)
    return _GROUP.sub(lambda _match: next(found), figures)


# ------------------------------------------------------------------ numbers


def _number(claim: Claim, right: str) -> str:
    """A figure for a figure, a word for a word."""
    truth = number_in(right)
    if truth is None or claim.hint == "win":
        return ""
    if claim.type is ClaimType.GRID_POSITION and claim.hint == "row":
        truth = (truth + 1) // 2
    figures = _DECIMAL.findall(claim.text)
    if len(figures) == 1 and _same(figures[0], claim.value):
        return claim.text.replace(figures[0], _as_written(truth, claim.text), 1)
    return _in_words(claim, truth) if not figures else ""


def _as_written(truth: Decimal, text: str) -> str:
    """With the point of English texts or the comma of German ones."""
    plain = f"{truth.normalize():f}"
    is_english = re.search(r"\d\.\d|\b(?:points?|laps?)\b", text, re.IGNORECASE)
    return plain if is_english else plain.replace(".", ",")


def _counted(claim: Claim, right: str) -> str:
    """As a number; where one thing becomes several or several one, its noun would have to follow."""
    truth = number_in(right)
    return "" if truth == 1 or _same("1", claim.value) else _number(claim, right)


def number_in(words: str) -> Decimal | None:
    """The one number that stands in words as they are shown: `Rang 4`, `Klassenrang 2 in LMP2`, `eine Runde`."""
    first = _DECIMAL.search(re.sub(r"\bin .+$", "", words))
    if first:
        return Decimal(first[0].replace(",", "."))
    told = [number for word in _WORD.findall(words) if (number := cardinal(fold_word(word))) is not None]
    return Decimal(told[0]) if len(told) == 1 else None


def _same(figure: str, value: object) -> bool:
    try:
        return Decimal(figure.replace(",", ".")) == Decimal(str(value))
    except InvalidOperation:
        return False


def _in_words(claim: Claim, truth: Decimal) -> str:
    value = number_in(str(claim.value))
    if value is None or truth != truth.to_integral_value() or not 1 < truth <= len(_STEMS):
        return ""
    for word in _WORD.findall(claim.text):
        other = _other_word(word, int(value), int(truth))
        if other:
            shown = other.capitalize() if word[0].isupper() else other
            return claim.text.replace(word, shown, 1)
    return ""


def _other_word(word: str, value: int, truth: int) -> str:
    key = fold_word(word)
    if ordinal(key) == value:
        if key in _EN_ORDINALS:
            return _EN_ORDINALS[truth - 1]
        ending = next((ending for ending in _ENDINGS if key.endswith(ending)), "")
        return _STEMS[truth - 1] + ending if ending else ""
    if cardinal(key) == value and value > 1:
        return (_EN_CARDINALS if key in _EN_CARDINALS else _CARDINALS)[truth - 2]
    return ""


def _car_number(claim: Claim, right: str) -> str:
    numbers, figures = _GROUP.findall(right), _GROUP.findall(claim.text)
    return claim.text.replace(figures[0], numbers[0], 1) if len(numbers) == len(figures) == 1 else ""


# ------------------------------------------------------------------ names, days, hours


def _crew(claim: Claim, right: str, last_names: Mapping[str, str]) -> str:
    """The crew as the text lists it: with slashes or with commas, last names alone or whole ones."""
    said = claim.value if isinstance(claim.value, tuple) else ()
    drivers = right.split("/")
    if len(said) != len(drivers):
        return ""
    known = {name: driver for driver in drivers if (name := _as_said(driver, said))}
    missing = iter([driver for driver in drivers if driver not in known.values()])
    if known:
        is_whole = any(fold(name) == fold(driver) for name, driver in known.items())
    else:
        is_whole = any(" " in name for name in said)
    shown = [name if name in known else _short(next(missing, ""), last_names, is_whole=is_whole) for name in said]
    if not all(shown):
        return ""
    if "/" in claim.text:
        return "/".join(shown)
    last = " and " if " and " in claim.text else " und "
    return ", ".join(shown[:-1]) + last + shown[-1]


def _short(driver: str, last_names: Mapping[str, str], *, is_whole: bool) -> str:
    return driver if is_whole else last_names.get(driver) or driver.rsplit(" ", 1)[-1]


def _as_said(driver: str, said: tuple[str, ...]) -> str:
    """How the text writes him already."""
    words = fold(driver).split()
    return next((name for name in said if (parts := fold(name).split()) and words[-len(parts) :] == parts), "")


def _day(claim: Claim, right: str) -> str:
    day = _only_day(right)
    if day is None:
        return ""
    numeric = _NUMERIC_DAY.search(claim.text)
    if numeric:
        year = numeric[5] or ""
        shown = f"{day.day}.{numeric[2]}{day.month}.{numeric[4]}{str(day.year)[-len(year) :] if year else ''}"
        return claim.text.replace(numeric[0], shown, 1)
    named = _NAMED_DAY.search(claim.text)
    months = next((names for names in MONTHS.values() if named and named[3] in names), None)
    if not named or not months:
        return ""
    year = f" {day.year}" if named[4] else ""
    return claim.text.replace(named[0], f"{day.day}{named[2]}{months[day.month - 1]}{year}", 1)


def _only_day(right: str) -> dt.date | None:
    match = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", right)
    return dt.date(int(match[3]), int(match[2]), int(match[1])) if match else None


def _clock(claim: Claim, right: str) -> str:
    hour, minute = [*right.removesuffix(" Uhr").split(":"), ""][:2]
    found = _CLOCK.search(claim.text)
    if not found or not hour.isdecimal() or not minute.isdecimal():
        return ""
    plain = str(int(hour))
    shown = plain if not found[3] and minute == "00" else f"{plain}{found[2] or ':'}{minute}"
    return claim.text[: found.start()] + shown + claim.text[found.end() :]


_BY_TYPE: dict[ClaimType, Callable[[Claim, str], str]] = {
    ClaimType.LAP_TIME: _time,
    ClaimType.GAP_TIME: _time,
    ClaimType.GAP_LAPS: _counted,
    ClaimType.POSITION: _number,
    ClaimType.CLASS_POSITION: _number,
    ClaimType.GRID_POSITION: _number,
    ClaimType.CAR_NUMBER: _car_number,
    ClaimType.POINTS: _counted,
    ClaimType.POINTS_GAP: _counted,
    ClaimType.LAPS_COMPLETED: _counted,
    ClaimType.COUNT: _counted,
    ClaimType.DATE: _day,
    ClaimType.SESSION_TIME: _clock,
}
