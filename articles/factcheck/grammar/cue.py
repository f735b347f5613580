"""A word that sets a scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["kind", "verb", "raced", "sessions", "day", "half", "class", "table"]


@dataclass(frozen=True, slots=True)
class Cue:
    """What a word says of session, day, class or table."""

    at: int  # token index
    what: What
    value: object
    is_aside: bool = False  # a look back: the next sentence does not go on there
    start: int = 0  # the token from which on it holds: `verlor und fiel im zweiten Rennen zurück` lost in the first
    is_closed: bool = False  # `Dritte am Samstag und …`: what follows may have a cue of its own
    end: int = 0  # the token from which on it holds no more: `nach Platz zwölf im ersten Durchgang nun Neunte`; 0: none
