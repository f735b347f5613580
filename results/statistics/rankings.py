"""Who has the most: everybody's figures within the covered part of a series, for its records and those of a circuit."""

from collections.abc import Iterable
from dataclasses import dataclass

from results.models import ArchiveSpan, Circuit, Series, Session
from results.statistics.asking import ask
from results.statistics.basis import COUNTED, Part, basis, of_queryset
from results.statistics.span import Archive, calendar
from results.statistics.subjects import Feat, Scope, SubjectKind
from results.statistics.trail import trail

STREAKS = (Feat.WIN, Feat.PODIUM, Feat.POLE)


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one subject did within the scope. Poles and fastest laps are None where the archive does not vouch for them."""

    series: int
    slug: str
    name: str
    starts: int
    wins: int
    podiums: int
    poles: int | None
    fastest_laps: int | None
    wins_in_a_row: int
    podiums_in_a_row: int
    poles_in_a_row: int | None
    first_win: str | None
    last_win: str | None


@dataclass(frozen=True, slots=True)
class Ranking:
    """Everybody with at least one podium, pole or fastest lap, in no order; `races` are those counted."""

    archive: Archive
    races: int
    lines: list[Ranked]


NAMES = {
    SubjectKind.DRIVER: ("results_driver", "trim(who.first_name || ' ' || who.last_name)"),
    SubjectKind.TEAM: ("results_team", "who.name"),
    SubjectKind.MANUFACTURER: ("results_manufacturer", "who.name"),
}
# Sums and runs are added up, not joined: the planner takes either for a line or two and would compare each with each.
RANKING = """
SELECT lines.*, who.slug, {name} AS name
FROM (
    SELECT series, subject_id, sum(starts) AS starts, sum(wins) AS wins, sum(podiums) AS podiums,
        CASE WHEN bool_or(has_poles) AND NOT %s THEN sum(poles) END AS poles,
        CASE WHEN bool_or(has_fastest_laps) THEN sum(fastest_laps) END AS fastest_laps,
        max(wins_in_a_row) AS wins_in_a_row, max(podiums_in_a_row) AS podiums_in_a_row,
        CASE WHEN bool_or(has_poles) AND NOT %s THEN max(poles_in_a_row) END AS poles_in_a_row,
        min(first_win) AS first_win, max(last_win) AS last_win
    FROM (
        SELECT owned.series_id AS series, owned.subject_id, archive.has_poles, archive.has_fastest_laps,
            count(*) FILTER (WHERE started) AS starts, count(*) FILTER (WHERE won) AS wins, sum(podiums) AS podiums,
            count(*) FILTER (WHERE pole) AS poles, count(*) FILTER (WHERE fastest_lap) AS fastest_laps,
            min(label) FILTER (WHERE won) AS first_win, max(label) FILTER (WHERE won) AS last_win,
            0 AS wins_in_a_row, 0 AS podiums_in_a_row, 0 AS poles_in_a_row
        FROM owned JOIN archive ON archive.series = owned.series_id
        GROUP BY owned.series_id, owned.subject_id, archive.has_poles, archive.has_fastest_laps
        UNION ALL
        SELECT series_id, subject_id, NULL, NULL, 0, 0, 0, 0, 0, NULL, NULL,
            max(length) FILTER (WHERE feat = '{win}'), max(length) FILTER (WHERE feat = '{podium}'),
            max(length) FILTER (WHERE feat = '{pole}')
        FROM trail GROUP BY series_id, subject_id
    ) parts
    GROUP BY series, subject_id
    HAVING sum(starts) > 0 OR sum(poles) > 0
) lines JOIN {table} who ON who.id = lines.subject_id
"""
RACES = """
SELECT calendar.series_id AS series, count(*) AS races FROM calendar
WHERE is_race AND is_covered AND session_id IN (SELECT session_id FROM standing) GROUP BY 1
"""


def ranking_of(series: Series, kind: SubjectKind, scope: Scope) -> Ranking | None:
    """The figures in a series; one query. None where nobody vouches for its archive."""
    scope = Scope(series=series.pk, sessions=scope.sessions, racing_class=scope.racing_class)
    found = _rankings(kind, scope, Part("SELECT %s::bigint", (series.pk,)))
    return found[0] if found else None


def rankings_at(circuit: Circuit, kind: SubjectKind) -> list[Ranking]:
    """Wins, podiums, poles and fastest laps at a circuit, by series; starts and runs say nothing. One query."""
    sessions = Session.objects.public().filter(event__circuit=circuit)
    scope = Scope(sessions=sessions.filter(kind__in=COUNTED), leading=True)
    series = ArchiveSpan.objects.filter(series__seasons__events__circuit=circuit).order_by().values_list("series_id")
    return [ranking for ranking in _rankings(kind, scope, of_queryset(series)) if ranking.races]


def _rankings(kind: SubjectKind, scope: Scope, series: Part) -> list[Ranking]:
    table, name = NAMES[kind]
    expressions = basis(kind, scope) + Part(", ") + calendar(series) + Part(", ") + trail(STREAKS)
    ranking = RANKING.format(table=table, name=name, win=Feat.WIN, podium=Feat.PODIUM, pole=Feat.POLE)
    answers = {"archives": "SELECT * FROM archive ORDER BY series_name", "races": RACES, "lines": ranking}
    said = ask(expressions, answers, (scope.racing_class is not None,) * 2)
    races = {one["series"]: one["races"] for one in said["races"]}
    lines = [Ranked(**{key: one[key] for key in Ranked.__slots__}) for one in said["lines"]]
    archives = map(Archive.from_json, said["archives"])
    return [_ranking(archive, races.get(archive.series, 0), lines) for archive in archives]


def _ranking(archive: Archive, races: int, lines: Iterable[Ranked]) -> Ranking:
    return Ranking(archive, races, [line for line in lines if line.series == archive.series])
