"""Headers: what every answer carries, whoever asks, whatever comes back, from the URLconf itself."""

import re

import pytest
from django.conf import settings as project
from django.contrib.auth.models import User
from django.http import HttpResponseBase
from django.test import Client
from django.urls import path

from articles import workflow
from racedesk import urls
from tests import factories

pytestmark = pytest.mark.django_db

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Server": "racedesk",
}
CORP = "Cross-Origin-Resource-Policy"
PUBLIC = "public, max-age=10, s-maxage=30, stale-while-revalidate=20"
POLICY = ("default-src 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'")


# Refusals are worded outside the site's map here, so that a fault can be provoked at an address.
def fail(_request):
    raise RuntimeError("Nadel")


urlpatterns = [path("kaputt/", fail), *urls.urlpatterns]
handler400, handler403, handler404, handler500 = urls.handler400, urls.handler403, urls.handler404, urls.handler500


def faults(answer: HttpResponseBase) -> list[str]:
    """What is wrong with the headers of an answer; empty when all is well."""
    answer.getvalue()  # reads a streamed file to its end, which closes it
    found = [f"{name}: {answer.get(name)}" for name, value in EVERYWHERE.items() if answer.get(name) != value]
    policy = answer.get("Content-Security-Policy", "")
    found += [f"policy lacks {part}" for part in POLICY if part not in policy]
    found += [f"policy has {word}" for word in ("unsafe-", "*", "data:", "http:") if word in policy]
    if "camera=()" not in answer.get("Permissions-Policy", ""):
        found.append("no Permissions-Policy")
    if answer.get("Content-Type", "").startswith("text/html"):
        found += [] if answer.get(CORP) == "same-origin" else [f"{CORP}: {answer.get(CORP)}"]
    found += [f"{name} present" for name in ("X-Powered-By", "Via", "X-AspNet-Version") if name in answer.headers]
    if answer.get("Content-Type", "charset").startswith("text/") and "charset" not in answer["Content-Type"]:
        found.append("text without charset")
    return found + cache_faults(answer)


def cache_faults(answer: HttpResponseBase) -> list[str]:
    """A personal answer is stored by nobody, a public one neither sets nor heeds a cookie."""
    rule = answer.get("Cache-Control", "")
    personal = bool(answer.cookies) or "Cookie" in answer.get("Vary", "")
    if personal and not ("private" in rule and "no-store" in rule):
        return [f"personal, but {rule!r}"]
    return [] if "no-store" in rule or "public" in rule else [f"Cache-Control: {rule!r}"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("role", [None, "administrator"])
def test_every_address_answers_with_safe_headers(everywhere, role, method):
    answers = everywhere(role, method)
    wrong = {address.name: found for address, answer in answers.items() if (found := faults(answer))}
    # The preview beside the form stands in a frame of the form itself, when it may be seen at all.
    framed = {"admin:articles_article_preview", "admin:articles_article_preview_new"}
    shown = framed if (role, method) == ("administrator", "POST") else set()
    own = ["X-Frame-Options: SAMEORIGIN", "policy lacks frame-ancestors 'none'"]
    assert wrong == dict.fromkeys(shown, own)


def test_public_addresses_know_no_visitor(everywhere):
    wrong = {
        address.name: (answer.cookies, answer.get("Vary"))
        for address, answer in everywhere(None, "GET").items()
        if not address.is_desk and (answer.cookies or "Cookie" in answer.get("Vary", ""))
    }
    assert wrong == {}


def test_the_desk_is_never_stored(everywhere):
    wrong = {}
    for address, answer in everywhere("administrator", "GET").items():
        if address.is_desk and address.name != "admin:jsi18n":
            rule = answer.get("Cache-Control", "")
            if "no-store" not in rule or "private" not in rule:
                wrong[address.name] = rule
    assert wrong == {}


@pytest.mark.parametrize(
    ("path", "headers", "status", "rule"),
    [
        ("/", {}, 200, PUBLIC),
        ("/gibt-es-nicht/", {}, 404, PUBLIC),
        ("/gibt-es-nicht", {}, 301, PUBLIC),
        ("/", {"host": "evil.example"}, 400, "private, no-store"),
        (f"/?{'x' * 5000}", {}, 400, "private, no-store"),
        ("/static/css/site.css", {}, 200, "public"),
        ("/static/gibt-es-nicht.css", {}, 404, PUBLIC),
        ("/feeds/rss.xml", {}, 200, PUBLIC),
        ("/robots.txt", {}, 200, PUBLIC),
        ("/healthz", {}, 200, "no-store"),
        ("/admin/", {}, 302, "no-store"),
        ("/admin/login/", {}, 200, "no-store"),
        ("/admin/password_reset/", {}, 200, "no-store"),
        ("/", {"authorization": "Bearer x"}, 200, "private, no-store"),
    ],
)
def test_refusals_redirects_and_files_carry_them_too(client, path, headers, status, rule):
    answer = client.get(path, headers=headers)

    assert (answer.status_code, faults(answer)) == (status, [])
    assert rule in answer["Cache-Control"]


def test_a_withdrawn_story_carries_them(client):
    publication = factories.publish()
    workflow.withdraw(publication.article, by=User.objects.create_superuser("chefin"), note="Ein Irrtum.")
    answer = client.get(f"/artikel/{publication.article.slug}/")

    assert (answer.status_code, faults(answer), answer["Cache-Control"]) == (410, [], PUBLIC)


@pytest.mark.urls("tests.site.test_headers")
def test_a_fault_of_ours_carries_them_and_tells_nothing(client):
    client.raise_request_exception = False
    answer = client.get("/kaputt/?x=1")

    assert (answer.status_code, faults(answer)) == (500, [])
    assert answer["Cache-Control"] == "private, no-store"
    assert not re.search(r"Nadel|Traceback|RuntimeError|test_headers|\.py", answer.content.decode())
    assert not answer.cookies


def test_a_form_without_token_is_refused_with_them():
    answer = Client(enforce_csrf_checks=True).post("/admin/login/", {"username": "a", "password": "b"})

    assert (answer.status_code, faults(answer)) == (403, [])
    assert "Das Formular ist abgelaufen" in answer.content.decode()


def test_too_many_attempts_carry_them(client):
    answers = [client.post("/admin/login/", {"username": "a", "password": "b"}) for _ in range(11)]

    assert (answers[-1].status_code, faults(answers[-1])) == (429, [])


@pytest.mark.parametrize("host", ["testserver", "evil.example"])
def test_under_https_the_way_to_it_carries_them(client, settings, host):
    settings.SECURE_SSL_REDIRECT = True
    answer = client.get("/", headers={"host": host})

    assert (answer.status_code, faults(answer)) == (301 if host == "testserver" else 400, [])
    assert "evil" not in answer.get("Location", "")


def test_under_https_browsers_are_told_to_stay(client, settings):
    settings.SECURE_HSTS_SECONDS = 63072000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    assert client.get("/", secure=True)["Strict-Transport-Security"].startswith("max-age=63072000; includeSubDomains")


def test_other_sites_may_show_feeds_and_calendars_and_nothing_of_the_desk(client):
    assert CORP not in client.get("/feeds/rss.xml").headers
    assert CORP not in client.get("/kalender.ics").headers
    assert client.get("/admin/jsi18n/")[CORP] == "same-origin"


def test_the_demo_believes_a_front_that_it_speaks_tls_and_takes_no_address_from_it(client, settings):
    assert settings.EMBEDDED_DATABASE
    assert not settings.BEHIND_PROXY

    assert client.get("/", headers={"x-forwarded-proto": "https"})["Strict-Transport-Security"].endswith("; preload")
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_no_page_holds_what_the_policy_forbids(everywhere):
    """Inline scripts, styles and handlers would only be dead; that none is written is checked on every page."""
    forbidden = re.compile(
        rb"<script(?![^>]*(?:src=|type=\"(?:application/(?:ld\+)?json|importmap)\"))|<style|\sstyle=|\son[a-z]+=\""
    )
    wrong = {}
    for address, answer in everywhere("administrator", "GET").items():
        html = answer.get("Content-Type", "").startswith("text/html")
        if html and (found := forbidden.findall(answer.getvalue())):
            wrong[address.name] = found
    assert wrong == {}


def test_cookies_cannot_be_read_by_scripts_and_come_only_with_a_login(client):
    User.objects.create_user("jemand", password="ein-Wort", is_staff=True)
    client.post("/admin/login/", {"username": "jemand", "password": "ein-Wort"})

    assert set(client.cookies) == {"racedesk_session", "racedesk_csrf", "racedesk_device"}
    for cookie in client.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")
    assert project.SESSION_COOKIE_SECURE is project.HTTPS
