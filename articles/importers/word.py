"""A Word document (DOCX) as lines: mammoth reads it, after the container has been looked at.

Only the XML parts go on to mammoth, so that no picture is unpacked and nothing outside the file is opened.
"""

import io
import xml.parsers.expat
import zipfile
from typing import Any

import mammoth

from articles.importers.page import read_document
from articles.importers.records import ArticleRefused
from articles.importers.source import DOCX, Source
from results.importers.archive import Archive, looks_like, open_archive
from results.importers.records import FileRefused

LIMIT = 10_000_000  # bytes, pictures included
MOST_XML = 8_000_000  # bytes of one part; a novel has two million
DEEPEST = 120
MOST_ELEMENTS = 300_000
_MAIN = "word/document.xml"
# What Word's own styles are to us; their names are English in every language of Word.
_STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p.standfirst:fresh
p[style-name='caption'] => p.caption:fresh
p[style-name='Caption'] => p.caption:fresh
"""
_BROKEN = "Das Word-Dokument ist beschädigt und lässt sich nicht lesen."
_NO_WORD = "Das ist ein ZIP-Archiv, aber kein Word-Dokument (DOCX)."


def _no_picture(_image: Any) -> dict[str, str]:
    """A picture stays in the document; its alternative text is printed by mammoth."""
    return {"src": ""}


_PICTURES = mammoth.images.img_element(_no_picture)  # type: ignore[no-untyped-call]

__all__ = ["LIMIT", "looks_like", "read_word"]


def read_word(data: bytes) -> Source:
    """The lines of a document. Raises ArticleRefused with a German sentence."""
    if len(data) > LIMIT:
        raise ArticleRefused(f"Das Dokument ist zu groß. Erlaubt sind {LIMIT // 1_000_000} MB.")
    try:
        archive = open_archive(data)
        if _MAIN not in archive.members and "[Content_Types].xml" not in archive.members:
            raise ArticleRefused(_NO_WORD)
        bare = _without_media(archive)
    except FileRefused as error:
        raise ArticleRefused(str(error).replace("Die Arbeitsmappe", "Das Dokument")) from error
    if not any(name.startswith("word/") for name in archive.members):
        raise ArticleRefused(_NO_WORD)
    try:
        html: str = mammoth.convert_to_html(  # type: ignore[no-untyped-call]
            bare, style_map=_STYLES, convert_image=_PICTURES, external_file_access=False
        ).value
    except (AttributeError, ArithmeticError, IndexError, LookupError, OSError, RecursionError, TypeError, ValueError,
            zipfile.BadZipFile, xml.parsers.expat.ExpatError) as error:  # fmt: skip
        raise ArticleRefused(_BROKEN) from error
    return read_document(html, format_=DOCX)


def _without_media(archive: Archive) -> io.BytesIO:
    """The XML parts alone, each looked through for what no parser should be given."""
    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w", zipfile.ZIP_STORED) as target:
        for name, info in archive.members.items():
            if not name.lower().endswith((".xml", ".rels")):
                continue
            if info.file_size > MOST_XML:
                raise FileRefused(f"Ein Teil des Dokuments ist ausgepackt größer als {MOST_XML // 1_000_000} MB.")
            content = b"".join(archive.pieces(name))
            _look_through(content)
            target.writestr(name, content)
    bare.seek(0)
    return bare


def _look_through(content: bytes) -> None:
    """Depth and number of elements, and no declarations in whatever encoding; before a tree is built."""
    state = _Depth()
    parser = xml.parsers.expat.ParserCreate()
    parser.StartElementHandler = state.start
    parser.EndElementHandler = state.end
    parser.StartDoctypeDeclHandler = _refuse_declaration
    try:
        parser.Parse(content, True)  # noqa: FBT003 - expat takes it by place only
    except xml.parsers.expat.ExpatError as error:
        raise FileRefused(_BROKEN) from error


def _refuse_declaration(*_declared: Any) -> None:
    raise FileRefused("Das Dokument enthält eine Dokumenttyp-Deklaration. So etwas wird nicht gelesen.")


class _Depth:
    def __init__(self) -> None:
        self.depth = self.count = 0

    def start(self, _name: str, _attributes: Any) -> None:
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise FileRefused(f"Das Dokument ist tiefer als {DEEPEST} Ebenen verschachtelt.")
        if self.count > MOST_ELEMENTS:
            raise FileRefused(f"Das Dokument hat mehr als {MOST_ELEMENTS} Elemente.")

    def end(self, _name: str) -> None:
        self.depth -= 1
