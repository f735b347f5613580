"""Confirmed meanings of columns: kept per source, found by the header, used by the command."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from results.importers import remembered
from results.importers.mapping import Mapping
from results.importers.spreadsheet import read
from results.models import ClassificationRow, ColumnMapping, ImportRun
from tests.factories import EventFactory, SessionFactory

pytestmark = pytest.mark.django_db

TEXT = b"alpha;beta;gamma;delta\n1;7;Ada Eins;30\n2;8;Bea Zwei;30\n3;9;Cleo Drei;29\n"
MEANT = Mapping("classification", ("alpha", "beta", "gamma", "delta"), ("position", "number", "driver", "laps"))


def import_results(*files, **options):
    out = StringIO()
    call_command("import_results", *[str(file) for file in files], stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def race():
    return SessionFactory(event=EventFactory(slug="heide"), key="R", kind="race")


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "ergebnis.csv"
    path.write_bytes(TEXT)
    return path


def test_a_mapping_is_found_again_by_the_header_in_another_spelling():
    row = remembered.remember_mapping(MEANT, source="Zeitnahme Heide", by=None)
    table = read(TEXT.replace(b"alpha", b"ALPHA").replace(b"beta", b"Beta."))
    assert remembered.mapping_for(table) == row
    assert remembered.as_mapping(row, table) == Mapping(
        MEANT.kind, ("ALPHA", "Beta.", "gamma", "delta"), MEANT.fields, certain=True
    )
    assert remembered.mapping_for(read(TEXT.replace(b"alpha", b"omega"))) is None


def test_the_same_source_again_replaces_what_it_said_and_the_newest_source_counts():
    remembered.remember_mapping(MEANT, source="A", by=None)
    other = Mapping("classification", MEANT.header, ("position", "number", "driver", ""))
    remembered.remember_mapping(other, source="A", by=None)
    assert ColumnMapping.objects.count() == 1
    newest = remembered.remember_mapping(MEANT, source="B", by=None)
    table = read(TEXT)
    assert remembered.mapping_for(table) == newest
    assert remembered.as_mapping(remembered.mapping_for(table, source="A"), table).fields[3] == ""


@pytest.mark.parametrize(("mapping", "source"), [(MEANT, " "), (Mapping("laps", ("a",), ("lap",)), "A")])
def test_a_mapping_with_faults_or_of_nobody_is_not_remembered(mapping, source):
    with pytest.raises(ValueError, match="usable mapping"):
        remembered.remember_mapping(mapping, source=source, by=None)


def test_a_file_of_a_known_source_is_read_as_confirmed_and_says_so():
    remembered.remember_mapping(MEANT, source="Zeitnahme Heide", by=None)
    parsed = remembered.parse(TEXT)
    assert (parsed.rejected, [row.laps for row in parsed.sessions[0].classification]) == ((), [30, 30, 29])
    assert parsed.doubts[0].reason == "Die Spalten werden gelesen, wie für „Zeitnahme Heide“ bestätigt."
    assert parsed.extra["source"] == "Zeitnahme Heide"


def test_the_command_reads_with_a_mapping_from_a_file_and_remembers_it(file, race, tmp_path):
    with pytest.raises(CommandError, match="nicht zu erkennen, was für eine Tabelle"):
        import_results(file, event="heide", session="R")
    mapping = tmp_path / "spalten.json"
    mapping.write_text(json.dumps(MEANT.to_json()), "utf-8")
    import_results(file, event="heide", session="R", mapping=str(mapping), source="Heide", dry_run=True)
    assert not ColumnMapping.objects.exists()
    import_results(file, event="heide", session="R", mapping=str(mapping), source="Heide")
    assert (ClassificationRow.objects.count(), ColumnMapping.objects.get().source) == (3, "Heide")
    assert "0 neu, 0 geändert" in import_results(file, event="heide", session="R")
    assert ImportRun.objects.count() == 1


@pytest.mark.parametrize("content", ["", "[]", '{"kind": "laps"}', "kein JSON"])
def test_a_mapping_that_is_none_is_refused_with_its_file(content, file, tmp_path):
    mapping = tmp_path / "spalten.json"
    mapping.write_text(content, "utf-8")
    with pytest.raises(CommandError, match=r"spalten\.json: "):
        import_results(file, event="heide", session="R", mapping=str(mapping))


def test_one_year_of_a_table_of_many_is_imported(tmp_path):
    event = EventFactory(slug="heide-1924", season__label="1924")
    SessionFactory(event=event, key="R", kind="race")
    file = tmp_path / "jahre.csv"
    file.write_text(
        "Year;Pos;No;Drivers;Laps\n1923;1;9;Ada Eins;128\n1924;1;7;Bea Zwei;120\n1924;2;8;Cleo Drei;119\n", "utf-8"
    )
    with pytest.raises(CommandError, match=r"hält 2 Jahre \(1923, 1924\)"):
        import_results(file, event="heide-1924", session="R")
    import_results(file, event="heide-1924", session="R", part="1924")
    assert list(ClassificationRow.objects.values_list("session_entry__entry__number", flat=True)) == ["7", "8"]
