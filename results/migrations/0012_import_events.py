"""The imports of an event are found without reading every report; built beside running writes."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.fields.json import KeyTransform


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("results", "0011_calendar")]

    operations = [
        AddIndexConcurrently("importrun", models.Index(KeyTransform("event", "report"), name="importrun_event")),
        AddIndexConcurrently(
            "importrun",
            models.Index(KeyTransform("event", KeyTransform("held", "report")), name="importrun_held_event"),
        ),
    ]
