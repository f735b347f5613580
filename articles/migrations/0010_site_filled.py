"""Fills the listing from what is published already, in small steps without long locks; first texts of the site's pages."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

from articles.first_pages import write_first_pages

STEP = 500

FILL = """
INSERT INTO articles_listing (publication_id, published_at, visible_from, visible_until, words)
SELECT p.id,
       coalesce(
         (SELECT min(s.visible_from) FROM articles_publication s
          WHERE s.article_id = p.article_id AND (s.visible_until IS NULL OR s.visible_until > s.visible_from)),
         p.visible_from
       ),
       p.visible_from, p.visible_until,
       articles_search_words(p.title, p.kicker, p.standfirst, p.body_text, articles_search_names(p.content))
FROM articles_publication p
WHERE p.id >= %s AND p.id < %s
ON CONFLICT (publication_id) DO NOTHING
"""


def fill(apps, schema_editor):
    connection = schema_editor.connection
    publications = apps.get_model("articles", "Publication").objects.using(connection.alias)
    last = publications.aggregate(last=models.Max("pk"))["last"] or 0
    with connection.cursor() as cursor:
        for start in range(0, last + 1, STEP):
            cursor.execute(FILL, [start, start + STEP])


def write_first(apps, schema_editor):
    write_first_pages(apps=apps, using=schema_editor.connection.alias)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0009_site")]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RunPython(write_first, migrations.RunPython.noop),
        AddIndexConcurrently(
            model_name="publication",
            index=models.Index(
                condition=~models.Q(correction_note=""), fields=["-visible_from"], name="publication_corrections"
            ),
        ),
    ]
