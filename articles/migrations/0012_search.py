"""One index for the whole search: words, words of title, names and standfirst, and the quarter of the year.

Built and dropped beside running readers and writers; nothing is written into any row.
"""

import django.contrib.postgres.indexes
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models

# Not STRICT, so that the planner puts their bodies in their place: as functions they cost a microsecond each.
FUNCTIONS = """
CREATE FUNCTION articles_heading(words tsvector) RETURNS tsvector
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $heading$ SELECT ts_filter(words, '{a,b,c}'::"char"[]) $heading$;

CREATE FUNCTION articles_quarter(instant timestamptz) RETURNS int[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $quarter$
  SELECT ARRAY[(extract(year FROM instant AT TIME ZONE 'UTC') * 4
                + extract(quarter FROM instant AT TIME ZONE 'UTC'))::int]
$quarter$;
"""
FUNCTIONS_BACK = """
DROP FUNCTION articles_quarter(timestamptz);
DROP FUNCTION articles_heading(tsvector);
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0011_verbs")]

    operations = [
        migrations.RunSQL(FUNCTIONS, FUNCTIONS_BACK),
        AddIndexConcurrently(
            model_name="listing",
            index=django.contrib.postgres.indexes.GinIndex(
                models.F("words"),
                models.Func(models.F("words"), function="articles_heading"),
                models.Func(models.F("published_at"), function="articles_quarter"),
                name="listing_search",
                fastupdate=False,
            ),
        ),
        RemoveIndexConcurrently(model_name="listing", name="listing_words"),
    ]
