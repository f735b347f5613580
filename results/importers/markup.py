"""XML of strangers as plain elements: no DTD, no entities, nothing fetched, nothing deeper or larger than a results list."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from results.importers.records import FileRefused

MAX_ELEMENTS = 200_000  # 2,000 cars have 60,000
MAX_DEPTH = 12
XINCLUDE = "{http://www.w3.org/2001/XInclude}"


@dataclass(slots=True)
class Element:
    """An element with the line it begins in; `text` is what stands before its first child. Attributes are not kept."""

    tag: str
    line: int
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def named(self, tag: str) -> list[Element]:
        return [child for child in self.children if child.tag == tag]


def read_elements(text: str) -> Element:
    """The root of a document; FileRefused for what is no XML, or is XML that no timing system writes."""
    builder = _Builder()
    parser = DefusedXMLParser(target=builder, forbid_dtd=True)
    builder.position = parser.parser
    try:
        parser.feed(text.lstrip())
        parser.close()
    except DefusedXmlException as error:
        raise FileRefused(
            "Die XML-Datei bringt eine DTD oder eigene Entitäten mit. Solche Dateien werden nicht gelesen."
        ) from error
    except ParseError as error:
        line, column = error.position
        raise FileRefused(f"Zeile {line}, Spalte {column + 1}: Das ist kein gültiges XML.") from error
    if builder.root is None:
        raise FileRefused("Das XML ist leer.")
    return builder.root


class _Builder:
    """The parser's target; it refuses while the document is still coming in."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.position: object = None
        self._open: list[Element] = []
        self._count = 0

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) >= MAX_DEPTH:
            raise FileRefused(f"Das XML ist tiefer als {MAX_DEPTH} Ebenen verschachtelt.")
        if self._count > MAX_ELEMENTS:
            raise FileRefused(f"Das XML hat mehr als {MAX_ELEMENTS} Elemente.")
        if tag.startswith(XINCLUDE):
            raise FileRefused(
                "Das XML will eine andere Datei einbinden (XInclude). Solche Dateien werden nicht gelesen."
            )
        element = Element(tag, getattr(self.position, "CurrentLineNumber", 0))
        if self._open:
            self._open[-1].children.append(element)
        elif self.root is None:
            self.root = element
        self._open.append(element)

    def data(self, data: str) -> None:
        element = self._open[-1] if self._open else None
        if element is not None and not element.children:
            element.text += data

    def end(self, _tag: str) -> None:
        self._open.pop()

    def close(self) -> None:
        """Nothing is left to do; the parser asks for it."""
