"""Lap times, race times and gaps in prose, in figures and in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Any

from articles.factcheck.claim import NOBODY, UNKNOWN, Claim, ClaimType, Context, Subject
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.strangers import between
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import FactSheet
from results.notation import HOUR, MINUTE, SECOND

_UNIT = r"[ \u00a0]?(?:Minuten|Minute|minutes|minute|Min\b\.?|min\b\.?|Stunden|hours|Std\b\.?|Sekunden|Sekunde|Sek\b\.?|seconds|second|secs\b|sec\b|s\b|Uhr)"
_FIGURE = re.compile(
    r"(?<![\d:.,'#])\+?(?:"
    r"(?P<h>\d{1,2})(?::|h)(?P<hm>\d{2})(?::|m)(?P<hs>\d{2})(?:[.,](?P<hf>\d{1,3}))?s?"
    r"|(?P<m>\d{1,2})(?:[:.'’]|m)(?P<ms>\d{2})[.,](?P<mf>\d{1,3})s?"
    r"|(?P<rm>\d{1,2}):(?P<rs>\d{2})(?=[ \u00a0](?:Minuten|minutes|Min\b|min\b))"
    r"|(?P<s>\d{1,3})[.,](?P<sf>\d{1,3})(?P<su>" + _UNIT.replace("|Uhr", "") + r")?"
    r")(?![\d:]|[.,]\d|er\b|er-)(?:" + _UNIT + r")?"
)
_SMALL = {
    "viertelsekunde": 250,
    "zehntel": 100,
    "hundertstel": 10,
    "tausendstel": 1,
    "tenth": 100,
    "hundredth": 10,
    "thousandth": 1,
}
_LARGE = {
    "sekunde": SECOND,
    "second": SECOND,
    "minute": MINUTE,
    "stunde": HOUR,
    "hour": HOUR,
    "sek": SECOND,
    "sec": SECOND,
}
_WORDY = re.compile(
    r"\b(?:(?P<half>halbe|half an?|anderthalb|eineinhalb)|(?P<whole>zwei|drei|vier|fünf|two|three|four|five|one)(?:einhalb| and a half)|(?P<n>\d{1,3}|a|an|"
    + NUMBER_WORD
    + r"))"
    r"(?:\s(?:ganze|volle|einzige|einzigen|full|kleine|winzige|weitere|more))?[\s\u00a0-]"
    r"(?P<u>Zehntel|Hundertstel|Tausendstel|tenth|hundredth|thousandth|Viertelsekunde|Sekunden?|seconds?|Minuten?|minutes?|Sek\b|secs?\b)"
    r"(?P<rest>n|s|sekunden?|stelsekunden?)?(?:\sof a second)?(?![\w-])",
    re.IGNORECASE,
)
_LESS = words("times_less")
_MORE = words("times_more")
_ABOUT = words("times_about")
_BETWEEN_OP = frozenset({"als", "than", "just", "nur", "ganze", "eine", "a", "von"})

_LEAD = words("times_lead")
_BEHIND = words("times_behind")
_GAP_ONLY = words("times_gap_only")
_LAP_BEFORE = words("times_lap_before")
_NOT_A_TIME = words("times_not_a_time")
_TO = words("times_to")
_FILLERS = words("times_fillers")
_LEADER = words("times_leader")
_ATTEMPT = words("times_attempt")
_FEWEST_LETTERS = 4
_MOST_SECONDS = 59
_LAP_RANGE = (0.75, 1.7)


def find(page: Page) -> Iterator[Claim]:
    """All times of a text as claims."""
    laps = _lap_range(page.sheet)
    taken: list[tuple[int, int]] = []
    for match in _FIGURE.finditer(page.text):
        claim = _figure(page, match, laps)
        if claim:
            taken.append(match.span())
            yield claim
    ends = [end for _start, end in taken]
    for match in _WORDY.finditer(page.text):
        at = bisect_right(ends, match.start())
        if at == len(taken) or taken[at][0] > match.start():
            claim = _in_words(page, match)
            if claim:
                yield claim


def _lap_range(sheet: FactSheet) -> tuple[float, float]:
    """What a lap (or a stage) takes in this event, generously; nothing where the sheet has none."""
    laps = [row.best_lap_ms for session in sheet.run for row in session.rows if row.best_lap_ms]
    laps += [row.time_ms for session in sheet.run if session.kind == "stage" for row in session.rows if row.time_ms]
    return (min(laps) * _LAP_RANGE[0], max(laps) * _LAP_RANGE[1]) if laps else (0, 0)


def _figure(page: Page, match: re.Match[str], laps: tuple[float, float]) -> Claim | None:
    if match[0].endswith("Uhr"):
        return None
    value, precision = _value(match)
    after = page.words_after(match.end(), 5)
    if value is None or (after and after[0] in _NOT_A_TIME and not match["su"]):
        return None
    is_bare = match["s"] is not None and not match["su"]
    signed = match[0].startswith("+")
    if is_bare and not signed and len(match["sf"]) < 3:  # noqa: PLR2004 - 62,5 may be anything
        return None
    before = page.words_before(match.start(), 6)
    if signed or not _is_lap(value, before, after, laps, has_minutes=match["s"] is None):
        return None if is_bare and not signed and not _names_gap(before, after) else _gap(page, match, value, precision)
    hint = "attempt" if _ATTEMPT & {*before, *after} else "impossible" if _is_impossible(match) else ""
    kinds = frozenset({"race", "rally", "stage", "sprint"}) if value >= HOUR else frozenset[str]()
    return page.claim(
        ClaimType.LAP_TIME,
        match.start(),
        match.end(),
        value,
        precision_ms=precision,
        op=_op(before),
        kinds=kinds,
        hint=hint,
    )


def _value(match: re.Match[str]) -> tuple[int | None, int]:
    parts = match.groupdict()
    for hours, minutes, seconds, fraction in (
        ("h", "hm", "hs", "hf"),
        ("", "m", "ms", "mf"),
        ("", "rm", "rs", ""),
        ("", "", "s", "sf"),
    ):
        if parts[seconds] is None:
            continue
        digits = (parts[fraction] if fraction else None) or ""
        whole = int(parts[hours] if hours else 0) * HOUR + int(parts[minutes] if minutes else 0) * MINUTE
        return whole + int(parts[seconds]) * SECOND + int(digits.ljust(3, "0")), 10 ** (3 - len(digits))
    return None, 1


def _is_impossible(match: re.Match[str]) -> bool:
    """`1:73,612`: behind minutes seconds end at 59."""
    return any(int(match[part] or 0) > _MOST_SECONDS for part in ("hs", "hm", "ms", "rs"))


def _names_gap(before: list[str], after: list[str]) -> bool:
    return bool((_LEAD | _BEHIND | _GAP_ONLY) & {*before[-4:], *after[:3]})


def _is_lap(value: int, before: list[str], after: list[str], laps: tuple[float, float], *, has_minutes: bool) -> bool:
    gap_near = bool((_LEAD | _BEHIND) & set(after[:2])) or bool(
        (_BEHIND | {"vorsprung", "um", "by"}) & set(before[-3:])
    )
    gap_near = gap_near or (
        before[-1:] in (["betrug"], ["betragt"], ["was"])
        and bool({"ruckstand", "vorsprung", "gap", "margin"} & set(before))
    )
    if has_minutes and laps[0] <= value <= laps[1] and before[-1:] and before[-1] in {"in", "mit", "with", "a", "of"}:
        gap_near = bool(
            {"vorsprung", "ruckstand", "zuruck", "behind", "adrift", "down", "ahead", "clear"} & set(after[:2])
        )
    if value >= HOUR:
        return not gap_near
    in_range = laps[0] <= value <= laps[1]
    if has_minutes:
        return not gap_near and (in_range or not _names_gap(before, after))
    return (
        in_range and not gap_near and (bool(_LAP_BEFORE & set(before[-3:])) or not _names_gap(before[-3:], after[:2]))
    )


def _in_words(page: Page, match: re.Match[str]) -> Claim | None:
    unit = fold_word(match["u"]).removesuffix("n").removesuffix("s")
    scale = _SMALL.get(unit) or _LARGE.get(unit) or _LARGE.get(unit + "e", 0)
    if match["whole"]:
        number = (cardinal(fold_word(match["whole"])) or 0) + 0.5
    elif match["half"]:
        number = 0.5 if match["half"].lower().startswith("hal") else 1.5
    else:
        word = fold_word(match["n"])
        number = 1 if word in {"a", "an"} else cardinal(word) or 0
    value = round(number * scale)
    before = page.words_before(match.start(), 6)
    if not value or (before and before[-1] in {"nach", "after"} and "nur" not in before):
        return None
    after = page.words_after(match.end(), 5)
    if match["u"].lower().startswith(("minute", "min")) and not _names_gap(before, after):
        return None
    if _is_count_of_laps(before):
        return None
    precision = scale if not match["half"] and not match["whole"] else scale // 10
    context = page.context(match.start())
    return _gap(page, match, value, precision, context=Context.IN_WORDS if context is Context.PLAIN else context)


def _is_count_of_laps(before: list[str]) -> bool:
    """`als Einziger unter 48 Sekunden` counts laps and states no gap."""
    return bool(before) and before[-1] == "unter" and bool({"einziger", "einzige", "only"} & set(before))


def _op(before: list[str]) -> str:
    near = list(before[-3:])
    while near and near[-1] in _BETWEEN_OP:
        near.pop()
    if not near:
        return ""
    return "<" if near[-1] in _LESS else ">" if near[-1] in _MORE else "~" if near[-1] in _ABOUT else ""


# ------------------------------------------------------------------ gaps


def _gap(page: Page, match: re.Match[str], value: int, precision: int, context: Context | None = None) -> Claim:
    before, after = page.words_before(match.start(), 7), page.words_after(match.end(), 6)
    rival, place = _rival(page, match.end(), before)
    hint = _direction(before, after)
    given: dict[str, Any] = {"context": context} if context is not None else {}
    start = match.start()
    given["subject"] = page.subject(start, match.end(), but=rival.cars)
    if not rival.cars and not rival.is_unknown and set(before) & words("page_owned"):
        rival = page.rival_before(start, given["subject"])
    return page.claim(
        ClaimType.GAP_TIME, start, match.end(), value, precision_ms=precision, op=_op(before), rival=rival,
        hint=place or hint, **given,
    )  # fmt: skip


def _direction(before: list[str], after: list[str]) -> str:
    for word in (*after[:3], *reversed(before)):
        if word in _LEAD:
            return "lead"
        if word in _BEHIND:
            return "behind"
    return ""


def _rival(page: Page, end: int, before: list[str]) -> tuple[Subject, str]:
    """The other car of a gap: `… hinter dem Phoenix-Audi`, `… auf die Spitze`, `Auf Platz drei fehlten …`."""
    position = end
    for word in page.words_after(end, 3):
        if word in _TO:
            following = page.words_after(position, 5)
            if _LEADER & set(following[1:4]):
                return NOBODY, "leader"
            group = page.group_at(_behind(page, position))
            if group:
                return page.as_subject(group, 2) if group.cars else UNKNOWN, ""
            place = _placed(following[1:4])
            return (NOBODY, f"place {place}") if place else (_stranger(page, position), "")
        if word not in _FILLERS:
            break
        position = _behind(page, position)
    return NOBODY, _place_meant(before)


def _placed(following: list[str]) -> int | None:
    """`auf den Zweiten`, `hinter den Drittplatzierten`, `auf Rang drei`."""
    for word, after in zip(following, [*following[1:], ""], strict=True):
        if word in {"rang", "platz", "position", "p"}:
            return cardinal(after)
        found = ordinal(word) or ordinal(word.split("platziert")[0] + "e") if len(word) > _FEWEST_LETTERS else None
        if found:
            return found
    return None


def _stranger(page: Page, position: int) -> Subject:
    """Whether somebody the sheet does not hold stands behind `vor` or `auf`."""
    behind = _behind(page, position)
    index = page.cut.token_at(behind)
    first = index + (page.cut.tokens[index].start < behind)
    strangers = page.strangers[page.sentence_at(position).number]
    last = min(first + 4, len(page.cut.tokens))
    if between(strangers, first, last):
        return UNKNOWN
    return UNKNOWN if any(_is_name(page, at) for at in range(first, last)) else NOBODY


def _is_name(page: Page, index: int) -> bool:
    """A capital word of an English sentence, or two of a German one in a row: a name."""
    token = page.cut.tokens[index]
    before, after = page.cut.tokens[index - 1], page.cut.tokens[min(index + 1, len(page.cut.tokens) - 1)]
    is_name = token.is_capital and token.key not in words("strangers_ordinary") and token.text.isalpha()
    return (
        is_name
        and before.key in {"vor", "hinter", "auf", "behind", "from", "over", "of", "und", "and"}
        and (after.is_capital or after.text in ".,;)")
    )


def _behind(page: Page, position: int) -> int:
    """The place behind the first word after a position."""
    index = page.cut.token_at(position)
    if page.cut.tokens[index].start < position:
        index += 1
    return page.cut.tokens[index].end if index < len(page.cut.tokens) else position


def _place_meant(before: list[str]) -> str:
    """`auf Rang drei fehlten …` is counted from the car in third place."""
    for at, word in enumerate(before[:-1]):
        if word in {"rang", "platz"} and at and before[at - 1] == "auf":
            place = cardinal(before[at + 1])
            return f"place {place}" if place else ""
    return ""
