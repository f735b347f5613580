"""Texts in the background, run for real: a worker process reads what a person has left behind."""

import pytest
from django.db import connection, transaction

from articles.importers import batches
from articles.models import Article, TextItem
from results.importers.plan import Upload
from tests.factories import UserFactory
from tests.site.test_jobs import start_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _no_jobs_of_others():
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


def texts(number):
    stories = [
        f"Sieg Nummer {one}\n\n" + f"Zum {one}. Mal stand Wagen {one * 3} ganz vorn. " * 4 for one in range(number)
    ]
    return [Upload(f"{one}.txt", story.encode()) for one, story in enumerate(stories)]


def jobs():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'work_on_text'")
        return cursor.fetchone()[0]


def test_a_worker_reads_what_a_closed_browser_left_and_a_killed_one_reads_nothing_twice():
    batches.open_batch(texts(6), by=UserFactory(role="editor"))
    assert jobs() == 6
    with connection.cursor() as cursor:  # a worker was killed over the first
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing' WHERE id = (SELECT min(id) FROM procrastinate_jobs)"
        )

    worker = start_worker("--once")
    _out, errors = worker.communicate(timeout=120)

    assert (worker.returncode, errors) == (0, "")
    assert Article.objects.count() == 6
    assert set(TextItem.objects.values_list("state", flat=True)) == {TextItem.State.DONE}
    assert jobs() == 0


def test_the_jobs_are_written_with_the_batch_or_not_at_all():
    with transaction.atomic():
        batches.open_batch(texts(2), by=UserFactory(role="editor"))
        transaction.set_rollback(True)

    assert jobs() == 0
    assert not TextItem.objects.exists()
