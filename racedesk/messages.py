"""Notes to a person, such as “saved”: said by a view, stored with its answer. The MESSAGE_STORAGE of racedesk."""

from typing import Any

from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponseBase


class HonestStorage(FallbackStorage):
    """Forgets what a view said when its answer is a failure: a transaction may have been undone after the words."""

    _queued_messages: list[Any]

    def update(self, response: HttpResponseBase) -> Any:
        if response.status_code >= 500:  # noqa: PLR2004 - the class of answers for which it is we who failed
            self._queued_messages.clear()
            self.added_new = False
        return super().update(response)
