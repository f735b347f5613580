"""A mark for every transaction that writes what readers see; `racedesk.freshness` puts the triggers on the tables."""

from django.contrib.postgres.functions import RandomUUID
from django.db import migrations, models
from django.db.models.functions import Now

FORWARD = """
CREATE FUNCTION racedesk_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- One mark a transaction, however many statements it has.
    IF coalesce(current_setting('racedesk.mark', true), '') = '' THEN
        INSERT INTO racedesk_change DEFAULT VALUES;
        -- Marks make a set that never comes back, for each is new. So old ones may go, together with the coming of
        -- one; those that somebody else is just removing are left to him.
        IF (SELECT count(*) FROM racedesk_change) > 200 THEN
            DELETE FROM racedesk_change WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM racedesk_change ORDER BY at LIMIT 150 FOR UPDATE SKIP LOCKED));
        END IF;
    END IF;
    -- Gone with the transaction: for whoever asks inside of it.
    PERFORM set_config('racedesk.mark', gen_random_uuid()::text, true);
    RETURN NULL;
END $$;
"""
BACKWARD = "DROP FUNCTION racedesk_changed() CASCADE;"


class Migration(migrations.Migration):
    dependencies = [("racedesk", "0001_attempt")]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("mark", models.UUIDField(db_default=RandomUUID(), primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=Now())),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
