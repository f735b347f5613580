"""A PDF to the table printed in it, as a process of its own: `python -m results.importers.pdf.bounded < FILE`. No Django.

Reading the file and putting its words together as a table both happen where time and memory are bounded by the kernel:
words may stand so that a table is found in no time, or in hours. What comes out is plain JSON: `{"sheet": {…}}` with the
fields of `layout.sheet.Sheet`, `{"refused": CODE}` (see `reading`), or `{"said": SENTENCE}` of the layout.
"""

from __future__ import annotations

import contextlib
import json
import logging
import resource
import sys
from dataclasses import asdict
from typing import Any

from results.importers.layout.page import Page
from results.importers.layout.sheet import read_sheet
from results.importers.pdf.extract import Refused, extract
from results.importers.records import FileRefused

SECONDS = 8  # of the processor
MEMORY = 150 * 2**20  # of address space beyond what the modules take; a real file needs 15


def answer(data: bytes) -> dict[str, Any]:
    """The table, or why there is none. What fails in our own code is raised: it is no fault of the file."""
    try:
        return {"sheet": asdict(read_sheet(_pages(data)))}
    except Refused as refused:
        return {"refused": refused.code}
    except FileRefused as refusal:
        return {"said": str(refusal)}
    except MemoryError:
        return {"refused": "large"}


def _pages(data: bytes) -> tuple[Page, ...]:
    """The words of the file; whatever fails while pdfminer reads them is Refused."""
    from pdfminer.pdfdocument import PDFEncryptionError, PDFPasswordIncorrect  # noqa: PLC0415 - only in that process

    try:
        return extract(data)
    except (Refused, MemoryError):
        raise
    except Exception as error:  # pdfminer fails on damaged files in every way there is
        reason = error.args[0] if error.args else error
        locked = isinstance(error, PDFEncryptionError | PDFPasswordIncorrect) or isinstance(
            reason, PDFEncryptionError | PDFPasswordIncorrect
        )
        if isinstance(reason, MemoryError):
            raise Refused("large") from error
        raise Refused("locked" if locked else "damaged") from error


def _bound() -> None:
    """The kernel ends this process where it takes more than any result of a race could need."""
    import pdfplumber  # noqa: F401, PLC0415 - its own memory is not the file's

    taken = _address_space()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MEMORY, taken + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123 - no file but the kernel's word
        return int(file.read().split()[0]) * resource.getpagesize()


def main() -> None:
    """Reads standard input, answers on standard output."""
    logging.disable(logging.CRITICAL)
    data = sys.stdin.buffer.read()
    _bound()
    with contextlib.redirect_stdout(sys.stderr):
        found = answer(data)
    json.dump(found, sys.stdout, separators=(",", ":"), ensure_ascii=True)


if __name__ == "__main__":
    main()
