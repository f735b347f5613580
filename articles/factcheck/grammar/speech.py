"""Where somebody else speaks: the spans of direct speech, which is reported and never judged."""

from __future__ import annotations

import re

_CLOSING = {"„": '“”"‟', "“": '”"', "»": "«", "«": "»", '"': '"“”', "”": "”", "‚": "‘’", "‹": "›", "›": "‹"}
_MARKS = re.compile("[" + "".join(_CLOSING) + "‘’‟]")
_PARAGRAPH = re.compile(r"[^\n\r\u2028\u2029]+")
_FEWEST_WORDS = 3


def speech_spans(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks that hold three words or more; a mark without partner quotes to the paragraph's end.

    Shorter ones are names and mockery (`"Grello"`, `"Quick Nick"`) and belong to the sentence.
    """
    spans: list[tuple[int, int]] = []
    for paragraph in _PARAGRAPH.finditer(text):
        begin, closing = -1, ""
        for mark in _MARKS.finditer(text, paragraph.start(), paragraph.end()):
            at = mark.start()
            if begin >= 0:
                if mark[0] in closing and _closes(text, at, mark[0]):
                    _add(spans, text, begin, at + 1)
                    begin = -1
            elif mark[0] in _CLOSING and _opens(text, at):
                begin, closing = at, _CLOSING[mark[0]]
        if begin >= 0:
            _add(spans, text, begin, paragraph.end())
    return spans


def _add(spans: list[tuple[int, int]], text: str, begin: int, end: int) -> None:
    if len(text[begin:end].split(maxsplit=_FEWEST_WORDS)) >= _FEWEST_WORDS:
        spans.append((begin, end))


def _opens(text: str, at: int) -> bool:
    after = text[at + 1 : at + 2]
    return bool(after) and not after.isspace() and after not in ".,;:!?)"


def _closes(text: str, at: int, mark: str) -> bool:
    before, after = text[at - 1], text[at + 1 : at + 2]
    if mark in "’‘":
        return not after.isalnum()
    return not (before.isspace() and after.isalnum())
