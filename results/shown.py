"""The classification that a session's page and its exports show: version, filter, table, and the same as a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from results import exports, selectors
from results.as_of import AsOf, as_of
from results.exports import Cell, Column, Sheet
from results.facets import Facets, facets_of, standing_of
from results.filters import ClassificationFilter, ScoringForm
from results.history import Chain, History, Version
from results.importers.status import CLASSIFIED, print_status
from results.models import Classification, Session
from results.notation import Penalty, format_gap, format_lap_time, format_penalty
from results.release import label_of
from results.tables import ClassificationTable, PartColumn, gap_of

Row = Mapping[str, Any]

RACE_ORDER = ("position", "number", "crew", "overall", "result", "ahead", "car_class", "...")
TIMED_ORDER = ("best_lap", "result", "ahead", "car_class", "...")


@dataclass(frozen=True, slots=True)
class Shown:
    """What a reader asked to see of a session's result."""

    session: Session
    version: Version
    chain: Chain  # all versions of the same scoring, the public one first
    as_of: AsOf
    facets: Facets
    filter: ClassificationFilter
    table: ClassificationTable

    @property
    def classification(self) -> Classification:
        return self.version.classification

    @property
    def is_annulled(self) -> bool:
        return self.version.is_annulled

    @property
    def current(self) -> Version:
        """What readers see now under the same scoring."""
        return self.chain[0]

    @property
    def current_address(self) -> str:
        """Where the version of now stands, with the reader's other choices."""
        kept = {name: value for name, value in self.filter.chosen.items() if name not in {"version", "stand"}}
        return self.session.get_absolute_url() + (f"?{urlencode(kept)}" if kept else "")

    @property
    def query(self) -> str:
        """The reader's choice as the end of an address, `?` included; empty without any."""
        return f"?{urlencode(self.filter.chosen)}" if self.filter.chosen else ""

    @property
    def cars(self) -> set[int]:
        """The cars that the result names, as keys of session entries; none of one that no longer counts."""
        return set() if self.is_annulled else {line["session_entry"] for line in self.facets.lines}

    @property
    def export_address(self) -> str:
        """The address of the files without their ending."""
        return f"{self.session.get_absolute_url()}ergebnis."

    @property
    def has_pair(self) -> bool:
        """Whether there are two cars to compare."""
        return len(self.facets.lines) > 1 and not self.is_annulled

    def sheet(self) -> Sheet:
        """The table as it is shown, ready to be exported."""
        event = self.session.event
        season = event.season
        version = self.classification
        decisions = self.version.decisions
        return Sheet(
            name=f"{season.series.slug}-{season.slug}-{event.slug}-{self.session.slug}-ergebnis{self._ending}",
            title=self.session.name,
            about=exports.about(
                path=self.session.get_absolute_url() + self.query,
                source=self.version.source,
                series=season.name_of_series,
                season=season.label,
                event=event.name,
                session=self.session.name,
                kind=self.session.kind,
                checkpoint=version.checkpoint,
                version=version.version,
                state=version.state,
                is_current=self.version.is_public,
                as_of=version.public_from.isoformat() if version.public_from else None,
                is_complete=version.is_complete,
                decisions=[decision.as_record() for decision in decisions],
                choice=self.filter.chosen,
            ),
            rows=self.table.records,
            columns=list(self._columns()),
            record=self._record,
            stamp={
                _("Version"): version.version,
                _("Result"): label_of(version.state),
                pgettext("column", "As of"): version.public_from.isoformat() if version.public_from else "",
                _("Decisions"): ", ".join(one.number or one.what for one in decisions),
            },
        )

    @property
    def _ending(self) -> str:
        """A file of the past does not take the name of the one of now."""
        return f"-v{self.version.number}" if self.as_of.is_asked else ""

    def _columns(self) -> Iterable[Column]:
        """The columns that the page shows, what stands together in a cell there apart."""
        for column in self.table.columns:
            if isinstance(column.column, PartColumn):
                yield Column(column.header, column.column.lean_render)
            else:
                yield from self._column(column.name)

    def _column(self, name: str) -> Iterable[Column]:
        table = self.table
        apart: dict[str, list[Column]] = {
            "position": [Column(_("Pos."), self._place)],
            "number": [Column(_("No."), lambda row: row["number"])],
            "crew": [
                Column(_("Drivers"), lambda row: " / ".join(names_of(row["crew"]))),
                Column(_("Team"), lambda row: row["team"] or row["entrant"] or ""),
                Column(_("Car"), lambda row: row["car"] or ""),
                *self._guests(),
            ],
            "overall": [Column(_("Overall"), lambda row: row["position"])],
            "result": [
                Column(pgettext("duration", "Time"), lambda row: in_german(row["total_ms"])),
                Column(_("Gap"), lambda row: format_gap(gap) if (gap := gap_of(row)) else ""),
            ],
            "ahead": [Column(_("To car ahead"), table.render_ahead)],
            "car_class": [
                Column(_("Class"), lambda row: row["class_name"] or ""),
                Column(_("Position in class"), lambda row: row["class_position"]),
            ],
            "laps": [Column(_("Laps"), lambda row: row["laps"])],
            "best_lap": [Column(_("Best lap"), lambda row: in_german(row["best_lap_ms"]))],
            "grid": [Column(_("Grid"), lambda row: row["grid"])],
            "penalty": [
                Column(_("Penalty"), lambda row: format_penalty(Penalty(row["penalty_ms"], row["penalty_laps"])))
            ],
            "cups": [Column(_("Cups"), lambda row: ", ".join(row["cups"]))],
        }
        return apart[name]

    def _guests(self) -> Iterable[Column]:
        """A column for guests where there are any."""
        if any(row["is_guest"] for row in self.table.records):
            yield Column(_("Guest"), lambda row: _("yes") if row["is_guest"] else "")

    def _place(self, row: Row) -> Cell:
        return self.table.place_of(row) if row["status"] == CLASSIFIED else print_status(row["status"])

    def _record(self, row: Row) -> dict[str, Any]:
        ahead = self.table.ahead_of(row)
        parts = dict(zip(self.classification.part_names, row["part_times_ms"] or (), strict=False))
        return {
            **{key: row[key] for key in ("position", "class_position")},
            "chosen_position": self.table.place_of(row),
            "status": row["status"],
            "number": row["number"],
            "drivers": names_of(row["crew"]),
            **{key: row[key] for key in ("team", "entrant", "car")},
            "manufacturer": row["maker"],
            "class": row["class_name"],
            "cups": row["cups"],
            "guest": row["is_guest"],
            **{key: row[key] for key in ("laps", "total_ms", "gap_ms", "gap_laps")},
            "ahead_ms": ahead.ms if ahead else None,
            "ahead_laps": ahead.laps if ahead else None,
            **{key: row[key] for key in ("best_lap_ms", "best_lap_number", "grid", "penalty_ms", "penalty_laps")},
            "parts_ms": parts,
        }


def shown_classification(asked: Mapping[str, Any], session: Session, history: History) -> Shown | None:
    """The version asked for and its table, two queries, and one for a time; None where there is no result.

    Raises BadRequest for a choice that does not exist, Http404 for a past that readers did not see.
    """
    then = as_of(asked, session, history)
    if not then.classifications:
        return None
    scoring = ScoringForm(asked, versions=then.classifications)
    if not scoring.is_valid():
        raise BadRequest("no such scoring")
    classification = scoring.version
    facets = facets_of(classification)
    rows = ClassificationFilter(asked, selectors.rows_of(classification), facets=facets, checkpoints=scoring.names)
    if not rows.is_valid():
        raise BadRequest("no such choice")
    chosen = rows.chosen
    table = ClassificationTable(
        rows.qs,
        caption=session.name,
        best_lap_ms=facets.best_lap_ms,
        standing=standing_of(
            facets, class_slug=chosen.get("klasse", ""), cup_slug=chosen.get("cup", ""), timed=session.is_timed
        ),
        part_names=classification.part_names,
        timed=session.is_timed,
        chosen=chosen,
        sequence=_order(session, classification.part_names),
    )
    version = history.of(classification)
    return Shown(session, version, history.chains[version.checkpoint], then, facets, rows, table)


def _order(session: Session, part_names: list[str]) -> tuple[str, ...]:
    """The columns in order: in a qualifying the times of its parts stand before the best one."""
    if not session.is_timed:
        return RACE_ORDER
    parts = (f"part_{n}" for n in range(len(part_names)))
    return ("position", "number", "crew", "overall", *parts, *TIMED_ORDER)


def names_of(crew: Iterable[Mapping[str, str]]) -> list[str]:
    """The full names of a crew."""
    return [f"{one['first']} {one['last']}".strip() for one in crew]


def in_german(ms: int | None) -> str:
    return format_lap_time(ms) if ms else ""
