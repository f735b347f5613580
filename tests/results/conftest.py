"""Sample files of every format, found by reading what lies in tests/data: a new format is covered by shipping samples."""

from collections import defaultdict
from pathlib import Path

import pytest

from results.importers import sniff
from results.importers.records import FileRefused

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="session")
def samples():
    """The contents of the sample files by the format that claims them."""
    found = defaultdict(list)
    for path in sorted(path for path in DATA.rglob("*") if path.is_file() and "articles" not in path.parts):
        try:
            found[sniff.sniff(path.read_bytes()).FORMAT].append(path.read_bytes())
        except FileRefused:
            continue
    return found
