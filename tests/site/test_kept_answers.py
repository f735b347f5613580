"""Whole pages kept in memory: built once, and gone in the very instant in which anything that readers see is another."""

import datetime as dt

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from articles import workflow
from racedesk.kept import KeptAnswers
from tests import factories
from tests.site.test_freshness import PAGES, weekend, writes  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

UNLIKE = {"Date"}


def said(answer):
    return answer.status_code, answer.content, {name: text for name, text in answer.items() if name not in UNLIKE}


@pytest.mark.parametrize("path", PAGES)
def test_the_second_reader_gets_the_same_and_nothing_is_asked_for_it(client, weekend, path, django_assert_num_queries):  # noqa: F811
    first = client.get(path)

    with django_assert_num_queries(0):
        second = client.get(path)

    assert said(second) == said(first)
    assert second.kept


def test_a_page_that_a_write_has_changed_is_built_anew(client, weekend):  # noqa: F811
    for path, act in writes(weekend):
        before = client.get(path)
        assert client.get(path).content == before.content
        act()
        after = client.get(path)
        assert after.status_code in {200, 410}, (path, after.status_code)
        assert after.content != before.content, path


def test_what_is_taken_down_is_gone_for_a_process_that_keeps_it(client, weekend):  # noqa: F811
    article = factories.publish(title="Wegdamit", slug="wegdamit").article
    paths = ["/", "/artikel/wegdamit/", "/feeds/rss.xml", "/suche/?q=wegdamit"]
    assert all("Wegdamit" in client.get(path).content.decode() for path in paths for _twice in range(2))

    workflow.take_down(article, by=factories.UserFactory(role="chief"), reason="Falsch.")  # by another process, say

    assert client.get("/artikel/wegdamit/").status_code == 404
    assert not any("Wegdamit" in client.get(path).content.decode() for path in paths)


def test_a_border_in_time_needs_no_write(client, weekend):  # noqa: F811
    instant = timezone.now() + dt.timedelta(seconds=1)
    factories.publish(title="Pünktlich", slug="puenktlich", visible_from=instant)
    before = client.get("/").content.decode()
    hidden = client.get("/artikel/puenktlich/")

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep_until(%s)", [instant + dt.timedelta(milliseconds=20)])

    assert (hidden.status_code, client.get("/artikel/puenktlich/").status_code) == (404, 200)
    assert "Pünktlich" not in before
    assert "Pünktlich" in client.get("/").content.decode()


@pytest.mark.parametrize("header", ["Authorization", "Cookie", "Range"])
def test_who_shows_anything_of_his_own_gets_nothing_kept(client, weekend, header):  # noqa: F811
    client.get("/")

    answer = client.get("/", headers={header: "sessionid=x"})

    assert not hasattr(answer, "kept")


def test_an_answer_for_one_person_is_kept_for_nobody(client, weekend):  # noqa: F811
    client.get("/", headers={"authorization": "Bearer x"})

    assert not hasattr(client.get("/"), "kept")


def test_compressed_and_plain_are_two_answers(client, weekend):  # noqa: F811
    plain = client.get("/")
    compressed = client.get("/", headers={"accept-encoding": "gzip"})

    assert compressed["Content-Encoding"] == "gzip"
    assert said(client.get("/")) == said(plain)
    assert said(client.get("/", headers={"accept-encoding": "gzip"})) == said(compressed)


def test_another_name_of_the_site_is_another_answer(client, weekend):  # noqa: F811
    client.get("/")

    assert not hasattr(client.get("/", headers={"host": "localhost"}), "kept")


@pytest.mark.parametrize("path", ["/gibt-es-nicht/", "/artikel/gibt-es-nicht/"])
def test_refusals_are_not_kept(client, weekend, path):  # noqa: F811
    assert [client.get(path).status_code for _twice in range(2)] == [404, 404]
    assert not hasattr(client.get(path), "kept")


def test_without_room_every_page_is_built(weekend, settings):  # noqa: F811
    settings.KEPT_ANSWERS_BYTES = 0
    client = Client()
    client.get("/")

    assert not hasattr(client.get("/"), "kept")


class TestRoom:
    def test_what_was_asked_for_longest_ago_makes_room(self):
        kept = KeptAnswers(room=64)
        for number in range(16):
            kept.put("now", number, HttpResponse(b"1234"))
        kept.get("now", 0)
        kept.put("now", "new", HttpResponse(b"1234"))

        assert kept.get("now", 1) is None
        assert kept.get("now", 0).content == b"1234"
        assert kept.taken == 64

    def test_an_answer_kept_again_takes_its_room_once(self):
        kept = KeptAnswers(room=64)
        for _turn in range(3):
            kept.put("now", "page", HttpResponse(b"1234"))

        assert kept.taken == 4

    def test_one_that_would_drive_out_the_others_is_not_kept(self):
        kept = KeptAnswers(room=64)
        kept.put("now", "large", HttpResponse(b"12345"))

        assert kept.get("now", "large") is None

    def test_another_state_forgets_all(self):
        kept = KeptAnswers(room=64)
        kept.put("now", "page", HttpResponse(b"1234"))
        kept.put("then", "other", HttpResponse(b"1234"))

        assert [kept.get(state, "page") for state in ("now", "then")] == [None, None]
        assert kept.taken == 4
