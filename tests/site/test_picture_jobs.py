"""Sizes of pictures made by a real worker: asked for in the act, killed half-way, taken up, never made twice."""

import io
import os
import signal

import PIL.Image
import pytest
from django.conf import settings
from django.db import connection, transaction

from articles import picture_store, pictures, renditions
from articles.models import Image
from tests.articles.picture_files import picture, upload
from tests.site.test_jobs import start_worker, wait_until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def _no_jobs_of_others(monkeypatch):
    monkeypatch.setenv("RACEDESK_MEDIA_ROOT", str(settings.MEDIA_ROOT))
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_periodic_defers CASCADE")


def waiting():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'make_renditions' AND status = 'todo'"
        )
        return cursor.fetchone()[0]


def work_off():
    worker = start_worker("--once")
    _out, errors = worker.communicate(timeout=120)
    assert (worker.returncode, errors) == (0, "")


def photo(width=1700, height=960):
    target = io.BytesIO()
    PIL.Image.effect_noise((width, height), 60).convert("RGB").save(target, "JPEG")
    return target.getvalue()


def test_an_upload_asks_and_the_worker_makes():
    image = pictures.store_upload(upload(picture(1700, 960)), by=None)
    assert (waiting(), renditions.progress(image)[0]) == (1, 5)

    work_off()

    made, all_sizes = renditions.progress(Image.objects.get())
    assert (made, waiting()) == (all_sizes, 0)


def test_an_upload_that_is_taken_back_asks_for_nothing():
    with transaction.atomic():
        pictures.store_upload(upload(picture()), by=None)
        transaction.set_rollback(True)

    assert (waiting(), Image.objects.count()) == (0, 0)


def test_a_worker_killed_half_way_is_taken_up_and_nothing_is_left_over():
    image = pictures.store_upload(upload(photo(3000, 2000)), by=None)
    worker = start_worker()
    wait_until(lambda: image.renditions.count() > 8)
    os.kill(worker.pid, signal.SIGKILL)
    worker.communicate()
    half = set(image.renditions.values_list("pk", flat=True))
    assert len(half) < len(renditions.SIZES)

    work_off()

    image = Image.objects.get()
    made, all_sizes = renditions.progress(image)
    assert made == all_sizes == image.renditions.count()
    assert half < set(image.renditions.values_list("pk", flat=True))
    assert picture_store.compare(settled=-picture_store.SETTLED) == picture_store.Difference((), (), ())


def test_asking_for_all_makes_what_pictures_of_the_first_release_lack():
    image = pictures.store_upload(upload(picture(1700, 960)), by=None)
    image.renditions.exclude(name="social").delete()
    work_off()
    image.renditions.filter(name__startswith="16x9").delete()

    picture_store.ask_for_all()
    work_off()

    made, all_sizes = renditions.progress(Image.objects.get())
    assert made == all_sizes
