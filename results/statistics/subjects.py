"""Whom statistics are about, what is counted, and in which part of the archive."""

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import QuerySet

from results.models import Driver, Manufacturer, Session, SessionKind, Team

FULL_RACES = (SessionKind.RACE, SessionKind.RALLY)


class SubjectKind(StrEnum):
    DRIVER = "driver"
    TEAM = "team"
    MANUFACTURER = "manufacturer"


class Feat(StrEnum):
    """What somebody can do in a race, as docs/formats.md defines it. The value names the column of the basis."""

    START = "started"
    FINISH = "finished"
    WIN = "won"
    PODIUM = "podium"
    POLE = "pole"
    FASTEST_LAP = "fastest_lap"
    CLASS_WIN = "class_won"
    CLASS_PODIUM = "class_podium"


@dataclass(frozen=True, slots=True)
class Subject:
    """A driver, a team or a manufacturer, by primary key."""

    kind: SubjectKind
    pk: int


@dataclass(frozen=True, slots=True)
class Scope:
    """The part of the archive that is looked at; `series` (a primary key) and `sessions` narrow it down.

    Inside a `racing_class` (primary key) places are those in the class and the fastest lap is that of the class; the
    pole of a class is not known. `leading` reads podiums, poles and fastest laps alone: enough to count these, while starts,
    finishes and runs say nothing.
    """

    series: int | None = None
    sessions: "QuerySet[Session] | None" = None
    racing_class: int | None = None
    leading: bool = False


def subject_of(thing: Driver | Team | Manufacturer) -> Subject:
    """The subject that a stored driver, team or manufacturer is."""
    return Subject(SubjectKind(str(thing._meta.model_name)), thing.pk)
