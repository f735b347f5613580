"""Decisions that stand in a version, what each did to its lines, and the rules of the chain that the database keeps.

1. What stands in a released version is frozen with it. That a document held a decision already may be noted later.
2. A version that changes a line of the one it follows says why: by a reason or by a decision that did not stand before.
3. A decision that stands in a version no longer changes in what it does.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION results_ruling_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.classification_id ELSE OLD.classification_id END;
BEGIN
  IF TG_OP = 'INSERT' AND TG_TABLE_NAME = 'results_applieddecision' AND NOT (to_jsonb(NEW) ->> 'is_computed')::boolean THEN
    RETURN NEW;
  END IF;
  IF EXISTS (SELECT 1 FROM results_classification c WHERE c.id = touched AND c.released_at IS NOT NULL) THEN
    RAISE EXCEPTION 'classification % is released', touched USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER applied_frozen BEFORE INSERT OR UPDATE OR DELETE ON results_applieddecision
  FOR EACH ROW EXECUTE FUNCTION results_ruling_frozen();
CREATE TRIGGER effect_frozen BEFORE INSERT OR UPDATE OR DELETE ON results_decisioneffect
  FOR EACH ROW EXECUTE FUNCTION results_ruling_frozen();

CREATE FUNCTION results_change_has_a_reason() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before bigint;
BEGIN
  IF OLD.released_at IS NOT NULL OR NEW.released_at IS NULL OR btrim(NEW.reason) <> '' THEN
    RETURN NEW;
  END IF;
  SELECT c.id INTO before FROM results_classification c
    WHERE c.session_id = NEW.session_id AND c.checkpoint = NEW.checkpoint AND c.id <> NEW.id
      AND c.released_at IS NOT NULL AND (c.is_current OR c.public_until >= NEW.public_from)
    ORDER BY c.version DESC LIMIT 1;
  IF before IS NULL OR EXISTS (
      SELECT 1 FROM results_applieddecision a WHERE a.classification_id = NEW.id AND NOT EXISTS (
        SELECT 1 FROM results_applieddecision b
        WHERE b.classification_id = before AND b.decision_id = a.decision_id)) THEN
    RETURN NEW;
  END IF;
  IF EXISTS (
      SELECT to_jsonb(r) - 'id' - 'classification_id' - 'display_order' FROM results_classificationrow r
        WHERE r.classification_id = NEW.id
      EXCEPT
      SELECT to_jsonb(r) - 'id' - 'classification_id' - 'display_order' FROM results_classificationrow r
        WHERE r.classification_id = before)
    OR (SELECT count(*) FROM results_classificationrow r WHERE r.classification_id = NEW.id)
      <> (SELECT count(*) FROM results_classificationrow r WHERE r.classification_id = before) THEN
    RAISE EXCEPTION 'classification % changes a released result without decision or reason', NEW.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'classification_change_has_a_reason';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER classification_change_has_a_reason BEFORE UPDATE OF released_at ON results_classification
  FOR EACH ROW EXECUTE FUNCTION results_change_has_a_reason();

CREATE FUNCTION results_decision_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.session_id, NEW.session_entry_id, NEW.checkpoint, NEW.kind, NEW.amount, NEW.leaves_vacant, NEW.overturns_id,
      NEW.next_best_ms) IS DISTINCT FROM
     (OLD.session_id, OLD.session_entry_id, OLD.checkpoint, OLD.kind, OLD.amount, OLD.leaves_vacant, OLD.overturns_id,
      OLD.next_best_ms)
     AND EXISTS (SELECT 1 FROM results_applieddecision a WHERE a.decision_id = NEW.id) THEN
    RAISE EXCEPTION 'decision % stands in a result', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'decision_that_stands_is_frozen';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER decision_frozen BEFORE UPDATE ON results_decision
  FOR EACH ROW EXECUTE FUNCTION results_decision_frozen();
"""

BACKWARD = """
DROP TRIGGER decision_frozen ON results_decision;
DROP FUNCTION results_decision_frozen();
DROP TRIGGER classification_change_has_a_reason ON results_classification;
DROP FUNCTION results_change_has_a_reason();
DROP TRIGGER effect_frozen ON results_decisioneffect;
DROP TRIGGER applied_frozen ON results_applieddecision;
DROP FUNCTION results_ruling_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0012_import_events'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AppliedDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_computed', models.BooleanField(default=True, verbose_name='computed')),
            ],
            options={
                'verbose_name': 'decision in a result',
                'verbose_name_plural': 'decisions in results',
                'ordering': ['classification', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DecisionEffect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField(default=1, verbose_name='line')),
                ('columns', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None, verbose_name='columns')),
            ],
            options={
                'verbose_name': 'effect of a decision',
                'verbose_name_plural': 'effects of decisions',
                'ordering': ['classification', 'decision', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='decision',
            name='decision_number_unique',
        ),
        migrations.AddField(
            model_name='classification',
            name='base',
            field=models.ForeignKey(blank=True, help_text='The version to whose lines the decisions were applied; empty: lines as imported or entered.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.classification', verbose_name='computed from'),
        ),
        migrations.AddField(
            model_name='decision',
            name='leaves_vacant',
            field=models.BooleanField(default=False, help_text='Nobody moves up into the place of the car.', verbose_name='leaves the place vacant'),
        ),
        migrations.AddField(
            model_name='decision',
            name='next_best_ms',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='best lap that stands then'),
        ),
        migrations.AddField(
            model_name='decision',
            name='overturns',
            field=models.ForeignKey(blank=True, help_text='The decision that no longer stands.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='overturned_by', to='results.decision', verbose_name='takes back'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.UniqueConstraint(condition=models.Q(('number', ''), _negated=True), fields=('session', 'checkpoint', 'number', 'session_entry', 'kind'), name='decision_number_unique', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('leaves_vacant', False), ('kind__in', ['disqualified', 'excluded']), _connector='OR'), name='decision_vacant_where_struck', violation_error_message='Only a disqualified or excluded car leaves its place vacant.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('overturns__isnull', True), models.Q(('kind', 'reinstated'), models.Q(('overturns', models.F('id')), _negated=True)), _connector='OR'), name='decision_takes_back_another', violation_error_message='Only a reinstatement takes another decision back.'),
        ),
        migrations.AddConstraint(
            model_name='decision',
            constraint=models.CheckConstraint(condition=models.Q(('next_best_ms__isnull', True), models.Q(('kind', 'lap_deleted'), ('next_best_ms__gt', 0)), _connector='OR'), name='decision_next_best_of_a_deleted_lap', violation_error_message='Only a deleted lap leaves another best lap.'),
        ),
        migrations.AddField(
            model_name='applieddecision',
            name='classification',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='applied', to='results.classification', verbose_name='classification'),
        ),
        migrations.AddField(
            model_name='applieddecision',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applied', to='results.decision', verbose_name='decision of the stewards'),
        ),
        migrations.AddField(
            model_name='decisioneffect',
            name='classification',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='effects', to='results.classification', verbose_name='classification'),
        ),
        migrations.AddField(
            model_name='decisioneffect',
            name='decision',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='results.decision', verbose_name='decision of the stewards'),
        ),
        migrations.AddField(
            model_name='decisioneffect',
            name='session_entry',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.sessionentry', verbose_name='car'),
        ),
        migrations.AddConstraint(
            model_name='applieddecision',
            constraint=models.UniqueConstraint(fields=('classification', 'decision'), name='applied_once'),
        ),
        migrations.AddConstraint(
            model_name='decisioneffect',
            constraint=models.UniqueConstraint(fields=('classification', 'decision', 'session_entry', 'line'), name='effect_once_a_line'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
