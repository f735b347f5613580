"""The state of all that readers may see, as one short word: equal words mean equal pages, at any address.

Two things change a page: a write, and the clock. Every transaction that writes into a table of ours leaves a mark that
nobody ever left before (a statement trigger, installed after every `migrate` on every table that is not `DESK_ONLY`), so
imports, the admin, undoing and SQL by hand are all seen, at the instant in which readers see them. By the clock things
begin and end: each column named like a border in time (`BORDERS`) is one. Days turn at the venues too; all zones lie
whole quarters of an hour from UTC, so the quarter is part of the state.

A new table is watched and its borders are known without a word from anybody. Whoever adds one that no reader ever sees
and that is written often (a lock, an autosave, a log) names it in `DESK_ONLY`: forgetting it costs time, never truth.
"""

import datetime as dt
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import django
from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection, models

APPS = ("racedesk", "articles", "results")
# Tables that no public page reads. The models of relations between them go with them.
DESK_ONLY = frozenset(
    {
        "racedesk.attempt",
        "racedesk.change",
        "racedesk.givenright",
        "articles.act",
        "articles.article",
        "articles.autosave",
        "articles.byline",
        "articles.editlock",
        "articles.factcheck",
        "articles.hiddenremark",
        "articles.importedtext",
        "articles.previewlink",
        "articles.revision",
        "articles.sidebaritem",
        "articles.textbatch",
        "articles.textitem",
        "articles.waiver",
        "results.championshipchange",
        "results.columnmapping",
        "results.deletedfacts",
        "results.distinctpair",
        "results.identitychange",
        "results.importbatch",
        "results.importitem",
        "results.schedulechange",
    }
)
# Names of instants at which something begins or ends for readers; `moved_from` is only printed.
BORDERS = ("visible_from", "visible_until", "public_from", "public_until", "starts_at", "ends_at", "until")
BORDER_ENDINGS = ("_from", "_until")
ONLY_SHOWN = frozenset({"moved_from", "valid_from", "valid_until"})

QUARTER = 15 * 60
SOURCES = ("racedesk", "articles", "results", "templates", "locale")
SOURCE_KINDS = frozenset({".py", ".html", ".txt", ".mo", ".toml", ".css", ".js", ".svg"})


@dataclass(slots=True)
class _Known:
    """What the last question found: at this state nothing begins or ends between `epoch` and `until`."""

    marks: str = ""
    epoch: str = ""
    until: dt.datetime = dt.datetime(1, 1, 1, tzinfo=dt.UTC)


_known = _Known()


def state() -> str | None:
    """The word for what readers may see at this instant, by the database clock; None where the database cannot say.

    One statement. It goes past Django's cursor: what a page asks is counted in tests, and this is not part of a page.
    """
    known = _known
    try:
        connection.ensure_connection()
        with connection.wrap_database_errors:
            row = connection.connection.execute(_question(), {"marks": known.marks, "until": known.until}).fetchone()
    except DatabaseError:
        return None
    marks, now, borders = row
    if borders is not None:
        known = _Known(marks, str(borders[0]), borders[1] or dt.datetime.max.replace(tzinfo=dt.UTC))
        globals()["_known"] = known
    quarter = int(now.timestamp()) // QUARTER
    return _digest(marks, known.epoch, str(quarter), build(), *_settings())


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _settings() -> list[str]:
    names = ("SITE_URL", "SITE_NAME", "DATA_LICENSE", "LANGUAGE_CODE", "TIME_ZONE", "SECURITY_CONTACTS")
    return [str(getattr(settings, name)) for name in names]


@cache
def build() -> str:
    """A digest of the code, templates and words that make the pages: a new release is a changed site."""
    digest = hashlib.sha256(django.get_version().encode())
    for folder in SOURCES:
        for path in sorted((settings.BASE_DIR / folder).rglob("*")):
            if path.suffix in SOURCE_KINDS and path.is_file():
                digest.update(f"{path.name}\0".encode() + path.read_bytes())
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    digest.update(manifest.read_bytes() if manifest.exists() else b"")
    return digest.hexdigest()


@cache
def _question() -> str:
    """Marks and clock; last passed and next coming border, unless the asker knows them for these marks until then."""
    passed, coming = [], []
    for model in watched():
        table = connection.ops.quote_name(model._meta.db_table)
        for field in borders(model):
            column = connection.ops.quote_name(str(field.column))
            passed.append(f"(SELECT max({column}) FROM {table} WHERE {column} <= statement_timestamp())")  # noqa: S608
            coming.append(f"(SELECT min({column}) FROM {table} WHERE {column} > statement_timestamp())")  # noqa: S608
    # What this very transaction has written shows to nobody else; only tests ask in the midst of one.
    return f"""
        WITH seen AS MATERIALIZED (
            SELECT md5(coalesce(string_agg(mark::text, '' ORDER BY mark), '')
                || coalesce(current_setting('racedesk.mark', true), '')) AS marks, statement_timestamp() AS now
            FROM racedesk_change
        )
        SELECT marks, now, CASE WHEN marks = %(marks)s AND now < %(until)s THEN NULL
            ELSE ARRAY[greatest({", ".join(passed)}), least({", ".join(coming)})] END
        FROM seen
    """  # noqa: S608 - names of our own tables and columns


def watched() -> Iterator[type[models.Model]]:
    """The models whose tables readers see something of, those of relations included."""
    for name in APPS:
        for model in apps.get_app_config(name).get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy and not _is_of_the_desk(model):
                yield model


def _is_of_the_desk(model: type[models.Model]) -> bool:
    owner: Any = model._meta.auto_created or model
    return owner._meta.label_lower in DESK_ONLY


def borders(model: type[models.Model]) -> Iterator["models.Field[Any, Any]"]:
    """The columns of a model at whose instants a page may change without a write."""
    for field in model._meta.concrete_fields:
        named_like_one = field.name in BORDERS or field.name.endswith(BORDER_ENDINGS)
        if isinstance(field, models.DateTimeField) and named_like_one and field.name not in ONLY_SHOWN:
            yield field


def watch_tables(**_signal: object) -> None:
    """After `migrate`: a trigger on every watched table that has none, and none on any other."""
    wanted = {model._meta.db_table for model in watched()}
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regprocedure('racedesk_changed()') IS NOT NULL")
        if not cursor.fetchone()[0]:
            return
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'readers_see'")
        present = {name.strip('"') for (name,) in cursor.fetchall()}
        existing = set(connection.introspection.table_names(cursor))
        for table in sorted((wanted & existing) - present):
            cursor.execute(
                f"CREATE TRIGGER readers_see AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {connection.ops.quote_name(table)} "
                "FOR EACH STATEMENT EXECUTE FUNCTION racedesk_changed()"
            )
        for table in sorted(present - wanted):
            cursor.execute(f"DROP TRIGGER readers_see ON {connection.ops.quote_name(table)}")
