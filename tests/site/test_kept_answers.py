"""Whole pages kept in memory: built once, and gone in the very instant in which anything that readers see is another."""

import datetime as dt

import pytest
from django.db import connection
from django.http import HttpResponse, StreamingHttpResponse
from django.middleware.http import ConditionalGetMiddleware
from django.test import Client, RequestFactory
from django.utils import timezone

from articles import workflow
from racedesk.conditional import FreshnessMiddleware
from racedesk.kept import BESIDE, LARGEST, MOST, KeptAnswers
from results import models as facts
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
    instant = timezone.now() + dt.timedelta(seconds=2)
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


class TestWhatIsKept:
    """The rules one by one, with a view of our own behind the middleware."""

    def ask(self, middleware, path="/", method="get", **headers):
        request = getattr(RequestFactory(), method)(path, headers=headers)
        return middleware(request)

    def behind(self, view):
        return FreshnessMiddleware(ConditionalGetMiddleware(view))

    def counting(self, **headers):
        calls = iter(range(1, 100))

        def view(_request):
            return HttpResponse(f"built {next(calls)}", headers=headers)

        return self.behind(view)

    def bodies(self, middleware, *asked):
        return [self.ask(middleware, **about).content.decode() for about in asked]

    def test_a_page_is_built_once(self):
        assert self.bodies(self.counting(), {}, {}, {}) == ["built 1"] * 3

    def test_what_was_written_while_it_was_built_makes_it_old(self):
        """The page is kept under the state from before; under the one of now it would stay for ever."""
        calls = iter(range(1, 100))

        def view(_request):
            built = next(calls)
            if built == 1:
                facts.Series.objects.create(name="Neu", slug="neu")
            return HttpResponse(f"built {built}")

        assert self.bodies(self.behind(view), {}, {}, {}) == ["built 1", "built 2", "built 2"]

    @pytest.mark.parametrize(
        "headers",
        [{"Vary": "Cookie"}, {"Cache-Control": "no-store"}, {"Cache-Control": "private"}, {"Set-Cookie": "a=b"}],
        ids=str,
    )
    def test_no_answer_that_is_for_one_person(self, headers):
        cookie = headers.pop("Set-Cookie", "")
        calls = iter(range(1, 100))

        def view(_request):
            answer = HttpResponse(f"built {next(calls)}", headers=headers)
            if cookie:
                answer.set_cookie("a", "b")
            return answer

        assert self.bodies(self.behind(view), {}, {}) == ["built 1", "built 2"]

    @pytest.mark.parametrize("status", [203, 301, 404, 410, 500])
    def test_no_answer_but_a_whole_page(self, status):
        calls = iter(range(1, 100))
        middleware = self.behind(lambda _request: HttpResponse(f"built {next(calls)}", status=status))

        assert self.bodies(middleware, {}, {}) == ["built 1", "built 2"]

    def test_no_file_that_is_streamed(self):
        calls = iter(range(1, 100))

        def view(_request):
            return StreamingHttpResponse([f"built {next(calls)}".encode()], headers={"ETag": '"x"'})

        middleware = self.behind(view)
        assert [self.ask(middleware).getvalue() for _twice in range(2)] == [b"built 1", b"built 2"]

    @pytest.mark.parametrize("mark", ["_csp_update", "_csp_exempt", "xframe_options_exempt", "is_settling"])
    def test_no_answer_with_a_mark_that_is_no_header(self, mark):
        calls = iter(range(1, 100))

        def view(_request):
            answer = HttpResponse(f"built {next(calls)}")
            setattr(answer, mark, True)
            return answer

        assert self.bodies(self.behind(view), {}, {}) == ["built 1", "built 2"]

    @pytest.mark.parametrize(
        "other",
        [
            {"method": "head"}, {"path": "/?a"}, {"path": "/a/"}, {"path": f"/?{'x' * 600}"}, {"Host": "localhost"},
            {"If-Match": '"x"'}, {"If-Unmodified-Since": "Thu, 26 Nov 2026 05:00:00 GMT"}, {"If-Range": '"x"'},
            {"If-Modified-Since": "Thu, 26 Nov 2026 05:00:00 GMT"}, {"If-None-Match": "*"},
            {"Range": "bytes=0-1"}, {"Authorization": "Bearer x"}, {"Cookie": "a=b"},
        ],
        ids=str,
    )  # fmt: skip
    def test_not_for_another_question(self, other):
        middleware = self.counting()
        assert self.bodies(middleware, {}) == ["built 1"]

        answer = self.ask(middleware, **other)

        assert not hasattr(answer, "kept")
        assert self.bodies(middleware, {}) == ["built 1"]

    def test_plain_and_secure_are_two(self):
        middleware = self.counting()
        assert self.bodies(middleware, {}) == ["built 1"]

        assert middleware(RequestFactory().get("/", secure=True)).content == b"built 2"

    def test_addresses_that_look_alike_once_decoded_are_two(self):
        middleware = self.counting()
        raw, coded = RequestFactory().get("/"), RequestFactory().get("/")
        raw.META["QUERY_STRING"], coded.META["QUERY_STRING"] = "q=\u00c3\u00bc", "q=%C3%83%C2%BC"
        assert raw.get_full_path() == coded.get_full_path()

        assert [middleware(raw).content, middleware(coded).content] == [b"built 1", b"built 2"]

    def test_who_has_an_old_page_gets_the_kept_one_and_who_has_this_one_304(self):
        middleware = self.counting()
        tag = self.ask(middleware)["ETag"]
        old = f'"0.{"0" * 16}"'
        same = f'"{tag.strip(chr(34)).partition(".")[0]}.{"0" * 16}"'

        assert self.bodies(middleware, {"If-None-Match": old}) == ["built 1"]
        assert self.ask(middleware, **{"If-None-Match": same}).status_code == 304


class TestRoom:
    ROOM = 64 * BESIDE

    def keep(self, kept, key, content=b"1234", state="now", **headers):
        kept.get(state, key)
        kept.put(state, key, HttpResponse(content, headers=headers), "tag")

    def test_what_was_asked_for_longest_ago_makes_room(self):
        kept = KeptAnswers(self.ROOM)
        self.keep(kept, b"0")
        each = kept.taken
        fits = self.ROOM // each
        for number in range(1, fits):
            self.keep(kept, str(number).encode())
        kept.get("now", b"0")
        self.keep(kept, b"new")

        assert kept.get("now", b"1") is None
        assert kept.get("now", b"0").content == b"1234"
        assert kept.taken == fits * each

    def test_headers_count_too(self):
        kept = KeptAnswers(self.ROOM)
        self.keep(kept, b"0")
        plain = kept.taken
        self.keep(kept, b"1", **{"X-Long": "x" * 1000})

        assert kept.taken == 2 * plain + len("X-Long") + 1000

    def test_the_smallest_answers_are_only_so_many(self):
        kept = KeptAnswers(2**30)
        for number in range(MOST + 5):
            self.keep(kept, str(number).encode())

        assert len(kept.answers) == MOST

    def test_an_answer_kept_again_takes_its_room_once(self):
        kept = KeptAnswers(self.ROOM)
        self.keep(kept, b"page")
        once = kept.taken
        self.keep(kept, b"page")

        assert kept.taken == once

    def test_one_that_would_drive_out_the_others_is_not_kept(self):
        kept = KeptAnswers(self.ROOM)
        self.keep(kept, b"large", b"x" * (self.ROOM // LARGEST))

        assert kept.get("now", b"large") is None

    def test_another_state_forgets_all_and_one_from_before_comes_too_late(self):
        kept = KeptAnswers(self.ROOM)
        self.keep(kept, b"page")

        assert kept.get("then", b"page") is None
        assert (kept.taken, len(kept.answers)) == (0, 0)
        kept.put("now", b"page", HttpResponse(b"1234"), "tag")
        assert kept.get("then", b"page") is None
        assert len(kept.answers) == 0
