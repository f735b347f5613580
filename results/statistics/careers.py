"""What somebody has behind him: figures by season, and where the archive is complete his streaks and firsts."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.translation import gettext_lazy

from results.statistics.asking import ask
from results.statistics.basis import Part, basis
from results.statistics.span import Archive, calendar
from results.statistics.subjects import Feat, Scope, Subject
from results.statistics.trail import RUNS, trail, vouched

LABELS = {
    Feat.START: gettext_lazy("Races"),
    Feat.FINISH: gettext_lazy("Classified finishes"),
    Feat.WIN: gettext_lazy("Wins"),
    Feat.PODIUM: gettext_lazy("Races on the podium"),
    Feat.POLE: gettext_lazy("Pole positions"),
    Feat.FASTEST_LAP: gettext_lazy("Fastest laps"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over races. `fastest` are qualifyings led; sprints count nowhere but in `sprint_wins`."""

    starts: int = 0
    wins: int = 0
    podiums: int = 0
    class_wins: int = 0
    class_podiums: int = 0
    sprint_wins: int = 0
    poles: int = 0
    fastest_laps: int = 0
    fastest: int = 0

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class SeasonFigures:
    """The figures of one season of one series."""

    series: str
    series_slug: str
    season: str
    season_slug: str
    figures: Figures = field(default_factory=Figures)


@dataclass(frozen=True, slots=True)
class Race:
    """A race as a sentence names it, with the parts of its address."""

    event: str
    day: dt.date | None
    season: str
    address: tuple[str, str, str, str]

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        day = said["day"]
        return cls(said["event"], dt.date.fromisoformat(day) if day else None, said["season"], tuple(said["address"]))


@dataclass(frozen=True, slots=True)
class Run:
    """A feat within the complete part of a series: how often, the longest and the running streak, first and last."""

    feat: Feat
    count: int = 0
    longest: int = 0
    current: int = 0
    longest_from: Race | None = None
    longest_to: Race | None = None
    first: Race | None = None
    last: Race | None = None

    @property
    def label(self) -> str:
        return str(LABELS[self.feat])


@dataclass(frozen=True, slots=True)
class SeriesRecord:
    """The runs in one series, and how far that is the truth."""

    archive: Archive
    runs: dict[Feat, Run]

    @property
    def starts(self) -> int:
        """The races that count."""
        return self.runs[Feat.START].count

    @property
    def shown(self) -> list[Run]:
        """The runs that say something: what was done at least once."""
        return [run for feat, run in self.runs.items() if feat is not Feat.START and run.count]


@dataclass(frozen=True, slots=True)
class Career:
    """All seasons, newest first, and their sum; `records` by series where the archive is complete."""

    seasons: list[SeasonFigures]
    records: list[SeriesRecord] = field(default_factory=list)

    @property
    def total(self) -> Figures:
        return sum((season.figures for season in self.seasons), Figures())

    @property
    def years(self) -> list[str]:
        """The labels of the seasons, each once, newest first."""
        return list(dict.fromkeys(season.season for season in self.seasons))

    @property
    def series(self) -> list[tuple[str, str]]:
        """Address and name of each series."""
        return sorted({(season.series_slug, season.series) for season in self.seasons}, key=lambda one: one[1])


BY_SEASON = """
SELECT COALESCE(NULLIF(season.series_name, ''), series.name) AS series, series.slug AS series_slug,
    season.label AS season, season.slug AS season_slug,
    count(*) FILTER (WHERE started) AS starts, count(*) FILTER (WHERE won) AS wins,
    COALESCE(sum(podiums), 0) AS podiums, sum(class_wins) AS class_wins, sum(class_podiums) AS class_podiums,
    count(*) FILTER (WHERE sprint_won) AS sprint_wins, count(*) FILTER (WHERE pole) AS poles,
    count(*) FILTER (WHERE fastest_lap) AS fastest_laps, count(*) FILTER (WHERE led) AS fastest
FROM taken JOIN results_season season ON season.id = taken.season_id
JOIN results_series series ON series.id = season.series_id
GROUP BY season.id, series.id ORDER BY season.label DESC, series.name
"""
RACE = """(SELECT json_build_object('event', event.name, 'day', COALESCE(session.local_date, event.starts_on),
    'season', season.label, 'address', json_build_array(series.slug, season.slug, event.slug, session.slug))
    FROM results_session session JOIN results_event event ON event.id = session.event_id
    JOIN results_season season ON season.id = event.season_id JOIN results_series series ON series.id = season.series_id
    WHERE session.id = {0})"""
# Of the longest runs the one that came first; the running one is that of the last race of somebody's own.
OF_FEATS = f"""
SELECT sums.series_id, feat, count, best[1] AS longest, CASE WHEN last[1] = mine.own THEN last[2] ELSE 0 END AS current,
    {RACE.format("races[-best[2] - best[1] + 1]")} AS longest_from, {RACE.format("races[-best[2]]")} AS longest_to,
    {RACE.format("races[first_own]")} AS first, {RACE.format("races[last[1]]")} AS last
FROM (
    SELECT series_id, feat, count(*) AS count, max(ARRAY[length, -own]) AS best, max(ARRAY[own, length]) AS last,
        min(own) AS first_own
    FROM trail GROUP BY series_id, feat
) sums
JOIN (
    SELECT series_id, false AS is_pole, max(own_started) AS own, array_agg(session_id ORDER BY own) FILTER (WHERE started) AS races
    FROM owned GROUP BY series_id
    UNION ALL
    SELECT series_id, true, max(own), array_agg(session_id ORDER BY own) FROM owned GROUP BY series_id
) mine ON mine.series_id = sums.series_id AND mine.is_pole = (sums.feat = '{Feat.POLE}')
"""  # noqa: S608


def career_of(subject: Subject) -> Career:
    """Everything readers may know of what somebody did in races; one query."""
    expressions = (
        basis(subject.kind, Scope(), only=[subject.pk])
        + Part(", ")
        + calendar(Part("SELECT series_id FROM taken"))
        + Part(", ")
        + trail()
    )
    said = ask(
        expressions, {"seasons": BY_SEASON, "archives": "SELECT * FROM archive ORDER BY series_name", "feats": OF_FEATS}
    )
    records = [_record(Archive.from_json(one), said["feats"]) for one in said["archives"]]
    return Career([_season(one) for one in said["seasons"]], [record for record in records if record.runs])


def _record(archive: Archive, feats: list[dict[str, Any]]) -> SeriesRecord:
    """The runs in a series by feat; empty for somebody of whom the covered part holds nothing."""
    runs = {Feat(one["feat"]): _run(one) for one in feats if one["series_id"] == archive.series}
    said = vouched(RUNS, has_poles=archive.has_poles, has_fastest_laps=archive.has_fastest_laps)
    return SeriesRecord(archive, {feat: runs.get(feat, Run(feat)) for feat in said} if runs else {})


def _season(one: Mapping[str, Any]) -> SeasonFigures:
    figures = Figures(**{name: int(one[name]) for name in Figures.__slots__})
    return SeasonFigures(one["series"], one["series_slug"], one["season"], one["season_slug"], figures)


def _run(one: Mapping[str, Any]) -> Run:
    races = {name: Race.from_json(one[name]) for name in ("longest_from", "longest_to", "first", "last")}
    return Run(Feat(one["feat"]), one["count"], one["longest"], one["current"], **races)
