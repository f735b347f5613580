"""Points for laps led are rows of the ledger, too."""

from django.db import migrations, models
from django.db.models import Q

CAUSES = ["place", "fastest_lap", "pole", "laps_led", "most_led", "decision"]


class Migration(migrations.Migration):
    dependencies = [("results", "0020_released_by")]

    operations = [
        migrations.AlterField(
            "pointsaward",
            "cause",
            models.CharField(
                choices=[
                    ("place", "finish"),
                    ("fastest_lap", "fastest lap"),
                    ("pole", "pole position"),
                    ("laps_led", "laps led"),
                    ("most_led", "most laps led"),
                    ("decision", "decision"),
                ],
                max_length=12,
                verbose_name="cause",
            ),
        ),
        migrations.RemoveConstraint("pointsaward", "award_cause_known"),
        migrations.AddConstraint(
            "pointsaward", models.CheckConstraint(condition=Q(cause__in=CAUSES), name="award_cause_known")
        ),
    ]
