"""Answers kept in the memory of this process, for exactly as long as nothing that readers may see has changed.

Kept under the state of the site (`racedesk.freshness`), which is asked of the database at every request: a write anywhere
or a border in time makes another state, and with it everything kept is forgotten. So an answer from here is never older
than a page that would be built now, and what was taken down is gone with the same instant.
"""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass

from django.http import HttpResponse

LARGEST = 16  # one answer takes at most this part of the room


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer: bytes and headers as they left."""

    content: bytes
    headers: tuple[tuple[str, str], ...]

    def answer(self) -> HttpResponse:
        answer = HttpResponse(self.content, headers=dict(self.headers))
        answer.kept = True  # type: ignore[attr-defined]
        return answer


class KeptAnswers:
    """The answers of one state that were asked for last, `room` bytes of them. Shared by the threads of a process."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.lock = threading.Lock()
        self.state = ""
        self.taken = 0
        self.answers: OrderedDict[Hashable, Kept] = OrderedDict()

    def get(self, state: str, key: Hashable) -> Kept | None:
        with self.lock:
            if state != self.state or key not in self.answers:
                return None
            self.answers.move_to_end(key)
            return self.answers[key]

    def put(self, state: str, key: Hashable, response: HttpResponse) -> None:
        """Keeps a finished answer; the state is that from before it was built."""
        size = len(response.content)
        if size * LARGEST > self.room:
            return
        kept = Kept(response.content, tuple(response.items()))
        with self.lock:
            if state != self.state:
                self.answers.clear()
                self.taken, self.state = 0, state
            former = self.answers.pop(key, None)
            self.taken += size - (len(former.content) if former else 0)
            self.answers[key] = kept
            while self.taken > self.room:
                _key, oldest = self.answers.popitem(last=False)
                self.taken -= len(oldest.content)
