"""Review, embargo, take-down and the audit log: nullable columns, new tables, and triggers for what must never be."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE TRIGGER act_frozen BEFORE UPDATE OR DELETE ON articles_act
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();
CREATE TRIGGER takedown_frozen BEFORE UPDATE OR DELETE ON articles_takedown
  FOR EACH ROW EXECUTE FUNCTION articles_row_frozen();

-- A version that would be visible while its article is under embargo is refused, whoever writes it. An empty window and
-- one that ends sooner than it did are always fine.
CREATE FUNCTION articles_publication_embargo() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE until timestamptz;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.visible_from = OLD.visible_from AND
     coalesce(NEW.visible_until, 'infinity') <= coalesce(OLD.visible_until, 'infinity') THEN
    RETURN NEW;
  END IF;
  SELECT embargo_until INTO until FROM articles_article WHERE id = NEW.article_id;
  IF until > statement_timestamp() AND NEW.visible_from < until
     AND coalesce(NEW.visible_until, 'infinity') > greatest(NEW.visible_from, statement_timestamp()) THEN
    RAISE EXCEPTION 'article % is under embargo until %', NEW.article_id, until USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER publication_embargo BEFORE INSERT OR UPDATE ON articles_publication
  FOR EACH ROW EXECUTE FUNCTION articles_publication_embargo();
"""

BACKWARD = """
DROP TRIGGER publication_embargo ON articles_publication;
DROP FUNCTION articles_publication_embargo();
DROP TRIGGER takedown_frozen ON articles_takedown;
DROP TRIGGER act_frozen ON articles_act;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0010_site_filled"),
        ("results", "0010_desk"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Act",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "verb",
                    models.CharField(
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
                            ("open", "opened a page of the desk"),
                            ("forge", "sent fields the form does not have"),
                        ],
                        max_length=12,
                        verbose_name="act",
                    ),
                ),
                (
                    "outcome",
                    models.CharField(
                        choices=[("done", "done"), ("refused", "refused")],
                        default="done",
                        max_length=8,
                        verbose_name="ended",
                    ),
                ),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name="time of the act")),
                ("by_name", models.CharField(blank=True, max_length=310, verbose_name="name")),
                ("before", models.CharField(blank=True, max_length=12, verbose_name="state before")),
                ("after", models.CharField(blank=True, max_length=12, verbose_name="state after")),
                ("reason", models.TextField(blank=True, verbose_name="reason")),
                ("instant", models.DateTimeField(blank=True, null=True, verbose_name="hour")),
            ],
            options={
                "verbose_name": "act",
                "verbose_name_plural": "audit log",
                "ordering": ["-at", "-pk"],
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="TakeDown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=400, verbose_name="reason")),
                (
                    "taken_down_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="taken down"
                    ),
                ),
            ],
            options={
                "verbose_name": "take-down",
                "verbose_name_plural": "take-downs",
                "ordering": ["article", "-taken_down_at"],
                "default_permissions": (),
            },
        ),
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
                ],
                "verbose_name": "article",
                "verbose_name_plural": "articles",
            },
        ),
        migrations.RemoveConstraint(
            model_name="article",
            name="article_stage_known",
        ),
        migrations.AddField(
            model_name="article",
            name="approved_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="approved_revision",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="edited_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="embargo_until",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="embargo until"),
        ),
        migrations.AddField(
            model_name="article",
            name="stage_at",
            field=models.DateTimeField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="article",
            name="stage_note",
            field=models.CharField(blank=True, db_default="", editable=False, max_length=400),
        ),
        migrations.AddField(
            model_name="article",
            name="submitted_by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AlterField(
            model_name="article",
            name="stage",
            field=models.CharField(
                choices=[
                    ("draft", "draft"),
                    ("review", "in review"),
                    ("returned", "returned"),
                    ("approved", "approved"),
                ],
                default="draft",
                max_length=8,
                verbose_name="stage",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("stage", "draft"), _negated=True),
                fields=["stage", "stage_at"],
                name="article_stage",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["created_by", "-changed_at"], name="article_created_by"),
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(fields=["edited_by", "-changed_at"], name="article_edited_by"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(("stage__in", ["draft", "review", "returned", "approved"])),
                name="article_stage_known",
            ),
        ),
        migrations.AddField(
            model_name="act",
            name="article",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="acts",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="act",
            name="by",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddField(
            model_name="act",
            name="publication",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.publication",
                verbose_name="publication",
            ),
        ),
        migrations.AddField(
            model_name="act",
            name="revision",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="articles.revision",
                verbose_name="revision",
            ),
        ),
        migrations.AddField(
            model_name="takedown",
            name="article",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="take_downs",
                to="articles.article",
                verbose_name="article",
            ),
        ),
        migrations.AddField(
            model_name="takedown",
            name="taken_down_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="by",
            ),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["article", "-at"], name="act_article_at"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["-at", "-id"], name="act_at"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["verb", "-at"], name="act_verb_at"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["by", "-at"], name="act_by_at"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(condition=models.Q(("outcome", "refused")), fields=["-at"], name="act_refused"),
        ),
        migrations.AddConstraint(
            model_name="act",
            constraint=models.CheckConstraint(
                condition=models.Q(("outcome__in", ["done", "refused"])), name="act_outcome_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="takedown",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="takedown_has_a_reason"
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
