"""What files said of a car that readers have not seen yet: once something else shows the car, it is taken back.

A draft or a hidden session may bring a car first, and its row has nobody else to say team and class. When a public
result comes that does not say them, they would be seen with it, before their time.
"""

from __future__ import annotations

from functools import cached_property

from django.db.models import Q

from results.importers.loading.bench import is_stored
from results.importers.loading.statements import hold
from results.models import Entry, Event, ImportRun, LapSet
from results.names import fold


class Unseen:
    """The statements of the imports of an event, asked for only where there is such a car."""

    def __init__(self, event: Event) -> None:
        self._event = event
        self._touched: dict[int, ImportRun] = {}

    def said(self, entry: Entry, column: str) -> bool:
        """Whether one of them said what the entry holds there; who edited it since knows better."""
        known = getattr(entry, column)
        texts = {said[column] for _run, said in self._of(entry) if column in said}
        others = known.aliases.filter(folded__in=texts) if column == "team" and texts else None
        return fold(str(known)) in texts or bool(others is not None and others.exists())

    def cups(self, entry: Entry) -> set[str]:
        """The folded names of all cups they said."""
        texts = [said["cups"] for _run, said in self._of(entry) if "cups" in said]
        return {name for text in texts for name in text.split("/")}

    def take_back(self, entry: Entry, column: str) -> None:
        """Notes with those imports that the entry does not hold it any more, so that their files may say it again."""
        for run, said in self._of(entry):
            if column in said:
                hold(said, column)
                self._touched[run.pk] = run

    def write(self) -> None:
        """Stores the notes; to be called in the transaction of the import."""
        for run in self._touched.values():
            run.save(update_fields=["report"])

    def _of(self, entry: Entry) -> list[tuple[ImportRun, dict[str, str]]]:
        return [
            (run, statements[entry.label])
            for run in self._runs
            for statements in run.report.get("stated", {}).values()
            if entry.label in statements
        ]

    @cached_property
    def _runs(self) -> list[ImportRun]:
        if not is_stored(self._event):
            return []
        of_laps = LapSet.objects.filter(session__event=self._event).values("import_run")
        of_event = Q(classifications__session__event=self._event) | Q(pk__in=of_laps)
        return list(ImportRun.objects.filter(of_event, undone_at__isnull=True).distinct().order_by("pk"))
