"""A vacuum that comes by in the midst of an import makes Postgres take full tables for empty; the import puts it right."""

import pytest
from django.db import connection, connections, transaction

from results.importers.loading.planner import inform_planner
from results.models import Driver, SessionCrewMember
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

DRIVERS = 2_000


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

        assert inform_planner() == ["public.results_driver"]

        assert believed() == DRIVERS
        assert inform_planner() == []


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

        assert inform_planner() == ["public.results_driver"]


def test_small_and_well_known_tables_are_left_alone():
    drivers(20)
    elsewhere("ANALYZE results_driver")

    assert inform_planner() == []


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
