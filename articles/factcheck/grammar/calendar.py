"""Days and hours in prose: `am Samstagabend`, `vom 26. bis 29. Mai`, `13.45 Uhr`, `11am local time`."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

from articles.factcheck.claim import NOBODY, Claim, ClaimType, Context, Scene
from articles.factcheck.grammar.asides import is_finite
from articles.factcheck.grammar.deeds import nearest, nearest_to_event, session_of_deed
from articles.factcheck.grammar.meant import sessions_meant
from articles.factcheck.grammar.page import Page
from articles.factcheck.grammar.strangers import is_elsewhere
from articles.factcheck.grammar.tokens import Sentence, Token, fold_word
from articles.factcheck.grammar.weekdays import day_of
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import Later, fold_words

_WEEKDAY = re.compile(
    r"\b(?:oster|pfingst|renn|final)?(?P<d>montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"(?P<rest>abend|morgen|vormittag|nachmittag|mittag|nacht)?(?:s\b|\b)(?!s?-?(?:rennen|lauf|training|qualifying))",
    re.IGNORECASE,
)
_DAY_RACE = re.compile(
    r"\b(?P<d>montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
    r"(?:s-?(?:rennen|lauf)|'s (?:race|feature race))\b",
    re.IGNORECASE,
)
_MONTH = "|".join(sorted({*pairs("months"), "märz", "jänner"}, key=len, reverse=True))
_END = r"(?:\.|st|nd|rd|th)?"
_TO = r"\s?(?:bis|–|-|/|und|and|to|&)\s?(?:zum\s|the\s)?"
_DATE = re.compile(
    rf"\b(?P<d>\d{{1,2}}){_END}(?:{_TO}(?P<e>\d{{1,2}}){_END})?\s?(?:of\s)?(?P<m>{_MONTH})\b(?:\.?,?\s(?P<y>\d{{4}})\b)?",
    re.IGNORECASE,
)
_DATE_EN = re.compile(
    rf"\b(?P<m>{_MONTH})\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:{_TO}(?P<e>\d{{1,2}})(?:st|nd|rd|th)?)?(?![\d.:]\d|\d|\w)(?!\s(?:points?|laps?|seconds?|places?|cars?)\b)"
    r"(?:,?\s(?P<y>\d{4})\b)?",
    re.IGNORECASE,
)
_WORDS = {"noon": "12:00", "midday": "12:00", "midnight": "00:00"}
_CLOCK_WORD = re.compile(r"\b(?<=at )(?P<w>noon|midday|midnight)\b")
_CLOCK = re.compile(
    r"(?=\d)\b(?:(?P<h>\d{1,2})(?:[:.](?P<m>\d{2}))?\s?Uhr\b"
    r"|(?P<eh>1[0-2]|0?[1-9])(?:[:.](?P<em>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|(?P<lh>[01]?\d|2[0-3]):(?P<lm>[0-5]\d)(?=\s(?:local|hrs|CET|CEST))"
    r"|(?:(?<=\bat )|(?<=\bum )|(?<=tag, ))(?P<bh>[01]?\d|2[0-3])[:.](?P<bm>[0-5]\d)(?![\d.:,]\d|\d))"
)
_SAYS_DAY, _SAYS_MONTH, _SAYS_HOUR = 1, 2, 4
_DAY_NAMES = tuple(pairs("days"))
_SAID = 3  # level of what the clause itself says
_LONGEST_SMALL = 4  # letters of articles and prepositions
_STARTS = words("calendar_starts")
_OTHER_ZONE = words("calendar_other_zone")


def find(page: Page) -> Iterator[Claim]:
    """Days, ranges of days and hours; only sentences with a word of such are searched."""
    has_days = bool(page.sheet.sessions or page.sheet.calendar)
    for sentence, keys in zip(page.cut.sentences, page.cut.keys, strict=True):
        what = 0
        for key in keys:
            what |= _says(key)
        if what & _SAYS_DAY:
            yield from _weekdays(page, sentence)
            yield from _races_of_days(page, sentence)
        if what & _SAYS_MONTH and has_days:
            yield from _dates(page, sentence)
        if what & (_SAYS_DAY | _SAYS_HOUR):
            yield from _hours(page, sentence)


@lru_cache(maxsize=16_384)
def _says(key: str) -> int:
    """Whether a word is part of a day, of a date or of an hour."""
    is_hour = key in words("calendar_hours") or (key[:1].isdecimal() and key[-1:] == "m")
    return (
        (_SAYS_DAY if key.startswith((*_DAY_NAMES, "oster", "pfingst", "renn", "final")) else 0)
        | (_SAYS_MONTH if key in pairs("months") else 0)
        | (_SAYS_HOUR if is_hour else 0)
    )


def _weekdays(page: Page, sentence: Sentence) -> Iterator[Claim]:
    for match in _WEEKDAY.finditer(page.text, sentence.start, sentence.end):
        if words("calendar_coming") & set(page.words_before(match.start(), 1)):
            continue
        if _is_told(page, match):
            continue
        day = day_of(fold_word(match["d"]), page.sheet)
        session = session_of_deed(page, match.start(), match.end())
        if session and (day is None or day not in session.days):
            day = day or nearest(int(pairs("days")[fold_word(match["d"])]), session)
            if day and day not in session.days:
                scene = Scene((session,), _SAID)
                yield page.claim(
                    ClaimType.DATE,
                    match.start(),
                    match.end(),
                    day.isoformat(),
                    scene=scene,
                    subject=NOBODY,
                    hint="deed",
                )
        elif day or (day := nearest_to_event(int(pairs("days")[fold_word(match["d"])]), page.sheet)):
            yield _dated(page, match.start(), match.end(), day.isoformat())


def _races_of_days(page: Page, sentence: Sentence) -> Iterator[Claim]:
    """`das Samstagsrennen`: a race of that day; whether the words tell of that one, their figures and deeds say."""
    for match in _DAY_RACE.finditer(page.text, sentence.start, sentence.end):
        start, end = match.span()
        day = day_of(fold_word(match["d"]), page.sheet)
        session = session_of_deed(page, start, end)
        if day and session and day not in session.days:
            scene = Scene((session,), _SAID)
            yield page.claim(ClaimType.DATE, start, end, day.isoformat(), scene=scene, subject=NOBODY, hint="deed")
        elif day:
            yield page.claim(ClaimType.DATE, start, end, day.isoformat(), scene=Scene(), subject=NOBODY, hint="weekday")


def _is_told(page: Page, match: re.Match[str]) -> bool:
    """`The Saturday winners`, `the drama of Saturday`, `Saturday-like`: which ones, and not when."""
    before, after = page.words_before(match.start(), 1), page.words_after(match.end(), 2)
    if before and before[0] in {"of", "from", "than", "like", "unlike"}:
        return True
    is_noun = after[:1] == ["-"] or any(word.startswith(("winner", "runner", "pole")) for word in after)
    return is_noun and before != ["on"] and match["d"].lower().endswith("day")


def _dates(page: Page, sentence: Sentence) -> Iterator[Claim]:
    for pattern in (_DATE, _DATE_EN):
        for match in pattern.finditer(page.text, sentence.start, sentence.end):
            value = _date_value(page, match)
            if value:
                yield _dated(page, match.start(), match.end(), value, hint="range" if "/" in value else "date")


def _hours(page: Page, sentence: Sentence) -> Iterator[Claim]:
    for match in _CLOCK.finditer(page.text, sentence.start, sentence.end):
        if not _is_german_am(page, match):
            yield _hour(page, match)
    if page.cut.keys[sentence.number].isdisjoint(_WORDS):
        return
    for match in _CLOCK_WORD.finditer(page.text, sentence.start, sentence.end):
        sessions, level = sessions_meant(page, match.start(), at_start=True)
        value = _WORDS[match["w"]]
        scene = Scene(sessions, level)
        yield page.claim(
            ClaimType.SESSION_TIME, match.start(), match.end(), value, scene=scene, subject=NOBODY, hint="word"
        )


def _is_german_am(page: Page, match: re.Match[str]) -> bool:
    """`die #8 am Samstag`, `in der Formel 4 am Wochenende`: no hour of the morning."""
    is_bare = match["half"] == "a" and not match["em"] and match[0].endswith(" am")
    return is_bare and words("calendar_at").isdisjoint(page.words_before(match.start(), 1))


def _dated(page: Page, start: int, end: int, value: str, hint: str = "weekday") -> Claim:
    sessions, level = sessions_meant(page, start)
    if page.context(start) is Context.HYPOTHETICAL:  # a day is a day, but whose is not sure
        level, given = 0, {"context": Context.PLAIN}
        return page.claim(
            ClaimType.DATE, start, end, value, scene=Scene(sessions, level), subject=NOBODY, hint=hint, **given
        )
    later = _later_named(page, start) if hint != "weekday" else None
    if (
        later is None
        and hint != "weekday"
        and not any(str(day) in value for one in page.sheet.sessions for day in one.days)
    ):
        later = _next_event(page, start)
    first, last = page.clause(page.sentence_at(start), page.cut.token_at(start))
    if page.says((first, last), words("calendar_moved")):
        level = 0  # `von Freitag auf Samstag verlegt`: only one of the two is right
    if hint == "date" and not _is_held_then(page, start, (first, last)):
        level = 0
        later = later if later is not None and _is_within(page.sheet.calendar[later], value) else None
    scene = Scene(sessions, level)
    return page.claim(ClaimType.DATE, start, end, value, scene=scene, subject=NOBODY, hint=hint, later=later)


def _is_held_then(page: Page, start: int, clause: tuple[int, int]) -> bool:
    """Whether the clause says that the event is held on the day: much else happens on days beside its name.

    `am 2. Mai war das Rennen ausverkauft`, `zeigt der Sender am 8. Mai`; a headline without a verb names the day of the event.
    """
    tokens = page.cut.tokens[slice(*clause)]
    keys = [token.key for token in tokens]
    if not words("calendar_purposes").isdisjoint(keys) or not words("calendar_until").isdisjoint(
        page.words_before(start, 2)
    ):
        return False
    if any(
        one in {"vor", "before", "nach", "after"} and other in {"dem", "der", "the"} for one, other in pairwise(keys)
    ):
        return False  # `vor dem Finale in Bahrain`
    at = page.cut.token_at(start)
    cues = page.settings[page.sentence_at(start).number].cues
    if page.cut.tokens[at - 1].key in {"am", "on"} and any(cue.at == at - 2 for cue in cues):
        return True  # `das Qualifying am 8. Juni war …`: the day of the session, whatever is told of it
    return not words("calendar_held").isdisjoint(keys) or not any(map(_may_be_verb, tokens))


def _may_be_verb(token: Token) -> bool:
    """Long words without a capital may be verbs no list holds (`trafen`, `fliegt`); of the short ones those that are known."""
    if token.key in words("calendar_copulas"):
        return False  # `Das Rennen ist am 5. Mai`
    is_long = len(token.key) > _LONGEST_SMALL and token.text.isalpha() and token.text.islower()
    return is_long or is_finite(token)


def _is_within(later: Later, value: str) -> bool:
    return later.start <= dt.date.fromisoformat(value) <= later.end


def _date_value(page: Page, match: re.Match[str]) -> str | None:
    month = pairs("months").get(fold_word(match["m"]), "")
    year = int(match["y"]) if match["y"] else _year(page)
    if not month or not year:
        return None
    try:
        first = dt.date(year, int(month), int(match["d"]))
        last = dt.date(year, int(month), int(match["e"])) if match["e"] else None
    except ValueError:
        return None
    return f"{first.isoformat()}/{last.isoformat()}" if last else first.isoformat()


def _year(page: Page) -> int | None:
    days = [session.day for session in page.sheet.sessions if session.day] or [
        later.start for later in page.sheet.calendar
    ]
    return days[0].year if days else None


def _hour(page: Page, match: re.Match[str]) -> Claim:
    if match["h"]:
        hour, minute = int(match["h"]), int(match["m"] or 0)
    elif match["bh"]:
        hour, minute = int(match["bh"]), int(match["bm"])
    elif match["lh"]:
        hour, minute = int(match["lh"]), int(match["lm"])
    else:
        hour, minute = int(match["eh"]) % 12 + (12 if match["half"] == "p" else 0), int(match["em"] or 0)
    start = match.start()
    sessions, level = sessions_meant(page, start, at_start=True)
    near = {*page.words_before(start, 10), *page.words_after(match.end(), 8)}
    sentence = page.sentence_at(start)
    first, last = page.clause(sentence, page.cut.token_at(start))
    own = {token.key for token in page.cut.tokens[first:last]}
    is_said = bool(own & _STARTS) or any(first <= cue.at < last for cue in page.settings[sentence.number].cues)
    tokens = page.cut.tokens[first:last]
    is_list = (
        level and len(sessions) == 1 and "dann" in own and not any(map(is_finite, tokens))
    )  # `Um 15 Uhr dann das zweite Rennen`
    is_late = "erst" in own and bool(own & {"wurde", "begann", "startete", "gestartet"})  # later than planned
    is_start = (
        not is_late
        and ((bool((near | own) & _STARTS) and is_said) or bool(is_list))
        and not _is_end(page, sentence, page.cut.token_at(start))
        and not own & (words("calendar_television") | words("calendar_moved") | {"weiter", "resumes"})
    )
    hint = _zone(near, page, start) if near & _OTHER_ZONE else "start" if is_start else ""
    day, day_level = page.settings[sentence.number].latest("day", page.cut.token_at(start), (first, last))
    said = day.value if day and day_level > 1 and isinstance(day.value, dt.date) else None
    if not level and (near | own) & {"reise", "start", "gestartet", "ampel", "ampeln"}:
        races = tuple(session for session in sessions if session.is_race)
        sessions, level = (races, 1) if len(races) == 1 else (sessions, 0)
    is_hypothetical = page.context(start) is Context.HYPOTHETICAL  # an hour is an hour, but whose is not sure
    given = {"context": Context.PLAIN} if is_hypothetical else {}
    return page.claim(
        ClaimType.SESSION_TIME, start, match.end(), f"{hour:02}:{minute:02}", scene=Scene(sessions, 0 if is_hypothetical else level, day=said),
        subject=NOBODY, hint=hint, later=_later_of_hour(page, start), **given,
    )  # fmt: skip


def _zone(near: set[str], page: Page, start: int) -> str:
    """`home` for the newsroom's own clock, `zone` for any other than the venue's."""
    is_home = bool(near & words("calendar_home_zone")) and "zeit" in page.words_after(start, 6)
    return "home" if is_home else "zone"


def _is_end(page: Page, sentence: Sentence, at: int) -> bool:
    """`begann um 12 Uhr und endete kurz nach 18 Uhr`: of the verbs of beginning and of ending the nearer one tells the hour."""
    tokens = page.cut.tokens
    before = tokens[at - 1].key if at > sentence.first else ""
    if before in words("calendar_until") - {"ab"}:
        return True  # `von 12 bis 18 Uhr`
    far = sentence.last - sentence.first + 1
    begun, ended = (
        min(
            (abs(place - at) for place in range(sentence.first, sentence.last) if tokens[place].key in known),
            default=far,
        )
        for known in (_STARTS, words("calendar_ends"))
    )
    return ended < begun


def _later_named(page: Page, start: int) -> int | None:
    """The event of the calendar that the sentence names, where it is one alone."""
    sentence = page.sentence_at(start)
    keys = {token.key for token in page.cut.tokens[sentence.first : sentence.last]}
    own = {*fold_words(page.sheet.event), *fold_words(page.sheet.circuit)}
    found = [
        place
        for place, later in enumerate(page.sheet.calendar)
        if {word for word in keys if not word.isdecimal()}
        & ({*fold_words(later.name), *fold_words(later.circuit)} - own - words("calendar_generic"))
    ]
    return found[0] if len(found) == 1 else None


def _later_of_hour(page: Page, start: int) -> int | None:
    """The event of the calendar that the sentence of an hour names, by its name or by its day alone."""
    later = _later_named(page, start)
    if later is not None or not page.sheet.calendar:
        return later
    sentence = page.sentence_at(start)
    said = [_date_value(page, match) for match in _DATE.finditer(page.text, sentence.start, sentence.end)]
    days = [value.partition("/")[0] for value in said if value]
    found = [place for place, one in enumerate(page.sheet.calendar) if any(_is_within(one, day) for day in days)]
    is_own = any(str(day) in days for one in page.sheet.sessions for day in one.days)
    return found[0] if len(found) == 1 and not is_own else None


def _next_event(page: Page, start: int) -> int | None:
    """`Am 17. August geht es weiter`: the one event of the calendar, where the words name no other place."""
    sentence = page.sentence_at(start)
    if len(page.sheet.calendar) != 1 or page.cut.keys[sentence.number].isdisjoint(words("calendar_next")):
        return None
    clause = page.clause(sentence, page.cut.token_at(start))
    return None if is_elsewhere(page.cut.tokens, clause, page.sheet) else 0
