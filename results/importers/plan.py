"""What an import would do and what it did: plain values for the command, the import desk and the tests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from results.differences import CellChange
from results.importers.records import Problem
from results.models import Event, ImportRun

Verdict = Literal["none", "new", "changed", "unchanged"]


@dataclass(frozen=True, slots=True)
class ImportTarget:
    """Where a file belongs when it does not say so itself: an event there is, or what a new one needs (`create`)."""

    event: Event | None = None
    session: str = ""
    kind: str = ""
    create: bool = False
    series: str = ""
    season: str = ""
    name: str = ""
    date: dt.date | None = None
    zone: str = ""
    same: Mapping[str, int] = field(default_factory=dict)  # Newcomer.key -> driver or team a person says it is


@dataclass(frozen=True, slots=True)
class Newcomer:
    """A name of the file that nobody of the database certainly bears; without `chosen` it is somebody new.

    `number` and `team` (primary key) say where the name stands, the rest is what the file prints beside it.
    """

    key: str  # `driver:max gotz`, `team:htp`, with what tells namesakes of one file apart behind it
    model: Literal["driver", "team"]
    name: str
    first_name: str = ""
    last_name: str = ""
    number: str = ""
    team: int | None = None
    nationality: str = ""
    birth_date: str = ""
    town: str = ""
    line: int | None = None
    chosen: int | None = None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came in."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FactChange:
    """A changed value outside the classifications, worded for people."""

    subject: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Novelty:
    """How many things of a kind come into being: `driver`, `Fahrer`, 3."""

    model: str
    label: str
    number: int


@dataclass(frozen=True, slots=True)
class LapsPlan:
    """What becomes of the laps of a session."""

    verdict: Verdict
    created: int = 0
    changed: int = 0
    removed: int = 0
    replaces: str = ""  # the document whose laps these replace
    fills: bool = False  # nothing known is contradicted: stops, sectors or drivers are added


@dataclass(frozen=True, slots=True)
class ControlPlan:
    """Weather, messages of race control and deleted laps of a session: how many are new, how many are taken back."""

    created: int = 0
    changed: int = 0
    removed: int = 0
    verdict: Verdict = "none"


@dataclass(frozen=True, slots=True)
class SessionPlan:
    """What becomes of one session, or of one checkpoint of it.

    `state` and `version` are those of the classification after the import, None without one; `replaces` is the
    version it is compared with.
    """

    key: str
    name: str
    checkpoint: str = ""
    is_new: bool = False
    verdict: Verdict = "none"
    state: str | None = None
    version: int | None = None
    released: bool = False
    replaces: int | None = None
    created: int = 0
    changed: int = 0
    removed: int = 0
    changes: tuple[CellChange, ...] = ()
    changes_released: bool = False
    laps: LapsPlan | None = None
    control: ControlPlan | None = None


@dataclass(frozen=True, slots=True)
class StandingPlan:
    """What becomes of one printed table."""

    name: str
    verdict: Verdict
    created: int = 0
    changed: int = 0
    changes: tuple[FactChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """All an import would do. With something in `missing` or `rejected` it does nothing."""

    format: str
    series: str = ""
    season: str = ""
    event: str = ""
    event_slug: str = ""
    event_is_new: bool = False
    zone: str = ""
    sessions: tuple[SessionPlan, ...] = ()
    standings: tuple[StandingPlan, ...] = ()
    created: tuple[Novelty, ...] = ()  # rows and laps excepted
    changes: tuple[FactChange, ...] = ()
    rows_read: int = 0
    doubts: tuple[Problem, ...] = ()
    rejected: tuple[Problem, ...] = ()
    missing: tuple[str, ...] = ()  # fields of ImportTarget
    event_pk: int | None = None
    newcomers: tuple[Newcomer, ...] = ()
    known_seats: tuple[tuple[int, str], ...] = ()  # known drivers of the file with the numbers of their cars
    fingerprint: str = ""  # of what is planned and of the state it was planned against

    @property
    def rows_created(self) -> int:
        """New lines: of classifications, laps and printed tables."""
        return 0 if self.rejected else sum(part.created for part in self._parts())

    @property
    def rows_changed(self) -> int:
        """Lines that differ from the stored ones, lost ones included."""
        if self.rejected:
            return 0
        return sum(part.changed for part in self._parts()) + sum(
            part.removed for part in self._parts() if not isinstance(part, StandingPlan)
        )

    @property
    def is_empty(self) -> bool:
        """Whether everything in the file is stored already."""
        same = all(part.verdict in {"none", "unchanged"} for part in self._parts())
        return same and not self.created and not self.changes

    @property
    def changes_published(self) -> bool:
        """Whether something that readers may have seen would change, which a person must want and give a reason for."""
        return (
            any(session.changes_released for session in self.sessions)
            or any(
                session.laps is not None and session.laps.verdict == "changed" and not session.laps.fills
                for session in self.sessions
            )
            or any(standing.verdict == "changed" for standing in self.standings)
        )

    def _parts(self) -> Iterable[SessionPlan | LapsPlan | ControlPlan | StandingPlan]:
        yield from self.sessions
        yield from (session.laps for session in self.sessions if session.laps is not None)
        yield from (session.control for session in self.sessions if session.control is not None)
        yield from self.standings


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What a committed import did; `run` is None where nothing was new."""

    plan: Plan
    run: ImportRun | None = field(default=None, compare=False)


class ImportRefused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """Nothing was written; the message is one German sentence, `plan` says what the import would have done."""

    def __init__(self, message: str, plan: Plan) -> None:
        self.plan = plan
        super().__init__(message)


class StateChanged(ImportRefused):
    """Between preview and confirmation somebody else changed what the import would change."""


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """The answer of `import_results --json`: the keys of the contract, then the words of the changes."""
    return {
        "format": plan.format,
        "event": plan.event_slug,
        "sessions": [
            {"key": session.key, "state": session.state, "version": session.version} | _checkpoint(session)
            for session in plan.sessions
        ],
        "rows": {
            "read": plan.rows_read,
            "created": plan.rows_created,
            "changed": plan.rows_changed,
            "rejected": [_problem(problem) for problem in plan.rejected],
        },
        "doubts": [_problem(problem) for problem in plan.doubts],
        "facts": {"created": {novelty.model: novelty.number for novelty in plan.created}, "changed": len(plan.changes)},
    }


def refusal_as_json(reason: str) -> dict[str, Any]:
    """The answer of `import_results --json` where a file was not even looked into; the keys of the contract."""
    return plan_as_json(Plan(format="", rejected=(Problem(None, None, reason),))) | {"format": None, "event": None}


def _checkpoint(session: SessionPlan) -> dict[str, str]:
    return {"checkpoint": session.checkpoint} if session.checkpoint else {}


def _problem(problem: Problem) -> dict[str, int | str | None]:
    return {"line": problem.line, "column": problem.column, "reason": problem.reason}
