"""A claim: what a span of prose states, about whom, in which session; still without any verdict."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from articles.factcheck.sheet import Driver, Session

Value = int | str | Decimal | dt.date | tuple[str, ...]


class ClaimType(StrEnum):
    """The kinds of claims; each has its check in `checks/`."""

    LAP_TIME = "lap_time"
    GAP_TIME = "gap_time"
    GAP_LAPS = "gap_laps"
    POSITION = "position"
    CLASS_POSITION = "class_position"
    GRID_POSITION = "grid_position"
    CAR_NUMBER = "car_number"
    CREW = "crew"
    TEAM_CAR = "team_car"
    POINTS = "points"
    POINTS_GAP = "points_gap"
    LAPS_COMPLETED = "laps_completed"
    DATE = "date"
    SESSION_TIME = "session_time"
    STATUS = "status"
    COUNT = "count"
    TITLE = "title"


class Context(StrEnum):
    """Why a claim is not the newsroom's own plain statement."""

    PLAIN = ""
    QUOTE = "quote"
    HYPOTHETICAL = "hypothetical"
    HISTORICAL = "historical"
    IN_WORDS = "in_words"
    NEGATED = "negated"
    PARTIAL = "partial"


TABLE = "table"  # of what sentences speak, beside the kinds of sessions
UNJUDGED = frozenset({Context.QUOTE, Context.HYPOTHETICAL, Context.HISTORICAL})


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a claim speaks of. `level` 2: named in the clause, 1: understood from what stood before, 0: nobody found."""

    cars: tuple[str, ...] = ()
    level: int = 0
    is_plural: bool = False
    people: tuple[Driver, ...] = ()
    name: str = ""
    is_doubted: bool = False  # somebody the sheet does not hold may be meant instead
    is_plain: bool = False  # the only one its clause names, and nothing in the clause points elsewhere
    is_recalled: bool = False  # a pronoun or a name points back to somebody
    is_unknown: bool = False  # somebody is named, and the sheet does not hold him

    @property
    def car(self) -> str | None:
        return self.cars[0] if len(self.cars) == 1 else None

    @property
    def is_by_name(self) -> bool:
        """Whether the words name a driver, or print the number of the one car: no make that others drive, too."""
        return bool(self.people) or (len(self.cars) == 1 and self.name.split(" ")[-1].lstrip("#") == self.cars[0])


NOBODY = Subject()
UNKNOWN = Subject(is_unknown=True)


@dataclass(frozen=True, slots=True)
class Scene:
    """Where a claim plays. `level` 2: the sentence says so, 1: carried over from before, 0: nothing said it."""

    sessions: tuple[Session, ...] = ()
    level: int = 0
    class_name: str = ""
    class_level: int = 0
    is_class_known: bool = True
    in_table: bool = False
    table_level: int = 0
    is_interim: bool = False
    is_far: bool = False  # carried over from another paragraph
    day: dt.date | None = None  # the day the sentence names
    told: frozenset[str] = frozenset()  # the kinds of sessions that the sentences around speak of


NOWHERE = Scene()


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement. `value` is ms for times, a date or two, `HH:MM`, names for crews, a number otherwise."""

    type: ClaimType
    start: int
    end: int
    text: str
    value: Value
    subject: Subject = NOBODY
    scene: Scene = field(default_factory=Scene)
    rival: Subject = NOBODY  # the other car of a gap, where the words name it
    near: tuple[str, ...] = ()  # every other car the sentence speaks of, and the one before it
    here: tuple[str, ...] = ()  # those of `near` that its own sentence names
    op: str = ""  # "<" knapp, ">" über, "~" rund
    precision_ms: int = 1
    context: Context = Context.PLAIN
    later: int | None = None  # place in the calendar of the event the sentence names
    among: str = ""  # "teams", "drivers" or "=word": the table the words name
    stand: str = ""  # of a place in one of two tables of one name: "now" after the event, "then" before it
    moment: str = ""  # of points: "before" a race, "past" at some other moment, "now" in a text that tells a race
    hint: str = ""  # what the words say beyond the value: "lead", "behind", "starters", "retired", ...

    @property
    def is_judged(self) -> bool:
        return self.context not in UNJUDGED
