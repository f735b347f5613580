"""Dates of birth and of layouts become dates of any precision: texts such as `1957` or `1957-06-16`."""

import results.models.dates
from django.db import migrations

COLUMNS = (
    ("results_driver", "birth_date"),
    ("results_layout", "valid_from"),
    ("results_layout", "valid_until"),
)
FORWARD = [
    statement
    for table, column in COLUMNS
    for statement in (
        f"ALTER TABLE {table} ALTER COLUMN {column} TYPE varchar(10) USING coalesce(to_char({column}, 'YYYY-MM-DD'), '')",
        f"ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL",
    )
]
# What is known to the month or year only has no place in a column of days.
BACKWARD = [
    statement
    for table, column in COLUMNS
    for statement in (
        f"ALTER TABLE {table} ALTER COLUMN {column} DROP NOT NULL",
        f"ALTER TABLE {table} ALTER COLUMN {column} TYPE date"
        f" USING CASE WHEN length({column}) = 10 THEN {column}::date END",
    )
]


class Migration(migrations.Migration):
    dependencies = [("results", "0004_session_newest")]

    operations = [
        migrations.RemoveConstraint("layout", "layout_validity_in_order"),
        migrations.RemoveConstraint("layout", "layout_unique"),
        migrations.RunSQL(
            FORWARD,
            BACKWARD,
            state_operations=[
                migrations.AlterField(
                    "driver", "birth_date", results.models.dates.PartialDateField(verbose_name="date of birth")
                ),
                migrations.AlterField("layout", "valid_from", results.models.dates.PartialDateField(verbose_name="from")),
                migrations.AlterField("layout", "valid_until", results.models.dates.PartialDateField(verbose_name="until")),
            ],
        ),
    ]
