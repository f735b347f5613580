"""Which session, class and table a sentence has in mind, and whether it tells what is or what was, would or might be."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.mentions import Named
from articles.factcheck.grammar.moods import PLAIN, Moods, read_moods
from articles.factcheck.grammar.numerals import cardinal, ordinal, ordinals
from articles.factcheck.grammar.ordered import checkpoint, counted, elliptical, numbered, stage
from articles.factcheck.grammar.tokens import Cut, Sentence, Token
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet, Session, fold_words

What = Literal["kind", "verb", "raced", "sessions", "day", "half", "class", "table"]

_KIND_LISTS = (("qualifying", "qualifying"), ("practice", "practice"), ("sprint", "sprint"), ("stage", "stage"))
_RACE_VERBS = words("race") - words("race_nouns")
_DAY = re.compile(
    r"(montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag|monday|tuesday|wednesday|thursday|friday|"
    r"saturday|sunday)(s|abend|morgen|vormittag|nachmittag|mittag|nacht|fruh)?(\w{0,12})"
)
_CODE = re.compile(r"([A-Z]{2,5}|[A-Z][a-z]{3,6})(\d{1,2}[A-Z]?)")
_HOURS = {"morning": (0, 13), "noon": (11, 15), "afternoon": (12, 19), "evening": (16, 24)}
_TELLING_STARTS = ("points", "punkt", "zahler", *pairs("days"))
_MOST_CUES = 60
_AFTER_REACH = 8  # tokens between `nach` and a session
_DAYS = frozenset({"tags", "tag", "day"})
_NEXT_DAY = frozenset({"darauf", "drauf", "danach", "later", "spater", "after"})
_DAY_BEFORE = frozenset({"zuvor", "davor", "vorher", "earlier", "before"})


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that sets the scene."""

    at: int  # token index
    what: What
    value: object
    is_aside: bool = False  # a look back: the next sentence does not go on there
    until: bool = False  # holds for the words before it only: `nach Platz zwölf im ersten Durchgang nun Neunte`


@dataclass(slots=True)
class Setting:
    """What a sentence says of its scene, and what it inherits."""

    cues: list[Cue] = field(default_factory=list)
    before: dict[What, Cue] = field(default_factory=dict)
    moods: Moods = PLAIN
    at_checkpoint: bool = False

    def latest(self, what: What, at: int, clause: tuple[int, int]) -> tuple[Cue | None, int]:
        """The cue that counts at a token: in its clause (3), its sentence (2) or inherited (1)."""
        own = [cue for cue in self.cues if cue.what == what and not (cue.until and cue.at < at)]
        inside = [cue for cue in own if clause[0] <= cue.at < clause[1]]
        for cues, level in ((inside, 3), ([cue for cue in own if cue.at <= at], 2), (own, 1)):
            if cues:
                return min(cues, key=lambda cue: (cue.at > at, abs(cue.at - at))), level
        inherited = self.before.get(what)
        return inherited, 1 if inherited else 0


def read_settings(cut: Cut, named: list[Named], sheet: FactSheet) -> list[Setting]:
    """The setting of every sentence, in order; scenes carry over, a class only inside its paragraph."""
    settings: list[Setting] = []
    state: dict[What, Cue] = {}
    paragraph = -1
    for sentence, names in zip(cut.sentences, named, strict=True):
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            state.pop("class", None)
            state.pop("table", None)
        setting = Setting(before=dict(state))
        setting.moods = read_moods(cut, sentence, sheet)
        setting.cues = _cues(cut, sentence, names, sheet, state)[:_MOST_CUES]
        setting.at_checkpoint = _speaks_of_checkpoint(setting, sheet)
        settings.append(setting)
        _carry(setting, state)
    return settings


def _carry(setting: Setting, state: dict[What, Cue]) -> None:
    if any(cue.what in {"kind", "verb", "sessions", "day"} for cue in setting.cues):
        state.pop("table", None)
    state.pop("half", None)
    for cue in setting.cues:
        if cue.is_aside:
            continue
        state[cue.what] = cue
        if cue.what == "kind" and cue.value in {"race", "sprint"}:
            state["raced"] = cue
        if cue.what == "kind":
            state.pop("sessions", None)
            state.pop("verb", None)
        if cue.what == "day":
            state.pop("sessions", None)
        if cue.what == "verb" and state.get("kind") and state["kind"].value in {"qualifying", "practice"}:
            state.pop("sessions", None)
            state.pop("kind")  # who wins or sees the flag is in the race that was spoken of
            if "raced" in state:
                state["kind"] = state["raced"]


# ------------------------------------------------------------------ cues


def _cues(cut: Cut, sentence: Sentence, names: Named, sheet: FactSheet, state: dict[What, Cue]) -> list[Cue]:
    tokens = cut.tokens
    found = [Cue(part.first, "class", part.name) for part in names.mentions if part.kind is Kind.CLASS]
    telling = _telling_words(sheet)
    for index in range(sentence.first, sentence.last):
        key = tokens[index].key
        if (
            key not in telling
            and not key.startswith(_TELLING_STARTS)
            and not key.endswith("prufung")
            and not tokens[index].text[-1].isdigit()
        ):
            continue
        found += _kind_cues(tokens, index, sentence, sheet)
        stand = checkpoint(tokens, index, sentence, sheet)
        if stand is not None:
            found.append(Cue(index, "sessions", stand))
        found += _day_cues(tokens, index, sentence, sheet, _last_day_said(found, state))
        speaks_of_points = _counts_points(tokens, index, sentence)
        if _is_table(tokens, index, sentence) or speaks_of_points:
            found.append(Cue(index, "table", value=True))
        unknown = _unknown_class(tokens, index, sentence, names, sheet)
        if unknown:
            found.append(Cue(index, "class", unknown))
    found.sort(key=lambda cue: cue.at)
    return found


@lru_cache(maxsize=16)
def _telling_words(sheet: FactSheet) -> frozenset[str]:
    """Every word that may set a scene; most words do not and are passed over."""
    lists = ("qualifying", "practice", "sprint", "stage", "race", "race_nouns", "standings")
    known = {word for name in lists for word in words(name)} | set(pairs("halves")) | set(_session_names(sheet))
    most = max(numbered(sheet, "race"), default=1)
    counting = {word for word in ordinals() if ordinal(word) in range(1, most + 1)} if most > 1 else set[str]()
    return frozenset(
        known
        | counting
        | words("halfway")
        | (words("scenes_total") if _total(sheet) else frozenset())
        | {
            "home",
            "ende",
            "schluss",
            "stunden",
            "hours",
            "hour",
            "freien",
            "warm",
            "freies",
            "wm",
            "klasse",
            "class",
            "kategorie",
            "tags",
            "tag",
            "day",
            "vortag",
            "vorabend",
            "folgetag",
        }
    )


def _counts_points(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`mit 118 Punkten`, `punktgleich`, `Punktestand`; but `rettete einige Zähler` speaks of no table."""
    key = tokens[index].key
    if key == "points" and index + 1 < sentence.last:
        return tokens[index + 1].key in words("scenes_points_behind") or tokens[index - 1].text.isdigit()
    if not key.startswith(("punkt", "zahler")):
        return False
    if any(token.key in words("tables_earned") for token in tokens[sentence.first : sentence.last]):
        return False
    if key not in words("scenes_points"):
        return True
    before = tokens[max(index - 3, sentence.first) : index]
    return any(cardinal(token.key) is not None for token in before)


def _is_table(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """The standings, but not in `die WM-führende Mannschaft`, `the championship leaders`, `der erste WM-Sieg`."""
    if tokens[index].text != "WM" and tokens[index].key not in words("standings"):
        return False
    after = [token.key for token in tokens[index + 1 : min(index + 3, sentence.last)] if token.text != "-"]
    return not (
        after and after[0].startswith(("fuhrend", "leader", "sieg", "lauf", "contender", "victor", "win", "titel"))
    )


def _kind_cues(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> list[Cue]:
    key = tokens[index].key
    found: list[Cue] = []
    before = {token.key for token in tokens[max(index - 2, sentence.first) : index]}
    if {"nach", "after"} & before or ("/" in before and tokens[index].glued):
        return found  # `nach dem Sprint auch den zweiten Sieg` plays later; Hamm/Sieg is a town
    named = _named_sessions(tokens, index, sentence, sheet)
    if named:
        found.append(Cue(index, "sessions", named))
    kind = _kind(tokens, index, sentence, sheet)
    if not kind and key in words("scenes_total") and (total := _total(sheet)):
        found.append(Cue(index, "sessions", (total,)))
    if kind:
        found.append(Cue(index, "kind", kind))
    elif key in _RACE_VERBS or _comes_home(tokens, index, sentence) or _is_in_the_end(tokens, index, sentence):
        found.append(Cue(index, "verb", "race"))
    number = None
    if kind == "stage":
        number = stage(tokens, index, sentence, sheet)
    elif kind in ("race", "qualifying", "sprint", "practice"):
        number = counted(tokens, index, sentence, sheet, kind)
    else:
        number = elliptical(tokens, index, sentence, sheet, "race")
    if number is not None:
        found.append(Cue(index, "sessions", number))
    if found and (reach := _reach_of_after(tokens, index, sentence)):
        return [replace(cue, is_aside=True, until=reach > 1) for cue in found]
    return found


def _reach_of_after(tokens: list[Token], index: int, sentence: Sentence) -> int:
    """1 behind `nach einem verpatzten Zeittraining`, 2 behind `nach Platz zwölf im ersten Durchgang`, 0 behind no `nach`.

    The next sentence does not go on there; behind the second kind not even the rest of this one: `diesmal Neunte`.
    """
    is_inside = False
    for at in range(index - 1, max(index - _AFTER_REACH, sentence.first) - 1, -1):
        key = tokens[at].key
        is_inside |= key in {"im", "in", "beim", "am", "at", "on"}
        if key in {"nach", "after", "following"}:
            return 2 if is_inside else 1
        if tokens[at].text in ",;:" or key in words("strangers_verbs"):
            return 0
    return 0


@lru_cache(maxsize=16)
def _total(sheet: FactSheet) -> Session | None:
    """What all runs or stages add up to."""
    return next((session for session in reversed(sheet.run) if session.kind == "rally"), None)


def _is_in_the_end(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`am Ende wurden sie Zwölfte`, `at the finish`: when a race was over."""
    key = tokens[index].key
    return key in {"ende", "schluss"} and index > sentence.first and tokens[index - 1].key == "am"


def _comes_home(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """`brought the Alpine home`."""
    before = {token.key for token in tokens[max(index - 7, sentence.first) : index]}
    return tokens[index].key == "home" and bool(
        before & {"brought", "came", "trailed", "led", "nursed", "chased", "followed"}
    )


def _kind(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> str:
    key = tokens[index].key
    if key in {"freien", "freies"} or (key == "warm" and tokens[index].is_capital):
        return "practice"
    for name, kind in _KIND_LISTS:
        if key in words(name) or (kind == "stage" and key.endswith("prufung")):
            known = any(session.kind == kind for session in sheet.sessions)
            if not known and key in {"training", "trainings"} and not _is_free(tokens, index, sentence):
                return "qualifying"  # on the Nordschleife the qualifying is "das Training"
            return kind if known or kind != "stage" else "race"
    day = _DAY.fullmatch(key)
    if key in words("race_nouns") or (day and day[3].endswith(("rennen", "lauf", "race"))):
        return "race"
    return ""


def _is_free(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    return index > sentence.first and tokens[index - 1].key in {"freien", "freies", "freie", "warm", "up"}


def _named_sessions(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet) -> tuple[Session, ...]:
    """Sessions whose name stands here: whole, its first two words (`WP 14`), or without its number (`second semi-final`)."""
    if index > sentence.first and tokens[index].glued and tokens[index - 1].text == "-":
        return ()  # the second half of `semi-final` is not the final
    names = _session_names(sheet).get(tokens[index].key, ())
    whole = tuple(
        session for session, name, is_stem in names if not is_stem and _stands_here(name, tokens, index, sentence.last)
    )
    if whole:
        return whole
    stems = tuple(
        session for session, name, is_stem in names if is_stem and _stands_here(name, tokens, index, sentence.last)
    )
    number = ordinal(tokens[index - 1].key) if index > sentence.first and len(stems) > 1 else None
    return stems[number - 1 : number] if number else stems


@lru_cache(maxsize=16)
def _session_names(sheet: FactSheet) -> dict[str, list[tuple[Session, tuple[str, ...], bool]]]:
    """The names of the sessions by their first word; whether they stand for the name alone or for all that share it."""
    found: list[tuple[Session, tuple[str, ...], bool]] = []
    for session in sheet.sessions:
        name = fold_words(session.name)
        if not name or set(name) <= words("scenes_generic_sessions"):
            continue
        found.append((session, name, False))
        if len(name) > 2 and name[1].isdigit():  # noqa: PLR2004 - WP 14 and a place
            found.append((session, name[:2], False))
        if session.kind == "stage" and len(name) > 1:
            found.append((session, ("".join(name[:2]),), False))
        stem = tuple(word for word in name if not word.isdigit() and word not in pairs("days"))
        if (
            session.kind not in {"stage", "grid"}
            and stem
            and stem != name
            and not set(stem) <= words("scenes_generic_sessions")
        ):
            found.append((session, stem, True))
    by_word: dict[str, list[tuple[Session, tuple[str, ...], bool]]] = {}
    for session, name, is_stem in found:
        by_word.setdefault(name[0], []).append((session, name, is_stem))
    return by_word


def _stands_here(name: tuple[str, ...], tokens: list[Token], index: int, last: int) -> bool:
    at = index
    for word in name:
        while at < last and at > index and tokens[at].text in "-–.":
            at += 1
        if at >= last or tokens[at].key not in (word, word + "s"):
            return False
        at += 1
    return True


def _speaks_of_checkpoint(setting: Setting, sheet: FactSheet) -> bool:
    stored = set(sheet.checkpoints.values())
    return any(
        cue.what == "sessions" and isinstance(cue.value, tuple) and not stored.isdisjoint(cue.value)
        for cue in setting.cues
    )


def _unknown_class(tokens: list[Token], index: int, sentence: Sentence, names: Named, sheet: FactSheet) -> str:
    """`Klasse SP2T` where the sheet has no such class; the name as printed."""
    if _is_like_a_class(tokens[index].text, sheet) and not any(
        part.first <= index < part.last for part in names.mentions
    ):
        return tokens[index].text
    if tokens[index].key not in {"klasse", "class", "kategorie"} or index + 1 >= sentence.last:
        return ""
    name = tokens[index + 1]
    if any(part.first <= index + 1 < part.last for part in names.mentions):
        return ""
    is_code = (
        len(name.text) > 1 and name.text[0].isupper() and (any(map(str.isdigit, name.text)) or name.text.isupper())
    )
    return name.text if is_code else ""


def _is_like_a_class(word: str, sheet: FactSheet) -> bool:
    """`LMP3` beside a known LMP2: the same letters with another number."""
    match = _CODE.fullmatch(word)
    return match is not None and match[1] in _class_letters(sheet) and word.lower() not in _known_codes(sheet)


@lru_cache(maxsize=16)
def _known_codes(sheet: FactSheet) -> frozenset[str]:
    """Words of class names and models: `GT3` of the class GT3 Am is no class of its own."""
    return frozenset(word for name in (*sheet.classes, *sheet.numbers_by_model) for word in fold_words(name))


@lru_cache(maxsize=16)
def _class_letters(sheet: FactSheet) -> frozenset[str]:
    return frozenset(match[1] for name in sheet.classes if (match := _CODE.fullmatch(name)))


# ------------------------------------------------------------------ days


def _day_cues(tokens: list[Token], index: int, sentence: Sentence, sheet: FactSheet, last: Cue | None) -> list[Cue]:
    key = tokens[index].key
    if {token.key for token in tokens[max(index - 3, sentence.first) : index]} & words("scenes_comparing"):
        return []  # `besser als am Samstag`, `gegenüber dem Vortag`
    match = _DAY.fullmatch(key)
    if match:
        day = day_of(match[1], sheet)
        cues = [Cue(index, "day", day)]
        half = pairs("halves").get(match[2] or "")
        return cues + ([Cue(index, "half", half)] if half else [])
    if key in pairs("halves") and index > sentence.first and tokens[index - 1].key in {"am", "the", "in", "this"}:
        return [Cue(index, "half", pairs("halves")[key])]
    shift = _shift(tokens, index, sentence)
    if shift:
        day = last.value if last and isinstance(last.value, dt.date) else _last_day(sheet) if shift < 0 else None
        return [Cue(index, "day", day + dt.timedelta(days=shift), is_aside=shift < 0)] if day else []
    return []


def _last_day_said(found: list[Cue], state: dict[What, Cue]) -> Cue | None:
    return next((cue for cue in reversed(found) if cue.what == "day"), state.get("day"))


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
    return next((session.day for session in sheet.sessions if session.day and session.day.weekday() == wanted), None)


def half_fits(session: Session, half: object) -> bool:
    if not session.clock or half not in _HOURS:
        return True
    begin, end = _HOURS[str(half)]
    return begin <= int(session.clock[:2]) < end
