"""A vacuum that comes by in the midst of an import makes Postgres take full tables for empty; the import puts it right."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, connections, transaction

from results.importers.loading.planner import inform_planner
from results.importers.loading.summaries import write_summaries
from results.importers.undo import plan_undo
from results.models import Driver, Entry, Lap, SessionCrewMember, SessionEntry
from tests import factories
from tests.results.made import load, parsed, race, two_cars
from tests.results.test_f1db import EXTRACT

pytestmark = pytest.mark.django_db(transaction=True)

DRIVERS = 2_000
TABLE = "public.results_driver"


@pytest.fixture(autouse=True)
def _new_files(transactional_db):
    """What is emptied row by row keeps its pages and what was counted of them; here a table must be as if new."""
    tables = ", ".join(
        connection.ops.quote_name(model._meta.db_table) for model in apps.get_app_config("results").get_models()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} CASCADE")


def drivers(count: int = DRIVERS) -> None:
    Driver.objects.bulk_create(
        Driver(last_name=f"Fahrer {n}", slug=f"fahrer-{n}", folded=f"fahrer {n}", sort_key=f"fahrer {n}")
        for n in range(count)
    )


def believed(table: str = "results_driver") -> int:
    """How many rows the planner expects."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples::int FROM pg_class WHERE oid = %s::regclass", [table])
        return cursor.fetchone()[0]


def elsewhere(statement: str) -> None:
    """Carried out by somebody else, outside of this transaction."""
    other = connections.create_connection("default")
    try:
        with other.cursor() as cursor:
            cursor.execute(statement)
    finally:
        other.close()


def test_a_table_taken_for_empty_is_counted_with_the_rows_of_this_transaction():
    with transaction.atomic():
        drivers()
        elsewhere("VACUUM results_driver")
        assert believed() == 0

        assert TABLE in inform_planner()

        assert believed() == DRIVERS
        assert TABLE not in inform_planner()


def test_what_was_counted_is_committed_with_the_rows():
    with transaction.atomic():
        drivers()
        elsewhere("VACUUM results_driver")
        inform_planner()

    assert believed() == DRIVERS


def test_a_table_that_has_grown_tenfold_is_counted_again():
    drivers(20)
    elsewhere("ANALYZE results_driver")
    with transaction.atomic():
        Driver.objects.filter(folded="fahrer 0").delete()
        Driver.objects.bulk_create(
            Driver(last_name=f"Neu {n}", slug=f"neu-{n}", folded=f"neu {n}", sort_key=f"neu {n}") for n in range(9_000)
        )

        assert TABLE in inform_planner()


def test_small_and_well_known_tables_are_left_alone():
    drivers(20)
    elsewhere("ANALYZE results_driver")

    assert TABLE not in inform_planner()


def test_an_emptied_table_is_not_counted_again_and_again():
    with transaction.atomic():
        drivers()
        transaction.set_rollback(True)
    connection.close()  # hands over what this session has counted
    elsewhere("VACUUM (TRUNCATE false) results_driver")
    assert believed() == 0

    assert TABLE not in inform_planner()


def test_nobody_is_waited_for():
    other = connections.create_connection("default")
    try:
        with transaction.atomic():
            drivers()
            elsewhere("VACUUM results_driver")
            with other.cursor() as cursor:
                cursor.execute("BEGIN; LOCK TABLE results_driver IN SHARE UPDATE EXCLUSIVE MODE")
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '2s'")

            inform_planner()
    finally:
        other.close()

    assert Driver.objects.count() == DRIVERS


def take_for_empty(model) -> None:
    """Pages and no row, as a vacuum notes a table in the midst of an import or after a refused one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE pg_class SET reltuples = 0, relpages = 1 WHERE oid = %s::regclass", [model._meta.db_table]
        )


class TestWhoAsks:
    """Each way of writing many rows puts right what is believed of its tables."""

    def test_an_import_of_what_it_has_written(self):
        for model in (Entry, SessionEntry, Driver):
            take_for_empty(model)

        load(parsed(race(rows=two_cars())))

        assert [believed(f"results_{name}") for name in ("entry", "sessionentry", "driver")] == [2, 2, 3]

    def test_an_import_of_what_it_finds(self):
        load(parsed(race(rows=two_cars())))
        take_for_empty(Entry)

        load(parsed(race(rows=two_cars())))  # holds nothing new

        assert believed("results_entry") == 2

    def test_summaries_of_the_laps_just_written(self):
        car = factories.SessionEntryFactory()
        take_for_empty(Lap)
        with transaction.atomic():
            factories.drive(car, *[100_000] * 30)
            write_summaries(car.session)

        assert believed("results_lap") == 30

    def test_undoing(self):
        run = load(parsed(race(rows=two_cars()))).run
        take_for_empty(Entry)

        plan_undo(run, by=factories.UserFactory(role="results"))

        assert believed("results_entry") == 2

    def test_a_season_of_the_archive(self):
        call_command("import_f1db", str(EXTRACT), stdout=StringIO(), stderr=StringIO())
        take_for_empty(Entry)

        call_command("import_f1db", str(EXTRACT), stdout=StringIO(), stderr=StringIO())  # holds nothing new

        assert believed("results_entry") == Entry.objects.count() > 0


def test_the_crews_of_an_event_are_joined_by_keys_then():
    """The statement that took minutes: each step walked a whole table for each row of the one before."""
    session = factories.SessionFactory()
    with transaction.atomic():
        drivers()
        members = Driver.objects.order_by("pk")
        for number in range(60):
            entry = factories.SessionEntryFactory(session=session)
            SessionCrewMember.objects.create(session_entry=entry, seat=1, driver=members[number])
        for table in ("driver", "entry", "sessionentry", "sessioncrewmember", "session", "event"):
            elsewhere(f"VACUUM results_{table}")
        crews = SessionCrewMember.objects.filter(session_entry__session__event=session.event).select_related("driver")

        mistaken = crews.explain()
        inform_planner()
        informed = crews.explain()

    assert "rows=60" not in mistaken
    assert "rows=60" in informed, informed
