"""Sample files of every format, found by reading what lies in tests/data: a new format is covered by shipping samples.

Texts of reporters lie there, too; they are none, though a table that somebody pasted could look like one.
"""

from collections import defaultdict
from pathlib import Path

import pytest

from results.importers import sniff
from results.importers.records import FileRefused

DATA = Path(__file__).parent.parent / "data"
TEXTS = {"articles", "claims"}


@pytest.fixture(scope="session")
def samples():
    """The contents of the sample files by the format that claims them."""
    found = defaultdict(list)
    for path in sorted(
        path for path in DATA.rglob("*") if path.is_file() and path.relative_to(DATA).parts[0] not in TEXTS
    ):
        try:
            found[sniff.sniff(path.read_bytes()).FORMAT].append(path.read_bytes())
        except FileRefused:
            continue
    return found
