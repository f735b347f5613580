"""What results tell the rest of the house. Facts do not know who listens."""

from django.dispatch import Signal

# Sent within the transaction that releases a version of a result, once it is the current one, with
#   classification: the Classification that is current now,
#   previous:       the one it replaces, or None,
#   changes:        tuple of results.differences.CellChange, every cell that differs between the two.
# What a receiver writes stands or falls with the version; what it raises takes the release back. Mails and calls to
# other machines belong into `transaction.on_commit`.
classification_released = Signal()

# Sent within the transaction that takes a result back of which no former version is there, with
#   classification: the version readers saw last; its window is closed.
classification_withdrawn = Signal()

# Sent before the desk deletes facts, by their model, with
#   things: the facts.
# A receiver answers with the names of what stands on them; one name is enough to keep them.
deletion_asked = Signal()

# Sent when a file of a batch waits to be read or imported in the background, in the transaction that says so, with
#   item:  the primary key of the ImportItem,
#   later: whether the request that sends it does the work itself, so that the job only heals its death.
# Whoever runs jobs calls `results.importers.batches.work(item)`, as often as it likes: what is done is not done again.
file_waits = Signal()

# Sent when laps of a session will stop to count by the clock, in the transaction that says so, with
#   session: the primary key of the Session,
#   at:      the instant from which its stints, shares and traces have to be worked out anew.
# Whoever runs jobs calls `results.importers.loading.summaries.catch_up(session)` then, as often as it likes.
summaries_wait = Signal()

# Sent for every change of a session's or an event's day, time, state or place that is made by the desk, an import or
# undoing one: once, in the transaction of the change, by Session or Event, with
#   change: the ScheduleChange, the newest link of the chain; `change.was_public` says whether readers knew the former date.
# What a receiver does outside the database it does `on_commit`: the change may yet be rolled back. One that raises stops it.
# SQL by hand adds its link to the chain and tells nobody.
schedule_changed = Signal()
