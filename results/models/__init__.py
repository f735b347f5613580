"""The facts, one module a noun."""

from results.models.calendar import (
    Broadcast,
    CalendarStatus,
    Circuit,
    CircuitAlias,
    Event,
    Layout,
    Season,
    Series,
    SeriesAlias,
    Session,
    SessionKind,
)
from results.models.championship import PrintedStanding, PrintedStandingRow
from results.models.classification import Classification, ClassificationRow
from results.models.entrants import (
    CarModel,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    Entry,
    Manufacturer,
    RacingClass,
    SessionEntry,
    Team,
    TeamAlias,
)
from results.models.laps import Lap, LapSet
from results.models.provenance import ImportRun, SourceDocument

__all__ = [
    "Broadcast",
    "CalendarStatus",
    "CarModel",
    "Circuit",
    "CircuitAlias",
    "Classification",
    "ClassificationRow",
    "CrewMember",
    "Cup",
    "Driver",
    "DriverAlias",
    "Entry",
    "Event",
    "ImportRun",
    "Lap",
    "LapSet",
    "Layout",
    "Manufacturer",
    "PrintedStanding",
    "PrintedStandingRow",
    "RacingClass",
    "Season",
    "Series",
    "SeriesAlias",
    "Session",
    "SessionEntry",
    "SessionKind",
    "SourceDocument",
    "Team",
    "TeamAlias",
]
