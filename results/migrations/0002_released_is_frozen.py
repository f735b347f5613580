"""A released classification and its rows never change: the database refuses it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION results_classification_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.released_at IS NULL THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'UPDATE'
     AND (to_jsonb(NEW) - 'public_from' - 'public_until' - 'is_current')
       = (to_jsonb(OLD) - 'public_from' - 'public_until' - 'is_current') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'classification % is released', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER classification_frozen BEFORE UPDATE OR DELETE ON results_classification
  FOR EACH ROW EXECUTE FUNCTION results_classification_frozen();

CREATE FUNCTION results_classification_row_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.classification_id ELSE OLD.classification_id END;
BEGIN
  IF EXISTS (SELECT 1 FROM results_classification c WHERE c.id = touched AND c.released_at IS NOT NULL)
     OR (TG_OP = 'UPDATE' AND NEW.classification_id <> OLD.classification_id) THEN
    RAISE EXCEPTION 'classification % is released', touched USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER classification_row_frozen BEFORE INSERT OR UPDATE OR DELETE ON results_classificationrow
  FOR EACH ROW EXECUTE FUNCTION results_classification_row_frozen();
"""

BACKWARD = """
DROP TRIGGER classification_frozen ON results_classification;
DROP TRIGGER classification_row_frozen ON results_classificationrow;
DROP FUNCTION results_classification_frozen();
DROP FUNCTION results_classification_row_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
