"""Lap times, race times and gaps in prose, in figures and in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Any

from articles.factcheck.claim import NOBODY, UNKNOWN, Claim, ClaimType, Context, Subject
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal, ordinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.strangers import between
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import FactSheet
from results.notation import HOUR, MINUTE, SECOND

_UNIT = r"[ \u00a0]?(?:of a second|Minuten|Minute|minutes|minute|Min\b\.?|min\b\.?|Stunden|hours|Std\b\.?|Sekunden|Sekunde|Sek\b\.?|seconds|second|secs\b|sec\b|s\b|Uhr)"
_FIGURE = re.compile(
    r"(?=[+\d])(?<![\d:.,'#])\+?(?:"
    r"(?P<h>\d{1,2})(?::|h)(?P<hm>\d{2})(?::|m)(?P<hs>\d{2})(?:[.,](?P<hf>\d{1,3}))?s?"
    r"|(?P<m>\d{1,2})(?:[:.'’]|m)(?P<ms>\d{2})[.,](?P<mf>\d{1,3})s?"
    r"|(?P<rh>\d{1,2}):(?P<rhm>\d{2})(?=[ \u00a0](?:Stunden|hours|Std\b))"
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
    r"\b(?:(?P<half>halbe[nr]?|half an?|anderthalb|eineinhalb|a quarter of a)|(?P<n>\d{1,3}|a|an|[Kk]eine[nr]?|"
    + NUMBER_WORD
    + r")(?P<and>[ -]and[ -]a[ -]half)?)"
    r"(?:\s(?P<adj>ganze[rn]?|volle|einzige[rn]?|full|kleine|winzige[rn]?|weitere|more|gute[rn]?|knappe[rn]?|satte|lumpige[rn]?|mickrige[rn]?|single|good|bare|mere|further))?[\s\u00a0-]"
    r"(?P<u>Zehntel|Hundertstel|Tausendstel|tenth|hundredth|thousandth|Viertelsekunde|Sekunden?|seconds?|Minuten?|minutes?|Sek\b|secs?\b)"
    r"(?P<rest>n|s|sekunden?|stelsekunden?)?(?:\sof a second)?(?![\w-])",
    re.IGNORECASE,
)
_POINTS_OF_TIME = frozenset({"nach", "after", "seit", "since"})
_LARGER = {
    "hour": HOUR, "hours": HOUR, "stunde": HOUR, "stunden": HOUR, "minute": MINUTE, "minutes": MINUTE, "minuten": MINUTE,
}  # fmt: skip
_LESS = words("times_less")
_MORE = words("times_more")
_ABOUT = words("times_about")
_BETWEEN_OP = frozenset({"als", "than", "just", "nur", "ganze", "eine", "a", "von"})

_GOOD = ["to", "the", "good"]
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
    for match in page.matches(_FIGURE, *"0123456789"):
        claim = _figure(page, match, laps)
        if claim:
            taken.append(match.span())
            yield claim
    ends = [end for _start, end in taken]
    for match in page.matches(
        _WORDY, "zehntel", "hundertstel", "tausendstel", "tenth", "hundredth", "thousandth", "sek", "sec", "minute"
    ):
        at = bisect_right(ends, match.start())
        if at == len(taken) or taken[at][0] > match.start():
            claim = _in_words(page, match)
            if claim:
                yield claim


@lru_cache(maxsize=16)
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
    if match["s"] is not None:
        value += _carried(page.words_before(match.start(), 4))
    is_bare = match["s"] is not None and not match["su"]
    signed = match[0].startswith("+")
    if is_bare and not signed and len(match["sf"]) < 3 and not _is_gap_beside(page, match, after):  # noqa: PLR2004
        return None  # 62,5 may be anything
    before = page.words_before(match.start(), 6)
    before = _since_colon(before)
    if signed or not _is_lap(value, before, after, laps, has_minutes=match["s"] is None):
        is_said = signed or not is_bare or _names_gap(before, after)
        return _gap(page, match, value, precision) if is_said or _stands_alone(page, match) else None
    hint = "attempt" if _ATTEMPT & {*before, *after} else "impossible" if _is_impossible(match) else ""
    hint = hint or ("fastest" if _is_fastest(page, match.start()) else "")
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


def _is_fastest(page: Page, start: int) -> bool:
    """Whether the words speak of a pole or of the fastest time of a session that is timed; not of a lap in a race."""
    sentence = page.sentence_at(start)
    keys = page.cut.keys[sentence.number]
    return bool(keys & words("times_fastest")) and not keys & words("times_in_race")


def _value(match: re.Match[str]) -> tuple[int | None, int]:
    parts = match.groupdict()
    for hours, minutes, seconds, fraction in (
        ("h", "hm", "hs", "hf"),
        ("", "m", "ms", "mf"),
        ("rh", "rhm", "", ""),
        ("", "rm", "rs", ""),
        ("", "", "s", "sf"),
    ):
        if parts[seconds or minutes] is None:
            continue
        digits = (parts[fraction] if fraction else None) or ""
        whole = int(parts[hours] if hours else 0) * HOUR + int(parts[minutes] if minutes else 0) * MINUTE
        if not seconds:
            return whole, MINUTE
        return whole + int(parts[seconds]) * SECOND + int(digits.ljust(3, "0")), 10 ** (3 - len(digits))
    return None, 1


def _carried(before: list[str]) -> int:
    """`one hour and 58.117 seconds`, `einer Minute und 12,3 Sekunden`: what stands before the seconds."""
    is_joined = before[-1:] in (["and"], ["und"])
    if is_joined:
        before = before[:-1]
    elif _POINTS_OF_TIME & set(before[-3:-2]):
        return 0  # `der nach sechs Stunden 14,2 Sekunden zurücklag`
    if len(before) > 2 and before[-3] in {",", ".", ":"}:  # noqa: PLR2004 - `9:05,2 Minuten und …`
        return 0
    unit = _LARGER.get(before[-1]) if before else None
    number = cardinal(before[-2]) if unit and len(before) > 1 else None
    if unit and len(before) > 1 and before[-2] in {"a", "an"}:
        number = 1
    return unit * number if unit and number else 0


def _is_impossible(match: re.Match[str]) -> bool:
    """`1:73,612`: behind minutes seconds end at 59."""
    return any(int(match[part] or 0) > _MOST_SECONDS for part in ("hs", "hm", "ms", "rs"))


def _since_colon(before: list[str]) -> list[str]:
    """The words behind the last colon or bracket: what stands before it says another thing."""
    cut = max((at for at, word in enumerate(before) if word in {":", ";", "("}), default=-1)
    return before[cut + 1 :]


def _is_gap_beside(page: Page, match: re.Match[str], after: list[str]) -> bool:
    """`12,6 hinter Kreim` in a text of stages: no unit, but a word of distance right behind; no points."""
    if not after or after[0] not in words("times_beside"):
        return False
    return not page.scene(match.start()).in_table and page.sheet.step_ms > 1


def _stands_alone(page: Page, match: re.Match[str]) -> bool:
    """`4,806 waren es zu Leclerc`: three decimals, and no noun that would make them kilometres or people."""
    token = page.cut.token_at(match.end() - 1) + 1
    sentence = page.sentence_at(match.start())
    if token >= sentence.last or (match[0].count(".") and "Sekunden" in page.text):
        return token >= sentence.last
    after = page.cut.tokens[token]
    return not after.text[0].isalnum() or after.key in words("times_alone")


def _names_gap(before: list[str], after: list[str]) -> bool:
    return after[:3] == _GOOD or bool((_LEAD | _BEHIND | _GAP_ONLY) & {*before[-4:], *after[:3]})


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
    if after[:1] == ["nach"] and _LEADER & set(after[1:4]):
        gap_near = True  # `1:17 Minuten nach dem Sieger`
    if {"busste", "bussten", "verlor", "verloren", "einbusste"} & set(before) and "ein" in after[:2]:
        gap_near = True
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
    if match["half"]:
        half = match["half"].lower()
        number = 0.25 if half.startswith("a q") else 0.5 if half.startswith("hal") else 1.5
    else:
        word = fold_word(match["n"])
        number = 1 if word in {"a", "an"} or word.startswith("keine") else cardinal(word.removesuffix("einhalb")) or 0
        number += 0.5 if number and (match["and"] or word.endswith("einhalb")) else 0
    value = round(number * scale)
    before = page.words_before(match.start(), 6)
    if not value or (before and before[-1] in {"nach", "after"} and "nur" not in before):
        return None
    after = page.words_after(match.end(), 5)
    is_gap = _names_gap(before, after) or bool({"verlor", "verloren", "fehlte", "fehlten"} & set(before))
    if match["u"].lower().startswith(("minute", "min")) and not is_gap:
        return None
    if _is_count_of_laps(before):
        return None
    precision = scale if number == int(number) else scale // 10
    adjective = fold_word(match["adj"] or "")
    is_less = adjective.startswith("knappe") or (match["n"] or "").lower().startswith("keine")
    op = "<" if is_less else ">" if adjective.startswith(("gute", "good")) else ""
    context = page.context(match.start())
    return _gap(page, match, value, precision, context=Context.IN_WORDS if context is Context.PLAIN else context, op=op)


def _is_count_of_laps(before: list[str]) -> bool:
    """`als Einziger unter 48 Sekunden` counts laps and states no gap."""
    return bool(before) and before[-1] == "unter" and bool({"einziger", "einzige", "only"} & set(before))


def _op(before: list[str]) -> str:
    near = list(before[-3:])
    while near and near[-1] in _BETWEEN_OP:
        near.pop()
    if not near or (near[-1] in {"einmal", "mal", "ganz"} and near[-2:-1] != ["nicht"]):
        return ""  # `gerade einmal`
    return "<" if near[-1] in _LESS else ">" if near[-1] in _MORE else "~" if near[-1] in _ABOUT else ""


# ------------------------------------------------------------------ gaps


def _gap(page: Page, match: re.Match[str], value: int, precision: int, **given: Any) -> Claim:
    before, after = page.words_before(match.start(), 7), page.words_after(match.end(), 6)
    rival, place = _rival(page, match.end(), before)
    hint = _direction(before, after)
    op = given.pop("op", "")
    start = match.start()
    if not rival.cars and not rival.is_unknown and {"fehlten", "fehlte", "fehlen", "fehlt"} & set(before[-5:]):
        rival = page.missing_to(start)
    pair = page.pair_before(start) if before[-1:] in (["um"], ["by"]) and not rival.cars else None
    if pair:
        given["subject"], rival = pair
    else:
        given["subject"] = page.subject(start, match.end(), but=rival.cars)
    if not rival.cars and not rival.is_unknown and set(before) & words("page_owned"):
        rival = page.rival_before(start, given["subject"])
    if not rival.cars:
        given["subject"], rival = page.pair_apart(start) or (given["subject"], rival)
    return page.claim(
        ClaimType.GAP_TIME, start, match.end(), value, precision_ms=precision, op=op or _op(before), rival=rival,
        hint=place or hint, **given,
    )  # fmt: skip


def _direction(before: list[str], after: list[str]) -> str:
    if after[:3] == _GOOD:
        return "lead"
    for word in (*after[:3], *reversed(before)):
        if word in _LEAD:
            return "lead"
        if word in _BEHIND:
            return "behind"
    return ""


def _rival(page: Page, end: int, before: list[str]) -> tuple[Subject, str]:
    """The other car of a gap: `… hinter dem Phoenix-Audi`, `… auf die Spitze`, `Auf Platz drei fehlten …`."""
    position = end
    if page.words_after(end, 1) == ["nach"] and _LEADER & set(page.words_after(end, 4)):
        return NOBODY, "leader"
    for word in page.words_after(end, 3):
        if word in _TO:
            following = page.words_after(position, 5)
            if _LEADER & set(following[1:4]):
                return NOBODY, "leader"
            group = page.group_at(_behind(page, position))
            if group:
                return page.as_subject(group, 2) if group.cars else UNKNOWN, ""
            place = _placed(following[1:4])
            told = page.described(page.cut.token_at(_behind(page, position) - 1) + 1)
            if told and told.car and told.people:
                return page.as_subject(told, 2), ""
            return (NOBODY, f"place {place}") if place else (_stranger(page, position), "")
        if word not in _FILLERS:
            break
        position = _behind(page, position)
    return NOBODY, _place_meant(before)


def _placed(following: list[str]) -> int | None:
    """`auf den Zweiten`, `hinter den Drittplatzierten`, `auf Rang drei`."""
    for word, after in zip_longest(following, following[1:], fillvalue=""):
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
