"""Settings and system checks, each tried in a process of its own as the environment of a start."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
PRODUCTION = {
    "DATABASE_URL": "postgres://desk:word@db.invalid/racedesk",
    "RACEDESK_SECRET_KEY": "a key of many different signs, 0123456789, for tests alone",
    "RACEDESK_HTTPS": "1",
    "RACEDESK_SITE_URL": "https://www.example.org",
    "RACEDESK_ALLOWED_HOSTS": "www.example.org",
}


def run(*arguments: str, **env: str) -> subprocess.CompletedProcess:
    inherited = {key: os.environ[key] for key in ("PATH", "HOME", "RACEDESK_DB_NAME") if key in os.environ}
    return subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, env={**inherited, **env}, capture_output=True, text=True, check=False
    )


def check(*arguments: str, **env: str) -> subprocess.CompletedProcess:
    return run("manage.py", "check", "--fail-level", "WARNING", *arguments, **env)


def setting(name: str, **env: str):
    shown = run("-c", f"import json, racedesk.settings as s; print(json.dumps(s.{name}, default=str))", **env)
    assert shown.returncode == 0, shown.stderr
    return json.loads(shown.stdout)


def test_the_defaults_have_no_warning():
    assert check().returncode == 0


def test_the_documented_production_environment_has_no_warning():
    checked = check("--deploy", **PRODUCTION)

    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"RACEDESK_SITE_URL": "www.example.org"}, "racedesk.E001"),
        ({"RACEDESK_SITE_URL": "https://www.example.org/news"}, "racedesk.E001"),
        ({"RACEDESK_SITE_URL": "http://www.example.org"}, "racedesk.E002"),
        ({"RACEDESK_HTTPS": "0"}, "racedesk.W003"),
        ({"RACEDESK_ALLOWED_HOSTS": "other.example.org"}, "racedesk.E004"),
        ({"RACEDESK_ALLOWED_HOSTS": "*"}, "racedesk.E005"),
        ({"RACEDESK_SECRET_KEY": "short"}, "security.W009"),
        ({"RACEDESK_EMAIL_URL": "console:"}, "racedesk.W008"),
    ],
)
def test_a_dangerous_production_environment_is_refused(change, code):
    checked = check("--deploy", **{**PRODUCTION, **change})

    assert checked.returncode == 1
    assert code in checked.stderr


def test_a_domain_with_all_its_hosts_may_be_allowed():
    assert check("--deploy", **{**PRODUCTION, "RACEDESK_ALLOWED_HOSTS": ".example.org"}).returncode == 0


def test_a_database_server_without_a_secret_key_is_refused_with_the_way_to_make_one():
    started = run("manage.py", "check", DATABASE_URL=PRODUCTION["DATABASE_URL"])

    assert started.returncode == 1
    assert "RACEDESK_SECRET_KEY is missing. Make one with: python -c" in started.stderr


@pytest.mark.parametrize("value", ["maybe", "2", "ja"])
def test_a_switch_that_is_neither_on_nor_off_is_refused(value):
    assert f"RACEDESK_HTTPS must be 1 or 0, not '{value}'" in check(RACEDESK_HTTPS=value).stderr


@pytest.mark.parametrize("value", ["viel", "-1", "1.5", "٣"])
def test_what_is_no_whole_number_is_refused(value):
    assert (
        f"RACEDESK_PAGES_MEMORY_MB must be a whole number, not '{value}'"
        in check(RACEDESK_PAGES_MEMORY_MB=value).stderr
    )


def test_another_database_than_postgres_is_refused():
    started = run(
        "manage.py",
        "check",
        DATABASE_URL="sqlite:///x.db",
        RACEDESK_SECRET_KEY="a key of many different signs, 0123456789, for tests alone",
    )

    assert "DATABASE_URL must name a PostgreSQL database" in started.stderr


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"RACEDESK_DEBUG": "1"}, "not together with RACEDESK_HTTPS"),
        ({"RACEDESK_TRUSTED_PROXIES": "proxy.example.org"}, "RACEDESK_TRUSTED_PROXIES must hold addresses or networks"),
        ({"RACEDESK_EMAIL_URL": "smtp://desk:geheim@mail.example.org:port"}, "RACEDESK_EMAIL_URL cannot be read"),
        ({"RACEDESK_EMAIL_URL": "http://desk:geheim@mail.example.org"}, "RACEDESK_EMAIL_URL cannot be read"),
    ],
)
def test_a_setting_that_cannot_be_meant_is_refused_without_repeating_a_password(change, words):
    started = check(**{**PRODUCTION, **change})

    assert started.returncode == 1
    assert words in started.stderr
    assert "geheim" not in started.stderr


def test_mail_goes_to_the_terminal_in_a_demo_and_nowhere_on_a_public_site_without_a_server():
    assert setting("EMAIL_BACKEND") == "django.core.mail.backends.console.EmailBackend"
    assert setting("EMAIL_BACKEND", **PRODUCTION) == "django.core.mail.backends.dummy.EmailBackend"
    assert setting("DEFAULT_FROM_EMAIL", **PRODUCTION) == "racedesk@www.example.org"


def test_without_mail_a_public_site_is_told_so_and_runs():
    checked = check("--deploy", **PRODUCTION)

    assert checked.returncode == 0
    assert "racedesk.I007" in checked.stderr


def test_debug_is_off_unless_asked_for():
    assert setting("DEBUG") is False
    assert setting("DEBUG", **PRODUCTION) is False


def test_cookies_are_bound_to_the_encrypted_host():
    assert setting("SESSION_COOKIE_NAME", **PRODUCTION).startswith("__Host-")
    assert setting("CSRF_COOKIE_NAME", **PRODUCTION).startswith("__Host-")
    assert setting("DEVICE_COOKIE_NAME", **PRODUCTION).startswith("__Host-")
    assert setting("SESSION_COOKIE_SECURE", **PRODUCTION) is True


def test_the_policy_admits_no_inline_script_or_style():
    policy = json.dumps(setting("CONTENT_SECURITY_POLICY"))

    assert "unsafe" not in policy
    assert "*" not in policy
