"""To which race the archive of a series is complete: what the newsroom vouches for, cut where a result is missing.

`calendar` numbers the races of each vouched series in order; `is_covered` is true up to the first race without a
released complete result. A race called off or without a day does not count, an annulled one is settled and has no number.
An event of which readers see no race is one without a result, unless they see that it is a test.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from results.models import CalendarStatus, Classification, Event, Session, SessionKind
from results.statistics.basis import FULL, RACED, Part, of_queryset

IN_ORDER = "dated.day, dated.starts_at NULLS FIRST, dated.sequence, dated.session_id"
ANNULLED = str(Classification.State.ANNULLED)
OFF = [str(CalendarStatus.CANCELLED), str(CalendarStatus.POSTPONED)]


@dataclass(frozen=True, slots=True)
class Archive:
    """What may be said of a series. `first_season` is a label, `until` the day of the last race that is covered.

    `whole`: the span begins with the first race of the series ever.
    """

    series: int
    series_name: str
    series_slug: str
    first_season: str
    until: dt.date | None
    races: int
    whole: bool
    has_poles: bool
    has_fastest_laps: bool
    source: str
    last_race: str

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Self:
        day = said["until"]
        return cls(**{**said, "until": dt.date.fromisoformat(day) if day else None})


def calendar(series: Part) -> Part:
    """The expressions `calendar` and `archive`; `series` is a query of primary keys.

    `calendar`: session_id, series_id, season_id, label, day, event_name, is_race, number, is_covered. `archive`: one line a series, as Archive.
    """
    settled = Classification.objects.public().filter(
        Q(is_complete=True) | Q(state=Classification.State.ANNULLED), checkpoint="", session__kind__in=RACED
    )
    return (
        Part("spans AS MATERIALIZED (SELECT span.*, season.label AS first_label FROM results_archivespan span"
             " JOIN results_season season ON season.id = span.first_season_id WHERE span.series_id IN (")
        + series
        + Part(""")), dated AS (
            SELECT session.id AS session_id, session.kind, session.sequence, session.starts_at, event.season_id,
                season.series_id, season.label, spans.until, COALESCE(session.local_date, event.starts_on) AS day, event.name AS event_name
            FROM spans JOIN results_season season ON season.series_id = spans.series_id AND season.label >= spans.first_label
            JOIN (""")
        + of_queryset(Event.objects.public().order_by().values_list("pk", "season_id", "name", "status", "starts_on"))
        + Part(""") event (id, season_id, name, status, starts_on) ON event.season_id = season.id
            LEFT JOIN (""")
        + of_queryset(Session.objects.public().filter(parent__isnull=True).order_by().values_list("pk", "event_id", "kind", "status", "sequence",
                                                                      "starts_at", "local_date"))
        + Part(""") session (id, event_id, kind, status, sequence, starts_at, local_date)
                ON session.event_id = event.id AND session.kind = ANY(%s)
            WHERE event.status <> ALL(%s) AND COALESCE(session.local_date, event.starts_on) IS NOT NULL
            AND (session.status <> ALL(%s) OR session.id IS NULL AND event.id NOT IN (""", (RACED, OFF, OFF))
        + of_queryset(_tests().order_by().values_list("pk"))
        + Part("""))
        ), known (session_id, state) AS MATERIALIZED (""")
        + of_queryset(settled.order_by().values_list("session_id", "state"))
        + Part(f"""
        ), calendar AS MATERIALIZED (
            SELECT dated.session_id, dated.series_id, dated.season_id, dated.label, dated.day, dated.event_name,
                known.state <> %s AND dated.kind = ANY(%s) AS is_race,
                count(*) FILTER (WHERE known.state <> %s AND dated.kind = ANY(%s)) OVER so_far AS number,
                bool_and(known.session_id IS NOT NULL) OVER so_far
                    AND COALESCE(dated.day <= dated.until, true) AS is_covered
            FROM dated LEFT JOIN known ON known.session_id = dated.session_id
            WINDOW so_far AS (PARTITION BY dated.series_id ORDER BY {IN_ORDER} ROWS UNBOUNDED PRECEDING)
        ), archive AS MATERIALIZED (
            SELECT spans.series_id AS series, series.name AS series_name, series.slug AS series_slug,
                spans.first_label AS first_season, covered.until, COALESCE(covered.races, 0) AS races,
                spans.covers_history AS whole, spans.has_poles, spans.has_fastest_laps, spans.source,
                COALESCE(covered.last_race, '') AS last_race
            FROM spans JOIN results_series series ON series.id = spans.series_id
            LEFT JOIN LATERAL (
                SELECT max(day) AS until, max(number) AS races,
                    (array_agg(event_name ORDER BY number DESC))[1] AS last_race
                FROM calendar WHERE calendar.series_id = spans.series_id AND is_covered AND is_race
            ) covered ON true
        )""",  # noqa: S608
            (ANNULLED, FULL, ANNULLED, FULL))
    )  # fmt: skip


def _tests() -> QuerySet[Event]:
    """Test days: events with nothing but practice before anybody raced in the season, as far as readers see.

    Later on a weekend of which only practice is known lacks its race, and there the complete part ends.
    """
    sessions = Session.objects.public().filter(event=OuterRef("pk"))
    practice = Q(kind__in=(SessionKind.PRACTICE, SessionKind.WARMUP))
    raced = Session.objects.public().filter(
        ~practice, event__season=OuterRef("season"), event__starts_on__lt=OuterRef("starts_on")
    )
    return Event.objects.public().filter(Exists(sessions), ~Exists(sessions.exclude(practice)), ~Exists(raced))
