"""Lap times, race times and gaps in prose, in figures and in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from itertools import takewhile

from articles.factcheck.claim import Claim, ClaimType, Context, Subject
from articles.factcheck.grammar.gaps import BEHIND, GOOD, LEAD, LEADER, gap, op_of
from articles.factcheck.grammar.mentions import Group
from articles.factcheck.grammar.numerals import NUMBER_WORD, cardinal
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.tokens import fold_word
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS, FactSheet
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
_POINTED = re.compile(r"\d\.\d{2,3}(?:s\b|[ \u00a0]sec)")
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
_GAP_ONLY = words("times_gap_only")
_LAP_BEFORE = words("times_lap_before")
_NOT_A_TIME = words("times_not_a_time")
_ATTEMPT = words("times_attempt")
_LAP_PREPOSITIONS = frozenset({"in", "mit", "with", "a", "of"})
_DISTANCES = frozenset({"ruckstand", "vorsprung", "abstand", "margin", "gap", "deficit"})
_SAID = 2  # level of what a sentence says
_MOST_SECONDS = 59
_SECONDS = frozenset({"sekunden", "seconds", "sekunde", "sek", "s"})
_OTHER_UNITS = ("punkt", "zahler", "point", "runde", "lap", "km", "kilometer", "prozent", "stunde", "hour", "uhr")
_NAMED = 2  # level of a subject
_NO_LAP = 1.5  # times the longest of laps: a race
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
    is_short = is_bare and not signed and len(match["sf"]) < 3  # noqa: PLR2004
    is_elided = is_bare and _is_elided(page, match, after)
    if is_short and not (is_elided or _is_gap_beside(page, match, after)):
        return None  # 62,5 may be anything
    if is_bare and "," in match[0] and _writes_points(page.text):
        return None  # `more than 140,000` of people
    before = page.words_before(match.start(), 6)
    before = _since_colon(before)
    if signed or not _is_lap(value, before, after, laps, has_minutes=match["s"] is None):
        is_said = signed or not is_bare or is_elided or _names_gap(before, after)
        return gap(page, match, value, precision) if is_said or _stands_alone(page, match) else None
    hint = "attempt" if _ATTEMPT & {*before, *_until_stop(after)} else "impossible" if _is_impossible(match) else ""
    hint = hint or _of_the_fastest(page, match.start())
    is_long = value >= HOUR or value > _NO_LAP * laps[1] > 0
    kinds = frozenset({"race", "rally", "stage", "sprint"}) if is_long else frozenset[str]()
    scene = page.scene(match.start(), kinds)
    if not kinds and _is_of_race(page, match.start()):
        scene = page.scene(match.start(), RACE_KINDS)
        scene = replace(scene, level=max(scene.level, _SAID))
    owner = _owner(page, match.start(), match.end())
    return page.claim(
        ClaimType.LAP_TIME,
        match.start(),
        match.end(),
        value,
        precision_ms=precision,
        op="" if "hinaus" in after else op_of(before),  # `kam nicht über 1:29,380 hinaus`
        scene=scene,
        hint=hint,
        subject=replace(page.as_subject(owner, 2), is_plain=True) if owner else _driver(page, match, after),
    )


def _is_of_race(page: Page, start: int) -> bool:
    """`die schnellste Rennrunde`, `the fastest race lap`: said in the clause."""
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    return any(token.key in words("times_race_lap") for token in page.cut.tokens[first:last])


def _driver(page: Page, match: re.Match[str], after: list[str]) -> Subject:
    """Who drove the lap; beyond doubt where he alone is named before it in its clause, and nobody's name follows at once."""
    subject = page.subject(match.start(), match.end())
    owned = page.words_before(match.start(), 1)
    is_behind = bool(set(owned) & words("seats_own")) and not _is_before(page, match.start(), subject)
    if is_behind or owned in (
        ["dessen"],
        ["deren"],
        ["whose"],
    ):  # `seine 49,980 Sekunden waren für Preining zu schnell`
        return replace(subject, level=min(subject.level, 1), is_doubted=True, is_plain=False)
    if subject.is_plain or subject.level < _NAMED or subject.is_doubted or words("times_owned") & set(after[:1]):
        return subject
    token = page.cut.token_at(match.start())
    sentence = page.sentence_at(match.start())
    first, last = page.clause(sentence, token)
    earlier = [group for group in page.groups(sentence) if group.last <= token]
    before = [group for group in earlier if first <= group.first]
    if not before and page.says_he((first, last)) and all(group.cars == {subject.car} for group in earlier):
        return replace(subject, is_plain=True)  # `In 12:31,6 Minuten nahm er Kern …`
    is_relative = not before and bool(earlier) and page.is_relative((first, last))
    if is_relative and earlier[-1].cars == {subject.car} and bool(earlier[-1].people):
        return replace(subject, is_plain=True)  # `Lindner, der in 1:57,310 Minuten …`
    is_alone = len(before) == 1 and before[0].cars == frozenset(subject.cars) and not page.is_object(before[0])
    return replace(subject, is_plain=True) if is_alone else subject


def _is_before(page: Page, start: int, subject: Subject) -> bool:
    """Whether the subject is named before a position of its sentence."""
    token = page.cut.token_at(start)
    return any(
        group.last <= token and group.cars == set(subject.cars) for group in page.groups(page.sentence_at(start))
    )


def _until_stop(after: list[str]) -> list[str]:
    """The words before the next stop: what stands behind it says another thing."""
    return list(takewhile(lambda word: word not in {":", ";", ".", "(", ")"}, after))


def _owner(page: Page, start: int, end: int) -> Group | None:
    """`Kristofferssons 41,208`, `die Bestzeit von Vanthoor (1:37,402)`, `die 8:57,638 von Marciello`: whose time it is."""
    token = page.cut.token_at(start)
    if page.cut.tokens[token - 1].text == "(":
        token -= 1
    groups = [group for group in page.groups(page.sentence_at(start)) if group.people and group.car]
    before = next((group for group in groups if group.last == token), None)
    behind = page.cut.token_at(end - 1) + 1
    is_of = behind < len(page.cut.tokens) and page.cut.tokens[behind].key in {"von", "of"}
    return before or next((group for group in groups if is_of and group.first == behind + 1), None)


@lru_cache(maxsize=4)
def _writes_points(text: str) -> bool:
    """Whether a text writes its decimals with a point: then a comma parts thousands."""
    return _POINTED.search(text) is not None


def _of_the_fastest(page: Page, start: int) -> str:
    """Whether the words speak of a pole or of the fastest time of a session that is timed; not of a lap in a race.

    `pole` where the clause itself does.
    """
    sentence = page.sentence_at(start)
    token = page.cut.token_at(start)
    first, last = page.clause(sentence, token)
    if any(other.key in words("times_pole") for other in page.cut.tokens[first:last]):
        return "pole"
    keys = {token.key for token in page.cut.tokens[sentence.first : sentence.last]}
    return "fastest" if keys & words("times_fastest") and not keys & words("times_in_race") else ""


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
    if len(before) > 2 and before[-3] in {",", ".", ":"} and before[-2].isdecimal():  # noqa: PLR2004 - `9:05,2 Minuten und …`
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


def _is_elided(page: Page, match: re.Match[str], after: list[str]) -> bool:
    """`Salonen fehlten 0,7 Sekunden, Sykora büßte 4,4 ein`: the unit was said before, and nothing else is counted since."""
    sentence, token = page.sentence_at(match.start()), page.cut.token_at(match.start())
    if after and after[0] not in words("times_behind_elided") and after[0][:1].isalpha():
        return False
    for index in range(token - 1, sentence.first - 1, -1):
        key = page.cut.tokens[index].key
        if key.startswith(_OTHER_UNITS):
            return False
        if key in _SECONDS:
            said = page.cut.tokens[index - 1]
            return len(said.text) == len(match["sf"]) and page.cut.tokens[index - 2].text in {",", "."}
    return False


def _stands_alone(page: Page, match: re.Match[str]) -> bool:
    """`4,806 waren es zu Leclerc`: three decimals, and no noun that would make them kilometres or people."""
    token = page.cut.token_at(match.end() - 1) + 1
    sentence = page.sentence_at(match.start())
    if token >= sentence.last or (match[0].count(".") and "Sekunden" in page.text):
        return token >= sentence.last
    after = page.cut.tokens[token]
    return not after.text[0].isalnum() or after.key in words("times_alone")


def _names_gap(before: list[str], after: list[str]) -> bool:
    return after[:3] == GOOD or bool((LEAD | BEHIND | _GAP_ONLY) & {*before[-4:], *after[:3]})


def _is_lap(value: int, before: list[str], after: list[str], laps: tuple[float, float], *, has_minutes: bool) -> bool:
    gap_near = bool((LEAD | BEHIND) & set(after[:2])) or bool((BEHIND | {"vorsprung", "um", "by"}) & set(before[-3:]))
    is_timed = before[-1:] and before[-1] in _LAP_PREPOSITIONS
    gap_near = gap_near or (
        not is_timed and bool(_DISTANCES & set(before))
    )  # `sein Rückstand auf den Sieger 58,792 Sekunden`
    gap_near = gap_near or (
        before[-1:] in (["betrug"], ["betragt"], ["was"])
        and bool({"ruckstand", "vorsprung", "gap", "margin"} & set(before))
    )
    if has_minutes and laps[0] <= value <= laps[1] and is_timed:
        gap_near = bool(
            {"vorsprung", "ruckstand", "zuruck", "behind", "adrift", "down", "ahead", "clear"} & set(after[:2])
        )
    if after[:1] == ["nach"] and LEADER & set(after[1:4]):
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
    if scale >= SECOND:
        value += _carried(before[-4:])  # `eine Minute und 40 Sekunden`
    if after[:1] in (["und"], ["and"]) and after[2:3] and after[2].startswith(("sek", "sec")):
        return None  # and the seconds behind carry it
    is_gap = _names_gap(before, after) or bool({"verlor", "verloren", "fehlte", "fehlten"} & set(before))
    if match["u"].lower().startswith(("minute", "min")) and not is_gap:
        return None
    if _is_count_of_laps(before) or words("times_penalty") & {*before[-2:], *after[:2]}:
        return None  # `bekam fünf Sekunden aufgebrummt`
    precision = scale if number == int(number) else scale // 10
    adjective = fold_word(match["adj"] or "")
    is_less = adjective.startswith("knappe") or (match["n"] or "").lower().startswith("keine")
    op = "<" if is_less else ">" if adjective.startswith(("gute", "good")) else ""
    context = page.context(match.start())
    return gap(page, match, value, precision, context=Context.IN_WORDS if context is Context.PLAIN else context, op=op)


def _is_count_of_laps(before: list[str]) -> bool:
    """`als Einziger unter 48 Sekunden` counts laps and states no gap."""
    return bool(before) and before[-1] == "unter" and bool({"einziger", "einzige", "only"} & set(before))
