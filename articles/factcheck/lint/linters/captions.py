"""The same line twice: a caption that stands below its picture and once more as a paragraph, a paragraph pasted twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from articles.factcheck.lint.piece import Piece
from articles.factcheck.lint.remark import Kind, Remark
from results.names import fold

_CREDIT = re.compile(r"\b(?:Fotos?|Photos?|Bild(?:er)?|Images?|Picture|Credit|Copyright)\s{0,3}[:©]|©", re.IGNORECASE)
_SHORTEST_CAPTION = 3  # words
_SHORTEST_PARAGRAPH = 8  # a line of a schedule may stand twice


def lint(piece: Piece) -> Iterator[Remark]:
    yield from _twice_below(piece)
    below = {
        _key(picture.caption): picture
        for picture in piece.pictures
        if len(_key(picture.caption).split()) >= _SHORTEST_CAPTION
    }
    spare = [key for key, picture in below.items() if picture.is_in_text]
    seen: set[str] = set()
    for start, end in piece.paragraphs:
        line = piece.text[start:end]
        key = _key(line)
        if key in spare:
            spare.remove(key)  # the caption itself
            seen.add(key)
        elif key in below:
            yield Remark(start, end, line, Kind.CAPTION, "Dieser Absatz steht schon als Bildunterschrift da.", "")
        elif key in seen:
            what = "Diese Bildunterschrift" if _CREDIT.search(line) else "Dieser Absatz"
            yield Remark(start, end, line, Kind.CAPTION, f"{what} steht schon einmal im Text.", "")
        elif _is_long_enough(line, key):
            seen.add(key)


def _twice_below(piece: Piece) -> Iterator[Remark]:
    """Two pictures of the story with one caption."""
    seen: set[str] = set()
    for picture in piece.pictures:
        key = _key(picture.caption)
        if key and key in seen:
            why = "Zwei Bilder haben dieselbe Bildunterschrift."
            yield Remark(0, 0, picture.caption, Kind.CAPTION, why, picture=picture.token)
        seen.add(key)


def _is_long_enough(line: str, key: str) -> bool:
    return len(key.split()) >= (_SHORTEST_CAPTION if _CREDIT.search(line) else _SHORTEST_PARAGRAPH)


def _key(line: str) -> str:
    return fold(line)
