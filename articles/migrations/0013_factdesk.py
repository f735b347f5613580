"""The fact desk: what was found, kept with revision and publication, and who answers for what. New tables alone."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER factcheck_frozen BEFORE UPDATE OR DELETE ON articles_factcheck
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();

-- Of a waiver nothing changes but that it is taken back, once.
CREATE FUNCTION articles_waiver_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.withdrawn_at IS NULL AND NEW.withdrawn_at IS NOT NULL
     AND (to_jsonb(NEW) - 'withdrawn_at' - 'withdrawn_by_id') = (to_jsonb(OLD) - 'withdrawn_at' - 'withdrawn_by_id') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'waiver % is kept as it is', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER waiver_kept BEFORE UPDATE OR DELETE ON articles_waiver
  FOR EACH ROW EXECUTE FUNCTION articles_waiver_kept();
"""

BACKWARD = """
DROP TRIGGER waiver_kept ON articles_waiver;
DROP FUNCTION articles_waiver_kept();
DROP TRIGGER factcheck_frozen ON articles_factcheck;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0012_search"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="article",
            options={
                "ordering": ["-changed_at"],
                "permissions": [
                    ("publish_article", "Can publish articles"),
                    ("withdraw_article", "Can withdraw articles"),
                    ("submit_article", "Can submit articles for review"),
                    ("review_article", "Can approve and return articles"),
                    ("correct_article", "Can publish corrections of public articles"),
                    ("embargo_article", "Can set and prolong an embargo"),
                    ("liftembargo_article", "Can shorten and lift an embargo"),
                    ("takedown_article", "Can take articles down without a note"),
                    ("publishalone_article", "Can publish without a second person"),
                    ("publishquietly_article", "Can change public articles without a notice"),
                    ("liftfacts_article", "Can publish against the data"),
                ],
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
        ),
        migrations.AlterField(
            model_name="act",
            name="verb",
            field=models.CharField(
                choices=[
                    ("save", "stored the article"),
                    ("revert", "restored an earlier revision"),
                    ("submit", "submitted for review"),
                    ("return", "gave back"),
                    ("approve", "gave the approval"),
                    ("lapse", "approval lapsed"),
                    ("publish", "published"),
                    ("schedule", "set a schedule"),
                    ("reschedule", "moved to another hour"),
                    ("unschedule", "took back the schedule"),
                    ("correct", "corrected with a notice"),
                    ("update", "changed without a notice"),
                    ("embargo", "set an embargo"),
                    ("lift", "shortened or lifted the embargo"),
                    ("withdraw", "withdrew"),
                    ("take_down", "took down"),
                    ("reinstate", "put back online"),
                    ("trash", "put into the bin"),
                    ("restore", "took out of the bin"),
                    ("waive", "answered for a contradiction"),
                    ("unwaive", "took an answer back"),
                    ("lift_facts", "let it out against the data"),
                    ("open", "opened a page of the desk"),
                    ("forge", "sent fields the form does not have"),
                ],
                max_length=12,
                verbose_name="act",
            ),
        ),
        migrations.CreateModel(
            name="FactCheck",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("failed", "failed")], max_length=8, verbose_name="ended"
                    ),
                ),
                (
                    "checked_at",
                    models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="checked"),
                ),
                ("sheets", models.JSONField(default=list, verbose_name="data")),
                ("findings", models.JSONField(default=list, verbose_name="findings")),
                ("contradicted", models.PositiveIntegerField(default=0, verbose_name="contradicted")),
                ("waived", models.PositiveIntegerField(default=0, verbose_name="answered for")),
                ("uncheckable", models.PositiveIntegerField(default=0, verbose_name="not checkable")),
                ("confirmed", models.PositiveIntegerField(default=0, verbose_name="confirmed")),
                ("bound", models.PositiveIntegerField(default=0, verbose_name="bound")),
                (
                    "publication",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fact_checks",
                        to="articles.publication",
                        verbose_name="publication",
                    ),
                ),
                (
                    "revision",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="fact_checks",
                        to="articles.revision",
                        verbose_name="revision",
                    ),
                ),
            ],
            options={
                "verbose_name": "fact check",
                "verbose_name_plural": "fact checks",
                "ordering": ["revision", "-pk"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "failed"])), name="factcheck_outcome_known"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("publication__isnull", False)),
                        fields=("publication",),
                        name="factcheck_one_a_publication",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Waiver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(editable=False, max_length=64)),
                ("words", models.CharField(max_length=400, verbose_name="words")),
                ("why", models.TextField(verbose_name="what the data say")),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                (
                    "waived_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="answered for"
                    ),
                ),
                ("waived_by_name", models.CharField(max_length=310, verbose_name="name")),
                ("withdrawn_at", models.DateTimeField(blank=True, null=True, verbose_name="taken back")),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waivers",
                        to="articles.article",
                        verbose_name="article",
                    ),
                ),
                (
                    "waived_by",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "withdrawn_by",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="taken back by",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer for a contradiction",
                "verbose_name_plural": "answers for contradictions",
                "ordering": ["article", "-waived_at", "-pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("article", "key"),
                        name="waiver_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason", ""), _negated=True), name="waiver_has_a_reason"
                    ),
                ],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
