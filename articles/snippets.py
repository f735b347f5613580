"""Where a text holds the words somebody searched for: a stretch of it with those words marked. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from results.names import strip_marks

LENGTH = 240  # characters of a stretch
ENDING = 3  # letters that German puts behind a stem
SHORT = 2  # a stem of so few letters counts as it is
_WORD = re.compile(r"\w+")
# As `articles_search_fold` does in the database: the long form of an umlaut counts only after a consonant.
_LONG_UMLAUT = re.compile(r"(?<![aeiouyq])([aou])e")


@lru_cache(maxsize=20_000)
def fold_word(word: str) -> str:
    """`Nürburgring`, `Nuerburgring` and `NURBURGRING` alike: `nurburgring`."""
    plain = word.lower() if word.isascii() else strip_marks(word.lower()).lower()
    return _LONG_UMLAUT.sub(r"\1", plain)


def is_hit(word: str, stems: Sequence[str], prefix: str = "") -> bool:
    """Whether a word of the text is one of the stems with a German ending, or begins with the prefix."""
    if word.isascii() and word[0].lower() not in {stem[:1] for stem in (*stems, prefix)}:
        return False  # most words; to fold every one of a page of texts takes longer than the search
    folded = fold_word(word)
    if prefix and folded.startswith(prefix):
        return True
    return any(
        folded.startswith(stem) and len(folded) - len(stem) <= (ENDING if len(stem) > SHORT else 0) for stem in stems
    )


def mark(text: str, stems: Sequence[str], prefix: str = "") -> SafeString:
    """The whole text, escaped, with the words marked."""
    parts: list[tuple[str, str]] = []
    end = 0
    for match in _WORD.finditer(text):
        if is_hit(match[0], stems, prefix):
            parts.append((text[end : match.start()], match[0]))
            end = match.end()
    marked = format_html_join("", "{}<mark>{}</mark>", parts)
    return format_html("{}{}", marked, text[end:])


def snippet(text: str, stems: Sequence[str], prefix: str = "", *, length: int = LENGTH) -> SafeString:
    """The stretch of the text with the first such word, marked; empty where the text holds none."""
    flat = " ".join(text.split())
    first = next((match for match in _WORD.finditer(flat) if is_hit(match[0], stems, prefix)), None)
    if first is None:
        return SafeString("")
    start = _word_border(flat, max(0, first.start() - length // 3))
    end = _word_border(flat, min(len(flat), start + length))
    dots = ("… " if start else "", " …" if end < len(flat) else "")
    return format_html("{}{}{}", dots[0], mark(flat[start:end].strip(), stems, prefix), dots[1])


def _word_border(text: str, place: int) -> int:
    """The nearest place before that splits no word."""
    if place in {0, len(text)}:
        return place
    return text.rfind(" ", 0, place) + 1
