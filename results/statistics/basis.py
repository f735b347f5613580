"""The one place that says what a win, a podium, a pole and a fastest lap is: SQL over the results that readers see.

`taken` has one line for each subject and race: what it did there. Everything else in this package counts, orders and
compares these lines. Which results count is said by the querysets of the models, whose SQL is taken over as it is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from results.importers.status import CLASSIFIED, EXCLUDED, STATUSES
from results.models import Classification, LapSet, Session, SessionKind
from results.statistics.subjects import FULL_RACES, Feat, Scope, SubjectKind

STARTED = [code for code, status in STATUSES.items() if status.started]
FULL = [str(kind) for kind in FULL_RACES]
RACED = [*FULL, str(SessionKind.SPRINT)]
COUNTED = [*RACED, str(SessionKind.QUALIFYING)]
STANDING = {
    "classification_id": "pk", "session_id": "session_id", "kind": "session__kind", "parent_id": "session__parent_id",
    "sequence": "session__sequence", "starts_at": "session__starts_at", "event_id": "session__event_id",
    "season_id": "session__event__season_id", "series_id": "session__event__season__series_id",
}  # fmt: skip
SEEN = ("id", "event_id", "kind", "parent_id", "sequence", "starts_at")


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of SQL with its parameters; pieces are added one after the other."""

    sql: str
    params: tuple[Any, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        return Part(f"{self.sql}{other.sql}", self.params + other.params)


def of_queryset(rows: QuerySet[Any, Any]) -> Part:
    """The SQL of a queryset."""
    sql, params = rows.query.sql_with_params()
    return Part(sql, tuple(params))


def standing() -> QuerySet[Classification]:
    """The results that count: as readers see them now, whole, at the finish, not annulled."""
    public = Classification.objects.public().filter(checkpoint="", is_complete=True)
    return public.exclude(state=Classification.State.ANNULLED)


def basis(kind: SubjectKind, scope: Scope, *, only: Sequence[int] | None = None) -> Part:
    """The expressions of a WITH clause up to `taken`, without the word WITH; `only` these subjects (primary keys).

    `taken`: subject_id, session_id, series_id, season_id, the booleans named by Feat, sprint_won, led (a qualifying),
    the count podiums, and with `only` the counts class_wins and class_podiums.
    """
    how = "NOT MATERIALIZED" if only is not None else "MATERIALIZED"
    return (
        Part(f"standing ({', '.join(STANDING)}) AS {how} (")
        + of_queryset(_within(scope).order_by().values_list(*STANDING.values()))
        + Part(f"), seen ({', '.join(SEEN)}) AS NOT MATERIALIZED (")
        + of_queryset(Session.objects.public().order_by().values_list("pk", *SEEN[1:]))
        + Part("), places AS MATERIALIZED (")
        + (_places_of(kind, only, scope) if only is not None else _places_within(kind, scope))
        + Part("), marks AS (")
        + _marks(kind, scope, whole=only is None)
        + Part("), taken AS MATERIALIZED (")
        + Part(TAKEN[kind is SubjectKind.DRIVER, only is not None])
        + Part(")")
    )


def _within(scope: Scope) -> QuerySet[Classification]:
    """The results that count in the scope."""
    found = standing().filter(session__kind__in=COUNTED, session__parent__isnull=True)
    if scope.series is not None:
        found = found.filter(session__event__season__series=scope.series)
    return found.filter(session__in=scope.sessions) if scope.sessions is not None else found


# ------------------------------------------------------------------ whose line it is

LINE = """line.classification_id, line.session_entry_id, line.line, line.position, line.class_position, line.status,
    line.grid, line.laps, line.best_lap_ms, entry.racing_class_id"""
SESSION = "session.session_id, session.kind, session.event_id, session.sequence, session.starts_at, session.season_id, session.series_id"
# The crew of the session where a source names one, else that of the entry.
SEATS = """
    JOIN results_sessionentry car ON car.id = line.session_entry_id
    JOIN results_entry entry ON entry.id = car.entry_id
    LEFT JOIN results_sessioncrewmember own ON own.session_entry_id = line.session_entry_id AND own.line = line.line
    LEFT JOIN results_crewmember entered ON entered.entry_id = car.entry_id AND own.id IS NULL"""
DRIVER_ID = "COALESCE(own.driver_id, entered.driver_id)"
CAR_OF = {SubjectKind.TEAM: "entry.team_id", SubjectKind.MANUFACTURER: "model.manufacturer_id"}
# The subjects' cars, by index; `line` where only one line of the car is theirs.
CARS = {
    SubjectKind.DRIVER: """
        SELECT car.id, car.session_id, own.driver_id, own.line, entry.racing_class_id, entry.event_id
        FROM results_sessioncrewmember own
        JOIN results_sessionentry car ON car.id = own.session_entry_id JOIN results_entry entry ON entry.id = car.entry_id
        WHERE own.driver_id = ANY(%s)
        UNION ALL
        SELECT car.id, car.session_id, crew.driver_id, NULL, entry.racing_class_id, entry.event_id
        FROM results_crewmember crew
        JOIN results_entry entry ON entry.id = crew.entry_id JOIN results_sessionentry car ON car.entry_id = entry.id
        WHERE crew.driver_id = ANY(%s)""",
    SubjectKind.TEAM: """
        SELECT car.id, car.session_id, entry.team_id, NULL::smallint, entry.racing_class_id, entry.event_id
        FROM results_entry entry
        JOIN results_sessionentry car ON car.entry_id = entry.id WHERE entry.team_id = ANY(%s)""",
    SubjectKind.MANUFACTURER: """
        SELECT car.id, car.session_id, model.manufacturer_id, NULL::smallint, entry.racing_class_id, entry.event_id
        FROM results_carmodel model
        JOIN results_entry entry ON entry.car_model_id = model.id
        JOIN results_sessionentry car ON car.entry_id = entry.id WHERE model.manufacturer_id = ANY(%s)""",
}
CAR = "id, session_id, subject_id, line, racing_class_id, event_id"
OF_SERIES = """ AND entry.event_id = ANY(ARRAY(SELECT event.id FROM results_event event
    JOIN results_season season ON season.id = event.season_id WHERE season.series_id = %s))"""
LEADING = "(line.position <= 3 OR line.grid = 1 OR line.best_lap_ms = line.fastest_ms)"
FIRST = "(line.position = 1 OR line.class_position = 1)"
OTHERS_DROVE = """EXISTS (SELECT 1 FROM results_sessioncrewmember own
    WHERE own.session_entry_id = line.session_entry_id AND own.line = line.line)"""


def _places_of(kind: SubjectKind, only: Sequence[int], scope: Scope) -> Part:
    """The subjects' lines, of qualifyings and sprints only the first ones.

    The cars come first, by index: a join from the rows would read the archive.
    """
    theirs = "entry.line IS NULL"
    if kind is SubjectKind.DRIVER:
        theirs = f"(entry.line = line.line OR entry.line IS NULL AND NOT {OTHERS_DROVE})"
    keys: tuple[Any, ...] = (list(only),) * CARS[kind].count("%s")
    lines = Part(
        f"""
        SELECT entry.subject_id, {LINE} FROM ({CARS[kind]}) entry ({CAR})
        JOIN results_session place ON place.id = entry.session_id AND place.kind = ANY(%s)
        JOIN results_classificationrow line ON line.session_entry_id = entry.id AND {theirs}
            AND (place.kind = ANY(%s) OR {FIRST})""",  # noqa: S608
        (*keys, COUNTED, FULL),
    )
    if scope.series is not None:
        lines += Part(OF_SERIES, (scope.series,))
    select = f"""WITH lines AS MATERIALIZED ({lines.sql}) SELECT lines.*, {SESSION}, NULL::int AS fastest_ms
        FROM lines JOIN standing session ON session.classification_id = lines.classification_id"""  # noqa: S608
    return Part(select, lines.params) + _in_class(scope, "lines.racing_class_id")


def _places_within(kind: SubjectKind, scope: Scope) -> Part:
    """Everybody's lines; of qualifyings and sprints only the first ones. `fastest_ms`: the best lap of race or class.

    The results are an array, looked up by index: a join alone would read every row of the archive.
    """
    if kind is SubjectKind.DRIVER:
        subject, seats = DRIVER_ID, SEATS
    else:
        subject = CAR_OF[kind]
        seats = """
            JOIN results_sessionentry car ON car.id = line.session_entry_id
            JOIN results_entry entry ON entry.id = car.entry_id
            LEFT JOIN results_carmodel model ON model.id = entry.car_model_id"""
    select = f"""SELECT {subject} AS subject_id, {LINE}, {SESSION}, line.fastest_ms
        FROM (SELECT rows.*, min(rows.best_lap_ms) OVER ({{alike}}) AS fastest_ms FROM standing
            JOIN results_classificationrow rows ON rows.classification_id = standing.classification_id
                AND (standing.kind = ANY(%s) OR rows.position = 1 OR rows.class_position = 1){{cars}}
            WHERE rows.classification_id = ANY(ARRAY(SELECT classification_id FROM standing))) line
        JOIN standing session ON session.classification_id = line.classification_id {seats}"""  # noqa: S608
    params: tuple[Any, ...] = (FULL,)
    cars = ""
    if scope.racing_class is not None:
        cars = """ JOIN results_sessionentry theirs ON theirs.id = rows.session_entry_id
            JOIN results_entry entered ON entered.id = theirs.entry_id AND entered.racing_class_id = %s"""
        params += (scope.racing_class,)
    part = Part(select.format(alike="PARTITION BY rows.classification_id", cars=cars), params)
    return part + Part(f" WHERE {LEADING}" if scope.leading else "")


def _in_class(scope: Scope, column: str) -> Part:
    return Part(f" WHERE {column} = %s", (scope.racing_class,)) if scope.racing_class is not None else Part("")


# ------------------------------------------------------------------ what it is worth

# Who was thrown out of a meeting without a lap and a place on the grid was not in the race.
STARTED_SQL = (
    """places.status = ANY(%s) AND (places.status <> %s OR places.laps IS NOT NULL OR places.grid IS NOT NULL)"""
)
# Asked line by line, each time by index: the planner takes the lines for few and would compare each with each.
FASTER = """SELECT 1 FROM results_classificationrow faster WHERE faster.classification_id = places.classification_id
    AND faster.best_lap_ms < places.best_lap_ms"""


def _marks(kind: SubjectKind, scope: Scope, *, whole: bool) -> Part:
    """One line for each of the subject's lines; where the pole follows from the qualifying, one more for that."""
    place = "class_position" if scope.racing_class is not None else "position"
    pole = "false" if scope.racing_class is not None else "COALESCE(places.grid = 1, false)"
    fastest = "places.best_lap_ms = places.fastest_ms" if whole else f"NOT EXISTS ({FASTER})"
    race = "places.kind = ANY(%s)"
    marks = (
        Part(
            f"""
            SELECT places.subject_id, places.session_id, places.series_id, places.season_id, places.session_entry_id,
                COALESCE(places.racing_class_id, 0) AS class_id,
                {race} AND {STARTED_SQL} AS started,
                {race} AND places.status = %s AS finished,
                {race} AND COALESCE(places.{place} = 1, false) AS won,
                {race} AND COALESCE(places.{place} <= 3, false) AS podium,
                {race} AND {pole} AS pole,
                {race} AND places.best_lap_ms IS NOT NULL AND {STARTED_SQL} AND {fastest}""",
            (FULL, STARTED, EXCLUDED, FULL, CLASSIFIED, FULL, FULL, FULL, FULL, STARTED, EXCLUDED),
        )
        + (_drove_it() if kind is SubjectKind.DRIVER else Part(""))
        + Part(
            f""" AS fastest_lap,
                {race} AND COALESCE(places.class_position = 1, false) AS class_won,
                {race} AND COALESCE(places.class_position <= 3, false) AS class_podium,
                places.kind = %s AND COALESCE(places.{place} = 1, false) AS sprint_won,
                places.kind = %s AND COALESCE(places.{place} = 1, false) AS led
            FROM places WHERE places.subject_id IS NOT NULL""",
            (FULL, FULL, str(SessionKind.SPRINT), str(SessionKind.QUALIFYING)),
        )
    )
    return marks if scope.racing_class is not None else marks + _poles_of_qualifyings()


def _drove_it() -> Part:
    """Of a crew the one who drove the lap; where the laps do not say who, nobody of it is named."""
    laps = of_queryset(LapSet.objects.public().order_by().values_list("session_id"))
    return (
        Part(
            """ AND ((SELECT count(*) FROM results_sessioncrewmember own
                    WHERE own.session_entry_id = places.session_entry_id AND own.line = places.line) = 1
                OR (NOT EXISTS (SELECT 1 FROM results_sessioncrewmember own
                    WHERE own.session_entry_id = places.session_entry_id AND own.line = places.line)
                    AND (SELECT count(*) FROM results_crewmember crew JOIN results_sessionentry car
                        ON car.entry_id = crew.entry_id WHERE car.id = places.session_entry_id) = 1)
                OR EXISTS (SELECT 1 FROM results_drivershare share
                    WHERE share.session_entry_id = places.session_entry_id AND share.driver_id = places.subject_id
                    AND share.best_lap_ms = places.best_lap_ms AND places.session_id IN ("""
        )
        + laps
        + Part(")))")
    )


def _poles_of_qualifyings() -> Part:
    """Nobody of a race stands on grid 1: the first of its qualifying has the pole.

    That is the only qualifying since the race before it. Where there were several, the data do not say which of them
    made the grid, and nobody has the pole.
    """
    return Part(
        f"""
        UNION ALL
        SELECT led.subject_id, session.id, led.series_id, led.season_id, led.session_entry_id, 0,
            false, false, false, false, true, false, false, false, false, false
        FROM places led
        JOIN LATERAL (SELECT race.* FROM seen race
            WHERE race.event_id = led.event_id AND race.kind = ANY(%s) AND {_follows("race", "led", "session_id")}
            ORDER BY race.sequence, race.starts_at NULLS FIRST, race.id LIMIT 1) session ON session.kind = ANY(%s)
        JOIN standing result ON result.session_id = session.id
        WHERE led.kind = %s AND led.position = 1 AND led.subject_id IS NOT NULL
        AND NOT EXISTS (SELECT 1 FROM results_classificationrow line
            WHERE line.classification_id = result.classification_id AND line.grid = 1)
        AND NOT EXISTS (SELECT 1 FROM seen other
            WHERE other.event_id = led.event_id AND other.kind = %s AND other.parent_id IS NULL
            AND other.id <> led.session_id AND {_follows("session", "other")}
            AND NOT EXISTS (SELECT 1 FROM seen race
                WHERE race.event_id = led.event_id AND race.kind = ANY(%s)
                AND {_follows("race", "other")} AND {_follows("session", "race")}))""",  # noqa: S608
        (RACED, FULL, str(SessionKind.QUALIFYING), str(SessionKind.QUALIFYING), RACED),
    )


def _follows(later: str, earlier: str, key: str = "id") -> str:
    """Whether one session comes after another of its event."""
    return f"""({later}.sequence, COALESCE({later}.starts_at, '-infinity'), {later}.id)
        > ({earlier}.sequence, COALESCE({earlier}.starts_at, '-infinity'), {earlier}.{key})"""


# A race is won, started or begun from pole once, in however many cars; a class once a race. The podiums of a team or a
# maker are places: two of its cars on it are two podiums. A driver stands there once.
FLAGS = ", ".join(f"bool_or({feat}) AS {feat}" for feat in [*Feat, "sprint_won", "led"])
COUNTS = {  # by whether the subject is a driver
    True: ("bool_or(podium)::int", "count(DISTINCT class_id)"),
    False: ("count(DISTINCT session_entry_id) FILTER (WHERE podium)", "count(DISTINCT session_entry_id)"),
}


def _taken(*, by_driver: bool, with_classes: bool) -> str:
    """Counting different classes takes a sorting, which rankings do without."""
    podiums, of_class = COUNTS[by_driver]
    classes = f""", {of_class} FILTER (WHERE class_podium) AS class_podiums,
        count(DISTINCT class_id) FILTER (WHERE class_won) AS class_wins"""
    return f"""
        SELECT subject_id, session_id, min(series_id) AS series_id, min(season_id) AS season_id, {FLAGS},
            {podiums} AS podiums{classes if with_classes else ""}
        FROM marks GROUP BY subject_id, session_id"""  # noqa: S608


TAKEN = {
    (by_driver, with_classes): _taken(by_driver=by_driver, with_classes=with_classes)
    for by_driver in (True, False)
    for with_classes in (True, False)
}
