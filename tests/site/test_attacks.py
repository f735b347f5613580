"""Attacks on the web site: what strangers write comes back nowhere, costs little, and changes nothing."""

import io
import json
import logging
import re
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.test import Client

from racedesk import logs
from tests import factories
from tests.site.addresses import public_addresses
from tests.site.test_permissions import Visitor, path_of, things  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db

CANARY = "kanarie7.example"
DOORS = ("/admin/login/", "/admin/password_reset/", "/admin/password_reset/done/", "/gibt-es-nicht/")


@pytest.fixture
def pages(things) -> list[str]:  # noqa: F811
    """A real path of every public address, and the doors of the desk."""
    return [*(path_of(address, things) for address in public_addresses()), *DOORS]


def told(answer) -> str:
    """Everything an answer says: status line apart, headers and body."""
    return f"{dict(answer.items())}{answer.cookies}{answer.getvalue().decode('utf-8', 'replace')}".lower()


def ask(client: Client, path: str):
    """Asks for exactly this path; the test client alone would take `//x/y` for the address of a host."""
    return client.get("/", PATH_INFO=unquote_to_bytes(path).decode("latin-1"))


# --- X3: what is no part of the address is no part of the answer; headers are tried in test_forged_headers.py ---------


def test_an_unknown_parameter_changes_no_public_page(pages):
    public = [path for path in pages if path not in DOORS]
    visitor = Visitor()

    assert [path for path in public if CANARY in told(visitor.get(f"{path}?utm_source={CANARY}&{CANARY}=1"))] == []


def test_addresses_in_pages_and_feeds_are_those_of_the_settings(pages, settings):
    settings.ALLOWED_HOSTS = ["*"]
    visitor = Visitor()
    for path in pages:
        assert CANARY not in told(visitor.get(path, headers={"host": CANARY}))


@pytest.mark.parametrize(
    "host", ["", CANARY, "a b", "testserver@evil.example", "testserver.evil.example", "[::1", "testserver:99999x"]
)
def test_a_foreign_host_is_answered_by_no_page(client, host):
    answer = client.get("/", headers={"host": host})

    assert (answer.status_code, answer.cookies) == (400, {})
    assert "evil" not in told(answer)


# --- X5: one address, one page ----------------------------------------------------------------------------------------


@pytest.fixture
def story() -> str:
    return f"/artikel/{factories.publish().article.slug}/"


@pytest.mark.parametrize(
    "trick",
    [
        "{path}.css",
        "{path}x.css",
        "{path}x.js%3fx=.css",
        "{path}index.html",
        "{path}%2e%2e/",
        "{path}../",
        "{path};a=b",
        "{bare};a=b/",
        "{bare}%00/",
        "{bare}%0a/",
        "{path}%0a",
        "{path}%20",
        "{path}/",
        "/{path}",
        "//{path}",
        "/.{path}",
        "{bare}.css",
        "{bare}%3b.css",
        "{bare}%23.css",
        "{bare}%3f.css",
        "{bare}\\",
        "/ARTIKEL{rest}",
        "/Artikel{rest}",
    ],
)
@pytest.mark.parametrize("who", ["nobody", "desk"])
def test_a_trick_with_the_path_never_gives_a_second_copy(story, trick, who):
    client = Client()
    if who == "desk":
        client.force_login(factories.UserFactory(role="chief"))
    path = trick.format(path=story, bare=story.rstrip("/"), rest=story.removeprefix("/artikel"))

    answer = ask(client, path)

    assert answer.status_code in {301, 404}
    if answer.status_code == 301:
        assert answer["Location"].startswith("/")
        assert not answer["Location"].startswith(("//", "/\\"))
        assert ask(client, answer["Location"]).status_code == 404


def test_capitals_in_the_name_are_another_name(client, story):
    assert client.get(f"/artikel/{story.split('/')[2].upper()}/").status_code == 404


def test_a_missing_slash_leads_to_the_one_address(client, story):
    answer = client.get(story.rstrip("/"))

    assert (answer.status_code, answer["Location"]) == (301, story)


@pytest.mark.parametrize(
    "path", ["//evil.example", "//evil.example/", "/%2fevil.example", "/\\evil.example", "/%5cevil.example"]
)
def test_a_missing_slash_never_leads_to_another_site(client, path):
    answer = ask(client, path)

    assert answer.status_code in {301, 404}
    assert not answer.get("Location", "/").startswith(("//", "/\\", "http"))


@pytest.mark.parametrize(
    "path",
    [
        "/static/../manage.py",
        "/static/%2e%2e/%2e%2e/manage.py",
        "/static/..%2f..%2fmanage.py",
        "/static/css/..%5c..%5cmanage.py",
        "/static//etc/passwd",
        "/medien/../manage.py",
        "/medien/%2e%2e/w480",
        "/medien/x/..%2f..%2fmanage.py",
        "/.env",
        "/.git/config",
        "/manage.py",
        "/admin/%2e%2e/%2e%2e/manage.py",
    ],
)
def test_no_file_of_the_machine_is_served(client, path):
    answer = ask(client, path)

    assert answer.status_code in {302, 404}
    assert "django" not in told(answer)


# --- X11: absurd questions are cheap ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "q=" + "x" * 8192,
        "&".join(f"klasse={number}" for number in range(200)),
        "&".join(f"filter{number}=1" for number in range(200)),
        "&" * 300,
    ],
    ids=["8 kB", "200 times one filter", "200 filters", "300 empty ones"],
)
def test_an_absurd_query_is_refused_at_once_everywhere(pages, query, django_assert_num_queries):
    visitor = Visitor()
    began = time.thread_time()
    with django_assert_num_queries(0):
        statuses = {visitor.get(f"{path}?{query}").status_code for path in pages}

    assert statuses == {400}
    assert (time.thread_time() - began) / len(pages) < 0.1


@pytest.mark.parametrize("query", ["page=100000", "limit=1000000", "page=-1", "page=x", "p=100000", "offset=99999999"])
def test_deep_paging_costs_no_more_than_the_page_itself(pages, query, django_assert_max_num_queries):
    visitor = Visitor()
    for path in pages:
        with django_assert_max_num_queries(30):
            began = time.thread_time()
            answer = visitor.get(f"{path}?{query}")
            assert time.thread_time() - began < 1, path
        assert answer.status_code in {200, 301, 400, 404, 410}, path
        answer.getvalue()


@pytest.mark.parametrize(
    "query",
    ["p=100000", "p=-1", "q=" + "x" * 4000, "o=999.-999.1.2.3", "all=", "e=1", "password__startswith=a", "x__y__z=1"],
)
def test_lists_of_the_desk_survive_every_parameter(query):
    client = Client()
    client.force_login(factories.UserFactory(role="administrator"))
    for path in ("/admin/articles/article/", "/admin/results/driver/", "/admin/auth/user/"):
        assert client.get(f"{path}?{query}").status_code in {200, 302, 400}


def test_what_an_editor_asks_for_is_never_too_long(client):
    """The longest address that the desk builds itself: a search within filters, kept while a form is open."""
    client.force_login(factories.UserFactory(role="chief"))

    assert client.get("/admin/articles/article/?q=" + "%C3%A4" * 200).status_code == 200


# --- A9: nothing changes without being wanted -------------------------------------------------------------------------


def token_of(client: Client, path: str) -> str:
    return re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(path).content.decode())[1]


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://testserver.evil.example"])
def test_a_form_of_another_site_is_refused_though_it_knows_a_token(origin):
    User.objects.create_user("jemand", password="ein-Wort", is_staff=True)
    client = Client(enforce_csrf_checks=True)
    form = {"username": "jemand", "password": "ein-Wort", "csrfmiddlewaretoken": token_of(client, "/admin/login/")}

    assert client.post("/admin/login/", form, headers={"origin": origin}).status_code == 403
    assert client.post("/admin/login/", form, headers={"origin": "http://testserver"}).status_code == 302


def test_under_https_a_form_without_a_sender_is_refused():
    client = Client(enforce_csrf_checks=True)
    page = client.get("/admin/login/", secure=True).content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]

    assert client.post("/admin/login/", {"csrfmiddlewaretoken": token}, secure=True).status_code == 403


def test_a_link_neither_logs_in_nor_out(client):
    User.objects.create_user("jemand", password="ein-Wort", is_staff=True)
    client.get("/admin/login/?username=jemand&password=ein-Wort")
    assert "racedesk_session" not in client.cookies

    client.login(username="jemand", password="ein-Wort")
    assert client.get("/admin/logout/").status_code == 405
    assert client.get("/admin/").status_code == 200


@pytest.mark.parametrize("path", ["/admin/password_reset/", "/admin/login/"])
def test_the_doors_refuse_forms_without_token(path):
    assert Client(enforce_csrf_checks=True).post(path, {"email": "a@example.org"}).status_code == 403


# --- A14, A15, A19 ----------------------------------------------------------------------------------------------------


@pytest.fixture
def log_lines():
    """What the handler of the settings writes, as raw lines."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logs.formatter())
    logging.getLogger().addHandler(handler)
    yield lambda: stream.getvalue().split("\n")[:-1]
    logging.getLogger().removeHandler(handler)


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ('/x%0a{"level": "info", "event": "alles gut"}/', {}),
        ("/x%0d%0aHTTP/1.1 200 OK/", {}),
        ("/artikel/x%e2%80%a8y/", {}),
        ("/%1b[2Jx/", {}),
        ("/", {"user-agent": 'a\x0b\x0c\x85{"level": "info"}', "referer": "x\u2028y".encode().decode("latin-1")}),
        ("/?a=%0a%0d", {"x-forwarded-for": "1\t2"}),
    ],
)
def test_one_request_is_one_line_in_the_log_whatever_it_says(client, log_lines, path, headers):
    client.get(path, headers=headers)

    lines = log_lines()
    assert [json.loads(line)["event"] for line in lines] == ["request"]
    assert all(line.isascii() and line.isprintable() for line in lines)


def test_a_wrong_login_writes_neither_name_nor_password_into_the_log(client, log_lines):
    client.post("/admin/login/", {"username": "geheimer-name", "password": "geheimes-wort"})
    client.post("/admin/password_reset/", {"email": "geheim@example.org"})

    assert "geheim" not in "".join(log_lines())


@pytest.mark.parametrize("path", ["/gibt-es-nicht.html", f"/?{'a' * 5000}"])
def test_refusals_ask_the_database_nothing(client, path, django_assert_num_queries):
    with django_assert_num_queries(0):
        answer = client.get(path)

    assert answer.status_code in {400, 404}
    assert not answer.cookies
    assert "Zur Startseite" in answer.content.decode()


def test_no_key_lies_in_the_repository():
    root = Path(project.BASE_DIR)
    if not (root / ".git").exists():
        pytest.skip("not a checkout: nothing to list the files of the repository with")
    files = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=True).stdout.split(b"\0")
    secret = re.compile(
        rb"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}|ghp_\w{36}|xox[bp]-\d|SECRET_KEY\s*=\s*[\"'][^\"']{20}|eyJhbGciOi"
    )
    found = [name for name in files if not name.startswith(b"tests/") and (root / name.decode()).is_file()]
    assert [name for name in found if secret.search((root / name.decode()).read_bytes())] == []
