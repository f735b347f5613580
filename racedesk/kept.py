"""Answers kept in the memory of this process, for exactly as long as nothing that readers may see has changed.

Kept under the state of the site (`racedesk.freshness`), which is asked of the database at every request: a write anywhere
or a border in time makes another state, and with it everything kept is forgotten. So an answer from here is never older
than a page that would be built now, and what was taken down is gone with the same instant.
"""

import threading
from collections import OrderedDict
from dataclasses import dataclass

from django.http import HttpResponse

LARGEST = 16  # one answer takes at most this part of the room
MOST = 2000  # answers
BESIDE = 1000  # bytes that one takes in memory beside its content and headers


@dataclass(frozen=True, slots=True)
class Kept:
    """A whole answer: bytes and headers as they left. `content_tag` is the part of its ETag that names the content."""

    content: bytes
    headers: tuple[tuple[str, str], ...]
    content_tag: str

    @property
    def size(self) -> int:
        return len(self.content) + sum(len(name) + len(value) for name, value in self.headers) + BESIDE

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
        self.answers: OrderedDict[bytes, Kept] = OrderedDict()

    def get(self, state: str, key: bytes) -> Kept | None:
        """What is kept under the state of now. Another state than the last one forgets all."""
        with self.lock:
            if state != self.state:
                self.answers.clear()
                self.taken, self.state = 0, state
            kept = self.answers.get(key)
            if kept:
                self.answers.move_to_end(key)
            return kept

    def put(self, state: str, key: bytes, response: HttpResponse, content_tag: str) -> None:
        """Keeps a finished answer; the state is that from before it was built. One of a former state comes too late."""
        kept = Kept(response.content, tuple(response.items()), content_tag)
        if kept.size * LARGEST > self.room:
            return
        with self.lock:
            if state != self.state:
                return
            former = self.answers.pop(key, None)
            self.taken += kept.size - (former.size if former else 0)
            self.answers[key] = kept
            while self.taken > self.room or len(self.answers) > MOST:
                _key, oldest = self.answers.popitem(last=False)
                self.taken -= oldest.size
