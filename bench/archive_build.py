"""The archive of the bench: every table filled set-wise by SQL, the keys computed, so that ten million laps take minutes.

All cars of a season keep number, team and crew; every season has drivers of its own. So a page of the small archive
has exactly as many lines as the same page of the large one, and only what lies around it differs.
"""

import sys
import time
from dataclasses import asdict, dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Shape:
    """How much there is. A race is the last of the sessions of an event; only races have laps."""

    series: int = 10
    seasons: int = 20
    events: int = 12
    sessions: int = 7
    cars: int = 60
    laps: int = 70

    @property
    def rows(self) -> int:
        return self.series * self.seasons * self.events * self.sessions * self.cars

    @property
    def all_laps(self) -> int:
        return self.rows // self.sessions * self.laps


LARGE = Shape()
SMALL = Shape(series=1, seasons=1)  # about what the demo holds
SEATS = 3

# In the order of what refers to what; the names in % are those of Shape.
STEPS = (
    ("series", """
        INSERT INTO results_series (id, name, short_name, slug, folded, accent, description)
        SELECT s, 'Serie ' || s, '', 'serie-' || s, 'serie ' || s, s %% 8, '' FROM generate_series(1, %(series)s) s"""),
    ("seasons", """
        INSERT INTO results_season (id, series_id, label, slug, series_name)
        SELECT (s - 1) * %(seasons)s + y, s, (2026 - y)::text, (2026 - y)::text, ''
        FROM generate_series(1, %(series)s) s, generate_series(1, %(seasons)s) y"""),
    ("circuits", """
        INSERT INTO results_circuit (id, name, slug, folded, town, country, time_zone)
        SELECT c, 'Strecke ' || c, 'strecke-' || c, 'strecke ' || c, 'Ort', 'DE', 'Europe/Berlin'
        FROM generate_series(1, %(events)s) c"""),
    ("layouts", """
        INSERT INTO results_layout (id, circuit_id, name, length_m, turns, valid_from, valid_until, note)
        SELECT c, c, 'Grand Prix', 4000 + c * 37, 14, '', '', '' FROM generate_series(1, %(events)s) c"""),
    ("events", """
        INSERT INTO results_event (id, season_id, name, slug, circuit_id, layout_id, starts_on, ends_on, around, time_zone, status, note)
        SELECT (season.id - 1) * %(events)s + e, season.id, 'Rennen ' || e, 'rennen-' || e, e, e,
               make_date(season.label::int, 2, 1) + e * 14, make_date(season.label::int, 2, 3) + e * 14, '',
               'Europe/Berlin', 'scheduled', ''
        FROM results_season season, generate_series(1, %(events)s) e"""),
    ("sessions", """
        INSERT INTO results_session (id, event_id, key, name, slug, kind, sequence, local_date, starts_at, ends_at, end_estimated, status)
        SELECT (event.id - 1) * %(sessions)s + k, event.id,
               CASE WHEN k = %(sessions)s THEN 'R' WHEN k = %(sessions)s - 1 THEN 'Q' ELSE 'FP' || k END,
               CASE WHEN k = %(sessions)s THEN 'Rennen' WHEN k = %(sessions)s - 1 THEN 'Qualifying' ELSE k || '. Training' END,
               CASE WHEN k = %(sessions)s THEN 'rennen' WHEN k = %(sessions)s - 1 THEN 'qualifying' ELSE 'training-' || k END,
               CASE WHEN k = %(sessions)s THEN 'race' WHEN k = %(sessions)s - 1 THEN 'qualifying' ELSE 'practice' END,
               k, event.starts_on + k / 3, event.starts_on + k / 3 + make_interval(hours => 8 + k), event.starts_on + k / 3 + make_interval(hours => 9 + k),
               false, 'scheduled'
        FROM results_event event, generate_series(1, %(sessions)s) k"""),
    ("makers", """
        INSERT INTO results_manufacturer (id, name, slug, folded)
        SELECT m, 'Marke ' || m, 'marke-' || m, 'marke ' || m FROM generate_series(1, 12) m"""),
    ("cars' models", """
        INSERT INTO results_carmodel (id, name, slug, folded, manufacturer_id)
        SELECT m, 'Modell ' || m, 'modell-' || m, 'modell ' || m, m FROM generate_series(1, 12) m"""),
    ("teams", """
        INSERT INTO results_team (id, name, slug, folded, country)
        SELECT t, 'Team ' || t, 'team-' || t, 'team ' || t, ''
        FROM generate_series(1, %(series)s * %(seasons)s * %(cars)s / 2) t"""),
    ("classes", """
        INSERT INTO results_racingclass (id, series_id, name, slug, folded, sequence)
        SELECT (s - 1) * 4 + c, s, 'Klasse ' || c, 'klasse-' || c, 'klasse ' || c, c
        FROM generate_series(1, %(series)s) s, generate_series(1, 4) c"""),
    ("drivers", """
        INSERT INTO results_driver (id, first_name, last_name, slug, folded, sort_key, nationality, birth_date, town, is_pseudonym)
        SELECT d, 'Vorname ' || d %% 97, 'Name ' || d, 'fahrer-' || d, 'vorname ' || d %% 97 || ' name ' || d,
               'name ' || d || ' vorname ' || d %% 97, 'GER', '', '', false
        FROM generate_series(1, %(series)s * %(seasons)s * %(cars)s * 3) d"""),
    ("entries", """
        INSERT INTO results_entry (id, event_id, number, line, team_id, entrant, car_model_id, racing_class_id, is_guest)
        SELECT (event.id - 1) * %(cars)s + c, event.id, c::text, 1, (event.season_id - 1) * %(cars)s / 2 + (c + 1) / 2, '',
               c %% 12 + 1, (season.series_id - 1) * 4 + c %% 4 + 1, false
        FROM results_event event JOIN results_season season ON season.id = event.season_id, generate_series(1, %(cars)s) c"""),
    ("crews", """
        INSERT INTO results_crewmember (entry_id, driver_id, seat)
        SELECT entry.id, ((event.season_id - 1) * %(cars)s + entry.number::int - 1) * 3 + seat, seat
        FROM results_entry entry JOIN results_event event ON event.id = entry.event_id, generate_series(1, 3) seat"""),
    ("cars in sessions", """
        INSERT INTO results_sessionentry (id, session_id, entry_id)
        SELECT (session.id - 1) * %(cars)s + c, session.id, (session.event_id - 1) * %(cars)s + c
        FROM results_session session, generate_series(1, %(cars)s) c"""),
    ("original", """
        INSERT INTO results_sourcedocument (id, sha256, name, size, content, format)
        VALUES (1, repeat('a', 64), 'bench.csv', 5, 'bench', 'bench')"""),
    ("import", """
        INSERT INTO results_importrun (id, document_id, created, changed, reason, report) VALUES (1, 1, 0, 0, '', '{}')"""),
    ("classifications", """
        INSERT INTO results_classification (id, session_id, checkpoint, version, state, is_current, is_complete, part_names, reason,
                                            document_id, import_run_id, released_at, public_from)
        SELECT id, id, '', 1, 'final', true, true, '{}', '', 1, 1, now(), now() FROM results_session"""),
    ("rows", """
        INSERT INTO results_classificationrow (id, classification_id, session_entry_id, line, display_order, position, class_position,
               status, printed_status, laps, total_ms, gap_ms, best_lap_ms, best_lap_number, grid, penalty_ms, penalty_laps)
        SELECT car.id, car.session_id, car.id, 1, place, place, (place + 3) / 4, 'classified', '', %(laps)s,
               %(laps)s * (100000 + place * 41), nullif((place - 1) * 977, 0), 99000 + place * 37, 12, place, 0, 0
        FROM (SELECT id, session_id, (id - 1) %% %(cars)s + 1 AS place FROM results_sessionentry) car"""),
    ("laps", """
        INSERT INTO results_lap (session_entry_id, number, seat, time_ms, day_ms, in_pit, is_valid, pit_ms)
        SELECT car.id, lap, lap * 3 / (%(laps)s + 1) + 1, 99000 + (car.id * 131 + lap * 977) %% 4000, 43200000 + lap * 101000,
               lap %% 25 = 0, lap %% 40 <> 0, CASE WHEN lap > 1 AND lap %% 25 = 1 THEN 63000 END
        FROM results_sessionentry car JOIN results_session session ON session.id = car.session_id AND session.kind = 'race',
             generate_series(1, %(laps)s) lap
        ORDER BY car.id, lap"""),
    ("lap sets", """
        INSERT INTO results_lapset (session_id, document_id, import_run_id, count)
        SELECT id, 1, 1, %(cars)s * %(laps)s FROM results_session WHERE kind = 'race'"""),
    ("traces", """
        INSERT INTO results_cartrace (session_entry_id, positions, gaps_ms, times_ms, pit_laps, deleted_laps)
        SELECT car.id, ARRAY(SELECT (((car.id + lap / 9) %% %(cars)s) + 1)::smallint FROM generate_series(1, %(laps)s) lap),
               ARRAY(SELECT (car.id %% %(cars)s)::int * lap * 41 FROM generate_series(1, %(laps)s) lap),
               ARRAY(SELECT (99000 + (car.id * 131 + lap * 977) %% 4000)::int FROM generate_series(1, %(laps)s) lap), '{25,50}', '{}'
        FROM results_sessionentry car JOIN results_session session ON session.id = car.session_id AND session.kind = 'race'"""),
    ("stints", """
        INSERT INTO results_stint (session_entry_id, sequence, seat, driver_id, first_lap, last_lap, laps, drive_ms, best_lap_ms,
                                   best_lap_number, pit_ms, ends_in_pit)
        SELECT car.id, crew.seat, crew.seat, crew.driver_id, (crew.seat - 1) * 23 + 1, crew.seat * 23, 23, 2300000, 99100,
               (crew.seat - 1) * 23 + 5, 63000, true
        FROM results_sessionentry car JOIN results_session session ON session.id = car.session_id AND session.kind = 'race'
        JOIN results_crewmember crew ON crew.entry_id = car.entry_id"""),
    ("shares", """
        INSERT INTO results_drivershare (session_entry_id, seat, driver_id, laps, drive_ms, best_lap_ms, best_lap_number)
        SELECT session_entry_id, seat, driver_id, laps, drive_ms, best_lap_ms, best_lap_number FROM results_stint"""),
)  # fmt: skip


def is_built(shape: Shape) -> bool:
    """Whether this database holds the archive already."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM results_stint")
        (stints,) = cursor.fetchone()
    return stints == shape.rows // shape.sessions * SEATS


def build(shape: Shape) -> None:
    """Fills an empty, migrated database. Keys are right by construction, so triggers and foreign keys are not asked."""
    began = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET synchronous_commit = off")
        cursor.execute("SET work_mem = '64MB'")
        for name, statement in STEPS:
            step = time.perf_counter()
            cursor.execute(statement, asdict(shape))
            print(f"  {name:18} {cursor.rowcount:10} {time.perf_counter() - step:7.1f} s", file=sys.stderr, flush=True)
        cursor.execute("VACUUM ANALYZE")
    connection.close()
    print(f"built in {time.perf_counter() - began:.0f} s", file=sys.stderr)
