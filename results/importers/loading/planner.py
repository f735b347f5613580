"""What Postgres believes of our tables, put right in the middle of an import.

The planner knows a table by what VACUUM and ANALYZE last saw of it. Both see no row that is not committed: one that comes
by during a first large import, or just after a refused one, notes a table of many pages and no row at all. From then on
every join is planned as if each side had one row, and an import of seconds takes hours (seen: 20 minutes for twelve
files). Our own ANALYZE sees the rows of our own transaction, and what it finds stays, so the first reader of a large
import is planned for, too. (The number of rows stays even when the rows are rolled back, until the next vacuum.)

The lock on a counted table lasts until the transaction ends. It keeps out VACUUM, ANALYZE and the making of indexes, and
no reader or writer. Counting needs the table's owner, or from Postgres 17 the right MAINTAIN; without, Postgres warns.
"""

from django.apps import apps
from django.db import connection

GROWN = 10  # times as large as when it was last counted
SMALL = 8  # pages; below, every plan is a good one

MISTAKEN = """
SELECT quote_ident(nspname) || '.' || quote_ident(relname)
FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace,
LATERAL (SELECT pg_relation_size(pg_class.oid) / current_setting('block_size')::int AS pages) size
WHERE pg_class.oid = ANY(%s::regclass[]) AND (
    (pages > 0 AND reltuples = 0 AND (pg_stat_get_xact_tuples_inserted(pg_class.oid) > 0 OR pg_stat_get_live_tuples(pg_class.oid) > 0))
    OR pages > %s * greatest(relpages, %s)
)
ORDER BY relname
"""


def inform_planner() -> list[str]:
    """Counts anew the tables of results that are taken for empty or have grown tenfold; returns their names.

    A table that somebody else is counting is left to him: nothing is waited for.
    """
    tables = [
        connection.ops.quote_name(model._meta.db_table)
        for model in apps.get_app_config("results").get_models(include_auto_created=True)
        if model._meta.managed
    ]
    with connection.cursor() as cursor:
        cursor.execute(MISTAKEN, [tables, GROWN, SMALL])
        mistaken = [name for (name,) in cursor.fetchall()]
        for name in mistaken:
            cursor.execute(f"ANALYZE (SKIP_LOCKED) {name}")
    return mistaken
