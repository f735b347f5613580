"""SEQUENCE and LAST-MODIFIED of calendars, kept by triggers: an import, the admin, undoing and SQL by hand raise them alike."""

from django.db import migrations, models
from django.db.models.functions import Now

FORWARD = """
CREATE FUNCTION results_calendar_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
    dated boolean := false;
    said boolean := false;
    name text;
BEGIN
    FOREACH name IN ARRAY string_to_array(TG_ARGV[0], ',') LOOP
        dated := dated OR before -> name IS DISTINCT FROM after -> name;
    END LOOP;
    FOREACH name IN ARRAY string_to_array(TG_ARGV[1], ',') LOOP
        said := said OR before -> name IS DISTINCT FROM after -> name;
    END LOOP;
    -- Whoever saves a whole row writes back what he once read: it never counts.
    NEW.calendar_sequence := OLD.calendar_sequence + dated::int;
    NEW.calendar_changed_at := CASE WHEN dated OR said THEN statement_timestamp() ELSE OLD.calendar_changed_at END;
    RETURN NEW;
END $$;
CREATE TRIGGER calendar_moves BEFORE UPDATE ON results_session FOR EACH ROW
    EXECUTE FUNCTION results_calendar_moves('starts_at,ends_at,local_date,status', 'name,slug,moved_from,end_estimated');
CREATE TRIGGER calendar_moves BEFORE UPDATE ON results_event FOR EACH ROW
    EXECUTE FUNCTION results_calendar_moves('starts_on,ends_on,time_zone,status,circuit_id', 'name,slug,note,moved_from');
"""
BACKWARD = """
DROP TRIGGER calendar_moves ON results_session;
DROP TRIGGER calendar_moves ON results_event;
DROP FUNCTION results_calendar_moves();
"""


def fields(model):
    return [
        migrations.AddField(model, "calendar_sequence", models.PositiveIntegerField(db_default=0, editable=False)),
        # The default is the same for all rows, so none is written anew.
        migrations.AddField(model, "calendar_changed_at", models.DateTimeField(db_default=Now(), editable=False)),
    ]


class Migration(migrations.Migration):
    dependencies = [("results", "0010_desk")]

    operations = [*fields("event"), *fields("session"), migrations.RunSQL(FORWARD, BACKWARD)]
