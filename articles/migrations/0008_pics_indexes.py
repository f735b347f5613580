"""Indexes of the picture library, built beside the running site."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models import F, Q

# Django would wrap these expressions in casts of its own; `articles.picture_search` and `articles.usage` use them bare.
WORDS = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS image_words ON articles_image
USING gin (articles_image_words(title, alt, caption, credit, rights_holder, file_name));
"""
TOKENS = """
CREATE INDEX CONCURRENTLY IF NOT EXISTS article_picture_tokens ON articles_article
USING gin (articles_picture_tokens(body));
"""


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("articles", "0007_pics")]

    operations = [
        AddIndexConcurrently(
            model_name="image",
            index=models.Index(F("uploaded_at").desc(), F("id").desc(), name="image_newest"),
        ),
        AddIndexConcurrently(
            model_name="image",
            index=models.Index(condition=Q(trashed_at__isnull=False), fields=["trashed_at"], name="image_in_bin"),
        ),
        migrations.RunSQL(WORDS, "DROP INDEX CONCURRENTLY IF EXISTS image_words"),
        migrations.RunSQL(TOKENS, "DROP INDEX CONCURRENTLY IF EXISTS article_picture_tokens"),
    ]
