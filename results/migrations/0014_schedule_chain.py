"""The chain of schedule changes, written by triggers, and what readers are shown of it, which follows from the chain.

`results_former_times` walks a chain once: a date that readers saw, that lay ahead and that gave way to another one is
remembered; a return to a remembered one forgets it and all after it. What a change found that its own transaction had
made, or made public, nobody had seen.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

FUNCTIONS = """
-- Two ways of giving a date are one: the same instant; or the day alone, and then an hour of that day.
CREATE FUNCTION results_same_time(told_at timestamptz, told_on date, now_at timestamptz, now_on date) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN told_at IS NULL THEN told_on IS NOT DISTINCT FROM now_on ELSE told_at IS NOT DISTINCT FROM now_at END
$$;

-- Days that only grow or shrink, such as by a practice on the day before, are no move.
CREATE FUNCTION results_same_days(told_on date, told_until date, now_on date, now_until date) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT now_on IS NOT NULL AND (daterange(told_on, told_until, '[]') @> daterange(now_on, now_until, '[]')
        OR daterange(told_on, told_until, '[]') <@ daterange(now_on, now_until, '[]'))
$$;

CREATE FUNCTION results_same_place(told text, now text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT told = '' OR now = '' OR told = now
$$;

-- The dates that readers were told before, oldest first.
CREATE FUNCTION results_former_times(of_session bigint, of_event bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    step results_schedulechange;
    former jsonb := '[]';
    back integer;
BEGIN
    FOR step IN SELECT * FROM results_schedulechange WHERE session_id = of_session OR event_id = of_event ORDER BY sequence LOOP
        IF step.was_public AND NOT step.is_correction AND step.before_date IS NOT NULL
            AND coalesce(step.before_ends_at > step.changed_at,
                coalesce(step.before_last_date, step.before_date) >= (step.changed_at AT TIME ZONE step.before_zone)::date)
        THEN
            former := former || jsonb_build_object(
                'at', step.before_starts_at, 'on', step.before_date, 'until', step.before_last_date,
                'zone', step.before_zone, 'circuit', step.before_circuit, 'note', step.note);
        END IF;
        SELECT min(place) INTO back FROM jsonb_array_elements(former) WITH ORDINALITY AS told (one, place)
        WHERE CASE WHEN of_event IS NULL
            THEN results_same_time((one ->> 'at')::timestamptz, (one ->> 'on')::date, step.after_starts_at, step.after_date)
            ELSE results_same_days((one ->> 'on')::date, (one ->> 'until')::date, step.after_date, step.after_last_date)
                AND results_same_place(one ->> 'circuit', step.after_circuit) END;
        IF back IS NOT NULL THEN
            SELECT coalesce(jsonb_agg(one ORDER BY place), '[]') INTO former
            FROM jsonb_array_elements(former) WITH ORDINALITY AS told (one, place) WHERE place < back;
        END IF;
    END LOOP;
    RETURN former;
END $$;

-- Whether readers saw the row before this transaction: what it has only just opened to them they did not.
CREATE FUNCTION results_was_seen(kind text, key bigint, public_from timestamptz) RETURNS boolean LANGUAGE sql AS $$
    SELECT coalesce(public_from <= statement_timestamp(), false)
        AND NOT kind || key::text = ANY(string_to_array(coalesce(current_setting('racedesk.opened', true), ''), ','))
$$;

CREATE FUNCTION results_opens() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM set_config('racedesk.opened',
        concat(current_setting('racedesk.opened', true), ',', TG_ARGV[0], OLD.id), true);
    RETURN NULL;
END $$;

-- What the verbs say of the writes of their transaction: a JSON object, or nothing (results/schedule_record.py).
CREATE FUNCTION results_said_of_schedule() RETURNS jsonb LANGUAGE sql AS $$
    SELECT coalesce(nullif(current_setting('racedesk.schedule', true), ''), '{}')::jsonb
$$;

CREATE FUNCTION results_session_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := results_said_of_schedule();
    venue results_event;
    found results_schedulechange;
BEGIN
    IF (OLD.starts_at, OLD.ends_at, OLD.local_date, OLD.status)
        IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.local_date, NEW.status)
    THEN
        SELECT * INTO venue FROM results_event WHERE id = OLD.event_id;
        -- What stood there when this transaction began, if it has changed it already.
        SELECT * INTO found FROM results_schedulechange
        WHERE session_id = OLD.id AND transaction = pg_current_xact_id()::text::bigint ORDER BY sequence LIMIT 1;
        INSERT INTO results_schedulechange (
            session_id, sequence,
            before_starts_at, before_ends_at, before_date, before_status, before_zone, before_circuit,
            after_starts_at, after_ends_at, after_date, after_status, after_zone, after_circuit,
            was_public, reason, note, document_id, import_run_id, by_id, is_correction, transaction, changed_at
        ) VALUES (
            OLD.id, (SELECT coalesce(max(sequence), 0) + 1 FROM results_schedulechange WHERE session_id = OLD.id),
            OLD.starts_at, OLD.ends_at, OLD.local_date, OLD.status, venue.time_zone, '',
            NEW.starts_at, NEW.ends_at, NEW.local_date, NEW.status, venue.time_zone, '',
            results_was_seen('s', OLD.id, OLD.public_from) AND results_was_seen('e', venue.id, venue.public_from)
                AND (found.id IS NULL OR (found.before_starts_at, found.before_date) IS NOT DISTINCT FROM (OLD.starts_at, OLD.local_date)),
            coalesce(said ->> 'reason', ''), coalesce(said ->> 'note', ''), (said ->> 'document')::bigint,
            (said ->> 'run')::bigint, (said ->> 'by')::bigint, coalesce((said ->> 'correction')::boolean, false),
            pg_current_xact_id()::text::bigint, statement_timestamp()
        );
    END IF;
    NEW.former_times := results_former_times(OLD.id, NULL);
    NEW.moved_from := (NEW.former_times -> -1 ->> 'at')::timestamptz;
    RETURN NEW;
END $$;

CREATE FUNCTION results_event_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    said jsonb := results_said_of_schedule();
    place_before text := coalesce((SELECT name FROM results_circuit WHERE id = OLD.circuit_id), '');
    place_after text := coalesce((SELECT name FROM results_circuit WHERE id = NEW.circuit_id), '');
    found results_schedulechange;
BEGIN
    IF (OLD.starts_on, OLD.ends_on, OLD.status, OLD.time_zone, OLD.circuit_id)
        IS DISTINCT FROM (NEW.starts_on, NEW.ends_on, NEW.status, NEW.time_zone, NEW.circuit_id)
    THEN
        SELECT * INTO found FROM results_schedulechange
        WHERE event_id = OLD.id AND transaction = pg_current_xact_id()::text::bigint ORDER BY sequence LIMIT 1;
        INSERT INTO results_schedulechange (
            event_id, sequence,
            before_date, before_last_date, before_status, before_zone, before_circuit,
            after_date, after_last_date, after_status, after_zone, after_circuit,
            was_public, reason, note, document_id, import_run_id, by_id, is_correction, transaction, changed_at
        ) VALUES (
            OLD.id, (SELECT coalesce(max(sequence), 0) + 1 FROM results_schedulechange WHERE event_id = OLD.id),
            OLD.starts_on, OLD.ends_on, OLD.status, OLD.time_zone, place_before,
            NEW.starts_on, NEW.ends_on, NEW.status, NEW.time_zone, place_after,
            results_was_seen('e', OLD.id, OLD.public_from)
                AND (found.id IS NULL OR (found.before_date, found.before_last_date, found.before_circuit)
                    IS NOT DISTINCT FROM (OLD.starts_on, OLD.ends_on, place_before)),
            coalesce(said ->> 'reason', ''), coalesce(said ->> 'note', ''), (said ->> 'document')::bigint,
            (said ->> 'run')::bigint, (said ->> 'by')::bigint, coalesce((said ->> 'correction')::boolean, false),
            pg_current_xact_id()::text::bigint, statement_timestamp()
        );
    END IF;
    NEW.former_times := results_former_times(NULL, OLD.id);
    -- The day told last that is another than now: of an event that only changed its place there may be none.
    NEW.moved_from := (
        SELECT (one ->> 'on')::date FROM jsonb_array_elements(NEW.former_times) WITH ORDINALITY AS told (one, place)
        WHERE (one ->> 'on')::date IS DISTINCT FROM NEW.starts_on ORDER BY place DESC LIMIT 1);
    RETURN NEW;
END $$;

-- A row of the chain is history. Only whether it mended a slip may be said later, and what readers see follows.
CREATE FUNCTION results_schedule_is_history() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept jsonb := to_jsonb(NEW) - ARRAY['is_correction', 'corrected_at', 'corrected_by_id'];
BEGIN
    IF kept IS DISTINCT FROM to_jsonb(OLD) - ARRAY['is_correction', 'corrected_at', 'corrected_by_id'] THEN
        RAISE EXCEPTION 'schedule change % is history and cannot be changed', OLD.id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION results_schedule_is_corrected() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE results_session SET former_times = results_former_times(id, NULL) WHERE id = NEW.session_id;
    UPDATE results_event SET former_times = results_former_times(NULL, id) WHERE id = NEW.event_id;
    RETURN NULL;
END $$;

-- A chain goes with what it is about and never alone; asked at the end, for children are deleted first.
CREATE FUNCTION results_schedule_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM results_session WHERE id = OLD.session_id) OR EXISTS (SELECT FROM results_event WHERE id = OLD.event_id) THEN
        IF NOT EXISTS (SELECT FROM results_schedulechange WHERE id = OLD.id) THEN  -- put back meanwhile
            RAISE EXCEPTION 'schedule change % is history and cannot be deleted', OLD.id USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    END IF;
    RETURN NULL;
END $$;
"""
TRIGGERS = """
-- Triggers fire by name: the chain before the calendar, which counts what the chain says as a change of the words.
CREATE TRIGGER announced_times BEFORE UPDATE ON results_session FOR EACH ROW
    WHEN ((OLD.starts_at, OLD.ends_at, OLD.local_date, OLD.status, OLD.moved_from, OLD.former_times)
        IS DISTINCT FROM (NEW.starts_at, NEW.ends_at, NEW.local_date, NEW.status, NEW.moved_from, NEW.former_times))
    EXECUTE FUNCTION results_session_is_moved();
CREATE TRIGGER announced_times BEFORE UPDATE ON results_event FOR EACH ROW
    WHEN ((OLD.starts_on, OLD.ends_on, OLD.status, OLD.time_zone, OLD.circuit_id, OLD.moved_from, OLD.former_times)
        IS DISTINCT FROM (NEW.starts_on, NEW.ends_on, NEW.status, NEW.time_zone, NEW.circuit_id, NEW.moved_from, NEW.former_times))
    EXECUTE FUNCTION results_event_is_moved();
CREATE TRIGGER opens AFTER UPDATE OF public_from ON results_session FOR EACH ROW
    WHEN (NEW.public_from IS DISTINCT FROM OLD.public_from AND coalesce(OLD.public_from > statement_timestamp(), true))
    EXECUTE FUNCTION results_opens('s');
CREATE TRIGGER opens AFTER UPDATE OF public_from ON results_event FOR EACH ROW
    WHEN (NEW.public_from IS DISTINCT FROM OLD.public_from AND coalesce(OLD.public_from > statement_timestamp(), true))
    EXECUTE FUNCTION results_opens('e');
CREATE TRIGGER schedule_is_history BEFORE UPDATE ON results_schedulechange FOR EACH ROW
    EXECUTE FUNCTION results_schedule_is_history();
CREATE TRIGGER schedule_is_corrected AFTER UPDATE OF is_correction ON results_schedulechange FOR EACH ROW
    EXECUTE FUNCTION results_schedule_is_corrected();
CREATE CONSTRAINT TRIGGER schedule_stays AFTER DELETE ON results_schedulechange DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
    EXECUTE FUNCTION results_schedule_stays();
DROP TRIGGER calendar_moves ON results_session;
DROP TRIGGER calendar_moves ON results_event;
CREATE TRIGGER calendar_moves BEFORE UPDATE ON results_session FOR EACH ROW
    EXECUTE FUNCTION results_calendar_moves('starts_at,ends_at,local_date,status', 'name,slug,moved_from,former_times,end_estimated');
CREATE TRIGGER calendar_moves BEFORE UPDATE ON results_event FOR EACH ROW
    EXECUTE FUNCTION results_calendar_moves('starts_on,ends_on,time_zone,status,circuit_id', 'name,slug,note,moved_from,former_times');
"""
BACKWARD = """
DROP TRIGGER calendar_moves ON results_session;
DROP TRIGGER calendar_moves ON results_event;
CREATE TRIGGER calendar_moves BEFORE UPDATE ON results_session FOR EACH ROW
    EXECUTE FUNCTION results_calendar_moves('starts_at,ends_at,local_date,status', 'name,slug,moved_from,end_estimated');
CREATE TRIGGER calendar_moves BEFORE UPDATE ON results_event FOR EACH ROW
    EXECUTE FUNCTION results_calendar_moves('starts_on,ends_on,time_zone,status,circuit_id', 'name,slug,note,moved_from');
DROP TRIGGER announced_times ON results_session;
DROP TRIGGER announced_times ON results_event;
DROP TRIGGER opens ON results_session;
DROP TRIGGER opens ON results_event;
DROP TRIGGER schedule_stays ON results_schedulechange;
DROP TRIGGER schedule_is_corrected ON results_schedulechange;
DROP TRIGGER schedule_is_history ON results_schedulechange;
DROP FUNCTION results_schedule_stays();
DROP FUNCTION results_schedule_is_corrected();
DROP FUNCTION results_schedule_is_history();
DROP FUNCTION results_session_is_moved();
DROP FUNCTION results_event_is_moved();
DROP FUNCTION results_said_of_schedule();
DROP FUNCTION results_opens();
DROP FUNCTION results_was_seen(text, bigint, timestamptz);
DROP FUNCTION results_former_times(bigint, bigint);
DROP FUNCTION results_same_place(text, text);
DROP FUNCTION results_same_days(date, date, date, date);
DROP FUNCTION results_same_time(timestamptz, date, timestamptz, date);
"""
# What was told before by hand or by an import is the first link of each chain; written before the triggers are there, so
# no calendar changes. Going back keeps `moved_from` as it is.
HISTORY = """
INSERT INTO results_schedulechange (
    session_id, sequence, before_starts_at, before_ends_at, before_date, before_status, before_zone, before_circuit,
    after_starts_at, after_ends_at, after_date, after_status, after_zone, after_circuit,
    was_public, reason, note, transaction, changed_at
)
SELECT s.id, 1, s.moved_from, s.moved_from + (s.ends_at - s.starts_at), (s.moved_from AT TIME ZONE e.time_zone)::date,
    'scheduled', e.time_zone, '', s.starts_at, s.ends_at, s.local_date, s.status, e.time_zone, '',
    true, '', '', 0, least(s.calendar_changed_at, s.moved_from)
FROM results_session s JOIN results_event e ON e.id = s.event_id WHERE s.moved_from IS NOT NULL;
INSERT INTO results_schedulechange (
    event_id, sequence, before_date, before_last_date, before_status, before_zone, before_circuit,
    after_date, after_last_date, after_status, after_zone, after_circuit,
    was_public, reason, note, transaction, changed_at
)
SELECT e.id, 1, e.moved_from, e.moved_from + coalesce(e.ends_on - e.starts_on, 0), 'scheduled', e.time_zone,
    coalesce(c.name, ''), e.starts_on, e.ends_on, e.status, e.time_zone, coalesce(c.name, ''),
    true, '', '', 0, least(e.calendar_changed_at, e.moved_from::timestamp AT TIME ZONE 'UTC' - interval '1 day')
FROM results_event e LEFT JOIN results_circuit c ON c.id = e.circuit_id WHERE e.moved_from IS NOT NULL;
UPDATE results_session SET former_times = results_former_times(id, NULL) WHERE moved_from IS NOT NULL;
UPDATE results_event SET former_times = results_former_times(NULL, id) WHERE moved_from IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("results", "0013_rulings"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="event",
            name="former_times",
            field=models.JSONField(db_default=[], default=list, editable=False),
        ),
        migrations.AddField(
            model_name="session",
            name="former_times",
            field=models.JSONField(db_default=[], default=list, editable=False),
        ),
        migrations.AlterField(
            model_name="event",
            name="moved_from",
            field=models.DateField(blank=True, editable=False, null=True, verbose_name="moved from"),
        ),
        migrations.AlterField(
            model_name="session",
            name="moved_from",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="moved from"),
        ),
        migrations.CreateModel(
            name="ScheduleChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("sequence", models.PositiveIntegerField(verbose_name="order")),
                ("before_starts_at", models.DateTimeField(blank=True, null=True)),
                ("before_ends_at", models.DateTimeField(blank=True, null=True)),
                ("before_date", models.DateField(blank=True, null=True)),
                ("before_last_date", models.DateField(blank=True, null=True)),
                (
                    "before_status",
                    models.CharField(
                        choices=[("scheduled", "scheduled"), ("postponed", "postponed"), ("cancelled", "cancelled")],
                        max_length=12,
                    ),
                ),
                ("before_zone", models.CharField(max_length=64)),
                ("before_circuit", models.CharField(blank=True, max_length=120)),
                ("after_starts_at", models.DateTimeField(blank=True, null=True)),
                ("after_ends_at", models.DateTimeField(blank=True, null=True)),
                ("after_date", models.DateField(blank=True, null=True)),
                ("after_last_date", models.DateField(blank=True, null=True)),
                (
                    "after_status",
                    models.CharField(
                        choices=[("scheduled", "scheduled"), ("postponed", "postponed"), ("cancelled", "cancelled")],
                        max_length=12,
                    ),
                ),
                ("after_zone", models.CharField(max_length=64)),
                ("after_circuit", models.CharField(blank=True, max_length=120)),
                (
                    "was_public",
                    models.BooleanField(
                        help_text="Whether readers could see the former date at that moment.",
                        verbose_name="readers had seen it",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="reason")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note for readers")),
                ("changed_at", models.DateTimeField(db_default=Now(), verbose_name="changed")),
                ("transaction", models.BigIntegerField()),
                (
                    "is_correction",
                    models.BooleanField(
                        db_default=False,
                        default=False,
                        help_text="The former date was a slip: readers are not told of it.",
                        verbose_name="correction of a typing error",
                    ),
                ),
                ("corrected_at", models.DateTimeField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "corrected_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "document",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.sourcedocument",
                        verbose_name="source document",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedule_changes",
                        to="results.event",
                        verbose_name="event",
                    ),
                ),
                (
                    "import_run",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="results.importrun",
                        verbose_name="import",
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="schedule_changes",
                        to="results.session",
                        verbose_name="session",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of date",
                "verbose_name_plural": "changes of dates",
                "ordering": ["pk"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("session", "sequence"), name="schedulechange_session_order_unique"),
                    models.UniqueConstraint(fields=("event", "sequence"), name="schedulechange_event_order_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("event__isnull", False), ("session__isnull", True)),
                            models.Q(("event__isnull", True), ("session__isnull", False)),
                            _connector="OR",
                        ),
                        name="schedulechange_of_one_thing",
                    ),
                ],
            },
        ),
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(HISTORY, migrations.RunSQL.noop),
        migrations.RunSQL(TRIGGERS, BACKWARD),
    ]
