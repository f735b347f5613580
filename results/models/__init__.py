"""The facts, one module a noun."""

from results.models.archive import ArchiveSpan
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
from results.models.championship import Championship, ChampionshipDecision, ScoringEvent
from results.models.championship_change import ChampionshipChange
from results.models.classification import Classification, ClassificationRow
from results.models.deleted import DeletedFacts
from results.models.entrants import (
    CarKey,
    CarModel,
    CrewMember,
    Cup,
    Driver,
    DriverAlias,
    DriverGrade,
    DriverKey,
    Entry,
    Manufacturer,
    RacingClass,
    SessionCrewMember,
    SessionEntry,
    Team,
    TeamAlias,
    TeamSuccession,
)
from results.models.identity import DistinctPair, FormerAddress, IdentityChange
from results.models.laps import CarTrace, DriverShare, Lap, LapSectors, LapSet, Stint
from results.models.ledger import Competitor, Computation, PointsAward, Standing
from results.models.printed_standing import PrintedStanding, PrintedStandingRow
from results.models.provenance import ColumnMapping, ImportBatch, ImportItem, ImportRun, SourceDocument
from results.models.schedule import ScheduleChange
from results.models.stewards import AppliedDecision, Decision, DecisionEffect, LapDeletion, RaceControlMessage
from results.models.weather import WeatherReading

__all__ = [
    "AppliedDecision",
    "ArchiveSpan",
    "Broadcast",
    "CalendarStatus",
    "CarKey",
    "CarModel",
    "CarTrace",
    "Championship",
    "ChampionshipChange",
    "ChampionshipDecision",
    "Circuit",
    "CircuitAlias",
    "Classification",
    "ClassificationRow",
    "ColumnMapping",
    "Competitor",
    "Computation",
    "CrewMember",
    "Cup",
    "Decision",
    "DecisionEffect",
    "DeletedFacts",
    "DistinctPair",
    "Driver",
    "DriverAlias",
    "DriverGrade",
    "DriverKey",
    "DriverShare",
    "Entry",
    "Event",
    "FormerAddress",
    "IdentityChange",
    "ImportBatch",
    "ImportItem",
    "ImportRun",
    "Lap",
    "LapDeletion",
    "LapSectors",
    "LapSet",
    "Layout",
    "Manufacturer",
    "PointsAward",
    "PrintedStanding",
    "PrintedStandingRow",
    "RaceControlMessage",
    "RacingClass",
    "ScheduleChange",
    "ScoringEvent",
    "Season",
    "Series",
    "SeriesAlias",
    "Session",
    "SessionCrewMember",
    "SessionEntry",
    "SessionKind",
    "SourceDocument",
    "Standing",
    "Stint",
    "Team",
    "TeamAlias",
    "TeamSuccession",
    "WeatherReading",
]
