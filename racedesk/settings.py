"""All settings of racedesk in one file, read from the environment, with defaults that run on a bare machine."""

import contextlib
import ipaddress
import os
import secrets
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from racedesk import localdb, logs
from racedesk.mail import mail_settings

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent


def env_bool(name: str, *, default: bool) -> bool:
    """A switch from the environment: 1/true/yes/on or 0/false/no/off, anything else is refused."""
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in {"1", "true", "yes", "on"}:
        return True
    if value in {"0", "false", "no", "off"}:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}")


def env_number(name: str, *, default: int) -> int:
    """A whole number from zero up from the environment, anything else is refused."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isascii() or not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}")
    return int(value)


def env_list(name: str, *, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


def env_networks(name: str) -> list[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    """Addresses and networks from the environment, separated by commas; anything else is refused."""
    try:
        return [ipaddress.ip_network(item) for item in env_list(name)]
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must hold addresses or networks: {error}") from error


def local_secret_key() -> str:
    """A key of this checkout's own, made once and kept readable by its owner only; for the embedded database alone."""
    path = localdb.state_dir() / "secret_key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        # Written whole under another name first: a second process never reads half a key.
        handle, draft = tempfile.mkstemp(dir=path.parent)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    key = path.read_text("ascii").strip()
    if not key:
        raise ImproperlyConfigured(f"{path} is empty: delete it, a new key is made at the next start")
    return key


DATABASE_URL = os.environ.get("DATABASE_URL", "")
EMBEDDED_DATABASE = not DATABASE_URL

SECRET_KEY = os.environ.get("RACEDESK_SECRET_KEY", "")
if not SECRET_KEY:
    if not EMBEDDED_DATABASE:
        raise ImproperlyConfigured(
            "RACEDESK_SECRET_KEY is missing. Make one with: "
            "python -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    SECRET_KEY = local_secret_key()
SECRET_KEY_FALLBACKS = env_list("RACEDESK_SECRET_KEY_FALLBACKS")

DEBUG = env_bool("RACEDESK_DEBUG", default=False)
HTTPS = env_bool("RACEDESK_HTTPS", default=False)
if DEBUG and HTTPS:
    raise ImproperlyConfigured("RACEDESK_DEBUG shows settings and code to everybody: not together with RACEDESK_HTTPS")
# Only with a front proxy that overwrites X-Forwarded-Proto and adds the client to X-Forwarded-For.
BEHIND_PROXY = env_bool("RACEDESK_BEHIND_PROXY", default=False)
TRUSTED_PROXIES = env_networks("RACEDESK_TRUSTED_PROXIES")
# Logins whose passwords stand in the README: never on a public site unless asked for.
DEMO_ACCOUNTS = env_bool("RACEDESK_DEMO_ACCOUNTS", default=not HTTPS)

# Addresses in feeds, mails and canonical links come from here, never from the Host header.
SITE_URL = os.environ.get("RACEDESK_SITE_URL", "http://127.0.0.1:8000").rstrip("/")
SITE_NAME = os.environ.get("RACEDESK_SITE_NAME", "racedesk")
# Stands in every exported table; what it says is the operator's to decide.
DATA_LICENSE = os.environ.get("RACEDESK_DATA_LICENSE", "Weiterverwendung mit Nennung der Quelle.")
# Ends the ids of calendar entries, which stay for ever: keep it when the site moves to another name.
UID_DOMAIN = os.environ.get("RACEDESK_UID_DOMAIN", "")
# Who is told of a hole: addresses for /.well-known/security.txt, which exists only with one.
SECURITY_CONTACTS = env_list("RACEDESK_SECURITY_CONTACT")
ALLOWED_HOSTS = env_list("RACEDESK_ALLOWED_HOSTS", default="127.0.0.1,localhost,[::1]")
CSRF_TRUSTED_ORIGINS = env_list("RACEDESK_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "racedesk.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_filters",
    "django_countries",
    "django_tables2",
    "django_prose_editor",
    "csp",
    "procrastinate.contrib.django",
    "articles.apps.ArticlesConfig",
    "results.apps.ResultsConfig",
    "racedesk.apps.RacedeskConfig",
]

MIDDLEWARE = [
    # What every answer carries stands outermost, so that refusals of those within carry it too.
    "racedesk.middleware.RequestLogMiddleware",
    "racedesk.media_watch.MediaWatchMiddleware",
    "racedesk.middleware.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "racedesk.middleware.PublicCacheMiddleware",
    "racedesk.middleware.QueryLimitMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "racedesk.conditional.FreshnessMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "racedesk.accounts.sessions.IdleSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "racedesk.urls"
WSGI_APPLICATION = "racedesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "racedesk.context_processors.site",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

if EMBEDDED_DATABASE:
    DATABASES = {
        "default": {
            "ENGINE": "racedesk.embedded",
            "NAME": os.environ.get("RACEDESK_DB_NAME", "racedesk"),
            "USER": localdb.OWNER,
            "HOST": str(localdb.socket_dir()),
            "CONN_MAX_AGE": 60,
            "CONN_HEALTH_CHECKS": True,
        }
    }
else:
    DATABASES = {"default": dict(dj_database_url.parse(DATABASE_URL, conn_max_age=60, conn_health_checks=True))}
    if DATABASES["default"]["ENGINE"] != "django.db.backends.postgresql":
        raise ImproperlyConfigured(
            "DATABASE_URL must name a PostgreSQL database (postgres://…); nothing else is supported"
        )
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"
PASSWORD_RESET_TIMEOUT = 60 * 60

LANGUAGE_CODE = "de"
LANGUAGES = [("de", _("German"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Berlin"  # the newsroom's zone: forms and pages; instants are stored in UTC
USE_TZ = True
USE_I18N = True
USE_THOUSAND_SEPARATOR = False

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("RACEDESK_STATIC_ROOT", BASE_DIR / "staticfiles"))
STATICFILES_DIRS = [BASE_DIR / "racedesk" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "racedesk.assets.CollectedFiles"},
}
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
# Never served from a folder: `articles.views.media` asks for each file whether it may be seen.
MEDIA_ROOT = Path(os.environ.get("RACEDESK_MEDIA_ROOT", BASE_DIR / "media"))
MEDIA_URL = "/medien/"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000

MESSAGE_STORAGE = "racedesk.messages.HonestStorage"

# Sessions and cookies: nothing is set for anonymous readers.
SESSION_ENGINE = "racedesk.accounts.sessions"
SESSION_COOKIE_AGE = 8 * 60 * 60  # without a request to the desk
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "racedesk_session"
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "racedesk_csrf"
DEVICE_COOKIE_NAME = "__Host-device" if HTTPS else "racedesk_device"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
CSRF_FAILURE_VIEW = "racedesk.views.csrf_failure"

SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # probes ask from inside, without TLS
# Sent over TLS alone. The demo believes a front's word for that, so that it is graded as it will be deployed; the client's
# address it takes from nobody.
SECURE_HSTS_SECONDS = 63072000 if HTTPS or EMBEDDED_DATABASE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS or EMBEDDED_DATABASE
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_PROXY or EMBEDDED_DATABASE:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
        "upgrade-insecure-requests": HTTPS,
    },
}

# Mail: to the terminal in a demo; a public site that names no server sends none, for a log must not hold reset links.
EMAIL_URL = os.environ.get("RACEDESK_EMAIL_URL") or ("none:" if HTTPS else "console:")
try:
    globals().update(mail_settings(EMAIL_URL))
except ValueError as error:
    raise ImproperlyConfigured(f"RACEDESK_EMAIL_URL cannot be read: {error}") from None
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = os.environ.get("RACEDESK_EMAIL_FROM") or f"racedesk@{urlsplit(SITE_URL).hostname or 'localhost'}"

# Background work is behind racedesk/jobs.py; nothing else knows of procrastinate.
PROCRASTINATE_IMPORT_PATHS = ["racedesk.jobs"]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = ""
# `external`: somebody else runs `manage.py work`, `serve` starts no worker of its own.
JOBS_EXTERNAL = os.environ.get("RACEDESK_JOBS", "") == "external"
# How far the worker that `serve` starts stands behind whoever serves readers, as `nice` counts.
JOBS_NICE = env_number("RACEDESK_JOBS_NICE", default=10)

# What each web process keeps of public pages in its memory while nothing changes, see racedesk/kept.py; 0 keeps nothing.
KEPT_ANSWERS_BYTES = env_number("RACEDESK_PAGES_MEMORY_MB", default=32) * 2**20

DJANGO_TABLES2_TEMPLATE = "results/tables/lean.html"

LOGGING = logs.LOGGING
logs.configure()
