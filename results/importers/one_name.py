"""First and last name of a person whose source prints both in one; pure."""

from __future__ import annotations

from results.names import fold

PARTICLES = frozenset({"da", "de", "del", "den", "der", "di", "dos", "du", "la", "le", "ten", "van", "vom", "von", "zu"})  # fmt: skip
SUFFIXES = frozenset({"jr", "jr.", "sr", "sr.", "junior", "ii", "iii", "iv"})


def split_name(name: str, short: str = "") -> tuple[str, str]:
    """First and last name of `Ugo De Wilde`, whom the screen shortens to DEW: the last name is what begins so.

    Without help from the short name it begins at the first particle, else it is the last word.
    """
    words = name.split()
    for start in range(1, len(words)):
        if short and fold("".join(words[start:])).replace(" ", "").startswith(fold(short).replace(" ", "")):
            return " ".join(words[:start]), " ".join(words[start:])
    particles = [place for place, word in enumerate(words[1:-1], start=1) if word.casefold() in PARTICLES]
    last = len(words) - 2 if len(words) > 2 and words[-1].casefold() in SUFFIXES else len(words) - 1  # noqa: PLR2004
    start = particles[0] if particles else last
    return " ".join(words[:start]), " ".join(words[start:])
