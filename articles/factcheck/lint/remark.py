"""A remark in the margin: where, what, why, and what might stand there instead."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a remark is about; the panel groups by it."""

    NAME = "name"
    ACCENT = "accent"
    ONE_NAME = "one_name"
    TEAM = "team"
    PLACE = "place"
    WEEKDAY = "weekday"
    QUOTE = "quote"
    CAPTION = "caption"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Remark:
    """`start` and `end` count code points of the text; both 0 where the remark is about a picture and not about words.

    `why` is one German sentence. `suggestion` takes the place of the span; None where only a person knows.
    """

    start: int
    end: int
    text: str
    kind: Kind
    why: str
    suggestion: str | None = None
    picture: str = ""  # its token

    @property
    def key(self) -> str:
        """Equal for the same remark about the same words, wherever they stand."""
        return "\x1f".join((self.kind, self.text, self.suggestion or "", self.picture))
