"""Which sessions, class and table words have in mind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import cast

from articles.factcheck.claim import TABLE, Scene
from articles.factcheck.grammar.cue import Cue
from articles.factcheck.grammar.ordered import is_at_an_hour
from articles.factcheck.grammar.reading import Reading
from articles.factcheck.grammar.scenes import Setting
from articles.factcheck.grammar.strangers import PREPOSITIONS, is_elsewhere
from articles.factcheck.grammar.tokens import Sentence
from articles.factcheck.grammar.weekdays import half_fits
from articles.factcheck.grammar.words import words
from articles.factcheck.sheet import RACE_KINDS, FactSheet, Session

_CLASS_REACH = 5
_TIMED = ("quali", "pole", "training", "practice", "versuch", "attempt", "shoot", "session", "zeitenjagd")
_SITTERS = ("setter", "sitter")  # `der Polesetter` only says who somebody is
_COUNTED = (
    "punkt",
    "zahler",
    "point",
    "tabelle",
    "wertung",
    "standings",
    "meister",
    "champion",
    "title",
    "titel",
    "wm",
    "klassement",
)
_OF_PEOPLE = (
    "fuhrer",
    "fuhrende",
    "fuhrenden",
    "verteidiger",
    "verteidigern",
    "meister",
    "meisterin",
    "champion",
    "champions",
)
_OF_THE_CLOCK = frozenset({"qualifying", "practice", "warmup"})
_JUST_BEHIND = 4  # tokens
_TURNS = frozenset({"und", "and", ";", "but", "aber", "doch", "ehe", "bevor", "before"})
_OF_THE_END = RACE_KINDS | {TABLE}
_RACES = "races"  # whichever, the sprint too
_IN_SENTENCE = 2
_IN_CLAUSE = 3  # level of what the clause itself says
_APPOSITION = 2  # words before a clause's figure: `…, knapp 18 Sekunden zurück`


@dataclass(slots=True)
class Where(Reading):
    """The question every claim asks second: where?"""

    def names_session(self, start: int) -> bool:
        """Whether the words right behind say which session is spoken of: `fifth in SuperPole`."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        cues = self.settings[sentence.number].cues
        return any(cue.what in {"kind", "sessions"} and 0 < abs(cue.at - token) <= _APPOSITION + 1 for cue in cues)

    def is_of_a_later_race(self, start: int) -> bool:
        """Whether words at a position have another race of the event in mind than its first."""
        races = sorted(
            (one for one in self.sheet.sessions if one.is_race and one not in self.sheet.checkpoints.values()),
            key=lambda session: (session.day or dt.date.min, session.clock),
        )
        scene = self.scene(start, RACE_KINDS)
        return len(races) > 1 and races[0] not in scene.sessions

    def scene(self, start: int, kinds: frozenset[str] = frozenset()) -> Scene:
        """The sessions, the class and the table that words at this position have in mind."""
        sentence = self.sentence_at(start)
        token = self.cut.token_at(start)
        if not self.settings[sentence.number].cues:
            token = self.clause(sentence, token)[0]  # all is carried over, and the same for the whole clause
        known = self.scenes.get((token, kinds))
        if known is None:
            known = self.scenes[token, kinds] = self._scene(sentence, token, kinds)
        return known

    def _scene(self, sentence: Sentence, token: int, kinds: frozenset[str]) -> Scene:
        setting = self.settings[sentence.number]
        clause = self.clause(sentence, token)
        table, table_level = setting.latest("table", token, clause)
        sessions, level = self._sessions(setting, token, clause, kinds)
        told = self._told_around(sentence)
        if not level and not kinds:
            sessions = _of_race(sessions, told, self.sheet)
        elif not level and len(sessions) > 1:
            sessions = _as_it_ended(sessions, self.sheet)
        klass, class_level = setting.latest("class", token, clause)
        name = str(klass.value) if klass else ""
        kind, _level = setting.latest("kind", token, clause)
        is_far = kind is not None and self.sentence_at(self.cut.tokens[kind.at].start).paragraph != sentence.paragraph
        return Scene(
            is_far=is_far,
            day=self._day_said(setting, token, clause),
            told=told,
            sessions=sessions,
            level=level,
            class_name=name,
            class_level=min(class_level, self._reach(klass, token)),
            is_class_known=not name or name in self.sheet.classes,
            in_table=table is not None and table_level > 0,
            table_level=min(table_level, self._reach(table, token)),
            is_interim=((setting.moods.is_interim or setting.moods.is_meanwhile(clause)) and not setting.at_checkpoint)
            or setting.moods.is_coloured
            or setting.moods.names_year
            or self._is_another_moment(setting, clause),
        )

    def tells_a_race(self) -> bool:
        """Whether the text tells how a race ended, and is no preview."""
        if self.tells is None:
            self.tells = any(cue.what == "verb" and cue.value == "race" for one in self.settings for cue in one.cues)
        return self.tells

    def _told_around(self, sentence: Sentence) -> frozenset[str]:
        """The kinds of sessions spoken of in this sentence, the one behind and the two before, be it in passing."""
        known = self.told.get(sentence.number)
        if known is None:
            known = self.told[sentence.number] = self._told(sentence)
        return known

    def _told(self, sentence: Sentence) -> frozenset[str]:
        behind = self.cut.sentences[sentence.number + 1 : sentence.number + 2]
        goes_on = bool(behind) and behind[0].paragraph == sentence.paragraph
        around = self.settings[max(sentence.number - 2, 0) : sentence.number + 1 + goes_on]
        cues = [cue for setting in around for cue in setting.cues]
        kinds = {str(cue.value) for cue in cues if cue.what == "kind"}
        named = {one.kind for cue in cues if cue.what == "sessions" for one in cast("tuple[Session, ...]", cue.value)}
        said = frozenset().union(*self.cut.keys[max(sentence.number - 1, 0) : sentence.number + 1])
        spoken = {key for key in said if not key.endswith(_SITTERS)} - ({"pole"} if said & set(_SITTERS) else set())
        return frozenset(kinds | named).union(*map(_told_by, spoken))

    def _day_said(self, setting: Setting, token: int, clause: tuple[int, int]) -> dt.date | None:
        day, level = setting.latest("day", token, clause)
        is_said = day is not None and level >= _IN_SENTENCE and not (day.is_aside and day.at > token)
        return day.value if day and is_said and isinstance(day.value, dt.date) else None

    def _is_another_moment(self, setting: Setting, clause: tuple[int, int]) -> bool:
        known = self.moments.get(clause)
        if known is None:
            known = (
                self.says(clause, words("interim_clause"))  # `stürzt auf Position drei liegend, Alex holt …`
                or self._is_pointed_at(setting, clause)
                or (not setting.at_checkpoint and is_at_an_hour(self.cut.tokens[clause[0] : clause[1]], self.sheet))
                or (self.says(clause, PREPOSITIONS) and is_elsewhere(self.cut.tokens, clause, self.sheet))
            )
            self.moments[clause] = known
        return known

    def _is_pointed_at(self, setting: Setting, clause: tuple[int, int]) -> bool:
        """`in diesem Lauf`: a session of the sentences before, whichever it was."""
        return any(
            cue.what in {"kind", "sessions"}
            and clause[0] < cue.at < clause[1]
            and self.cut.tokens[cue.at - 1].key in {"diesem", "dieser", "jenem", "jener", "that", "this"}
            for cue in setting.cues
        )

    def _reach(self, klass: Cue | None, token: int) -> int:
        """How surely a class named behind the words is theirs: `third in class`, not `als Fünfte den Sieg im Silver Cup`."""
        if klass is None or klass.at <= token:
            return 3
        between = set(self.cut.words[token + 1 : klass.at])
        return (
            3 if klass.at - token <= _CLASS_REACH and not between & {"und", "and", "sieg", "den", "die", "damit"} else 1
        )

    def _sessions(
        self, setting: Setting, token: int, clause: tuple[int, int], kinds: frozenset[str]
    ) -> tuple[tuple[Session, ...], int]:
        """The sessions in mind, and how surely. Words that speak of one the sheet does not hold leave none."""
        pool = _run_of(self.sheet, kinds)
        if kinds == RACE_KINDS and self._names_no_race(setting, clause):
            return pool, 0  # `im Qualifying disqualifiziert`, where the sheet has but one race
        # of a lone practice one cannot say so: the race may be meant, which is not stored
        is_race_stored = bool(kinds) or not pool or any(session.is_race for session in pool)
        level = _IN_CLAUSE if len(pool) <= 1 and is_race_stored else 0
        for chosen, chosen_level in (
            self._by_kind(pool, setting, token, clause, kinds),
            self._by_day(pool, setting, token, clause),
        ):
            if chosen is None:
                continue
            both = tuple(session for session in pool if session in chosen)
            if not both and chosen and level < chosen_level == _IN_SENTENCE and not kinds:
                both = chosen  # a day and its half said here count more than a race said before
            if both or not chosen or (chosen_level > 1 and not kinds):
                is_guessed = level > 1 == chosen_level and 0 < len(both) < len(
                    pool
                )  # `im Rennen`: of two that of the day before
                pool, level = both, 1 if is_guessed else max(level, chosen_level)
        if not self._is_another_day(pool, setting, token, clause):
            race = self._race_of_day(pool, setting, token, clause) if not kinds and level < _IN_SENTENCE else ()
            return (race, _IN_SENTENCE) if race else (pool, level)
        day, _level = setting.latest("day", token, clause)
        same = tuple(
            session
            for session in self.sheet.run
            if day and day.value in session.days and (not kinds or session.kind in kinds)
        )
        if day and self._is_nearer(day, setting, token, clause):
            races = tuple(session for session in same if session.is_race)
            return (races, _IN_SENTENCE) if len(races) == 1 else (same, 1)
        return (same, 1) if level < _IN_SENTENCE and same else (pool, 0)

    def _names_no_race(self, setting: Setting, clause: tuple[int, int]) -> bool:
        """Whether the clause speaks of sessions, and of none that is a race."""
        kinds = [cue.value for cue in setting.cues if cue.what == "kind" and clause[0] <= cue.at < clause[1]]
        return bool(kinds) and not any(kind in RACE_KINDS for kind in kinds)

    def _is_nearer(self, day: Cue, setting: Setting, token: int, clause: tuple[int, int]) -> bool:
        """`gewann am Samstag das erste Rennen und wurde tags darauf Dritter`: the day is said after the race."""
        named, _level = setting.latest("sessions", token, clause)
        kind, _level = setting.latest("kind", token, clause)
        said = max((cue.at for cue in (named, kind) if cue), default=-1)
        return said < day.at <= token

    def _race_of_day(
        self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int]
    ) -> tuple[Session, ...]:
        """`Am Sonntag wurde Elster Zweiter`: in the race of that day, unless a qualifying is spoken of."""
        day, day_level = setting.latest("day", token, clause)
        kind, _level = setting.latest("kind", token, clause)
        if day is None or day_level < _IN_SENTENCE or (kind and kind.value in {"qualifying", "practice", "stage"}):
            return ()
        races = tuple(session for session in pool if session.is_race)
        return races if len(races) == 1 < len(pool) else ()

    def _is_another_day(self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int]) -> bool:
        """Whether the clause names a day on which none of the sessions was: then one of the two is not what it seems."""
        day, level = setting.latest("day", token, clause)
        return (
            day is not None
            and level >= _IN_CLAUSE
            and self._reaches(token, day.at)
            and not any(session.day is None or day.value in session.days for session in pool)
        )

    def _reaches(self, token: int, at: int) -> bool:
        """Whether a day behind the words is theirs: not in `third in the sprint and fourth on Sunday`."""
        between = {other.key for other in self.cut.tokens[token:at]}
        return at - token <= _JUST_BEHIND or between.isdisjoint(_TURNS)

    def _by_kind(
        self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int], kinds: frozenset[str]
    ) -> tuple[tuple[Session, ...] | None, int]:
        kind, kind_level = setting.latest("kind", token, clause)
        named, named_level = setting.latest("sessions", token, clause)
        verb, verb_level = setting.latest("verb", token, clause)
        _day, day_level = setting.latest("day", token, clause)
        if named_level == 1 and day_level > 1:
            named = None  # another day is spoken of
        if named and verb and self._has_ended_since(named, named_level, verb, verb_level, token):
            named = None  # `zur Halbzeit Erster, im Ziel Dritter`
        if named and isinstance(named.value, tuple) and _counts_more(named, named_level, kind, kind_level, token):
            is_carried = named_level <= _IN_SENTENCE and not set(self.sheet.checkpoints.values()).isdisjoint(
                named.value
            )
            ends = tuple(session for session in self.sheet.run if is_carried and _is_kind(session, "race", self.sheet))
            return named.value + ends, named_level  # how it stood after some hours is soon left for how it ended
        wanted = str(kind.value) if kind else ""
        is_later = kind is not None and verb is not None and verb_level == kind_level > 1 and kind.at < verb.at < token
        if (
            verb
            and (verb_level > kind_level or is_later)
            and wanted in {"", "qualifying", "practice"}
            and not _is_race_coming(self.sheet)
        ):
            wanted, kind_level = self._race_told(setting, token, clause), verb_level
        if not wanted:
            return None, 0
        chosen = _run_as(self.sheet, wanted)
        is_said = kind_level > 1 or not any(_is_kind(session, wanted, self.sheet) for session in self.sheet.sessions)
        if chosen or (is_said and (not kinds or wanted in kinds)):
            return chosen, kind_level
        return None, 0

    def _race_told(self, setting: Setting, token: int, clause: tuple[int, int]) -> str:
        """Who sees the flag in a passage about a sprint sees it there, unless another day is spoken of."""
        raced = setting.before.get("raced")
        day, _level = setting.latest("day", token, clause)
        if raced is None:
            return _RACES
        if raced.value != "sprint":
            return "race"
        days = [session.days for session in self.sheet.run if session.kind == "sprint"]
        return "sprint" if day is None or any(day.value in own for own in days) else "race"

    def _has_ended_since(self, named: Cue, named_level: int, verb: Cue, verb_level: int, token: int) -> bool:
        """Whether words of the end stand nearer than those of how it stood after some hours."""
        is_end = self.cut.tokens[verb.at].key in words("scenes_end")
        is_stand = isinstance(named.value, tuple) and not set(self.sheet.checkpoints.values()).isdisjoint(named.value)
        is_nearer = verb_level > named_level or (verb_level == named_level and named.at < verb.at <= token)
        return is_end and is_stand and is_nearer

    def _by_day(
        self, pool: tuple[Session, ...], setting: Setting, token: int, clause: tuple[int, int]
    ) -> tuple[tuple[Session, ...] | None, int]:
        day, level = setting.latest("day", token, clause)
        half, half_level = setting.latest("half", token, clause)
        chosen = pool
        if day:
            chosen = tuple(session for session in chosen if day.value in session.days)
            if level > 1 and not any(day.value in session.days for session in self.sheet.sessions):
                return (), level  # a day of which the sheet holds nothing
        if half and half_level > 1:
            fitting = tuple(session for session in chosen if half_fits(session, half.value))
            if fitting and day and level > 1:
                return fitting, _IN_SENTENCE
            chosen, level = fitting or chosen, max(level, 1)
        if not day and not half:
            return None, 0
        return (chosen or None), min(level, 1)


@lru_cache(maxsize=16_384)
def _told_by(key: str) -> frozenset[str]:
    """Of which sessions, or of a table, a word speaks in passing."""
    table = {TABLE} if not key.endswith(_OF_PEOPLE) and any(stem in key for stem in _COUNTED) else set[str]()
    if key.startswith("startaufstellung"):
        return frozenset({"grid"})
    if key.endswith("prufung") or key in words("stage"):
        return frozenset({"stage"})
    return frozenset(table | (_OF_THE_CLOCK if any(stem in key for stem in _TIMED) else set()))


def _counts_more(one: Cue, level: int, other: Cue | None, other_level: int, token: int) -> bool:
    """Of two cues the one in the nearer clause counts, then the one before the words, then the nearer one."""
    if other is None:
        return True
    return (level, one.at <= token, -abs(one.at - token)) >= (other_level, other.at <= token, -abs(other.at - token))


def _of_race(sessions: tuple[Session, ...], told: frozenset[str], sheet: FactSheet) -> tuple[Session, ...]:
    """Of what nothing is said the race is meant as it ended, unless the passage speaks of a practice or a stage."""
    ends = _as_it_ended(tuple(one for one in sessions if one.is_race), sheet)
    main = tuple(one for one in ends if one.kind != "sprint" or "sprint" in told)
    return (main or ends) if ends and told <= _OF_THE_END else sessions


def _as_it_ended(sessions: tuple[Session, ...], sheet: FactSheet) -> tuple[Session, ...]:
    stands = sheet.checkpoints.values()
    return tuple(one for one in sessions if one not in stands) if stands else sessions


@lru_cache(maxsize=64)
def _run_of(sheet: FactSheet, kinds: frozenset[str]) -> tuple[Session, ...]:
    """The sessions run of some kinds; all where none is given."""
    return tuple(session for session in sheet.run if not kinds or session.kind in kinds)


@lru_cache(maxsize=64)
def _run_as(sheet: FactSheet, kind: str) -> tuple[Session, ...]:
    """The sessions run that a word for a kind may mean."""
    return tuple(session for session in sheet.run if _is_kind(session, kind, sheet))


@lru_cache(maxsize=16)
def _is_race_coming(sheet: FactSheet) -> bool:
    """Whether the race is still to be run."""
    return any(session.is_race for session in sheet.sessions) and not any(session.is_race for session in sheet.run)


@lru_cache(maxsize=1024)
def _is_kind(session: Session, kind: str, sheet: FactSheet) -> bool:
    if kind in {"race", _RACES} and session in sheet.checkpoints.values():
        return False
    if kind == _RACES:
        return session.is_race
    if kind == "race":
        has_sprint = any(other.kind == "sprint" for other in sheet.sessions)
        return session.is_race and not (has_sprint and session.kind == "sprint")
    return session.kind == kind
