"""The head of a printed table: which lines name its columns, and over what. Pure.

A head is told by its words, which are those of `columns.toml`. It may have up to three lines (`Start-` over `nummer`),
names that stretch over several columns (`Best Lap` over `Time`), and names that run upwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from results.importers.columns import known, meanings
from results.importers.layout.page import SPACE, Line, Word, parted

MOST_LINES = 3
LONGEST_NAME = 4  # words
TIGHT = 0.6  # em; names of neighbouring columns may stand as close as this
CLOSE = 2.0  # em between two lines of one head
SAME_SIZE = 1.4
ENOUGH = 3  # known names
MOSTLY = 0.34  # share of known names


@dataclass(frozen=True, slots=True)
class Name:
    """What one column is called, and where that stands."""

    text: str
    x0: float
    x1: float

    @property
    def centre(self) -> float:
        return (self.x0 + self.x1) / 2


MOST_WORDS = 100  # of a line that may be a head: every name is held against every other


@dataclass(frozen=True, slots=True)
class Head:
    """`first` and `last` are places in the lines of the page; the head of the first line is 0, 0."""

    names: tuple[Name, ...]
    first: int
    last: int
    top: float
    bottom: float

    @property
    def score(self) -> int:
        return sum(known(name.text) for name in self.names)

    def texts(self) -> list[str]:
        return [name.text for name in self.names]


def find_head(lines: list[Line], turned: Sequence[Word] = ()) -> Head | None:
    """The likeliest head of a page; None where no lines name enough columns."""
    best: Head | None = None
    for start in range(len(lines)):
        for count in range(1, MOST_LINES + 1):
            head = _head_of(lines, start, count, turned)
            if head is not None and (best is None or head.score > best.score):
                best = head
    if best is None or best.score < ENOUGH or best.score < MOSTLY * len(best.names):
        return None
    return _grown(lines, best) if best.last - best.first + 1 < MOST_LINES else best


def is_head(head: Head | None, like: Head) -> bool:
    """Whether a head is that of the same table, printed again on another page."""
    if head is None:
        return False
    texts = like.texts()
    return sum(text in texts for text in head.texts()) >= 0.6 * max(len(texts), len(head.names))


def _head_of(lines: list[Line], start: int, count: int, turned: Sequence[Word]) -> Head | None:
    chosen = lines[start : start + count]
    if len(chosen) < count or not _belong(chosen) or any(len(line.words) > MOST_WORDS for line in chosen):
        return None
    rows = [_names(line) for line in chosen]
    base = max(rows, key=len)
    names = base
    for row in rows[: rows.index(base)][::-1]:
        names = _merged(names, row, above=True)
    for row in rows[rows.index(base) + 1 :]:
        names = _merged(names, row, above=False)
    top, bottom = (
        min(word.top for line in chosen for word in line.words),
        max(word.bottom for line in chosen for word in line.words),
    )
    beside = [word for word in turned if word.top <= bottom and word.bottom >= top]
    if beside:
        names = sorted([*names, *(Name(word.text, word.x0, word.x1) for word in beside)], key=lambda name: name.x0)
        top, bottom = min(top, *(word.top for word in beside)), max(bottom, *(word.bottom for word in beside))
    return Head(tuple(names), start, start + count - 1, top, bottom)


def _belong(lines: list[Line]) -> bool:
    """Whether lines stand close enough, in letters alike, to be one head."""
    return all(
        0 <= below.middle - above.middle <= CLOSE * max(above.em, below.em)
        and max(above.em, below.em) <= SAME_SIZE * min(above.em, below.em)
        for above, below in pairwise(lines)
    )


def _names(line: Line) -> list[Name]:
    """The names in a line: words that stand close are one if that is a known name, else as their distance says."""
    return [_name(words) for run in parted(line.words, TIGHT * line.em) for words in _segments(run, line.em)]


def _name(words: list[Word]) -> Name:
    return Name(" ".join(word.text for word in words), words[0].x0, words[-1].x1)


def _segments(run: list[Word], em: float) -> list[list[Word]]:
    """Divides a run of words into as much of known names as it holds, and as few names as that takes."""
    if len(run) > 40:  # noqa: PLR2004 - prose
        return [run]
    best: list[tuple[int, int, int]] = [(0, 0, 0)]  # known words, names with a minus, start of the last name
    for end in range(1, len(run) + 1):
        options = []
        for start in range(max(0, end - LONGEST_NAME), end):
            text = " ".join(word.text for word in run[start:end])
            worth = end - start if known(text) else 0
            options.append((best[start][0] + worth, best[start][1] - 1, start))
        best.append(max(options))
    pieces, end = [], len(run)
    while end:
        start = best[end][2]
        pieces.append(run[start:end])
        end = start
    return _joined(pieces[::-1], em)


def _joined(pieces: list[list[Word]], em: float) -> list[list[Word]]:
    """Unknown words one after the other are one unknown name."""
    found: list[list[Word]] = []
    for piece in pieces:
        strange = not known(_name(piece).text)
        close = found and piece[0].x0 - found[-1][-1].x1 <= SPACE * em
        if strange and close and not known(_name(found[-1]).text):
            found[-1] += piece
        else:
            found.append(piece)
    return found


def _merged(names: Sequence[Name], row: Iterable[Name], *, above: bool) -> list[Name]:
    """The names with those of a further line of the head, each put to the name it stands over or under."""
    merged = list(names)
    for part in row:
        under = [place for place, name in enumerate(merged) if name.x0 <= part.x1 and part.x0 <= name.x1]
        if len(under) > 1:  # over several columns: it completes those names which it makes known
            for place in under:
                whole = _whole(merged[place].text, part.text, above=above)
                if known(whole) and meanings(whole) != meanings(merged[place].text):
                    merged[place] = replace(merged[place], text=whole)
        elif under:
            name = merged[under[0]]
            text = _whole(name.text, part.text, above=above)
            merged[under[0]] = Name(text, min(name.x0, part.x0), max(name.x1, part.x1))
        else:
            merged.append(part)
    return sorted(merged, key=lambda name: name.x0)


def _whole(name: str, part: str, *, above: bool) -> str:
    """Both parts in their order; `Start-` over `nummer` is one word."""
    first, second = (part, name) if above else (name, part)
    return first[:-1] + second if first.endswith("-") and len(first) > 1 else f"{first} {second}"


def _grown(lines: list[Line], head: Head) -> Head:
    """The head with a line above or below it all of whose names complete names of it."""
    for place, above in ((head.first - 1, True), (head.last + 1, False)):
        beside = lines[head.first] if above else lines[head.last]
        if not 0 <= place < len(lines) or not _belong([lines[place], beside] if above else [beside, lines[place]]):
            continue
        parts = _names(lines[place])
        if not above and any(sign.isdigit() for sign in lines[place].text):
            continue  # the first row
        if all(_completes(part, head.names, above=above) for part in parts):
            first, last = min(head.first, place), max(head.last, place)
            head = Head(
                tuple(_merged(head.names, parts, above=above)), first, last,
                min(head.top, *(word.top for word in lines[place].words)), max(head.bottom, *(word.bottom for word in lines[place].words)),
            )  # fmt: skip
    return head


def _completes(part: Name, names: Sequence[Name], *, above: bool) -> bool:
    touched = [name for name in names if name.x0 <= part.x1 and part.x0 <= name.x1]
    return any(known(_whole(name.text, part.text, above=above)) for name in touched)
