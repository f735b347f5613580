"""Facts that something else stands on are not deleted: whoever listens names what stands in the way."""

from typing import Any

from django.http import HttpRequest

from results.signals import deletion_asked


class KeptWhileNamed:
    """Asks the rest of the house before facts are deleted; mixed into a ModelAdmin."""

    model: Any

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        listed, counts, lacking, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        answers = deletion_asked.send(sender=self.model, things=objs)
        return listed, counts, lacking, [*protected, *(name for _receiver, names in answers for name in names or ())]
