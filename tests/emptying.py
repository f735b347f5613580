"""Emptying the test database after a test that committed: only what is filled, row by row where there are few.

Django truncates all tables. Each then gets new files, with those of its indexes a thousand a test, which somebody has to
write out: after an hour of tests a checkpoint waited for 70,000 of them, and the end of the run waited for it.

What `migrate` itself writes, rights and groups, stays as long as nobody has touched it.
"""

from dataclasses import dataclass

from django.db import connection

FEW = 256 * 1024  # bytes; a larger table is truncated, with those that point at it, for all of them are to be empty
MIGRATED = (
    "django_content_type", "auth_permission", "auth_group", "auth_group_permissions", "racedesk_givenright",
)  # fmt: skip


@dataclass(frozen=True)
class Emptying:
    """Stands for `connection.ops.sql_flush`; `migrated` is what the tables of `MIGRATED` held at first."""

    migrated: str

    def __call__(self, style, tables, *, reset_sequences=False, allow_cascade=False) -> list[str]:
        kept = set(MIGRATED) if what_is_migrated() == self.migrated else set()
        filled = filled_of(table for table in tables if table not in kept)
        large = [quoted(table) for table, size in filled.items() if size > FEW]
        small = [quoted(table) for table, size in filled.items() if size <= FEW]
        # No trigger and no foreign key is asked: nothing is left that could contradict.
        statements = ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {table}" for table in small)]
        if large:
            statements.append(f"TRUNCATE {', '.join(large)} CASCADE")
        return [*statements, "SET LOCAL session_replication_role = origin"]


def take_over() -> None:
    """From now on; a user who may not set triggers aside (a foreign server's, by `DATABASE_URL`) truncates as ever."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW is_superuser")
        may_set_aside = cursor.fetchone()[0] == "on"
    if may_set_aside:
        connection.ops.sql_flush = Emptying(migrated=what_is_migrated())


def what_is_migrated() -> str:
    """A digest of the rows of `MIGRATED`."""
    each = (f"(SELECT string_agg(one::text, '|' ORDER BY one.id) FROM {quoted(table)} one)" for table in MIGRATED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT md5(concat_ws('/', {', '.join(each)}))")
        return cursor.fetchone()[0]


def filled_of(tables) -> dict[str, int]:
    """The tables that hold a row, with the bytes that they take, dead rows included."""
    asked = (
        f"SELECT '{table}', pg_relation_size('{quoted(table)}') WHERE EXISTS (SELECT FROM {quoted(table)})"
        for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return dict(cursor.fetchall())


def quoted(table: str) -> str:
    return connection.ops.quote_name(table)
