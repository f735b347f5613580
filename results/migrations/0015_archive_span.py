"""How far the newsroom vouches for its archive; a new table, nothing else is touched."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('results', '0014_schedule_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='ArchiveSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField(blank=True, help_text='The last day vouched for. Empty: as far as the results go.', null=True, verbose_name='complete until')),
                ('covers_history', models.BooleanField(default=False, help_text='Only then “first win” is said; otherwise “since the archive begins”.', verbose_name='from the first race of the series')),
                ('has_poles', models.BooleanField(default=False, help_text='Grid or qualifying of every race is recorded.', verbose_name='poles complete')),
                ('has_fastest_laps', models.BooleanField(default=False, help_text='The best laps of every race are recorded.', verbose_name='fastest laps complete')),
                ('source', models.CharField(blank=True, max_length=120, verbose_name='source')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='note')),
                ('first_season', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='results.season', verbose_name='complete from season')),
                ('series', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='archive_span', to='results.series', verbose_name='series')),
            ],
            options={
                'verbose_name': 'completeness of the archive',
                'verbose_name_plural': 'completeness of the archive (plural)',
                'ordering': ['series__folded'],
            },
        ),
    ]
