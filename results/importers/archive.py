"""Zip containers of unknown origin (workbooks are such), looked at before anything in them is parsed. Pure.

Nothing is ever unpacked to disk. Every member is decompressed once in small pieces and counted, so that a size which
lies is found out whoever reads the file afterwards.
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from results.importers.records import FileRefused

MAX_MEMBERS = 1_000  # a workbook has some twenty
MAX_UNPACKED = 64 * 2**20
_PIECE = 2**16
_OVERLAP = 64

_END = b"PK\x05\x06"
_END_SEARCHED = 2**16 + 22
_LOCAL = struct.Struct("<4s5H3I2H")
_NESTED = (".zip", ".gz", ".7z", ".rar", ".xz", ".bz2", ".tar", ".xlsx", ".ods", ".docx")
_NESTED_MARKS = (b"PK\x03\x04", b"\x1f\x8b", b"7z\xbc\xaf", b"Rar!", b"BZh", b"\xfd7zXZ")
_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Archive:
    """A container that passed; its members can be read again, piece by piece."""

    data: bytes
    members: dict[str, zipfile.ZipInfo]

    def pieces(self, name: str) -> Iterator[bytes]:
        """The unpacked bytes of one member."""
        return _pieces(self.data, self.members[name])


def looks_like(data: bytes) -> bool:
    """Whether the bytes begin as a zip container does, sound or damaged."""
    return data[:4] in {b"PK\x03\x04", _END, b"PK\x07\x08"}


def open_archive(data: bytes) -> Archive:
    """The container, every member tried; FileRefused with one sentence for whatever no honest file holds."""
    _count_members(data)
    try:
        infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError, struct.error) as error:
        raise FileRefused(
            "Die Datei beginnt wie ein ZIP-Archiv oder eine Arbeitsmappe, ist aber beschädigt."
        ) from error
    for info in infos:
        _refuse_member(info)
    if sum(info.file_size for info in infos) > MAX_UNPACKED:
        raise FileRefused(f"Ausgepackt wäre die Datei größer als {MAX_UNPACKED // 2**20} MB.")
    members = {info.filename: info for info in infos}
    if len(members) != len(infos):
        raise FileRefused("Im Archiv kommt ein Dateiname zweimal vor. Welche Datei gilt, ist nicht zu sagen.")
    archive = Archive(data, members)
    for info in infos:
        _count(data, info)
    return archive


def _count_members(data: bytes) -> None:
    """Looks at the number the end record states, before a directory of 70,000 entries is built."""
    place = data.rfind(_END, max(0, len(data) - _END_SEARCHED))
    if place < 0 or place + 12 > len(data):
        return  # zipfile says what is wrong
    (count,) = struct.unpack_from("<H", data, place + 10)
    if count > MAX_MEMBERS:
        raise FileRefused(f"Das Archiv enthält mehr als {MAX_MEMBERS} Dateien.")


def _refuse_member(info: zipfile.ZipInfo) -> None:
    name = info.orig_filename
    if "\x00" in name or name.startswith(("/", "\\")) or ":" in name[:2] or ".." in re.split(r"[/\\]", name):
        raise FileRefused("Das Archiv enthält einen Dateinamen, der aus seinem Ordner hinausführt.")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise FileRefused("Das Archiv enthält eine symbolische Verknüpfung.")
    if info.flag_bits & 0x1:
        raise FileRefused("Die Datei ist mit einem Kennwort verschlüsselt. Bitte ohne Kennwort speichern.")
    if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise FileRefused("Das Archiv ist mit einem ungewöhnlichen Verfahren gepackt.")
    if name.lower().endswith(_NESTED):
        raise FileRefused("Das Archiv enthält selbst wieder ein Archiv.")


def _count(data: bytes, info: zipfile.ZipInfo) -> None:
    """Unpacks a member once: it may not be larger than it says, no archive, and declare no entities if it is XML."""
    seen, tail = 0, b""
    is_xml = info.filename.lower().endswith((".xml", ".rels"))
    for piece in _pieces(data, info):
        if not seen and piece.startswith(_NESTED_MARKS):
            raise FileRefused("Das Archiv enthält selbst wieder ein Archiv.")
        seen += len(piece)
        if seen > info.file_size:
            raise FileRefused("Eine Datei im Archiv ist größer, als das Archiv angibt.")
        if is_xml and _DECLARES.search(tail + piece):
            raise FileRefused("Die Arbeitsmappe enthält eine Dokumenttyp-Deklaration. So etwas wird nicht gelesen.")
        tail = piece[-_OVERLAP:]
    if seen != info.file_size:
        raise FileRefused("Eine Datei im Archiv ist kleiner, als das Archiv angibt: Es ist beschädigt.")


def _pieces(data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    start = _start(data, info)
    packed = memoryview(data)[start : start + info.compress_size]
    if len(packed) != info.compress_size:
        raise FileRefused("Das Archiv bricht ab.")
    if info.compress_type == zipfile.ZIP_STORED:
        for place in range(0, len(packed), _PIECE):
            yield bytes(packed[place : place + _PIECE])
        return
    yield from _inflate(packed)


def _inflate(packed: memoryview) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for place in range(0, len(packed), _PIECE):
            waiting: bytes | memoryview = packed[place : place + _PIECE]
            while waiting and not unpacker.eof:
                yield unpacker.decompress(waiting, _PIECE)
                waiting = unpacker.unconsumed_tail
        while not unpacker.eof and (rest := unpacker.decompress(b"", _PIECE)):
            yield rest
    except zlib.error as error:
        raise FileRefused("Eine Datei im Archiv ist beschädigt.") from error


def _start(data: bytes, info: zipfile.ZipInfo) -> int:
    """Where the packed bytes begin, behind the member's own header."""
    if info.header_offset < 0 or info.header_offset + _LOCAL.size > len(data):
        raise FileRefused("Das Archiv ist beschädigt: Ein Verweis zeigt ins Leere.")
    fields = _LOCAL.unpack_from(data, info.header_offset)
    if fields[0] != b"PK\x03\x04":
        raise FileRefused("Das Archiv ist beschädigt: Ein Verweis zeigt ins Leere.")
    return info.header_offset + _LOCAL.size + int(fields[9]) + int(fields[10])
