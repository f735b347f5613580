"""The table printed in a PDF, read by a process that the kernel bounds in time and memory (`bounded`). Pure.

The process knows nothing of this one: no settings, no database, no secrets of the environment. What it read is kept for
the last few files, for one visit at the desk asks for the same file several times.
"""

from __future__ import annotations

import hashlib
import json
import logging
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import Any

import results
from results.importers.layout.sheet import Sheet, Unsure
from results.importers.records import FileRefused

MARK = b"%PDF-"
END = b"%%EOF"
SEARCHED = 1_024  # bytes at either end, as readers of PDF do it
MAX_SIZE = 16 * 2**20  # a classification of 60 cars has 0.1
SECONDS = 9  # by the clock; the kernel counts those of the processor
KEPT = 8  # files

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
    "letters": "Die Schrift des PDF sagt nicht, welche Buchstaben sie zeigt. Bitte neu drucken oder abtippen.",
    "damaged": "Das PDF ist beschädigt und lässt sich nicht lesen.",
    "large": _LONG,
}

_kept: OrderedDict[str, dict[str, Any]] = OrderedDict()
_lock = Lock()
_log = logging.getLogger(__name__)


def is_pdf(data: bytes) -> bool:
    return MARK in data[:SEARCHED]


def sheet_of(data: bytes) -> Sheet:
    """The printed table; FileRefused for what cannot be read, is no text, holds no table or asks for too much."""
    if len(data) > MAX_SIZE:
        raise FileRefused(f"Das PDF ist zu groß. Erlaubt sind {MAX_SIZE // 2**20} MB.")
    if END not in data.rstrip(b"\0\t\n\r ")[-SEARCHED:]:
        raise FileRefused("Das PDF bricht ab: Sein Ende fehlt. Bitte noch einmal herunterladen.")
    return sheet_in(_kept_answer(data))


def _kept_answer(data: bytes) -> dict[str, Any]:
    """What the bounded process says of a file, asked once; a file that took too long may do better next time."""
    key = hashlib.sha256(data).hexdigest()
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
            return _kept[key]
    answer = _answer(data)
    with _lock:
        _kept[key] = answer
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return answer


def _answer(data: bytes) -> dict[str, Any]:
    try:
        done = subprocess.run(
            [sys.executable, "-m", "results.importers.pdf.bounded"],
            input=data, capture_output=True, timeout=SECONDS, cwd=_HOME, env={}, check=False,
        )  # fmt: skip
    except subprocess.TimeoutExpired as error:
        raise FileRefused(_LONG) from error
    try:
        answer: dict[str, Any] = json.loads(done.stdout)
    except ValueError as error:  # ended by the kernel
        if done.returncode > 0:  # or by itself, which is a fault of ours
            _log.error("reading a PDF failed: %s", done.stderr.decode("utf-8", "replace")[-2_000:])
        raise FileRefused(_LONG) from error
    return answer


def sheet_in(answer: dict[str, Any]) -> Sheet:
    """The table in an answer of the bounded process; FileRefused for one that refuses."""
    if "refused" in answer:
        raise FileRefused(_REASONS[answer["refused"]])
    if "said" in answer:
        raise FileRefused(answer["said"])
    said = answer["sheet"]
    return Sheet(
        header=tuple(said["header"]),
        header_line=said["header_line"],
        rows=tuple((line, list(cells)) for line, cells in said["rows"]),
        above=tuple(said["above"]),
        below=tuple(said["below"]),
        strange=tuple((line, text) for line, text in said["strange"]),
        unsure=tuple(Unsure(**one) for one in said["unsure"]),
        other_tables=tuple(said["other_tables"]),
    )
