"""Which format a file has, told by its content: its name and ending are never looked at.

A format is a module of this folder with `FORMAT` (a key), `TITLE` (German), `recognises(text) -> bool` and
`parse(data, *, name="") -> ParsedFile`. It is found by that convention; nothing has to be listed here. Modules that do
not open a line with `FORMAT` are not imported at all: the loader beside the parsers needs Django, reading a file does not.

Three things a format may add: `RANK`, the later asked the higher (0 if missing), for one that would claim the files of
others too, `recognises_bytes(data) -> bool` for files that are no text, and `table_of(data) -> Table` where a person may
have to say what the columns mean.
"""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
import re
from functools import cache
from typing import Protocol, cast, runtime_checkable

import results.importers
from results.importers.encoding import RESULTS_LIMIT, decode
from results.importers.mapping import Mapping
from results.importers.records import FileRefused, ParsedFile
from results.importers.signatures import refuse_binary
from results.importers.spreadsheet import Table

_DECLARES_FORMAT = re.compile(r"^FORMAT(?::\s*\w+)?\s*=", re.MULTILINE)


class Format(Protocol):
    """What a parser module offers."""

    FORMAT: str
    TITLE: str

    def recognises(self, text: str) -> bool:
        """Whether the whole decoded text, sound or damaged, is meant to be of this format."""
        ...

    def parse(self, data: bytes, *, name: str = "") -> ParsedFile:
        """The records; FileRefused where the file as a whole cannot be read."""
        ...


@runtime_checkable
class TableFormat(Format, Protocol):
    """A format whose columns a person may have to explain."""

    def table_of(self, data: bytes) -> Table:
        """The cells under their printed header; FileRefused where there is no table."""
        ...

    def parse(self, data: bytes, *, name: str = "", mapping: Mapping | None = None, part: str = "") -> ParsedFile:
        """The records, with the columns as a person said."""
        ...


def format_of(key: str) -> Format | None:
    """The format of that key."""
    return next((format_ for format_ in formats() if key == format_.FORMAT), None)


@cache
def formats() -> tuple[Format, ...]:
    """All formats there are, in the order in which they are asked: by rank, then by key."""
    modules = pkgutil.iter_modules(results.importers.__path__, f"{results.importers.__name__}.")
    names = [module.name for module in modules if _declares_format(module.name)]
    found = [cast("Format", importlib.import_module(name)) for name in names]
    return tuple(sorted(found, key=lambda format_: (getattr(format_, "RANK", 0), format_.FORMAT)))


def _declares_format(name: str) -> bool:
    spec = importlib.util.find_spec(name)
    source = spec.loader.get_source(name) if spec and hasattr(spec.loader, "get_source") else None  # type: ignore[union-attr]
    return source is not None and _DECLARES_FORMAT.search(source) is not None


def sniff(data: bytes) -> Format:
    """The one format that recognises the content; FileRefused names those we know."""
    if len(data) <= RESULTS_LIMIT:
        for format_ in formats():
            if getattr(format_, "recognises_bytes", _never)(data):
                return format_
        refuse_binary(data)
    text = decode(data, limit=RESULTS_LIMIT, repair=True).text  # a parser decides anew whether it repairs
    for format_ in formats():
        if format_.recognises(text):
            return format_
    *titles, last = (format_.TITLE for format_ in formats())
    known = f"{', '.join(titles)} und {last}"
    raise FileRefused(f"Das Format der Datei ist nicht bekannt. Gelesen werden: {known}.")


def _never(_data: bytes) -> bool:
    return False


def parse(data: bytes, *, name: str = "") -> ParsedFile:
    """The records of a file of any known format, told by its content; FileRefused otherwise."""
    return sniff(data).parse(data, name=name)
