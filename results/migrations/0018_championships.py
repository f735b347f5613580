"""Championships with their rules, what counts for them, the ledger of points and the tables it adds up to.

The database keeps three promises of the ledger: a row never changes, no row comes after the tables that stand on it, and
every line of a table is the sum of its rows.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


FORWARD = """
CREATE FUNCTION results_ledger_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are computed anew, never changed', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ledger_frozen';
END $$;
CREATE TRIGGER award_frozen BEFORE UPDATE ON results_pointsaward
  FOR EACH ROW EXECUTE FUNCTION results_ledger_frozen();
CREATE TRIGGER standing_frozen BEFORE UPDATE ON results_standing
  FOR EACH ROW EXECUTE FUNCTION results_ledger_frozen();

CREATE FUNCTION results_ledger_comes_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM written w JOIN results_standing s ON s.competitor_id = w.competitor_id) THEN
    RAISE EXCEPTION 'an award comes after the table that stands on it'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_comes_first';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER ledger_comes_first AFTER INSERT ON results_pointsaward REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION results_ledger_comes_first();

CREATE FUNCTION results_standing_is_the_sum() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE wrong record;
BEGIN
  SELECT s.* INTO wrong FROM written s
  CROSS JOIN LATERAL (
    SELECT coalesce(sum(a.points), 0) AS gross,
           coalesce(sum(a.points) FILTER (WHERE NOT s.round = ANY (a.dropped_after)), 0) AS points
    FROM results_pointsaward a
    WHERE a.competitor_id = s.competitor_id AND a.round <= s.round
      AND (a.void_since IS NULL OR s.round < a.void_since)
  ) ledger
  WHERE s.gross <> ledger.gross OR s.points <> ledger.points LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'competitor % has % points after round %, which is not the sum of the ledger',
      wrong.competitor_id, wrong.points, wrong.round
      USING ERRCODE = 'check_violation', CONSTRAINT = 'standing_is_the_sum';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER standing_is_the_sum AFTER INSERT ON results_standing REFERENCING NEW TABLE AS written
  FOR EACH STATEMENT EXECUTE FUNCTION results_standing_is_the_sum();
"""

BACKWARD = """
DROP TRIGGER standing_is_the_sum ON results_standing;
DROP FUNCTION results_standing_is_the_sum();
DROP TRIGGER ledger_comes_first ON results_pointsaward;
DROP FUNCTION results_ledger_comes_first();
DROP TRIGGER standing_frozen ON results_standing;
DROP TRIGGER award_frozen ON results_pointsaward;
DROP FUNCTION results_ledger_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0017_discarded_drafts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Championship',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(help_text='Short name for addresses and commands, such as driver.', max_length=60, verbose_name='key')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('subject', models.CharField(choices=[('driver', 'drivers'), ('crew', 'crews'), ('team', 'teams'), ('entrant', 'entrants'), ('manufacturer', 'manufacturers'), ('constructor', 'constructors')], max_length=12, verbose_name='for whom')),
                ('rules', models.JSONField(default=dict, verbose_name='rules')),
                ('pack', models.CharField(blank=True, max_length=60, verbose_name='rule file')),
                ('sequence', models.PositiveSmallIntegerField(default=0, verbose_name='order')),
                ('is_by_hand', models.BooleanField(default=False, help_text='On: the rules stay as they are here when the rule file changes.', verbose_name='rules by hand')),
                ('public_from', models.DateTimeField(blank=True, help_text='Empty: only the desk sees the table.', null=True, verbose_name='public from')),
                ('racing_class', models.ForeignKey(blank=True, help_text='Only cars of this class; empty for all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='championships', to='results.racingclass', verbose_name='class')),
                ('season', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='championships', to='results.season', verbose_name='season')),
            ],
            options={
                'verbose_name': 'championship',
                'verbose_name_plural': 'championships',
                'ordering': ['season', 'sequence', 'key'],
            },
        ),
        migrations.AddField(
            model_name='printedstanding',
            name='championship',
            field=models.ForeignKey(blank=True, help_text='The table that is compared with this one.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='printed_standings', to='results.championship', verbose_name='our championship'),
        ),
        migrations.CreateModel(
            name='ChampionshipDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('points', 'points added or taken'), ('excluded', 'excluded from the table'), ('annulled', 'points annulled up to an event'), ('without', 'scores nothing at an event')], max_length=10, verbose_name='kind')),
                ('entrant', models.CharField(blank=True, max_length=160, verbose_name='entrant')),
                ('points', models.DecimalField(blank=True, decimal_places=3, help_text='Negative where they are taken.', max_digits=9, null=True, verbose_name='points')),
                ('printed', models.CharField(blank=True, help_text='Such as EX or DSQ.', max_length=8, verbose_name='printed instead of the place')),
                ('origin', models.CharField(choices=[('by_hand', 'by hand'), ('printed', "from the organiser's table")], default='by_hand', max_length=8, verbose_name='origin')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('entered_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False, verbose_name='entered')),
                ('car_model', models.ForeignKey(blank=True, help_text='For constructors.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.carmodel', verbose_name='car')),
                ('championship', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='results.championship', verbose_name='championship')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.sourcedocument', verbose_name='source document')),
                ('driver', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.driver', verbose_name='driver')),
                ('entered_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('event', models.ForeignKey(blank=True, help_text='Points count from the table after it; results are annulled up to it; an exclusion holds from it on, without one from the beginning.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.event', verbose_name='event')),
                ('manufacturer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.manufacturer', verbose_name='manufacturer')),
                ('since', models.ForeignKey(blank=True, help_text='The event after which the annulment shows; empty: at once.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.event', verbose_name='annulled since')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.team', verbose_name='team')),
            ],
            options={
                'verbose_name': 'decision on a championship',
                'verbose_name_plural': 'decisions on championships',
                'ordering': ['championship', 'entered_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Computation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('versions', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None, verbose_name='versions')),
                ('computed_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='computed')),
                ('championship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='computations', to='results.championship', verbose_name='championship')),
            ],
            options={
                'verbose_name': 'computation of a championship',
                'verbose_name_plural': 'computations of championships',
                'ordering': ['championship', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Competitor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('things', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), size=None)),
                ('entrant', models.CharField(blank=True, max_length=160)),
                ('computation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='competitors', to='results.computation')),
            ],
            options={
                'verbose_name': 'competitor',
                'verbose_name_plural': 'competitors',
            },
        ),
        migrations.CreateModel(
            name='PointsAward',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveSmallIntegerField()),
                ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                ('checkpoint', models.CharField(blank=True, max_length=12, verbose_name='scored after')),
                ('cause', models.CharField(choices=[('place', 'finish'), ('fastest_lap', 'fastest lap'), ('pole', 'pole position'), ('decision', 'decision')], max_length=12, verbose_name='cause')),
                ('place', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='place')),
                ('base', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='by the table')),
                ('factor', models.CharField(default='1', max_length=20, verbose_name='factor')),
                ('points', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='points')),
                ('dropped_after', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None, verbose_name='dropped after rounds')),
                ('void_since', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='annulled since round')),
                ('origin', models.CharField(choices=[('computed', 'computed'), ('printed', "from the organiser's table"), ('by_hand', 'by hand')], default='computed', max_length=8, verbose_name='origin')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('competitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='awards', to='results.competitor')),
                ('decision', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='results.championshipdecision', verbose_name='decision')),
                ('entry', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='results.entry', verbose_name='car')),
                ('session', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='results.session', verbose_name='session')),
            ],
            options={
                'verbose_name': 'award of points',
                'verbose_name_plural': 'ledger of points',
                'ordering': ['competitor', 'sequence'],
            },
        ),
        migrations.CreateModel(
            name='ScoringEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('checkpoint', models.CharField(blank=True, help_text='Such as 6h; empty at the finish.', max_length=12, verbose_name='scored after')),
                ('counts', models.BooleanField(default=True, verbose_name='counts')),
                ('tags', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), blank=True, default=list, help_text='In the words of the rules, such as 6h or lemans, separated by commas.', size=None, verbose_name='kind of race')),
                ('table', django.contrib.postgres.fields.ArrayField(base_field=models.DecimalField(decimal_places=3, max_digits=9), blank=True, help_text='Points by place, separated by commas; empty: as the rules say.', null=True, size=None, verbose_name='points table')),
                ('factor_numerator', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='factor')),
                ('factor_denominator', models.PositiveSmallIntegerField(default=1, verbose_name='divided by')),
                ('share', models.DecimalField(blank=True, decimal_places=3, help_text='How much of it was run, such as 0.62 after a red flag; empty: all.', max_digits=4, null=True, verbose_name='part of the distance')),
                ('is_by_hand', models.BooleanField(default=False, verbose_name='by hand')),
                ('championship', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scoring_events', to='results.championship', verbose_name='championship')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scoring_events', to='results.session', verbose_name='session')),
            ],
            options={
                'verbose_name': 'scoring',
                'verbose_name_plural': 'scorings',
                'ordering': ['championship', 'session', 'checkpoint'],
            },
        ),
        migrations.CreateModel(
            name='Standing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField(verbose_name='round')),
                ('display_order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('position', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='position')),
                ('is_tied', models.BooleanField(default=False, verbose_name='shares the position')),
                ('printed', models.CharField(blank=True, max_length=8, verbose_name='printed instead of the place')),
                ('points', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='points')),
                ('gross', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='points with dropped ones')),
                ('dropped', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='dropped')),
                ('wins', models.PositiveSmallIntegerField(default=0, verbose_name='wins')),
                ('gap', models.DecimalField(decimal_places=3, max_digits=9, verbose_name='gap')),
                ('is_provisional', models.BooleanField(default=False, verbose_name='provisional')),
                ('competitor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='standings', to='results.competitor')),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='results.event', verbose_name='event')),
            ],
            options={
                'verbose_name': 'line of a table',
                'verbose_name_plural': 'tables of championships',
                'ordering': ['round', 'display_order'],
            },
        ),
        migrations.CreateModel(
            name='CarKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(max_length=20, verbose_name='source')),
                ('key', models.CharField(max_length=80, verbose_name='key')),
                ('car_model', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='keys', to='results.carmodel', verbose_name='car')),
            ],
            options={
                'verbose_name': 'key of a source for a car',
                'verbose_name_plural': 'keys of sources for cars',
                'constraints': [models.UniqueConstraint(fields=('source', 'key'), name='carkey_unique'), models.CheckConstraint(condition=models.Q(models.Q(('source', ''), _negated=True), models.Q(('key', ''), _negated=True)), name='carkey_given')],
            },
        ),
        migrations.AddConstraint(
            model_name='championship',
            constraint=models.UniqueConstraint(fields=('season', 'key'), name='championship_key_unique'),
        ),
        migrations.AddConstraint(
            model_name='championship',
            constraint=models.CheckConstraint(condition=models.Q(('subject__in', ['driver', 'crew', 'team', 'entrant', 'manufacturer', 'constructor'])), name='championship_subject_known'),
        ),
        migrations.AddConstraint(
            model_name='championshipdecision',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='championshipdecision_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='championshipdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'points'), ('points__isnull', False)), models.Q(models.Q(('kind', 'points'), _negated=True), ('points__isnull', True)), _connector='OR'), name='championshipdecision_points_where_meant', violation_error_message='Points are given for that kind of decision and for no other.'),
        ),
        migrations.AddConstraint(
            model_name='championshipdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'excluded'), models.Q(('printed', ''), _negated=True)), models.Q(models.Q(('kind', 'excluded'), _negated=True), ('printed', '')), _connector='OR'), name='championshipdecision_printed_where_excluded', violation_error_message='What is printed instead of the place is given for an exclusion and only there.'),
        ),
        migrations.AddConstraint(
            model_name='championshipdecision',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['points', 'excluded']), ('event__isnull', False), _connector='OR'), name='championshipdecision_event_where_needed', violation_error_message='An event is needed for that kind of decision.'),
        ),
        migrations.AddConstraint(
            model_name='championshipdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('car_model__isnull', True), ('driver__isnull', False), ('entrant', ''), ('manufacturer__isnull', True), ('team__isnull', True)), models.Q(('car_model__isnull', True), ('driver__isnull', True), ('entrant', ''), ('manufacturer__isnull', True), ('team__isnull', False)), models.Q(('car_model__isnull', True), ('driver__isnull', True), ('entrant', ''), ('manufacturer__isnull', False), ('team__isnull', True)), models.Q(('car_model__isnull', False), ('driver__isnull', True), ('entrant', ''), ('manufacturer__isnull', True), ('team__isnull', True)), models.Q(('car_model__isnull', True), ('driver__isnull', True), ('manufacturer__isnull', True), ('team__isnull', True), models.Q(('entrant', ''), _negated=True)), _connector='OR'), name='championshipdecision_names_one', violation_error_message='Exactly one competitor is needed.'),
        ),
        migrations.AddConstraint(
            model_name='computation',
            constraint=models.UniqueConstraint(fields=('championship', 'versions'), name='computation_once'),
        ),
        migrations.AddConstraint(
            model_name='competitor',
            constraint=models.UniqueConstraint(fields=('computation', 'things', 'entrant'), name='competitor_once'),
        ),
        migrations.AddConstraint(
            model_name='competitor',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('things__len__gt', 0), ('entrant', '')), models.Q(('things__len', 0), models.Q(('entrant', ''), _negated=True)), _connector='OR'), name='competitor_is_somebody'),
        ),
        migrations.AddConstraint(
            model_name='pointsaward',
            constraint=models.UniqueConstraint(fields=('competitor', 'sequence'), name='award_order_unique'),
        ),
        migrations.AddConstraint(
            model_name='pointsaward',
            constraint=models.CheckConstraint(condition=models.Q(('cause__in', ['place', 'fastest_lap', 'pole', 'decision'])), name='award_cause_known'),
        ),
        migrations.AddConstraint(
            model_name='pointsaward',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', 'decision'), ('session__isnull', True)), models.Q(models.Q(('cause', 'decision'), _negated=True), ('session__isnull', False)), _connector='OR'), name='award_stands_on_a_session'),
        ),
        migrations.AddConstraint(
            model_name='pointsaward',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', 'place'), ('place__gte', 1), ('place__isnull', False)), models.Q(models.Q(('cause', 'place'), _negated=True), ('place__isnull', True)), _connector='OR'), name='award_place_of_a_finish'),
        ),
        migrations.AddConstraint(
            model_name='scoringevent',
            constraint=models.UniqueConstraint(fields=('championship', 'session', 'checkpoint'), name='scoring_once'),
        ),
        migrations.AddConstraint(
            model_name='scoringevent',
            constraint=models.CheckConstraint(condition=models.Q(('factor_denominator__gte', 1)), name='scoring_factor_is_a_number', violation_error_message='A factor is divided by 1 or more.'),
        ),
        migrations.AddConstraint(
            model_name='scoringevent',
            constraint=models.CheckConstraint(condition=models.Q(('share__isnull', True), models.Q(('share__gte', 0), ('share__lte', 1)), _connector='OR'), name='scoring_share_is_a_part', violation_error_message='The part of the distance lies between 0 and 1.'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.UniqueConstraint(fields=('competitor', 'round'), name='standing_once_a_round'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.CheckConstraint(condition=models.Q(('points', django.db.models.expressions.CombinedExpression(models.F('gross'), '-', models.F('dropped')))), name='standing_adds_up'),
        ),
        migrations.AddConstraint(
            model_name='standing',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('position__gte', 1), ('position__isnull', False), ('printed', '')), models.Q(('position__isnull', True), models.Q(('printed', ''), _negated=True)), _connector='OR'), name='standing_has_a_place_or_a_word'),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
