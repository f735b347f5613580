"""The public site: front page by hand, a narrow row a publication for lists and search, the site's own pages."""

import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


# The words of a text as the search compares them: small letters, no marks, ä = ae = a, ß = ss, no signs. The long forms
# of the umlauts count only after a consonant ("Feuer", "Bauer" and "quer" hold none). German stop words with umlauts go
# first, for without their marks the dictionary would not know them.
WORDS = r"""
CREATE FUNCTION articles_search_fold(text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT AS $fold$
  SELECT btrim(regexp_replace(
    regexp_replace(
      translate(
        replace(replace(replace(
          regexp_replace(
            normalize(
              regexp_replace(
                lower(normalize($1, NFC)),
                '\m(für|über|während|würde|würden|könnte|können|hätte|hätten|wäre|wären|dafür|darüber|gegenüber)\M',
                ' ', 'g'
              ),
              NFKD
            ),
            '[\u0300-\u036f]+', '', 'g'
          ),
          'ß', 'ss'), 'æ', 'a'), 'œ', 'o'),
        'øłđðı', 'olddi'
      ),
      '(?<![aeiouyq])([aou])e', '\1', 'g'
    ),
    '[^[:alnum:]]+', ' ', 'g'
  ))
$fold$;

CREATE FUNCTION articles_search_words(title text, kicker text, standfirst text, body text, names text)
RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $words$
  SELECT setweight(to_tsvector('pg_catalog.german', articles_search_fold(title)), 'A')
      || setweight(to_tsvector('pg_catalog.german', articles_search_fold(kicker || ' ' || names)), 'B')
      || setweight(to_tsvector('pg_catalog.german', articles_search_fold(standfirst)), 'C')
      || setweight(to_tsvector('pg_catalog.german', articles_search_fold(left(body, 300000))), 'D')
$words$;

-- Names and captions that a publication keeps, and its events as far as readers know them.
CREATE FUNCTION articles_search_names(content jsonb) RETURNS text LANGUAGE sql STABLE AS $names$
  SELECT coalesce(string_agg(found.word, ' '), '') FROM (
    SELECT jsonb_path_query(content, path::jsonpath) #>> '{}' AS word
    FROM unnest(ARRAY[
      '$.bylines[*].name', '$.tags[*].name',
      '$.lead_image.alt', '$.lead_image.caption', '$.lead_image.credit',
      '$.body_images[*].alt', '$.body_images[*].caption', '$.body_images[*].credit'
    ]) AS path
    UNION ALL
    SELECT event.name || ' ' || series.name || ' ' || series.short_name || ' ' || coalesce(circuit.name, '')
    FROM jsonb_path_query(content, '$.events[*].id') AS kept
    JOIN results_event event ON event.id = (kept #>> '{}')::bigint AND event.public_from <= statement_timestamp()
    JOIN results_season season ON season.id = event.season_id
    JOIN results_series series ON series.id = season.series_id
    LEFT JOIN results_circuit circuit ON circuit.id = event.circuit_id
  ) found
$names$;
"""
WORDS_BACK = """
DROP FUNCTION articles_search_names(jsonb);
DROP FUNCTION articles_search_words(text, text, text, text, text);
DROP FUNCTION articles_search_fold(text);
"""

# Words lie outside the rows, uncompressed: a row stays narrow, and ranking reads them fast.
LISTED = """
ALTER TABLE articles_listing ALTER COLUMN words SET STORAGE EXTERNAL;
ALTER TABLE articles_listing SET (toast_tuple_target = 128);

CREATE FUNCTION articles_publication_listed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  first timestamptz;
BEGIN
  SELECT min(visible_from) INTO first FROM articles_publication
  WHERE article_id = NEW.article_id AND (visible_until IS NULL OR visible_until > visible_from);
  first := coalesce(first, NEW.visible_from);
  UPDATE articles_listing SET visible_from = NEW.visible_from, visible_until = NEW.visible_until
  WHERE publication_id = NEW.id;
  IF NOT FOUND THEN
    INSERT INTO articles_listing (publication_id, published_at, visible_from, visible_until, words)
    VALUES (NEW.id, first, NEW.visible_from, NEW.visible_until,
            articles_search_words(NEW.title, NEW.kicker, NEW.standfirst, NEW.body_text,
                                  articles_search_names(NEW.content)))
    ON CONFLICT (publication_id) DO UPDATE
    SET visible_from = EXCLUDED.visible_from, visible_until = EXCLUDED.visible_until;
  END IF;
  UPDATE articles_listing SET published_at = first
  WHERE published_at <> first
    AND publication_id IN (SELECT id FROM articles_publication WHERE article_id = NEW.article_id);
  RETURN NULL;
END $$;
CREATE TRIGGER publication_listed AFTER INSERT OR UPDATE ON articles_publication
  FOR EACH ROW EXECUTE FUNCTION articles_publication_listed();
"""
LISTED_BACK = """
DROP TRIGGER publication_listed ON articles_publication;
DROP FUNCTION articles_publication_listed();
"""

PAGES = """
CREATE FUNCTION articles_pageversion_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE'
     AND (to_jsonb(NEW) - 'visible_from' - 'visible_until') = (to_jsonb(OLD) - 'visible_from' - 'visible_until') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'page version % is frozen', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER pageversion_frozen BEFORE UPDATE OR DELETE ON articles_pageversion
  FOR EACH ROW EXECUTE FUNCTION articles_pageversion_frozen();
"""
PAGES_BACK = """
DROP TRIGGER pageversion_frozen ON articles_pageversion;
DROP FUNCTION articles_pageversion_frozen();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('articles', '0008_pics_indexes'),
        ('results', '0010_desk'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FormerSlug',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('author', 'author'), ('tag', 'tag')], max_length=8)),
                ('slug', models.SlugField(max_length=80)),
                ('object_id', models.BigIntegerField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='FrontPin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slot', models.CharField(choices=[('lead', 'lead'), ('second-1', 'second row, left'), ('second-2', 'second row, middle'), ('second-3', 'second row, right')], max_length=12, verbose_name='slot')),
                ('until', models.DateTimeField(verbose_name='until')),
                ('pinned_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='pinned')),
            ],
            options={
                'verbose_name': 'pin on the front page',
                'verbose_name_plural': 'front page',
                'ordering': ['-until'],
            },
        ),
        migrations.CreateModel(
            name='Listing',
            fields=[
                ('publication', models.OneToOneField(editable=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='listing', serialize=False, to='articles.publication')),
                ('published_at', models.DateTimeField(editable=False)),
                ('visible_from', models.DateTimeField(editable=False)),
                ('visible_until', models.DateTimeField(editable=False, null=True)),
                ('words', django.contrib.postgres.search.SearchVectorField(editable=False)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Page',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(choices=[('impressum', 'Legal notice'), ('datenschutz', 'Privacy'), ('barrierefreiheit', 'Accessibility')], editable=False, max_length=20, verbose_name='page')),
            ],
            options={
                'verbose_name': 'page',
                'verbose_name_plural': 'pages',
                'ordering': ['pk'],
                'default_permissions': ('change', 'view'),
            },
        ),
        migrations.CreateModel(
            name='PageVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='version')),
                ('title', models.CharField(max_length=120, verbose_name='title')),
                ('body_html', models.TextField(verbose_name='text')),
                ('is_placeholder', models.BooleanField(default=False, verbose_name='to be filled in')),
                ('visible_from', models.DateTimeField(verbose_name='visible from')),
                ('visible_until', models.DateTimeField(blank=True, null=True, verbose_name='visible until')),
                ('written_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='written')),
            ],
            options={
                'verbose_name': 'version of a page',
                'verbose_name_plural': 'versions of pages',
                'ordering': ['page', '-number'],
                'default_permissions': ('view',),
            },
        ),
        migrations.AddField(
            model_name='author',
            name='biography',
            field=models.TextField(blank=True, db_default='', help_text="Two or three sentences on the author's own page.", max_length=600, verbose_name='biography'),
        ),
        migrations.AddField(
            model_name='author',
            name='portrait',
            field=models.ForeignKey(blank=True, help_text='Readers see it as long as a story of the author is public.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='portrait_of', to='articles.image', verbose_name='portrait'),
        ),
        migrations.AddConstraint(
            model_name='formerslug',
            constraint=models.UniqueConstraint(fields=('kind', 'slug'), name='formerslug_unique'),
        ),
        migrations.AddField(
            model_name='frontpin',
            name='article',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='articles.article', verbose_name='article'),
        ),
        migrations.AddField(
            model_name='frontpin',
            name='pinned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=models.Index(fields=['-published_at', '-publication'], name='listing_newest'),
        ),
        migrations.AddIndex(
            model_name='listing',
            index=django.contrib.postgres.indexes.GinIndex(fields=['words'], name='listing_words'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.UniqueConstraint(fields=('name',), name='page_name_unique'),
        ),
        migrations.AddConstraint(
            model_name='page',
            constraint=models.CheckConstraint(condition=models.Q(('name__in', ['impressum', 'datenschutz', 'barrierefreiheit'])), name='page_name_known'),
        ),
        migrations.AddField(
            model_name='pageversion',
            name='page',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='articles.page', verbose_name='page'),
        ),
        migrations.AddField(
            model_name='pageversion',
            name='written_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddIndex(
            model_name='frontpin',
            index=models.Index(fields=['-until'], name='frontpin_until'),
        ),
        migrations.AddConstraint(
            model_name='frontpin',
            constraint=models.CheckConstraint(condition=models.Q(('slot__in', ['lead', 'second-1', 'second-2', 'second-3'])), name='frontpin_slot_known'),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.UniqueConstraint(fields=('page', 'number'), name='pageversion_number_unique'),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.UniqueConstraint(condition=models.Q(('visible_until__isnull', True)), fields=('page',), name='pageversion_one_open_window'),
        ),
        migrations.AddConstraint(
            model_name='pageversion',
            constraint=models.CheckConstraint(condition=models.Q(('visible_until__isnull', True), ('visible_until__gte', models.F('visible_from')), _connector='OR'), name='pageversion_window_in_order'),
        ),
        migrations.RunSQL(WORDS, WORDS_BACK),
        migrations.RunSQL(LISTED, LISTED_BACK),
        migrations.RunSQL(PAGES, PAGES_BACK),
    ]
