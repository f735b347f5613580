"""Proposals for new names: keys under which stored names are found, pairs that are two, addresses of the merged."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# The same keys as results.likeness.stored_keys and results.team_likeness.stored_team_keys; a test compares them.
# The high cost keeps the planner from computing keys of all rows where the index has them, and not calling the functions
# safe for parallel work from starting workers for a question of two milliseconds. New names are found at once, without
# the index's waiting list, for an import may have brought thousands.
FORWARD = """
CREATE FUNCTION results_name_skeleton(word text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT replace(replace(replace(word, 'ue', 'u'), 'oe', 'o'), 'ae', 'a')
$$;

CREATE FUNCTION results_person_keys(folded text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT COST 1000
SET search_path FROM CURRENT AS $$
DECLARE
  words text[] := '{}';
  keys text[] := '{}';
  word text;
  place int;
BEGIN
  FOREACH word IN ARRAY string_to_array(folded, ' ') LOOP
    IF word NOT IN ('jr', 'jun', 'junior', 'sr', 'sen', 'senior', 'ii', 'iii') THEN
      words := words || results_name_skeleton(word);
    END IF;
  END LOOP;
  FOR place IN greatest(cardinality(words) - (cardinality(words) > 2)::int, 1) .. cardinality(words) LOOP
    word := words[place];
    keys := keys || word;
    IF length(word) > 3 THEN
      keys := keys || (left(word, 3) || '<' || left(words[1], 1)) || (right(word, 3) || '>' || left(words[1], 1));
    END IF;
  END LOOP;
  RETURN keys;
END $$;

CREATE FUNCTION results_team_keys(folded text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT COST 1000
SET search_path FROM CURRENT AS $$
DECLARE
  keys text[] := '{}';
  word text;
  initials text := '';
BEGIN
  FOREACH word IN ARRAY string_to_array(folded, ' ') LOOP
    initials := initials || left(word, 1);
    word := results_name_skeleton(word);
    keys := keys || word;
    IF length(word) > 4 THEN
      keys := keys || (left(word, 4) || '<') || (right(word, 4) || '>');
    END IF;
  END LOOP;
  RETURN keys || ('=' || initials) || ('+' || results_name_skeleton(replace(folded, ' ', '')));
END $$;

CREATE INDEX driver_name_keys ON results_driver USING gin (results_person_keys(folded)) WITH (fastupdate = off);
CREATE INDEX driveralias_name_keys ON results_driveralias USING gin (results_person_keys(folded)) WITH (fastupdate = off);
CREATE INDEX team_name_keys ON results_team USING gin (results_team_keys(folded)) WITH (fastupdate = off);
CREATE INDEX teamalias_name_keys ON results_teamalias USING gin (results_team_keys(folded)) WITH (fastupdate = off);
"""

BACKWARD = """
DROP INDEX driver_name_keys, driveralias_name_keys, team_name_keys, teamalias_name_keys;
DROP FUNCTION results_person_keys(text);
DROP FUNCTION results_team_keys(text);
DROP FUNCTION results_name_skeleton(text);
"""


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0007_charts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(choices=[('driver', 'driver'), ('team', 'team')], max_length=10, verbose_name='kind')),
                ('slug', models.SlugField(db_index=False, max_length=80, verbose_name='address')),
                ('object_id', models.PositiveBigIntegerField(verbose_name='leads to')),
            ],
            options={
                'verbose_name': 'former address',
                'verbose_name_plural': 'former addresses',
                'constraints': [models.UniqueConstraint(fields=('model', 'slug'), name='formeraddress_unique'), models.CheckConstraint(condition=models.Q(('model__in', ['driver', 'team'])), name='formeraddress_model_known')],
            },
        ),
        migrations.CreateModel(
            name='DistinctPair',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('model', models.CharField(choices=[('driver', 'driver'), ('team', 'team')], max_length=10, verbose_name='kind')),
                ('low', models.PositiveBigIntegerField(verbose_name='one')),
                ('high', models.PositiveBigIntegerField(verbose_name='the other')),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='time')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'two of similar names',
                'verbose_name_plural': 'pairs of similar names',
                'constraints': [models.UniqueConstraint(fields=('model', 'low', 'high'), name='distinctpair_unique'), models.CheckConstraint(condition=models.Q(('low__lt', models.F('high'))), name='distinctpair_in_order'), models.CheckConstraint(condition=models.Q(('model__in', ['driver', 'team'])), name='distinctpair_model_known')],
            },
        ),
        # Proposals for the new names of an import, and the page of likely duplicates.
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
