"""A PDF as pages of words, read by a process that the kernel bounds in time and memory. Pure.

The process knows nothing of this one: no settings, no database, no secrets of the environment. What it read is kept for
the last few files, for one visit at the desk asks for the same file several times.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import results
from results.importers.layout.page import Page, Word
from results.importers.records import FileRefused

MARK = b"%PDF-"
END = b"%%EOF"
SEARCHED = 1_024  # bytes at either end, as readers of PDF do it
MAX_SIZE = 16 * 2**20  # a classification of 60 cars has 0.1
SECONDS = 9  # by the clock; the kernel counts those of the processor
KEPT = 8  # files
MOST_UNREADABLE = 0.02  # share of the words

_HOME = Path(results.__file__).parent.parent
_LONG = "Das PDF zu lesen dauert zu lange oder braucht zu viel Speicher. Bitte die Tabelle daraus als Text einfügen."
_REASONS = {
    "pages": "Das PDF hat mehr als 40 Seiten. Bitte nur die Seiten mit dem Klassement hochladen.",
    "signs": "Das PDF hat mehr Zeichen, als ein Klassement haben kann. Bitte nur die Seiten mit dem Klassement hochladen.",
    "rules": "Das PDF ist eine Zeichnung mit zu vielen Linien. Bitte die Tabelle daraus als Text einfügen.",
    "lines": "Eine Seite des PDF hat mehr Zeilen, als auf Papier passen.",
    "pictures": "Das PDF enthält nur Bilder, keinen Text. Bitte die Seite abtippen oder mit einer Texterkennung bearbeiten.",
    "empty": "Das PDF enthält keinen Text.",
    "form": "Das PDF ist ein XFA-Formular, dessen Text nicht auf der Seite steht. Bitte neu als einfaches PDF drucken.",
    "locked": "Das PDF ist mit einem Kennwort verschlüsselt. Bitte ohne Kennwort speichern.",
    "damaged": "Das PDF ist beschädigt und lässt sich nicht lesen.",
    "large": _LONG,
}

_kept: OrderedDict[str, tuple[Page, ...]] = OrderedDict()
_lock = Lock()


def is_pdf(data: bytes) -> bool:
    return MARK in data[:SEARCHED]


def pages_of(data: bytes) -> tuple[Page, ...]:
    """The words and rules of every page; FileRefused for what cannot be read, is no text or asks for too much."""
    if len(data) > MAX_SIZE:
        raise FileRefused(f"Das PDF ist zu groß. Erlaubt sind {MAX_SIZE // 2**20} MB.")
    if END not in data.rstrip(b"\0\t\n\r ")[-SEARCHED:]:
        raise FileRefused("Das PDF bricht ab: Sein Ende fehlt. Bitte noch einmal herunterladen.")
    key = hashlib.sha256(data).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    pages = pages_in(_answer(data))
    with _lock:
        _kept[key] = pages
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return pages


def _answer(data: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "results.importers.pdf.extract"],
            input=data, capture_output=True, timeout=SECONDS, cwd=_HOME, env={}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise FileRefused(_LONG) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # ended by the kernel
        raise FileRefused(_LONG) from error
    return answer


def pages_in(answer: dict[str, Any]) -> tuple[Page, ...]:
    """The pages of an answer of `extract`; FileRefused for one that refuses, and for letters that nobody can tell."""
    if "refused" in answer:
        raise FileRefused(_REASONS[answer["refused"]])
    words = [word[0] for page in answer["pages"] for word in page["words"]]
    strange = sum("(cid:" in word or "\ufffd" in word for word in words)
    if strange > MOST_UNREADABLE * len(words):
        raise FileRefused(
            "Die Schrift des PDF sagt nicht, welche Buchstaben sie zeigt. Bitte neu drucken oder abtippen."
        )
    return tuple(
        Page(
            words=tuple(Word(*word) for word in page["words"]),
            turned=tuple(Word(*word) for word in page["turned"]),
            upright_rules=tuple((x, top, bottom) for x, top, bottom in page["upright"]),
            level_rules=tuple((y, x0, x1) for y, x0, x1 in page["level"]),
        )
        for page in answer["pages"]
    )
