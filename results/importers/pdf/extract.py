"""The words and rules of a PDF, within limits; only the bounded process (`bounded`) comes here. No Django.

A PDF is a program of a stranger: streams that unpack to gigabytes, pages that refer to themselves, fonts without end.
Scripts and forms in it are never run.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from results.importers.layout.page import Page, Word

MAX_PAGES = 40
MAX_SIGNS = 25_000  # of a page; a full one has 7,000
MAX_ALL_SIGNS = 300_000
MAX_RULES = 20_000  # of a page
MAX_LINES = 600  # of a page; letters of 1 point would stand on them
FAKE_BOLD = 0.4  # points between two prints of the same letter
BLANK = 0.15  # of the letters' height; a wider gap parts words
PIECE = 2**20  # bytes unpacked at once
MAX_UNPACKED = 16 * 2**20  # of one stream of a page; a full one has 0.1
TURNED_GAP = 0.9  # of the letters' height, between words that run upwards
MOST_UNREADABLE = 0.02  # share of the words


class Refused(Exception):  # noqa: N818 - reads as the sentence it stands for
    """The file is not read; `code` says why, in `results.importers.pdf.reading`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def extract(data: bytes) -> tuple[Page, ...]:
    """The words and rules of every page; raises Refused, and whatever pdfminer raises on a damaged file."""
    import pdfplumber  # noqa: PLC0415 - only in that process

    with pdfplumber.open(io.BytesIO(data), unicode_norm="NFC") as document:
        _refuse_form(document.doc.catalog)
        pages = document.pages
        if len(pages) > MAX_PAGES:
            raise Refused("pages")
        if not pages:
            raise Refused("damaged")
        found, signs, pictures = [], 0, 0
        for page in pages:
            _refuse_torn(page.page_obj.contents)
            count = len(page.chars)
            signs, pictures = signs + count, pictures + len(page.images)
            if count > MAX_SIGNS or signs > MAX_ALL_SIGNS:
                raise Refused("signs")
            found.append(_page(page))
            page.close()
    words = [word.text for page in found for word in page.words]
    if not words:
        raise Refused("pictures" if pictures else "empty")
    if sum("(cid:" in word or "\ufffd" in word for word in words) > MOST_UNREADABLE * len(words):
        raise Refused("letters")
    return tuple(found)


def _refuse_form(catalog: Any) -> None:
    """XFA puts the text into XML that only one reader shows; the page says "please wait"."""
    from pdfminer.pdftypes import resolve1  # noqa: PLC0415 - as above

    form = resolve1(catalog.get("AcroForm"))
    if isinstance(form, dict) and "XFA" in form:
        raise Refused("form")


def _refuse_torn(streams: Iterable[Any]) -> None:
    """A page whose text breaks off: pdfminer would show what it has, and the rows behind it would be missing unseen."""
    from pdfminer.pdftypes import resolve1  # noqa: PLC0415 - as above

    for one in streams:
        stream = resolve1(one)
        raw = getattr(stream, "rawdata", None)
        filters = stream.get_filters() if raw is not None else []
        if not filters or getattr(filters[0][0], "name", "") not in {"FlateDecode", "Fl"} or stream.decipher:
            continue
        unpacker, rest, size = zlib.decompressobj(), raw, 0
        try:
            while rest and not unpacker.eof:
                size += len(unpacker.decompress(rest, PIECE))
                if size > MAX_UNPACKED:
                    raise Refused("large")
                rest = unpacker.unconsumed_tail
        except zlib.error as error:
            raise Refused("damaged") from error
        if not unpacker.eof:
            raise Refused("damaged")


def _page(page: Any) -> Page:
    if len(page.lines) + len(page.rects) > MAX_RULES:
        raise Refused("rules")
    from pdfplumber.utils.text import extract_words  # noqa: PLC0415 - as above

    signs = [sign for sign in _once(page.chars) if _is_on(page, sign)]
    words = [
        Word(word["text"], *(round(word[edge], 2) for edge in ("x0", "x1", "top", "bottom")))
        for word in extract_words([sign for sign in signs if sign["upright"]], x_tolerance_ratio=BLANK)
    ]
    if len({round(word.top) for word in words}) > MAX_LINES:
        raise Refused("lines")
    return Page(
        words=tuple(words),
        turned=tuple(_turned([sign for sign in signs if not sign["upright"]])),
        upright_rules=tuple((round(x, 1), round(top, 1), round(bottom, 1)) for x, top, bottom in _upright(page)),
        level_rules=tuple((round(y, 1), round(x0, 1), round(x1, 1)) for y, x0, x1 in _level(page)),
    )


def _once(signs: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Letters without their second prints, which make a fat letter; pdfplumber's own way takes time by the square."""
    seen: set[tuple[str, int, int]] = set()
    for sign in signs:
        column, row = int(sign["x0"] / FAKE_BOLD), int(sign["top"] / FAKE_BOLD)
        if not any((sign["text"], column + right, row + down) in seen for right in (-1, 0, 1) for down in (-1, 0, 1)):
            seen.add((sign["text"], column, row))
            yield sign


def _is_on(page: Any, one: dict[str, Any]) -> bool:
    """Whether something stands on the paper: what was moved off it nobody sees."""
    x, y = (one["x0"] + one["x1"]) / 2, (one["top"] + one["bottom"]) / 2
    return bool(0 <= x <= page.width and 0 <= y <= page.height)


def _upright(page: Any) -> Iterator[tuple[float, float, float]]:
    for line in page.lines:
        if abs(line["x1"] - line["x0"]) < 1:
            yield line["x0"], line["top"], line["bottom"]
    for box in page.rects:
        yield box["x0"], box["top"], box["bottom"]
        yield box["x1"], box["top"], box["bottom"]


def _level(page: Any) -> Iterator[tuple[float, float, float]]:
    for line in page.lines:
        if abs(line["bottom"] - line["top"]) < 1:
            yield line["top"], line["x0"], line["x1"]
    for box in page.rects:
        yield box["top"], box["x0"], box["x1"]
        yield box["bottom"], box["x0"], box["x1"]


def _turned(chars: list[dict[str, Any]]) -> Iterator[Word]:
    """Names of columns that run upwards or downwards, one a column of letters."""
    for column in _upright_columns(chars):
        upwards = column[0]["matrix"][1] > 0
        column.sort(key=lambda char: -char["bottom"] if upwards else char["top"])
        text, last = "", None
        for char in column:
            if last is not None:
                gap = last["top"] - char["bottom"] if upwards else char["top"] - last["bottom"]
                if gap > TURNED_GAP * char["size"]:
                    yield _turned_word(text, column)
                    text = ""
                elif gap > BLANK * char["size"]:
                    text += " "
            text, last = text + char["text"], char
        yield _turned_word(text, column)


def _turned_word(text: str, column: list[dict[str, Any]]) -> Word:
    edges = [
        pick(char[edge] for char in column)
        for pick, edge in ((min, "x0"), (max, "x1"), (min, "top"), (max, "bottom"))
    ]  # fmt: skip
    return Word(" ".join(text.split()), *(round(edge, 2) for edge in edges))


def _upright_columns(chars: list[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    columns: list[list[dict[str, Any]]] = []
    for char in sorted(chars, key=lambda one: (one["x0"] + one["x1"]) / 2):
        middle = (char["x0"] + char["x1"]) / 2
        if columns and middle - (columns[-1][-1]["x0"] + columns[-1][-1]["x1"]) / 2 < 0.3 * char["size"]:
            columns[-1].append(char)
        else:
            columns.append([char])
    return columns
