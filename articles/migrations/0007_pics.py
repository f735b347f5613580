"""Pictures: rights, focal point, bin, blocks, crops, and the functions that find a picture by words and in drafts."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# Immutable, so that indexes may stand on them. The words of a picture, whole and as German stems; a file's name and a
# title fall apart at the signs people put between words.
FORWARD = r"""
CREATE FUNCTION articles_image_words(title text, alt text, caption text, credit text, rights text, file_name text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_tsvector('pg_catalog.german', words) || to_tsvector('pg_catalog.simple', words)
  FROM (SELECT translate(title || ' ' || alt || ' ' || caption || ' ' || credit || ' ' || rights || ' ' || file_name,
    '._-/@', '     ') AS words) AS t
$$;
CREATE FUNCTION articles_picture_tokens(body text)
RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(found[1]), '{}'::text[])
  FROM regexp_matches(body, 'data-image="([A-Za-z0-9_-]{22})"', 'g') AS found
$$;
"""
BACKWARD = """
DROP FUNCTION articles_picture_tokens(text);
DROP FUNCTION articles_image_words(text, text, text, text, text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0006_imports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImageBlock",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                (
                    "blocked_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="blocked"
                    ),
                ),
                ("lifted_at", models.DateTimeField(blank=True, null=True, verbose_name="released again")),
                (
                    "blocked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "image",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="blocks",
                        to="articles.image",
                        verbose_name="picture",
                    ),
                ),
                (
                    "lifted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="released by",
                    ),
                ),
            ],
            options={
                "verbose_name": "block of a picture",
                "verbose_name_plural": "blocks of pictures",
                "ordering": ["image", "-blocked_at"],
                "default_permissions": (),
            },
        ),
        migrations.AddConstraint(
            model_name="imageblock",
            constraint=models.CheckConstraint(condition=~Q(reason=""), name="image_block_has_a_reason"),
        ),
        migrations.AddConstraint(
            model_name="imageblock",
            constraint=models.UniqueConstraint(
                condition=Q(lifted_at__isnull=True), fields=("image",), name="image_blocked_once_at_a_time"
            ),
        ),
        migrations.AlterModelOptions(
            name="image",
            options={
                "ordering": ["-uploaded_at", "-pk"],
                "permissions": [("block_image", "Can block pictures")],
                "verbose_name": "picture",
                "verbose_name_plural": "pictures",
            },
        ),
        migrations.AddField(
            model_name="image",
            name="file_name",
            field=models.CharField(
                blank=True, db_default="", default="", editable=False, max_length=160, verbose_name="file name"
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focal_x",
            field=models.PositiveSmallIntegerField(
                db_default=50, default=50, verbose_name="focal point, from the left"
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focal_y",
            field=models.PositiveSmallIntegerField(db_default=50, default=50, verbose_name="focal point, from the top"),
        ),
        migrations.AddField(
            model_name="image",
            name="licence",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="What was agreed: agency, contract, “press use only” …; never published.",
                max_length=300,
                verbose_name="licence",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="rights_holder",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="As the file says it.",
                max_length=160,
                verbose_name="copyright notice",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="trashed_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="put into the bin"),
        ),
        migrations.AddField(
            model_name="image",
            name="usable_until",
            field=models.DateField(
                blank=True,
                help_text="The last day on which it may be published. Empty: without limit.",
                null=True,
                verbose_name="usable until",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=Q(focal_x__lte=100, focal_y__lte=100), name="image_focal_point_in_the_picture"
            ),
        ),
        migrations.AddField(
            model_name="rendition",
            name="focus",
            field=models.CharField(blank=True, db_default="", default="", max_length=7),
        ),
        migrations.AlterField(
            model_name="rendition",
            name="name",
            field=models.CharField(max_length=20, verbose_name="size"),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
