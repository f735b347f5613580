"""Which session, class and table a sentence has in mind, and whether it tells what is or what was, would or might be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache

from articles.factcheck.grammar.asides import within_asides
from articles.factcheck.grammar.classes import unknown_class
from articles.factcheck.grammar.cue import Cue, What
from articles.factcheck.grammar.kinds import kind_cues, reach_of_after, total
from articles.factcheck.grammar.lexicon import Kind
from articles.factcheck.grammar.mentions import Named
from articles.factcheck.grammar.moods import PLAIN, Moods, read_moods
from articles.factcheck.grammar.numerals import cardinal, ordinal, ordinals
from articles.factcheck.grammar.ordered import checkpoint, numbered
from articles.factcheck.grammar.sessions import session_names
from articles.factcheck.grammar.tokens import Cut, Sentence, Token
from articles.factcheck.grammar.weekdays import day_cues
from articles.factcheck.grammar.words import pairs, words
from articles.factcheck.sheet import FactSheet

_TELLING_STARTS = ("points", "punkt", "zahler", *pairs("days"))
_MOST_CUES = 60
_LONGEST_HEADING = 14  # tokens
_MOST_STAGES = 30
_CARRIED: frozenset[What] = frozenset({"day", "sessions", "kind"})
_BESIDE = 4  # words
_JUST_BEHIND = 4  # tokens from a place to a day behind it


@dataclass(slots=True)
class Setting:
    """What a sentence says of its scene, and what it inherits."""

    cues: list[Cue] = field(default_factory=list)
    before: dict[What, Cue] = field(default_factory=dict)
    moods: Moods = PLAIN
    at_checkpoint: bool = False
    kept: dict[What, list[Cue]] = field(default_factory=dict)  # the cues by what they say

    def of(self, what: What) -> list[Cue]:
        if what not in self.kept:
            self.kept[what] = [cue for cue in self.cues if cue.what == what]
        return self.kept[what]

    def latest(self, what: What, at: int, clause: tuple[int, int]) -> tuple[Cue | None, int]:
        """The cue that counts at a token: in its clause (3), its sentence (2) or inherited (1)."""
        own = self.of(what) if self.cues else []
        if own:
            own = [cue for cue in own if cue.start <= at and not 0 < cue.end <= at]
        if not own:
            inherited = self.before.get(what)
            return inherited, 1 if inherited else 0
        inside = [cue for cue in own if clause[0] <= cue.at < clause[1]]
        if what in _CARRIED and self.before.get(what) and all(cue.at >= clause[1] for cue in own):
            return self.before[what], 1  # what a later clause says does not reach back
        for cues, level in ((inside, 3), ([cue for cue in own if cue.at <= at], 2), (own, 1)):
            if cues:
                nearest = min(cues, key=lambda cue: (cue.at > at, abs(cue.at - at)))
                return self._behind(nearest, cues, at) or nearest, level
        return None, 0

    def _behind(self, nearest: Cue, cues: list[Cue], at: int) -> Cue | None:
        """`Dritte am Samstag und Vierte am Sonntag`: behind the place stands the day that is meant."""
        if not nearest.is_closed or nearest.at > at:
            return None
        return next((cue for cue in cues if at < cue.at <= at + _JUST_BEHIND), None)


def read_settings(cut: Cut, named: list[Named], sheet: FactSheet) -> list[Setting]:
    """The setting of every sentence, in order; scenes carry over, a class only inside its paragraph."""
    settings: list[Setting] = []
    state: dict[What, Cue] = {}
    paragraph = -1
    heading: Cue | None = None
    for sentence, names in zip(cut.sentences, named, strict=True):
        if sentence.paragraph != paragraph:
            paragraph = sentence.paragraph
            state.pop("class", None)
            state.pop("table", None)
            if _is_heading(cut, sentence):
                heading = None
            _forget_checkpoint(state, sheet)
            if "raced" in state and state.get("kind") and state["kind"].value in {"qualifying", "practice"}:
                state["kind"] = state["raced"]
        setting = Setting(before=dict(state))
        setting.moods = read_moods(cut, sentence, sheet)
        cues = _cues(cut, sentence, names, sheet, state)[:_MOST_CUES]
        setting.cues = within_asides(cues, cut.tokens, sentence)
        setting.at_checkpoint = _speaks_of_checkpoint(setting, sheet)
        settings.append(setting)
        _carry(setting, state, sheet)
        if _is_heading(cut, sentence):
            heading = state.get("sessions")
        elif heading is not None:
            state["sessions"] = replace(heading, at=sentence.last - 1)
    return settings


def _is_heading(cut: Cut, sentence: Sentence) -> bool:
    """`Rennen 2: Angriff aus der zweiten Reihe`: a short line of its own; what it names holds until the next."""
    if sentence.last - sentence.first > _LONGEST_HEADING or cut.tokens[sentence.last - 1].text in ".!?,;":
        return False
    before = cut.sentences[sentence.number - 1] if sentence.number else None
    after = cut.sentences[sentence.number + 1] if sentence.number + 1 < len(cut.sentences) else None
    return (before is None or before.paragraph != sentence.paragraph) and (
        after is not None and after.paragraph != sentence.paragraph
    )


def _forget_checkpoint(state: dict[What, Cue], sheet: FactSheet) -> None:
    """How it stood after six hours is told in one paragraph."""
    said = state.get("sessions")
    stands = set(sheet.checkpoints.values())
    if said and isinstance(said.value, tuple) and stands and (not said.value or not stands.isdisjoint(said.value)):
        state.pop("sessions")  # nor does one hold that is not stored


def _carry(setting: Setting, state: dict[What, Cue], sheet: FactSheet) -> None:
    if any(cue.what in {"kind", "verb", "sessions", "day"} for cue in setting.cues):
        state.pop("table", None)
    state.pop("half", None)
    for cue in setting.cues:
        if not cue.is_aside:
            state[cue.what] = cue
            _forget(cue, state, setting, sheet)


def _forget(cue: Cue, state: dict[What, Cue], setting: Setting, sheet: FactSheet) -> None:
    """What a new cue makes obsolete."""
    if cue.what == "kind":
        if cue.value in {"race", "sprint"}:
            state["raced"] = cue
        state.pop("sessions", None)
        state.pop("verb", None)
    elif cue.what == "day":
        state.pop("sessions", None)
        _leave(state, cue, setting, sheet)
    elif cue.what == "verb" and state.get("kind") and state["kind"].value in {"qualifying", "practice"}:
        state.pop("sessions", None)
        state.pop("kind")  # who wins or sees the flag is in the race that was spoken of
        if "raced" in state:
            state["kind"] = state["raced"]


def _leave(state: dict[What, Cue], day: Cue, setting: Setting, sheet: FactSheet) -> None:
    """A new day leaves the race of another behind, where the sentence names no session of its own."""
    kind = state.get("kind")
    if kind is None or any(cue.what in {"kind", "sessions", "verb"} for cue in setting.cues):
        return
    own = [session for session in sheet.sessions if session.day == day.value]
    if own and not any(session.kind == kind.value or (kind.value == "race" and session.is_race) for session in own):
        state.pop("kind")
        state.pop("verb", None)


# ------------------------------------------------------------------ cues


def _cues(cut: Cut, sentence: Sentence, names: Named, sheet: FactSheet, state: dict[What, Cue]) -> list[Cue]:
    tokens = cut.tokens
    found = [Cue(part.first, "class", part.name) for part in names.mentions if part.kind is Kind.CLASS]
    telling = _teller(sheet)
    for index in range(sentence.first, sentence.last):
        if not telling(tokens[index].key):
            continue
        kinds = kind_cues(tokens, index, sentence, sheet)
        found += kinds
        stand = checkpoint(tokens, index, sentence, sheet)
        if stand is not None:
            found.append(Cue(index, "sessions", stand))
        days = day_cues(tokens, index, sentence, sheet, _last_day_said(found, state))
        if any(cue.is_aside for cue in kinds):
            days = [replace(cue, is_aside=True, end=kinds[0].end) for cue in days]
        elif days and reach_of_after(tokens, index, sentence) > 1:
            days = [replace(cue, is_aside=True, end=index + 1) for cue in days]  # `nach dem Sieg am Samstag`
        found += days
        speaks_of_points = _counts_points(tokens, index, sentence)
        if _is_table(tokens, index, sentence) or speaks_of_points:
            found.append(Cue(index, "table", value=True))
        unknown = unknown_class(tokens, index, sentence, names, sheet)
        if unknown:
            found.append(Cue(index, "class", unknown))
    found.sort(key=lambda cue: cue.at)
    return [replace(cue, is_closed=True) if _is_closed(tokens, cue.at, sentence) else cue for cue in found]


def _is_closed(tokens: list[Token], at: int, sentence: Sentence) -> bool:
    """Whether the part of the sentence that a cue ends goes no further."""
    at += 1
    while at < sentence.last and cardinal(tokens[at].key) is not None and at < sentence.last - 1:
        at += 1
    return at < sentence.last and tokens[at].key in words("scenes_closing")


@lru_cache(maxsize=16)
def _teller(sheet: FactSheet) -> Callable[[str], bool]:
    """Whether a word may set a scene; each word is asked about once."""
    known = _telling_words(sheet)

    @lru_cache(maxsize=16_384)
    def tells(key: str) -> bool:
        return (
            key in known
            or key.startswith(_TELLING_STARTS)
            or key.endswith("prufung")
            or (key[-1:].isdecimal() and not key.isdecimal())
        )

    return tells


@lru_cache(maxsize=16)
def _telling_words(sheet: FactSheet) -> frozenset[str]:
    """Every word that may set a scene; most words do not and are passed over."""
    most = max(numbered(sheet, "race"), default=1)
    most = max(most, _MOST_STAGES if any(session.kind == "stage" for session in sheet.sessions) else 1)
    totals = words("scenes_total") if total(sheet) else frozenset[str]()
    return _always_telling().union(session_names(sheet), _counting(most), totals)


@cache
def _counting(most: int) -> frozenset[str]:
    """The ordinals that may count one of so many races."""
    return frozenset(word for word in ordinals() if most > 1 and ordinal(word) in range(1, most + 1))


@cache
def _always_telling() -> frozenset[str]:
    """Those that may set a scene of any event."""
    lists = ("qualifying", "practice", "sprint", "stage", "race", "race_nouns", "standings", "halfway")
    return frozenset(
        {word for name in lists for word in words(name)}
        | set(pairs("halves"))
        | {
            "home",
            "prix",
            "saison",
            "season",
            "ended",
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
    behind = [token.key for token in tokens[index + 1 : min(index + 2, sentence.last)]]
    if key == "points" and behind in (["leader"], ["leaders"]):  # `points leaders Fink and Gans were third`
        return index + 2 >= sentence.last or not tokens[index + 2].is_capital
    if key == "points" and index + 1 < sentence.last:
        return tokens[index + 1].key in words("scenes_points_behind") or tokens[index - 1].text.isdecimal()
    if not key.startswith(("punkt", "zahler")):
        return False
    if any(token.key in words("tables_earned") for token in tokens[sentence.first : sentence.last]):
        return False
    if key not in words("scenes_points"):
        return key in words("scenes_of_points")  # not `punktete als Achter`
    before = tokens[max(index - 3, sentence.first) : index]
    number = next((at for at, token in enumerate(before) if cardinal(token.key) is not None), None)
    return number is not None and not any(token.text == "." for token in before[number:])  # not `als 14. ohne Punkte`


def _is_table(tokens: list[Token], index: int, sentence: Sentence) -> bool:
    """The standings, but not in `die WM-führende Mannschaft`, `the championship leaders`, `der erste WM-Sieg`."""
    if tokens[index].key in {"saison", "season"}:  # `schloss die Saison als Fünfter ab`
        around = tokens[max(index - _BESIDE, sentence.first) : min(index + _BESIDE, sentence.last)]
        return not words("scenes_closing_season").isdisjoint(token.key for token in around)
    if tokens[index].text != "WM" and tokens[index].key not in words("standings"):
        return False
    after = [token.key for token in tokens[index + 1 : min(index + 3, sentence.last)] if token.text != "-"]
    return not (
        after and after[0].startswith(("fuhrend", "leader", "sieg", "lauf", "contender", "victor", "win", "titel"))
    )


def _speaks_of_checkpoint(setting: Setting, sheet: FactSheet) -> bool:
    stored = set(sheet.checkpoints.values())
    return any(
        cue.what == "sessions" and isinstance(cue.value, tuple) and not stored.isdisjoint(cue.value)
        for cue in setting.cues
    )


def _last_day_said(found: list[Cue], state: dict[What, Cue]) -> Cue | None:
    for cue in reversed(found):
        if cue.what == "day":
            return cue
        if cue.what == "sessions" and isinstance(cue.value, tuple) and len(cue.value) == 1 and cue.value[0].day:
            return replace(cue, what="day", value=cue.value[0].day)  # `stürzte im Sprint, einen Tag später …`
    return state.get("day")
