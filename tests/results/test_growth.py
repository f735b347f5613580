"""What the public pages read does not grow with the archive: their queries take indexes, not whole tables."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from results import selectors
from results.importers import waiting
from results.importers.loading.unseen import Unseen
from results.models import Classification, ClassificationRow, Entry, ImportRun, Session, SessionEntry
from tests.factories import LONG_AGO, EventFactory, SessionFactory, SourceDocumentFactory

pytestmark = pytest.mark.django_db
SESSIONS, CARS = 3_000, 5


@pytest.fixture
def archive():
    """Many sessions with results of a few cars each; enough that Postgres takes an index where there is one."""
    event = EventFactory()
    entries = Entry.objects.bulk_create(Entry(event=event, number=str(number)) for number in range(1, CARS + 1))
    sessions = Session.objects.bulk_create(
        Session(
            event=event, key=f"S{number}", slug=f"s{number}", name="Rennen", kind="race", public_from=LONG_AGO,
            local_date=event.starts_on,
        )
        for number in range(SESSIONS)
    )  # fmt: skip
    results = Classification.objects.bulk_create(
        Classification(session=session, version=1, state="final") for session in sessions
    )
    cars = SessionEntry.objects.bulk_create(
        SessionEntry(session=session, entry=entry) for session in sessions for entry in entries
    )
    ClassificationRow.objects.bulk_create(
        ClassificationRow(
            classification=results[number // CARS], session_entry=car, display_order=number % CARS + 1,
            position=number % CARS + 1, status="classified",
        )
        for number, car in enumerate(cars)
    )  # fmt: skip
    Classification.objects.update(released_at=timezone.now(), public_from=LONG_AGO, is_current=True)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return event


def plans_of(queries):
    with connection.cursor() as cursor:
        for query in queries:
            cursor.execute("EXPLAIN " + query["sql"])
            yield "\n".join(line for (line,) in cursor.fetchall())


def test_latest_results_read_no_table_whole(archive):
    with CaptureQueriesContext(connection) as queries:
        found = selectors.latest_results()

    assert len(found) == 5
    plans = "\n".join(plans_of(queries.captured_queries))
    for table in ("session", "classification", "classificationrow", "sessionentry"):
        assert f"Seq Scan on results_{table} " not in plans, plans


def test_the_imports_of_an_event_are_found_without_reading_every_report():
    event, document = EventFactory(), SourceDocumentFactory()
    ImportRun.objects.bulk_create(
        ImportRun(document=document, report={"event": f"anderes-{number}", "held": {"event": -number - 1}})
        for number in range(5_000)
    )
    own = ImportRun.objects.create(document=document, report={"event": event.slug, "held": {"event": event.pk}})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE results_importrun")

    with CaptureQueriesContext(connection) as queries:
        found = Unseen(event)._runs
        waiting._newest(SessionFactory(event=event))

    assert found == [own]
    asked = [query for query in queries.captured_queries if "results_importrun" in query["sql"]]
    plans = list(plans_of(query for query in asked if query["sql"].startswith("SELECT")))
    assert len(plans) == 2
    assert all("Seq Scan on results_importrun" not in plan for plan in plans), plans
