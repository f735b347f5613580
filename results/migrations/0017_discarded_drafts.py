"""Drafts can be laid aside; what one of them names is not frozen by it. Frozen rows stay with their version."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

STANDS = """
CREATE OR REPLACE FUNCTION results_decision_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.session_id, NEW.session_entry_id, NEW.checkpoint, NEW.kind, NEW.amount, NEW.leaves_vacant, NEW.overturns_id,
      NEW.next_best_ms) IS DISTINCT FROM
     (OLD.session_id, OLD.session_entry_id, OLD.checkpoint, OLD.kind, OLD.amount, OLD.leaves_vacant, OLD.overturns_id,
      OLD.next_best_ms)
     AND EXISTS (SELECT 1 FROM results_applieddecision a {join} WHERE a.decision_id = NEW.id {only}) THEN
    RAISE EXCEPTION 'decision % stands in a result', NEW.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'decision_that_stands_is_frozen';
  END IF;
  RETURN NEW;
END $$;
"""
FORWARD = STANDS.format(
    join="JOIN results_classification c ON c.id = a.classification_id", only="AND c.discarded_at IS NULL"
)
BACKWARD = STANDS.format(join="", only="")
MOVED = """
CREATE OR REPLACE FUNCTION results_ruling_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.classification_id <> OLD.classification_id THEN
    RAISE EXCEPTION 'classification % keeps its decisions', OLD.classification_id USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER applied_stays BEFORE UPDATE ON results_applieddecision
  FOR EACH ROW EXECUTE FUNCTION results_ruling_stays();
CREATE TRIGGER effect_stays BEFORE UPDATE ON results_decisioneffect
  FOR EACH ROW EXECUTE FUNCTION results_ruling_stays();
"""
UNMOVED = """
DROP TRIGGER effect_stays ON results_decisioneffect;
DROP TRIGGER applied_stays ON results_applieddecision;
DROP FUNCTION results_ruling_stays();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0016_decisions_in_results'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='classification',
            name='discarded_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='discarded'),
        ),
        migrations.AddField(
            model_name='classification',
            name='discarded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='discarded by'),
        ),
        migrations.AddConstraint(
            model_name='classification',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('discarded_at__isnull', True), ('discarded_by__isnull', True)), models.Q(('discarded_at__isnull', False), ('released_at__isnull', True)), _connector='OR'), name='classification_only_drafts_are_discarded'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunSQL(MOVED, UNMOVED),
    ]
