"""What a camera or an agency wrote into a picture about itself: title, caption, credit, copyright, alternative text.

Read from XMP, IPTC-IIM and Exif, in this order; all of it is a stranger's word, so it is plain text, one line, and only
ever a proposal. Nothing else of the metadata is looked at, and nothing of it is kept in a file.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from PIL import ImageFile, IptcImagePlugin

# What readers of metadata raise for what is broken or made to hurt.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, struct.error, IndexError, KeyError, TypeError, MemoryError)
MOST_XMP = 256 * 1024
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "iptc": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
}
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# A text goes on after these blocks of its file; IPTC says with this mark in 1:90 that all of it is UTF-8.
_UTF8_MARK = b"\x1b%G"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True, slots=True)
class PictureTexts:
    """Empty where the file says nothing."""

    title: str = ""
    caption: str = ""
    credit: str = ""
    rights_holder: str = ""
    alt: str = ""

    def or_else(self, other: "PictureTexts") -> "PictureTexts":
        names = [field.name for field in fields(self)]
        return PictureTexts(**{name: getattr(self, name) or getattr(other, name) for name in names})


def read(opened: ImageFile.ImageFile) -> PictureTexts:
    """The texts of an opened picture; no pixel is decoded for them. What cannot be read says nothing."""
    texts = PictureTexts()
    for reader in (_of_xmp, _of_iptc, _of_exif):
        try:
            texts = texts.or_else(reader(opened))
        except BROKEN:
            continue
    return texts


def title_of(file_name: str) -> str:
    """A file's name as a title for want of a better one: without folders and ending, blanks for underscores."""
    bare = _SUFFIX.sub("", re.split(r"[/\\]", file_name)[-1])
    return _line(bare.replace("_", " "))


def _of_xmp(opened: ImageFile.ImageFile) -> PictureTexts:
    packet = opened.info.get("xmp") or b""
    packet = packet.encode() if isinstance(packet, str) else bytes(packet)
    if not packet or len(packet) > MOST_XMP:
        return PictureTexts()
    try:
        root = fromstring(packet.strip(b"\x00 \r\n\t"), forbid_dtd=True)
    except (ParseError, DefusedXmlException):
        return PictureTexts()
    return PictureTexts(
        title=_property(root, "photoshop", "Headline") or _property(root, "dc", "title"),
        caption=_property(root, "dc", "description"),
        credit=_property(root, "photoshop", "Credit") or _property(root, "dc", "creator"),
        rights_holder=_property(root, "dc", "rights"),
        alt=_property(root, "iptc", "AltTextAccessibility"),
    )


def _property(root: Element, namespace: str, name: str) -> str:
    """A property as attribute, as text, or as a list of languages or names: German first, else the first there is."""
    key = f"{{{_NAMESPACES[namespace]}}}{name}"
    for node in root.iter(f"{{{_NAMESPACES['rdf']}}}Description"):
        if key in node.attrib:
            return _line(node.attrib[key])
    node_or_none = next(root.iter(key), None)
    if node_or_none is None:
        return ""
    items = list(node_or_none.iter(f"{{{_NAMESPACES['rdf']}}}li"))
    german = [item for item in items if item.get(_XML_LANG, "").lower().startswith("de")]
    chosen = (german or items or [node_or_none])[0]
    return _line(chosen.text or "")


def _of_iptc(opened: ImageFile.ImageFile) -> PictureTexts:
    iptc: Mapping[tuple[int, int], Any] = IptcImagePlugin.getiptcinfo(opened) or {}
    is_utf8 = _UTF8_MARK in b"".join(_values(iptc.get((1, 90))))

    def text(*numbers: int) -> str:
        found = (_decoded(value, is_utf8=is_utf8) for number in numbers for value in _values(iptc.get((2, number))))
        return next((line for line in map(_line, found) if line), "")

    return PictureTexts(title=text(105, 5), caption=text(120), credit=text(110, 80, 115), rights_holder=text(116))


def _values(value: object) -> Iterator[bytes]:
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, bytes):
            yield one


def _of_exif(opened: ImageFile.ImageFile) -> PictureTexts:
    exif = opened.getexif()
    return PictureTexts(
        caption=_exif_text(exif.get(0x010E)),
        credit=_exif_text(exif.get(0x013B)) or _exif_text(exif.get(0x8298)),
        rights_holder=_exif_text(exif.get(0x8298)),
    )


def _exif_text(value: object) -> str:
    if isinstance(value, list | tuple):
        value = value[0] if value else ""
    if isinstance(value, str) and all(char <= "\xff" for char in value):
        # Pillow reads Exif as Latin-1; cameras and agencies write UTF-8.
        value = value.encode("latin-1")
    if isinstance(value, bytes):
        value = _decoded(value)
    return _line(value) if isinstance(value, str) else ""


def _decoded(data: bytes, *, is_utf8: bool = False) -> str:
    """UTF-8 where the file says so or it can be, else what Windows writes; no text at all is lost."""
    try:
        return data.decode("utf-8", "replace" if is_utf8 else "strict")
    except UnicodeDecodeError:
        return data.decode("cp1252", "ignore")


def _line(text: str) -> str:
    """One clean line: no control or direction marks, single blanks."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
