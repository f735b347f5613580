"""Decisions entered before results named theirs: those that the current result holds by the rule of those days are noted.

Until now a decision counted as held where the version was made after it, or where its line shows it. Without the note the
desk would be told of years of decisions that nobody has applied, and could work one in a second time.
"""

from django.db import migrations

NOTE = """
INSERT INTO results_applieddecision (classification_id, decision_id, is_computed)
SELECT c.id, d.id, false
  FROM results_decision d
  JOIN results_session s ON s.id = d.session_id
  JOIN results_classification c
    ON c.session_id = d.session_id AND c.checkpoint = d.checkpoint AND c.is_current AND c.base_id IS NULL
 WHERE d.kind <> 'warning' AND (d.kind <> 'grid' OR s.kind = 'grid') AND d.appeal <> 'won'
   AND NOT EXISTS (SELECT 1 FROM results_applieddecision a WHERE a.decision_id = d.id)
   AND (coalesce(d.decided_at, d.entered_at) <= c.created_at
     OR EXISTS (SELECT 1 FROM results_classificationrow r
                 WHERE r.classification_id = c.id AND r.session_entry_id = d.session_entry_id
                   AND ((d.kind IN ('disqualified', 'excluded') AND r.status IN ('dsq', 'excluded'))
                     OR (d.kind = 'reinstated' AND r.status NOT IN ('dsq', 'excluded'))
                     OR (d.kind = 'time' AND r.penalty_ms >= d.amount)
                     OR (d.kind = 'laps' AND r.penalty_laps >= d.amount))))
"""


class Migration(migrations.Migration):
    dependencies = [("results", "0015_archive_span")]

    # Going back, the notes go with their table.
    operations = [migrations.RunSQL(NOTE, migrations.RunSQL.noop)]
