"""Twenty askings for absent pictures within a minute are one line of alarm, whichever process answered them."""

import subprocess
import sys
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from articles import pictures
from racedesk import media_watch
from tests.articles.picture_files import picture, upload
from tests.factories import ArticleFactory, publish

PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _clean():
    yield
    media_watch._path().unlink(missing_ok=True)


def alarms_of(client, polls, **headers):
    with capture_logs() as logs:
        for number in range(polls):
            client.get(f"/medien/{'A' * 21}{number % 10}/w480", **headers)
    return [line for line in logs if line.get("alarm") == "media"]


@pytest.mark.django_db
class TestPolling:
    def test_twenty_in_a_minute_raise_one_line(self, client):
        assert alarms_of(client, 19) == []

        assert [line["client"] for line in alarms_of(client, 41)] == ["127.0.0.1"]

    def test_many_askers_of_a_few_raise_none(self, client):
        lines = [alarms_of(client, 10, REMOTE_ADDR=f"192.0.2.{number}") for number in range(6)]

        assert lines == [[]] * 6

    def test_pictures_that_are_there_raise_none(self, client):
        image = pictures.store_upload(upload(picture()), by=None, alt="x", credit="x")
        publish(ArticleFactory(lead_image=image))
        with capture_logs() as logs:
            for _ in range(30):
                client.get(f"/medien/{image.token}/w480").getvalue()

        assert not [line for line in logs if line.get("alarm")]

    def test_other_absent_pages_raise_none(self, client):
        with capture_logs() as logs:
            for _ in range(30):
                client.get("/artikel/gibt-es-nicht/")

        assert not [line for line in logs if line.get("alarm")]


def test_the_same_number_over_a_longer_time_raises_none():
    assert not any(media_watch.note("x", now=1_000_000 + 3.2 * number) for number in range(200))


def test_an_alarm_is_raised_again_after_a_minute():
    raised = [number for number in range(200) if media_watch.note("x", now=1_000_000 + number)]

    assert raised == [19, 80, 141]


def test_processes_count_together():
    code = (
        "import django; django.setup(); from django.conf import settings; import sys;"
        "settings.MEDIA_ROOT = sys.argv[1]; from racedesk import media_watch;"
        "print(sum(media_watch.note('x') for _ in range(10)))"
    )
    from django.conf import settings  # noqa: PLC0415

    command = [sys.executable, "-c", code, str(settings.MEDIA_ROOT)]
    running = [
        subprocess.Popen(
            command, cwd=PROJECT, env={"DJANGO_SETTINGS_MODULE": "racedesk.settings"}, stdout=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]

    assert sum(int(one.communicate(timeout=60)[0]) for one in running) == 1


def test_a_disk_that_cannot_be_written_is_no_error(monkeypatch):
    monkeypatch.setattr(media_watch, "_path", lambda: Path("/proc/nirgends"))

    assert media_watch.note("x") is False


def test_a_file_that_another_user_laid_there_is_not_followed(tmp_path, monkeypatch):
    target = tmp_path / "fremd"
    target.write_bytes(b"")
    link = tmp_path / "link"
    link.symlink_to(target)
    monkeypatch.setattr(media_watch, "_path", lambda: link)

    assert not any(media_watch.note("x") for _ in range(30))
    assert target.read_bytes() == b""
