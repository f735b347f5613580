"""Files that are no text and that nobody reads, told by their first bytes and refused in words. Pure."""

from __future__ import annotations

from results.importers import archive
from results.importers.records import FileRefused

_PACKED = "Gepackte Dateien werden nicht gelesen. Bitte auspacken und die Dateien einzeln hochladen."
_PICTURE = "Das ist ein Bild. Ergebnisse werden als Text oder Tabelle gelesen, Bilder gehören in den Medienbereich."
_OLD_OFFICE = "Das ist ein altes Office-Format (.xls, .doc). Bitte als .xlsx, .ods oder .csv speichern."
_WORD = "Das ist ein Word-Dokument. Ergebnisse werden als Text oder Tabelle gelesen (CSV, XLSX, ODS)."

_REASONS = (
    (b"\x1f\x8b", _PACKED),
    (b"BZh", _PACKED),
    (b"\xfd7zXZ", _PACKED),
    (b"7z\xbc\xaf\x27\x1c", _PACKED),
    (b"Rar!", _PACKED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OLD_OFFICE),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
)


def refuse_binary(data: bytes) -> None:
    """Raises FileRefused for archives, pictures and the like; a zip is looked into, so that a trap is called one."""
    if archive.looks_like(data):
        members = archive.open_archive(data).members
        raise FileRefused(_WORD if "word/document.xml" in members else _PACKED)
    for mark, reason in _REASONS:
        if data.startswith(mark):
            raise FileRefused(reason)
